"""Dates as people write them, resolved to days.

A closed grammar on purpose: a parser that guesses makes days out of "we", "may" and "mon". What it
does not know stays the user's own words.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mojodex_tui.backend.llm.offline.lexicon import Language
from mojodex_tui.backend.llm.offline.text import folded

_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
NUMBER_WORDS = {
    word: number
    for number, row in enumerate(
        (
            "a an one un une una", "two deux dos", "three trois tres", "four quatre cuatro",
            "five cinq cinco", "six seis", "seven sept siete", "eight huit ocho",
            "nine neuf nueve", "ten dix diez",
        ),
        start=1,
    )
    for word in row.split()
}  # fmt: skip

_WEEKDAY_OF = {folded(name): n for names in _WEEKDAYS.values() for n, name in enumerate(names)}
_MONTH_OF = {folded(name): n for names in _MONTHS.values() for n, name in enumerate(names, 1)} | {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip


@dataclass(frozen=True)
class FoundDate:
    """A date in a text: where it stands, and which day it is."""

    start: int
    end: int
    """With the words before it that belong to it, such as "by" or "avant le"."""
    day: date
    whole_week: bool = False
    """It means the week that begins on the day."""
    explicit: bool = False
    """The text itself names day and month."""
    weekday: bool = False
    """A bare name of a day."""


_Resolved = tuple[date, bool, bool] | None
_Resolver = Callable[[re.Match[str], date, bool], _Resolved]


def _names(table: Mapping[Language, tuple[str, ...]]) -> str:
    both = {name for names in table.values() for name in names}
    both |= {_without_accents(name) for name in both}
    return "|".join(sorted(both, key=lambda name: (-len(name), name)))


def _without_accents(name: str) -> str:
    return folded(name) if name.islower() else name


_WEEKDAY = rf"(?P<weekday>{_names(_WEEKDAYS)})"
_MONTH = rf"(?P<month>{_names(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|ero)?"
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>20\d\d))?"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBER_WORDS)})"
_BEFORE = (
    r"(?:(?:no\s+later\s+than|by|before|until|till|due|on|from|starting|at\s+the\s+latest"
    r"|d['’]ici(?:\s+(?:à|au|le))?|avant(?:\s+(?:le|la))?|au\s+plus\s+tard(?:\s+le)?|pour(?:\s+le)?"
    r"|jusqu['’](?:à|au)|dès|à\s+partir\s+d[eu]|antes\s+del?|a\s+más\s+tardar|para"
    r"|hasta|a\s+partir\s+del?)\s+)?(?:(?:the|this|coming|le|la|ce|el|este|al)\s+)?"
)
_NOT_RECURRING = r"(?<!every )(?<!each )(?<!chaque )(?<!tous les )(?<!cada )(?<!todos los )"


def _in_year(day: int, month: int, year: str | None, today: date) -> date | None:
    chosen = int(year) if year else today.year
    try:
        found = date(chosen, month, day)
        if year is None and (today - found).days > 60:
            found = date(chosen + 1, month, day)
    except ValueError:
        return None
    return found


def _iso(match: re.Match[str], _today: date, _past: bool) -> _Resolved:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"])), False, True
    except ValueError:
        return None


def _slashes(match: re.Match[str], today: date, _past: bool) -> _Resolved:
    first, second = int(match["d"]), int(match["m"])
    english = match.re.pattern == _SLASHES_EN
    if english and first <= 12 and second <= 12 and first != second:
        return None  # 4/12 is April to one reader and December to another
    day, month = (second, first) if second > 12 else (first, second)
    found = _in_year(day, month, match["year"], today)
    return None if found is None else (found, False, True)


def _named_month(match: re.Match[str], today: date, _past: bool) -> _Resolved:
    month = _MONTH_OF.get(folded(match["month"]).rstrip("."))
    found = None if month is None else _in_year(int(match["day"]), month, match["year"], today)
    return None if found is None else (found, False, True)


def _weekday(match: re.Match[str], today: date, past: bool) -> _Resolved:
    wanted = _WEEKDAY_OF[folded(match["weekday"])]
    ahead = (wanted - today.weekday()) % 7 or 7
    if match["last"] or match["last_after"] or (past and not match["next"]):
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7), False, False
    if match["next"]:
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=wanted), False, False
    return today + timedelta(days=ahead), False, False


_RELATIVE = {
    "today": 0, "tonight": 0, "this evening": 0, "this afternoon": 0, "tomorrow": 1,
    "day after tomorrow": 2, "yesterday": -1,
    "aujourd'hui": 0, "ce soir": 0, "demain": 1, "apres-demain": 2, "hier": -1, "avant-hier": -2,
    "hoy": 0, "esta tarde": 0, "esta noche": 0, "manana": 1, "pasado manana": 2, "ayer": -1,
    "anteayer": -2,
}  # fmt: skip


def _relative(match: re.Match[str], today: date, _past: bool) -> _Resolved:
    word = re.sub(r"\s+", " ", folded(match["word"]).replace("’", "'"))
    return today + timedelta(days=_RELATIVE[word]), False, False


def _in_some_time(match: re.Match[str], today: date, _past: bool) -> _Resolved:
    count = match["count"].lower()
    number = int(count) if count.isdigit() else NUMBER_WORDS[count]
    unit = folded(match["unit"])
    if unit.startswith(("day", "jour", "dia")):
        return today + timedelta(days=number), False, False
    if unit.startswith(("week", "sem")):
        return today + timedelta(weeks=number), False, False
    months = today.month - 1 + number
    year, month = today.year + months // 12, months % 12 + 1
    day = min(today.day, calendar.monthrange(year, month)[1])
    return date(year, month, day), False, False


def _end_of(match: re.Match[str], today: date, _past: bool) -> _Resolved:
    what = folded(match["what"]).strip()
    if what in _MONTH_OF:
        month = _MONTH_OF[what]
        year = today.year + (month < today.month)
        return date(year, month, calendar.monthrange(year, month)[1]), False, False
    if what.endswith(("week", "semaine", "semana")):
        friday = today + timedelta(days=4 - today.weekday())
        return (friday if friday >= today else friday + timedelta(days=7)), False, False
    if what.endswith(("month", "mois", "mes")):
        last = calendar.monthrange(today.year, today.month)[1]
        return today.replace(day=last), False, False
    return date(today.year, 12, 31), False, False


def _next_week(_match: re.Match[str], today: date, _past: bool) -> _Resolved:
    return today + timedelta(days=7 - today.weekday()), True, False


_SLASHES = rf"\b{_BEFORE}(?<![\d/.])(?P<d>[0-3]?\d)[/.](?P<m>[01]?\d)[/.](?P<year>20\d\d)\b"
_SLASHES_EN = rf"\b{_BEFORE}(?<![\d/.])(?P<d>[0-3]?\d)/(?P<m>[0-3]?\d)/(?P<year>20\d\d)\b"
_SLASHES_SHORT = (
    r"\b(?:avant\s+le|pour\s+le|le|du|au|antes\s+del|para\s+el|el|del|al)\s+"
    r"(?P<d>[0-3]?\d)/(?P<m>[01]?\d)(?P<year>)\b(?!/)"
)
_COMMON: tuple[tuple[str, _Resolver], ...] = (
    (rf"\b{_BEFORE}(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)\b", _iso),
    (
        (
            rf"\b{_BEFORE}(?:(?:{_names(_WEEKDAYS)}),?\s+(?:the\s+)?)?{_DAY}\s+(?:of\s+|de\s+)?{_MONTH}"
            rf"{_YEAR}(?!\w)"
        ),
        _named_month,
    ),
    (
        rf"\b{_BEFORE}(?:(?:{_names(_WEEKDAYS)}),?\s+)?{_MONTH}\s+(?:the\s+)?{_DAY}\b(?!\s*%){_YEAR}",
        _named_month,
    ),
    (
        (
            rf"\b{_NOT_RECURRING}{_BEFORE}(?:(?P<next>next|pr[oó]ximo)\s+|(?P<last>last|pasado)\s+)?"
            rf"{_WEEKDAY}\b(?P<last_after>\s+(?:dernier|pasado)\b)?"
            r"(?:\s+(?:prochain|pr[oó]ximo|que\s+viene)\b)?"
        ),
        _weekday,
    ),
    (
        (
            rf"\b{_BEFORE}(?P<word>day\s+after\s+tomorrow|tomorrow|today|tonight|yesterday"
            r"|this\s+(?:evening|afternoon)|apr[eè]s-demain|demain|aujourd['’]hui|ce\s+soir|avant-hier"
            r"|hier|pasado\s+ma[ñn]ana|(?<!la )(?<!esta )ma[ñn]ana|hoy|anteayer|ayer"
            r"|esta\s+(?:tarde|noche))\b"
        ),
        _relative,
    ),
    (
        (
            rf"\b(?:in|within|dans|sous|d['’]ici|en|dentro\s+de)\s+{_COUNT}\s+"
            r"(?P<unit>days?|weeks?|months?|jours?|semaines?|mois|d[ií]as?|semanas?|mes(?:es)?)\b"
        ),
        _in_some_time,
    ),
    (
        (
            rf"\b{_BEFORE}(?:end\s+of|fin(?:al(?:es)?)?(?:\s+d[eu])?)\s+"
            rf"(?P<what>(?:the\s+|this\s+|la\s+|cette\s+|l['’]|este\s+|esta\s+)?"
            r"(?:week|month|year|semaine|mois|ann[ée]e|semana|mes|a[ñn]o)"
            rf"|{_names(_MONTHS)})\b"
        ),
        _end_of,
    ),
    (
        (
            rf"\b{_BEFORE}(?:next\s+week|semaine\s+prochaine|(?:pr[oó]xima\s+semana"
            rf"|semana\s+que\s+viene))\b"
        ),
        _next_week,
    ),
)


def _compiled(own: tuple[tuple[str, _Resolver], ...]) -> list[tuple[re.Pattern[str], _Resolver]]:
    return [(re.compile(pattern, re.IGNORECASE), resolve) for pattern, resolve in _COMMON + own]


_PATTERNS: Mapping[bool, list[tuple[re.Pattern[str], _Resolver]]] = {
    True: _compiled(((_SLASHES_EN, _slashes),)),
    False: _compiled(((_SLASHES, _slashes), (_SLASHES_SHORT, _slashes))),
}


def find_dates(
    text: str, today: date, language: Language, *, past: bool = False
) -> tuple[FoundDate, ...]:
    """Return the dates of `text`, in order.

    Args:
        text: what to read.
        today: the user's day, from which "Friday" and "tomorrow" are counted.
        language: decides how 4/12/2026 is read; in English it is left alone when it is ambiguous.
        past: a bare weekday means the last one, as in the heading of notes.
    """
    found: list[FoundDate] = []
    for pattern, resolve in _PATTERNS[language == "en"]:
        for match in pattern.finditer(text):
            try:
                resolved = resolve(match, today, past)
            except OverflowError:
                continue  # a day beyond the calendar
            if resolved is not None:
                bare = resolve is _weekday and not match["next"]
                found.append(FoundDate(match.start(), match.end(), *resolved, weekday=bare))
    found.sort(key=lambda one: (one.start, one.start - one.end))
    apart: list[FoundDate] = []
    for one in found:
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return tuple(apart)


def weekday_name(day: date, language: Language) -> str:
    """Return the name of the day in `language`."""
    return _WEEKDAYS[language][day.weekday()]


def day_and_month(day: date, language: Language) -> str:
    """Return such as "27 November", "1er décembre", "27 de noviembre"."""
    month = _MONTHS[language][day.month - 1]
    if language == "es":
        return f"{day.day} de {month}"
    return f"{'1er' if language == 'fr' and day.day == 1 else day.day} {month}"


def long_date(day: date, language: Language) -> str:
    """Return such as "Friday 27 November"."""
    return f"{weekday_name(day, language)} {day_and_month(day, language)}"


def exact_date(day: date, language: Language) -> str:
    """Return such as "Friday 27 November (2026-11-27)"."""
    return f"{long_date(day, language)} ({day.isoformat()})"


def with_dates(text: str, today: date, language: Language, *, weekdays: bool = True) -> str:
    """Return `text` with the day behind each date that does not say it, in the user's wording."""
    written = text
    for one in reversed(find_dates(text, today, language)):
        if one.explicit or one.whole_week or (one.weekday and not weekdays):
            continue
        words = text[one.start : one.end]
        named = folded(weekday_name(one.day, language)) in folded(words)
        shown = day_and_month(one.day, language) if named else long_date(one.day, language)
        written = f"{written[: one.end]} ({shown}){written[one.end :]}"
    return written
