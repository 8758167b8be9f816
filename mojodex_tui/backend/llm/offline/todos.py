"""To-Dos found by rules, without a model.

Only what the user takes on in so many words is found (wire protocol §8.2): what others do, what was
done, what is asked, wished or denied is none of their To-Dos.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from mojodex_tui.backend.domain.clocks import working_days
from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
)
from mojodex_tui.backend.llm.offline.actions import ActionItem, read_facts
from mojodex_tui.backend.llm.offline.dates import find_dates
from mojodex_tui.backend.llm.offline.duties import DUTIES
from mojodex_tui.backend.llm.offline.lexicon import (
    GRAMMARS,
    STOPWORDS,
    Language,
    language_of,
)
from mojodex_tui.backend.llm.offline.material import as_notes, without_order
from mojodex_tui.backend.llm.offline.text import (
    capitalized,
    content_words,
    ended,
    folded,
    sentences,
    stem,
)

_MOST_FOUND = 30
_SAME = 0.7
"""The share of words two To-Dos have in common when they are one."""
_I = re.IGNORECASE
_SEAM = re.compile(
    r"(?:\s*[,;]?\s+(?:and|et|y)\s+|\s*;\s*|\s*,?\s+(?:so|but|donc|mais|alors|así\s+que|pero)\s+"
    r"|\s+(?=\d[.)]\s))"
    r"(?=(?:I\b|je\b|j['’]|yo\b|me\s+(?:toca|encargo)|(?:tengo|debo)\b|l[oa]s?\s+\w+o\b|\d[.)]\s))",
    _I,
)
"""Between two things one sentence takes on."""
_LEAD = re.compile(
    r"^(?:also|then|so|next|finally|first|aussi|ensuite|puis|donc|enfin|d['’]abord|également"
    r"|también|luego|después|además|finalmente|primero)\s*,?\s+",
    _I,
)
"""Words before a clause that only say that it follows another one."""
_TOPIC = re.compile(
    r"^(?!(?:[A-ZÀ-Ý][\w'’-]+\s?){1,2}:)[^.:!?]{2,40}?\s?:\s+"
    r"(?=(?:I|je|yo|me|les?)\b|I?['’]|j['’])"
)
"""What a line is about, before what somebody says in it; names before a colon are speakers."""
_SPEAKER = re.compile(r"^(?:[A-ZÀ-Ý][\w'’-]+\s?){1,2}:\s")
_ON_CONDITION = re.compile(
    r"^(?:if|unless|in\s+case|si|s['’]il|au\s+cas|à\s+moins|sauf|a\s+menos|en\s+caso)\b", _I
)
_ABSENT = frozenset({"off", "out", "away", "absent", "absente", "ausente", "libre", "leave"})
"""What somebody is, rather than does, behind a name."""
_NOBODY = "⟨nobody⟩"
"""Stands for a user whose name is not known; no note holds it."""


def extract(brief: ExtractionBrief) -> tuple[FoundTodo, ...]:
    """Return what the user took on in a task, each once, with its day."""
    found: list[FoundTodo] = []
    known = [words for _, words in brief.known]
    known += [rejected.description for rejected in brief.rejected]
    for text in _told(brief):
        reader = _Reader(brief.now.date(), language_of(text, brief.language), brief.user_name)
        for todo in reader.todos(text):
            if not any(is_same(todo.description, other) for other in known):
                known.append(todo.description)
                found.append(todo)
    return tuple(found[:_MOST_FOUND])


def _told(brief: ExtractionBrief) -> Iterator[str]:
    """Yield the user's own words: a draft only repeats them, perhaps wrongly."""
    for given in brief.inputs:
        if isinstance(given.value, str) and given.value.strip():
            yield as_notes(given.value)
    for turn in brief.conversation:
        if said := without_order(turn):
            yield said


def is_same(first: str, second: str) -> bool:
    """Return whether two To-Dos are one in other words."""
    one, other = ({stem(word) for word in content_words(text)} for text in (first, second))
    if not one or not other:
        return folded(first) == folded(second)
    return len(one & other) / min(len(one), len(other)) >= _SAME


