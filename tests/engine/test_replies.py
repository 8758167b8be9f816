"""Signals, structured text and typed values, read as the rules say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.backend.chat.outcomes import Pass, Send, outcome
from mojodex_tui.backend.chat.reading import mapping
from mojodex_tui.backend.chat.signals import signalled
from mojodex_tui.backend.engine.nodes import Call, Reply
from mojodex_tui.backend.engine.replies import sequence

WORDS = st.lists(st.text(st.sampled_from("abcdefgh"), min_size=1), min_size=1).map(" ".join)


@pytest.mark.parametrize(
    ("text", "signal", "rest"),
    [
        ("DONE", "done", ""),
        ("DONE: 42", "done", "42"),
        ("DONE, 42", "done", "42"),
        ("42 DONE", "done", "42"),
        ("42. DONE.", "done", "42."),
        ("I ABANDONED the ship", "", None),
        ("done 42", "", None),
        ("it is DONE now", "", None),
        ("DONE_IT", "", None),
        ("__PASS__", "pass", None),
        ("sorry __PASS__", "pass", None),
        ("DONE __PASS__", "done_pass", None),
        ("__PASS__ DONE", "done_pass", None),
        ("say __PASS__ to it", "", None),
    ],
)
def test_text_signals(text: str, signal: str, rest: str | None) -> None:
    reply = signalled(Reply(text=text))
    assert (reply.signal, reply.result_text, reply.text) == (signal, rest, text)


@pytest.mark.parametrize(
    ("text", "to", "said", "signal"),
    [
        ("__SEND__:Cat, what is 5*5", "Cat", "what is 5*5", ""),
        ("__SEND__:Bob a __SEND__:Cat b", "Cat", "b", ""),
        ("hey __SEND__:task:12 go", "task:12", "go", ""),
        ("__SEND__:Cat", "Cat", "", "pass"),
        ("__PASS__:Bob", "Bob", "__PASS__:Bob", "pass"),
        ("ok __PASS__:Bob.", "Bob", "ok __PASS__:Bob.", "pass"),
    ],
)
def test_addresses(text: str, to: str, said: str, signal: str) -> None:
    reply = signalled(Reply(text=text))
    assert (reply.to, reply.text, reply.signal) == (to, said, signal)


@given(WORDS)
def test_done_is_a_signal_at_either_end_only(words: str) -> None:
    for text in (f"DONE {words}", f"{words} DONE", f"DONE: {words}"):
        assert signalled(Reply(text=text)).result_text == words
    for text in (words, f"{words} DONE {words}", f"{words}DONE", f"DONE{words}"):
        assert signalled(Reply(text=text)) == Reply(text=text)


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    reply = signalled(Reply(text=text))
    assert reply.signal or reply.to or reply.text == text


LOWER = st.text(st.characters(categories=["Ll"]), min_size=1)
VALUES = st.one_of(st.integers(), st.text(), st.none(), st.booleans())


@given(st.dictionaries(LOWER, VALUES, min_size=1))
def test_json_is_read_as_it_is_fenced_or_not(data: dict[str, Any]) -> None:
    text = json.dumps(data)
    assert mapping(text) == data
    assert mapping(f"So:\n```json\n{text}\n```\nand more") == data


def test_yaml_words_stay_text() -> None:
    arguments = "{a: no, at: 12:30, on: 2026-01-02, n: 3}"
    text = f"use tool: yes\ncommand:\n  name: add\n  arguments: {arguments}"
    assert mapping(text)["command"]["arguments"] == {
        "a": "no",
        "at": "12:30",
        "on": "2026-01-02",
        "n": 3,
    }


@pytest.mark.parametrize("text", ["plain words", "- a\n- b", "{", "", "```\nx\n```", "a: [", "{}"])
def test_what_is_no_mapping_is_unreadable(text: str) -> None:
    assert mapping(text) == {}


def test_outcomes_of_calls() -> None:
    call = Call(name="a")
    assert outcome([(call, None)]) is None
    assert outcome([(call, Pass("Bob"))]) == Reply(signal="pass", to="Bob")
    assert outcome([(call, Send("Bob", {"k": 1}))]) == Reply(text='{"k": 1}', to="Bob")


def test_a_pattern_of_unknown_letters_is_refused() -> None:
    parsed = sequence("TOOL[add], a, C[x[0-9]+]")
    assert parsed == [("T", "add"), ("A", ""), ("C", "x[0-9]+")]
    with pytest.raises(ValueError, match="Not a done sequence"):
        sequence("X, T")
