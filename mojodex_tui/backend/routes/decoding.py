"""Read a request as its route declares it."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import UploadFile
from starlette.requests import Request as HttpRequest

from mojodex_tui.backend.routes.calls import BAD_REQUEST, BadValue, Dialect
from mojodex_tui.wire.base import FilePart, WireModel
from mojodex_tui.wire.route import Placement, Route

_FORM_TYPES = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
_MOST_FIELD_BYTES = 10 * 1024 * 1024
BAD_STATUS = 400
MOST_BYTES = 200 * 1024 * 1024
"""The largest request that is read."""


_MOST_BITS = 31
"""Of whole numbers: what keys of rows have on every database."""
_LONGEST_QUOTE = 40
_WANTED = {
    "int": "a whole number",
    "bool": "true or false",
    "string": "a text",
    "date": "a date such as 2026-11-20",
    "datetime": "a date and time such as 2026-11-20T10:00:00",
    "list": "a list",
    "tuple": "a list",
    "dict": "an object",
    "model": "an object",
}
"""What a value has to be, by the first word of pydantic's name for the error."""


class BadBody(Exception):
    """The request cannot be read at all; answered with the framework's envelope."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class MissingField(BadValue):
    """A key is not there."""


@dataclass(frozen=True)
class Decoded:
    """The fields of a request, still as they came."""

    fields: dict[str, object]
    files: tuple[FilePart, ...] = ()


async def read_fields(request: HttpRequest, placement: Placement, dialect: Dialect) -> Decoded:
    """Return what a request carries.

    Raises:
        BadBody: it is too large, or not what it says it is.
        BadValue: it is no JSON, or no JSON object.
    """
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise BadBody("The request is too large.", 413)
    match placement:
        case Placement.QUERY:
            return Decoded({**request.query_params})
        case Placement.JSON:
            return Decoded(await _json(request, dialect))
        case Placement.FORM:
            return await _form(request)


async def _json(request: HttpRequest, dialect: Dialect) -> dict[str, object]:
    if _media_type(request) != "application/json":
        if dialect.not_json_status != BAD_STATUS:
            raise BadBody(dialect.not_json, dialect.not_json_status)
        raise BadValue(dialect.not_json)
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise BadBody(BAD_REQUEST) from error
    if not isinstance(body, dict):
        raise BadValue(dialect.not_json)
    if not body and dialect.empty is not None:
        raise BadValue(dialect.empty)
    return body


async def _form(request: HttpRequest) -> Decoded:
    if _media_type(request) not in _FORM_TYPES:
        return Decoded({})
    fields: dict[str, object] = {}
    files = []
    async with request.form(max_part_size=_MOST_FIELD_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files.append(
                    FilePart(
                        name=name,
                        filename=value.filename or "",
                        content=await value.read(),
                        content_type=value.content_type or "application/octet-stream",
                    )
                )
            else:
                fields.setdefault(name, value)
    return Decoded(fields, tuple(files))


def _media_type(request: HttpRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def read_body(route: Route[Any, Any], dialect: Dialect, fields: dict[str, object]) -> WireModel:
    """Return the request's model.

    Raises:
        MissingField: a key is not there; the first one is named as the route words it.
        BadValue: a value does not fit.
    """
    model: type[WireModel] = route.request
    wanted = (
        *dialect.requires,
        *(
            info.alias or name
            for name, info in model.model_fields.items()
            if info.is_required() and name not in dialect.requires
        ),
    )
    for key in wanted:
        if key not in fields:
            raise MissingField(_missing(route.placement, dialect, key))
    try:
        body = model.model_validate(fields)
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        raise BadValue(dialect.invalid.format(reason=_reason(details))) from error
    for key, value in body:
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            raise BadValue(dialect.invalid.format(reason=f"{key} is too large a number"))
    return body


def _missing(placement: Placement, dialect: Dialect, key: str) -> str:
    """Word a missing key: in queries and forms its name is lost (§0.3)."""
    named = f"'{key}'" if placement is Placement.JSON else f"400 Bad Request: {BAD_REQUEST}"
    return dialect.missing.format(key=named)


def _reason(details: ErrorDetails) -> str:
    """Say in a sentence for people why a value does not fit."""
    key = ".".join(map(str, details["loc"]))
    if details["loc"][:1] == ("inputs",):
        return "inputs must be a JSON list of objects with input_name and input_value"
    if key == "message_date":
        return (
            f"Invalid device_date or timezone_offset : "
            f"Invalid isoformat string: {details['input']!r}"
        )
    wanted = _WANTED.get(details["type"].partition("_")[0])
    if details["type"] == "enum":
        wanted = details["ctx"]["expected"]
    if wanted is None:
        return f"{key}: {details['msg']}"
    return f"{key} must be {wanted}, and {_shown(details['input'])} is not"


def _shown(value: object) -> str:
    """Return a value as a sentence quotes it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
