"""The assistant without a model: it answers like one, by rules, and says so."""

import asyncio
import math
import re
from collections.abc import AsyncGenerator

from mojodex_tui.backend.domain.briefs import (
    Draft,
    HomeBrief,
    InstructBrief,
    ReviewBrief,
    TitleBrief,
)
from mojodex_tui.backend.llm.offline.changes import CannotChange, NotUnderstood, Setting, change
from mojodex_tui.backend.llm.offline.drafts import Recipe, recipe_for
from mojodex_tui.backend.llm.offline.headlines import subject
from mojodex_tui.backend.llm.offline.material import (
    Material,
    label_of,
    material_of,
    says_enough,
    without_order,
)
from mojodex_tui.backend.llm.offline.review import review
from mojodex_tui.backend.llm.offline.routing import route
from mojodex_tui.backend.llm.offline.text import (
    capitalized,
    ended,
    ranked,
    sentences,
    shortened,
    without_tags,
)
from mojodex_tui.backend.llm.port import AnyBrief, Ask, Usage

LABEL = "offline assistant"
_MOST_PIECES = 400
"""A long draft comes in larger pieces, so that nobody waits for show."""
_TITLE_LENGTH = 120
_PIECE = re.compile(r"\S+\s*|\s+")


class OfflineAssistant:
    """Drafts from the values of a brief. The same brief always gets the same answer."""

    def __init__(self, pace: float = 60) -> None:
        """Set how fast it streams.

        Args:
            pace: pieces a second; 0 means without waiting.
        """
        self._pace = pace

    @property
    def label(self) -> str:
        """The name shown to the user."""
        return LABEL

    @property
    def is_model(self) -> bool:
        """False: no model writes these texts."""
        return False

    @property
    def takes_pictures(self) -> bool:
        """False: rules see nothing."""
        return False

    async def stream(self, ask: Ask) -> AsyncGenerator[str | Usage]:
        """Yield the answer in pieces, in the tags a model would use (wire protocol §11.2)."""
        # Rules over a long text take some tens of milliseconds: other users should not wait.
        text = await asyncio.to_thread(answer, ask.brief)
        parts = _PIECE.findall(text)
        size = max(1, math.ceil(len(parts) / _MOST_PIECES))
        for start in range(0, len(parts), size):
            if self._pace:
                await asyncio.sleep(1 / self._pace)
            yield "".join(parts[start : start + size])
        yield Usage(LABEL)


def answer(brief: AnyBrief) -> str:
    """Return the whole answer to `brief`, with its tags."""
    match brief:
        case HomeBrief():
            return route(brief)
        case ReviewBrief():
            return review(brief)
        case TitleBrief(instruct=instruct):
            return _title_and_summary(instruct)
        case InstructBrief(draft=None):
            return _first_draft(brief)
        case InstructBrief(draft=Draft() as draft):
            return _changed_draft(brief, draft)
    raise TypeError(f"no rule answers {type(brief).__name__}")


def _tagged(tag: str, text: str) -> str:
    return f"<{tag}>{without_tags(text).strip()}</{tag}>"


def _question(text: str) -> str:
    return _tagged("ask_user_primary_info", text)


def _delivery(draft: Draft) -> str:
    title = " ".join(draft.title.split())[:_TITLE_LENGTH]
    return (
        f"<execution>\n{_tagged('title', title)}\n"
        f"<draft>\n{without_tags(draft.body).strip()}\n</draft>\n</execution>"
    )


def _footer(material: Material) -> str:
    return f"\n\n---\n_{material.phrases.note}_"


def _first_draft(brief: InstructBrief) -> str:
    material = material_of(brief)
    recipe = recipe_for(brief.task.name)
    source = material.main(recipe.main) if recipe.main else material.whole
    asked = any("<ask_user_primary_info>" in turn.text for turn in brief.conversation)
    if not says_enough(source, asked_before=asked):
        return _question(_missing(material, recipe))
    draft = recipe.build(material)
    title = without_tags(draft.title).strip() or brief.task.label or "…"
    return _delivery(Draft(title, f"{draft.body or ended(source)}{_footer(material)}"))


def _missing(material: Material, recipe: Recipe) -> str:
    phrases = material.phrases
    question = label_of(material.brief.inputs, recipe.main) or phrases.tell_me
    ask = phrases.ask_more.format(question=question)
    if not material.files:
        return ask
    return f"{phrases.ask_because_file.format(files=', '.join(material.files))} {ask}"


def _changed_draft(brief: InstructBrief, draft: Draft) -> str:
    material = material_of(brief)
    said = next((turn for turn in reversed(brief.conversation) if turn.speaker == "user"), None)
    footer = _footer(material)
    body = draft.body.strip()
    bare = body.removesuffix(footer.strip()).rstrip()
    setting = Setting(
        material.output, brief.user_name, material.today, brief.task.output_type == "email"
    )
    try:
        changed = change(Draft(draft.title, bare), said.text if said else "", setting)
    except CannotChange as error:
        is_for_another = brief.in_home and isinstance(error, NotUnderstood)
        return "<task_pk>null</task_pk>" if is_for_another else _question(str(error))
    return _delivery(
        Draft(changed.title, f"{changed.body}{footer}" if bare != body else changed.body)
    )


def _title_and_summary(brief: InstructBrief) -> str:
    material = material_of(brief)
    recipe = recipe_for(brief.task.name)
    text = (material.main(recipe.main) if recipe.main else material.whole) or "\n".join(
        without_order(turn) for turn in brief.conversation
    )
    label = brief.task.label
    found = tuple(ended(one.text) for one in sentences(text))
    if not found:
        return f"{_tagged('title', label or '…')}\n{_tagged('summary', label or '…')}"
    wish = material.field("poem_topic")
    about = subject(wish, material.language_of(wish))
    named = material.field("job_title") or material.field("version") or about or found[0]
    title = capitalized(shortened(without_tags(named), 8)) or label
    return f"{_tagged('title', title or '…')}\n{_tagged('summary', ' '.join(ranked(found, 2)))}"
