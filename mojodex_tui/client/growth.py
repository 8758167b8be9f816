"""Texts that carry all so far, turned into what is new at their end."""

import re
from typing import Final

from mojodex_tui.wire.heard import Channel, TokenAppended, TokenReplaced

_WINDOW: Final = 64
"""How many characters at each end of what was shown are compared with the next text."""

_LONGEST_TAG: Final = 40

_TAG_BEGUN: Final = re.compile(r"</?[a-z_]*")


class GrowingText:
    """One text of a session while it is written.

    Servers send the whole text with every token (wire protocol §10.6), so comparing all of it each
    time would cost the square of its length. A text that is only continued is at least as long
    as what was shown, and agrees with it everywhere; the first and the last characters shown are
    compared in its stead. Another generation, or a rewriting, differs there unless only its
    middle changed by as many characters as it had, and even that is put right by the whole
    message that ends every generation.

    Args:
        session_id: The session that writes.
        channel: Which of its texts this is.
    """

    def __init__(self, session_id: str, channel: Channel) -> None:
        self._session_id = session_id
        self._channel = channel
        self._begun = False
        self._length = 0
        self._head = ""
        self._tail = ""

    def read(self, text: str) -> TokenAppended | TokenReplaced | None:
        """Return what the next token changes; `None` if it changes nothing."""
        end = _clean_end(text)
        if not self._begun or not self._continues(text, end):
            return self._begin(text[:end])
        suffix = text[self._length : end]
        if not suffix:
            return None
        self._note(suffix)
        return TokenAppended(self._session_id, self._channel, suffix)

    def _continues(self, text: str, end: int) -> bool:
        """Whether `text` begins with what was shown."""
        return (
            end >= self._length
            and text.startswith(self._head)
            and text.startswith(self._tail, self._length - len(self._tail))
        )

    def _begin(self, text: str) -> TokenReplaced | None:
        """Start over with `text`."""
        if not text and self._length == 0:
            return None
        self._begun = True
        self._length, self._head, self._tail = 0, "", ""
        self._note(text)
        return TokenReplaced(self._session_id, self._channel, text)

    def _note(self, suffix: str) -> None:
        """Remember the ends of what is shown now."""
        self._length += len(suffix)
        if len(self._head) < _WINDOW:
            self._head = (self._head + suffix[:_WINDOW])[:_WINDOW]
        self._tail = (self._tail + suffix[-_WINDOW:])[-_WINDOW:]


def _clean_end(text: str) -> int:
    """Return where `text` ends without the beginning of a tag, such as `</dra`.

    Original servers stream the closing tag's first letters as if they were text. What looks like
    one is held back; if it was text after all, it comes with the next token or the whole message.
    """
    start = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    if start >= 0 and _TAG_BEGUN.fullmatch(text, start):
        return start
    return len(text)
