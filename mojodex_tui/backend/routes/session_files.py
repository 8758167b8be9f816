"""The files of a session's next message, which original clients never send."""

from mojodex_tui.backend.routes.calls import OWN, Call, endpoint
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import session_files as wire
from mojodex_tui.wire.base import Success


async def _attach(uses: UseCases, call: Call[wire.AttachFileRequest]) -> wire.SessionFile:
    part = next((file for file in call.files if file.name == wire.FILE_PART), None)
    return await uses.attachments.attach(call.user, call.body.session_id, part)


async def _list(uses: UseCases, call: Call[wire.SessionFilesRequest]) -> wire.SessionFiles:
    return await uses.attachments.list_pending(call.user, call.body.session_id)


async def _detach(uses: UseCases, call: Call[wire.DetachFileRequest]) -> Success:
    await uses.attachments.detach(call.user, call.body.session_id, call.body.file_id)
    return Success(success=True)


ENDPOINTS = (
    endpoint(wire.ATTACH_FILE, _attach, OWN),
    endpoint(wire.LIST_FILES, _list, OWN),
    endpoint(wire.DETACH_FILE, _detach, OWN),
)
