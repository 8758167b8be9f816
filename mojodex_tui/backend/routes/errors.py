"""The envelopes of failures (wire protocol §0.3)."""

from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, Response

from mojodex_tui.backend.routes.calls import BAD_REQUEST
from mojodex_tui.backend.services.attempts import TooManyAttempts
from mojodex_tui.backend.services.errors import (
    NoPurchase,
    NotAllowed,
    NotFound,
    ServiceError,
    TermsNotAccepted,
)

_LOG = structlog.get_logger(__name__)

_STATUSES: dict[type[ServiceError], int] = {
    TermsNotAccepted: 401,
    NoPurchase: 402,
    NotAllowed: 403,
    NotFound: 404,
    TooManyAttempts: 429,
}

_PAGE = """<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>There is nothing at this address. Please check its spelling.</p>
"""


def error(text: str, status: int) -> Response:
    """Return the envelope of the routes."""
    return JSONResponse({"error": text}, status)


def message(text: str, status: int) -> Response:
    """Return the envelope of what no route handled."""
    return JSONResponse({"message": text}, status)


def status_of(refusal: ServiceError) -> int:
    """Return the status of a refusal."""
    return next((status for kind, status in _STATUSES.items() if isinstance(refusal, kind)), 400)


async def unhandled_by_routes(_request: HttpRequest, failure: Exception) -> Response:
    """Answer what the framework refuses."""
    if not isinstance(failure, HTTPException):
        raise failure
    match failure.status_code:
        case HTTPStatus.NOT_FOUND:
            return HTMLResponse(_PAGE, 404)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return message("The method is not allowed for the requested URL.", 405)
        case HTTPStatus.BAD_REQUEST:
            return message(BAD_REQUEST, 400)
        case status:
            return message(failure.detail, status)


async def unexpected(request: HttpRequest, failure: Exception) -> Response:
    """Answer a mistake of ours, of which the client learns nothing (S20)."""
    _LOG.error("request failed", method=request.method, path=request.url.path, exc_info=failure)
    return message("Internal Server Error", 500)
