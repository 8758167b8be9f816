from datetime import date
from pathlib import Path

import pytest

from mojodex_tui.backend.llm.offline.actions import read_facts
from mojodex_tui.backend.llm.offline.lexicon import Language

SATURDAY = date(2026, 11, 21)
NOTES = Path(__file__).parents[1] / "fixtures" / "meeting_notes.txt"


def test_the_notes_of_the_readme_are_read_in_full() -> None:
    facts = read_facts(NOTES.read_text("utf-8"), SATURDAY, "en", "Demo")
    assert facts.people == ("Ana", "Luc", "Priya", "Demo")
    assert facts.decisions == ("We agreed to cut the travel budget by 10% from January.",)
    assert [(one.owner, one.due and one.due.isoformat()) for one in facts.actions] == [
        ("Their legal team", "2026-12-12"),
        ("Luc", "2026-11-27"),
        ("Ana", "2026-12-04"),
        ("Demo", "2026-11-26"),
        (None, None),
        ("Priya", "2026-11-30"),
    ]
    assert facts.questions == (
        "Who informs the Lyon team?",
        "Not decided yet: do we keep the second supplier?",
    )
    assert facts.amounts == ("18%", "€4,200", "10%")


def test_who_speaks_in_a_transcript_owns_what_is_promised() -> None:
    text = "Ana: I'll write to the lawyer tomorrow.\nPaul: I order the desks by Friday."
    facts = read_facts(text, SATURDAY, "en", "Demo")
    assert [(one.owner, one.what) for one in facts.actions] == [
        ("Ana", "write to the lawyer"),
        ("Paul", "order the desks"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "owner", "what"),
    [
        ("en", "Next steps:\n- Paul: the desks", "Paul", "the desks"),
        ("en", "TODO: book the room", None, "book the room"),
        ("en", "- send the invoice", None, "send the invoice"),
        ("fr", "À faire :\n- Paul : les tables", "Paul", "les tables"),
        ("fr", "Zoé s'occupe du traiteur", "Zoé", "s'occupe du traiteur"),
        ("es", "Próximos pasos:\n- Pablo: las mesas", "Pablo", "las mesas"),
        ("es", "Tengo que llamar al banco", "Demo", "llamar al banco"),
    ],
)
def test_ways_to_write_a_next_step(
    language: Language, text: str, owner: str | None, what: str
) -> None:
    (action,) = read_facts(text, SATURDAY, language, "Demo").actions
    assert (action.owner, action.what) == (owner, what)


@pytest.mark.parametrize(
    "text",
    [
        "Ana sent the quote last Friday.",
        "The offer is good.",
        "The weather was fine on Tuesday.",
        "Paris and London were compared.",
    ],
)
def test_what_is_no_next_step_stays_a_remark(text: str) -> None:
    facts = read_facts(text, SATURDAY, "en", "Demo")
    assert facts.actions == ()
    assert facts.remarks == (text,)


@pytest.mark.parametrize(
    "text", ["We meet on Monday with Excel.", "January was cold. The ACME offer."]
)
def test_days_months_and_companies_are_no_people(text: str) -> None:
    people = read_facts(text, SATURDAY, "en", "Demo").people
    assert not {"Monday", "January", "ACME"} & set(people)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana and Luc met on Tuesday. Luc sends the quote on Friday.", ("Ana", "Luc")),
        ("Friday and Luc agree. Luc sends the quote.", ("Luc",)),
        ("ACME and Luc met. Luc sends the quote.", ("Luc",)),
        ("Products and Prices were shown. Luc sends the quote.", ("Luc",)),
    ],
)
def test_who_met_somebody_that_does_something_was_there_too(
    text: str, expected: tuple[str, ...]
) -> None:
    assert read_facts(text, SATURDAY, "en", "Demo").people == expected
