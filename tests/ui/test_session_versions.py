"""The versions of a draft: compared, restored, and never lost when two write at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from mojodex_tui.client.port import edit_draft
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.compare import CompareScreen
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.version_list import VersionList
from mojodex_tui.ui.widgets.diff_view import DiffView
from mojodex_tui.wire.heard import Resynchronise
from mojodex_tui.wire.produced_texts import SavedProducedText
from tests.fakes import FakeConnect
from tests.ui.desk import NARROW, WIDE, Desk, opened
from tests.ui.session_fakes import (
    RUN,
    SESSION,
    SessionMojodex,
    draft_event,
    drafted,
    execution,
    title,
)

FIRST = """**Present:** Ana, Luc, you

## Decisions

- We decided that the travel budget line would be cut by 10 percent
- New quote expected on Friday

## Next steps

- Luc must forward the updated quotation

Thank you all."""
SECOND = """**Present:** Ana, Luc, you

## Decisions

- Travel line cut by 10 percent
- New quote expected on Friday

## Next steps

- Luc: send the new quote (Friday)
- You: call the bank (Thursday)

Thank you."""


def written(*bodies: str) -> SessionMojodex:
    """Return a backend whose run has these versions."""
    mojodex = SessionMojodex()
    mojodex.api.told = execution(**drafted(len(bodies), bodies[-1]))
    mojodex.api.versions = bodies
    return mojodex


async def look(desk: Desk, key: str) -> CompareScreen:
    """Open a comparison from the draft, and wait until both sides are there."""
    await desk.pilot.press(key)
    return await compared(desk)


async def compared(desk: Desk) -> CompareScreen:
    await desk.settle()
    for _ in range(20):
        await desk.worker("compare")
        await desk.settle()
    screen = desk.pilot.app.screen
    assert isinstance(screen, CompareScreen)
    return screen


def shown(screen: CompareScreen) -> list[str]:
    """Return the rows of the comparison, without what fills them up."""
    view = screen.query_one(DiffView)
    return [view.render_line(row).text.rstrip() for row in range(view.virtual_size.height)]


def choices(screen: CompareScreen) -> str:
    return str(screen.query_one(".choices", Static).render())


async def arrive(desk: Desk, version: int, body: str) -> None:
    """Let the assistant deliver a version."""
    desk.mojodex.live.say(title("T"), draft_event(version, body))
    await desk.settle()


async def test_versions_are_compared_line_by_line_and_changes_walked_through() -> None:
    async with opened(written(FIRST, SECOND), NARROW) as desk:
        await desk.pilot.press("escape")
        screen = await look(desk, "d")
        rows = shown(screen)
        assert any(row.endswith("+ - Travel line cut by 10 percent") for row in rows)
        assert any(row.endswith("- - Luc must forward the updated quotation") for row in rows)
        assert "change 1 of 3" in choices(screen)
        await desk.pilot.press("n")
        assert "change 2 of 3" in choices(screen)
        await desk.pilot.press("N", "N")
        assert "change 3 of 3" in choices(screen)


async def test_wide_screen_shows_both_sides_beside_each_other() -> None:
    async with opened(written(FIRST, SECOND), WIDE) as desk:
        await desk.pilot.press("escape")
        screen = await look(desk, "d")
        row = next(row for row in shown(screen) if "Luc must" in row)
        assert "Luc: send the new quote" in row
        await desk.pilot.press("s")
        await desk.settle()
        row = next(row for row in shown(screen) if "Luc must" in row)
        assert "Luc: send" not in row


async def test_other_versions_are_brought_to_either_side() -> None:
    async with opened(written("one", "two", "three")) as desk:
        await desk.pilot.press("escape")
        screen = await look(desk, "d")
        assert "v2 (" in str(screen.query_one(DiffView).border_title)
        await desk.pilot.press("left_square_bracket")
        screen = await compared(desk)
        view = screen.query_one(DiffView)
        assert str(view.border_title).startswith("v1 (")
        assert "v3 (" in str(view.border_title)
        await desk.pilot.press("left_curly_bracket")
        await compared(desk)
        assert "v2 (" in str(view.border_title)


async def test_older_version_is_restored_as_a_new_one() -> None:
    async with opened(written("one", "two")) as desk:
        await desk.pilot.press("escape")
        await look(desk, "d")
        await desk.pilot.press("R")
        await desk.settle()
        assert isinstance(desk.pilot.app.screen, SessionScreen)
        assert [item.text for item in desk.mojodex.outbox.items] == ["one"]
        saved = SavedProducedText(produced_text_pk=3, produced_text_version_pk=40)
        desk.mojodex.outbox.deliver(0, saved)
        await desk.settle()
        assert "v3 of 3" in str(desk.draft.border_title)
        assert desk.draft.view.text.endswith("one")


async def test_version_that_is_looked_at_is_restored_with_one_key() -> None:
    async with opened(written("one", "two")) as desk:
        await desk.pilot.press("escape", "R")
        await desk.settle()
        assert desk.mojodex.outbox.items == []
        await desk.pilot.press("left_square_bracket")
        await desk.settle()
        await desk.pilot.press("R")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == ["one"]


async def test_change_is_taken_back_into_the_working_copy_and_saved_from_there() -> None:
    async with opened(written(FIRST, SECOND)) as desk:
        await desk.pilot.press("escape")
        screen = await look(desk, "d")
        await desk.pilot.press("n", "u")
        await compared(desk)
        assert "change 1 of 2" in choices(screen)
        wanted = SECOND.replace(
            "- Luc: send the new quote (Friday)\n- You: call the bank (Thursday)",
            "- Luc must forward the updated quotation",
        )
        assert await desk.mojodex.drafts.get(edit_draft(7)) == {"body": wanted, "base": 2}
        assert desk.mojodex.outbox.items == []
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == [wanted[:200]]
        assert await desk.mojodex.drafts.get(edit_draft(7)) is None


async def test_comparison_left_with_escape_keeps_what_was_taken_back_for_the_editor() -> None:
    async with opened(written(FIRST, SECOND)) as desk:
        await desk.pilot.press("escape")
        await look(desk, "d")
        await desk.pilot.press("u")
        await compared(desk)
        await desk.pilot.press("escape")
        await desk.settle()
        assert "not saved" in str(desk.draft.border_title)
        assert desk.draft.view.text.endswith(SECOND)
        await desk.pilot.press("e")
        await desk.settle()
        assert desk.draft.editor.text.startswith(
            "**Present:** Ana, Luc, you\n\n## Decisions\n\n- We"
        )


async def test_versions_are_listed_with_author_and_length_and_one_is_chosen() -> None:
    mojodex = written("one", "one two", "one two three")
    mojodex.api.authors = (False, True, False)
    async with opened(mojodex) as desk:
        await desk.pilot.press("escape", "l")
        await desk.settle()
        await desk.worker("fill")
        screen = desk.pilot.app.screen
        assert isinstance(screen, VersionList)
        versions = screen.query_one(OptionList)
        lines = [str(option.prompt).split() for option in versions.options]
        assert lines == [
            ["v3", "mojo", "3", "words", "shown"],
            ["v2", "you", "2", "words"],
            ["v1", "mojo", "1", "words"],
        ]
        await desk.pilot.press("down", "enter")
        await desk.settle()
        assert desk.draft.view.text.endswith("one two")


async def test_version_that_comes_while_the_user_writes_is_never_overwritten() -> None:
    async with opened(written("one")) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("mine ")
        await arrive(desk, 2, "theirs")
        assert desk.draft.editor.text == "mine one"
        assert "v2 came meanwhile" in str(desk.draft.border_title)
        await desk.pilot.press("ctrl+s")
        screen = await compared(desk)
        assert desk.mojodex.outbox.items == []
        assert "v2 came while you were writing" in choices(screen)


async def in_conflict(desk: Desk) -> CompareScreen:
    """Let both have written, and the user want to save."""
    desk.mojodex.api.versions = ("one", "theirs")
    await desk.pilot.press("escape", "e")
    await desk.settle()
    await desk.write("mine ")
    await arrive(desk, 2, "theirs")
    await desk.pilot.press("ctrl+s")
    return await compared(desk)


async def test_conflict_mine_on_top() -> None:
    async with opened(written("one")) as desk:
        await in_conflict(desk)
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == ["mine one"]
        assert isinstance(desk.pilot.app.screen, SessionScreen)


async def test_conflict_theirs_on_top_and_mine_kept_as_a_version_below() -> None:
    async with opened(written("one")) as desk:
        await in_conflict(desk)
        await desk.pilot.press("t")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == ["mine one", "theirs"]
        assert await desk.mojodex.drafts.get(edit_draft(7)) is None


async def test_conflict_is_merged_change_by_change() -> None:
    both = "a\n\nmiddle\n\nb"
    async with opened(written(both)) as desk:
        desk.mojodex.api.versions = (both, "a theirs\n\nmiddle\n\nb theirs")
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("mine ")
        await arrive(desk, 2, "a theirs\n\nmiddle\n\nb theirs")
        await desk.pilot.press("ctrl+s")
        await compared(desk)
        await desk.pilot.press("n", "u")
        await compared(desk)
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        [item] = desk.mojodex.outbox.items
        assert item.text == "mine a\n\nmiddle\n\nb theirs"


async def test_conflict_put_off_loses_nothing_even_if_the_program_ends() -> None:
    mojodex = written("one")
    async with opened(mojodex) as desk:
        await in_conflict(desk)
        await desk.pilot.press("escape")
        await desk.settle()
        assert mojodex.outbox.items == []
    mojodex.api.told = execution(**drafted(2, "theirs"))
    async with opened(mojodex) as desk:
        assert desk.draft.editing
        assert desk.draft.editor.text == "mine one"
        await desk.pilot.press("ctrl+s")
        screen = await compared(desk)
        assert "v2 came while you were writing" in choices(screen)


async def test_working_copy_comes_back_though_the_session_is_fetched_anew_at_once() -> None:
    mojodex = written("one")
    await mojodex.drafts.put(edit_draft(7), {"body": "mine one", "base": 1})
    mojodex.live.say(Resynchronise(SESSION), Resynchronise(SESSION))
    async with opened(mojodex) as desk:
        assert desk.draft.editing
        assert desk.draft.editor.text == "mine one"


async def test_own_version_that_lands_while_the_next_is_written_is_no_conflict() -> None:
    async with opened(written("one")) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("a ")
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        await desk.pilot.press("e")
        await desk.settle()
        saved = SavedProducedText(produced_text_pk=3, produced_text_version_pk=40)
        desk.mojodex.outbox.deliver(0, saved)
        await desk.settle()
        await desk.write("b ")
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == ["b a one"]


async def test_changes_are_given_up_only_after_a_question() -> None:
    async with opened(written("one")) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("mine ")
        await desk.pilot.press("escape", "x")
        await desk.settle()
        await desk.pilot.press("enter")
        await desk.settle()
        assert "not saved" in str(desk.draft.border_title)
        await desk.pilot.press("x")
        await desk.settle()
        await desk.pilot.press("y")
        await desk.settle()
        assert await desk.mojodex.drafts.get(edit_draft(7)) is None
        assert "not saved" not in str(desk.draft.border_title)


async def test_own_version_is_no_news() -> None:
    long = "\n\n".join(f"line {number}" for number in range(80))
    async with opened(written(long)) as desk:
        await desk.frame()
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("mine ")
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        await desk.frame()
        assert not desk.draft.has_class("-new-below")


async def test_leaving_the_editor_unchanged_keeps_nothing() -> None:
    async with opened(written("one")) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.pilot.press("escape")
        await desk.settle()
        assert "not saved" not in str(desk.draft.border_title)
        assert await desk.mojodex.drafts.get(edit_draft(7)) is None


# --- pictures -------------------------------------------------------------------------------

Snap = Callable[..., bool]


async def _compared(desk: Desk) -> None:
    await look(desk, "d")
    await desk.pilot.press("n")


async def _listed(desk: Desk) -> None:
    await desk.pilot.press("l")
    await desk.settle()
    await desk.worker("fill")


async def _in_conflict(desk: Desk) -> None:
    desk.mojodex.api.versions = (FIRST, SECOND, FIRST.replace("Luc must", "Ana must"))
    await desk.pilot.press("e")
    await desk.settle()
    await desk.write("Dear all, ")
    await arrive(desk, 3, desk.mojodex.api.versions[2])
    await desk.pilot.press("ctrl+s")
    await compared(desk)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", [_compared, _listed, _in_conflict])
def test_looks(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[Desk], Awaitable[None]],
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr("mojodex_tui.ui.screens.session_answer.monotonic", lambda: 0.0)
    mojodex = written(FIRST, SECOND)
    mojodex.api.authors = (False, True, False)
    app = MojodexApp(FakeConnect({None: mojodex}))

    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.open_session(RUN)
        desk = Desk(pilot, mojodex)
        await desk.settle()
        await pilot.press("escape")
        await desk.settle()
        await state(desk)
        await desk.settle()
        await desk.frame()

    assert snap_compare(app, terminal_size=size, run_before=open_it)
