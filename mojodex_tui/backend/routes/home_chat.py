"""The home chat (wire protocol §9)."""

from mojodex_tui.backend.routes.calls import Call, Dialect, endpoint
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import home_chat as wire
from mojodex_tui.wire.base import Nothing


async def _read(uses: UseCases, call: Call[wire.HomeChatRequest]) -> wire.HomeChat:
    return await uses.home.read(call.user, call.body.platform)


async def _prepare(uses: UseCases, call: Call[wire.PrepareHomeChatRequest]) -> Nothing:
    await uses.home.prepare(call.user)
    return Nothing()


_MISSING = "Missing field: {key}"

ENDPOINTS = (
    endpoint(
        wire.READ_HOME_CHAT, _read, Dialect(missing=_MISSING, requires=("datetime", "platform"))
    ),
    endpoint(wire.PREPARE_HOME_CHAT, _prepare, Dialect(missing=_MISSING)),
)
