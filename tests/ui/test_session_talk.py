"""What can be done with the messages of a session, and with its message box."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Static

from mojodex_tui.ui.screens.recall import Recall
from mojodex_tui.ui.screens.session_talk import SessionTalk
from mojodex_tui.ui.widgets.conversation import Conversation
from tests.ui.desk import NARROW, Desk, finished, opened
from tests.ui.session_fakes import SessionMojodex, said


def talked() -> SessionMojodex:
    """Return a session in which something was said."""
    mojodex = SessionMojodex()
    mojodex.api.rows = (
        said(101, "mojo", "Who should receive the recap?"),
        said(102, "user", "Ana and Luc."),
        said(103, "mojo", "And **when**\nis it due?"),
        said(104, "user", "On Friday."),
        said(105, "mojo", "Very well."),
    )
    return mojodex


def conversation(desk: Desk) -> Conversation:
    return desk.screen.query_one(Conversation)


def notice(desk: Desk) -> str:
    return str(desk.screen.query_one("Notice").render())


async def to_chat(desk: Desk) -> None:
    await desk.pilot.press("tab")
    await desk.settle()
    assert desk.screen.focused is conversation(desk)


async def test_q_quotes_the_chosen_message_before_what_is_typed() -> None:
    async with opened(talked()) as desk:
        await desk.write("Because")
        await to_chat(desk)
        await desk.pilot.press("k", "k", "k", "q")
        await desk.settle()
        assert desk.box.text == "> And **when**\n> is it due?\n\nBecause"
        assert desk.screen.focused is desk.box


async def test_e_takes_the_last_own_message_back_into_the_box() -> None:
    async with opened(talked()) as desk:
        await to_chat(desk)
        await desk.pilot.press("e")
        await desk.settle()
        assert desk.box.text == "On Friday."
        await desk.pilot.press("enter")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == ["On Friday."]


async def test_words_are_found_from_the_end_backwards_in_pages_that_were_not_there() -> None:
    mojodex = talked()
    old = tuple(said(pk, "mojo", f"old number {pk}.") for pk in range(1, 61))
    mojodex.api.rows = (*old, *mojodex.api.rows)
    async with opened(mojodex, size=NARROW) as desk:
        await to_chat(desk)
        driver = desk.pilot.app._driver
        assert driver is not None
        # In one go: no letter after the slash may act as a key.
        for letter in "/number 3.":
            driver.process_message(Key("slash" if letter == "/" else letter, letter))
        driver.process_message(Key("enter", "\r"))
        await desk.settle()
        await desk.settle()
        assert desk.screen.focused is conversation(desk)
        assert conversation(desk).render_line(0).text.strip() == "old number 3."
        await desk.pilot.press("n")
        await desk.settle()
        assert "no older" in notice(desk)
        await desk.pilot.press("escape")
        await desk.settle()
        assert not desk.screen.query_one(SessionTalk).has_class("-finding")


async def test_ctrl_r_finds_an_earlier_message() -> None:
    async with opened(talked()) as desk:
        await desk.pilot.press("ctrl+r")
        await desk.settle()
        assert isinstance(desk.pilot.app.screen, Recall)
        await desk.write("luc")
        await desk.pilot.press("enter")
        await desk.settle()
        assert desk.box.text == "Ana and Luc."


async def test_a_slash_lists_commands_and_tab_completes_them() -> None:
    async with opened(finished(2)) as desk:
        await desk.write("/")
        await desk.settle()
        commands = desk.screen.query_one("#commands", Static)
        assert commands.display
        assert "/versions" in str(commands.render())
        await desk.write("ti")
        await desk.settle()
        assert "rename this run" in str(commands.render())
        await desk.pilot.press("tab")
        assert desk.box.text == "/title"
        await desk.pilot.press("enter")
        await desk.settle()
        assert type(desk.pilot.app.screen).__name__ == "LinePrompt"
        assert desk.mojodex.outbox.items == []


async def test_an_unknown_command_is_not_sent_and_a_path_is() -> None:
    async with opened(talked()) as desk:
        await desk.write("/wat")
        await desk.pilot.press("enter")
        await desk.settle()
        assert desk.box.text == "/wat"
        assert "no command /wat" in notice(desk)
        desk.box.load_text("/etc/hosts is broken")
        await desk.pilot.press("enter")
        await desk.settle()
        assert [item.text for item in desk.mojodex.outbox.items] == ["/etc/hosts is broken"]


async def test_what_cannot_be_done_now_is_said() -> None:
    async with opened(talked()) as desk:
        await desk.write("/diff")
        await desk.pilot.press("enter")
        await desk.settle()
        assert "/diff cannot be done now" in notice(desk)
        assert desk.screen.focused is desk.box


async def test_what_is_rubbed_out_is_what_stood_there_when_the_key_was_pressed() -> None:
    async with opened(talked()) as desk:
        driver = desk.pilot.app._driver
        assert driver is not None
        await desk.write("precious")
        for key in [*["backspace"] * 8, *"once"]:
            driver.process_message(Key(key, key if len(key) == 1 else None))
        await desk.settle()
        assert desk.box.text == "once"


async def test_tab_twice_in_one_go_passes_the_chat() -> None:
    async with opened(finished()) as desk:
        driver = desk.pilot.app._driver
        assert driver is not None
        for _ in range(2):
            driver.process_message(Key("tab", None))
        await desk.settle()
        assert desk.screen.focused is desk.draft.view
