"""The catalog, the products, and what this backend is (wire protocol §2, §9)."""

from mojodex_tui import __version__
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.routes.calls import OWN, Call, Dialect, endpoint, page_of
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import catalog, extensions, products


async def _list_tasks(uses: UseCases, call: Call[catalog.CatalogRequest]) -> catalog.Catalog:
    page = page_of(call.body.n_user_tasks, call.body.offset)
    return await uses.catalog.list_tasks(call.user, call.body.platform, page)


async def _read_task(uses: UseCases, call: Call[catalog.UserTaskRequest]) -> catalog.SingleUserTask:
    body = call.body
    return await uses.catalog.read_task(call.user, body.user_task_pk, body.platform)


async def _list_categories(
    uses: UseCases, call: Call[products.CategoriesRequest]
) -> products.Categories:
    return await uses.catalog.list_categories(call.user)


async def _take_free_product(
    uses: UseCases, call: Call[products.FreeProductRequest]
) -> products.Offers:
    return await uses.catalog.take_free_product(call.user, call.body.product_category_pk)


async def _list_purchases(
    uses: UseCases, call: Call[products.PurchasesRequest]
) -> products.Purchases:
    return await uses.catalog.list_purchases(call.user)


async def _read_backend(
    uses: UseCases, _: Call[extensions.BackendRequest]
) -> extensions.BackendInfo:
    return extensions.BackendInfo(
        version=__version__,
        assistant=await _assistant(uses),
        catalog_problems=tuple(
            extensions.CatalogProblem(file=problem.file, key=problem.key, reason=problem.reason)
            for problem in uses.catalog.problems
        ),
    )


async def _assistant(uses: UseCases) -> extensions.AssistantInfo:
    try:
        llm = await uses.llm()
    except LlmError as error:
        # Answers will fail with the same words; here they stand where the name would.
        return extensions.AssistantInfo(kind=extensions.AssistantKind.MODEL, label=str(error))
    kind = extensions.AssistantKind.MODEL if llm.is_model else extensions.AssistantKind.OFFLINE
    return extensions.AssistantInfo(kind=kind, label=llm.label)


_CATALOG = Dialect(invalid_status=404)

ENDPOINTS = (
    endpoint(catalog.LIST_TASKS, _list_tasks, _CATALOG),
    endpoint(catalog.READ_TASK, _read_task, _CATALOG),
    endpoint(products.LIST_CATEGORIES, _list_categories),
    endpoint(products.TAKE_FREE_PRODUCT, _take_free_product),
    endpoint(products.LIST_PURCHASES, _list_purchases),
    endpoint(extensions.READ_BACKEND, _read_backend, OWN),
)
