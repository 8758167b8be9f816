"""Tools in conversations: failures are told, and what they work on may change."""

from mojodex_tui.backend.chat.outcomes import Send
from mojodex_tui.backend.tools.excerpts import Arguments
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.late import late
from mojodex_tui.backend.tools.offers import Toolbox, offered
from tests.tools.calling import outcome


class _Say(Arguments):
    text: str


def box(name: str, *, fails: bool = False, asks: bool = False) -> Toolbox:
    async def run(args: _Say) -> str:
        if fails:
            raise ToolFailed("There is no such file.")
        return f"{name}: {args.text}"

    return Toolbox((offered("say", _Say, "Say it.", run, asks_first=asks),))


async def test_what_there_is_at_the_call_counts() -> None:
    boxes = [box("first"), box("second"), Toolbox(())]
    tool = boxes[0].tools[0]

    async def now() -> Toolbox:
        return boxes.pop(0)

    made = late(tool, now)
    assert made.spec == tool.spec
    assert await outcome(made, text="hi") == "first: hi"
    assert await outcome(made, text="hi") == "second: hi"
    assert await outcome(made, text="hi") == "Failed: say cannot be used any more."


async def test_failures_and_wrong_arguments_are_results() -> None:
    async def now() -> Toolbox:
        return box("x", fails=True)

    made = late((await now()).tools[0], now)
    assert await outcome(made, text="hi") == "Failed: There is no such file."
    told = await outcome(made, words="hi")
    assert told == (
        "Failed, wrong arguments: text: Field required; words: Extra inputs are not permitted. "
        "Call it again with right ones."
    )


async def test_a_tool_with_effects_still_asks() -> None:
    async def now() -> Toolbox:
        return box("x", asks=True)

    made = late((await now()).tools[0], now)
    assert not made.idempotent
    assert isinstance(await outcome(made, text="hi"), Send)
