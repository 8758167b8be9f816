"""A long text in chapters."""

from mojodex_tui.backend.llm.offline import chapters

TALK = """\
Host: Welcome. How did it start?

Ana: It did not start well. The city refused our first plan in 2016. We wrote again.

Host: And what do you do about water?

Ana: We collect rain. A pipe leads from the school roof to four tanks. It cost 7,600 euros.
"""


def test_an_answer_follows_its_question_and_speakers_are_marked() -> None:
    first, second = chapters.cut(TALK, 2)
    assert chapters.as_markdown(first) == [
        "**Host:** Welcome. How did it start?",
        "",
        "**Ana:** It did not start well. The city refused our first plan in 2016. We wrote again.",
    ]
    assert chapters.as_markdown(second)[0] == "**Host:** And what do you do about water?"


def test_a_title_stands_without_what_was_said_before() -> None:
    titles = [chapters.title(part, "en") for part in chapters.cut(TALK, 2)]
    assert titles == [
        "The city refused our first plan in 2016",
        "A pipe leads from the school roof",
    ]


def test_nothing_of_a_text_is_lost_however_it_is_cut() -> None:
    said = [one for each in chapters.paragraphs(TALK) for one in each.said]
    for count in range(1, 20):
        parts = chapters.cut(TALK, count)
        assert all(parts)
        assert [one for part in parts for each in part for one in each.said] == said


def test_a_list_stays_a_list() -> None:
    (part,) = chapters.cut("Before:\n- one thing\n- another\n\nAfter that it ends.", 1)
    assert chapters.as_markdown(part) == [
        "Before:",
        "",
        "- One thing.",
        "- Another.",
        "",
        "After that it ends.",
    ]
