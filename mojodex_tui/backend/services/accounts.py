"""Accounts: sign in, registration, and what an account remembers (wire protocol §1)."""

import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import SecretStr

from mojodex_tui.backend.domain.accounts import EmailTaken, User
from mojodex_tui.backend.services.attempts import Attempts
from mojodex_tui.backend.services.errors import NotAllowed, Refused, Unexplained
from mojodex_tui.backend.services.passwords import hash_password, is_outdated, is_right
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.tokens import InvalidToken, Tokens
from mojodex_tui.wire.accounts import Account, LoginMethod

LOCAL_EMAIL = "local@localhost"
"""The login name of the account that needs none."""

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français"}
"""What tasks are shown in (wire protocol §1.5)."""


@dataclass(frozen=True)
class Accounts:
    """What can be done with accounts.

    Args:
        store: where they are kept.
        tokens: what users are handed.
        clock: tells when.
        attempts: counts tries to sign in.
        local_secret: opens the local account; `None` if there is none.
        local_name: what to call the user of the local account.
        open_registration: whether anybody may make an account.
    """

    store: Store
    tokens: Tokens
    clock: Clock
    attempts: Attempts
    local_secret: SecretStr | None = None
    local_name: str = ""
    open_registration: bool = True

    async def authenticate(self, token: str) -> User:
        """Return who a token belongs to.

        An original server takes any well signed token; here the account must exist.

        Raises:
            NotAllowed: the token is none of ours, too old, or its account is gone.
        """
        user_id = self.tokens.user_of(token)
        async with self.store.read() as work:
            user = await work.users.get(user_id)
        if user is None:
            raise InvalidToken
        return user

    async def log_in(
        self, email: str, method: str, password: str | None, *, address: str
    ) -> Account:
        """Sign a user in by password; an old hash is replaced by a new one.

        Args:
            email: whose account.
            method: how the user proves who they are.
            password: what proves it.
            address: where the call comes from.

        Raises:
            TooManyAttempts: that was tried too often.
            Refused: the e-mail or the password is wrong, or the account has no password.
            Unexplained: another method was asked for.
        """
        if method != LoginMethod.PASSWORD or password is None:
            raise Unexplained
        self.attempts.begin(email, address)
        async with self.store.read() as work:
            user = await work.users.by_email(email)
        right = await is_right(password, user.password_hash if user else None)
        if user is not None and user.password_hash is None:
            raise Refused("User is not registered with password.")
        if user is None or user.password_hash is None or not right:
            raise Refused("Wrong email or password.")
        self.attempts.succeed(email, address)
        if is_outdated(user.password_hash):
            renewed = await hash_password(password)
            await self._change(user.user_id, lambda kept: replace(kept, password_hash=renewed))
        return self._account(user)

    async def register(
        self, email: str, name: str, password: str, language_code: str | None
    ) -> Account:
        """Make an account that has all tasks.

        Raises:
            Refused: the e-mail is taken, or registration is closed.
        """
        if not self.open_registration:
            raise Refused("Registration is closed on this server.")
        password_hash = await hash_password(password)
        user = User(
            user_id=uuid.uuid4().hex,
            email=email,
            name=name,
            password_hash=password_hash,
            language_code=language_code or "en",
        )
        async with self.store.write() as work:
            if await work.users.by_email(email) is not None:
                raise Refused("Email already exists.")
            try:
                await work.users.add(user)
            except EmailTaken as error:
                raise Refused("Email already exists.") from error
            await give_everything(work, user.user_id)
        return self._account(user)

    async def open_local(self, secret: str) -> Account:
        """Sign the user of this computer in; the account is made on the first call.

        Raises:
            NotAllowed: there is no local account here, or the secret is another.
        """
        known = self.local_secret.get_secret_value() if self.local_secret else ""
        if not known or not hmac.compare_digest(secret.encode(), known.encode()):
            raise NotAllowed("Authentication error : Invalid secret")
        async with self.store.write() as work:
            user = await work.users.by_email(LOCAL_EMAIL)
            if user is None:
                moment = self.clock()
                user = User(
                    user_id=uuid.uuid4().hex,
                    email=LOCAL_EMAIL,
                    name=self.local_name,
                    language_code="en",
                    terms_accepted=moment,
                    onboarding_presented=moment,
                )
                await work.users.add(user)
            # The catalog may have grown since the last time.
            if not await work.tasks.has_all(user.user_id):
                await give_everything(work, user.user_id)
        return self._account(user)

    async def accept_terms(self, user: User) -> None:
        """Note that the user accepted the terms, now: a client's clock decides nothing here."""
        await self._change(user.user_id, lambda kept: replace(kept, terms_accepted=self.clock()))

    async def set_language(self, user: User, language_code: str) -> None:
        """Set the language tasks are shown in.

        Raises:
            Unexplained: that is no language code.
        """
        if not 2 <= len(language_code) <= 5:
            raise Unexplained
        await self._change(user.user_id, lambda kept: replace(kept, language_code=language_code))

    async def set_timezone(self, user: User, timezone_offset: int) -> None:
        """Set the user's clock.

        Raises:
            Unexplained: nowhere on earth clocks are that far from UTC.
        """
        if abs(timezone_offset) > 14 * 60:
            raise Unexplained
        await self._change(
            user.user_id,
            # Who tells an offset only may have left the zone told before.
            lambda kept: replace(kept, timezone_offset=timezone_offset, timezone=None),
        )

    async def set_goal(self, user: User, goal: str) -> None:
        """Note what the user wants from the assistant."""
        await self._change(user.user_id, lambda kept: replace(kept, goal=goal))

    async def mark_onboarded(self, user: User) -> None:
        """Note that the introduction was shown."""
        await self._change(
            user.user_id, lambda kept: replace(kept, onboarding_presented=self.clock())
        )

    async def _change(self, user_id: str, changed: Callable[[User], User]) -> None:
        async with self.store.write() as work:
            user = await work.users.get(user_id)
            if user is None:
                raise InvalidToken
            await work.users.change(changed(user))

    def _account(self, user: User) -> Account:
        return Account(
            token=self.tokens.issue(user.user_id),
            language_code=user.language_code,
            name=user.name,
            terms_and_conditions_agreed=user.terms_accepted is not None,
            company_fk=user.company_fk,
        )


async def give_everything(work: Work, user_id: str) -> None:
    """Give a user the free product and all its tasks, as an account without tasks is no use."""
    await work.products.take_free(user_id, await work.products.default_category())
    await work.tasks.enable_all(user_id)
