"""The days of To-Dos without a model: moved by load, and told of from a template."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from mojodex_tui.backend.domain.clocks import working_days
from mojodex_tui.backend.domain.letters import QUIET, page
from mojodex_tui.backend.domain.todos import (
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.llm.offline.dates import long_date
from mojodex_tui.backend.llm.offline.lexicon import LANGUAGES, Language
from mojodex_tui.backend.llm.offline.text import capitalized

FULL_DAY = 3
"""So many To-Dos fill a day."""
_DAYS_AHEAD = 10


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
