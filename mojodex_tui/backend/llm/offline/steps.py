"""The steps of the shipped workflows without a model."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import StepCall
from mojodex_tui.backend.llm.offline.actions import ActionItem, Facts, read_facts
from mojodex_tui.backend.llm.offline.dates import long_date
from mojodex_tui.backend.llm.offline.lexicon import Language, language_of
from mojodex_tui.backend.llm.offline.phrases import PHRASES
from mojodex_tui.backend.llm.offline.step_wishes import Wishes, wishes_of
from mojodex_tui.backend.llm.offline.step_words import WORDS
from mojodex_tui.backend.llm.offline.text import bullets, capitalized, ended, sentences, shortened

Rule = Callable[[StepCall], list[JsonObject]]
_MOST_STANZAS = 12
_NUMBER = re.compile(r"\d+")


def rule_for(workflow: str, step: str) -> Rule | None:
    """Return what does a step of a shipped workflow; it gives equal items for equal calls."""
    return _RULES.get((workflow, step))


def _language(call: StepCall, text: str = "") -> Language:
    return language_of(text, call.language.lower()[:2])


def _wishes(call: StepCall) -> Wishes:
    return wishes_of([each.instruction for each in call.learned])


def _given(values: JsonObject, name: str) -> str:
    return str(values.get(name) or "").strip()


def _one(call: StepCall, name: str, lines: Sequence[str], language: Language) -> list[JsonObject]:
    """Return the one item of a step that gives text, as the user wishes it."""
    wishes = _wishes(call)
    text = "\n".join(wishes.applied(lines))
    return [{name: text, **_note(wishes, language)}]


def _note(wishes: Wishes, language: Language) -> JsonObject:
    return {"note": WORDS[language].only_so_much} if wishes.beyond else {}


def _signed(text: str, language: Language) -> str:
    """Return a final text that says no model wrote it."""
    return f"{text}\n\n---\n_{PHRASES[language].note}_"


def _signed_last(
    call: StepCall, items: list[JsonObject], language: Language, before: str
) -> list[JsonObject]:
    """Sign the last of the texts that are joined: that of the last item of the step before."""
    asked = [item for each in call.past if each.step == before for item in each.result]
    if asked and asked[-1] != call.parameter:
        return items
    (item,) = items
    name = next(iter(item))
    return [{**item, name: _signed(str(item[name]), language)}]


def _stanza_divider(call: StepCall) -> list[JsonObject]:
    topic = _given(call.inputs, "poem_topic").rstrip(".!")
    language = _language(call, topic)
    wishes = _wishes(call)
    number = _NUMBER.search(_given(call.inputs, "n_stanzas"))
    count = min(max(int(number[0][:3]) if number else 3, 1), _MOST_STANZAS)
    count = min(max(wishes.count(count), 1), _MOST_STANZAS)
    phases = WORDS[language].phases
    topics = [phases[index * len(phases) // count].format(topic=topic) for index in range(count)]
    topics = wishes.arranged(topics)
    return [
        {"stanza_topic": each, **(_note(wishes, language) if not index else {})}
        for index, each in enumerate(topics)
    ]


def _stanza_writer(call: StepCall) -> list[JsonObject]:
    topic = _given(call.parameter, "stanza_topic")
    language = _language(call, topic)
    words = WORDS[language]
    # Other words for each stanza and each try, but always the same ones for the same.
    turn = sum(map(ord, topic)) + sum(each.step == "stanza_writer" for each in call.past)
    turn += len(call.learned)
    lines = [capitalized(f"{topic},")]
    lines.extend(column[turn % len(column)] for column in words.verses)
    items = _one(call, "stanza", lines, language)
    return _signed_last(call, items, language, "stanza_divider")


def _facts(call: StepCall, text: str) -> tuple[Facts, Language]:
    language = _language(call, text)
    return read_facts(text, call.now.date(), language, call.user_name), language


def _decisions(call: StepCall) -> list[JsonObject]:
    facts, language = _facts(call, _given(call.inputs, "meeting_notes"))
    found = facts.decisions or (WORDS[language].no_decision,)
    return _one(call, "decisions", bullets(found).splitlines(), language)


def _action_items(call: StepCall) -> list[JsonObject]:
    facts, language = _facts(call, _given(call.inputs, "meeting_notes"))
    found = [_action(item, language) for item in facts.actions]
    lines = bullets(found or [WORDS[language].no_action]).splitlines()
    return _one(call, "action_items", lines, language)


def _action(item: ActionItem, language: Language) -> str:
    words = WORDS[language]
    due = words.due.format(day=long_date(item.due, language)) if item.due else ""
    return f"**{item.owner or words.nobody}**: {item.what}{due}"


def _follow_up_email(call: StepCall) -> list[JsonObject]:
    language = _language(call, _given(call.inputs, "meeting_notes"))
    words = WORDS[language]
    decided = next(
        (
            _given(each.result[0], "decisions")
            for each in reversed(call.past)
            if each.step == "decisions" and each.result
        ),
        "",
    )
    actions = _given(call.parameter, "action_items")
    text = words.email.format(decisions=decided, actions=actions, name=call.user_name).strip()
    items = _one(call, "email", text.splitlines(), language)
    return [{**items[0], "email": _signed(str(items[0]["email"]), language)}]


def _outline(call: StepCall) -> list[JsonObject]:
    points = _given(call.inputs, "points")
    language = _language(call, points)
    wishes = _wishes(call)
    said = [one.text for one in sentences(points)] or [_given(call.inputs, "article_topic")]
    count = min(max(wishes.count(min(max(len(said) // 2, 1), 6)), 1), len(said))
    items: list[JsonObject] = [
        {
            "section_title": capitalized(shortened(part[0], 6)).rstrip(".!?"),
            "key_points": " ".join(map(ended, part)),
        }
        for part in _parts(said, count)
    ]
    items.extend(
        {"section_title": capitalized(shortened(each, 6)), "key_points": ended(each)}
        for each in wishes.added
    )
    if wishes.reverse:
        items.reverse()
    items[0] = {**items[0], **_note(wishes, language)}
    return items


def _parts(said: Sequence[str], count: int) -> list[Sequence[str]]:
    """Cut a list into `count` parts of nearly the same length."""
    cuts = [index * len(said) // count for index in range(count + 1)]
    return [said[start:end] for start, end in pairwise(cuts)]


def _section(call: StepCall) -> list[JsonObject]:
    points = _given(call.parameter, "key_points")
    lines = [f"## {_given(call.parameter, 'section_title')}", "", points]
    return _one(call, "section_text", lines, _language(call, points))


def _polish(call: StepCall) -> list[JsonObject]:
    text = _given(call.parameter, "section_text")
    language = _language(call, text)
    items = _one(call, "polished_text", text.splitlines(), language)
    return _signed_last(call, items, language, "section")


def _chapters(call: StepCall) -> list[JsonObject]:
    text = _given(call.inputs, "source_text")
    wishes = _wishes(call)
    said = [one.text for one in sentences(text)]
    count = min(max(wishes.count(min(max(len(said) // 4, 1), 8)), 1), max(len(said), 1))
    titles = [
        capitalized(shortened(part[0], 8)).rstrip(".!?") for part in _parts(said, count) if part
    ]
    lines = [f"{place}. {title}" for place, title in enumerate(wishes.arranged(titles), start=1)]
    return [{"chapters": "\n".join(lines), **_note(wishes, _language(call, text))}]


def _sections(call: StepCall) -> list[JsonObject]:
    text = _given(call.inputs, "source_text")
    titles = [
        re.sub(r"^\s*\d+\.\s*", "", line).strip()
        for line in _given(call.parameter, "chapters").splitlines()
        if line.strip()
    ]
    said = [ended(one.text) for one in sentences(text)]
    lines: list[str] = []
    for title, part in zip(titles, _parts(said, max(len(titles), 1)), strict=False):
        lines += [f"## {title}", "", *bullets(part).splitlines(), ""]
    return _one(call, "sections", lines, _language(call, text))


def _document(call: StepCall) -> list[JsonObject]:
    text = _given(call.parameter, "sections")
    language = _language(call, text)
    items = _one(call, "document", text.splitlines(), language)
    return [{**items[0], "document": _signed(str(items[0]["document"]), language)}]


_RULES: dict[tuple[str, str], Rule] = {
    ("write_poem", "stanza_divider"): _stanza_divider,
    ("write_poem", "stanza_writer"): _stanza_writer,
    ("write_up_meeting", "decisions"): _decisions,
    ("write_up_meeting", "action_items"): _action_items,
    ("write_up_meeting", "follow_up_email"): _follow_up_email,
    ("write_up_article", "outline"): _outline,
    ("write_up_article", "section"): _section,
    ("write_up_article", "polish"): _polish,
    ("write_up_document", "chapters"): _chapters,
    ("write_up_document", "sections"): _sections,
    ("write_up_document", "document"): _document,
}
