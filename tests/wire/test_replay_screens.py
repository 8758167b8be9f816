"""What an original server said stands on the program's own screens, as it was said."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from mojodex_tui.state.session import Drafted, Said
from mojodex_tui.ui.screens import todos as todos_screen
from mojodex_tui.ui.screens.todos import TodosScreen
from tests.wire.replay import replaying
from tests.wire.replay_actor import Actor
from tests.wire.replay_driver import walk
from tests.wire.replay_reads import Reads, Row
from tests.wire.replay_screen import (
    Nobody,
    RunViewer,
    WorkflowViewer,
    at_rest,
    drawn,
    rows_in,
    showing,
)
from tests.wire.replay_script import Answered, Uttered, key_of, script
from tests.wire.test_replay import TAG_LIKE, check


@dataclass(frozen=True)
class Stands:
    """How a run stands at the end of its recording."""

    execution_pk: int
    words: str
    """What its title says of it."""
    rows: tuple[str, ...]
    """Its list of steps."""
    told: str = ""
    """What else stands there."""


PLAN, STANZA = "Plan the stanzas", "Write a stanza"

RUNS: Final[Mapping[str, list[Stands]]] = {
    "07b_workflow_run": [
        Stands(
            41,
            "done   3 of 3 done",
            (f"ok {PLAN}", f"ok {STANZA} 1/2", f"ok {STANZA} 2/2"),
            "Workflow execution not found for this user",
        ),
    ],
    "07c_workflow_restart": [
        Stands(
            42,
            "waiting for you",
            (f"ok {PLAN}", f">> {STANZA} 1/2", f".. {STANZA} 2/2"),
        ),
    ],
    "07d_workflow_llm_failure": [
        Stands(
            45,
            "waiting for you",
            (f"ok {PLAN}", f"ok {STANZA} 1/2", f">> {STANZA} 2/2"),
        ),
        Stands(46, "waiting for you", (f">> {PLAN}", f".. {STANZA}")),
        Stands(47, "waiting for you", (f">> {PLAN}", f".. {STANZA}")),
    ],
    "07e_workflow_no_validation": [
        Stands(
            48,
            "done   4 of 4 done",
            (f"ok {PLAN}", f"ok {STANZA} 1/3", f"ok {STANZA} 2/3", f"ok {STANZA} 3/3"),
        ),
        Stands(
            49,
            "done   3 of 3 done",
            (f"ok {PLAN}", f"ok {STANZA} 1/2", f"ok {STANZA} 2/2"),
        ),
        Stands(
            50,
            "done   4 of 4 done",
            (f"ok {PLAN}", f"ok {STANZA} 1/3", f"ok {STANZA} 2/3", f"ok {STANZA} 3/3"),
        ),
    ],
    "07f_workflow_three_steps": [
        Stands(
            59,
            "done   6 of 6 done",
            (
                f"ok {PLAN}",
                f"ok {STANZA} 1/2",
                f"ok {STANZA} 2/2",
                f"ok {STANZA} 1/3",
                f"ok {STANZA} 2/3",
                f"ok {STANZA} 3/3",
            ),
        ),
        Stands(
            60,
            "failed   1 of 3 done",
            (f"ok {PLAN}", f".. {STANZA}", f".. {STANZA}"),
            "It failed: Error during workflow run",
        ),
        Stands(
            61,
            "failed   1 of 3 done",
            (f"ok {PLAN}", f"!! {STANZA}", f".. {STANZA}"),
            "It failed:",
        ),
    ],
}


SAME_NAMES: Final = defaultdict[str, Counter[str]](
    Counter,
    {"07f_workflow_three_steps": Counter([f"{STANZA}{n}" for n in ("", " 1/2", " 2/2")])},
)
"""The rows of steps that have the name of another."""


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.mark.parametrize("scenario", RUNS)
async def test_a_run_is_followed_on_its_screen_to_its_end(
    scenario: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    viewer = WorkflowViewer(script(scenario))
    async with replaying(script(scenario)) as replay:
        made = await walk(replay, tmp_path, viewer=viewer)
    check(replay, made)
    for frame in viewer.frames:
        assert not TAG_LIKE.search(frame), frame
        doubled = Counter(row[3:] for row in rows_in(frame)) - SAME_NAMES[scenario]
        assert set(doubled.values()) <= {1}, frame
    assert [one.execution_pk for one in viewer.ended] == [
        one.execution_pk for one in RUNS[scenario]
    ]
    for one, stands in zip(viewer.ended, RUNS[scenario], strict=True):
        assert stands.words in one.screen, one.screen
        assert tuple(rows_in(one.screen)) == stands.rows, one.screen
        assert stands.told in one.screen, one.screen
        told = replay.reads.execution(stands.execution_pk)
        assert told is not None
        for line in (told["produced_text_production"] or "").splitlines():
            assert line in one.screen
        assert len(one.of_rows) == len(stands.rows)
        for line in _results(told):
            assert any(line in picture for picture in one.of_rows), line
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def _results(told: Row) -> list[str]:
    """Return every line of every result of a run."""
    items = [
        item
        for step in told["step_executions"]
        if isinstance(step["result"], list)
        for item in step["result"]
    ]
    return [line for item in items for value in item.values() for line in value.splitlines()]


@pytest.mark.parametrize("scenario", ["03_instruct_form", "04_instruct_chat", "06_user_edits"])
async def test_a_session_is_followed_on_its_screen_to_its_end(
    scenario: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    viewer = RunViewer(script(scenario))
    async with replaying(script(scenario)) as replay:
        made = await walk(replay, tmp_path, viewer=viewer)
    check(replay, made)
    for frame in viewer.frames:
        assert not TAG_LIKE.search(frame), frame
    states = {
        pk: one.state
        for actor in made.actors
        for session_id, one in actor.sessions.items()
        if (pk := made.pks.get(session_id))
    }
    assert viewer.ended
    for one in viewer.ended:
        state, words = states[one.execution_pk], one.screen.split()
        assert state.execution.title is None or state.execution.title in one.screen
        for entry in state.entries:
            if isinstance(entry, Said) and entry.text:
                assert one.screen.count(_beginning(entry.text)) == 1, one.screen
        drafted = [entry for entry in state.entries if isinstance(entry, Drafted)]
        assert one.screen.count("Wrote the draft:") == len(drafted), one.screen
        if state.draft is not None:
            assert re.search(r"Draft v(\d) of \1 ", one.screen), one.screen
            shown = {*(state.draft.title or "").split(), *state.draft.body.split()} - {"-"}
            assert shown <= {*words}, one.screen
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def _beginning(text: str) -> str:
    """Return as much of a text as stands on one line of the chat."""
    return " ".join(text.split()[:4])


@pytest.mark.parametrize("scenario", RUNS)
def test_what_is_read_in_between_is_what_was_recorded_at_other_times(scenario: str) -> None:
    reads = Reads(script(scenario))
    compared = 0
    for step in script(scenario).broadcasts:
        if isinstance(step, Uttered):
            reads.hear(step)
        elif isinstance(step, Answered):
            exchange = step.asked.exchange
            key = key_of(exchange.secret, exchange.method, exchange.path, exchange.fields)
            known = reads.answer(key) if exchange.path == "/user_task_execution" else None
            if isinstance(known, dict) and exchange.method == "GET" and exchange.good:
                assert isinstance(exchange.body, dict)
                assert _kept(known, scenario) == _kept(exchange.body, scenario), exchange.where
                compared += 1
            reads.take(exchange)
    assert compared > 0


def _kept(execution: Row, scenario: str) -> Row:
    """Return what can be known of an execution from what was asked and said."""
    unknown = {"start_date", "end_date", "summary"}
    if scenario == "07d_workflow_llm_failure" and execution["user_task_execution_pk"] == 47:
        unknown |= {"step_executions"}  # the scheduler gave a step up
    return {name: value for name, value in execution.items() if name not in unknown}


class CatalogViewer(Nobody):
    """Looks at the catalog, once there is no more to come."""

    def __init__(self) -> None:
        self.screen = ""

    async def leaving(self, actor: Actor) -> None:
        """Open the program."""
        async with showing(actor.client) as pilot:
            self.screen = drawn(pilot)


async def test_workflows_that_were_made_stand_in_the_catalog(tmp_path: Path) -> None:
    viewer = CatalogViewer()
    async with replaying(script("07a_workflow_create")) as replay:
        await walk(replay, tmp_path, viewer=viewer)
    for name in ("Write a poem ", "Write a poem without review ", "Write a poem, plan reviewed o…"):
        rows = [line for line in viewer.screen.splitlines() if name in line and "2 steps" in line]
        assert len([row for row in rows if f"{name} " in row]) == 1, viewer.screen


class TodosViewer(Nobody):
    """Looks at the To-Dos, once there is no more to come."""

    def __init__(self) -> None:
        self.screens: dict[str, str] = {}
        """By the name of their user."""

    async def leaving(self, actor: Actor) -> None:
        """Open the screen, with everything in sight."""
        account = actor.client.account.value
        assert account is not None
        async with showing(actor.client, TodosScreen) as pilot:
            for part in ("all", "done"):
                await pilot.press("left")
                await at_rest(pilot)
                self.screens[f"{account.name}: {part}"] = drawn(pilot)


async def test_todos_stand_on_their_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    monkeypatch.setattr(todos_screen, "here_and_now", lambda: noon)
    viewer = TodosViewer()
    async with replaying(script("08_todos")) as replay:
        await walk(replay, tmp_path, viewer=viewer)
    shown, done, of_other, _ = viewer.screens.values()
    assert "Today 0   Upcoming 2   Overdue 0   Done 1" in shown
    assert re.search(r"\[ \]   Send the launch plan to Ana +tomorrow", shown)  # it was moved
    assert re.search(r"\[ \]   Prepare slides +Fri 27 Nov", shown)
    assert "Call Bo about staging" not in shown + done  # it was deleted
    assert re.search(r"\[x\]   Book the meeting room", done)
    assert "From Launch plan email" in shown
    assert "Nothing to do." in of_other
