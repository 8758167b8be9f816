"""To-Dos without a model: found by rules, moved by load, and told from a template.

Only what the user takes on in so many words is found (wire protocol §8.2): what others do, what was
done, what is asked, wished or denied is none of their To-Dos.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

from mojodex_tui.backend.domain.clocks import working_days
from mojodex_tui.backend.domain.letters import QUIET, page
from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.llm.offline.actions import ActionItem, read_facts
from mojodex_tui.backend.llm.offline.dates import find_dates, long_date
from mojodex_tui.backend.llm.offline.lexicon import GRAMMARS, LANGUAGES, Language, language_of
from mojodex_tui.backend.llm.offline.material import as_notes, without_order
from mojodex_tui.backend.llm.offline.text import (
    capitalized,
    content_words,
    ended,
    folded,
    sentences,
    stem,
)

FULL_DAY = 3
"""So many To-Dos fill a day."""
_DAYS_AHEAD = 10
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
_NOBODY = "⟨nobody⟩"
"""Stands for a user whose name is not known; no note holds it."""


@dataclass(frozen=True)
class _Cues:
    """How one language says that the speaker takes something on, or does not."""

    duty: re.Pattern[str]
    """Before what is to be done."""
    mine: re.Pattern[str]
    """At the start of an item: the user's own."""
    list_of_mine: re.Pattern[str]
    """Before items that are all the user's own."""
    denied: re.Pattern[str]
    """The clause takes nothing on after all."""


