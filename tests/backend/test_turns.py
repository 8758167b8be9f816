"""A conversation as a run of the engine: what a crash, a stop or odd words do to it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.domain.briefs import InstructBrief
from mojodex_tui.backend.domain.conversations import AnswerDue
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.llm.errors import ModelBusy
from mojodex_tui.backend.llm.port import Ask, Usage
from mojodex_tui.backend.llm.scripted import Line, ScriptedLlm
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.turns import Turn
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.backend.store.engine_log import SqlLog
from mojodex_tui.backend.store.engines import sqlite_engines
from tests.backend.client import Api, Started, listening

DRAFT = "<execution><title>Kickoff</title><draft>See you Friday.</draft></execution>"
QUESTION = "<ask_user_primary_info>Who was there?</ask_user_primary_info>"
SECRET = "s"


class Crash(BaseException):
    """The process is gone."""


def said(ask: Ask) -> list[str]:
    assert isinstance(ask.brief, InstructBrief)
    return [turn.text for turn in ask.brief.conversation]


def answers(llm: ScriptedLlm) -> list[Ask]:
    return [ask for ask in llm.asked if isinstance(ask.brief, InstructBrief)]


@asynccontextmanager
async def opened(settings: BackendSettings, llm: ScriptedLlm) -> AsyncIterator[tuple[Backend, Api]]:
    async def source() -> ScriptedLlm:
        return llm

    async with open_backend(settings, secret=SecretStr(SECRET), llm=source) as backend:
        transport = httpx.ASGITransport(backend.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            token = (await Api(http, SECRET).post("/local_session")).json()["token"]
            yield backend, Api(http, token)


async def rows(settings: BackendSettings, query: str) -> list[tuple[object, ...]]:
    engines = sqlite_engines(settings.data_dir / "backend.sqlite3")
    try:
        async with engines.reader.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]
    finally:
        await engines.close()


def dying(monkeypatch: pytest.MonkeyPatch, at: int, *, after: bool) -> list[int]:
    """Let the process die at its `at`-th write of a conversation's run, or just after it."""
    real = SqlLog.append
    written = [0]

    async def append(self: SqlLog, events: Sequence[Event]) -> None:
        if not events[0].task.startswith("task:"):
            await real(self, events)
            return
        written[0] += 1
        if written[0] > at or (written[0] == at and not after):
            raise Crash
        await real(self, events)
        if written[0] == at:
            raise Crash

    monkeypatch.setattr(SqlLog, "append", append)
    return written


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
async def test_a_crash_at_any_write_leaves_one_answer_each(
    settings: BackendSettings, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    with monkeypatch.context() as patch:
        async with opened(settings, ScriptedLlm(QUESTION, DRAFT)) as (backend, api):
            started = await api.created()
            dying(patch, at, after=after)
            patch.setattr(backend.uses.conversations, "_fail", _die)
            for message_id in ("m1", "m2"):
                await started.say(f"Words of {message_id}", message_id)
                await backend.background.idle()
    # What the model said in vain it says again; of two answers the first may be kept already.
    kept = len(await rows(settings, "SELECT 1 FROM md_message WHERE sender = 'mojo'"))
    again = ScriptedLlm(*(QUESTION, DRAFT)[kept:])
    async with opened(settings, again) as (backend, api):
        await backend.background.idle()
        elsewhere = Started(api, started.pk, started.session_id, started.user_task_pk)
        shown = await elsewhere.messages()
        assert [row["message"]["text"] for row in shown if row["sender"] == "mojo"] == [
            "Kickoff\nSee you Friday.",
            "Who was there?",
        ]
        assert (await elsewhere.read())["produced_text_version_index"] == 1
        assert len(await rows(settings, "SELECT 1 FROM md_produced_text_version")) == 1
        assert len(await rows(settings, "SELECT 1 FROM md_delivery")) == 2
        assert await rows(settings, "SELECT 1 FROM md_answer_due") == []
        if answers(again):
            assert said(answers(again)[-1]) == ["Words of m1", QUESTION, "Words of m2"]
        again.add("Thanks to you.")
        await elsewhere.say("Thanks")
        await backend.background.idle()
        assert said(answers(again)[-1])[-2:] == [DRAFT, "Thanks"]


async def _die(*_: object) -> None:
    """Nothing is tidied up after a crash."""


async def test_rows_say_which_nodes_they_show(settings: BackendSettings) -> None:
    async with opened(settings, ScriptedLlm(DRAFT)) as (backend, api):
        started = await api.created()
        await started.say("Write", "m1")
        await backend.background.idle()
    shown = await rows(
        settings,
        "SELECT m.sender, n.sender, n.kind FROM md_message m JOIN engine_node n "
        "ON n.id = m.node_id ORDER BY m.message_pk",
    )
    assert shown == [("user", "user", "message"), ("mojo", "llm", "message")]
    [(version,)] = await rows(
        settings,
        "SELECT m.node_id = v.node_id FROM md_message m, md_produced_text_version v "
        "WHERE m.sender = 'mojo'",
    )
    assert version == 1


async def test_a_row_that_cannot_be_written_undoes_its_nodes(
    settings: BackendSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(settings, ScriptedLlm(DRAFT, DRAFT)) as (backend, api):
        started = await api.created()
        with monkeypatch.context() as patch:
            patch.setattr("mojodex_tui.backend.store.deliveries.SqlDeliveries.add", _break)
            await started.say("Write", "m1")
            await backend.background.idle()
        assert (await started.read())["failure"] is not None
        assert await rows(settings, "SELECT 1 FROM md_produced_text_version") == []
        answered = "SELECT 1 FROM engine_node WHERE sender = 'llm' AND \"to\" = 'user'"
        assert await rows(settings, answered) == []
        await started.say("Write", "m1")
        await backend.background.idle()
        assert (await started.read())["produced_text_version_index"] == 1


async def _break(*_: object, **__: object) -> None:
    raise OSError("The disk is full.")


async def test_a_question_stopped_before_its_run_begins_asks_no_model(
    api: Api, backend: Backend, llm: ScriptedLlm, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = await api.created()
    read, go_on = asyncio.Event(), asyncio.Event()
    real = Conversations._turn

    async def slow(self: Conversations, due: AnswerDue) -> Turn:
        turn = await real(self, due)
        read.set()
        await go_on.wait()
        return turn

    with monkeypatch.context() as patch:
        patch.setattr(Conversations, "_turn", slow)
        await started.say("Write", "m1")
        await read.wait()
        stopped = await api.delete("/generation", session_id=started.session_id)
        assert stopped.json() == {"stopped": True}
        go_on.set()
        await backend.background.idle()
    assert answers(llm) == []
    llm.add(QUESTION)
    await started.say("Write", "m1")
    await backend.background.idle()
    assert (await started.messages())[0]["message"]["text"] == "Who was there?"


class SlowLlm(ScriptedLlm):
    """Tells when it is asked for its first answer, and holds it back."""

    def __init__(self, first: str, *more: str) -> None:
        self.asked_for, self.gate = asyncio.Event(), asyncio.Event()
        super().__init__(Line(first, gate=self.gate), *more)

    async def stream(self, ask: Ask) -> AsyncGenerator[str | Usage]:
        async with aclosing(super().stream(ask)) as pieces:
            async for piece in pieces:
                if isinstance(ask.brief, InstructBrief):
                    self.asked_for.set()
                yield piece


@asynccontextmanager
async def taken_over(
    settings: BackendSettings, slow: SlowLlm, quick: ScriptedLlm
) -> AsyncIterator[tuple[Backend, Backend, Started]]:
    """Open two processes: one is asked, does not answer in time, and the other one takes over."""
    shared = settings.model_copy(update={"local": True})
    async with opened(shared, slow) as (first, api), opened(shared, quick) as (second, _):
        started = await api.created()
        await started.run({"meeting_notes": "We met."})
        async with asyncio.timeout(60):
            await slow.asked_for.wait()
        async with second.uses.conversations.store.write() as work:
            await work.answers.release_all()
        second.uses.conversations.attend(started.session_id)
        await second.background.idle()
        yield first, second, started


@pytest.mark.parametrize("finds_out", ["when it renews its claim", "when it has its answer"])
async def test_a_process_that_lost_its_claim_leaves_the_run_to_who_took_it_over(
    settings: BackendSettings, finds_out: str
) -> None:
    slow = SlowLlm(DRAFT, DRAFT)
    quick = ScriptedLlm(QUESTION)
    async with taken_over(settings, slow, quick) as (first, second, started):
        log = "SELECT type FROM engine_event WHERE task LIKE 'task:%' OR task = '' ORDER BY seq"
        before = await rows(settings, log)
        if finds_out == "when it renews its claim":
            await first.uses.conversations._renew_claims()
        slow.gate.set()
        await first.background.idle()
        assert await rows(settings, log) == before
        assert [row["sender"] for row in await started.messages()] == ["mojo"], "one answer"

        await started.say("Ana")
        await asyncio.gather(first.background.idle(), second.background.idle())
    assert await rows(settings, "SELECT count(*) FROM md_produced_text_version") == [(1,)]


@pytest.mark.parametrize("words", ["bye", "q", "DONE", "  ", "__PASS__", "__SEND__:user hi"])
async def test_words_that_mean_something_to_the_engine_get_an_answer(
    api: Api, backend: Backend, llm: ScriptedLlm, words: str
) -> None:
    llm.add(QUESTION, "Well then.", "Still here.")
    started = await api.created()
    for each in ("Write", words, words):
        await started.say(each)
        await backend.background.idle()
    texts = [row["message"]["text"] for row in await started.messages() if row["sender"] == "mojo"]
    assert texts == ["Still here.", "Well then.", "Who was there?"]
    heard = [each if each.strip() else "…" for each in ("Write", words, words)]
    assert said(answers(llm)[-1])[::2] == heard


async def test_a_failed_message_is_still_known_to_the_next_one(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    llm.add(QUESTION, ModelBusy("Busy."), "Fine.", "And fine again.")
    started = await api.created()
    for words, message_id in (("One", "m1"), ("Two", "m2"), ("Three", "m3"), ("Two", "m2")):
        await started.say(words, message_id)
        await backend.background.idle()
    assert len(answers(llm)) == 4
    assert said(answers(llm)[2]) == ["One", QUESTION, "Two", "Three"]
    assert said(answers(llm)[3])[-3:] == ["Three", "Fine.", "Two"]


async def test_a_question_asked_again_after_a_failure_stands_in_the_thread_once(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    llm.add(ModelBusy("Busy."), ModelBusy("Busy."), "Fine.")
    started = await api.created()
    for _ in range(3):
        await started.say("One", "m1")
        await backend.background.idle()
    assert said(answers(llm)[-1]) == ["One"]
    assert len(answers(llm)) == 3


async def test_a_form_and_the_chat_about_it_are_one_conversation(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    llm.add(DRAFT, DRAFT, DRAFT)
    started = await api.created()
    await started.run({"meeting_notes": "Kickoff"})
    await backend.background.idle()
    await started.say("Shorter")
    await backend.background.idle()
    assert said(answers(llm)[1]) == [DRAFT, "Shorter"]
    await started.run({"meeting_notes": "Kickoff"})
    await backend.background.idle()
    assert said(answers(llm)[2]) == [DRAFT, "Shorter", DRAFT]
    assert "Kickoff" in answers(llm)[2].prompt[1].text


async def test_a_chain_can_be_looked_into_and_branched(
    api: Api, backend: Backend, llm: ScriptedLlm, url: str
) -> None:
    llm.add(QUESTION, "First.", "Second.", "Third.")
    started = await api.created()
    for words in ("One", "Two"):
        await started.say(words)
        await backend.background.idle()
    chain = (await api.get("/chain", session_id=started.session_id)).json()
    nodes = [node for node in chain["nodes"] if node["kind"] == "message"]
    assert [node["text"] for node in nodes] == ["One", "Who was there?", "Two", "First."]
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        again = await api.post(
            "/chain/branch", session_id=started.session_id, node_id=nodes[2]["id"]
        )
        await heard.until("mojo_message", times=3)
    assert said(answers(llm)[-1]) == ["One", QUESTION, "Two"]
    chain = (await api.get("/chain", session_id=started.session_id)).json()
    runs = {node["id"]: node["run"] for node in chain["nodes"]}
    assert runs[chain["at"]] == again.json()["run"]
    await api.post("/chain/branch", session_id=started.session_id, node_id=nodes[1]["id"])
    chain = (await api.get("/chain", session_id=started.session_id)).json()
    assert chain["at"] == nodes[1]["id"]
    await started.say("Not Ana")
    await backend.background.idle()
    assert said(answers(llm)[-1]) == ["One", QUESTION, "Not Ana"]


async def test_what_was_written_on_a_branch_that_was_left_is_shown_to_no_model(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    llm.add(DRAFT, DRAFT.replace("</draft>", " Again.</draft>"), QUESTION)
    started = await api.created()
    await started.say("Write")
    await backend.background.idle()
    nodes = (await api.get("/chain", session_id=started.session_id)).json()["nodes"]
    asked, *_, written = [node["id"] for node in nodes]
    await api.post("/chain/branch", session_id=started.session_id, node_id=asked)
    await backend.background.idle()
    assert [_draft(ask) for ask in answers(llm)] == [None, None]
    await api.post("/chain/branch", session_id=started.session_id, node_id=written)
    await started.say("Shorter")
    await backend.background.idle()
    assert _draft(answers(llm)[2]) == "See you Friday."
    rows = reversed(await started.messages())
    assert [row["message"]["text"] for row in rows if row.get("left")] == [
        "Kickoff\nSee you Friday. Again."
    ]
    assert (await started.read())["produced_text_production"] == "See you Friday. Again."


def _draft(ask: Ask) -> str | None:
    """Return the text a model was shown as the one that stands."""
    assert isinstance(ask.brief, InstructBrief)
    return ask.brief.draft.body if ask.brief.draft is not None else None


async def test_a_title_a_crash_cut_off_is_written_at_the_next_start(
    settings: BackendSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SqlLog.append

    async def append(self: SqlLog, events: Sequence[Event]) -> None:
        if events[0].task.startswith("title:") and events[0].type != "start":
            raise Crash
        await real(self, events)

    with monkeypatch.context() as patch:
        async with opened(settings, ScriptedLlm(QUESTION)) as (backend, api):
            started = await api.created()
            patch.setattr(SqlLog, "append", append)
            await started.say("Write", "m1")
            await backend.background.idle()
            assert (await started.read())["title"] is None
    async with opened(settings, ScriptedLlm()) as (backend, api):
        await backend.background.idle()
        elsewhere = Started(api, started.pk, started.session_id, started.user_task_pk)
        assert (await elsewhere.read())["title"] == "A scripted title"
