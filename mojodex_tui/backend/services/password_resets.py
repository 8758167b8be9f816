"""Links by mail with which a forgotten password is replaced (wire protocol §1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import escape
from typing import Final
from urllib.parse import quote

import jwt
import structlog

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.letters import page
from mojodex_tui.backend.services.background import Background
from mojodex_tui.backend.services.errors import NotAllowed, Unexplained
from mojodex_tui.backend.services.passwords import hash_password
from mojodex_tui.backend.services.ports import Clock, Store
from mojodex_tui.backend.services.todo_ports import Letter, MailDelayed, Mailer, MailRefused

RESET_PAGE: Final = "/auth/reset-password"
"""Where a link leads, below the address of the web interface (§1.4)."""
_ALGORITHM = "HS256"
_LIFETIME = timedelta(minutes=10)
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Words:
    subject: str
    why: str
    link: str
    otherwise: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        "Your new Mojodex password",
        "Somebody, hopefully you, wants a new password for your Mojodex account.",
        "Choose a new password",
        "The link holds 10 minutes and works once. If it was not you, there is nothing to do.",
    ),
    "fr": _Words(
        "Votre nouveau mot de passe Mojodex",
        "Quelqu’un, vous sans doute, demande un nouveau mot de passe pour votre compte Mojodex.",
        "Choisir un nouveau mot de passe",
        "Le lien est valable 10 minutes, une seule fois. Si ce n’était pas vous, ne faites rien.",
    ),
    "es": _Words(
        "Su nueva contraseña de Mojodex",
        "Alguien, seguramente usted, pide una contraseña nueva para su cuenta de Mojodex.",
        "Elegir una contraseña nueva",
        "El enlace vale 10 minutos y una sola vez. Si no fue usted, no tiene que hacer nada.",
    ),
}


@dataclass(frozen=True)
class PasswordResets:
    """Sends links, and takes the passwords they bring.

    Args:
        store: where accounts are kept.
        key: what links are signed with.
        clock: tells when.
        background: mails there, so that how long it takes tells nobody who has an account.
        mailer: sends the links; `None` if no mail server is set.
        address: the web interface's, where links lead.
    """

    store: Store
    key: str = field(repr=False)
    clock: Clock
    background: Background
    mailer: Mailer | None
    address: str

    async def send_link(self, email: str) -> None:
        """Mail a link to who has this address; whether anybody has is not told (S16).

        Raises:
            Unexplained: no mail server is set.
        """
        if self.mailer is None:
            raise Unexplained
        async with self.store.read() as work:
            user = await work.users.by_email(email)
        if user is not None and user.password_hash is not None:
            self.background.start(self._send(user, self.mailer), "password")

    async def set_password(self, token: str, password: str) -> None:
        """Replace the password of whose link this is.

        Raises:
            NotAllowed: the link is none of ours, too old, or was used.
            Unexplained: there is no password.
        """
        if not password:
            raise Unexplained
        user = await self._user_of(token)
        password_hash = await hash_password(password)
        async with self.store.write() as work:
            kept = await work.users.get(user.user_id)
            if kept is None or kept.password_hash != user.password_hash:
                raise NotAllowed("Invalid link")
            await work.users.change(replace(kept, password_hash=password_hash))

    async def _user_of(self, token: str) -> User:
        try:
            # Whose it is must be known first: each account's links are signed with another key.
            user_id = str(jwt.decode(token, options={"verify_signature": False})["sub"])
            async with self.store.read() as work:
                user = await work.users.get(user_id)
            if user is None:
                raise NotAllowed("Invalid link")
            claims = jwt.decode(
                token,
                self._key_of(user),
                algorithms=[_ALGORITHM],
                options={"require": ["exp", "sub"], "verify_exp": False},
            )
            expires = float(claims["exp"])
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
            raise NotAllowed("Invalid link") from error
        if expires <= self.clock().timestamp():
            raise NotAllowed("Link expired")
        return user

    def _key_of(self, user: User) -> str:
        """Return what a user's links are signed with: once the password is another, none holds."""
        return f"{self.key} password {user.password_hash}"

    async def _send(self, user: User, mailer: Mailer) -> None:
        moment = self.clock()
        token = jwt.encode(
            {"sub": user.user_id, "exp": moment + _LIFETIME}, self._key_of(user), _ALGORITHM
        )
        link = f"{self.address.rstrip('/')}{RESET_PAGE}?token={quote(token)}"
        words = _WORDS.get(user.language[:2], _WORDS["en"])
        inner = (
            f'<p style="margin:0 0 16px">{escape(words.why)}</p>\n'
            f'<p style="margin:0"><a href="{escape(link)}">{escape(words.link)}</a></p>'
        )
        letter = Letter(
            to=user.email,
            subject=words.subject,
            text=f"{words.why}\n\n{words.link}:\n{link}\n\n{words.otherwise}\n",
            html=page(words.subject, inner, words.otherwise, user.language[:2]),
            key=f"password.{user.user_id}.{moment.isoformat()}",
        )
        try:
            await mailer.send(letter)
        except (MailDelayed, MailRefused) as error:
            # Who asked has been answered, and asks again; who runs the server reads this.
            _LOG.error("link not mailed", reason=str(error))