class _Reader:
    """Reads the notes of one user in one language."""

    def __init__(self, today: date, language: Language, user_name: str) -> None:
        self._today = today
        self._language = language
        self._cues = DUTIES[language]
        self._name = user_name.strip() or _NOBODY
        names = {self._name, self._name.split()[0]}
        self._names = {folded(name) for name in names}
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._labelled = re.compile(
            rf"^(?:{either})\s*[:–—]\s+(?!{GRAMMARS[language].first_person.pattern})(?P<what>\w.+)",
            _I,
        )
        self._by_name = re.compile(rf"(?:^|[,;:]\s+)(?:{either})(?:{self._cues.by_name})", _I)
        self._own_label = re.compile(
            rf"^(?:{either})\s*:\s+(?={GRAMMARS[language].first_person.pattern})", _I
        )

    def todos(self, text: str) -> Iterator[FoundTodo]:
        """Yield what the user takes on in `text`."""
        plain, special = self._split(text)
        yield from special
        facts = read_facts(plain, self._today, self._language, self._name.split()[0])
        for item in facts.actions:
            if self._is_mine(item):
                yield self._todo(item.what, item.due, item.source)

    def _split(self, text: str) -> tuple[str, list[FoundTodo]]:
        """Return the sentences that need no cue, and what those with one say."""
        special: list[FoundTodo] = []
        lines: list[str] = []
        mine = False
        for line in text.splitlines():
            kept: list[str] = []
            for sentence in sentences(line):
                listed = self._cues.list_of_mine.match(sentence.text)
                if listed is not None:
                    mine = True
                    special += self._listed(listed["what"])
                elif mine and sentence.item:
                    special += self._listed(sentence.text)
                else:
                    mine = False
                    own = _TOPIC.sub("", self._own_label.sub("", sentence.text))
                    clauses = _SEAM.split(capitalized(own))
                    for clause in clauses:
                        bare = _LEAD.sub("", clause)
                        one = self._cued(bare)
                        if one is None:
                            kept.append(ended(bare) if len(clauses) > 1 else capitalized(bare))
                        else:
                            special.append(replace(one, source=sentence.text))
            bullet = "- " if kept and any(s.item for s in sentences(line)) else ""
            lines.append(bullet + " ".join(kept))
        return "\n".join(lines), special

    def _listed(self, text: str) -> list[FoundTodo]:
        parts = re.split(
            r"\s*[;,]\s+(?:and\s+|et\s+|y\s+)?|(?:^|\s+)\d{1,2}[.)]\s+", text.rstrip(".")
        )
        return [self._dated(part, part) for part in parts if len(content_words(part)) > 0]

    def _cued(self, sentence: str) -> FoundTodo | None:
        labelled = self._labelled.match(sentence)
        if labelled is not None:
            return self._said_of_own(labelled["what"], sentence)
        own = self._cues.mine.match(sentence)
        if own is not None and own["what"].strip():
            return self._dated(own["what"], sentence)
        duty = self._cues.duty.search(sentence)
        if sentence.rstrip().endswith("?"):
            return None
        if duty is not None and not self._cues.denied.search(sentence[: duty.start()]):
            return self._dated(duty["what"], sentence)
        if self._is_read_as_fact(sentence):
            return None
        return self._undertaken(sentence)

    def _said_of_own(self, what: str, sentence: str) -> FoundTodo | None:
        """Return what stands behind the user's name and a colon, if it is to be done."""
        modal = GRAMMARS[self._language].modal.match(what)
        if modal is not None:
            return self._dated(what[modal.end() :], sentence)
        first = folded(what.split()[0])
        is_state = first in _ABSENT or first in STOPWORDS[self._language]
        coming = any(
            one.day >= self._today for one in find_dates(what, self._today, self._language)
        )
        return self._dated(what, sentence) if coming and not is_state else None

    def _undertaken(self, sentence: str) -> FoundTodo | None:
        """Return what the user will do by any verb, also one the lexicon does not know."""
        found = self._by_name.search(sentence)
        if found is None and not _SPEAKER.match(sentence):  # others say "I" of themselves
            found = self._cues.undertaken.search(sentence)
        if found is None or self._cues.denied.search(sentence) or _ON_CONDITION.match(sentence):
            return None
        said = next(words for words in found.groupdict().values() if words)
        return self._dated(said, sentence)

    def _is_read_as_fact(self, sentence: str) -> bool:
        """Whether the general reader finds an action here, with its date in the right place."""
        facts = read_facts(sentence, self._today, self._language, self._name.split()[0])
        return any(self._is_mine(item) for item in facts.actions)

    def _is_mine(self, item: ActionItem) -> bool:
        if item.owner is None or folded(item.owner) not in self._names:
            return False
        return self._cues.denied.search(item.source) is None

    def _dated(self, what: str, source: str) -> FoundTodo:
        due = None
        for one in reversed(find_dates(what, self._today, self._language)):
            if one.day >= self._today:
                due = one.day + timedelta(days=4 if one.whole_week else 0)
                what = f"{what[: one.start]} {what[one.end :]}"
        return self._todo(what, due, source)

    def _todo(self, what: str, due: date | None, source: str) -> FoundTodo:
        words = re.sub(r"\s+([,.;:])", r"\1", " ".join(what.split())).strip(" ,.;:!–—-")
        return FoundTodo(capitalized(words), due or self._next_day(), source.strip())

    def _next_day(self) -> date:
        """Return the day for what has none: the next one that is worked on."""
        return next(working_days(self._today + timedelta(days=1)))
