from collections.abc import Iterable
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from mojodex_tui.ui.widgets import transcript_view
from mojodex_tui.ui.widgets.entry import Entry, EntryKind
from mojodex_tui.ui.widgets.entry_rows import entry_rows as draw_entry
from mojodex_tui.ui.widgets.strip_view import StripView
from mojodex_tui.ui.widgets.transcript_view import TranscriptView


def said(number: int, text: str = "") -> Entry:
    kind = EntryKind.USER if number % 2 else EntryKind.ASSISTANT
    author = "you" if number % 2 else "mojo"
    words = text or f"Message number {number}. " + "word " * (number % 60)
    return Entry(f"m{number}", kind, words, author, "10:31")


def conversation(count: int) -> list[Entry]:
    return [said(number) for number in range(count)]


class Host(App[None]):
    """Shows one conversation and remembers what it was told."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        super().__init__()
        self.view = TranscriptView(entries)
        self.told: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_transcript_view_entry_selected(self, event: TranscriptView.EntrySelected) -> None:
        self.told.append(event.entry.key if event.entry else None)

    def on_following_view_new_below(self, event: StripView.NewBelow) -> None:
        self.told.append("new below")


async def settle_down(pilot: Pilot[None], view: TranscriptView) -> None:
    """Wait until all that arrived is drawn."""
    await pilot.pause()
    while view._frame_due:
        await pilot.pause(0.01)
    await pilot.pause()


def window(app: App[None]) -> list[str]:
    """Return the rows on the screen, without the scrollbar."""
    strips = app.screen._compositor.render_strips()
    return [strip.crop(0, app.size.width - 3).text.rstrip() for strip in strips]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the entries that were drawn whole."""
    keys: list[str] = []

    def counting(entry: Entry, *rest: object) -> object:
        keys.append(entry.key)
        return draw_entry(entry, *rest)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(transcript_view, "entry_rows", counting)
    return keys


async def test_each_kind_has_its_label_and_only_answers_are_markdown() -> None:
    app = Host(
        [
            Entry("1", EntryKind.USER, "Two\n*lines*", "you", "10:31"),
            Entry("2", EntryKind.ASSISTANT, "**Bold** words", "mojo", "10:32"),
            Entry("3", EntryKind.NOTICE, "reconnected"),
            Entry("4", EntryKind.UNSENT, "again", "you", "10:33", "not sent: r retry"),
        ]
    )
    async with app.run_test(size=(60, 14)) as pilot:
        await pilot.pause()
        assert [row[3:] for row in window(app)] == [
            "you 10:31",
            "Two",
            "*lines*",
            "",
            "mojo 10:32",
            "Bold words",
            "",
            "reconnected",
            "",
            "you 10:33 · not sent: r retry",
            "again",
            "",
            "",
            "",
        ]


async def test_many_entries_cost_what_is_near_the_window(drawn: list[str]) -> None:
    app = Host(conversation(10_000))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Message number 9999" in " ".join(window(app))
        assert len(drawn) < 60
        drawn.clear()
        await pilot.resize_terminal(60, 30)
        await pilot.pause()
        assert len(drawn) < 60
        await pilot.press("home")
        await pilot.pause()
        assert "Message number 0" in window(app)[1]
        assert len(drawn) < 150


async def test_a_streamed_entry_grows_and_is_followed() -> None:
    app = Host(conversation(30))
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.append_entries([said(30, "Begun")])
        for number in range(40):
            app.view.stream("m30", f" and {number}")
        await settle_down(pilot, app.view)
        assert "and 39" in " ".join(window(app)[-3:])
        app.view.stream("m30", ".\n\n- one\n- two")
        assert app.view.entry("m30").text.endswith("and 39.\n\n- one\n- two")
        await settle_down(pilot, app.view)
        streamed = window(app)
        app.view.update_entry("m30")
        await settle_down(pilot, app.view)
        assert window(app) == streamed
        assert app.view.entries[-1].text.endswith("- two")


async def test_a_token_draws_no_other_entry(drawn: list[str]) -> None:
    app = Host(conversation(2_000))
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.append_entries([said(2_000, "Begun")])
        await settle_down(pilot, app.view)
        drawn.clear()
        for number in range(30):
            app.view.stream("m2000", f" word{number}")
            await settle_down(pilot, app.view)
        assert not drawn


async def test_a_held_view_stays_while_text_arrives_below() -> None:
    app = Host(conversation(60))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("pageup", "pageup")
        await pilot.pause()
        held = window(app)
        app.view.append_entries([said(60, "Begun")])
        app.view.stream("m60", "\n\nmore" * 30)
        await settle_down(pilot, app.view)
        app.view.update_entry("m60")
        await settle_down(pilot, app.view)
        assert window(app) == held
        assert app.told == ["new below"]
        await pilot.press("end")
        await pilot.pause()
        assert window(app)[-2].strip() == "more"


