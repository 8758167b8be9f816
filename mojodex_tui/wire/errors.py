"""What a server answers when it fails, in all its envelopes (wire protocol §0.3)."""

import html
import json
import re
from http import HTTPStatus
from typing import Final

from mojodex_tui.wire.base import WireModel

NO_PURCHASE: Final = "no_purchase"
"""402: nothing the user bought gives this task, or its quota is used up (§3.2)."""
TERMS_NOT_ACCEPTED: Final = "Terms and conditions not accepted"
"""401: accept them first (§3.2, §4.1)."""
TOKEN_EXPIRED: Final = "Token expired."  # noqa: S105 - a sentence, not a token
"""403: sign in again (§1.1)."""
TOKEN_INVALID: Final = "Invalid token."  # noqa: S105 - a sentence, not a token
"""403: sign in again (§1.1)."""
SOMETHING_WEIRD: Final = "Oops, something weird has happened. We'll help you by email!"
"""400: the general sentence of the account routes, which names nothing."""

_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


class ErrorBody(WireModel):
    """The envelope of the routes."""

    error: str


class FrameworkErrorBody(WireModel):
    """The envelope of what no route handled: 405, 415, 500, malformed JSON."""

    message: str


def error_text(status: int, body: bytes | str, content_type: str = "") -> str:
    """Return the one text of a failed answer.

    Args:
        status: the HTTP status, which speaks when the body does not.
        body: the body as received.
        content_type: the header of that name; it is not trusted for JSON, which is tried first.

    Returns:
        What the server said, else the status and its name; never empty.
    """
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    said = _said_in_json(text)
    if said is None:
        said = _said_in_html(text) if _is_html(text, content_type) else text.strip()
    return said or _status_line(status)


def _said_in_json(text: str) -> str | None:
    """Return what an envelope holds; `None` if the text is no JSON object."""
    try:
        body = json.loads(text)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    said = body.get("error") or body.get("message") or ""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _is_html(text: str, content_type: str) -> bool:
    """Whether a body is a page."""
    return "html" in content_type.lower() or text.lstrip()[:1] == "<"


def _said_in_html(text: str) -> str:
    """Return the title of a page."""
    title = _TITLE.search(text)
    return " ".join(html.unescape(title[1]).split()) if title else ""


def _status_line(status: int) -> str:
    """Return a status with its name, if it has one."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP status {status}"
