import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.backend.assistants.tags import Changed, TagReader, Written, inner

TAGS = ("user_language", "missing_notes", "ask_user_primary_info", "execution", "title", "draft")
ANY_TAG = re.compile(rf"</?(?:{'|'.join(TAGS)})>")
HEAD = "<user_language>en</user_language>\n<missing_notes>no</missing_notes>\n"


def read(*pieces: str) -> Written | str:
    reader = TagReader()
    for piece in pieces:
        reader.feed(piece)
    return reader.finish()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("I can help with that.", "I can help with that."),
        ("<ask_user_primary_info>Which?</ask_user_primary_info>", "Which?"),
        (HEAD + "<ask_user_primary_info>Which?", "Which?"),
        (HEAD + "<execution><title>T</title>\n<draft>D</draft></execution>", Written("T", "D")),
        ("<execution><draft>D</draft></execution>", Written(None, "D")),
        ("<execution><title></title><draft>D</draft></execution>", Written(None, "D")),
        ("<execution><title>Only a title</title></execution>", "Only a title"),
        (HEAD + "<execution>Bare text.</execution>", "Bare text."),
        ("<execution><title>T</title>Bare.</execution>", "T\n\nBare."),
        ("<execution><title>T</title><draft>Cut in the midd", Written("T", "Cut in the midd")),
        ("<execution><title>T<draft>D</execution>", Written("T", "D")),
        (
            HEAD
            + "<ask_user_primary_info>Right?</ask_user_primary_info>"
            + "<execution><title>T</title><draft>D</draft></execution>",
            Written("T", "D"),
        ),
        ("Sure: <execution><title>T</title><draft>D</draft></execution> Else?", Written("T", "D")),
        ("<title>T</title><draft>D</draft>", Written("T", "D")),
        ("<draft>D</draft><title>T</title>", Written("T", "D")),
        ("<execution><draft>D</draft><title>T</title></execution>", Written("T", "D")),
        ("<user_language>en<execution><title>T</title><draft>D", Written("T", "D")),
        ("<execution></execution><ask_user_primary_info>Q</ask_user_primary_info>", "Q"),
        ("<execution><draft>A</draft><draft>B</draft></execution>", Written(None, "A")),
        ("<execution><title>A\n  B</title><draft>D</draft></execution>", Written("A B", "D")),
        ("<draft>see <soon>, a < b, x</y> and <titles></draft>", None),
        ("<draft>about the <title> tag</draft>", Written(None, "about the  tag")),
        (HEAD + "Hello there", "Hello there"),
        ("<user_language>Hello, what do you need", "Hello, what do you need"),
        ("<think>I use <draft>x</draft></think><draft>D</draft>", Written(None, "D")),
        ("<draft>we <think> so</draft>", Written(None, "we <think> so")),
        ("<think>never ends", ""),
        ("", ""),
        (HEAD, ""),
        ("<execution><title></title><draft></draft></execution>", ""),
        ("<ask_user_primary_info>Q</ask_user_primary_in", "Q"),
        ("1 <", "1 <"),
    ],
)
def test_the_whole_answer_is_read_in_spite_of_its_tags(
    raw: str, expected: Written | str | None
) -> None:
    if expected is None:
        expected = Written(None, raw.removeprefix("<draft>").removesuffix("</draft>"))
    assert read(raw) == expected
    assert read(*raw) == expected


def test_texts_are_told_as_they_grow_and_without_half_a_tag() -> None:
    reader = TagReader()
    pieces = ("<exec", "ution><title>La", "unch</ti", "tle><draft>Hi <so", "on> you", "</dra")
    told = [(reader.title, reader.body) for piece in pieces if reader.feed(piece)]
    assert told == [
        ("La", ""),
        ("Launch", ""),
        ("Launch", "Hi <so"),
        ("Launch", "Hi <soon> you"),
    ]


def test_a_preface_and_a_question_are_one_growing_message() -> None:
    reader = TagReader()
    assert reader.feed("Sure! ") is Changed.MESSAGE
    assert reader.message == "Sure!"
    assert reader.feed("<ask_user_primary_info>Which") is Changed.MESSAGE
    assert reader.message == "Sure!\n\nWhich"
    assert reader.finish() == "Which"


def test_inner_is_the_first_tags_text() -> None:
    assert inner("a<x> b </x><x>c</x>", "x") == "b"
    assert inner("a<x> b ", "x") == "b"
    assert inner("a b", "x") == ""
    assert inner("<X>b</X>", "x") == ""


tokens = st.one_of(
    st.sampled_from([f"<{mark}{tag}>" for tag in (*TAGS, "think", "soon") for mark in ("", "/")]),
    st.text(alphabet="ab <>/\n", max_size=6),
)


@given(st.lists(tokens, max_size=14).map("".join), st.data())
def test_any_cutting_reads_the_same_and_shows_no_tag(raw: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(raw)), max_size=8).map(sorted))
    ends = [0, *cuts, len(raw)]
    reader = TagReader()
    shown = [("", "", "")]
    for start, end in pairwise(ends):
        reader.feed(raw[start:end])
        shown.append((reader.message, reader.title, reader.body))
    final = reader.finish()
    assert final == read(raw)
    for before, after in pairwise(shown):
        assert all(new.startswith(old) for old, new in zip(before, after, strict=True))
    texts = [
        *shown[-1],
        *((final.title or "", final.body) if isinstance(final, Written) else (final,)),
    ]
    for text in texts:
        assert not ANY_TAG.search(text)
        assert text == text.strip()
    if isinstance(final, Written):
        assert final.body.startswith(shown[-1][2])


@given(st.text(alphabet="abc <>é\n"))
def test_without_tags_all_is_the_message(raw: str) -> None:
    # An end that may be half a tag is dropped; here the end is none.
    assert read(*raw, ".") == f"{raw}.".lstrip()


def cost_per_token(count: int) -> float:
    reader = TagReader()
    start = time.process_time()
    reader.feed("<execution><draft>")
    for _ in range(count):
        reader.feed(" word")
    assert len(reader.body) == count * 5 - 1
    return (time.process_time() - start) / count


def test_fifty_thousand_tokens_cost_ten_times_five_thousand() -> None:
    small = min(cost_per_token(5_000) for _ in range(3))
    large = min(cost_per_token(50_000) for _ in range(3))
    assert large < 3 * small