_CUES: Mapping[Language, _Cues] = {
    "en": _Cues(
        duty=re.compile(
            r"(?:(?:please\s+)?remind\s+me\s+to|(?:don['’]t|do\s+not)\s+let\s+me\s+forget\s+to"
            r"|(?:asked|told|wants?|expects?|needs?|would\s+like)\s+me\s+to"
            r"|I\s+(?:have\s+)?(?:promised?|agreed|offered|committed|volunteered)(?:\s+[A-Z]\w+)?\s+to"
            r"|I\s+(?:must|should)\s*n['’]t\s+forget\s+to|I\s+must\s+not\s+forget\s+to"
            r"|(?:it(?:['’]s|\s+is)\s+)?(?:my\s+job|up\s+to\s+me|my\s+turn)(?:\s+is)?\s+to"
            r"|I(?:['’]ve|\s+have)?\s+(?:still\s+|also\s+)?(?:got\s+to|need\s+to|have\s+to)"
            r"|I(?:['’]m|\s+am)\s+(?:supposed|expected|due|meant)\s+to|note\s+to\s+(?:self|myself)\s*:"
            r"|I\s+(?:told|promised|assured)\s+[^.,;]{1,40}?\s+(?:that\s+)?I(?:['’]d|\s+would)"
            r"|(?:agreed|decided|settled)\s+that\s+I(?:['’]d|\s+would|\s+will|\s+should)"
            r"|I(?:['’]m|\s+am)(?=\s+taking\b)|^I(?:['’]ll|\s+will)(?=\s+have\s+\w+\s+(?:ready|done|sent)))"
            r"\s+(?!(?:say|admit|confess)\b)(?P<what>.+)",
            _I,
        ),
        mine=re.compile(r"(?:me|myself|I)\s*[:–—-]\s*(?P<what>.+)", _I),
        list_of_mine=re.compile(
            r"(?:my\s+(?:to-?\s?dos?|tasks?|list|actions?|action\s+items|next\s+steps)"
            r"|(?:to-?\s?dos?|tasks?|actions?)\s+for\s+me|on\s+my\s+(?:plate|list|side))"
            r"\s*(?:are|is)?\s*:\s*(?P<what>.*)",
            _I,
        ),
        denied=re.compile(
            r"\b(?:don['’]t|do\s+not|won['’]t|will\s+not|needn['’]t|need\s+not|cannot|can['’]t"
            r"|no\s+longer|would|might|may|maybe|perhaps|could|if\s+I|already|used\s+to"
            r"|(?:have\s+to|must)\s+(?:say|admit|confess))\b",
            _I,
        ),
    ),
    "fr": _Cues(
        duty=re.compile(
            r"(?:rappelle[zs]?-moi\s+d(?:e\s+|['’])|n['’]oublie[zs]?\s+pas\s+de\s+me\s+rappeler\s+d(?:e\s+|['’])"
            r"|(?:m['’]a\s+demandé|me\s+demande|m['’]a\s+chargée?|compte\s+sur\s+moi\s+pour)(?:\s+d(?:e\s+|['’])|\s+)"
            r"|j['’]ai\s+promis(?:\s+à\s+[A-ZÀ-Ý]\w+)?\s+d(?:e\s+|['’])"
            r"|je\s+me\s+suis\s+engagée?\s+à\s+"
            r"|je\s+ne\s+dois\s+(?:surtout\s+)?pas\s+oublier\s+d(?:e\s+|['’])"
            r"|il\s+(?:faut|faudra)\s+(?:aussi\s+)?que\s+j(?:e\s+|['’])|il\s+me\s+(?:faut|reste\s+à)\s+"
            r"|c['’]est\s+à\s+moi\s+d(?:e\s+|['’])|j['’]ai\s+à\s+"
            r"|je\s+suis\s+(?:censée?|supposée?)\s+|^(?:penser|songer)\s+à\s+|^ne\s+pas\s+oublier\s+d(?:e\s+|['’])"
            r"|j['’]ai\s+(?:dit|assuré)\s+[^.,;]{1,40}?\s*que\s+j(?:e\s+|['’])"
            r"|(?:convenu|décidé|veut|voudrait|demande|attend)\s+que\s+j(?:e\s+|['’])"
            r"|^je\s+(?=l(?:a|e|es)\s+\w+(?:e|s|rai)\b)|^j['’](?=\w+e\s))(?P<what>.+)",
            _I,
        ),
        mine=re.compile(r"(?:moi|je)\s*[:–—-]\s*(?P<what>.+)", _I),
        list_of_mine=re.compile(
            r"(?:ma\s+liste|mes\s+(?:tâches|actions|to-?dos?|prochaines\s+étapes)"
            r"|(?:à\s+faire|tâches?|actions?)\s+pour\s+moi|de\s+mon\s+côté)"
            r"\s*:\s*(?P<what>.*)",
            _I,
        ),
        denied=re.compile(
            r"\b(?:n['’]\w+\s+(?:pas|plus)|ne\s+\w+\s+(?:pas|plus)|peut-être|déjà|aurais"
            r"|pourrais|devrais\s+peut|voudrais|aimerais|si\s+je|dois\s+(?:dire|avouer|admettre))\b",
            _I,
        ),
    ),
    "es": _Cues(
        duty=re.compile(
            r"(?:recu[ée]rda(?:me|nme)\s+(?:que\s+)?|que\s+no\s+se\s+me\s+olvide\s+"
            r"|me\s+(?:pidió|ha\s+pedido|pide|pidieron|encargó)\s+(?:que\s+)?"
            r"|(?:le\s+|les\s+)?(?:prometí|he\s+prometido)(?:\s+a\s+[A-ZÁ-Ú]\w+)?\s+"
            r"|me\s+(?:comprometí|he\s+comprometido)\s+a\s+"
            r"|no\s+(?:debo|tengo\s+que|puedo)\s+olvidar(?:me\s+de)?\s+"
            r"|me\s+(?:toca|queda\s+por|falta)\s+|quedé\s+en\s+|he\s+de\s+"
            r"|^(?:acordarme|acordarse)\s+de\s+|^no\s+olvidar(?:me\s+de)?\s+"
            r"|(?:le|les)\s+(?:dije|aseguré)\s+[^.,;]{1,40}?\s*que\s+"
            r"|(?:acordamos|quedamos\s+en)\s+que\s+yo\s+|(?:quiere|espera|pide)\s+que\s+(?:yo\s+)?"
            r"|^(?=l[oa]s?\s+\w{3,}o\b))(?P<what>.+)",
            _I,
        ),
        mine=re.compile(r"yo\s*[:–—-]\s*(?P<what>.+)", _I),
        list_of_mine=re.compile(
            r"(?:mi\s+lista|mis\s+(?:tareas|pendientes|acciones|próximos\s+pasos)"
            r"|(?:tareas?|pendientes?|acci(?:ón|ones))\s+(?:para\s+mí|mías)|por\s+mi\s+parte)"
            r"\s*:\s*(?P<what>.*)",
            _I,
        ),
        denied=re.compile(
            r"(?:^|\b)(?:no\s+\w+|ya\s+(?:he|envié|llamé)|quizás?|tal\s+vez|podría|debería\s+quizás"
            r"|quisiera|me\s+gustaría|si\s+yo|(?:tengo\s+que|debo)\s+(?:decir|admitir|reconocer))\b",
            _I,
        ),
    ),
}


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
        self._cues = _CUES[language]
        self._name = user_name.strip() or _NOBODY
        names = {self._name, self._name.split()[0]}
        self._names = {folded(name) for name in names}
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
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
                    clauses = _SEAM.split(capitalized(self._own_label.sub("", sentence.text)))
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
        own = self._cues.mine.match(sentence)
        if own is not None and own["what"].strip():
            return self._dated(own["what"], sentence)
        duty = self._cues.duty.search(sentence)
        if duty is None or sentence.rstrip().endswith("?"):
            return None
        if self._cues.denied.search(sentence[: duty.start()]):
            return None
        return self._dated(duty["what"], sentence)

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


