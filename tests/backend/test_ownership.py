"""What belongs to one account does not exist for another: every route and every event."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import httpx
import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.routes.application import ENDPOINTS
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.wire.base import JsonObject
from mojodex_tui.wire.route import Access, Placement
from tests.backend.client import Api, listening
from tests.wire.conformance_socket import Socket
from tests.workflows.flows import write_workflow

SECRET = "the-words-of-the-first-account"
DRAFT = f"<execution><title>{SECRET}</title><draft>{SECRET}</draft></execution>"


@dataclass(frozen=True)
class Victim:
    """An account with something of everything."""

    api: Api
    keys: dict[str, Any]

    @property
    def session_id(self) -> str:
        return str(self.keys["session_id"])


@dataclass(frozen=True)
class Attack:
    """A call of another account with the keys of the victim.

    What it takes is named as in the request; `more` is what else the route wants.
    """

    method: str
    path: str
    takes: tuple[str, ...]
    more: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] | None = None
    """The answer, where it is no refusal but tells nothing."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path} {'+'.join(self.takes)}"


ATTACKS = (
    Attack("GET", "/user_task", ("user_task_pk",)),
    Attack("PUT", "/user_task_execution", ("user_task_pk",)),
    Attack("PUT", "/user_task_execution", ("user_task_execution_fk",), {"user_task_pk": "own"}),
    Attack("GET", "/user_task_execution", ("user_task_execution_pk",)),
    Attack("DELETE", "/user_task_execution", ("user_task_execution_pk",)),
    Attack("POST", "/user_task_execution_run", ("user_task_execution_pk",), {"inputs": "[]"}),
    Attack("POST", "/user_task_execution_title", ("user_task_execution_pk",), {"title": "x"}),
    Attack(
        "GET",
        "/user_task_execution_produced_text",
        ("user_task_execution_pk",),
        {"produced_text_version_index": 1},
        {"produced_text_version_pk": None},
    ),
    Attack("GET", "/produced_text", ("produced_text_pk",)),
    Attack("POST", "/produced_text", ("produced_text_pk",), {"production": "x"}),
    Attack("POST", "/produced_text", ("user_task_execution_pk",), {"production": "x"}),
    Attack("POST", "/produced_text", ("session_id",), {"production": "x"}),
    Attack("DELETE", "/produced_text", ("produced_text_pk",)),
    Attack("POST", "/text_edit_action", ("produced_text_version_pk",), {"text_edit_action_pk": 1}),
    Attack("DELETE", "/session", ("session_id",)),
    Attack("GET", "/message", ("session_id",)),
    Attack(
        "PUT",
        "/user_message",
        ("session_id",),
        {"text": "x", "message_id": "x", "message_date": "2026-11-20T10:00:00"},
    ),
    Attack(
        "PUT",
        "/user_message",
        ("message_pk",),
        {
            "session_id": "own",
            "text": "x",
            "message_id": "x",
            "message_date": "2026-11-20T10:00:00",
        },
    ),
    Attack("GET", "/image", ("session_id", "filename")),
    Attack("GET", "/voice", ("message_pk",)),
    Attack("DELETE", "/generation", ("session_id",), says={"stopped": False}),
    Attack("POST", "/vocabulary", ("message_pk",)),
    Attack(
        "PUT",
        "/vocabulary",
        ("session_id",),
        {"initial_spelling": SECRET, "corrected_spelling": "x"},
    ),
    Attack("GET", "/todos", ("user_task_execution_fk",)),
    Attack("POST", "/todos", ("todo_pk",), {"mark_as_done": True}),
    Attack("POST", "/todos", ("user_task_execution_pk",), {"mark_as_read": True}),
    Attack("DELETE", "/todos", ("todo_pk",)),
    Attack(
        "PUT",
        "/todos",
        ("user_task_execution_pk",),
        {"description": "x", "scheduled_date": "2100-01-01"},
    ),
    Attack("GET", "/todo_history", ("todo_pk",)),
    Attack("POST", "/todo_text", ("todo_pk",), {"description": "x"}),
    Attack("POST", "/todo_move", ("todo_pk",), {"scheduled_date": "2100-01-01"}),
    Attack("POST", "/todo_undo", ("todo_pk",), {"what": "done"}),
    Attack("POST", "/todo_extraction", ("user_task_execution_pk",)),
    Attack("GET", "/chain", ("session_id",)),
    Attack("GET", "/chain/node", ("session_id",), {"node_id": "any"}),
    Attack("POST", "/chain/branch", ("session_id",), {"node_id": "any"}),
    Attack("PUT", "/session_file", ("session_id",)),
    Attack("GET", "/session_file", ("session_id",)),
    Attack("DELETE", "/session_file", ("session_id", "file_id")),
    Attack(
        "PUT",
        "/integrations/hubspot",
        ("produced_text_version_pk",),
        {
            "associated_object_id": "x",
            "associated_object_type": "deals",
            "engagement_type": "notes",
        },
    ),
)

