"""Failures as replies, and patterns of replies (task engine §1.7, §3.8)."""

import re
from collections.abc import Sequence

from pydantic import ValidationError

from .nodes import Node, Reply

QUIT_WORDS = frozenset({"q", "x", "quit", "exit", "bye", "DONE"})
_EVENT = re.compile(r"(\w+)(?:\[((?:[^\[\]]|\[[^\]]*\])*)\])?")
_LETTERS = {"TOOL": "T", "AGENT": "A", "LLM": "L", "USER": "U", "NO_RESPONSE": "N"}


class Refused(Exception):
    """What cannot be taken as it is (T5, T9, T22); the text is for the LLM."""


def failure(error: Exception, **fields: object) -> Reply:
    """Return the reply an exception becomes: its class and a short text (task engine §3.8)."""
    text, kind = str(error), type(error).__name__
    if isinstance(error, ValidationError):
        wrong = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        text = f"Wrong {error.title}: {'; '.join(wrong)}."
    text = " ".join(text.split())[:500] or kind
    return Reply.model_validate({"text": text, "error": {"kind": kind, "text": text}} | fields)


def sequence(text: str) -> list[tuple[str, str]]:
    """Read a done sequence such as `T[add], A, C[bye|ciao]` (task engine §1.7)."""
    found = _EVENT.findall(text)
    events = [(_LETTERS.get(word.upper(), word.upper()), argument) for word, argument in found]
    if not events or any(letter not in {*_LETTERS.values(), "C"} for letter, _ in events):
        raise ValueError(f"Not a done sequence: {text!r}. Use T, T[tool], A, L, U, N or C[regex].")
    return events


def ends_with(history: Sequence[Node], events: Sequence[tuple[str, str]]) -> bool:
    """Match the newest nodes, without gaps; each counts by its own sender and kind."""

    def fits(node: Node, letter: str, wanted: str) -> bool:
        called = [call.name for call in node.calls]
        return {
            "T": bool(called) and (not wanted or called == [wanted]),
            "A": node.sender == "agent",
            "L": node.sender == "llm" and not called,
            "U": node.role == "U",
            "N": not node.text.strip(),
            "C": letter == "C" and re.search(wanted, node.text, re.IGNORECASE) is not None,
        }[letter]

    tail = history[-len(events) :]
    return len(tail) == len(events) and all(fits(n, *e) for n, e in zip(tail, events, strict=True))
