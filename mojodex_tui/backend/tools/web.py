"""Fetching web pages, and nothing on this computer or its network.

A name is resolved once, every address it has must be public, and the connection goes to the very
address that was checked: a name that answers differently the next time gains nothing. Redirects
are followed by hand, each through the same check. Proxies of the environment are not used, since
they would resolve names themselves.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
from pydantic import Field

from mojodex_tui.backend.chat.ports import ChatTurn
from mojodex_tui.backend.tools.addresses import Address, is_public
from mojodex_tui.backend.tools.consent import asking_first, named_by_user
from mojodex_tui.backend.tools.documents import decoded, pdf_pages
from mojodex_tui.backend.tools.excerpts import Part, part_of
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.html import html_text
from mojodex_tui.backend.tools.offers import AnyTool, offered

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]

_REDIRECTS = 5
_HTML = ("text/html", "application/xhtml+xml")
_TEXTS = ("application/json", "application/xml", "application/javascript", "application/yaml")
_PDF = "application/pdf"


async def resolved(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a host."""
    loop = asyncio.get_running_loop()
    infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(info[4][0]) for info in infos]


@dataclass(frozen=True)
class _Answer:
    """What a server said to one request."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    content: bytes


class WebPages:
    """Pages as text.

    Args:
        allowed: whether an address may be connected to.
        resolve: finds the addresses of a host.
        tls: how certificates are checked; by the usual authorities if not given.
        most_bytes: the largest answer, unpacked.
        seconds: the longest a page may take, redirects included.
    """

    def __init__(
        self,
        *,
        allowed: Callable[[Address], bool] = is_public,
        resolve: Resolve = resolved,
        tls: ssl.SSLContext | None = None,
        most_bytes: int = 3_000_000,
        seconds: float = 20.0,
    ) -> None:
        self._allowed, self._resolve, self._tls = allowed, resolve, tls
        self._most_bytes, self._seconds = most_bytes, seconds

    async def text(self, url: str) -> str:
        """Return a page as text.

        Raises:
            ToolFailed: the page cannot, or must not, be had.
        """
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._follow(_checked(url))
        except TimeoutError as error:
            raise ToolFailed(f"{url} did not answer within {self._seconds:g} seconds.") from error
        return await asyncio.to_thread(_text, answer)

    async def _follow(self, url: httpx.URL) -> _Answer:
        context = self._tls or httpx.create_ssl_context(trust_env=False)
        options = {"User-Agent": "mojodex-tui", "Accept-Encoding": "gzip"}
        async with httpx.AsyncClient(verify=context, trust_env=False, headers=options) as http:
            for _ in range(_REDIRECTS + 1):
                answer = await self._get(http, url)
                target = answer.headers.get("location")
                if answer.status not in (301, 302, 303, 307, 308) or not target:
                    return answer
                url = _checked(target, base=url)
        raise ToolFailed(f"{url} redirects more than {_REDIRECTS} times.")

    async def _get(self, http: httpx.AsyncClient, url: httpx.URL) -> _Answer:
        """Ask the addresses of the host in turn, until one can be connected to."""
        failed: httpx.TransportError | None = None
        for address in await self._addresses(url):
            try:
                return await self._ask(http, url, address)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error
            except httpx.RequestError as error:
                raise ToolFailed(f"{url.host} gave no proper answer: {error}") from error
        raise ToolFailed(f"{url.host} cannot be reached: {failed}") from failed

    async def _addresses(self, url: httpx.URL) -> Sequence[Address]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._resolve(url.host, port)
        except (OSError, UnicodeError, ValueError) as error:
            raise ToolFailed(f"There is no host {url.host}; check the address.") from error
        if not addresses or not all(map(self._allowed, addresses)):
            raise ToolFailed(f"{url.host} is not on the public internet; it is never asked.")
        return list(dict.fromkeys(addresses))

    async def _ask(self, http: httpx.AsyncClient, url: httpx.URL, address: Address) -> _Answer:
        named = {"Host": url.netloc.decode("ascii")}
        # the certificate must be that of the name, not of the address
        secured = {"sni_hostname": url.raw_host.decode("ascii")}
        there = url.copy_with(host=str(address))
        async with http.stream("GET", there, headers=named, extensions=secured) as response:
            content = b""
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > self._most_bytes:
                    raise ToolFailed(f"{url} is larger than {self._most_bytes} bytes.")
            return _Answer(url, response.status_code, response.headers, content)


def _checked(text: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(text) if base else httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ToolFailed(f"{text!r} is no web address.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ToolFailed(f"{text!r} is no web address; it must begin with https:// or http://.")
    if url.userinfo:
        raise ToolFailed("Addresses with a user name or password are not fetched.")
    return url


def _text(answer: _Answer) -> str:
    if not httpx.codes.is_success(answer.status):
        reason = httpx.codes.get_reason_phrase(answer.status)
        raise ToolFailed(f"{answer.url} answered {answer.status} {reason}.".replace(" .", "."))
    declared = answer.headers.get("content-type", "text/plain")
    kind = declared.partition(";")[0].strip().lower()
    if kind == _PDF:
        return pdf_pages(str(answer.url), answer.content, 1, None).text
    if not kind.startswith("text/") and kind not in _HTML + _TEXTS and not kind.endswith("+json"):
        raise ToolFailed(f"{answer.url} is {kind}, not a page with text.")
    content = decoded(str(answer.url), answer.content, _charset(declared))
    return html_text(content) if kind in _HTML else content


def _charset(declared: str) -> str | None:
    _, _, after = declared.lower().partition("charset=")
    return after.partition(";")[0].strip(" \"'") or None


class _Fetch(Part):
    url: str = Field(max_length=2_000, description="An http or https address.")


def web_tools(pages: WebPages) -> tuple[AnyTool, ...]:
    """Return the tool that fetches pages.

    An address can carry what the model was told out of here. So one that the user did not give is
    asked for first.
    """

    async def fetch(args: _Fetch) -> str:
        return part_of(await pages.text(args.url), args)

    def given(args: _Fetch, thread: Sequence[ChatTurn]) -> bool:
        return named_by_user(args.url.rstrip("/"), thread)

    purpose = "Fetch a public web page as text. Addresses the user gave need no asking."
    return (asking_first(offered("fetch_page", _Fetch, purpose, fetch), given),)