@dataclass(frozen=True)
class _Words:
    """What is said about days, in one language."""

    was_due: str
    free: str
    load: str
    spread: str
    often: str
    greeting: str
    subject: str
    nothing: str
    today: str
    overdue: str
    since: str
    moved: str
    to: str
    footer: str


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        was_due="It was due on {day}.",
        free="{day} is the next working day, and nothing else is planned on it.",
        load="{day} is the next working day; other To-Dos on it: {count}.",
        spread="The working days before {day} are full; other To-Dos on it: {count}.",
        often="It was moved {count} times before: perhaps it should be smaller, or dropped.",
        greeting="Good morning{name},",
        subject="Your To-Dos for {day} ({count})",
        nothing="Nothing is due today.",
        today="Today",
        overdue="Overdue",
        since="since {day}",
        moved="Moved",
        to="{before} → {after}",
        footer="Written by the offline assistant of mojodex-tui, by rules.",
    ),
    "fr": _Words(
        was_due="C’était prévu pour {day}.",
        free="{day} est le prochain jour ouvré, et rien d’autre n’y est prévu.",
        load="{day} est le prochain jour ouvré ; autres tâches ce jour-là : {count}.",
        spread="Les jours ouvrés avant {day} sont pleins ; autres tâches ce jour-là : {count}.",
        often="Déjà déplacé {count} fois : peut-être faut-il le réduire, ou y renoncer.",
        greeting="Bonjour{name},",
        subject="Vos tâches du {day} ({count})",
        nothing="Rien n’est prévu aujourd’hui.",
        today="Aujourd’hui",
        overdue="En retard",
        since="depuis {day}",
        moved="Déplacé",
        to="{before} → {after}",
        footer="Écrit par l’assistant hors ligne de mojodex-tui, selon des règles.",
    ),
    "es": _Words(
        was_due="Estaba previsto para el {day}.",
        free="El {day} es el próximo día laborable y no tiene nada más previsto.",
        load="El {day} es el próximo día laborable; otras tareas ese día: {count}.",
        spread="Los días antes del {day} están llenos; otras tareas ese día: {count}.",
        often="Ya se movió {count} veces: quizás convenga reducirlo o dejarlo.",
        greeting="Buenos días{name}:",
        subject="Sus tareas del {day} ({count})",
        nothing="Hoy no hay nada previsto.",
        today="Hoy",
        overdue="Atrasado",
        since="desde el {day}",
        moved="Movido",
        to="{before} → {after}",
        footer="Escrito por el asistente sin conexión de mojodex-tui, con reglas.",
    ),
}
_OFTEN = 3


