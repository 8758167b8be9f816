"""What a text asks for: action items, decisions, questions, requests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mojodex_tui.backend.llm.offline.dates import find_dates
from mojodex_tui.backend.llm.offline.lexicon import EN_BASE_FORMS, GRAMMARS, Grammar, Language
from mojodex_tui.backend.llm.offline.people import (
    NAME,
    find_people,
    names_in_list,
    split_label,
    split_speaker,
    with_first_names,
)
from mojodex_tui.backend.llm.offline.text import (
    Sentence,
    amounts,
    capitalized,
    ended,
    sentences,
    without_tags,
)


@dataclass(frozen=True)
class ActionItem:
    """Something somebody must do."""

    what: str
    """Without the owner's name and the date."""
    owner: str | None
    due: date | None
    source: str
    """The user's own wording."""


@dataclass(frozen=True)
class Facts:
    """What a text says, each sentence in one place."""

    people: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    questions: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """All the rest."""
    amounts: tuple[str, ...] = ()


_LISTED = re.compile(rf"(?P<owner>{NAME})\s*[:–—-]\s+(?P<what>.+)")
_AGREED = re.compile(
    r"(?:everyone|everybody|all|we|tous|tout\s+le\s+monde|nous|todos)\s+(?:have\s+|has\s+|sont\s+|"
    r"sommes\s+|est\s+|están\s+|estamos\s+)?(?:agree[ds]?|d['’]accord|de\s+acuerdo)\W*",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?:TODO|TO-DO|ACTION)\s+(?=\w)")
_LEFT_OVER = re.compile(r"^[\s,;:.–—-]+|[\s,;:–—-]+$")


def read_facts(text: str, today: date, language: Language, user_name: str) -> Facts:
    """Sort the sentences of `text`."""
    found = sentences(without_tags(text))
    people = find_people(found, language, user_name)
    reader = _Reader(today, language, user_name, people)
    for sentence in found:
        reader.read(sentence)
    listed = tuple(dict.fromkeys((*people, *reader.people)))
    return Facts(
        people=listed,
        decisions=tuple(reader.decisions),
        actions=tuple(reader.actions),
        questions=tuple(reader.questions),
        blocked=tuple(reader.blocked),
        remarks=tuple(reader.remarks),
        amounts=amounts(text),
    )


def is_question(sentence: str) -> bool:
    """Return whether `sentence` asks something."""
    return sentence.rstrip("\"»”') ").endswith("?")


