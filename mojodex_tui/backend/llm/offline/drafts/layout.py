"""How drafts are laid out: sections only where there is something to say."""

from collections.abc import Iterable

from mojodex_tui.backend.llm.offline.actions import ActionItem
from mojodex_tui.backend.llm.offline.dates import exact_date, find_dates, with_dates
from mojodex_tui.backend.llm.offline.lexicon import Language
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.phrases import Phrases
from mojodex_tui.backend.llm.offline.text import bullets, capitalized, shortened


def section(heading: str, content: str) -> str:
    """Return a section, or nothing when it would be empty."""
    return f"## {heading}\n\n{content}" if content.strip() else ""


def listed(heading: str, items: Iterable[str]) -> str:
    """Return a section with a list, or nothing when the list is empty."""
    return section(heading, bullets(items))


def joined(*parts: str) -> str:
    """Return the parts that hold something, with blank lines between them."""
    return "\n\n".join(part.strip() for part in parts if part.strip())


def action_line(item: ActionItem, material: Material, *, name_nobody: bool = True) -> str:
    """Return one next step: who, what, by when."""
    phrases = material.phrases
    owner = item.owner or (phrases.unassigned if name_nobody else None)
    what = item.what if owner else capitalized(item.what)
    due = due_words(item, material.output, phrases)
    who = f"**{owner}**{phrases.colon}" if owner else ""
    return f"{who}{what}{due}"


def action_lines(
    items: Iterable[ActionItem], material: Material, *, name_nobody: bool = True
) -> list[str]:
    """Return the next steps as lines of a list."""
    return [action_line(item, material, name_nobody=name_nobody) for item in items]


def due_words(item: ActionItem, language: Language, phrases: Phrases) -> str:
    """Return what stands behind a next step that has a day."""
    if item.due is None:
        return ""
    return f" — {phrases.due}{phrases.colon}{exact_date(item.due, language)}"


def dated(text: str, material: Material, *, ahead: bool = False) -> str:
    """Return the user's sentence with the days behind words such as "tomorrow".

    A bare "Tuesday" can be the last one or the next one: it gets its day only `ahead`.
    """
    return with_dates(text, material.today, material.language_of(text), weekdays=ahead)


def subject_of(text: str, material: Material, limit: int = 8) -> str:
    """Return what a text is about, from its first words, without a date at the end."""
    short = shortened(text, limit + 2)
    for one in reversed(find_dates(short, material.today, material.language_of(text))):
        if one.start > 0 and len(short[one.end :].split()) <= 1:
            short = short[: one.start]
    return capitalized(shortened(short, limit)) or material.brief.task.label


def file_lines(material: Material) -> list[str]:
    """Return the files the user gave, by name."""
    return [f"`{name}`" for name in material.files]
