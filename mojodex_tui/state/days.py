"""Days as people type and read them, in English, French and Spanish."""

import re
from calendar import monthrange
from datetime import date, timedelta

from mojodex_tui.state.search import plain

_SHORT = {"t": 0, "T": 1}
_NEAR = {
    **dict.fromkeys(("today", "aujourd'hui", "hoy"), 0),
    **dict.fromkeys(("tomorrow", "demain", "manana"), 1),
    **dict.fromkeys(("apres-demain", "apres demain", "pasado manana"), 2),
}
_WEEKDAYS = (
    ("monday", "lundi", "lunes"),
    ("tuesday", "mardi", "martes"),
    ("wednesday", "mercredi", "miercoles"),
    ("thursday", "jeudi", "jueves"),
    ("friday", "vendredi", "viernes"),
    ("saturday", "samedi", "sabado"),
    ("sunday", "dimanche", "domingo"),
)
_MONTHS = (
    ("january", "janvier", "enero"),
    ("february", "fevrier", "febrero"),
    ("march", "mars", "marzo"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juin", "junio"),
    ("july", "juillet", "julio"),
    ("august", "aout", "agosto"),
    ("september", "septembre", "septiembre"),
    ("october", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("december", "decembre", "diciembre"),
)
_DAYS = r"d|days?|jours?|dias?"
_WEEKS = r"w|weeks?|semaines?|semanas?"
_MONTH = r"months?|mois|mes|meses"
_IN = re.compile(rf"(?:in |dans |en |\+)?(\d{{1,3}}) ?(?:({_DAYS})|({_WEEKS})|({_MONTH}))")
_NEXT_WEEK = re.compile(r"w|(?:in )?a week|next week|semaine prochaine|la semana que viene")
_NEXT_MONTH = re.compile(r"next month|le mois prochain|el mes que viene")
_LEADING = re.compile(r"^(?:next|on|le|el)\s+|\s+(?:prochain|proximo)$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?(?: de)? ([a-z]{3,})\.?(?: (?:de )?(\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")


def day_of(words: str, today: date) -> date | None:
    """Return the day that words mean, from today on; `None` if they mean none.

    `t`, `T`, `m` and `w` are today, tomorrow, next Monday and in a week. A day given by figures
    alone, as in 4/5, is not taken: it is another day elsewhere.

    Args:
        words: What was typed.
        today: The day they were typed on.
    """
    typed = words.strip()
    if typed in _SHORT:
        return today + timedelta(days=_SHORT[typed])
    said = " ".join(plain(typed).replace("\u2019", "'").split())
    if said in _NEAR:
        return today + timedelta(days=_NEAR[said])
    found = _counted(said, today) or _weekday(said, today) or _dated(said, today)
    return found if found is not None and found >= today else None


def _counted(said: str, today: date) -> date | None:
    if _NEXT_WEEK.fullmatch(said):
        return today + timedelta(weeks=1)
    if _NEXT_MONTH.fullmatch(said):
        return _months_on(today, 1)
    match = _IN.fullmatch(said)
    if match is None:
        return None
    number = int(match[1])
    if match[4]:
        return _months_on(today, number)
    return today + timedelta(days=number * (7 if match[3] else 1))


def _months_on(today: date, number: int) -> date:
    years, month = divmod(today.month - 1 + number, 12)
    year, month = today.year + years, month + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _weekday(said: str, today: date) -> date | None:
    name = "monday" if said == "m" else _LEADING.sub("", said)
    number = _place(name, _WEEKDAYS)
    if number is None:
        return None
    return today + timedelta(days=(number - 1 - today.weekday()) % 7 + 1)


def _dated(said: str, today: date) -> date | None:
    said = _LEADING.sub("", said)
    if iso := _ISO.fullmatch(said):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if match := _DAY_FIRST.fullmatch(said):
        day, name, year = match[1], match[2], match[3]
    elif match := _MONTH_FIRST.fullmatch(said):
        name, day, year = match[1], match[2], match[3]
    else:
        return None
    month = _place(name, _MONTHS)
    if month is None:
        return None
    found = _date(int(year) if year else today.year, month + 1, int(day))
    if found is not None and found < today and not year:
        return _date(today.year + 1, month + 1, int(day))
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # there is no such day
        return None


def _place(name: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    """Return which of the names `name` begins, with at least three letters, if it is only one."""
    places = {at for at, each in enumerate(names) if any(_begins(name, full) for full in each)}
    exact = {at for at, each in enumerate(names) if name in each}
    found = exact or places
    return found.pop() if len(found) == 1 else None


def _begins(name: str, full: str) -> bool:
    return len(name) >= 3 and full.startswith(name)


def told_day(day: date, today: date) -> str:
    """Return a day in words, seen from today."""
    match (day - today).days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")