WORKFLOW_ATTACKS = (
    Attack("GET", "/workflow_run", ("user_task_execution_pk",)),
    Attack("POST", "/workflow_pause", ("user_task_execution_pk",), {"paused": True}),
    Attack("POST", "/workflow_stop", ("user_task_execution_pk",)),
    Attack("POST", "/workflow_auto_validate", ("user_task_execution_pk",), {"enabled": True}),
    Attack("PUT", "/workflow_duplicate", ("user_task_execution_pk",)),
    Attack(
        "POST", "/restart_user_workflow_execution", ("user_task_execution_pk",), {"inputs": "[]"}
    ),
    Attack(
        "POST",
        "/user_workflow_step_execution",
        ("user_workflow_step_execution_pk",),
        {"validated": True},
    ),
    Attack("PUT", "/user_workflow_step_execution", ("user_workflow_step_execution_pk",)),
    Attack(
        "PUT",
        "/user_workflow_step_execution_result",
        ("user_workflow_step_execution_pk",),
        {"result": []},
    ),
    Attack("PUT", "/user_workflow_execution", ("user_workflow_pk",)),
    Attack("GET", "/user_workflow_execution", ("user_workflow_execution_pk",)),
    Attack("POST", "/user_workflow_execution", ("user_workflow_execution_pk",)),
    Attack("GET", "/user_workflow", ("user_workflow_pk",)),
)
"""The execution they take is one of a workflow."""

OWNED_BY_NOBODY = {
    ("PUT", "/error"): "a session is only noted in the log",
    ("PUT", "/associate_free_product"): "the category everybody may choose",
    ("POST", "/resource"): "nobody has documents",
    ("DELETE", "/resource"): "nobody has documents",
}
"""Routes that take a key of nothing an account owns."""


@pytest.fixture
def settings(settings: BackendSettings) -> BackendSettings:
    """A backend with a workflow, too."""
    write_workflow(settings.tasks_dir, [("write", True)])
    return settings


@pytest.fixture
async def victim_of_workflow(api: Api, backend: Backend) -> Victim:
    """An account with a run whose step has failed."""
    started = await api.created("Poem")
    await started.run({"topic": SECRET})
    await backend.background.idle()
    (run,) = (await started.read())["step_executions"]
    return Victim(
        api,
        {
            "user_task_execution_pk": started.pk,
            "user_workflow_step_execution_pk": run["user_workflow_step_execution_pk"],
            "user_workflow_execution_pk": started.pk,
            "user_workflow_pk": started.user_task_pk,
        },
    )


@pytest.fixture
async def victim(api: Api, backend: Backend, llm: ScriptedLlm) -> Victim:
    llm.add(DRAFT)
    started = await api.created()
    await started.say(SECRET)
    await backend.background.idle()
    shown = await started.read()
    file = ("notes.txt", SECRET.encode())
    session = backend.uses.files.folder / started.session_id
    session.mkdir(parents=True)
    (session / f"{'0' * 32}.png").write_bytes(file[1])
    todo = await api.put("/todos", description=SECRET, scheduled_date="2100-01-01")
    attached = await api.form(
        "PUT", "/session_file", {"session_id": started.session_id}, {"file": file}
    )
    return Victim(
        api,
        {
            "todo_pk": todo.json()["todo_pk"],
            "user_task_pk": started.user_task_pk,
            "user_task_execution_pk": started.pk,
            "user_task_execution_fk": started.pk,
            "session_id": started.session_id,
            "produced_text_pk": shown["produced_text_pk"],
            "produced_text_version_pk": shown["produced_text_version_pk"],
            "message_pk": (await started.messages())[0]["message_pk"],
            "filename": f"{'0' * 32}.png",
            "file_id": attached.json()["file_id"],
        },
    )


def _everything(settings: BackendSettings) -> list[str]:
    """Return the whole database."""
    with sqlite3.connect(settings.sqlite_file) as connection:
        dump = list(connection.iterdump())
    connection.close()
    return dump


