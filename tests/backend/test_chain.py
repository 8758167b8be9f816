"""The chain behind a session: what of it is told, to whom, and where it can be branched."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.services.chain import Chains
from mojodex_tui.backend.services.errors import NotFound
from mojodex_tui.backend.store.chain import SqlChainLog
from mojodex_tui.backend.store.engine_log import SqlLog
from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.wire.chain import PREVIEW, Branched, Chain
from tests.backend.client import Api, Started
from tests.engine.scripted import Script, build_task

TASK = {
    "name": "Main",
    "config": {"interactive": False},
    "tools": [{"name": "sq", "params": {"x": "int"}}],
    "sub_tasks": [{"name": "Bob", "config": {"interactive": False}}],
}
LONG = "25  and\nmore " * PREVIEW
SCRIPT = {
    "Main.llm": {
        "map": {
            "5?": {"call": "sq", "args": {"x": 5}, "usage": {"tokens": 7, "cost": 0.5}},
            "25": {"text": LONG, "to": "Bob"},
            "sure": "DONE 25",
            "6?": "DONE 36",
        }
    },
    "Main.tool.sq": {"map": {'{"x": 5}': "25"}},
    "Bob.llm": {"map": {LONG: "DONE sure"}},
}


@dataclass
class Sessions:
    """Knows the runs of sessions, and notes where they are branched."""

    runs: dict[str, list[str]]
    branched: list[tuple[str, str, str]] = field(default_factory=list)

    async def runs_of(self, session_id: str) -> Sequence[str]:
        return self.runs.get(session_id, ())

    async def branch(self, user_id: str, session_id: str, node_id: str) -> str:
        self.branched.append((user_id, session_id, node_id))
        return "new"


def engines(backend: Backend) -> Engines:
    return backend.store._engines


def engine(backend: Backend) -> Engine:
    return Engine(SqlLog(engines(backend).writer))


async def run(backend: Backend, msg: str, name: str, at: str | None = None) -> None:
    async def kill() -> None:
        raise AssertionError("nothing is killed here")

    await engine(backend).run(build_task(TASK, Script(SCRIPT, kill)), msg, run=name, at=at)


def chains(backend: Backend, sessions: Sessions) -> Chains:
    return Chains(backend.store, SqlChainLog(engines(backend).reader), sessions, sessions)


async def read(backend: Backend, started: Started, *runs: str) -> Chain:
    user = await backend.uses.accounts.authenticate(started.api.token or "")
    known = Sessions({started.session_id: [*runs]})
    return await chains(backend, known).read(user, started.session_id)


async def test_a_run_is_told_with_its_sub_tasks_and_tools(backend: Backend, api: Api) -> None:
    started = await api.created()
    await run(backend, "5?", "one")
    await run(backend, "6?", "of another session")
    told = await read(backend, started, "one")
    assert [(known.task, known.root) for known in told.runs] == [("Main", "one"), ("Bob", "one")]
    assert told.runs[1].caller == "one"
    assert [(node.role, node.kind, node.sender, node.to) for node in told.nodes] == [
        ("U", "message", "user", ""),
        ("A", "tool_call", "llm", ""),
        ("F", "tool_result", "agent", ""),
        ("A", "message", "llm", "Bob"),
        ("A", "message", "llm", ""),
        ("U", "message", "Bob", ""),
        ("A", "message", "llm", ""),
    ]
    assert (told.nodes[1].usage.tokens, told.nodes[1].usage.cost) == (7, 0.5)
    assert told.nodes[3].text.startswith("25 and more 25")
    assert len(told.nodes[3].text) <= PREVIEW
    assert [(event.run, event.status) for event in told.events if event.type == "end"] == [
        (told.runs[1].id, "DONE"),
        ("one", "DONE"),
    ]


@pytest.mark.parametrize("known", ["one", "two", "three"])
async def test_branches_are_found_from_any_of_their_runs(
    backend: Backend, api: Api, known: str
) -> None:
    started = await api.created()
    await run(backend, "5?", "one")
    first = (await read(backend, started, "one")).nodes
    await run(backend, "6?", "two", at=first[2].id)
    later = (await read(backend, started, "two")).nodes
    await run(backend, "6?", "three", at=next(node.id for node in later if node.run == "two"))
    told = await read(backend, started, known)
    assert [each.id for each in told.runs if each.caller is None] == ["one", "two", "three"]


async def test_all_of_a_node_can_be_read(backend: Backend, api: Api) -> None:
    started = await api.created()
    await run(backend, "5?", "one")
    node = (await read(backend, started, "one")).nodes[3]
    user = await backend.uses.accounts.authenticate(api.token or "")
    service = chains(backend, Sessions({started.session_id: ["one"]}))
    content = await service.read_node(user, started.session_id, node.id)
    assert content.text == LONG
    assert f'"id": "{node.id}"' in content.body


async def test_only_nodes_of_the_session_are_read_and_branched(backend: Backend, api: Api) -> None:
    started = await api.created()
    await run(backend, "5?", "one")
    await run(backend, "6?", "elsewhere")
    foreign = (await read(backend, started, "elsewhere")).nodes[0].id
    own = (await read(backend, started, "one")).nodes[0].id
    user = await backend.uses.accounts.authenticate(api.token or "")
    sessions = Sessions({started.session_id: ["one"]})
    service = chains(backend, sessions)
    with pytest.raises(NotFound):
        await service.read_node(user, started.session_id, foreign)
    with pytest.raises(NotFound):
        await service.branch(user, started.session_id, foreign)
    assert await service.branch(user, started.session_id, own) == Branched(run="new")
    assert sessions.branched == [(user.user_id, started.session_id, own)]


async def test_the_chain_of_a_session_is_its_users_alone(api: Api, other: Api) -> None:
    started = await api.created()
    assert (await api.get("/chain", session_id=started.session_id)).status_code == 200
    for answer in (
        await other.get("/chain", session_id=started.session_id),
        await other.get("/chain/node", session_id=started.session_id, node_id="x"),
        await other.post("/chain/branch", session_id=started.session_id, node_id="x"),
    ):
        assert answer.status_code == 404
        assert "error" in answer.json()
