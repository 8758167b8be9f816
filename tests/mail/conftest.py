"""A real mail server on the loopback, with TLS and a password."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd import smtp as smtpd
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from mojodex_tui.backend.mail.settings import MailSettings, Security

USER, PASSWORD = "sender", "a password"


@dataclass
class Post:
    """What came in, and what the server answers next; it takes everything by default."""

    answers: list[str] = field(default_factory=list)
    came: list[bytes] = field(default_factory=list)
    attempts: int = 0

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: smtpd.SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.attempts += 1
        assert session.authenticated
        content = envelope.original_content or b""
        assert all(len(line) <= 998 for line in content.split(b"\r\n"))
        if self.answers:
            return self.answers.pop(0)
        self.came.append(content)
        return "250 taken"

    def letters(self) -> list[EmailMessage]:
        """Return the mails, read."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.came]


@dataclass(frozen=True)
class Certificate:
    """What a server shows, and who trusts it."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate of 127.0.0.1 that signs itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(chain, private)


def _let_in(
    server: smtpd.SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def _serving(post: Post, certificate: Certificate, security: Security) -> AsyncIterator[int]:
    context = certificate.context()
    implicit = security is Security.TLS

    def smtp() -> smtpd.SMTP:
        return smtpd.SMTP(
            post,
            tls_context=None if implicit else context,
            require_starttls=not implicit,
            authenticator=_let_in,
            # It warns of a way that is private from the beginning; `handle_DATA` asks anyway.
            auth_required=not implicit,
            auth_require_tls=not implicit,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(
        smtp, "127.0.0.1", 0, ssl=context if implicit else None
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(params=[Security.STARTTLS, Security.TLS])
async def mail_settings(
    request: pytest.FixtureRequest, post: Post, certificate: Certificate
) -> AsyncIterator[MailSettings]:
    """How to reach the server."""
    async with _serving(post, certificate, request.param) as port:
        yield MailSettings(
            host="127.0.0.1",
            port=port,
            security=request.param,
            sender="Mojodex <mojodex@example.com>",
            user=USER,
            password=SecretStr(PASSWORD),
            ca_file=certificate.chain,
            timeout=5,
        )
