"""The steps of the shipped workflows without a model."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import StepCall
from mojodex_tui.backend.llm.offline import chapters
from mojodex_tui.backend.llm.offline.actions import ActionItem, Facts, read_facts
from mojodex_tui.backend.llm.offline.dates import long_date
from mojodex_tui.backend.llm.offline.headlines import headline, subject
from mojodex_tui.backend.llm.offline.lexicon import Language, language_of
from mojodex_tui.backend.llm.offline.phrases import PHRASES
from mojodex_tui.backend.llm.offline.step_wishes import Wishes, wishes_of
from mojodex_tui.backend.llm.offline.step_words import WORDS
from mojodex_tui.backend.llm.offline.text import bullets, capitalized, ended, sentences

Rule = Callable[[StepCall], list[JsonObject]]
_MOST_STANZAS = 12
_NUMBER = re.compile(r"\d+")
_NOT_A_NAME = re.compile(
    r"^(?:the|an?|my|our|your|his|her|their|its|this|that|these|those|all|how|why|what)\b",
    re.IGNORECASE,
)


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
    wish = _given(call.inputs, "poem_topic")
    language = _language(call, wish)
    topic = subject(wish, language)
    wishes = _wishes(call)
    number = _NUMBER.search(_given(call.inputs, "n_stanzas"))
    count = min(max(int(number[0][:3]) if number else 3, 1), _MOST_STANZAS)
    count = min(max(wishes.count(count), 1), _MOST_STANZAS)
    phases = WORDS[language].phases
    chosen = [phases[index * len(phases) // count] for index in range(count)]
    topics = wishes.arranged([_about(phase, topic) for phase in chosen])
    return [
        {"stanza_topic": each, **(_note(wishes, language) if not index else {})}
        for index, each in enumerate(topics)
    ]


def _about(phase: str, topic: str) -> str:
    """Return what a stanza is about."""
    within = topic if phase.startswith("{") else _NOT_A_NAME.sub(_lowered, topic)
    return capitalized(phase.format(topic=within))


def _lowered(match: re.Match[str]) -> str:
    return match[0].lower()


def _stanza_writer(call: StepCall) -> list[JsonObject]:
    topic = _given(call.parameter, "stanza_topic")
    wish = _given(call.inputs, "poem_topic")
    language = _language(call, wish)
    # Other words for each stanza and each try, but always the same ones for the same.
    turn = sum(map(ord, wish)) + sum(each.step == "stanza_writer" for each in call.past)
    turn += len(call.learned)
    lines = [capitalized(f"{topic},")]
    for place, column in enumerate(WORDS[language].verses):
        # Each line after the first comes round more slowly, so that no stanza is met again soon.
        lines.append(column[(turn + place * (turn // len(column))) % len(column)])
    items = _one(call, "stanza", lines, language)
    return _signed_last(call, items, language, "stanza_divider")


def _facts(call: StepCall, text: str) -> tuple[Facts, Language]:
    language = _language(call, text)
    return read_facts(text, call.now.date(), language, call.user_name), language


def _decisions(call: StepCall) -> list[JsonObject]:
    facts, language = _facts(call, _given(call.inputs, "meeting_notes"))
    found = [each for said in facts.decisions if (each := _decided(said, language))]
    lines = bullets(found or [WORDS[language].no_decision]).splitlines()
    return _one(call, "decisions", lines, language)


def _decided(said: str, language: Language) -> str:
    """Return what was decided, without the words that it was; nothing if nothing was."""
    words = WORDS[language]
    if words.undecided.match(said):
        return ""
    what = words.decided.sub("", said, count=1)
    return ended(what) if len(what.split()) > 1 else ""


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
            "section_title": capitalized(headline(part[0], 6, language)),
            "key_points": " ".join(map(ended, part)),
        }
        for part in _parts(said, count)
    ]
    items.extend(
        {"section_title": capitalized(headline(each, 6, language)), "key_points": ended(each)}
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
    language = _language(call, text)
    count = max(wishes.count(chapters.usual_count(text)), 1)
    titles = [chapters.title(part, language) for part in chapters.cut(text, count)]
    lines = [f"{place}. {title}" for place, title in enumerate(wishes.arranged(titles), start=1)]
    return [{"chapters": "\n".join(lines), **_note(wishes, language)}]


def _sections(call: StepCall) -> list[JsonObject]:
    text = _given(call.inputs, "source_text")
    titles = [
        re.sub(r"^\s*\d+\.\s*", "", line).strip()
        for line in _given(call.parameter, "chapters").splitlines()
        if line.strip()
    ]
    lines: list[str] = []
    for title, part in zip(titles, chapters.cut(text, max(len(titles), 1)), strict=False):
        lines += [f"## {title}", "", *chapters.as_markdown(part), ""]
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
