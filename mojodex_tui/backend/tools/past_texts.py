"""Searching what the user produced before."""

from pydantic import Field

from mojodex_tui.backend.tools.excerpts import Arguments, around
from mojodex_tui.backend.tools.offers import AnyTool, offered
from mojodex_tui.backend.tools.ports import PastText, PastTexts

_EXCERPT = 300


class _Search(Arguments):
    query: str = Field(min_length=1, max_length=200, description="Words that all must occur.")
    limit: int = Field(5, ge=1, le=20)


def past_text_tools(texts: PastTexts, user_id: str) -> tuple[AnyTool, ...]:
    """Return the tool that searches the texts of this user."""

    async def search(args: _Search) -> str:
        found = await texts.search(user_id, args.query, args.limit)
        if not found:
            return f"No past text holds all words of {args.query!r}."
        return "\n\n".join(_told(text, args.query) for text in found)

    purpose = "Search the texts the user produced before."
    return (offered("search_past_texts", _Search, purpose, search),)


def _told(text: PastText, query: str) -> str:
    folded = text.production.casefold()
    places = [folded.find(word) for word in query.casefold().split()]
    first = min((place for place in places if place >= 0), default=0)
    head = f"{text.title or 'Untitled'} ({text.created_at.date().isoformat()})"
    return f"{head}\n{around(text.production, first, _EXCERPT)}"
