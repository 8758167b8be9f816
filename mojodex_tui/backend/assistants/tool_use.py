"""How an assistant comes to use tools: which it is offered, what it called, what came of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mojodex_tui.backend.chat import ports as chat
from mojodex_tui.backend.chat.ports import ChatTurn, Tool, ToolSpec
from mojodex_tui.backend.domain.briefs import ToolUse, Turn
from mojodex_tui.backend.engine.nodes import Call
from mojodex_tui.backend.tools.consent import questions
from mojodex_tui.backend.tools.excerpts import AnyArguments, any_arguments
from mojodex_tui.backend.tools.offers import Toolbox

MOST_ROUNDS = 8
"""So often tools may be called for one answer; then it must be given."""
_NO_SUCH_TOOL = "no_such_tool"
_ASKED = "The user was asked whether this may be done, and answers next. It is not done yet."
_LOST = "Nothing came of it: the program stopped."


@dataclass(frozen=True)
class Equipment:
    """The tools of an assistant."""

    box: Toolbox = field(default_factory=lambda: Toolbox(()))

    @property
    def tools(self) -> tuple[Tool[Any], ...]:
        """What the engine is to execute."""
        return (*self.box.tools, _missing(self.box)) if self.box.tools else ()

    def offered(self, conversation: Sequence[Turn]) -> tuple[ToolSpec, ...]:
        """Return the tools that may be called now."""
        return self._specs if rounds(conversation) < MOST_ROUNDS else ()

    @property
    def _specs(self) -> tuple[ToolSpec, ...]:
        return tuple(tool.spec for tool in self.box.tools)

    def known(self, calls: Sequence[Call]) -> list[dict[str, Any]]:
        """Return calls as data; one of a tool there is none of becomes one that says so."""
        names = {spec.name for spec in self._specs}
        return [
            (call if call.name in names else _mistaken(call)).model_dump(mode="json")
            for call in calls
        ]


def rounds(conversation: Sequence[Turn]) -> int:
    """Return how often tools were called since the user's last words."""
    number = 0
    for turn in reversed(conversation):
        if turn.speaker == "user":
            break
        number += bool(turn.uses)
    return number


@dataclass
class CallsSeen:
    """Puts calls and their results together: on the thread they are turns of their own."""

    _raw: str = ""
    _calls: tuple[Call, ...] = ()

    def call(self, raw: str, calls: Sequence[dict[str, Any]]) -> None:
        """Take what the assistant called."""
        self._raw, self._calls = raw, tuple(map(Call.model_validate, calls))

    def take(self, turn: ChatTurn) -> Iterator[Turn]:
        """Yield what a turn means for the calls before it; every call gets a result."""
        if not self._calls:
            return
        if turn.results:
            texts = [result.text for result in turn.results]
        else:
            texts = [_ASKED if questions((turn.text,)) else _LOST] * len(self._calls)
        yield self._together(texts)

    def rest(self) -> Iterator[Turn]:
        """Yield calls that nothing came after."""
        if self._calls:
            yield self._together([_LOST] * len(self._calls))

    def _together(self, texts: Sequence[str]) -> Turn:
        uses = tuple(
            ToolUse(call.id, call.name, call.args, _ASKED if questions((text,)) else text)
            for call, text in zip(self._calls, texts, strict=False)
        )
        raw, self._raw, self._calls = self._raw, "", ()
        return Turn("assistant", raw, uses)


def _mistaken(call: Call) -> Call:
    return Call(id=call.id, name=_NO_SUCH_TOOL, args={"called": call.name})


def _missing(box: Toolbox) -> Tool[Any]:
    """Return what executes calls of tools there are none of."""
    names = ", ".join(tool.name for tool in box.tools)

    async def handle(args: AnyArguments, turn: chat.Turn) -> object:  # noqa: ARG001 - the engine's signature
        called = json.dumps((args.model_extra or {}).get("called"))
        return f"Failed: there is no tool {called}, or the call cannot be read. There are: {names}."

    return Tool(_NO_SUCH_TOOL, any_arguments({}), handle, use=False, idempotent=True)
