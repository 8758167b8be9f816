"""Bringing what the user wrote to the server, once, however often it is tried."""

from typing import Final

from mojodex_tui.client.api import Caller
from mojodex_tui.client.errors import ApiError, Refused
from mojodex_tui.client.outbox_rows import Outgoing
from mojodex_tui.wire.base import Confirmation, Success, WireModel
from mojodex_tui.wire.executions import (
    READ_EXECUTION,
    RUN_EXECUTION,
    Execution,
    ExecutionRequest,
    RunExecutionRequest,
)
from mojodex_tui.wire.messages import SEND_MESSAGE, SendMessageRequest, SentMessage
from mojodex_tui.wire.produced_texts import (
    SAVE_PRODUCED_TEXT,
    SavedProducedText,
    SaveProducedTextRequest,
)
from mojodex_tui.wire.workflows import (
    EDIT_STEP_RESULT,
    JUDGE_STEP,
    RELAUNCH_STEP,
    RESTART_WORKFLOW,
    EditStepResultRequest,
    JudgeStepRequest,
    RelaunchStepRequest,
    RestartWorkflowRequest,
)

_PATIENCE_WITH_PROCESSING: Final = 5
"""A server that was killed while it took a message in says `processing` for ever."""

_FROM_INSIDE: Final = " :: "
"""What stands in the words of an original server's code, and in no sentence for people."""

_NOT_TRANSCRIBED: Final = "The server could not transcribe it; what was said can be written, too."


class NotThroughYet(ApiError):
    """The server has the message, and works on taking it in."""

    transient = True

    def __init__(self) -> None:
        super().__init__("The server is still taking it in.")


class HttpDelivery:
    """Sends items over HTTP.

    A message may be sent twice, its key tells the server. A run or an edit may not: if an
    earlier try may have arrived, the server is asked first.

    Args:
        call: Calls the server.
    """

    def __init__(self, call: Caller) -> None:
        self._call = call

    async def __call__(self, outgoing: Outgoing) -> WireModel:
        """Send an item."""
        match outgoing.request:
            case SendMessageRequest() as message:
                return await self._message(outgoing, message)
            case RunExecutionRequest() as run:
                if not outgoing.again and _has_started(await self._after_a_try(outgoing)):
                    return Success(success=True)
                return await self._call.once(RUN_EXECUTION, run, outgoing.files)
            case SaveProducedTextRequest() as edit:
                saved = _version_of(edit, await self._after_a_try(outgoing))
                return saved or await self._call.once(SAVE_PRODUCED_TEXT, edit)
            case JudgeStepRequest() as judgement:
                known = _judged(judgement, await self._after_a_try(outgoing))
                return known or await self._call.once(JUDGE_STEP, judgement)
            case EditStepResultRequest() as result:
                # Stored twice it is two equal versions of a result: nothing runs, nothing is lost.
                return await self._call(EDIT_STEP_RESULT, result)
            case RelaunchStepRequest() as relaunch:
                return await self._call.once(RELAUNCH_STEP, relaunch)
            case RestartWorkflowRequest() as restart:
                return await self._call.once(RESTART_WORKFLOW, restart, outgoing.files)
            case other:
                raise TypeError(f"No way to deliver a {type(other).__name__}")

    async def _message(self, outgoing: Outgoing, request: SendMessageRequest) -> SentMessage:
        """Send a message; `processing` means to ask again with the same key."""
        try:
            answer = await self._call.once(SEND_MESSAGE, request, outgoing.files)
        except Refused as error:
            if outgoing.files and _FROM_INSIDE in error.raw:
                raise Refused(_NOT_TRANSCRIBED, error.raw) from error
            raise
        if answer.is_processing and outgoing.item.attempts < _PATIENCE_WITH_PROCESSING:
            raise NotThroughYet
        return answer

    async def _after_a_try(self, outgoing: Outgoing) -> Execution | None:
        """Return what the execution is now, if an earlier try may have arrived unheard."""
        if outgoing.item.attempts <= 1:
            return None
        request = ExecutionRequest(user_task_execution_pk=outgoing.item.execution_pk)
        return await self._call.once(READ_EXECUTION, request)


def _judged(judgement: JudgeStepRequest, execution: Execution | None) -> Confirmation | None:
    """Return a confirmation if a step is known to have been validated already."""
    steps = execution.step_executions if execution is not None else None
    for step in steps or ():
        if step.user_workflow_step_execution_pk == judgement.user_workflow_step_execution_pk:
            return Confirmation(message="Step validated") if step.validated else None
    return None


def _has_started(execution: Execution | None) -> bool:
    """Whether a run arrived."""
    return execution is not None and execution.start_date is not None


def _version_of(
    edit: SaveProducedTextRequest, execution: Execution | None
) -> SavedProducedText | None:
    """Return the version an edit became, if it is the latest one."""
    match execution:
        case Execution(
            produced_text_pk=int(pk),
            produced_text_version_pk=int(version_pk),
            produced_text_production=edit.production,
            produced_text_title=edit.title,
        ) if pk == edit.produced_text_pk:
            return SavedProducedText(produced_text_pk=pk, produced_text_version_pk=version_pk)
        case _:
            return None
