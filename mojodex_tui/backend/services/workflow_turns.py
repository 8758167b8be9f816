"""One advance of a workflow's run on the engine, and the rows its log becomes.

What comes next is decided twice: when the engine asks, and again in the transaction that logs the
answer, on the locked run. If the user changed something between the two, nothing is logged and the
engine asks again. So a step begins exactly once, and on what the user last wanted.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from mojodex_tui.backend.assistants.instruct import Heard, Question
from mojodex_tui.backend.assistants.steps import StepLlm
from mojodex_tui.backend.assistants.workflow import GO_ON, REVIEW, step_name, workflow_task
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import ReviewBrief
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import AnswerDue, Execution, Message, Session
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
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import Node, Reply
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.llm.port import LlmSource, Usage
from mojodex_tui.backend.services.briefs import asked_text
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.turns import (
    AnyTask,
    Turn,
    Withdrawn,
    call_of,
    keep_failure,
)
from mojodex_tui.backend.services.workflow_ports import Steps
from mojodex_tui.backend.services.workflow_runs import Known, look, review_brief, wire_run
from mojodex_tui.wire.events import (
    KnownEvent,
    StepEnded,
    StepInvalidated,
    StepStarted,
    WorkflowProducedText,
)

_LOG = structlog.get_logger(__name__)
_NOT_BEGUN = "The workflow has not begun. Fill in its form first."
_MISTAKE = "The step made a mistake of its own. The log file says more; try it again."
_NO_ITEMS = "The step gave no list of objects, so nothing of it can be used. Try it again."


class Stale(Exception):
    """The user changed something after it was decided what comes next."""


@dataclass
class WorkflowTurn(Turn):
    """Work due on a run: it goes on until somebody is to decide something, or to its end.

    Args:
        store: where the run is kept.
        llm: talks about rejected results.
        performer: performs the steps.
        execution_pk: the run.
        task_pk: its workflow.
        workflow: the workflow's system name.
        steps: the workflow's.
    """

    store: Store = field(kw_only=True)
    llm: LlmSource = field(kw_only=True)
    performer: Steps = field(kw_only=True)
    execution_pk: int = field(kw_only=True)
    task_pk: int = field(kw_only=True)
    workflow: str = field(kw_only=True)
    steps: tuple[WorkflowStep, ...] = field(kw_only=True)
    _news: dict[str, list[KnownEvent]] = field(default_factory=dict, init=False)

    def news(self, node: Node) -> list[KnownEvent]:
        """Return what clients are told once a node is kept."""
        return self._news.pop(node.id, [])

    def task(self) -> AnyTask:
        """Return the task of the run."""
        return workflow_task(
            self.task_pk,
            self.steps,
            self._decide,
            self._perform,
            StepLlm(self.llm, self._review_brief),
        )

    async def goes_on(self, status: str) -> bool:
        """Whether the run is to be resumed, though the engine left it: something was decided."""
        if self.settled or status not in {"WAITING", "KILL"}:
            return False
        async with self.store.write() as work:
            if not await work.answers.is_held(self.due.pk, self.due.claimed_by):
                return False
            if status == "KILL":
                # Who worked on it before us ended the run as it was taken over: begin another.
                await work.sessions.end_run(self.session.session_id)
        return True

    async def _look(self, work: Work) -> Known:
        execution = await work.executions.get(self.execution_pk)
        if execution is None:
            raise LookupError(f"The execution {self.execution_pk} is gone")
        return await look(work, execution, self.user.language)

    async def _review_brief(self) -> ReviewBrief:
        async with self.store.read() as work:
            return await review_brief(work, self.user, await self._look(work), self.clock)

    async def _decide(self, node: Node) -> Reply | None:
        """Return what comes after a node of the run's thread."""
        async with self.store.read() as work:
            known = await self._look(work)
        if node.sender == REVIEW and node.text != GO_ON:
            rejected = known.runs[-1].pk
            return self._next(_without(known, rejected), {"pk": rejected, "instruction": node.text})
        if node.sender == "user" and self.message is not None:
            if known.runs:
                return Reply(signal="pass", to=REVIEW)
            return Reply(text=_NOT_BEGUN, to="user", value={"do": "say"})
        return self._next(known, None)

    def _next(self, known: Known, rejected: JsonObject | None) -> Reply:
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
                text = _nothing(step)
            case _:
                text = "The run waits."
        return Reply(text=text, to="user", value={"do": "wait", **also})

    async def _perform(self, _: Node) -> Reply | None:
        """Do the step that has begun; only one has at a time."""
        async with self.store.read() as work:
            known = await self._look(work)
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
            session_id=self.session.session_id,
        )

    async def project(self, work: Work, event: Event) -> None:
        """Write the rows of an event of this run."""
        of_root = event.run == event.root
        if event.type == "start" and not of_root:
            return
        await super().project(work, event)
        if event.type == "waiting" and of_root and not self.settled:
            await self._rest(work)

    async def _take(self, work: Work, event: Event) -> None:
        """Write the rows of what was said.

        Raises:
            Withdrawn: nobody waits for it any more, or somebody else works on it.
            Stale: it is no longer what comes next.
        """
        held = await work.answers.is_held(self.due.pk, self.due.claimed_by)
        if not self.settled and not held:
            raise Withdrawn
        node = event.nodes[-1]
        if node.error is not None or node.sender != "agent":
            await super()._take(work, event)
            if node.error is None and node.sender == "llm" and node.to != "user":
                await self._keep_cost_of_review(work, event)
            return
        value = node.value if isinstance(node.value, dict) else {}
        if event.run != event.root:
            await self._keep_step(work, node, value)
            return
        await work.sessions.go_to(self.session.session_id, node.id)
        await self._carry_out(work, node, value)

    async def _keep_cost_of_review(self, work: Work, event: Event) -> None:
        heard = Heard.of(event.nodes)
        if heard is not None and heard.usage.model:
            call = call_of("review", heard.usage)
            await work.calls.add(self.user.user_id, self.execution_pk, call)

    async def _carry_out(self, work: Work, node: Node, value: dict[str, Any]) -> None:
        """Do what was decided, if it is still what comes next."""
        known = await self._look(work)
        if (rejected := value.get("rejected")) is not None:
            known = await self._reject(work, known, node, rejected)
        match value.get("do"), known.plan.next:
            case "begin", Begin() as begun if not known.standing.paused and _is_as_decided(
                value, begun
            ):
                await self._begin(work, known, node, begun)
            case "go on", GoOn():
                pass
            case "finish", Finish(text) if text == node.text:
                await self._finish(work, known.execution, node)
            case "say", _ if await work.answers.settle(self.due.pk):
                self.settled = True
                self.delivery = await self._keep_message(
                    work, self.execution_pk, Question(node.text, node.text), node
                )
            case "wait", _:
                pass
            case _:
                raise Stale

    async def _reject(
        self, work: Work, known: Known, node: Node, rejected: dict[str, Any]
    ) -> Known:
        """Take a result back for the reason the user gave."""
        run = known.runs[-1]
        if run.pk != rejected["pk"]:
            raise Stale
        await work.workflows.judge(run.pk, validated=False, instruction=rejected["instruction"])
        await work.workflows.set_auto(self.execution_pk, None)
        now = await self._look(work)
        fields = dict(wire_run(now.step(run), now.run(run.pk)))
        self._tell(node, StepInvalidated(**fields, session_id=self.session.session_id))
        return now

    async def _begin(self, work: Work, known: Known, node: Node, begun: Begin) -> None:
        if known.standing.auto_step_pk not in (None, begun.step.pk):
            await work.workflows.set_auto(self.execution_pk, None)
        pk = await work.workflows.begin(self.execution_pk, begun)
        run = (await self._look(work)).run(pk)
        fields = dict(wire_run(begun.step, run))
        self._tell(node, StepStarted(**fields, session_id=self.session.session_id))

    async def _keep_step(self, work: Work, node: Node, value: dict[str, Any]) -> None:
        """Keep what a step gave, or why it failed; a try that was given up is not kept."""
        known = await self._look(work)
        pk = value.get("ended") or value.get("failed")
        run = next((run for run in known.runs if run.pk == pk and run.runs), None)
        if run is None:
            return
        moment, step, rows = self.clock(), known.step(run), work.workflows
        is_auto = known.standing.auto_step_pk == step.pk
        if "failed" in value:
            error: JsonObject = {"datetime": moment.isoformat(), "error": node.text}
            await rows.fail(run.pk, error, moment)
            await rows.set_auto(self.execution_pk, None)
        else:
            items = json.loads(node.text)
            await rows.end(run.pk, items, moment)
            await work.calls.add(
                self.user.user_id, self.execution_pk, call_of("step", Usage(*value["cost"]))
            )
            if is_auto and items:
                await rows.judge(run.pk, validated=True)
            elif is_auto:
                await rows.set_auto(self.execution_pk, None)
        await work.answers.note_progress(self.due.pk)
        ended = (await self._look(work)).run(run.pk)
        fields = dict(wire_run(step, ended))
        self._tell(node, StepEnded(**fields, session_id=self.session.session_id))

    async def _finish(self, work: Work, execution: Execution, node: Node) -> None:
        """Keep the text the run was for (§6.5); it can be talked about from now on."""
        pk, session_id = execution.pk, self.session.session_id
        if not await work.answers.settle(self.due.pk):
            raise Withdrawn
        task = await work.tasks.get(execution.task_pk)
        text_pk = await work.texts.of_execution(pk)
        if text_pk is None:
            text_pk = await work.texts.add(self.user.user_id, pk, session_id)
        version_pk = await work.texts.add_version(text_pk, "", node.text, task.output_type, node.id)
        produced = WorkflowProducedText(
            user_task_execution_pk=pk,
            produced_text=node.text,
            produced_text_title="",
            produced_text_pk=text_pk,
            produced_text_version_pk=version_pk,
            session_id=session_id,
        )
        told = {key: value for key, value in produced.to_wire().items() if key != "session_id"}
        content: JsonObject = {
            **told,
            "text": f"\n{node.text}",
            "text_with_tags": f"<execution><title></title><draft>{node.text}</draft></execution>",
        }
        await work.messages.add(
            session_id,
            "mojo",
            content,
            event_name="mojo_message",
            message_date=self.clock(),
            execution_pk=pk,
            node_id=node.id,
        )
        await work.executions.change(replace(execution, end_date=self.clock()))
        await work.workflows.set_ended(pk, self.clock())
        await work.answers.settle_work(pk)
        await work.sessions.go_to(session_id, None)
        self.settled = True
        self._tell(node, produced)

    async def _rest(self, work: Work) -> None:
        """End the work as the run waits for its user, unless something was decided meanwhile."""
        known = await self._look(work)
        match known.plan.next:
            case GoOn() | Finish():
                return
            case Begin() if not known.standing.paused:
                return
            case Nothing(step) if await work.answers.settle(self.due.pk):
                self.failure = _nothing(step)
                await keep_failure(work, self.due, self.failure, self.clock)
            case _:
                await work.answers.settle(self.due.pk)
        self.settled = True

    def _tell(self, node: Node, event: KnownEvent) -> None:
        self._news.setdefault(node.id, []).append(event)


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


