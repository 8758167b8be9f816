"""One advance of a workflow's run on the engine, and the rows its log becomes.

What comes next is decided twice: when the engine asks, and again in the transaction that logs the
answer, on the locked run. If the user changed something between the two, nothing is logged and the
engine asks again. So a step begins exactly once, and on what the user last wanted.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from mojodex_tui.backend.assistants.instruct import Heard, Question
from mojodex_tui.backend.assistants.steps import StepLlm
from mojodex_tui.backend.assistants.workflow import GO_ON, workflow_task
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import AnswerDue, Execution, Message, Session
from mojodex_tui.backend.domain.workflow_rules import (
    Begin,
    Finish,
    GoOn,
    Nothing,
)
from mojodex_tui.backend.domain.workflow_runs import StepRun
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import Node
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
from mojodex_tui.backend.services.workflow_answers import (
    RunAnswers,
    is_as_decided,
    nothing_given,
)
from mojodex_tui.backend.services.workflow_ports import Steps
from mojodex_tui.backend.services.workflow_runs import Known, look, look_again, wire_run
from mojodex_tui.wire.events import (
    KnownEvent,
    StepEnded,
    StepInvalidated,
    StepStarted,
    WorkflowProducedText,
)

_STEPS_OF_A_RUN = 20
"""After so many step executions a decision begins a new run of the engine.

