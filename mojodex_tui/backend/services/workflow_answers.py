"""What a run of a workflow answers on the engine: what comes next, and what a step gives.

Nothing is written here. Each answer says in its `value` what it decided; the transaction that logs
it carries that out (`workflow_turns`).
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import structlog

from mojodex_tui.backend.assistants.workflow import GO_ON, REVIEW, step_name
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import ReviewBrief
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflow_rules import (
    Begin,
    Decide,
    Finish,
    GoOn,
    Nothing,
    learned,
    past_results,
)
from mojodex_tui.backend.domain.workflow_runs import StepRun
from mojodex_tui.backend.domain.workflows import StepCall, StepFailed, WorkflowStep
from mojodex_tui.backend.engine.nodes import Node, Reply
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.workflow_ports import Steps
from mojodex_tui.backend.services.workflow_runs import Known, look_again, review_brief

_LOG = structlog.get_logger(__name__)
_NOT_BEGUN = "The workflow has not begun. Fill in its form first."
_NO_CHAT = "The text of this workflow is not changed by talking about it. Edit it by hand instead."
_MISTAKE = "The step made a mistake of its own. The log file says more; try it again."
_NO_ITEMS = "The step gave no list of objects, so nothing of it can be used. Try it again."


@dataclass
class RunAnswers:
    """Answers for one run.

    Args:
        store: where the run is kept.
        clock: tells when.
        performer: performs the steps.
        user: whose run it is.
        known: the run, as it was last read. What a transaction reads that writes, and so may be
            undone, is not kept here.
        workflow: the system name of its workflow.
        session_id: its session.
        is_said: whether the user said something, instead of deciding something.
    """

    store: Store
    clock: Clock
    performer: Steps
    user: User
    known: Known
    workflow: str
    session_id: str
    is_said: bool

    @property
    def execution_pk(self) -> int:
        """The run."""
        return self.known.execution.pk

    async def look(self, work: Work) -> Known:
        """Return what is known of the run now; a transaction that writes locks it."""
        execution = await work.executions.get(self.execution_pk)
        if execution is None:
            raise LookupError(f"The execution {self.execution_pk} is gone")
        return await look_again(work, execution, self.known)

    async def _read(self) -> Known:
        """Read the run, and keep what is known of it."""
        async with self.store.read() as work:
            self.known = await self.look(work)
        return self.known

    async def review_brief(self) -> ReviewBrief:
        """Return what is known of the result the user talks about."""
        async with self.store.read() as work:
            return await review_brief(work, self.user, await self.look(work), self.clock)

    async def decide(self, node: Node) -> Reply | None:
        """Return what comes after a node of the run's thread."""
        known = await self._read()
        if node.sender == REVIEW and node.text != GO_ON:
            rejected = known.runs[-1].pk
            return _next(_without(known, rejected), {"pk": rejected, "instruction": node.text})
        if node.sender == "user" and self.is_said:
            if known.standing.ended:
                return Reply(text=_NO_CHAT, to="user", value={"do": "say"})
            if known.runs:
                return Reply(signal="pass", to=REVIEW)
            return Reply(text=_NOT_BEGUN, to="user", value={"do": "say"})
        return _next(known, None)

    async def perform(self, _: Node) -> Reply | None:
        """Do the step that has begun; only one has at a time."""
        known = await self._read()
        match known.plan.next:
            case GoOn(run):
                pass
            case _:
                return Reply(text="This try was given up.", signal="done")
        try:
            outcome = await self.performer.run(self._call(known, run))
        except (StepFailed, LlmError) as error:
            return _failed(run, str(error))
        except Exception as error:  # noqa: BLE001 - what a registered step raises is not ours
            _LOG.error("step failed", step=known.step(run).name, exc_info=error)
            return _failed(run, _MISTAKE)
        items = [*outcome.items]
        if not all(isinstance(item, dict) for item in items):
            return _failed(run, _NO_ITEMS)
        spent = outcome.usage
        cost = [spent.model, spent.input_tokens, spent.output_tokens]
        value = {"ended": run.pk, "cost": cost}
        return Reply(text=_text(items), signal="done", value=value)

    def _call(self, known: Known, run: StepRun) -> StepCall:
        user = self.user
        return StepCall(
            workflow=self.workflow,
            step=known.step(run),
            parameter=run.parameter,
            inputs=known.inputs,
            learned=learned(run.step_pk, run.parameter, known.runs),
            past=past_results(known.steps, known.plan.counted, known.runs),
            language=user.language,
            user_name=user.name or "",
            now=user.local_time(self.clock()),
            company=user.company_description,
            user_id=user.user_id,
            execution_pk=self.execution_pk,
            session_id=self.session_id,
        )


def is_as_decided(value: dict[str, Any], begun: Begin) -> bool:
    """Whether what is to begin now is what an answer said."""
    return all(value.get(key) == known for key, known in _as_json(begun).items())


def nothing_given(step: WorkflowStep) -> str:
    """Return what the user is told when no execution of a step gave anything."""
    return (
        f"The step “{step.label}” gave nothing for the next one to work on. What it gave is kept: "
        "add something to it, or say what should be different, and relaunch the workflow."
    )


def _next(known: Known, rejected: JsonObject | None) -> Reply:
    also = {} if rejected is None else {"rejected": rejected}
    match known.plan.next:
        case Begin(step, place) as begun if not known.standing.paused:
            value = {"do": "begin", **_as_json(begun), **also}
            return Reply(text=_text(place.parameter), to=step_name(step), value=value)
        case GoOn(run):
            to = step_name(known.step(run))
            return Reply(text=_text(run.parameter), to=to, value={"do": "go on", "pk": run.pk})
        case Finish(text):
            return Reply(text=text, signal="done", value={"do": "finish"})
        case Decide(run):
            text = f"Is this right? {known.step(run).label}: {_text(run.result)}"
        case Nothing(step):
            text = nothing_given(step)
        case _:
            text = "The run waits."
    return Reply(text=text, to="user", value={"do": "wait", **also})


def _without(known: Known, pk: int) -> Known:
    """Return a run as it is once a step execution is rejected."""
    runs = (replace(run, validated=False) if run.pk == pk else run for run in known.runs)
    return replace(known, runs=tuple(runs))


def _as_json(begun: Begin) -> JsonObject:
    """Return what begins, to be compared later."""
    place = begun.place
    return {
        "step": begun.step.pk,
        "parent": place.parent_pk,
        "index": place.item_index,
        "parameter": place.parameter,
    }


def _failed(run: StepRun, sentence: str) -> Reply:
    return Reply(text=sentence or _MISTAKE, signal="done", value={"failed": run.pk})


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
