"""Products in the database (wire protocol §9).

There is one product, free and unlimited, and one category: both are made when they are first
needed. Selling is no part of this program.
"""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.catalog import in_language
from mojodex_tui.backend.domain.products import Category, Holding
from mojodex_tui.backend.store.tables import accounts, catalog, conversations

_LABEL = "everything"


class SqlProducts:
    """Products, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def categories(self, language: str) -> list[Category]:
        """Return the visible categories."""
        table, text = accounts.ProductCategory, accounts.ProductCategoryText
        rows = await self._session.execute(
            select(table, text)
            .join(text, text.product_category_fk == table.product_category_pk)
            .where(table.visible)
            .order_by(table.product_category_pk)
        )
        words: dict[int, dict[str, Category]] = {}
        for row, shown in rows:
            words.setdefault(row.product_category_pk, {})[shown.language_code] = Category(
                row.product_category_pk,
                row.emoji,
                shown.name_for_user,
                shown.description_for_user,
            )
        chosen = (in_language(texts, language) for texts in words.values())
        return [category for category in chosen if category]

    async def default_category(self) -> int:
        """Return the category everybody belongs to."""
        table = accounts.ProductCategory
        found = await self._session.scalar(
            select(table.product_category_pk).where(table.label == _LABEL)
        )
        return found if found is not None else await self._make_default()

    async def _make_default(self) -> int:
        category = accounts.ProductCategory(
            label=_LABEL, emoji="🧰", implicit_goal="Get work done", visible=True
        )
        self._session.add(category)
        await self._session.flush()
        product = accounts.Product(
            label=_LABEL, free=True, product_category_fk=category.product_category_pk
        )
        self._session.add(product)
        await self._session.flush()
        for code, name, description in (
            ("en", "Everybody", "All tasks of the catalog"),
            ("fr", "Tout le monde", "Toutes les tâches du catalogue"),
            ("es", "Todos", "Todas las tareas del catálogo"),
        ):
            self._session.add(
                accounts.ProductCategoryText(
                    product_category_fk=category.product_category_pk,
                    language_code=code,
                    name_for_user=name,
                    description_for_user=description,
                )
            )
            self._session.add(
                accounts.ProductText(
                    product_fk=product.product_pk, language_code=code, name=description
                )
            )
        await self._session.flush()
        return category.product_category_pk

    async def take_free(self, user_id: str, category_pk: int) -> bool:
        """Give a user the free product of a category; false if it has none."""
        product_pk = await self._session.scalar(
            select(accounts.Product.product_pk).where(
                accounts.Product.product_category_fk == category_pk,
                accounts.Product.free,
                accounts.Product.status == "active",
            )
        )
        if product_pk is None:
            return False
        held = await self._session.scalar(
            select(accounts.Purchase.purchase_pk).where(
                accounts.Purchase.user_id == user_id, accounts.Purchase.product_fk == product_pk
            )
        )
        if held is None:
            self._session.add(
                accounts.Purchase(user_id=user_id, product_fk=product_pk, active=True)
            )
            await self._session.flush()
        return True

    async def held(self, user_id: str, language: str) -> list[Holding]:
        """Return the active products of a user."""
        rows = await self._session.execute(
            select(accounts.Purchase, accounts.Product)
            .join(accounts.Product, accounts.Product.product_pk == accounts.Purchase.product_fk)
            .where(accounts.Purchase.user_id == user_id, accounts.Purchase.active)
            .order_by(accounts.Purchase.purchase_pk)
        )
        found = rows.all()
        task_names = await self._task_names(user_id, language) if found else ()
        return [
            Holding(
                product_pk=product.product_pk,
                product_name=await self._name(product.product_pk, language),
                free=product.free,
                creation_date=purchase.creation_date,
                days=product.n_days_validity,
                limit=product.n_tasks_limit,
                consumed=await self._consumed(purchase.purchase_pk),
                task_names=task_names,
            )
            for purchase, product in found
        ]

    async def _name(self, product_pk: int, language: str) -> str:
        rows = await self._session.scalars(
            select(accounts.ProductText).where(accounts.ProductText.product_fk == product_pk)
        )
        return in_language({row.language_code: row.name for row in rows}, language) or ""

    async def _consumed(self, purchase_pk: int) -> int:
        counted = await self._session.scalar(
            select(func.count(conversations.Execution.user_task_execution_pk)).where(
                conversations.Execution.purchase_fk == purchase_pk
            )
        )
        return counted or 0

    async def _task_names(self, user_id: str, language: str) -> tuple[str, ...]:
        rows = await self._session.scalars(
            select(catalog.TaskText)
            .join(catalog.UserTask, catalog.UserTask.task_fk == catalog.TaskText.task_fk)
            .where(catalog.UserTask.user_id == user_id, catalog.UserTask.enabled)
            .order_by(catalog.TaskText.task_fk)
        )
        names: dict[int, dict[str, str]] = {}
        for row in rows:
            names.setdefault(row.task_fk, {})[row.language_code] = row.name_for_user
        return tuple(in_language(texts, language) or "" for texts in names.values())
