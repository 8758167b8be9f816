"""One declaration per route, from which the client builds the call and the backend serves it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from mojodex_tui.wire.base import Request, WireModel

Method = Literal["GET", "POST", "PUT", "DELETE"]

RequestT_co = TypeVar("RequestT_co", bound=Request, covariant=True)
ResponseT_co = TypeVar("ResponseT_co", bound=WireModel, covariant=True)


class Placement(StrEnum):
    """Where the fields of a request travel (wire protocol §0.2)."""

    QUERY = "query"
    JSON = "json"
    FORM = "form"
    """Multipart or urlencoded; the four form routes may carry files beside the fields."""


class Access(StrEnum):
    """Whose secret stands, raw, in the `Authorization` header (§0.6)."""

    NOBODY = "nobody"
    USER = "user"
    """The user's token, without a `Bearer` prefix (§1.1)."""
    SCHEDULER = "scheduler"
    LOCAL = "local"
    """The secret an embedded backend was started with."""


@dataclass(frozen=True, slots=True)
class Route(Generic[RequestT_co, ResponseT_co]):
    """A route both sides agree on."""

    method: Method
    path: str
    request: type[RequestT_co]
    response: type[ResponseT_co]
    placement: Placement
    access: Access = Access.USER
    picked_by: str | None = None
    """The request key whose presence picks this route among those of one method and path."""
    media: bool = False
    """A good answer is a file; `response` then is what JSON may come in its place."""
