"""Words the user spells their own way (wire protocol §9)."""

from mojodex_tui.wire.base import Nothing, Request, WireModel
from mojodex_tui.wire.route import Placement, Route


class TagNounsRequest(Request):
    """Asks for a message with its proper nouns marked."""

    message_pk: int


class TaggedMessage(WireModel):
    """A message's text, its proper nouns between asterisks."""

    tagged_text: str


class CorrectSpellingRequest(Request):
    """Replaces a spelling in a session, and remembers the right one."""

    session_id: str
    initial_spelling: str
    corrected_spelling: str


TAG_NOUNS = Route("POST", "/vocabulary", TagNounsRequest, TaggedMessage, Placement.JSON)
CORRECT_SPELLING = Route("PUT", "/vocabulary", CorrectSpellingRequest, Nothing, Placement.JSON)
