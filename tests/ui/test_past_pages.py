"""What is held of a conversation is a part of it, in order and whole, wherever one reads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojodex_tui.client.port import History
from mojodex_tui.state.past import MOST_HELD, Past
from mojodex_tui.state.session import (
    MOST_NEWEST,
    Answers,
    Said,
    SessionState,
    apply,
    loaded,
    resynchronised,
)
from mojodex_tui.ui.past_pages import PastPages
from mojodex_tui.wire.base import PAGE_LIMIT
from mojodex_tui.wire.events import MojoMessage
from mojodex_tui.wire.messages import MessageRow, Sender
from tests.fakes import FakeApi
from tests.ui.session_fakes import SESSION, execution

if TYPE_CHECKING:
    from mojodex_tui.state.session import Entry

FORM = {"input_name": "notes", "type": "text_area", "value": "the form"}


def row(pk: int, *, hidden: bool = False) -> MessageRow:
    sender = Sender.SYSTEM if hidden else Sender.MOJO
    message = {"text": f"message {pk}.", "message_pk": pk}
    return MessageRow.model_validate({"message_pk": pk, "sender": sender, "message": message})


@dataclass
class Server(FakeApi):
    """Has a conversation, which may grow without a word about it."""

    rows: list[MessageRow] = field(default_factory=list)

    async def messages(
        self, session_id: str, offset: int = 0, *, from_oldest: bool = False
    ) -> History:
        self._note("messages", (offset, from_oldest))
        begin = offset if from_oldest else max(0, len(self.rows) - offset - PAGE_LIMIT)
        end = offset + PAGE_LIMIT if from_oldest else max(0, len(self.rows) - offset)
        page = tuple(self.rows[begin:end])
        return History(page, is_full=len(page) == PAGE_LIMIT)

    def say(self, count: int = 1, *, hidden: bool = False) -> None:
        for _ in range(count):
            self.rows.append(row(len(self.rows) + 1, hidden=hidden))


class Reader:
    """Reads a conversation: what is held of it, and the message in the middle of the screen."""

    def __init__(self, count: int) -> None:
        self.server = Server()
        self.server.say(count)
        self.pages = PastPages(self.server, SESSION)
        self.past = Past()
        self.state: SessionState | None = None
        self.place = count
        asyncio.run(self.fetch())

    @property
    def rows(self) -> list[MessageRow]:
        return self.server.rows

    @property
    def newest(self) -> tuple[Entry, ...]:
        return self.state.entries if self.state is not None else ()

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.past.shown(self.newest)

    async def fetch(self) -> None:
        history = await self.server.messages(SESSION)
        self.past = self.past.opened(has_older=history.is_full)
        fresh = loaded(execution(json_inputs_values=[FORM]), history.rows)
        self.change(fresh if self.state is None else resynchronised(self.state, fresh))

    def change(self, state: SessionState) -> None:
        before, self.state = self.newest, state
        self.past = self.past.after(before, state.entries)
        self.take(self.past)

    def take(self, past: Past) -> None:
        self.past = past.near(range(self.place - 20, self.place + 20))

    def hear(self) -> None:
        self.server.say()
        pk = self.server.rows[-1].message_pk
        event = MojoMessage(session_id=SESSION, message_pk=pk, text=f"message {pk}.")
        assert self.state is not None
        self.change(apply(self.state, event))

    async def go(self, direction: int) -> None:
        if self.past.has_more(direction):
            longer = await self.pages.longer(self.past, self.newest, direction)
            # The reader went to the end that is nearly in sight.
            pks = [one.message_pk for one in longer.held]
            self.place = (pks[0] if direction < 0 else pks[-1]) if pks else self.place
            self.take(longer)

    async def seek(self, pk: int, direction: int) -> bool:
        """Look for a message beyond what is held; return whether it is held then, or was."""

        def is_wanted(entry: Entry) -> bool:
            return isinstance(entry, Said) and entry.text == f"message {pk}."

        if any(map(is_wanted, self.shown)):
            return True
        found = await self.pages.seek(self.past, self.newest, is_wanted, direction)
        if found is None:
            return False
        self.place = pk
        self.take(found)
        assert any(map(is_wanted, self.shown))
        return True

    async def move(self, name: str, times: int) -> None:
        match name:
            case "beginning":
                self.place = 1
                self.take(await self.pages.beginning(self.newest))
            case "newest":
                self.take(Past(is_whole=False))
            case "missed":
                self.server.say(times)
            case "hidden":
                self.server.say(times, hidden=True)
                self.server.say()
            case "hear":
                await self.fetch()  # as always when something was missed
                for _ in range(times):
                    self.hear()
                    self.check()
            case "seek":
                await self.fetch()
                found = await self.seek(times, -1) or await self.seek(times, 1)
                assert found or times > len(self.rows) or self.rows[times - 1].sender == "system"
            case _:
                for _ in range(times):
                    await self.go(-1 if name == "older" else 1)
                    self.check()

    def check(self) -> None:
        """What is shown is a part of what the server has, and held is not too much."""
        shown = self.shown
        if self.past.is_whole:
            assert isinstance(shown[0], Answers)
            shown = shown[1:]
        pks = [one.message_pk for one in shown if isinstance(one, Said)]
        assert len(pks) == len(shown)
        said = [one.message_pk for one in self.server.rows if one.sender == Sender.MOJO]
        assert pks
        begin = said.index(pks[0])
        assert pks == said[begin : begin + len(pks)]
        assert not self.past.is_whole or begin == 0
        assert len(self.past.held) <= MOST_HELD
        assert len(self.newest) <= MOST_NEWEST + 1


MOVES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["older", "newer", "beginning", "newest"]), st.just(1)),
        st.tuples(st.just("older"), st.integers(2, 12)),
        st.tuples(st.sampled_from(["hear", "missed", "hidden"]), st.integers(1, 130)),
        st.tuples(st.just("seek"), st.integers(1, 700)),
    ),
    max_size=25,
)


@given(st.integers(1, 700), MOVES)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_no_message_is_missing_twice_or_out_of_place(
    count: int, moves: list[tuple[str, int]]
) -> None:
    reader = Reader(count)

    async def run() -> None:
        for name, times in moves:
            await reader.move(name, times)
            reader.check()

    asyncio.run(run())


def said_in(reader: Reader) -> list[str]:
    return [one.text for one in reader.shown if isinstance(one, Said)]


async def test_ten_thousand_messages_are_read_to_the_first_and_back() -> None:
    reader = await asyncio.to_thread(Reader, 10_000)
    while reader.past.has_more(-1):
        await reader.go(-1)
        reader.check()
    assert said_in(reader)[0] == "message 1."
    while reader.past.has_more(1):
        await reader.go(1)
        reader.check()
    assert said_in(reader)[-1] == "message 10000."


async def test_the_beginning_is_one_question_away() -> None:
    reader = await asyncio.to_thread(Reader, 10_000)
    reader.server.calls.clear()
    reader.take(await reader.pages.beginning(reader.newest))
    assert reader.server.asked("messages") == [(0, True)]
    reader.check()
    assert not reader.past.joins


@pytest.mark.parametrize("missed", [1, 49, 50, 51, 200])
async def test_pages_join_though_the_conversation_grew_meanwhile(missed: int) -> None:
    reader = await asyncio.to_thread(Reader, 1_000)
    reader.server.say(missed)
    for _ in range(10):
        await reader.go(-1)
        reader.check()
    reader.server.say(missed)
    for _ in range(10):
        await reader.go(1)
        reader.check()


async def test_what_is_gone_from_the_server_leaves_the_newest_messages() -> None:
    reader = await asyncio.to_thread(Reader, 400)
    await reader.go(-1)
    reader.server.rows = [row(pk) for pk in range(1_001, 1_200)]
    await reader.go(-1)
    assert not reader.past.held
