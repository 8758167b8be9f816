import asyncio

import pytest

from mojodex_tui.backend.domain.briefs import TitleBrief, Turn
from mojodex_tui.backend.llm.errors import LlmError, ModelBusy, ModelSilent
from mojodex_tui.backend.llm.port import Ask, Llm, Piece, Usage
from mojodex_tui.backend.llm.scripted import TITLE, Line, ScriptedLlm
from tests.assistants.briefs import BRIEF

ASK = Ask(BRIEF, (Turn("user", "Hi"),))
TITLE_ASK = Ask(TitleBrief(BRIEF), (Turn("user", "Hi"),))


async def pieces(llm: Llm, ask: Ask = ASK) -> list[Piece]:
    return [piece async for piece in llm.stream(ask)]


async def test_lines_come_in_order_in_pieces_and_with_a_cost() -> None:
    llm = ScriptedLlm("abcdef", Line("xy", chunk=1))
    assert await pieces(llm) == ["abcd", "ef", Usage("scripted", 2, 2)]
    assert await pieces(llm) == ["x", "y", Usage("scripted", 2, 2)]
    assert llm.asked == [ASK, ASK]
    with pytest.raises(ModelSilent):
        await pieces(llm)
    llm.add("more")
    assert (await pieces(llm))[0] == "more"


async def test_titles_have_their_own_script() -> None:
    llm = ScriptedLlm("answer", titles=[Line("first", chunk=9)])
    assert (await pieces(llm, TITLE_ASK))[0] == "first"
    assert "".join(p for p in await pieces(llm, TITLE_ASK) if isinstance(p, str)) == TITLE


@pytest.mark.parametrize("error", [ModelBusy("Later."), ModelSilent("Nothing.")])
async def test_a_line_can_fail(error: LlmError) -> None:
    with pytest.raises(type(error)):
        await pieces(ScriptedLlm(error))


async def test_a_gate_holds_an_answer_open() -> None:
    gate = asyncio.Event()
    task = asyncio.create_task(pieces(ScriptedLlm(Line("ab", gate=gate))))
    await asyncio.sleep(0)
    assert not task.done()
    gate.set()
    assert (await task)[0] == "ab"
