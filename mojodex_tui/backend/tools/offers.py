"""How this package makes the engine's tools."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel

from mojodex_tui.backend.chat.ports import Tool, Turn
from mojodex_tui.backend.tools.consent import asking_first

A = TypeVar("A", bound=BaseModel)
AnyTool: TypeAlias = Tool[Any]  # tools of one task differ in their arguments


@dataclass(frozen=True)
class Toolbox:
    """The tools a task can use, and a sentence for each it asked for in vain."""

    tools: tuple[AnyTool, ...]
    problems: tuple[str, ...] = ()


def offered(
    name: str,
    args: type[A],
    purpose: str,
    run: Callable[[A], Awaitable[str]],
    *,
    asks_first: bool = False,
) -> AnyTool:
    """Return a tool that answers with text.

    Args:
        name: what the model calls it.
        args: what it takes.
        purpose: one line for the model.
        run: does it; raises `ToolFailed` with a sentence if it cannot.
        asks_first: it has effects: the user must agree to each call, and a call that a crash
            interrupted is not repeated.
    """

    async def handle(args: A, turn: Turn) -> object:  # noqa: ARG001 - the engine's signature
        return await run(args)

    tool = Tool(name, args, handle, purpose, idempotent=not asks_first)
    return asking_first(tool) if asks_first else tool
