"""One listener's view of a session: nothing twice, and growth in place of cumulative tokens."""

from collections.abc import Iterator
from typing import Final

from mojodex_tui.client.growth import GrowingText
from mojodex_tui.wire.events import (
    DraftMessage,
    DraftToken,
    ErrorReported,
    MojoMessage,
    MojoToken,
    ServerEvent,
)
from mojodex_tui.wire.heard import Channel, LiveEvent
from mojodex_tui.wire.stray_tags import without_stray_tags

_CHANNELS: Final = tuple(Channel)


class Hearing:
    """Turns what a server says into what a listener is told.

    Args:
        session_id: The session listened to.
    """

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._messages: set[int] = set()
        self._versions: set[int] = set()
        self._growing = self._all_new()

    def take(self, event: ServerEvent) -> Iterator[LiveEvent]:
        """Yield what `event` means; a repetition means nothing."""
        match event:
            case MojoToken(text=text):
                yield from self._grow(Channel.MESSAGE, without_stray_tags(text))
            case DraftToken(produced_text_title=title, produced_text=body):
                yield from self._grow(Channel.DRAFT_TITLE, title or "")
                yield from self._grow(Channel.DRAFT_BODY, body)
            case MojoMessage(message_pk=pk):
                yield from self._once(event, pk, self._messages)
            case DraftMessage(produced_text_version_pk=pk):
                yield from self._once(event, pk, self._versions)
            case ErrorReported():
                self.start_over()
                yield event
            case _:
                yield event

    def start_over(self) -> None:
        """Take the next token as the first of a text: tokens are never sent again."""
        self._growing = self._all_new()

    def _grow(self, channel: Channel, text: str) -> Iterator[LiveEvent]:
        """Yield how a token changes its text."""
        change = self._growing[channel].read(text)
        if change is not None:
            yield change

    def _once(
        self, event: MojoMessage | DraftMessage, pk: int, seen: set[int]
    ) -> Iterator[LiveEvent]:
        """Yield a whole message the first time it comes, and end what grew into it.

        A late repetition must not disturb the texts of the next generation.
        """
        if pk in seen:
            return
        seen.add(pk)
        self.start_over()
        yield event

    def _all_new(self) -> dict[Channel, GrowingText]:
        """Return an empty text for every channel."""
        return {channel: GrowingText(self._session_id, channel) for channel in _CHANNELS}