class _Reader:
    """Reads one sentence after the other; a heading colours the items below it."""

    def __init__(
        self, today: date, language: Language, user_name: str, people: tuple[str, ...]
    ) -> None:
        self._today = today
        self._language = language
        self._grammar: Grammar = GRAMMARS[language]
        self._user_name = user_name
        self._names = with_first_names(people)
        self._under: str | None = None
        self._line = -1
        self._before: str | None = None
        self.people: list[str] = []
        self.decisions: list[str] = []
        self.actions: list[ActionItem] = []
        self.questions: list[str] = []
        self.blocked: list[str] = []
        self.remarks: list[str] = []
        names = sorted(self._names, key=len, reverse=True)
        subjects = "|".join(map(re.escape, names))
        self._named = re.compile(
            rf"(?:^|.*?\b(?:that|que)\s+|.*?[,;:–-]\s+)(?P<owner>{subjects or NAME})"
            rf"(?=(?i:{self._grammar.named}))(?P<rest>.*)",
            re.DOTALL,
        )
        subject = rf"(?:{subjects}|[Tt]hey|[Ii]ls|[Ee]lles|[Ee]llos)" if subjects else "[Tt]hey"
        self._seam = re.compile(
            rf"(?:[,;]\s+(?:and\s+|et\s+|y\s+)?|\s+(?:and|et|y)\s+)"
            rf"(?=(?:{subject}(?i:{self._grammar.named})"
            rf"|(?i:{self._grammar.first_person.pattern})))"
        )

    def read(self, sentence: Sentence) -> None:
        """Put `sentence` where it belongs."""
        kind, rest = split_label(sentence.text)
        if kind == "notes" and not rest:
            self._under = None
            return
        if kind is not None and kind != "notes":
            self._under = kind
            self._line = sentence.line
            if not rest:
                return
            self._sort_labelled(kind, rest)
            # A label with its content on the same line says nothing about the next lines.
            self._under = None
            return
        # A blank line may stand between "Participants" and the names.
        near = self._line + (2 if self._under == "people" else 1)
        if self._under is not None and (sentence.item or sentence.line <= near):
            self._line = sentence.line
            self._sort_labelled(self._under, sentence.text)
            return
        self._under = None
        if (marked := _MARKED.match(sentence.text)) is not None:
            self.actions.append(self._marked_action(sentence.text[marked.end() :]))
            return
        speaker, said = split_speaker(sentence.text, self._names)
        for clause in self._clauses(said):
            self._sort(clause, speaker, item=sentence.item)

    def _clauses(self, said: str) -> Iterator[str]:
        start = 0
        for seam in self._seam.finditer(said):
            yield said[start : seam.start()]
            start = seam.end()
        yield said[start:]

    def _sort_labelled(self, kind: str, text: str) -> None:
        match kind:
            case "people":
                self.people.extend(names_in_list(text, self._user_name))
            case "actions" | "next":
                self.actions.extend(self._listed_action(part) for part in self._clauses(text))
            case "decisions":
                self.decisions.append(ended(text))
            case "questions":
                self.questions.append(ended(text))
            case "blocked":
                self.blocked.append(ended(text))
            case _:
                self.remarks.append(ended(text))

    def _listed_action(self, text: str) -> ActionItem:
        """Return what stands under "Next steps", whatever its wording."""
        match = _LISTED.fullmatch(text)
        if match is not None:
            self.people.append(match["owner"])
            return self._item(match["what"], match["owner"], text)
        return self._action(text, None, item=True) or self._item(text, None, text)

    def _marked_action(self, text: str) -> ActionItem:
        """Return what stands after "TODO"; a name in front is whose it is."""
        first, _, rest = text.partition(" ")
        if first in self._names and rest:
            return self._item(rest, first, text)
        return self._listed_action(text)

    def _sort(self, clause: str, speaker: str | None, *, item: bool) -> None:
        if is_question(clause):
            self.questions.append(ended(clause))
            return
        before, self._before = self._before, clause
        if before is not None and _AGREED.fullmatch(clause):
            # It says that what was proposed just now is decided.
            self.actions = [each for each in self.actions if each.source != capitalized(before)]
            self.decisions.append(ended(before))
            return
        action = self._action(clause, speaker, item=item)
        decided = self._grammar.decision.search(clause) is not None
        if action is not None and (action.owner is not None or not decided):
            self.actions.append(action)
        elif decided:
            self.decisions.append(ended(clause))
        elif self._grammar.open_point.search(clause):
            self.questions.append(ended(clause))
        elif speaker is not None:
            self.remarks.append(f"{speaker}: {ended(clause)}")
        else:
            self.remarks.append(ended(clause))

    def _action(self, clause: str, speaker: str | None, *, item: bool) -> ActionItem | None:
        found = self._action_in(self._date_last(clause), speaker, item=item)
        return found and replace(found, source=capitalized(clause.strip()))

    def _date_last(self, clause: str) -> str:
        """Return "I call them tomorrow" for "Tomorrow I call them"."""
        found = find_dates(clause, self._today, self._language)
        if not found or found[0].start > 0:
            return clause
        rest = clause[found[0].end :].lstrip(" ,").rstrip(" .!")
        return f"{rest} {clause[: found[0].end]}" if rest else clause

    def _action_in(self, clause: str, speaker: str | None, *, item: bool) -> ActionItem | None:
        grammar = self._grammar
        named = self._named.match(clause) if self._names else None
        if named is not None:
            return self._item(named["rest"], named["owner"], clause)
        if grammar.first_person.match(clause):
            return self._item(self._without_i(clause), speaker or self._user_name, clause)
        if grammar.nobody.search(clause):
            by = re.search(rf"\b(?:by|par|por)\s+(?P<owner>{NAME})", clause)
            owner = by["owner"] if by and by["owner"] in self._names else None
            return self._item(clause, owner, clause)
        if item and (listed := _LISTED.fullmatch(clause)) and grammar.order.match(listed["what"]):
            self.people.append(listed["owner"])
            return self._item(listed["what"], listed["owner"], clause)
        if item and grammar.order.match(clause):
            return self._item(clause, None, clause)
        others = grammar.others.match(clause)
        if others is not None and self._is_ahead(clause):
            return self._item(clause[others.end("owner") :], capitalized(others["owner"]), clause)
        return None

    def _is_ahead(self, clause: str) -> bool:
        found = find_dates(clause, self._today, self._language)
        return any(one.day >= self._today for one in found)

    def _without_i(self, clause: str) -> str:
        """Return what the first person does, as one would say it of somebody else."""
        what = re.sub(r"^(?:I\s+|I(?=['’])|je\s+|j['’]|yo\s+)", "", clause, flags=re.IGNORECASE)
        if self._language == "es" and not self._grammar.modal.match(what):
            what = re.sub(r"^(\w+[^\W\d_])o\b", r"\1a", what)
            what = re.sub(r"^(\w+)aré\b", r"\1ará", what)
        return what

    def _item(self, what: str, owner: str | None, source: str) -> ActionItem:
        due = None
        for one in reversed(find_dates(what, self._today, self._language)):
            if one.day < self._today:
                continue
            # What is to be done in a week is due at the end of its working days.
            due = one.day + timedelta(days=4 if one.whole_week else 0)
            what = f"{what[: one.start]} {what[one.end :]}".replace("( )", "").replace("()", "")
        saying = self._grammar.modal.match(what) or self._grammar.nobody.match(what)
        if saying is not None:
            what = what[saying.end() :]
        what = re.sub(r"\s+([,.;:])", r"\1", re.sub(r"\s{2,}", " ", what))
        what = _LEFT_OVER.sub("", what).rstrip(".!")
        first, _, rest = what.partition(" ")
        what = f"{EN_BASE_FORMS.get(first, first)} {rest}".strip() if owner else what
        return ActionItem(what or source, owner, due, capitalized(source.strip()))


def requests(text: str, language: Language) -> tuple[str, ...]:
    """Return the questions and requests of `text`, in order."""
    asks = GRAMMARS[language].request
    return tuple(
        one.text for one in sentences(text) if is_question(one.text) or asks.search(one.text)
    )


def in_order_of_dates(items: tuple[ActionItem, ...]) -> tuple[ActionItem, ...]:
    """Return the items by due date; those without one come last, as they were given."""
    return tuple(sorted(items, key=lambda item: item.due or date.max))
