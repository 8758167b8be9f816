"""Calls over HTTP; the one place where httpx and status codes turn into our errors.

httpx is imported at the first call: what was cached is to be seen before anything is asked.
"""

from __future__ import annotations

import asyncio
import importlib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from pydantic import ValidationError

from mojodex_tui.client.causes import is_certificate_problem, told_by
from mojodex_tui.client.errors import (
    ApiError,
    BadAnswer,
    Busy,
    CertificateProblem,
    NotFound,
    NotSupportedByServer,
    PlanUsedUp,
    Refused,
    ServerFailed,
    SignInNeeded,
    TermsNeeded,
    TimedOut,
    Unreachable,
    WrongCredentials,
)
from mojodex_tui.wire.accounts import LOGIN
from mojodex_tui.wire.base import FilePart, Request, WireModel
from mojodex_tui.wire.errors import error_text
from mojodex_tui.wire.executions import READ_EXECUTION
from mojodex_tui.wire.route import Access, Placement, Route

if TYPE_CHECKING:
    import httpx

RequestT = TypeVar("RequestT", bound=Request)
ResponseT = TypeVar("ResponseT", bound=WireModel)

_PATIENCE: Final = 30.0
_CONNECT_PATIENCE: Final = 5.0
_LONGEST_QUOTE: Final = 160

_WRONG_CREDENTIALS: Final = frozenset(
    {"Wrong email or password.", "User is not registered with password."}
)
_NO_EXECUTION: Final = "'NoneType' object"


@dataclass(frozen=True)
class Endpoint:
    """Where to call, and what opens it."""

    url: str
    token: str | None = field(default=None, repr=False)
    """The user's token, or an embedded backend's secret, as the route wants."""


class Http:
    """Calls routes of the wire.

    Args:
        trust_env: Whether proxies and certificates come from the environment; not for a backend
            on this computer, which no proxy can reach.
    """

    def __init__(self, *, trust_env: bool = True) -> None:
        self._trust_env = trust_env
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first call."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def call(
        self,
        endpoint: Endpoint,
        route: Route[RequestT, ResponseT],
        request: RequestT,
        files: Sequence[FilePart] = (),
    ) -> ResponseT:
        """Call a route and read its answer.

        Raises:
            ApiError: it failed; the class and the sentence say why.
        """
        response = await self._answer(endpoint, route, request, files)
        try:
            return route.response.model_validate_json(response.content)
        except ValidationError as error:
            raise BadAnswer(
                f"{endpoint.url} answered something that is not Mojodex. Check the address.",
                f"{error}\n{response.text[:2000]}",
            ) from error

    async def fetch(
        self, endpoint: Endpoint, route: Route[RequestT, ResponseT], request: RequestT
    ) -> bytes:
        """Call a route that answers with a file, and return the file.

        Raises:
            ApiError: it failed; the class and the sentence say why.
        """
        return (await self._answer(endpoint, route, request, ())).content

    async def _answer(
        self,
        endpoint: Endpoint,
        route: Route[RequestT, ResponseT],
        request: RequestT,
        files: Sequence[FilePart],
    ) -> httpx.Response:
        """Return an answer that is no failure."""
        if route.access is Access.USER and endpoint.token is None:
            raise SignInNeeded
        client = await self._opened()
        with _translated(endpoint.url):
            response = await client.send(_request(client, endpoint, route, request, files))
        if not response.is_success:
            raise _from_status(response, route)
        return response

    async def _opened(self) -> httpx.AsyncClient:
        """Return what calls, made at the first call."""
        if self._client is None:
            # In a thread, because importing it would hold up the keys that are being typed.
            await asyncio.to_thread(importlib.import_module, "httpx")
        if self._client is None:  # nor did another call make it meanwhile
            self._client = _client(trust_env=self._trust_env)
        return self._client


def _client(*, trust_env: bool) -> httpx.AsyncClient:
    """Return what calls; a backend on this computer needs no certificates."""
    import httpx

    return httpx.AsyncClient(
        timeout=httpx.Timeout(_PATIENCE, connect=_CONNECT_PATIENCE),
        trust_env=trust_env,
        # Reading the certificates of all authorities takes long, and much memory.
        verify=True if trust_env else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )


def _request(
    client: httpx.AsyncClient,
    endpoint: Endpoint,
    route: Route[RequestT, ResponseT],
    request: RequestT,
    files: Sequence[FilePart],
) -> httpx.Request:
    """Build the call: its fields go where the route wants them (wire protocol §0.2)."""
    fields = request.to_wire()
    texts = {key: str(value) for key, value in fields.items() if value is not None}
    in_query = route.placement is Placement.QUERY
    in_json = route.placement is Placement.JSON
    in_form = route.placement is Placement.FORM
    secret = endpoint.token if route.access is not Access.NOBODY else None
    return client.build_request(
        route.method,
        endpoint.url.rstrip("/") + route.path,
        headers={"Authorization": secret} if secret else None,
        params=texts if in_query else None,
        json=fields if in_json else None,
        data=texts if in_form else None,
        files=[(f.name, (f.filename, f.content, f.content_type)) for f in files] or None,
    )


@contextmanager
def _translated(address: str) -> Iterator[None]:
    """Turn httpx's failures into ours."""
    import httpx

    try:
        yield
    except httpx.ConnectTimeout as error:
        raise Unreachable(address, told_by(error)) from error
    except httpx.TimeoutException as error:
        raise TimedOut(address, told_by(error)) from error
    except httpx.TransportError as error:
        kind = CertificateProblem if is_certificate_problem(error) else Unreachable
        raise kind(address, told_by(error)) from error
    except httpx.InvalidURL as error:
        raise Unreachable(address, told_by(error)) from error
    except httpx.DecodingError as error:
        raise BadAnswer(f"{address} answered something that cannot be read.", str(error)) from error


def _from_status(response: httpx.Response, route: Route[RequestT, ResponseT]) -> ApiError:
    """Return the error an answer stands for (wire protocol §0.3, §1)."""
    kind = response.headers.get("content-type", "")
    raw = f"{response.status_code} {error_text(response.status_code, response.content, kind)}"
    said = raw.partition(" ")[2]
    match response.status_code:
        case HTTPStatus.BAD_REQUEST if route is LOGIN and said in _WRONG_CREDENTIALS:
            return WrongCredentials("Wrong e-mail address or password.", raw)
        case HTTPStatus.BAD_REQUEST if route is READ_EXECUTION and _NO_EXECUTION in said:
            # An unknown execution answers with the text of a Python error (wire protocol §3.5).
            return NotFound("This run does not exist any more, or belongs to somebody else.", raw)
        case HTTPStatus.UNAUTHORIZED:
            return TermsNeeded(raw)
        case HTTPStatus.PAYMENT_REQUIRED:
            return PlanUsedUp(raw)
        case HTTPStatus.FORBIDDEN if route.access is Access.USER:
            return SignInNeeded(raw)
        case HTTPStatus.NOT_FOUND if _comes_from_route(response):
            return NotFound(f"The server does not have this: {_quoted(said)}", raw)
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED:
            return NotSupportedByServer("This server cannot do this.", raw)
        case HTTPStatus.TOO_MANY_REQUESTS if route is not LOGIN:
            return Busy("The server asks to slow down. It is tried again in a moment.", raw)
        case HTTPStatus.REQUEST_TIMEOUT:
            return TimedOut(str(response.url.copy_with(path="/", query=None)), raw)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ServerFailed("Something broke on the server. Nothing you wrote is lost.", raw)
        case status if status < HTTPStatus.BAD_REQUEST:
            target = response.headers.get("location", "elsewhere")
            return BadAnswer(f"The server moved to {target}. Use that address.", raw)
        case _:
            # Also of too many tries to sign in, which are not made again in a moment.
            return Refused(f"The server refused this: {_quoted(said)}", raw)


def _comes_from_route(response: httpx.Response) -> bool:
    """Whether a 404 is a route's own word, rather than that of a server without this route."""
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and "error" in body


def _quoted(said: str) -> str:
    """Return a server's words, cut to what a person reads."""
    line = said.strip().partition("\n")[0]
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