def _is_as_decided(value: dict[str, Any], begun: Begin) -> bool:
    return all(value.get(key) == known for key, known in _as_json(begun).items())


def _failed(run: StepRun, sentence: str) -> Reply:
    return Reply(text=sentence or _MISTAKE, signal="done", value={"failed": run.pk})


def _nothing(step: WorkflowStep) -> str:
    return (
        f"The step “{step.label}” gave nothing for the next one to work on. What it gave is kept: "
        "add something to it, or say what should be different, and relaunch the workflow."
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class WorkflowTurns:
    """Finds out which answers are due on runs of workflows.

    Args:
        llm: talks about rejected results.
        performer: performs the steps.
        store: where runs are kept.
        clock: tells when.
    """

    store: Store
    llm: LlmSource
    performer: Steps
    clock: Clock

    async def of(
        self, work: Work, due: AnswerDue, user: User, session: Session, message: Message | None
    ) -> WorkflowTurn | None:
        """Return the turn of a run; `None` if it is no run, or a talk about what a run gave."""
        known = await self._known(work, due, user)
        if known is None or known.standing.ended:
            return None
        task = await work.tasks.get(known.execution.task_pk)
        return WorkflowTurn(
            due,
            user,
            session,
            message,
            GO_ON if message is None else asked_text(message),
            self.clock,
            output_type=task.output_type,
            store=self.store,
            llm=self.llm,
            performer=self.performer,
            execution_pk=known.execution.pk,
            task_pk=task.task_pk,
            workflow=task.name,
            steps=known.steps,
        )

    async def give_up(
        self, work: Work, due: AnswerDue, user: User, failure: str | None
    ) -> list[KnownEvent]:
        """Give the step up that runs, if one does, and return what clients are told of it.

        Args:
            work: the transaction that ends the work on the run.
            due: that work.
            user: whose run it is.
            failure: why; `None` if the user stopped it.
        """
        known = await self._known(work, due, user)
        if known is None or not isinstance(known.plan.next, GoOn):
            return []
        run, moment = known.plan.next.run, self.clock()
        if failure is None:
            await work.workflows.judge(run.pk, validated=False)
        else:
            error: JsonObject = {"datetime": moment.isoformat(), "error": failure}
            await work.workflows.fail(run.pk, error, moment)
        await work.workflows.set_auto(known.execution.pk, None)
        now = (await look(work, known.execution, user.language)).run(run.pk)
        told = StepInvalidated if failure is None else StepEnded
        return [told(**dict(wire_run(known.step(run), now)), session_id=due.session_id)]

    async def _known(self, work: Work, due: AnswerDue, user: User) -> Known | None:
        execution = await work.executions.get(due.execution_pk) if due.execution_pk else None
        if execution is None or not (await work.tasks.get(execution.task_pk)).is_workflow:
            return None
        return await look(work, execution, user.language)
