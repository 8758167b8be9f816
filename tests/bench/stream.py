"""A minimal program that streams a model's text with Textual's own Markdown stream.

`python -m tests.bench.stream URL`; Enter in its line begins.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from textual import work
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown


class Stream(App[None]):
    """A text that grows, and a place to type.

    Args:
        url: Where the model listens.

    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def compose(self) -> ComposeResult:
        """Lay out both."""
        with VerticalScroll(can_focus=False):
            yield Markdown()
        yield Input(placeholder="hello")

    def on_mount(self) -> None:
        """Let the keys go to the line."""
        self.query_one(Input).focus()

    def on_input_submitted(self) -> None:
        """Begin."""
        self.query_one(Input).clear()
        self._show_answer()

    @work
    async def _show_answer(self) -> None:
        self.query_one(VerticalScroll).anchor()
        stream = Markdown.get_stream(self.query_one(Markdown))
        try:
            async for token in _answer(self._url):
                await stream.write(token)
        finally:
            await stream.stop()


async def _answer(url: str) -> AsyncIterator[str]:
    """Yield what the model says, read with as little as possible."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    body = json.dumps(
        {
            "model": "scripted",
            "stream": True,
            "messages": [{"role": "user", "content": "ask_user_primary_info"}],
        }
    ).encode()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: loopback\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    try:
        while line := await reader.readline():
            data = line.removeprefix(b"data: ").strip()
            if data == b"[DONE]":
                return
            if line.startswith(b"data: ") and (choices := json.loads(data)["choices"]):
                yield choices[0]["delta"].get("content", "")
    finally:
        writer.close()


if __name__ == "__main__":
    Stream(sys.argv[1]).run()
