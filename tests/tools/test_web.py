"""Fetching pages, and never from this computer or its network."""

import asyncio
import datetime
import gzip
import ipaddress
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.backend.chat.outcomes import Send
from mojodex_tui.backend.chat.ports import ChatTurn
from mojodex_tui.backend.tools.addresses import Address, is_public
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.html import html_text
from mojodex_tui.backend.tools.web import WebPages, web_tools
from tests.tools import papers
from tests.tools.calling import named, outcome
from tests.tools.pages import LOOPBACK, Site, moved, page, serving, to_loopback


def is_loopback(address: Address) -> bool:
    return address == LOOPBACK


def local(**options: float) -> WebPages:
    """Return pages of a world whose only public address is loopback."""
    return WebPages(
        allowed=is_loopback,
        resolve=to_loopback,
        most_bytes=int(options.get("most_bytes", 1_000_000)),
        seconds=options.get("seconds", 10),
    )


async def fetch(site: Site, path: str = "/", **options: float) -> str:
    return await local(**options).text(site.url(path))


async def test_a_page_is_read_as_text_and_in_parts() -> None:
    async with serving({"/": page("<title>Tea</title><p>Hot &amp; green")}) as site:
        tool = named(web_tools(local()), "fetch_page")
        named_it = [ChatTurn("user", f"Read {site.url()}, please.")]
        assert await outcome(tool, named_it, url=site.url()) == "Tea\n\nHot & green"
        cut = await outcome(tool, named_it, url=site.url(), length=3)
        assert cut == "Tea\n\n(characters 0 to 3 of 16; go on with start=3)"
        assert f"Host: pages.example:{site.port}" in site.heads[0]


async def test_an_address_of_the_model_s_own_is_asked_for_first() -> None:
    async with serving({"/?told=secret": page("Thanks")}) as site:
        tool = named(web_tools(local()), "fetch_page")
        thread = [ChatTurn("user", f"Read {site.url('/')}")]
        asked = await outcome(tool, thread, url=site.url("/?told=secret"))
        assert isinstance(asked, Send)
        assert site.heads == []
        thread += [ChatTurn("user", str(asked.content)), ChatTurn("user", "no")]
        assert isinstance(await outcome(tool, thread, url=site.url("/?told=secret")), Send)
        thread += [ChatTurn("user", str(asked.content)), ChatTurn("user", "yes")]
        assert await outcome(tool, thread, url=site.url("/?told=secret")) == "Thanks"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (page("Käse".encode("latin-1"), "text/plain; charset=ISO-8859-1"), "Käse"),
        (page('{"a": 1}', "application/json"), '{"a": 1}'),
        (page('{"a": 1}', "application/ld+json"), '{"a": 1}'),
        (page(papers.pdf("Paper"), "application/pdf"), "[page 1 of 1]\nPaper"),
        (page(gzip.compress(b"small"), "text/plain", Content_Encoding="gzip"), "small"),
    ],
)
async def test_kinds_of_content(answer: bytes, text: str) -> None:
    async with serving({"/": answer}) as site:
        assert await fetch(site) == text


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page(b"GIF89a", "image/gif"), "image/gif, not a page"),
        (page("gone", status="404 Not Found"), "answered 404 Not Found"),
        (b"nonsense\r\n\r\n", "gave no proper answer"),
        (b"", "gave no proper answer"),
        (page("x" * 2_000), "larger than 1000 bytes"),
        (page(gzip.compress(b"x" * 900_000), Content_Encoding="gzip"), "larger than 1000 bytes"),
        (page(b"no gzip", Content_Encoding="gzip"), "gave no proper answer"),
        (moved("ftp://pages.example/"), "no web address"),
        (moved("http://a.example:port/"), "gave no proper answer: .* port"),
    ],
)
async def test_failures_say_why(answer: bytes, reason: str) -> None:
    async with serving({"/": answer}) as site:
        with pytest.raises(ToolFailed, match=reason):
            await fetch(site, most_bytes=1_000)


async def test_a_server_that_never_ends_is_given_up() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving({"/": drip}) as site:
        with pytest.raises(ToolFailed, match=r"within 0\.2 seconds"):
            await fetch(site, seconds=0.2)


async def test_redirects_are_followed_but_not_for_ever() -> None:
    paths = {"/": moved("/two"), "/two": moved("three"), "/three": page("Here", "text/plain")}
    async with serving({**paths, "/loop": moved("/loop")}) as site:
        assert await fetch(site) == "Here"
        with pytest.raises(ToolFailed, match="more than 5 times"):
            await fetch(site, "/loop")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "javascript:1",
        "www.a.example",
        "http://",
        "",
        "::",
    ],
)
async def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(ToolFailed, match="no web address"):
        await WebPages().text(url)


async def test_passwords_in_addresses_are_refused() -> None:
    with pytest.raises(ToolFailed, match="user name or password"):
        await WebPages().text("http://me:secret@a.example/")


_HERE = (
    "127.0.0.1 localhost 0 0x7f.1 2130706433 017700000001 127.1 [::1] [::ffff:127.0.0.1] "
    "[::ffff:7f00:1] 0.0.0.0 [::] 169.254.169.254"
)


