"""Titles and summaries of executions, each by a small task of its own (task engine §3.9)."""

import uuid
from dataclasses import dataclass, field, replace

import structlog

from mojodex_tui.backend.assistants.instruct import Heard
from mojodex_tui.backend.assistants.titles import TitleLlm, named_by, title_task
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import TitleBrief
from mojodex_tui.backend.domain.conversations import Execution
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.services.background import Background
from mojodex_tui.backend.services.briefs import instruct_brief, spoken
from mojodex_tui.backend.services.ports import Clock, EventSink, LlmSource, Store, Work
from mojodex_tui.backend.services.projections import Projections
from mojodex_tui.backend.services.turns import call_of
from mojodex_tui.wire.events import ExecutionTitled

_LOG = structlog.get_logger(__name__)


@dataclass
class Naming:
    """Has executions named, once each.

    Args:
        store: where they are kept.
        sink: where titles go.
        llm: who writes.
        clock: tells when.
        background: holds the work.
        engine: runs the tasks.
        projections: shows their runs.
    """

    store: Store
    sink: EventSink
    llm: LlmSource
    clock: Clock
    background: Background
    engine: Engine
    projections: Projections
    _busy: set[int] = field(default_factory=set, init=False)

    def begin(self, user: User, execution: Execution) -> None:
        """Have an execution named, unless it is already."""
        if execution.title is None:
            self._begin(user, execution, None)

    async def go_on(self) -> None:
        """Go on where a crash cut off."""
        for run in await self.engine.log.open_runs():
            pk = named_by(run.task)
            if pk is None:
                continue
            async with self.store.read() as work:
                execution = await work.executions.get(pk)
                user = await work.users.get(execution.user_id) if execution else None
            if execution is not None and user is not None:
                self._begin(user, execution, run.run)

    def _begin(self, user: User, execution: Execution, run: str | None) -> None:
        if execution.pk not in self._busy:
            self._busy.add(execution.pk)
            naming = self._name(user, execution, run)
            self.background.start(naming, f"title of {execution.pk}")

    async def _name(self, user: User, execution: Execution, run: str | None) -> None:
        try:
            async with self.store.read() as work:
                brief = await instruct_brief(work, user, execution, None, self.clock())
                said = spoken(await work.messages.conversation(execution.session_id))
            named = _Named(user, execution)
            llm = TitleLlm(self.llm, TitleBrief(replace(brief, conversation=said)))
            task = title_task(execution.pk, llm)
            root = run or uuid.uuid4().hex
            with self.projections.by(named, root):
                if run is None:
                    result = await self.engine.run(task, brief.task.name, run=root)
                else:
                    result = await self.engine.resume(task, root)
        finally:
            self._busy.discard(execution.pk)
        if result.status == "ERROR" and result.node is not None:
            # The answer beside it tells the user; the next one tries a title again.
            _LOG.warning("no title", execution=execution.pk, reason=result.node.text)
        if named.title is not None:
            await self.sink.emit(
                ExecutionTitled(title=named.title, session_id=execution.session_id)
            )


@dataclass
class _Named:
    """Shows the run that names an execution."""

    user: User
    execution: Execution
    title: str | None = None
    """The title, if it is the first one."""

    async def project(self, work: Work, event: Event) -> None:
        """Keep the title, and what it cost."""
        heard = Heard.of(event.nodes)
        if heard is None or event.nodes[-1].error is not None:
            return
        pk, title = self.execution.pk, heard.data["title"]
        await work.calls.add(self.user.user_id, pk, call_of("title", heard.usage))
        if await work.executions.set_title_once(pk, title, heard.data["summary"]):
            self.title = title
