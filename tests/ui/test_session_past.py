"""Long conversations: what is far from the reader is not held, and comes when it is wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.selection import SELECT_ALL

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.state.past import MOST_HELD
from mojodex_tui.state.session import MOST_NEWEST
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.wire.events import MojoMessage
from mojodex_tui.wire.heard import Channel, TokenAppended
from tests.ui.desk import NARROW, Desk, opened
from tests.ui.session_fakes import SESSION, SessionMojodex, execution, said

FORM = {"input_name": "notes", "type": "text_area", "value": "the form"}


def long(count: int) -> SessionMojodex:
    """Return a session with so many messages."""
    mojodex = SessionMojodex()
    mojodex.api.told = execution(json_inputs_values=[FORM])
    mojodex.api.rows = tuple(
        said(pk, "user" if pk % 2 else "mojo", f"message {pk}.") for pk in range(1, count + 1)
    )
    return mojodex


@asynccontextmanager
async def reading(count: int) -> AsyncIterator[Desk]:
    """Open a long session, with the keys in its conversation."""
    async with opened(long(count), NARROW) as desk:
        await desk.pilot.press("tab")
        await asked(desk)
        yield desk


async def asked(desk: Desk) -> None:
    """Wait until no page is on its way, and what came is shown."""
    await desk.pilot.pause()
    while any(one.group == "past" and not one.is_finished for one in desk.screen.workers):
        await desk.pilot.pause()
    await desk.pilot.pause()


def chat(desk: Desk) -> Conversation:
    return desk.screen.query_one(Conversation)


def seen(desk: Desk) -> list[str]:
    """Return the rows in the window."""
    view = chat(desk)
    return [view.render_line(row).text.strip() for row in range(view.window.height)]


def messages(desk: Desk) -> list[int]:
    """Return the numbers of the messages in the window."""
    return [int(row[8:-1]) for row in seen(desk) if row.startswith("message ")]


async def test_long_conversations_are_read_up_and_down_without_a_gap_or_a_jump() -> None:
    async with reading(480) as desk:
        view = chat(desk)
        above = messages(desk)
        while not seen(desk)[0].startswith("you · form"):
            await desk.pilot.press("pageup")
            now = messages(desk)
            assert now == list(range(now[0], now[-1] + 1))
            assert now[0] <= above[0] <= now[-1] + 1
            held = seen(desk)
            await asked(desk)
            assert seen(desk) == held
            assert len(view.entries) <= MOST_HELD + MOST_NEWEST
            above = now
        assert view.more_below
        below = above
        while below[-1] < 480:
            await desk.pilot.press("pagedown")
            now = messages(desk)
            assert now[0] - 1 <= below[-1] <= now[-1]
            await asked(desk)
            assert messages(desk) == now
            assert len(view.entries) <= MOST_HELD + MOST_NEWEST
            below = now
        await desk.pilot.press("pagedown")
        assert view.follow


async def test_end_is_at_the_newest_message_at_once() -> None:
    async with reading(700) as desk:
        await desk.pilot.press("home")
        await asked(desk)
        assert messages(desk)[0] == 1
        calls = len(desk.mojodex.api.asked("messages"))
        await desk.pilot.press("G")
        assert messages(desk)[-1] == 700
        assert chat(desk).follow
        await desk.settle()
        assert len(desk.mojodex.api.asked("messages")) == calls


async def test_home_is_at_the_form_whatever_is_between() -> None:
    async with reading(2_000) as desk:
        await desk.pilot.press("g")
        await asked(desk)
        assert seen(desk)[0].startswith("you · form")
        assert messages(desk)[0] == 1
        assert len(desk.mojodex.api.asked("messages")) < 6


async def test_what_is_said_far_below_is_told_and_there_on_return() -> None:
    async with reading(700) as desk:
        await desk.pilot.press("home")
        await asked(desk)
        held = seen(desk)
        live = desk.mojodex.live
        live.say(TokenAppended(SESSION, Channel.MESSAGE, "It is "))
        live.say(TokenAppended(SESSION, Channel.MESSAGE, "long"))
        await desk.settle()
        await desk.frame()
        assert seen(desk) == held[:-1]
        assert desk.screen.query_one("#talk").has_class("-new-below")
        await desk.pilot.press("end")
        live.say(TokenAppended(SESSION, Channel.MESSAGE, " ago."))
        await desk.settle()
        await desk.frame()
        assert "It is long ago." in seen(desk)
        await desk.pilot.press("home")
        await asked(desk)
        live.say(TokenAppended(SESSION, Channel.MESSAGE, " So"))
        live.say(MojoMessage(session_id=SESSION, message_pk=701, text="It is long ago. So it is."))
        await desk.settle()
        assert seen(desk) == held[:-1]
        await desk.pilot.press("end")
        await desk.settle()
        assert "It is long ago. So it is." in seen(desk)
        assert not desk.screen.query_one("#talk").has_class("-new-below")


async def test_what_one_writes_far_from_the_end_is_about_the_end() -> None:
    async with reading(700) as desk:
        for _ in range(2):
            await desk.pilot.press("home")
            await asked(desk)
            await desk.pilot.press("e")
            await desk.settle()
            assert desk.box.text == "message 699."
            assert messages(desk)[-1] == 700
            await desk.pilot.press("tab", "home")
            await asked(desk)
            assert messages(desk)[0] == 1
            await desk.pilot.press("shift+tab", "enter")
            await desk.settle()
            assert chat(desk).entries[-1].text == "message 699."
            assert chat(desk).follow
            await desk.pilot.press("tab")


async def test_what_is_selected_is_not_let_go() -> None:
    async with reading(700) as desk:
        view = chat(desk)
        desk.screen.selections = {view: SELECT_ALL}
        for _ in range(90):
            await desk.pilot.press("pageup")
            await asked(desk)
        assert len(view.entries) > MOST_HELD + MOST_NEWEST
        assert "message 700." in (desk.screen.get_selected_text() or "")


async def test_a_session_that_goes_on_for_long_holds_no_more_than_one_that_is_read() -> None:
    async with reading(60) as desk:
        for pk in range(61, 700):
            event = MojoMessage(session_id=SESSION, message_pk=pk, text=f"message {pk}.")
            desk.mojodex.api.rows = (*desk.mojodex.api.rows, said(pk, "mojo", f"message {pk}."))
            desk.mojodex.live.say(event)
            if pk % 30 == 0:
                await desk.pilot.pause()
        await desk.settle()
        assert len(chat(desk).entries) <= MOST_HELD + MOST_NEWEST
        assert messages(desk)[-1] == 699
        for _ in range(30):
            await desk.pilot.press("pageup")
            await asked(desk)
            now = messages(desk)
            assert now == list(range(now[0], now[-1] + 1))


@pytest.mark.parametrize("number", [3, 350])
async def test_words_are_found_far_away_and_again_on_the_way_back(number: int) -> None:
    mojodex = long(700)
    rows = list(mojodex.api.rows)
    for pk in (number, 690):
        rows[pk - 1] = said(pk, "mojo", f"a needle, {pk}")
    mojodex.api.rows = tuple(rows)
    async with opened(mojodex, NARROW) as desk:
        await desk.pilot.press("tab", "slash")
        await desk.write("needle")
        await desk.pilot.press("enter")
        await asked(desk)
        assert seen(desk)[0] == "a needle, 690"
        await desk.pilot.press("n")
        await asked(desk)
        assert seen(desk)[0] == f"a needle, {number}"
        assert len(chat(desk).entries) <= MOST_HELD + MOST_NEWEST
        await desk.pilot.press("n")
        await asked(desk)
        assert "no older" in str(desk.screen.query_one("Notice").render())
        assert seen(desk)[0] == f"a needle, {number}"
        await desk.pilot.press("N")
        await asked(desk)
        assert f"a needle, {690}" in seen(desk)
        await desk.pilot.press("N")
        await asked(desk)
        assert "no newer" in str(desk.screen.query_one("Notice").render())


async def test_a_search_far_away_leads_back_to_the_end() -> None:
    async with reading(700) as desk:
        await desk.pilot.press("slash")
        await desk.write("message 3.")
        await desk.pilot.press("enter")
        await asked(desk)
        assert seen(desk)[0] == "message 3."
        await desk.pilot.press("G")
        await desk.settle()
        assert messages(desk)[-1] == 700


async def test_a_page_that_does_not_come_is_told_and_asked_for_again() -> None:
    async with reading(300) as desk:
        desk.mojodex.api.failures["messages"] = [Unreachable("No way.")]
        await desk.pilot.press("home")
        await asked(desk)
        assert "could not be fetched" in str(desk.screen.query_one("Notice").render())
        assert messages(desk)[-1] == 300
        await desk.pilot.press("home")
        await asked(desk)
        assert messages(desk)[0] == 1
