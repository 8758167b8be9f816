"""Requests of a replay as they come, and their answers, sound or broken."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mojodex_tui.wire.base import JsonObject
from tests.wire.recording import Exchange
from tests.wire.replay_script import Key, key_of


class Fault(Enum):
    """What happens to a request before it is answered as recorded."""

    NONE = auto()
    """Nothing."""
    FAILED = auto()
    """500, and nothing is done."""
    CUT = auto()
    """It is done, but the connection breaks before the answer is whole."""
    SILENT = auto()
    """It is done, but no answer ever comes."""


@dataclass(frozen=True)
class Call:
    """A request, as it came."""

    key: Key
    fields: JsonObject


async def read_call(request: Request) -> Call:
    """Read a request."""
    fields: JsonObject = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        fields |= json.loads(await request.body())
    elif kind:
        async with request.form() as form:
            fields |= {name: value for name, value in form.items() if isinstance(value, str)}
    secret = request.headers.get("authorization", "")
    return Call(key_of(secret, request.method, request.url.path, fields), fields)


Then: TypeAlias = Callable[[], Awaitable[None]]
"""Something to do once an answer is out."""


class _Broken(Response):
    """An answer that ends too early."""

    def __init__(self, then: Then) -> None:
        super().__init__()
        self._then = then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send less than was promised."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        await self._then()


class _Silence(Response):
    """No answer."""

    def __init__(self, then: Then) -> None:
        super().__init__()
        self._then = then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait until the client gives up."""
        await self._then()
        while (await receive())["type"] != "http.disconnect":
            pass


class _Told(Response):
    """An answer, and then what came after it."""

    def __init__(self, inner: Response, then: Then) -> None:
        super().__init__()
        self._inner = inner
        self._then = then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        await self._inner(scope, receive, send)
        await self._then()


def answer_to(
    exchange: Exchange, call: Call, then: Then | None = None, fault: Fault = Fault.NONE
) -> Response:
    """Return a recorded answer; a message's own key is that of the client which asks now.

    Args:
        exchange: What was recorded.
        call: What is asked now.
        then: What comes after the answer.
        fault: What goes wrong with the answer.
    """
    if then is not None and fault is Fault.CUT:
        return _Broken(then)
    if then is not None and fault is Fault.SILENT:
        return _Silence(then)
    body = exchange.body
    if isinstance(body, str):
        kind = exchange.content_type.partition(";")[0] or "text/html"
        answer: Response = Response(body, exchange.status, media_type=kind)
    else:
        if isinstance(body, dict) and "message_id" in body and "message_id" in call.fields:
            body = {**body, "message_id": call.fields["message_id"]}
        answer = JSONResponse(body, exchange.status)
    return answer if then is None else _Told(answer, then)
