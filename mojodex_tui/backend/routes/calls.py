"""A call of a route, and how a route is served."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from starlette.responses import Response

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.services.errors import NotAllowed
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire.base import PAGE_LIMIT, FilePart, Request, WireModel
from mojodex_tui.wire.route import Route

RequestT = TypeVar("RequestT", bound=Request)
ResponseT = TypeVar("ResponseT", bound=WireModel)

GENERAL = "Oops, something weird has happened. We'll help you by email!"
BAD_REQUEST = "The browser (or proxy) sent a request that this server could not understand."


class BadValue(Exception):
    """A value cannot be what it should be."""


@dataclass(frozen=True)
class Dialect:
    """How a route words its refusals (wire protocol §0.3)."""

    missing: str = "Missing field {key}"
    not_json: str = "Request must be JSON"
    not_json_status: int = 400
    """With 415 it is the framework that refuses, and in its own envelope."""
    empty: str | None = None
    """What is said of an empty JSON object, where that is something else than a missing key."""
    invalid: str = "{reason}"
    invalid_status: int = 400
    refused: str = "{reason}"
    requires: tuple[str, ...] = ("datetime",)
    """What the route asks for besides what its model does."""


GENERAL_DIALECT = Dialect(missing=GENERAL, not_json=GENERAL, invalid=GENERAL)
"""The account routes' own: it names nothing."""

OWN = Dialect(requires=())
"""Our own routes', which no original client calls."""


@dataclass(frozen=True)
class Call(Generic[RequestT]):
    """What came in, and from whom."""

    body: RequestT
    authorization: str
    caller: User | None = None
    files: tuple[FilePart, ...] = ()
    address: str = ""
    """Where it came from; behind a proxy, what the proxy says of it."""

    @property
    def user(self) -> User:
        """The caller of a route for users.

        Raises:
            NotAllowed: the route is for anybody.
        """
        if self.caller is None:
            raise NotAllowed("Authorization key required")
        return self.caller


Handler: TypeAlias = Callable[[UseCases, Call[Any]], Awaitable[WireModel | Response]]


@dataclass(frozen=True)
class Endpoint:
    """A route and who serves it."""

    route: Route[Any, Any]
    handler: Handler
    dialect: Dialect


def endpoint(
    route: Route[RequestT, ResponseT],
    handler: Callable[[UseCases, Call[RequestT]], Awaitable[ResponseT | Response]],
    dialect: Dialect = Dialect(),
) -> Endpoint:
    """Return a route with a handler of its types."""
    return Endpoint(route, handler, dialect)


def page_of(size: int | None, offset: int | None) -> Page:
    """Return the page a client asks for; sizes above the limit are cut (§0.2).

    Raises:
        BadValue: a number is negative.
    """
    if (size or 0) < 0 or (offset or 0) < 0:
        raise BadValue("Page sizes and offsets must not be negative")
    limit = PAGE_LIMIT if size is None else min(PAGE_LIMIT, size)
    return Page(limit, offset or 0)
