"""Parts of long texts, so that no result floods a model's context."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from mojodex_tui.backend.tools.failures import ToolFailed

LONGEST = 20_000
"""Characters of one result; about 5,000 tokens."""


class Arguments(BaseModel):
    """The arguments of a tool; unknown ones are refused, so that a model learns the right ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AnyArguments(BaseModel):
    """Arguments that are checked elsewhere; a model is shown the schema that counts there."""

    model_config = ConfigDict(extra="allow", frozen=True)
    shown: ClassVar[dict[str, Any]]

    @classmethod
    def model_json_schema(cls, *_: object, **__: object) -> dict[str, Any]:
        """Return the schema that counts."""
        return cls.shown


def any_arguments(schema: dict[str, Any]) -> type[AnyArguments]:
    """Return arguments that are shown as this schema, and not checked."""
    return type("_AnyArguments", (AnyArguments,), {"shown": schema})


class Part(Arguments):
    """Which part of a text to return."""

    start: int = Field(0, ge=0, description="The first character to return, from 0.")
    length: int = Field(LONGEST, ge=1, le=LONGEST, description="How many characters to return.")


def part_of(text: str, part: Part) -> str:
    """Return that part of a text, and how to go on if there is more.

    Raises:
        ToolFailed: the text ends before the part begins.
    """
    if part.start and part.start >= len(text):
        raise ToolFailed(f"The text has {len(text)} characters; start must be less.")
    end = part.start + part.length
    if not part.start and end >= len(text):
        return text
    last = min(end, len(text))
    more = f"; go on with start={last}" if last < len(text) else ""
    return f"{text[part.start : end]}\n\n(characters {part.start} to {last} of {len(text)}{more})"


def shortened(text: str) -> str:
    """Return a text that cannot be asked for in parts, cut if it is too long."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n\n(cut: {LONGEST} of {len(text)} characters)"


def around(text: str, position: int, size: int = 200) -> str:
    """Return one line of text around a position."""
    start, end = max(0, position - size), position + size
    piece = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"