async def _call(api: Api, attack: Attack, fields: dict[str, Any]) -> httpx.Response:
    placement = next(
        each.route.placement
        for each in ENDPOINTS
        if (each.route.method, each.route.path) == (attack.method, attack.path)
    )
    sent = {"datetime": "now", "platform": "webapp", **fields}
    headers = {"Authorization": api.token or ""}
    match placement:
        case Placement.QUERY:
            return await api.http.request(attack.method, attack.path, params=sent, headers=headers)
        case Placement.JSON:
            return await api.http.request(attack.method, attack.path, json=sent, headers=headers)
        case Placement.FORM:
            texts = {key: str(value) for key, value in sent.items()}
            files = {"file": ("notes.txt", b"x")} if attack.path == "/session_file" else None
            return await api.http.request(
                attack.method, attack.path, data=texts, files=files, headers=headers
            )


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_another_account_gets_and_changes_nothing(
    attack: Attack, victim: Victim, other: Api, backend: Backend, settings: BackendSettings
) -> None:
    own = await other.created()
    fields = {key: victim.keys[key] for key in attack.takes}
    mine = {"user_task_pk": own.user_task_pk, "session_id": own.session_id}
    fields |= {key: mine[key] if value == "own" else value for key, value in attack.more.items()}
    await backend.background.idle()
    before = _everything(settings)

    answer = await _call(other, attack, fields)
    await backend.background.idle()

    assert SECRET not in answer.text
    if "own" in attack.more.values() and attack.takes == ("message_pk",):
        # A message of their own; that of the victim is not what it answers.
        assert answer.json()["message_pk"] != victim.keys["message_pk"]
        return
    if attack.says is None:
        assert 400 <= answer.status_code < 500
    else:
        assert answer.json() == attack.says
    assert _everything(settings) == before


@pytest.mark.parametrize("attack", WORKFLOW_ATTACKS, ids=lambda attack: attack.name)
async def test_another_account_decides_nothing_about_a_run(
    attack: Attack,
    victim_of_workflow: Victim,
    other: Api,
    backend: Backend,
    settings: BackendSettings,
) -> None:
    fields = {key: victim_of_workflow.keys[key] for key in attack.takes}
    before = _everything(settings)
    answer = await _call(other, attack, {**fields, **attack.more})
    await backend.background.idle()
    assert SECRET not in answer.text
    assert 400 <= answer.status_code < 500
    assert _everything(settings) == before


def test_every_route_with_a_key_is_attacked() -> None:
    """A new route that takes a key must be added above, or to `OWNED_BY_NOBODY`."""
    attacks = (*ATTACKS, *WORKFLOW_ATTACKS)
    attacked = {(attack.method, attack.path) for attack in attacks} | OWNED_BY_NOBODY.keys()
    with_key = {
        (each.route.method, each.route.path)
        for each in ENDPOINTS
        if each.route.access is Access.USER
        and any(
            name.endswith(("_pk", "_fk", "_id"))
            for name in each.route.request.model_fields
            if name not in {"message_id", "stripe_session_id", "product_stripe_id"}
        )
    }
    assert with_key - attacked == set()


async def test_another_account_hears_nothing(
    victim: Victim, other: Api, backend: Backend, llm: ScriptedLlm, url: str
) -> None:
    llm.add(DRAFT)
    assert other.token is not None
    async with listening(url, other.token) as stranger:
        await stranger.join(victim.session_id)
        assert stranger.heard == [("error", f"Session {victim.session_id} not found")]
        sent = {"session_id": victim.session_id, "message_id": "again", "text": "again"}
        await victim.api.form(
            "PUT", "/user_message", {**sent, "message_date": "2026-11-20T10:00:00"}
        )
        await backend.background.idle()
        await stranger.socket.call("start_session", {"session_id": "nope", "version": "1"})
        assert {name for name, _ in stranger.heard} == {"error"}


async def test_another_account_acknowledges_nothing(
    victim: Victim, other: Api, url: str, settings: BackendSettings
) -> None:
    """The copy of an unacknowledged draft comes, whatever a stranger acknowledged meanwhile."""
    assert victim.api.token is not None
    async with aiohttp.ClientSession() as web:
        owner, stranger = await Socket.open(web, url), await Socket.open(web, url)
        await owner.join({"token": victim.api.token})
        await stranger.join({"token": other.token})
        start: JsonObject = {"session_id": victim.session_id, "version": "0.4.13"}
        await owner.emit("start_session", start)
        await stranger.emit("start_session", start)
        first = await owner.event("draft_message", victim.session_id, 0)
        assert first is not None
        acked = {key: victim.keys[key] for key in ("session_id", "produced_text_version_pk")}
        await stranger.acknowledge(first.ack_id or 0, [acked])
        assert await owner.event("draft_message", victim.session_id, 1) is not None
        await owner.close()
        await stranger.close()
