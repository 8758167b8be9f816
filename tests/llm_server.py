"""A real HTTP server on loopback that speaks OpenAI's chat-completions stream, as scripted.

Inside a test process::

    with serving() as server:                     # a thread with its own loop, a free port
        server.queue(Reply("<ask_user_primary_info>Which one?</ask_user_primary_info>"))
        server.queue(Reply("<title>T</title><summary>S.</summary>", purpose="title"))
        ...                                       # base_url=server.base_url, any key, any model
        assert server.requests[0].messages[-1]["content"] == "Hello"
        server.wait_for(lambda: server.requests[0].hung_up)     # blocks: call it in a thread

As a process of its own (end-to-end tests, benchmarks)::

    python -m tests.llm_server --port 0 --rate 500 --tokens 2000

prints one line of JSON once it listens, `{"port": 40123, "base_url": "http://127.0.0.1:40123/v1"}`,
and ends at SIGTERM or, with `--until-stdin-ends`, when its stdin ends.

| route | does |
|---|---|
| `POST /v1/chat/completions` | answers; as SSE when `"stream": true`, else as one JSON object |
| `GET /v1/models` | the models (`--model NAME`, several times), as OpenAI lists them |
| `GET /api/tags` | the same, as Ollama lists them |
| `POST /script` | queues one `Reply` (a JSON object of its fields) or a list of them |
| `DELETE /script` | empties the queue |
| `GET /requests` | `{"count", "requests": [Request fields]}`, completions only, as they came |
| `DELETE /requests` | forgets them |

**Which reply.** The first queued `Reply` whose `purpose` is the call's own, or `None`, is taken
from the queue (with `times=3` it answers three calls, with `times=0` all). If none is queued, a
`rule` (in-process only) is asked; if it has no opinion, the server invents one: a title for a title
call, otherwise a draft of `--tokens` words. `--rate` (pieces a second) holds for replies that name
none.

**Purposes.** `title`: the prompt asks for a `<summary>`; `instruct`: it speaks of
`ask_user_primary_info`; else `other`.

**Pieces.** `chunk` says how a text is cut: `"word"` (before each space), `"char"` (every tag is
broken everywhere), a number of characters, or a list of pieces, which then are the text.

**Tools.** `calls` is a list of `{"name", "arguments"}`: the answer calls these after its text, each
with its arguments in two pieces.

**Failures** (`fail`): `400`, `401`, `403`, `404`, `429` (with `retry_after` seconds), `500`, `503`,
`context` (400 with `context_length_exceeded`). Within the stream, after `after` pieces: `cut` (the
connection closes without an end), `stall` (it stays open and silent), `error` (an error object).
`length` ends with `finish_reason` `length`; `empty` is an orderly answer without a word; `mute`
takes the request and never answers. For the ones with a status, `text` is the error's message.

Times in requests are `time.time()`, comparable with another process's: `received`, `first_token`
and `last_token` (written to the socket), `ended`; `hung_up` is true when the client closed first.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from typing import Any

WORDS = (
    "The",
    "team",
    "met",
    "and",
    "agreed",
    "on",
    "what",
    "to",
    "do",
    "next",
    "for",
    "the",
    "launch",
)
TITLE_REPLY = "<title>A scripted title</title><summary>The scripted server wrote this.</summary>"
_ON_AND_ON = 0.05
"""Seconds between the pieces of a reply that waits for its `until`."""
ERRORS: dict[str, tuple[int, str, str]] = {
    "400": (400, "scripted bad request", "invalid_request_error"),
    "401": (401, "Incorrect API key provided", "invalid_api_key"),
    "403": (403, "scripted refusal", "permission_denied"),
    "404": (404, "The model does not exist", "model_not_found"),
    "429": (429, "Rate limit reached", "rate_limit_exceeded"),
    "500": (500, "scripted failure", "server_error"),
    "503": (503, "scripted overload", "overloaded"),
    "context": (
        400,
        "This model's maximum context length is 8192 tokens",
        "context_length_exceeded",
    ),
}


@dataclass(frozen=True)
class Reply:
    """What the server says to one call (or to `times` calls)."""

    text: str = ""
    purpose: str | None = None
    """Only for calls of this purpose; `None` for any."""
    times: int = 1
    """How many calls it answers; 0 for ever."""
    delay: float = 0.0
    """Seconds before the first piece (after the response's headers, as real servers do)."""
    rate: float | None = None
    """Pieces a second; `None` as fast as they are taken."""
    chunk: str | int | Sequence[str] = "word"
    fail: str | None = None
    after: int = 3
    """Pieces sent before a `cut`, `stall` or `error`."""
    retry_after: float | None = None
    until: threading.Event | None = None
    """In-process only: after `after` pieces the server goes on and on until this is set."""
    calls: Sequence[dict[str, Any]] = ()
    """What it calls after its text: `{"name": …, "arguments": {…}}`; a text is sent as it is."""
    usage: bool = True
    """Whether the stream ends with the token counts when asked for (`stream_options`)."""

    def pieces(self) -> list[str]:
        """The text as it is cut."""
        if self.chunk == "word":
            return [word for word in _words(self.text) if word]
        if self.chunk == "char":
            return list(self.text)
        if isinstance(self.chunk, int):
            return [self.text[i : i + self.chunk] for i in range(0, len(self.text), self.chunk)]
        return list(self.chunk)


def _words(text: str) -> list[str]:
    """Cut before every space, as tokenizers like it; a piece keeps the space before it."""
    return text.replace(" ", "\0 ").split("\0")


@dataclass
class Request:
    """One call, as it came and as it went."""

    purpose: str
    model: str
    messages: list[dict[str, Any]]
    body: dict[str, Any]
    """The whole JSON body."""
    authorization: str | None
    received: float
    status: int = 200
    pieces: int = 0
    """Pieces sent."""
    first_token: float | None = None
    last_token: float | None = None
    ended: float | None = None
    hung_up: bool = False


Rule = Callable[[Request], Reply | None]


@dataclass
class LlmServer:
    """The server; its fields may be changed while it runs."""

    models: tuple[str, ...] = ("scripted-1",)
    rate: float | None = None
    """Of replies that name none, and of invented ones."""
    tokens: int = 60
    """Words of an invented draft."""
    rule: Rule | None = None
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    _queue: deque[Reply] = field(default_factory=deque)
    _connections: set[asyncio.StreamWriter] = field(default_factory=set)
    _news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """The root, without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What an OpenAI client is given."""
        return f"{self.url}/v1"

    def queue(self, *replies: Reply) -> None:
        """Say these next, in order."""
        self._queue.extend(replies)

    def of(self, purpose: str) -> list[Request]:
        """The calls of one purpose."""
        return [request for request in self.requests if request.purpose == purpose]

    def wait_for(self, what: Callable[[], bool], timeout: float = 10) -> None:
        """Block until `what` is true; it is asked when a call came, got a first piece, ended."""
        with self._news:
            if not self._news.wait_for(what, timeout):
                raise TimeoutError("the scripted server waited in vain")

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    async def listen(self) -> asyncio.Server:
        """Open the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def hang_up(self) -> None:
        """Close every connection that is open."""
        for writer in list(self._connections):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while (call := await _read_call(reader)) is not None:
                if not await self._answer(call, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, which tests do on purpose
        finally:
            self._connections.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(
        self, call: "_Call", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one call; says whether the connection may be used again."""
        match call.method, call.path:
            case "POST", "/v1/chat/completions":
                return await self._complete(call, reader, writer)
            case "GET", "/v1/models":
                listed = [{"id": name, "object": "model"} for name in self.models]
                await _send(writer, 200, {"object": "list", "data": listed})
            case "GET", "/api/tags":
                await _send(writer, 200, {"models": [{"name": name} for name in self.models]})
            case "POST", "/script":
                told = json.loads(call.body)
                for reply in told if isinstance(told, list) else [told]:
                    self._queue.append(Reply(**reply))
                await _send(writer, 200, {"queued": len(self._queue)})
            case "DELETE", "/script":
                self._queue.clear()
                await _send(writer, 200, {"queued": 0})
            case "GET", "/requests":
                kept = [asdict(request) for request in self.requests]
                await _send(writer, 200, {"count": len(kept), "requests": kept})
            case "DELETE", "/requests":
                self.requests.clear()
                await _send(writer, 200, {"count": 0})
            case _:
                await _send(writer, 404, {"error": {"message": f"no route {call.path}"}})
        return True

    def _reply_to(self, request: Request) -> Reply:
        for index, reply in enumerate(self._queue):
            if reply.purpose in {None, request.purpose}:
                if reply.times == 1:
                    del self._queue[index]
                elif reply.times > 1:
                    self._queue[index] = replace(reply, times=reply.times - 1)
                return reply
        if self.rule is not None and (ruled := self.rule(request)) is not None:
            return ruled
        if request.purpose == "title":
            return Reply(TITLE_REPLY)
        words = " ".join(WORDS[i % len(WORDS)] for i in range(self.tokens))
        return Reply(
            f"<execution><title>A scripted text</title>\n<draft>{words}</draft></execution>"
        )

    async def _complete(
        self, call: "_Call", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        body = json.loads(call.body)
        messages = body["messages"]
        request = Request(
            purpose=_purpose(messages),
            model=body["model"],
            messages=messages,
            body=body,
            authorization=call.headers.get("authorization"),
            received=time.time(),
        )
        self.requests.append(request)
        self._tell()
        reply = self._reply_to(request)
        if reply.fail in ERRORS:
            status, message, code = ERRORS[reply.fail]
            message = reply.text or message
            request.status, request.ended = status, time.time()
            wait = {} if reply.retry_after is None else {"Retry-After": f"{reply.retry_after:g}"}
            error = {"message": message, "type": code, "code": code, "param": None}
            await _send(writer, status, {"error": error}, **wait)
            return True
        gone = asyncio.ensure_future(reader.read(1))
        saying = asyncio.ensure_future(self._say(request, reply, writer))
        await asyncio.wait({gone, saying}, return_when=asyncio.FIRST_COMPLETED)
        if not saying.done():
            request.hung_up = True
        for task in (gone, saying):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
        try:
            await saying
        except asyncio.CancelledError:
            pass
        except ConnectionError:
            request.hung_up = True
        request.ended = time.time()
        self._tell()
        return False  # a byte may have been read ahead; clients open a new connection

    async def _say(self, request: Request, reply: Reply, writer: asyncio.StreamWriter) -> None:
        if reply.fail == "mute":
            await asyncio.Event().wait()
        pieces = [] if reply.fail == "empty" else reply.pieces()
        if not request.body.get("stream"):
            request.pieces = len(pieces)
            await asyncio.sleep(reply.delay)
            await _send(writer, 200, _whole(request, "".join(pieces)), Connection="close")
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
            b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await writer.drain()
        await asyncio.sleep(reply.delay)
        await self._stream(request, reply, pieces, writer)

    async def _stream(
        self, request: Request, reply: Reply, pieces: list[str], writer: asyncio.StreamWriter
    ) -> None:
        rate = reply.rate if reply.rate is not None else self.rate
        start = time.monotonic()
        for index, piece in enumerate(pieces):
            if index == reply.after and reply.fail in {"cut", "stall", "error"}:
                break
            while index == reply.after and reply.until and not reply.until.is_set():
                await self._say_piece(request, " on", writer)
                await asyncio.sleep(_ON_AND_ON)
            if rate is not None and (ahead := start + index / rate - time.monotonic()) > 0:
                await asyncio.sleep(ahead)
            await self._say_piece(request, piece, writer)
        if not reply.fail:
            await self._say_calls(request, reply, writer)
        match reply.fail:
            case "cut":
                return  # the caller closes the connection, and the last chunk never comes
            case "stall":
                await asyncio.Event().wait()
            case "error":
                _write_event(writer, {"error": {"message": "scripted break", "code": "500"}})
                return
        ended = "tool_calls" if reply.calls else "stop"
        _write_event(writer, _chunk(request, {}, "length" if reply.fail == "length" else ended))
        if reply.usage and (request.body.get("stream_options") or {}).get("include_usage"):
            _write_event(writer, {**_chunk(request, {}), "choices": [], "usage": _usage(request)})
        _write(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _say_calls(
        self, request: Request, reply: Reply, writer: asyncio.StreamWriter
    ) -> None:
        for index, call in enumerate(reply.calls):
            given = call.get("arguments", {})
            arguments = given if isinstance(given, str) else json.dumps(given)
            half = len(arguments) // 2
            name = f"call_{len(self.requests)}_{index}"
            first = {"id": name, "type": "function", "index": index}
            begun = {"name": call["name"], "arguments": arguments[:half]}
            rest = {"index": index, "function": {"arguments": arguments[half:]}}
            for piece in ({**first, "function": begun}, rest):
                _write_event(writer, _chunk(request, {"role": "assistant", "tool_calls": [piece]}))
                await writer.drain()

    async def _say_piece(self, request: Request, piece: str, writer: asyncio.StreamWriter) -> None:
        _write_event(writer, _chunk(request, {"role": "assistant", "content": piece}))
        request.pieces += 1
        request.last_token = time.time()
        if request.first_token is None:
            request.first_token = request.last_token
            self._tell()
        await writer.drain()


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


async def _read_call(reader: asyncio.StreamReader) -> _Call | None:
    """Read one HTTP request; `None` when the client closed."""
    line = await reader.readline()
    if not line:
        return None
    method, path, _ = line.decode().split(" ", 2)
    headers = {}
    while field_line := (await reader.readline()).decode().strip():
        name, _, value = field_line.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return _Call(method, path.partition("?")[0], headers, body)


async def _send(
    writer: asyncio.StreamWriter, status: int, answer: dict[str, Any], **headers: str
) -> None:
    content = json.dumps(answer).encode()
    named = {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
    await writer.drain()


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))


def _write_event(writer: asyncio.StreamWriter, event: dict[str, Any]) -> None:
    _write(writer, b"data: " + json.dumps(event).encode() + b"\n\n")


def _chunk(
    request: Request, delta: dict[str, Any], finish_reason: str | None = None
) -> dict[str, Any]:
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion.chunk",
        "created": int(request.received),
        "model": request.model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }


def _whole(request: Request, text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": int(request.received),
        "model": request.model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": _usage(request),
    }


def _usage(request: Request) -> dict[str, int]:
    """Count a word as a token; enough to see that the counts arrive."""
    asked = sum(len(said(message).split()) for message in request.messages)
    return {
        "prompt_tokens": asked,
        "completion_tokens": request.pieces,
        "total_tokens": asked + request.pieces,
    }


def said(message: dict[str, Any]) -> str:
    """Return the text of a message; of one with images, the parts that are text."""
    content = message["content"] or ""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _purpose(messages: list[dict[str, Any]]) -> str:
    text = "\n".join(map(said, messages))
    if "<summary>" in text:
        return "title"
    return "instruct" if "ask_user_primary_info" in text else "other"


@contextlib.contextmanager
def serving(llm_server: LlmServer | None = None) -> Iterator[LlmServer]:
    """Run a server in a thread."""
    llm_server = llm_server or LlmServer()
    started = threading.Event()
    loop = asyncio.new_event_loop()

    async def run(stopped: asyncio.Event) -> None:
        async with await llm_server.listen():
            started.set()
            await stopped.wait()
            llm_server.hang_up()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    stopped = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(stopped),), daemon=True)
    thread.start()
    if not started.wait(10):
        raise TimeoutError("the scripted server did not start")
    try:
        yield llm_server
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(10)
        loop.close()


async def _main(arguments: argparse.Namespace) -> None:
    llm_server = LlmServer(
        models=tuple(arguments.model or ("scripted-1",)),
        rate=arguments.rate,
        tokens=arguments.tokens,
        port=arguments.port,
    )
    async with await llm_server.listen() as server:
        ready = {"port": llm_server.port, "base_url": llm_server.base_url}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        if arguments.until_stdin_ends:
            await asyncio.to_thread(sys.stdin.read)
        else:
            await server.serve_forever()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A scripted OpenAI-compatible server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=float, default=None, help="pieces a second")
    parser.add_argument("--tokens", type=int, default=60, help="words of an invented draft")
    parser.add_argument("--model", action="append", help="a model it lists; several times")
    parser.add_argument("--until-stdin-ends", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(_arguments()))
