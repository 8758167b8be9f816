"""Calling tools the way the engine does, with a thread of the test's choice."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from mojodex_tui.backend.chat.ports import ChatTurn, Turn
from mojodex_tui.backend.engine.nodes import Call, Node
from mojodex_tui.backend.tools.offers import AnyTool


def named(tools: Iterable[AnyTool], name: str) -> AnyTool:
    """Return the tool of this name."""
    return next(tool for tool in tools if tool.name == name)


async def outcome(
    tool: AnyTool,
    thread: Sequence[ChatTurn] = (),
    **args: Any,  # noqa: ANN401 - JSON of a call
) -> object:
    """Return what a call gives the engine."""
    node = Node(
        id="n1",
        parent=None,
        run="r1",
        task="Main",
        role="A",
        sender="llm",
        calls=(Call(name=tool.name, args=args),),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    def emit(text: str, channel: str = "message") -> None:
        raise AssertionError("tools stream nothing")

    turn = Turn(node, list(thread), emit, lambda: False)
    return await tool.handler(tool.args.model_validate(args), turn)


async def said(tool: AnyTool, **args: Any) -> str:  # noqa: ANN401 - JSON of a call
    """Return the text a tool answers with."""
    answer = await outcome(tool, **args)
    assert isinstance(answer, str)
    return answer
