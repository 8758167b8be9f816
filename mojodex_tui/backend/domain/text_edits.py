"""Rewritings offered for produced texts, as values (wire protocol §3.8)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EditWords:
    """How a rewriting is offered in one language."""

    name: str
    description: str


@dataclass(frozen=True)
class TextEdit:
    """A rewriting of a text."""

    pk: int
    emoji: str
    instruction: str
    """What the assistant is asked."""
    words: Mapping[str, EditWords]
    text_types: frozenset[str] | None = None
    """The kinds of texts it is offered for; `None` for all."""

    def is_for(self, text_type: str | None) -> bool:
        """Whether it is offered for texts of that kind."""
        return self.text_types is None or text_type in self.text_types
