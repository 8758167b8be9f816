"""Sessions, messages, and stopping what is written (wire protocol §4)."""

import structlog
from starlette.responses import FileResponse, Response

from mojodex_tui.backend.routes.calls import OWN, Call, Dialect, endpoint, page_of
from mojodex_tui.backend.services.errors import Refused
from mojodex_tui.backend.services.messages import HistoryQuery
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import devices, extensions, messages, sessions, vocabulary
from mojodex_tui.wire.base import Nothing, Success
from mojodex_tui.wire.messages import OffsetDirection

_LOG = structlog.get_logger(__name__)


async def _create_session(
    uses: UseCases, call: Call[sessions.CreateSessionRequest]
) -> sessions.CreatedSession:
    return await uses.sessions.create(call.user, call.body.platform)


async def _list_sessions(uses: UseCases, call: Call[sessions.SessionsRequest]) -> sessions.Sessions:
    page = page_of(call.body.n_sessions, call.body.offset)
    return await uses.sessions.list_chats(call.user, page)


async def _delete_session(
    uses: UseCases, call: Call[sessions.DeleteSessionRequest]
) -> sessions.DeletedSession:
    await uses.sessions.delete(call.user, call.body.session_id)
    return sessions.DeletedSession(session_id=call.body.session_id)


async def _list_messages(
    uses: UseCases, call: Call[messages.MessagesRequest]
) -> messages.MessagePage:
    body = call.body
    return await uses.messages.history(
        call.user,
        HistoryQuery(
            session_id=body.session_id,
            page=page_of(body.n_messages, body.offset),
            direction=body.offset_direction or OffsetDirection.OLDER,
            execution_pk=body.user_task_execution_pk,
        ),
    )


async def _send_message(
    uses: UseCases, call: Call[messages.SendMessageRequest]
) -> messages.SentMessage:
    return await uses.messages.send(call.user, call.body)


async def _read_image(uses: UseCases, call: Call[messages.ImageRequest]) -> Response:
    body = call.body
    own = await uses.sessions.is_of(call.user.user_id, body.session_id)
    path = uses.files.find(body.session_id, body.filename) if own else None
    if path is None:
        raise Refused(f"Image file {body.filename} does not exist")
    return FileResponse(path)


async def _correct_spelling(
    uses: UseCases, call: Call[vocabulary.CorrectSpellingRequest]
) -> Nothing:
    body = call.body
    await uses.vocabulary.correct(
        call.user, body.session_id, body.initial_spelling, body.corrected_spelling
    )
    return Nothing()


async def _stop(
    uses: UseCases, call: Call[extensions.StopGenerationRequest]
) -> extensions.StoppedGeneration:
    stopped = await uses.conversations.stop(call.user, call.body.session_id)
    return extensions.StoppedGeneration(stopped=stopped)


async def _report_error(_: UseCases, call: Call[devices.ReportErrorRequest]) -> Success:
    _LOG.warning("client error", user_id=call.user.user_id, error=call.body.error)
    return Success(success="Error logged")


ENDPOINTS = (
    endpoint(sessions.CREATE_SESSION, _create_session, Dialect(requires=("datetime", "platform"))),
    endpoint(sessions.LIST_SESSIONS, _list_sessions),
    endpoint(sessions.DELETE_SESSION, _delete_session),
    endpoint(
        messages.LIST_MESSAGES,
        _list_messages,
        Dialect(invalid="Error getting messages : {reason}"),
    ),
    endpoint(
        messages.SEND_MESSAGE,
        _send_message,
        Dialect(missing="Missing input in form: {key}", requires=()),
    ),
    endpoint(messages.READ_IMAGE, _read_image),
    endpoint(vocabulary.CORRECT_SPELLING, _correct_spelling),
    endpoint(extensions.STOP_GENERATION, _stop, OWN),
    endpoint(devices.REPORT_ERROR, _report_error),
)
