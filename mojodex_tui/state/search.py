"""How text is compared with what a user types to find it."""

import unicodedata


def plain(text: str) -> str:
    """Return `text` as search sees it: no case, no accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
