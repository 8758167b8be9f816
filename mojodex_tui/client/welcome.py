"""The introduction of a new account, as far as there is nothing to choose (wire protocol §1.3).

On an original server an account has no tasks until it takes a product, which web pages offer when
they introduce themselves. Who made an account elsewhere would wait for ever.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mojodex_tui.client.errors import Refused
from mojodex_tui.wire import accounts, products

if TYPE_CHECKING:
    from mojodex_tui.client.api import Caller


async def welcome(call: Caller) -> None:
    """Give a new account the free product, if there is one for everybody, and no tour.

    Args:
        call: Calls the server, for the account.

    Raises:
        ApiError: the server could not be asked.
    """
    request = accounts.OnboardingRequest()
    if (await call(accounts.READ_ONBOARDING, request)).onboarding_presented:
        return
    known = await call(products.LIST_CATEGORIES, products.CategoriesRequest())
    if len(known.product_categories) != 1:
        return  # what kind of user somebody is, they say on the server's own pages
    (category,) = known.product_categories
    with suppress(Refused):  # it has a product already
        await call(
            products.TAKE_FREE_PRODUCT,
            products.FreeProductRequest(product_category_pk=category.product_category_pk),
        )
    await call(accounts.MARK_ONBOARDED, accounts.OnboardedRequest())
