"""Read the rewritings that come with the program."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from mojodex_tui.backend.catalog.files import parse_file
from mojodex_tui.backend.catalog.format import (
    FileModel,
    LanguageCode,
    ShortWords,
    Words,
)
from mojodex_tui.backend.domain.text_edits import EditWords, TextEdit

_SHIPPED = Path(__file__).parents[2] / "catalog" / "text_edits.yaml"


class _EditWords(FileModel):
    language_code: LanguageCode
    name: ShortWords
    description: Words


class _TextEditFile(FileModel):
    pk: int
    emoji: str
    instruction: Words
    words: tuple[_EditWords, ...]
    text_types: frozenset[str] | None = None


@cache
def shipped_text_edits() -> tuple[TextEdit, ...]:
    """Return the rewritings everybody has, in the order they are offered in."""
    read = TypeAdapter(tuple[_TextEditFile, ...]).validate_python(parse_file(_SHIPPED))
    return tuple(
        TextEdit(
            pk=each.pk,
            emoji=each.emoji,
            instruction=each.instruction,
            words={
                shown.language_code: EditWords(shown.name, shown.description)
                for shown in each.words
            },
            text_types=each.text_types,
        )
        for each in read
    )
