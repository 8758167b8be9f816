"""How well the offline extractor finds the To-Dos of notes.

`tuned` are notes it was tuned on; `fresh` are notes written after that, on which nothing was tuned.
"""

import argparse
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from mojodex_tui.backend.domain.briefs import InputValue, TaskBrief
from mojodex_tui.backend.domain.todos import ExtractionBrief, FoundTodo
from mojodex_tui.backend.llm.offline.text import folded
from mojodex_tui.backend.llm.offline.todos import extract

CORPUS = Path(__file__).parent.parent / "todos" / "corpus"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
USER = "Sam Reed"
_TASK = TaskBrief("meeting_recap", "Meeting recap", "", "", "document", "", "")


@dataclass(frozen=True)
class Expected:
    """A To-Do a reader would find."""

    words: tuple[str, ...]
    due: date | None

    def is_met_by(self, found: FoundTodo) -> bool:
        text = folded(found.description)
        return all(folded(word) in text for word in self.words) and (
            self.due is None or found.due == self.due
        )


@dataclass(frozen=True)
class Note:
    """A note, and what is in it."""

    language: str
    text: str
    todos: tuple[Expected, ...]

    def found(self) -> tuple[FoundTodo, ...]:
        return extract(
            ExtractionBrief(
                task=_TASK,
                language=self.language,
                user_name=USER,
                now=NOW,
                inputs=(InputValue("notes", "Notes", "", self.text),),
            )
        )


@dataclass(frozen=True)
class Score:
    """How many were found, were there, and were both."""

    found: int
    there: int
    right: int

    def numbers(self) -> dict[str, float | int]:
        return {
            "precision": round(self.right / self.found, 3) if self.found else 1.0,
            "recall": round(self.right / self.there, 3) if self.there else 1.0,
            "found": self.found,
            "expected": self.there,
        }


def notes(half: str) -> list[Note]:
    """Return one half of the corpus."""
    rows = yaml.safe_load((CORPUS / f"{half}.yaml").read_text("utf-8"))
    return [
        Note(
            row["lang"],
            row["text"],
            tuple(
                Expected(tuple(map(str, each["words"])), each.get("due")) for each in row["todos"]
            ),
        )
        for row in rows
    ]


def score(corpus: list[Note], *, show: bool = False) -> Score:
    """Compare what is found with what is there; each expected To-Do counts once."""
    found = there = right = 0
    for note in corpus:
        got = list(note.found())
        found += len(got)
        there += len(note.todos)
        missing = []
        for expected in note.todos:
            met = next((one for one in got if expected.is_met_by(one)), None)
            if met is None:
                missing.append(expected)
            else:
                got.remove(met)
                right += 1
        if show and (missing or got):
            print(f"[{note.language}] {note.text.strip()}")
            for each in missing:
                print(f"   missing {each.words} {each.due}")
            for one in got:
                print(f"   wrong   {one.description!r} {one.due}")
    return Score(found, there, right)


def main(argv: list[str]) -> dict[str, object]:
    """Measure both halves."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench todos", description=__doc__)
    parser.add_argument("--show", action="store_true", help="print what was missed or is wrong")
    options = parser.parse_args(argv)
    numbers: dict[str, object] = {}
    for half in ("tuned", "fresh"):
        corpus = notes(half)
        measured = score(corpus, show=options.show)
        numbers[half] = {"notes": len(corpus), **measured.numbers()}
        for key in ("precision", "recall"):
            numbers[f"{half}_{key}"] = measured.numbers()[key]
    return numbers