async def test_older_entries_do_not_move_what_is_read() -> None:
    app = Host(conversation(60)[20:])
    async with app.run_test(size=(60, 12)) as pilot:
        for _ in range(4):
            await pilot.press("pageup")
        await pilot.pause()
        held = window(app)
        app.view.prepend_entries(conversation(20))
        await settle_down(pilot, app.view)
        assert window(app) == held
        assert app.view.entry("m3").text == said(3).text
        await pilot.press("home")
        await pilot.pause()
        assert "Message number 0" in window(app)[1]


async def test_older_entries_come_while_the_end_is_followed() -> None:
    app = Host(conversation(60)[20:])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        followed = window(app)
        app.view.prepend_entries(conversation(20))
        await settle_down(pilot, app.view)
        assert window(app) == followed
        assert app.view.follow


async def test_an_entry_above_can_change_without_moving_what_is_read() -> None:
    app = Host(conversation(60))
    async with app.run_test(size=(60, 12)) as pilot:
        for _ in range(6):
            await pilot.press("pageup")
        await pilot.pause()
        held = window(app)
        index, _ = app.view._anchor
        for changed in (index - 1, 2):
            key = f"m{changed}"
            longer = replace(app.view.entry(key), text="longer\n" * 15)
            app.view.update_entry(key, longer)
            await settle_down(pilot, app.view)
            assert window(app) == held


async def test_paging_up_skips_no_entry() -> None:
    app = Host(conversation(200))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        seen: set[str] = set()
        while True:
            seen.update(row for row in window(app) if "Message number" in row)
            if not app.view.scroll_offset.y:
                break
            await pilot.press("pageup")
            await pilot.pause()
        assert len(seen) == 200


async def test_the_cursor_moves_by_message_and_is_seen() -> None:
    app = Host(conversation(40))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("k")
        assert app.view.selected == said(39)
        await pilot.press("k")
        await pilot.pause()
        assert app.view.selected == said(38)
        marked = [row for row in window(app) if row.strip().startswith("▌")]
        assert marked[0][3:] == "mojo 10:31"
        await pilot.press("j", "j", "j")
        assert app.told == ["m39", "m38", "m39"]


async def test_the_cursor_brings_the_start_of_its_entry_into_the_window() -> None:
    app = Host(conversation(40))
    async with app.run_test(size=(60, 12)) as pilot:
        for _ in range(15):
            await pilot.press("k")
        await pilot.pause()
        rows = window(app)
        assert any("Message number 25" in row for row in rows)
        assert not app.view.follow


async def test_a_click_puts_the_cursor_there() -> None:
    app = Host(conversation(3))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(6, 4))
        await pilot.pause()
        assert app.view.selected_key == "m1"


async def test_a_cursor_follows_an_entry_that_gets_another_key() -> None:
    app = Host([*conversation(3), Entry("local", EntryKind.PENDING, "words", "you")])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("k")
        await pilot.press("k")
        await pilot.press("j")
        app.view.update_entry("local", Entry("m9", EntryKind.USER, "words", "you", "10:40"))
        await pilot.pause()
        assert app.view.selected_key == "m9"
        assert "you 10:40" in " ".join(window(app))


async def test_entries_far_from_what_is_read_are_let_go() -> None:
    app = Host(conversation(60))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("k", *["pageup"] * 6)
        await pilot.pause()
        held = window(app)
        app.view.find("number 3")
        app.view.drop_first(20)
        app.view.drop_last(5)
        await pilot.pause()
        assert window(app) == held
        assert app.view.entries == conversation(55)[20:]
        assert app.view.selected is None
        with pytest.raises(KeyError):
            app.view.entry("m19")
        app.view.prepend_entries(conversation(20))
        app.view.append_entries(conversation(60)[55:], arrived=False)
        await pilot.pause()
        assert window(app) == held
        assert "new below" not in app.told


async def test_the_end_of_a_part_is_not_followed() -> None:
    app = Host(conversation(60)[:40])
    app.view.more_below = True
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.begin_at_top()
        await pilot.press(*["pagedown"] * 40)
        await pilot.pause()
        assert "Message number 39" in " ".join(window(app))
        assert not app.view.follow
        held = window(app)
        app.view.append_entries(conversation(60)[40:], arrived=False)
        await pilot.pause()
        assert window(app) == held


async def test_another_conversation_is_shown_from_its_end() -> None:
    app = Host(conversation(40))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("k", "home")
        app.view.set_entries([said(7), said(8, "The end.")])
        await settle_down(pilot, app.view)
        assert app.view.follow
        assert app.view.selected is None
        assert "The end." in " ".join(window(app))


async def test_a_short_conversation_takes_the_place_of_a_long_one_that_was_held() -> None:
    app = Host(conversation(300))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("home")
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        app.view.set_entries(conversation(302)[290:])
        await settle_down(pilot, app.view)
        assert app.view.follow
        assert "Message number 301" in " ".join(window(app))


async def test_copied_text_has_no_margin() -> None:
    app = Host(conversation(3))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        selection = Selection(Offset(0, 0), Offset(9, 1))
        assert app.view.get_selection(selection) == ("mojo 10:31\nMessage", "\n")


async def test_words_are_found_in_entries_far_away() -> None:
    app = Host(conversation(500))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("home")
        app.view.find("number 321.")
        assert app.view.find_next()
        await pilot.pause()
        assert "Message number 321." in window(app)[0]
