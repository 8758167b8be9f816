"""What an answer looks like while it grows (wire protocol §10.6)."""

from dataclasses import dataclass, field

from mojodex_tui.backend.assistants.writing import DRAFT, MESSAGE, TITLE
from mojodex_tui.wire.events import DraftToken, MojoToken


@dataclass
class LiveText:
    """Puts the pieces of the engine's stream together: on the wire, tokens hold all so far.

    Args:
        session_id: where it is shown.
    """

    session_id: str
    _texts: dict[str, str] = field(default_factory=dict, init=False)

    def grown(self, piece: str, channel: str) -> MojoToken | DraftToken:
        """Take a piece and return what is to be told."""
        self._texts[channel] = self._texts.get(channel, "") + piece
        if channel == MESSAGE:
            return MojoToken(text=self._texts[MESSAGE], session_id=self.session_id)
        title, body = self._texts.get(TITLE, ""), self._texts.get(DRAFT, "")
        return DraftToken(
            produced_text_title=title,
            produced_text=body,
            text=f"{title}\n{body}",
            session_id=self.session_id,
        )

    def begin_again(self) -> None:
        """Forget what was written, as somebody else writes now."""
        self._texts.clear()
