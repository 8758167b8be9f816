"""Tools for conversations: made when they are called, and their failures told to the model.

A conversation begins before it is known what it works on: a home chat starts its executions in the
middle of a turn. And a call that cannot be executed is no reason to end a conversation: the model
reads why, and does something else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from pydantic import ValidationError

from mojodex_tui.backend.chat.ports import Turn
from mojodex_tui.backend.tools.excerpts import AnyArguments, any_arguments
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.offers import AnyTool, Toolbox


def late(tool: AnyTool, now: Callable[[], Awaitable[Toolbox]]) -> AnyTool:
    """Return a tool that is looked up in `now` for each call.

    Args:
        tool: what it looks like.
        now: what there is at the moment of a call.
    """

    async def handle(given: AnyArguments, turn: Turn) -> object:
        found = next((each for each in (await now()).tools if each.name == tool.name), None)
        if found is None:
            return f"Failed: {tool.name} cannot be used any more."
        try:
            return await found.handler(found.args.model_validate(given.model_dump()), turn)
        except ValidationError as error:
            return f"Failed, wrong arguments: {_told(error)}. Call it again with right ones."
        except ToolFailed as error:
            return f"Failed: {error}"

    return replace(tool, args=any_arguments(tool.spec.parameters), handler=handle)


def _told(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
