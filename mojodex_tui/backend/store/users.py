"""Accounts in the database."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.accounts import EmailTaken, User
from mojodex_tui.backend.store.tables import accounts


class SqlUsers:
    """Accounts, inside one transaction."""

    def __init__(self, session: AsyncSession, *, lock: bool = False) -> None:
        self._session = session
        self._lock = lock

    async def get(self, user_id: str) -> User | None:
        """Return an account by its id."""
        row = await self._session.get(accounts.User, user_id, with_for_update=self._lock)
        return user_of(row) if row else None

    async def by_email(self, email: str) -> User | None:
        """Return an account by its login name."""
        row = await self._session.scalar(select(accounts.User).where(accounts.User.email == email))
        return user_of(row) if row else None

    async def add(self, user: User) -> None:
        """Keep a new account.

        Raises:
            EmailTaken: there is one with this login name; the transaction is lost.
        """
        row = accounts.User(user_id=user.user_id, email=user.email)
        _write(row, user)
        self._session.add(row)
        try:
            await self._session.flush()
        except IntegrityError as error:  # the id is random: only the e-mail can be there already
            raise EmailTaken from error

    async def change(self, user: User) -> None:
        """Keep the account as `user` has it now."""
        row = await self._session.get_one(accounts.User, user.user_id)
        _write(row, user)
        await self._session.flush()


def user_of(row: accounts.User) -> User:
    """Return an account as a value."""
    return User(
        user_id=row.user_id,
        email=row.email,
        name=row.name,
        password_hash=row.password,
        language_code=row.language_code,
        timezone_offset=row.timezone_offset,
        timezone=row.timezone,
        todo_email_reception=row.todo_email_reception,
        terms_accepted=row.terms_and_conditions_accepted,
        onboarding_presented=row.onboarding_presented,
        goal=row.goal,
        company_fk=row.company_fk,
        company_description=row.company_description,
        product_category_fk=row.product_category_fk,
        created=row.creation_date,
    )


def _write(row: accounts.User, user: User) -> None:
    row.name = user.name
    row.password = user.password_hash
    row.language_code = user.language_code
    row.timezone_offset = user.timezone_offset
    row.timezone = user.timezone
    row.todo_email_reception = user.todo_email_reception
    row.terms_and_conditions_accepted = user.terms_accepted
    row.onboarding_presented = user.onboarding_presented
    row.goal = user.goal
    row.product_category_fk = user.product_category_fk
