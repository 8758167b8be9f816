"""Tell the clients in a session's room."""

from collections.abc import Mapping
from dataclasses import dataclass

import socketio

from mojodex_tui.backend.domain.conversations import Delivery
from mojodex_tui.backend.services.ports import Acknowledge
from mojodex_tui.wire.events import KnownEvent

_NAMESPACE = "/"


@dataclass(frozen=True)
class SocketSink:
    """Sends events over a Socket.IO server.

    Args:
        server: the server.
        shared: whether clients may be connected to other processes.
    """

    server: socketio.AsyncServer
    shared: bool

    async def emit(self, event: KnownEvent) -> None:
        """Tell the session named in the event; lost on who is not there."""
        await self.server.emit(event.event, event.to_wire(), room=event.session_id)

    async def deliver(self, delivery: Delivery, acknowledge: Acknowledge) -> None:
        """Send a message that wants to be acknowledged."""

        async def acknowledged(*arguments: object) -> None:
            # An empty acknowledgement has no argument at all.
            await acknowledge(arguments[0] if arguments else None)

        await self.server.emit(
            delivery.event_name,
            delivery.payload,
            room=delivery.session_id,
            callback=acknowledged,
        )

    def present_sessions(self) -> frozenset[str]:
        """Return the sessions somebody is in, as far as this process knows."""
        rooms: Mapping[str | None, Mapping[str, str]] = self.server.manager.rooms.get(
            _NAMESPACE, {}
        )
        # Every connection has a room of its own, and all of them are in the room without name.
        connections = rooms.get(None, {})
        return frozenset(room for room in rooms if room is not None and room not in connections)

    def reaches(self, session_id: str) -> bool:
        """Whether an event may find somebody in a session."""
        return self.shared or session_id in self.present_sessions()
