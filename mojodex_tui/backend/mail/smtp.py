"""Hand mails over to a mail server."""

import hashlib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from mojodex_tui.backend.mail.settings import MailSettings, Security
from mojodex_tui.backend.services.ports import Clock
from mojodex_tui.backend.services.todo_ports import Letter, MailDelayed, MailRefused

_LATER = range(400, 500)


class SmtpMailer:
    """Sends by SMTP.

    Args:
        settings: which server.
        clock: tells when.
    """

    def __init__(self, settings: MailSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def send(self, letter: Letter) -> None:
        """Hand a letter over to the mail server.

        Raises:
            MailDelayed: it may go later: the server said so, or is not there.
            MailRefused: it will never go.
        """
        # Imported on first use: most backends send no mail.
        import aiosmtplib

        settings = self._settings
        try:
            await aiosmtplib.send(
                self.message(letter),
                hostname=settings.host,
                port=settings.chosen_port,
                username=settings.user,
                password=settings.password.get_secret_value() if settings.password else None,
                use_tls=settings.security is Security.TLS,
                start_tls=settings.security is Security.STARTTLS,
                tls_context=self._tls(),
                timeout=settings.timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            answers = [refused.code for refused in error.recipients]
            raise _failure(answers[0] if answers else 0, str(error)) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _failure(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailDelayed(f"The mail server {settings.host} is not there: {error}") from error

    def message(self, letter: Letter) -> EmailMessage:
        """Return a letter as it travels: two readings, every line short, the same id each time."""
        message = EmailMessage(policy=SMTP)
        name, address = parseaddr(self._settings.sender)
        message["From"] = Address(name or "Mojodex", addr_spec=address)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(self._clock())
        digest = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{address.rpartition('@')[2] or 'mojodex-tui'}>"
        message["Auto-Submitted"] = "auto-generated"
        # Lines of a mail have at most 998 bytes (RFC 5321 §4.5.3.1.6); this keeps them under 77.
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        return message

    def _tls(self) -> ssl.SSLContext | None:
        if self._settings.security is Security.NONE:
            return None
        context = ssl.create_default_context()
        if self._settings.ca_file is not None:
            context.load_verify_locations(self._settings.ca_file)
        return context


def _failure(code: int, said: str) -> MailDelayed | MailRefused:
    told = f"The mail server answered {code} {said}".strip()
    return MailDelayed(told) if code in _LATER else MailRefused(told)
