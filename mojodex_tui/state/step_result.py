"""The result of a step, as text to read and as texts to edit; every value keeps its kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, TypeAlias

from pydantic import JsonValue

Item: TypeAlias = dict[str, JsonValue]

_TYPES: Final = "types"
"""The key that tells which other keys name pictures (wire protocol §6.1)."""


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
    parts: list[str] = []
    for place, item in enumerate(items, 1):
        if len(items) > 1:
            parts.append(f"### {place} of {len(items)}")
        shown = _item_texts(item).fields
        for field in shown:
            text = _readable(field)
            if len(shown) == 1 and field.name.casefold() in {"text", "result", "value"}:
                parts.append(text)
            elif "\n" in text or len(text) > 50 or field.kind is ValueKind.DATA:
                parts.append(f"**{_name(field.name)}**\n\n{text}")
            else:
                parts.append(f"**{_name(field.name)}:** {text}")
    return "\n\n".join(parts)


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
    # A line of a poem is a line: Markdown would join them.
    return field.text.strip().replace("\n", "  \n") if field.text.strip() else "*nothing*"


def _name(name: str) -> str:
    return name.replace("_", " ")


def _dumped(value: JsonValue) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
