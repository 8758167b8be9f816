"""The whole program on fakes, and the tasks it shows."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import Connection, Link
from mojodex_tui.state.catalog import CatalogState
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.wire.executions import InputSpec
from mojodex_tui.wire.extensions import AssistantInfo, AssistantKind, BackendInfo
from tests.fakes import NOW, FakeApi, FakeConnect, FakeMojodex, listed, offered

SERVER = "https://mojodex.example.com"
TASKS = (
    offered(1, "Meeting recap", "From rough notes to a clear recap", icon="📝", group="meetings"),
    offered(2, "Follow-up e-mail", "To send after a meeting", icon="📧", group="meetings"),
    offered(3, "One-minute pitch", "Say what you do in a minute", icon="🎤", group="writing"),
    offered(4, "Article by sections", "Outline, sections, polish", task_type="workflow"),
    offered(5, "Contract review", "What to ask before you sign", enabled=False),
)
RUNS = (
    listed(1, "Steering committee, budget"),
    listed(2, "Call with ACME"),
    listed(3, "Pitch for the fair", task_pk=3, task_name="One-minute pitch"),
)
INPUTS = tuple(
    InputSpec.model_validate(spec)
    for spec in (
        {
            "input_name": "notes",
            "type": "text_area",
            "description_for_user": "What was said?",
            "lines": 4,
            "placeholder": "e.g. Budget review, Tuesday.",
        },
        {
            "input_name": "tone",
            "type": "drop_down_list",
            "description_for_user": "Tone",
            "possible_values": [
                {"value": tone, "displayed_text": tone} for tone in ("neutral", "warm", "formal")
            ],
        },
        {
            "input_name": "sound",
            "type": "audio_file",
            "description_for_user": "A recording",
            "required": False,
        },
    )
)
INFO = BackendInfo(
    version="0.1.0", assistant=AssistantInfo(kind=AssistantKind.OFFLINE, label="offline")
)


def filled() -> FakeMojodex:
    """Return a backend with tasks, runs and a form."""
    mojodex = FakeMojodex(api=FakeApi(tasks=TASKS, runs=RUNS, inputs=INPUTS, info=INFO))
    mojodex.pins.pins = (1,)
    mojodex.pins.used = (3, 1)
    return mojodex


def signed_out() -> FakeMojodex:
    """Return a server that knows nobody yet."""
    mojodex = filled()
    mojodex.api.account.set(None)
    mojodex.live.connection.value = Connection(Link.ONLINE, NOW)
    return mojodex


def program(
    mojodex: FakeMojodex,
    *,
    server: str | None = None,
    others: Mapping[str | None, ApiError] | None = None,
    seen: CatalogState | None = None,
    may_open: asyncio.Event | None = None,
) -> MojodexApp:
    """Return the program on a backend, which is there once `may_open` is set."""
    ways: dict[str | None, FakeMojodex | ApiError] = {server: mojodex}
    ways.update(others or {})
    return MojodexApp(FakeConnect(ways, may_open=may_open), server, seen)


@asynccontextmanager
async def running(app: MojodexApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """Run the program until the screen is settled, and until the block ends."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Wait until every message was handled, and what those started."""
    for _ in range(6):
        await pilot.pause()


def words(app: MojodexApp) -> str:
    """Return what stands on the screen."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in lines)
