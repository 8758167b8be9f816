"""A workflow whose backend is killed again and again, and what is left of it afterwards."""

import contextlib
import json
import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.backend_process import OFFLINE, SECRET, spawn
from tests.workflows.flows import write_workflow

EXECUTIONS = 16
"""One plan of three parts, four texts for each part."""
_PATIENCE = 300.0
"""Seconds in which a backend that nobody kills must come to an end, on a busy machine."""
_STEPS = '''
"""Steps that leave a trace of their work outside the database, before its result is kept."""
import asyncio, json, os, time

async def _do(call, texts):
    await asyncio.sleep(0.02)
    trace = {"execution": call.execution_pk, "step": call.step.name,
             "parameter": call.parameter, "at": time.time()}
    with open(os.environ["CRASH_TRACES"], "a") as file:
        file.write(json.dumps(trace) + "\\n")
    return [{"text": text} for text in texts]

async def plan(call):
    return await _do(call, "abc")

async def part(call):
    return await _do(call, [f"{call.parameter['text']}{number}" for number in range(4)])

async def write(call):
    return await _do(call, [call.parameter["text"] + "!"])
'''
_ENTRY_POINTS = """[mojodex_tui.workflow_steps]
crash_plan = crash_steps:plan
crash_part = crash_steps:part
crash_write = crash_steps:write
"""


class Gone(Exception):
    """The backend does not answer any more."""


@dataclass
class Tally:
    """What was seen while backends were killed."""

    kills: int = 0
    decisions: int = 0
    lost: int = 0
    """Decisions that were answered, and had to be taken again."""
    pks: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    answered: set[tuple[str, int]] = field(default_factory=set)


@dataclass(frozen=True)
class Scene:
    """A data folder with the workflow, and the package its steps are in."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def traces(self) -> Path:
        return self.folder / "traces"

    @property
    def environ(self) -> dict[str, str]:
        """What a backend of it is started with."""
        paths = [str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **OFFLINE,
            "CRASH_TRACES": str(self.traces),
            "PYTHONPATH": os.pathsep.join(paths),
        }

    def install(self) -> None:
        """Write it all down: the steps are registered by an entry point, as a package does it."""
        (self.folder / "crash_steps.py").write_text(_STEPS, "utf-8")
        info = self.folder / "crash_steps-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: crash-steps\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(_ENTRY_POINTS, "utf-8")
        self.traces.touch()
        steps = [("crash_plan", True), ("crash_part", True), ("crash_write", False)]
        write_workflow(self.data / "tasks", steps, name="crash")


@dataclass(frozen=True)
class Client:
    """Calls a backend that may die at any moment."""

    http: httpx.Client

    def call(self, method: str, path: str, **how: Any) -> dict[str, Any]:  # noqa: ANN401 - as httpx has it
        """Return an answer.

        Raises:
            Gone: none came.
        """
        try:
            answer = self.http.request(method, path, **how)
        except httpx.TransportError as error:
            raise Gone from error
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def sign_in(self) -> None:
        headers = {"Authorization": SECRET}
        account = self.call("POST", "/local_session", json={"datetime": "now"}, headers=headers)
        self.http.headers["Authorization"] = account["token"]

    def created(self) -> int:
        tasks = self.call("GET", "/user_task", params={"datetime": "now"})["user_tasks"]
        pk = next(each["user_task_pk"] for each in tasks if each["task_name"] == "Crash")
        body = {"datetime": "now", "platform": "webapp", "user_task_pk": pk}
        made = self.call("PUT", "/user_task_execution", json=body)
        return int(made["user_task_execution_pk"])

    def start(self, pk: int) -> None:
        inputs = json.dumps([{"input_name": "topic", "input_value": "rain"}])
        fields = {"datetime": "now", "user_task_execution_pk": str(pk), "inputs": inputs}
        self.call("POST", "/user_task_execution_run", data=fields)

    def run(self, pk: int) -> dict[str, Any]:
        return self.call("GET", "/workflow_run", params={"user_task_execution_pk": pk})

    def accept(self, pk: int) -> None:
        body = {"datetime": "now", "user_workflow_step_execution_pk": pk, "validated": True}
        self.call("POST", "/user_workflow_step_execution", json=body)

    def text(self, pk: int) -> str:
        query = {"datetime": "now", "user_task_execution_pk": pk}
        shown = self.call("GET", "/user_task_execution", params=query)
        return str(shown["produced_text_production"])


def measure(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Run workflows until their backends were killed so often, and the last one to its end."""
    began = time.monotonic()
    scene, tally = Scene(folder), Tally()
    scene.install()
    # The first one is not interrupted: the others are held against it, and last as long.
    lasts = _live(scene, tally, runs=1)
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    while tally.kills < kills:
        _live_and_die(scene, tally, chance, lasts)
    _live(scene, tally, runs=len(tally.pks))
    missing, twice = _kept(scene.data / "backend.sqlite3", tally.pks)
    identical = len({*tally.texts}) == 1 and len(tally.texts) == len(tally.pks)
    return {
        "kills": tally.kills,
        "lost": tally.lost + missing,
        "repeated": twice + _done_again(scene),
        "identical": identical,
        "runs": len(tally.pks),
        "step_executions": len(tally.pks) * EXECUTIONS,
        "decisions": tally.decisions,
        "seconds": round(time.monotonic() - began, 1),
    }