@pytest.mark.parametrize("host", _HERE.split())
async def test_this_computer_is_not_asked_however_it_is_spelled(host: str) -> None:
    async with serving({"/": page("secret")}) as site:
        with pytest.raises(ToolFailed, match=r"not on the public internet|no web address|no host"):
            await WebPages().text(site.url(host=host))
        assert site.heads == []


async def test_a_redirect_to_this_computer_is_not_followed() -> None:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [LOOPBACK] if host == "pages.example" else [ipaddress.ip_address("10.0.0.1")]

    async with serving({"/": moved("http://inside.example/")}) as site:
        pages = WebPages(allowed=is_loopback, resolve=resolve)
        with pytest.raises(ToolFailed, match=r"inside\.example is not on the public internet"):
            await pages.text(site.url())


async def test_one_private_address_among_several_is_enough_to_refuse() -> None:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [LOOPBACK, ipaddress.ip_address("10.0.0.1")]

    async with serving({"/": page("x")}) as site:
        with pytest.raises(ToolFailed, match="not on the public internet"):
            await WebPages(allowed=is_loopback, resolve=resolve).text(site.url())
        assert site.heads == []


async def test_a_name_that_changes_its_answer_gains_nothing() -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[Address]:
        asked.append(host)
        return [LOOPBACK if len(asked) == 1 else ipaddress.ip_address("10.0.0.1")]

    async with serving({"/": page("checked", "text/plain")}) as site:
        pages = WebPages(allowed=is_loopback, resolve=rebinding)
        # "pages.example" exists nowhere: had it been resolved again, nothing would have answered
        assert await pages.text(site.url()) == "checked"
        assert asked == ["pages.example"]
        with pytest.raises(ToolFailed, match="not on the public internet"):
            await pages.text(site.url())


async def test_the_next_address_is_tried_if_one_is_dead() -> None:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [ipaddress.ip_address("127.0.0.2"), LOOPBACK]

    async with serving({"/": page("alive", "text/plain")}) as site:
        pages = WebPages(allowed=lambda _: True, resolve=resolve)
        assert await pages.text(site.url()) == "alive"


async def test_a_dead_host_says_so() -> None:
    async with serving({}) as site:
        url = site.url()
    with pytest.raises(ToolFailed, match=r"pages\.example cannot be reached"):
        await local().text(url)


async def test_an_unknown_host_says_so() -> None:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        raise OSError("Name or service not known")

    with pytest.raises(ToolFailed, match=r"no host pages\.example"):
        await WebPages(resolve=resolve).text("http://pages.example/")


def _certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return how a server shows a certificate of a host, and how a client comes to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "certificate.pem"
    file.write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.mark.parametrize(("host", "fits"), [("pages.example", True), ("other.example", False)])
async def test_a_certificate_must_be_that_of_the_name(
    tmp_path: Path, host: str, fits: bool
) -> None:
    shown, trusted = _certificate(tmp_path, host)
    async with serving({"/": page("safe", "text/plain")}, tls=shown) as site:
        pages = WebPages(allowed=is_loopback, resolve=to_loopback, tls=trusted)
        if fits:
            assert await pages.text(site.url(scheme="https")) == "safe"
        else:
            with pytest.raises(ToolFailed, match="certificate verify failed"):
                await pages.text(site.url(scheme="https"))


_PRIVATE = (
    "10.1.2.3 172.16.0.1 192.168.0.1 127.0.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 "
    "240.0.0.1 255.255.255.255 192.0.2.1 :: ::1 fe80::1 fe80::1%1 fc00::1 fec0::1 ff02::1 "
    "2001:db8::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1:: 2002:7f00:1::1 ::127.0.0.1"
)


@pytest.mark.parametrize("address", _PRIVATE.split())
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_does_not_make_it_public(address: ipaddress.IPv4Address) -> None:
    wrapped = (0xFFFF << 32 | int(address), 0x64FF9B << 96 | int(address))
    public = is_public(address)
    assert [is_public(ipaddress.IPv6Address(each)) for each in wrapped] == [public, public]


def test_a_page_keeps_what_a_reader_sees() -> None:
    page_of_all = """
        <html><head><title>All
        things</title><style>p {}</style></head><body><nav>Menu</nav><main><h2>Head</h2>
        <p>One <b>bold</b> <a href="https://a.example/b">link</a><br>next</p><ul><li>a</li><li>b
        </li></ul><table><tr><th>x</th><td>y</td></tr></table><pre>if a:\n  b</pre>
        <script>alert(1)</script><p hidden>no</p></main><footer>Foot</footer></body></html>"""
    assert html_text(page_of_all) == (
        "All things\n\n## Head\n\nOne bold [link](https://a.example/b)\nnext\n\n"
        "- a\n\n- b\n\nx | y |\n\n    if a:\n      b"
    )


@given(st.lists(st.sampled_from(["<div>", "</p>", "<a href=", ">", "x", "<li>", "&#0;", "<!--"])))
def test_broken_pages_are_read_anyway(pieces: list[str]) -> None:
    assert isinstance(html_text("".join(pieces)), str)


def test_deep_pages_are_read_anyway() -> None:
    assert html_text("<p>seen</p>" + "<div><i>" * 200_000 + "deep") == "seen"