def _language(code: str) -> Language:
    return next((known for known in LANGUAGES if known == code.lower()[:2]), "en")


def reschedule(brief: ReschedulingBrief) -> Rescheduling:
    """Return the first working day that is not full, else the least full one, and the reason."""
    language = _language(brief.language)
    words = _WORDS[language]
    load = Counter(day for day, _ in brief.others)
    days = working_days(brief.now.date())
    ahead = [next(days) for _ in range(_DAYS_AHEAD)]
    chosen = next((day for day in ahead if load[day] < FULL_DAY), None)
    if chosen is None:
        chosen = min(ahead, key=lambda day: load[day])
    on_next = words.load if load[chosen] else words.free
    why = on_next if chosen == ahead[0] else words.spread
    told = [
        words.was_due.format(day=long_date(brief.day, language)),
        why.format(day=long_date(chosen, language), count=load[chosen]),
    ]
    if brief.moves >= _OFTEN:
        told.append(words.often.format(count=brief.moves))
    return Rescheduling(chosen, " ".join(map(capitalized, told)))


def remind(brief: ReminderBrief) -> Reminder:
    """Return the mail of a morning."""
    language = _language(brief.language)
    words = _WORDS[language]
    name = f" {brief.user_name.split()[0]}" if brief.user_name.strip() else ""
    parts: list[tuple[str, list[tuple[str, str]]]] = []
    if brief.overdue:
        parts.append(
            (
                words.overdue,
                [
                    (what, words.since.format(day=long_date(day, language)))
                    for what, day in brief.overdue
                ],
            )
        )
    if brief.today:
        parts.append((words.today, [(what, title or "") for what, title in brief.today]))
    if brief.moved:
        parts.append(
            (
                words.moved,
                [
                    (
                        move.description,
                        words.to.format(
                            before=long_date(move.before, language),
                            after=long_date(move.after, language),
                        )
                        + (f". {move.reason}" if move.reason else ""),
                    )
                    for move in brief.moved
                ],
            )
        )
    greeting = words.greeting.format(name=name)
    subject = words.subject.format(count=len(brief.today), day=long_date(brief.day, language))
    return Reminder(
        subject=subject,
        text=_as_text(greeting, parts, words),
        html=_as_html(subject, greeting, parts, words, language),
    )


def _as_text(greeting: str, parts: list[tuple[str, list[tuple[str, str]]]], words: _Words) -> str:
    lines = [greeting, ""]
    if not parts:
        lines += [words.nothing, ""]
    for heading, rows in parts:
        lines.append(heading)
        for what, more in rows:
            lines.append(f"- {what}")
            if more:
                lines.append(f"  {more}")
        lines.append("")
    return "\n".join([*lines, "--", words.footer, ""])


def _as_html(
    subject: str,
    greeting: str,
    parts: list[tuple[str, list[tuple[str, str]]]],
    words: _Words,
    language: Language,
) -> str:
    body = [f'<p style="margin:0 0 16px">{escape(greeting)}</p>']
    if not parts:
        body.append(f"<p>{escape(words.nothing)}</p>")
    for heading, rows in parts:
        body.append(
            f'<h2 style="font-size:15px;margin:20px 0 8px;color:#3b4b6b">{escape(heading)}</h2>'
        )
        body.append('<ul style="margin:0;padding:0 0 0 20px">')
        for what, more in rows:
            small = (
                f'<br><span class="quiet" style="{QUIET};font-size:13px">{escape(more)}</span>'
                if more
                else ""
            )
            body.append(f'<li style="margin:0 0 8px">{escape(what)}{small}</li>')
        body.append("</ul>")
    return page(subject, "\n".join(body), words.footer, language)