def _live_and_die(scene: Scene, tally: Tally, chance: random.Random, lasts: float) -> None:
    """Work with a backend until it is killed, mostly within the time a run takes.

    A backend that dies too early each time to do anything would show nothing.
    """
    early = chance.random() < 0.15
    process = spawn(scene.data, scene.environ)
    assert process.stdin is not None
    assert process.stdout is not None
    killer = threading.Timer(chance.uniform(0.0, lasts), process.kill) if early else None
    if killer is not None:
        killer.start()
    line = process.stdout.readline()
    if killer is None:
        assert line, "the backend does not start any more"
        killer = threading.Timer(chance.uniform(0.0, lasts), process.kill)
        killer.start()
    if line:
        with contextlib.suppress(Gone), _client(json.loads(line)["port"]) as client:
            while True:
                _work(client, tally)
    killer.join()
    process.wait(timeout=_PATIENCE)
    process.stdin.close()
    process.stdout.close()
    tally.kills += 1


def _live(scene: Scene, tally: Tally, runs: int) -> float:
    """Bring so many runs to their end, and return the seconds that took."""
    process = spawn(scene.data, scene.environ)
    assert process.stdin is not None
    assert process.stdout is not None
    with _client(json.loads(process.stdout.readline())["port"]) as client:
        began = time.monotonic()
        while len(tally.texts) < runs:
            _work(client, tally)
            assert time.monotonic() < began + _PATIENCE, f"no end: {client.run(tally.pks[-1])}"
        took = time.monotonic() - began
    process.stdin.close()
    process.wait(timeout=_PATIENCE)
    process.stdout.close()
    return took


@contextmanager
def _client(port: int) -> Iterator[Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE) as http:
        client = Client(http)
        client.sign_in()
        yield client


def _work(client: Client, tally: Tally) -> None:
    """Do what a user would do next with the newest run, or begin another one."""
    if len(tally.texts) == len(tally.pks):
        tally.pks.append(client.created())
    pk = tally.pks[-1]
    run = client.run(pk)
    match run["state"]:
        case "new":
            _decide(tally, "start", pk, lambda: client.start(pk))
        case "waiting":
            waiting = run["step_executions"][-1]["user_workflow_step_execution_pk"]
            _decide(tally, "accept", waiting, lambda: client.accept(waiting))
        case "done":
            tally.texts.append(client.text(pk))
        case "running":
            time.sleep(0.01)  # as a client does that polls
        case other:
            raise AssertionError(f"the run is {other}: {run}")


def _decide(tally: Tally, what: str, pk: int, decide: Callable[[], None]) -> None:
    if (what, pk) in tally.answered:
        tally.lost += 1
    decide()
    tally.answered.add((what, pk))
    tally.decisions += 1


def _kept(database: Path, pks: list[int]) -> tuple[int, int]:
    """Return how many step executions are missing, and how many things are there twice."""
    missing = twice = 0
    connection = sqlite3.connect(database)
    for pk in pks:
        places = Counter(
            connection.execute(
                "SELECT workflow_step_fk, parent_pk, item_index "
                "FROM md_user_workflow_step_execution "
                "WHERE user_task_execution_fk = ? AND validated IS NOT 0",
                (pk,),
            )
        )
        missing += EXECUTIONS - len(places)
        twice += sum(times - 1 for times in places.values())
        (versions,) = connection.execute(
            "SELECT count(*) FROM md_produced_text_version JOIN md_produced_text "
            "ON produced_text_fk = produced_text_pk WHERE user_task_execution_fk = ?",
            (pk,),
        ).fetchone()
        twice += versions - 1
    (results,) = connection.execute(
        "SELECT count(*) - count(DISTINCT user_workflow_step_execution_fk) "
        "FROM md_user_workflow_step_execution_result"
    ).fetchone()
    connection.close()
    return missing, twice + results


def _done_again(scene: Scene) -> int:
    """Return how often a step did its work although its result was kept already."""
    connection = sqlite3.connect(scene.data / "backend.sqlite3")
    rows = connection.execute(
        "SELECT run.user_task_execution_fk, name_for_system, run.parameter, kept.creation_date "
        "FROM md_user_workflow_step_execution AS run "
        "JOIN md_workflow_step ON workflow_step_pk = workflow_step_fk "
        "JOIN md_user_workflow_step_execution_result AS kept "
        "ON user_workflow_step_execution_fk = user_workflow_step_execution_pk"
    )
    kept = {
        (pk, step, json.dumps(json.loads(parameter), sort_keys=True)): datetime.fromisoformat(at)
        .replace(tzinfo=UTC)
        .timestamp()
        for pk, step, parameter, at in rows
    }
    connection.close()
    again = 0
    for line in scene.traces.read_text("utf-8").splitlines():
        trace = json.loads(line)
        parameter = json.dumps(trace["parameter"], sort_keys=True)
        known = kept.get((trace["execution"], trace["step"], parameter))
        again += known is not None and trace["at"] > known
    return again
