"""The catalog a user sees, and the products behind it (wire protocol §2, §9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mojodex_tui.backend.catalog.files import Catalog as ReadCatalog
from mojodex_tui.backend.catalog.files import Problem
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.products import Holding
from mojodex_tui.backend.services.accounts import give_everything
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.ports import Clock, Store
from mojodex_tui.backend.services.shapes import single_user_task, user_task
from mojodex_tui.wire.catalog import Catalog, SingleUserTask
from mojodex_tui.wire.products import (
    Categories,
    Category,
    CurrentPurchase,
    Offers,
    Purchases,
)


@dataclass(frozen=True)
class TaskCatalog:
    """What can be done with the catalog.

    Args:
        store: where it is kept.
        clock: tells when.
        problems: what is to be said about the task files.
    """

    store: Store
    clock: Clock
    problems: Sequence[Problem] = ()

    async def list_tasks(self, user: User, platform: str, page: Page) -> Catalog:
        """Return a page of the user's tasks, filled up with tasks to tease with.

        Raises:
            NotFound: there is no such platform.
        """
        async with self.store.read() as work:
            if not await work.tasks.has_platform(platform):
                raise NotFound(f"the platform '{platform}' is invalid")
            tasks = await work.tasks.owned(user.user_id, platform, page)
            if len(tasks) < page.limit:
                owned = await work.tasks.count_owned(user.user_id)
                rest = Page(page.limit - len(tasks), max(0, page.offset - owned))
                tasks += await work.tasks.teasing(user.user_id, platform, rest)
        return Catalog(user_tasks=tuple(user_task(owned, user.language) for owned in tasks))

    async def read_task(self, user: User, user_task_pk: int, platform: str) -> SingleUserTask:
        """Return one task of the user.

        Raises:
            NotFound: there is no such platform.
            Refused: the user does not have it there, or has it disabled.
        """
        async with self.store.read() as work:
            if not await work.tasks.has_platform(platform):
                raise NotFound(f"the platform '{platform}' is invalid")
            owned = await work.tasks.owned_by_pk(user.user_id, user_task_pk)
            if (
                owned is None
                or not owned.enabled
                or not await work.tasks.offered_on(owned.task.task_pk, platform)
            ):
                raise Refused(f"Invalid user_task_pk: {user_task_pk} for this user")
        return single_user_task(owned, user.language)

    async def list_categories(self, user: User) -> Categories:
        """Return the categories a user may choose from."""
        async with self.store.write() as work:
            await work.products.default_category()
            categories = await work.products.categories(user.language)
        return Categories(
            product_categories=tuple(
                Category(
                    product_category_pk=category.pk,
                    emoji=category.emoji,
                    name=category.name,
                    description=category.description,
                )
                for category in categories
            )
        )

    async def take_free_product(self, user: User, category_pk: int) -> Offers:
        """Give the user the free product of a category; again is no failure.

        Raises:
            Refused: the category has no free product.
        """
        async with self.store.write() as work:
            if not await work.products.take_free(user.user_id, category_pk):
                raise Refused(
                    f"product_category_pk {category_pk} has no limited free product associated"
                )
            await give_everything(work, user.user_id)
        return Offers(current_purchases=(await self.list_purchases(user)).current_purchases)

    async def list_purchases(self, user: User) -> Purchases:
        """Return what the user has."""
        async with self.store.read() as work:
            held = await work.products.held(user.user_id, user.language)
        return Purchases(current_purchases=tuple(self._purchase(holding) for holding in held))

    def _purchase(self, holding: Holding) -> CurrentPurchase:
        days = holding.days
        left = (
            (holding.creation_date + timedelta(days=days) - self.clock()).days
            if days is not None
            else None
        )
        return CurrentPurchase(
            product_name=holding.product_name,
            remaining_days=left,
            n_validity_days=days,
            n_tasks_limit=holding.limit,
            n_tasks_consumed=holding.consumed,
            tasks=holding.task_names,
            is_free_product=holding.free,
        )


async def sync_catalog(store: Store, read: ReadCatalog) -> None:
    """Bring the catalog's tables to what the task files say."""
    async with store.write() as work:
        await work.tasks.sync(read.tasks)
        await work.products.default_category()
