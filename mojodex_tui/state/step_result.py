"""The result of a step, as text to read and as texts to edit; every value keeps its kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from typing import Final, TypeAlias

from pydantic import JsonValue

Item: TypeAlias = dict[str, JsonValue]

_TYPES: Final = "types"
"""The key that tells which other keys name pictures (wire protocol §6.1)."""

_MEANINGLESS: Final = frozenset({"text", "result", "value"})
"""Names that say nothing of the only value there is."""

_SHORT: Final = 50
"""Letters that still stand in a line with their name."""


class ValueKind(Enum):
    """What stands behind a text."""

    TEXT = auto()
    NUMBER = auto()
    DATA = auto()
    """Anything structured, as JSON."""


class NotReadable(Exception):
    """A text is not what its value has to be; the sentence says where."""


@dataclass(frozen=True)
class Field:
    """One value of an item, as text."""

    name: str
    kind: ValueKind
    text: str
    is_picture: bool = False


@dataclass(frozen=True)
class ItemTexts:
    """One item, as texts to edit."""

    fields: tuple[Field, ...]
    rest: Mapping[str, JsonValue]
    """What is not shown, and stays as it is."""

    def with_texts(self, texts: Sequence[str]) -> ItemTexts:
        """Return the item with these texts in its fields."""
        fields = (replace(field, text=text) for field, text in zip(self.fields, texts, strict=True))
        return replace(self, fields=tuple(fields))

    def emptied(self) -> ItemTexts:
        """Return an item of the same shape to fill in."""
        blank = {ValueKind.TEXT: "", ValueKind.NUMBER: "0", ValueKind.DATA: "null"}
        fields = tuple(replace(field, text=blank[field.kind]) for field in self.fields)
        return replace(self, fields=fields)


def texts_of(items: Iterable[Item]) -> tuple[ItemTexts, ...]:
    """Return items as texts to edit."""
    return tuple(_item_texts(item) for item in items)


def items_of(texts: Sequence[ItemTexts]) -> list[Item]:
    """Return what was edited as a result again.

    Raises:
        NotReadable: a number is none, or data is no JSON.
    """
    return [
        {field.name: _value(field, place) for field in item.fields} | dict(item.rest)
        for place, item in enumerate(texts, 1)
    ]


def as_markdown(items: Sequence[Item]) -> str:
    """Return a result as a text to read: every item, and every value under its name."""
    if not items:
        return "*The result is empty.*"
    return "\n\n".join(
        block for place, item in enumerate(items, 1) for block in _blocks(item, place, len(items))
    )


def _blocks(item: Item, place: int, n_items: int) -> Iterator[str]:
    """Yield an item as Markdown; short values stand under each other."""
    if n_items > 1:
        yield f"### {place} of {n_items}"
    shown = _item_texts(item).fields
    if len(shown) == 1 and shown[0].name.casefold() in _MEANINGLESS:
        yield _readable(shown[0])
        return
    for is_short, fields in groupby(shown, _is_short):
        if is_short:
            yield _lines(f"**{_name(field.name)}:** {_readable(field)}" for field in fields)
        else:
            yield from (f"**{_name(field.name)}**\n\n{_readable(field)}" for field in fields)


def _is_short(field: Field) -> bool:
    text = _readable(field)
    return "\n" not in text and len(text) <= _SHORT and field.kind is not ValueKind.DATA


def as_plain(items: Sequence[Item]) -> str:
    """Return a result as lines to compare."""
    lines: list[str] = []
    for place, item in enumerate(items, 1):
        if len(items) > 1:
            lines.append(f"{place} of {len(items)}")
        for field in _item_texts(item).fields:
            lines.extend((f"{_name(field.name)}:", *field.text.split("\n"), ""))
    return "\n".join(lines).rstrip()


def in_a_line(parameter: JsonValue) -> str:
    """Return what a step was given, in one line; what was not given is left out."""
    if not isinstance(parameter, dict):
        return "" if parameter is None else _dumped(parameter)
    given: Item = {name: value for name, value in parameter.items() if value is not None}
    told = (
        f"{_name(field.name)} = {' '.join(field.text.split())}"
        for field in _item_texts(given).fields
    )
    return "   ".join(told)


def _item_texts(item: Item) -> ItemTexts:
    pictures = item.get(_TYPES)
    kinds = pictures if isinstance(pictures, dict) else {}
    fields = tuple(
        _field(name, value, is_picture=name in kinds)
        for name, value in item.items()
        if name != _TYPES
    )
    return ItemTexts(fields, {_TYPES: pictures} if _TYPES in item else {})


def _field(name: str, value: JsonValue, *, is_picture: bool) -> Field:
    if isinstance(value, str):
        return Field(name, ValueKind.TEXT, value, is_picture)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Field(name, ValueKind.NUMBER, str(value))
    return Field(name, ValueKind.DATA, _dumped(value), is_picture)


def _value(field: Field, place: int) -> JsonValue:
    if field.kind is ValueKind.TEXT:
        return field.text
    try:
        value: JsonValue = json.loads(field.text)
    except ValueError as error:
        what = "a number" if field.kind is ValueKind.NUMBER else "data as JSON"
        raise NotReadable(f"“{_name(field.name)}” of item {place} has to be {what}.") from error
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if field.kind is ValueKind.NUMBER and not is_number:
        raise NotReadable(f"“{_name(field.name)}” of item {place} has to be a number.")
    return value


def _readable(field: Field) -> str:
    if field.is_picture:
        return f"`{field.text}`"
    if field.kind is ValueKind.DATA:
        return f"```json\n{field.text}\n```"
    return _lines(field.text.strip().split("\n")) if field.text.strip() else "*nothing*"


def _lines(lines: Iterable[str]) -> str:
    """Return lines that stay lines: Markdown would join those of a poem."""
    return "  \n".join(lines)


def _name(name: str) -> str:
    return name.replace("_", " ")


def _dumped(value: JsonValue) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