All of a run is read when it goes on, and what a workflow's run has come to stands in rows.
"""


class Stale(Exception):
    """The user changed something after it was decided what comes next."""


@dataclass
class WorkflowTurn(Turn):
    """Work due on a run: it goes on until somebody is to decide something, or to its end.

    Args:
        answers: decides what comes next, and performs the steps.
        llm: talks about rejected results.
        task_pk: the workflow, in the catalog.
        steps: its steps.
    """

    answers: RunAnswers = field(kw_only=True)
    llm: LlmSource = field(kw_only=True)
    task_pk: int = field(kw_only=True)
    steps: tuple[WorkflowStep, ...] = field(kw_only=True)
    _news: dict[str, list[KnownEvent]] = field(default_factory=dict, init=False)

    @property
    def execution_pk(self) -> int:
        """The run."""
        return self.answers.execution_pk

    def news(self, node: Node) -> list[KnownEvent]:
        """Return what clients are told once a node is kept."""
        return self._news.pop(node.id, [])

    def task(self) -> AnyTask:
        """Return the task of the run."""
        answers = self.answers
        review = StepLlm(self.llm, answers.review_brief)
        return workflow_task(self.task_pk, self.steps, answers.decide, answers.perform, review)

    async def goes_on(self, status: str) -> bool:
        """Whether the run is to be resumed, though the engine left it: something was decided."""
        if self.settled or status not in {"WAITING", "KILL"}:
            return False
        async with self.answers.store.write() as work:
            if not await work.answers.is_held(self.due.pk, self.due.claimed_by):
                return False
            if status == "KILL":
                # Who worked on it before us ended the run as it was taken over: begin another.
                await work.sessions.end_run(self.session.session_id)
        return True

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
            Withdrawn: nobody waits for it any more.
            Stale: it is no longer what comes next.
        """
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
        known = await self.answers.look(work)
        if (rejected := value.get("rejected")) is not None:
            known = await self._reject(work, known, node, rejected)
        match value.get("do"), known.plan.next:
            case "begin", Begin() as begun if not known.standing.paused and is_as_decided(
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
        now = await self.answers.look(work)
        fields = dict(wire_run(now.step(run), now.run(run.pk)))
        self._tell(node, StepInvalidated(**fields, session_id=self.session.session_id))
        return now

    async def _begin(self, work: Work, known: Known, node: Node, begun: Begin) -> None:
        if known.standing.auto_step_pk not in (None, begun.step.pk):
            await work.workflows.set_auto(self.execution_pk, None)
        run = await work.workflows.begin(self.execution_pk, begun)
        fields = dict(wire_run(begun.step, run))
        self._tell(node, StepStarted(**fields, session_id=self.session.session_id))

    async def _keep_step(self, work: Work, node: Node, value: dict[str, Any]) -> None:
        """Keep what a step gave, or why it failed; a try that was given up is not kept."""
        known = await self.answers.look(work)
        pk = value.get("ended") or value.get("failed")
        run = next((run for run in known.runs if run.pk == pk and run.runs), None)
        if run is None:
            return
        if "failed" in value:
            ended = await self._keep_failure(work, run, node.text)
        else:
            usage = Usage(*value["cost"])
            await work.calls.add(self.user.user_id, self.execution_pk, call_of("step", usage))
            ended = await self._keep_result(work, known, run, json.loads(node.text))
        await work.answers.note_progress(self.due.pk)
        fields = dict(wire_run(known.step(run), ended))
        self._tell(node, StepEnded(**fields, session_id=self.session.session_id))

    async def _keep_failure(self, work: Work, run: StepRun, sentence: str) -> StepRun:
        moment = self.clock()
        error: JsonObject = {"datetime": moment.isoformat(), "error": sentence}
        await work.workflows.fail(run.pk, error, moment)
        await work.workflows.set_auto(self.execution_pk, None)
        return replace(run, error=error, ended=moment)

    async def _keep_result(
        self, work: Work, known: Known, run: StepRun, items: list[JsonObject]
    ) -> StepRun:
        """Keep a result; where the user wants that, it is taken without asking if it holds any."""
        moment = self.clock()
        await work.workflows.end(run.pk, items, moment)
        ended = replace(run, result=tuple(items), ended=moment)
        if known.standing.auto_step_pk != run.step_pk:
            return ended
        if not items:
            await work.workflows.set_auto(self.execution_pk, None)
            return ended
        await work.workflows.judge(run.pk, validated=True)
        return replace(ended, validated=True)

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
        known = await self.answers.look(work)
        match known.plan.next:
            case GoOn() | Finish():
                return
            case Begin() if not known.standing.paused:
                return
            case Nothing(step) if await work.answers.settle(self.due.pk):
                self.failure = nothing_given(step)
                await keep_failure(work, self.due, self.failure, self.clock)
            case _:
                await work.answers.settle(self.due.pk)
        self.settled = True
        if known.runs and len(known.runs) % _STEPS_OF_A_RUN == 0:
            await work.sessions.end_run(self.session.session_id)
            await work.sessions.go_to(self.session.session_id, None)

    def _tell(self, node: Node, event: KnownEvent) -> None:
        self._news.setdefault(node.id, []).append(event)


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
        execution = await _execution_of(work, due)
        task = await work.tasks.get(execution.task_pk) if execution is not None else None
        if execution is None or task is None or not task.is_workflow:
            return None
        known = await look(work, execution, user.language)
        if known.standing.ended and (message is None or task.result_chat_enabled):
            return None
        answers = RunAnswers(
            self.store,
            self.clock,
            self.performer,
            user,
            known,
            task.name,
            session.session_id,
            is_said=message is not None,
        )
        return WorkflowTurn(
            due,
            user,
            session,
            message,
            GO_ON if message is None else asked_text(message),
            self.clock,
            output_type=task.output_type,
            answers=answers,
            llm=self.llm,
            task_pk=task.task_pk,
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
        execution = await _execution_of(work, due)
        if execution is None:
            return []
        # What is no workflow has no steps, so nothing of it runs.
        known = await look(work, execution, user.language)
        if not isinstance(known.plan.next, GoOn):
            return []
        run, moment = known.plan.next.run, self.clock()
        if failure is None:
            await work.workflows.judge(run.pk, validated=False)
        else:
            error: JsonObject = {"datetime": moment.isoformat(), "error": failure}
            await work.workflows.fail(run.pk, error, moment)
        await work.workflows.set_auto(known.execution.pk, None)
        now = (await look_again(work, execution, known)).run(run.pk)
        told = StepInvalidated if failure is None else StepEnded
        return [told(**dict(wire_run(known.step(run), now)), session_id=due.session_id)]


async def _execution_of(work: Work, due: AnswerDue) -> Execution | None:
    return await work.executions.get(due.execution_pk) if due.execution_pk is not None else None
