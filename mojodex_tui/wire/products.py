"""Products, which give tasks, and their purchase (wire protocol §9)."""

from pydantic import JsonValue

from mojodex_tui.wire.base import Items, Request, WireModel
from mojodex_tui.wire.route import Placement, Route


class CategoriesRequest(Request):
    """Asks for the kinds of users there are products for."""


class Category(WireModel):
    """A kind of user."""

    product_category_pk: int
    emoji: str | None = None
    name: str | None = None
    description: str | None = None


class Categories(WireModel):
    """The visible categories."""

    product_categories: Items[Category] = ()


class FreeProductRequest(Request):
    """Takes the free product of a category; only for who never had a product."""

    product_category_pk: int


class PurchasableProduct(WireModel):
    """A product that can be bought."""

    product_pk: int
    name: str | None = None
    product_stripe_id: str | None = None
    product_apple_id: str | None = None
    n_days_validity: int | None = None
    n_tasks_limit: int | None = None
    stripe_price: JsonValue = None
    tasks: Items[str | None] = ()
    """The names of its tasks."""


class Purchase(WireModel):
    """What every purchase tells, current or expired."""

    product_name: str | None = None
    remaining_days: int | None = None
    """Negative once it is over."""
    n_tasks_limit: int | None = None
    n_tasks_consumed: int | None = None
    tasks: Items[str | None] = ()
    """The names of its tasks."""
    is_free_product: bool = False


class CurrentPurchase(Purchase):
    """A purchase that gives tasks now."""

    n_validity_days: int | None = None


class ExpiredPurchase(Purchase):
    """The purchase that ended last; its days have another name."""

    n_days_validity: int | None = None


class Offers(WireModel):
    """What can be bought, and what was."""

    purchasable_products: Items[PurchasableProduct] = ()
    current_purchases: Items[CurrentPurchase] = ()


class PurchasesRequest(Request):
    """Asks for what can be bought, and what was."""


class Purchases(Offers):
    """What can be bought, what was, and what ended last."""

    last_expired_purchase: Items[ExpiredPurchase] = ()
    """None, one, or two."""


class PurchaseRequest(Request):
    """Begins a purchase that Stripe will confirm."""

    stripe_session_id: str
    product_stripe_id: str


class BegunPurchase(WireModel):
    """The purchase that began."""

    purchase_pk: int


LIST_CATEGORIES = Route("GET", "/product_category", CategoriesRequest, Categories, Placement.QUERY)
TAKE_FREE_PRODUCT = Route(
    "PUT", "/associate_free_product", FreeProductRequest, Offers, Placement.JSON
)
LIST_PURCHASES = Route("GET", "/purchase", PurchasesRequest, Purchases, Placement.QUERY)
BEGIN_PURCHASE = Route("PUT", "/purchase", PurchaseRequest, BegunPurchase, Placement.JSON)
