import pytest

from mojodex_tui.state.catalog import CatalogState, Match, TaskEntry, entry_of, match
from tests.fakes import offered


def task(pk: int, name: str, description: str = "", **more: object) -> TaskEntry:
    entry = entry_of(offered(pk, name, description))
    return TaskEntry(
        task_pk=pk,
        name=name,
        description=description,
        user_task_pk=None if more.get("enabled") is False else entry.user_task_pk,
        enabled=more.get("enabled") is not False,
        is_workflow=bool(more.get("is_workflow")),
        group=str(more.get("group", "")),
        gives=str(more.get("gives", "")),
    )


RECAP = task(1, "Meeting Recap", "summary of a meeting", group="meetings")
EMAIL = task(2, "Follow-up Email", "a mail to send after a meeting", gives="mail")
PITCH = task(3, "Éclair pitch", "say it fast", gives="mail")
FLOW = task(4, "Article by sections", is_workflow=True)
LOCKED = task(5, "Contract review", enabled=False)
ALL = (RECAP, EMAIL, PITCH, FLOW, LOCKED)


def shown(state: CatalogState) -> list[tuple[str, list[str]]]:
    return [(group.heading, [each.name for each in group.tasks]) for group in state.groups()]


def test_every_task_stands_once_and_empty_groups_are_hidden() -> None:
    assert shown(CatalogState(ALL, pins=(2,), recent=(2, 3))) == [
        ("Pinned", ["Follow-up Email"]),
        ("Recent", ["Éclair pitch"]),
        ("Meetings", ["Meeting Recap"]),
        ("Workflows", ["Article by sections"]),
        ("Not in your plan", ["Contract review"]),
    ]


def test_a_group_falls_back_to_what_the_task_gives() -> None:
    assert ("Mail", ["Follow-up Email", "Éclair pitch"]) in shown(CatalogState(ALL))


def test_pins_keep_the_order_of_pinning() -> None:
    assert shown(CatalogState(ALL, pins=(3, 1)))[0] == ("Pinned", ["Éclair pitch", "Meeting Recap"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("meet", Match.WORD_START),
        ("rec", Match.WORD_START),
        ("mtrcp", Match.LETTERS_IN_ORDER),
        ("summary", Match.DESCRIPTION),
        ("meet summary", Match.DESCRIPTION),
        ("xyz", Match.NONE),
        ("meet xyz", Match.NONE),
    ],
)
def test_a_task_is_as_good_as_its_worst_word(query: str, expected: Match) -> None:
    assert match(RECAP, query) is expected


def test_accents_and_case_do_not_matter() -> None:
    assert match(PITCH, "ECLAIR") is Match.WORD_START


def test_names_come_before_descriptions_and_pins_first_among_equals() -> None:
    assert shown(CatalogState(ALL, query="meet")) == [
        ("Found", ["Meeting Recap", "Follow-up Email"])
    ]
    both = (task(1, "Note one"), task(2, "Note two"), task(3, "Note three"))
    state = CatalogState(both, query="note", pins=(3,), recent=(2,))
    assert shown(state) == [("Found", ["Note three", "Note two", "Note one"])]


def test_the_count_says_how_many_are_found() -> None:
    assert CatalogState(ALL).count == "5 tasks"
    assert CatalogState(ALL, query="meet").count == "2 of 5 tasks"
