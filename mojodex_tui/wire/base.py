"""What every wire model has in common: read tolerantly, write exactly (wire protocol §0)."""

from datetime import date as _date
from datetime import datetime as _datetime
from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from mojodex_tui.wire.dates import format_date, read_message_date

CLIENT_VERSION = "0.4.13"
"""What we present ourselves as: servers parse it as PEP 440 and fail on anything else (§0.2)."""

PAGE_LIMIT = 50
"""The most rows any list answers, and how many it answers when not told (§0.2)."""

T = TypeVar("T")

JsonObject = dict[str, JsonValue]
"""What `WireModel.to_wire` returns: ready for JSON, with every null a server would send."""


def _is_none(value: object) -> bool:
    """Whether a key has nothing to carry."""
    return value is None


def _empty_if_null(value: object) -> object:
    """Read a null list as an empty one."""
    return () if value is None else value


Omittable = Annotated[T | None, Field(exclude_if=_is_none)]
"""A key that is left out when there is nothing to say; read, its absence is `None`."""

Items = Annotated[tuple[T, ...], BeforeValidator(_empty_if_null)]
"""A list that some servers send as null."""

PkText = Annotated[int, PlainSerializer(str, return_type=str)]
"""A primary key written as a string, as `DELETE` answers are (§3.7, §7.3); read from both."""

Moment = Annotated[_datetime, PlainSerializer(format_date, return_type=str)]
"""An ISO date and time, naive or with an offset, written as Python's `isoformat` does (§0.4)."""

Day = Annotated[_date, PlainSerializer(format_date, return_type=str)]
"""A `YYYY-MM-DD` date (§0.4)."""

MessageDate = Annotated[
    _datetime,
    BeforeValidator(read_message_date),
    PlainSerializer(format_date, return_type=str),
]
"""The client's naive local time; an offset is read and dropped, a `Z` refused (§0.4)."""


class Platform(StrEnum):
    """The clients a server knows; it answers 404 or 500 to any other name (§2, §3.2)."""

    WEBAPP = "webapp"
    MOBILE = "mobile"
    CHROME = "chrome"
    OUTLOOK = "outlook"


class WireModel(BaseModel):
    """A value that crosses the wire.

    Reading tolerates unknown keys and numbers given as strings. Schemas are built on first use,
    because a start of the program needs few of them.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        serialize_by_alias=True,
        defer_build=True,
    )

    def to_wire(self) -> JsonObject:
        """Return the JSON object to send: nulls stay, `Omittable` keys without value go."""
        return self.model_dump(mode="json")


class SparseModel(WireModel):
    """A model with keys whose absence and null both travel, and differ.

    The keys named in `sparse_keys` are written only if they were set, even if set to `None`.
    """

    sparse_keys: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _leave_out_unset(self, handler: SerializerFunctionWrapHandler) -> JsonObject:
        """Drop the sparse keys that nobody set."""
        written: JsonObject = handler(self)
        unset = self.sparse_keys - self.model_fields_set
        return {key: value for key, value in written.items() if key not in unset}


class Request(WireModel):
    """What every call carries (§0.2, §14.1).

    An original server refuses a call without `datetime`: look at `model_fields_set` to do so too.
    """

    datetime: str = "now"
    """Required by servers, and read by none but `PUT /terms_and_conditions`."""
    platform: str = Platform.WEBAPP
    version: str = CLIENT_VERSION


class PageRequest(Request):
    """A call for one page of a list; its size has another name on every route (§0.2)."""

    offset: Omittable[int] = None
    """How many rows to skip; servers skip none when not told."""


class Nothing(WireModel):
    """An empty object, or an answer whose keys say nothing."""


class Success(WireModel):
    """`{"success": …}`: true, or a sentence in English."""

    success: bool | str


class Confirmation(WireModel):
    """`{"message": …}`: a sentence in English."""

    message: str


class FilePart(WireModel):
    """A file that travels beside the fields of a form (§3.3, §4.4)."""

    name: str
    """The part's name: `file` for a voice message, else after the input it answers."""
    filename: str
    content: bytes = Field(repr=False)
    content_type: str = "application/octet-stream"
