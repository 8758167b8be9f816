from datetime import date

import pytest

from mojodex_tui.backend.llm.offline.dates import exact_date, find_dates, with_dates
from mojodex_tui.backend.llm.offline.lexicon import Language

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "by Friday", "2026-11-27"),
        ("en", "next Monday", "2026-11-23"),
        ("en", "last Tuesday", "2026-11-17"),
        ("en", "tomorrow morning", "2026-11-22"),
        ("en", "the day after tomorrow", "2026-11-23"),
        ("en", "on 4 December", "2026-12-04"),
        ("en", "December 4th, 2027", "2027-12-04"),
        ("en", "Friday, Dec. 4", "2026-12-04"),
        ("en", "by January 15", "2027-01-15"),
        ("en", "2026-12-24", "2026-12-24"),
        ("en", "25/12/2026", "2026-12-25"),
        ("en", "12/25/2026", "2026-12-25"),
        ("en", "in two weeks", "2026-12-05"),
        ("en", "within 10 days", "2026-12-01"),
        ("en", "by end of month", "2026-11-30"),
        ("en", "end of the week", "2026-11-27"),
        ("en", "in a month", "2026-12-21"),
        ("fr", "avant le 5 décembre", "2026-12-05"),
        ("fr", "lundi prochain", "2026-11-23"),
        ("fr", "mardi dernier", "2026-11-17"),
        ("fr", "après-demain", "2026-11-23"),
        ("fr", "le 1er janvier", "2027-01-01"),
        ("fr", "le 4/12", "2026-12-04"),
        ("fr", "dans trois jours", "2026-11-24"),
        ("fr", "d'ici la fin du mois", "2026-11-30"),
        ("fr", "vendredi 4 décembre 2026", "2026-12-04"),
        ("es", "antes del 5 de diciembre de 2026", "2026-12-05"),
        ("es", "el lunes que viene", "2026-11-23"),
        ("es", "mañana", "2026-11-22"),
        ("es", "pasado mañana", "2026-11-23"),
        ("es", "dentro de dos semanas", "2026-12-05"),
        ("es", "a fin de mes", "2026-11-30"),
        ("es", "el miercoles", "2026-11-25"),
        ("es", "04/12/2026", "2026-12-04"),
    ],
)
def test_a_date_is_resolved(language: Language, text: str, day: str) -> None:
    assert [one.day.isoformat() for one in find_dates(text, SATURDAY, language)] == [day]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We may march on"),
        ("en", "every Friday"),
        ("en", "4/12/2026"),
        ("en", "in May"),
        ("en", "10 percent, 3 people, version 2.4"),
        ("en", "31 February"),
        ("fr", "mon plan, tous les vendredis"),
        ("fr", "24/7"),
        ("es", "por la mañana"),
        ("es", "esta mañana"),
    ],
)
def test_what_is_no_day_is_left_alone(language: Language, text: str) -> None:
    assert find_dates(text, SATURDAY, language) == ()


def test_a_bare_weekday_can_lie_in_the_past() -> None:
    (found,) = find_dates("Budget review, Tuesday", SATURDAY, "en", past=True)
    assert found.day == date(2026, 11, 17)


def test_next_week_means_the_whole_week() -> None:
    (found,) = find_dates("next week", SATURDAY, "en")
    assert (found.day, found.whole_week) == (date(2026, 11, 23), True)


def test_the_day_stands_behind_the_users_words() -> None:
    said = "I call them tomorrow, on Friday and on 4 December."
    assert with_dates(said, SATURDAY, "en") == (
        "I call them tomorrow (Sunday 22 November), on Friday (27 November) and on 4 December."
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Tuesday 1 December (2026-12-01)"),
        ("fr", "mardi 1er décembre (2026-12-01)"),
        ("es", "martes 1 de diciembre (2026-12-01)"),
    ],
)
def test_an_exact_date_has_weekday_and_iso(language: Language, written: str) -> None:
    assert exact_date(date(2026, 12, 1), language) == written
