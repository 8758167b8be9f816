import pytest
from pydantic import JsonValue

from mojodex_tui.state.catalog import CatalogState, TaskEntry
from mojodex_tui.state.glance import glance_of, seen_at_a_glance

RECAP = TaskEntry(1, "Recap", "of a meeting", icon="📝", user_task_pk=101, group="meetings")
FLOW = TaskEntry(2, "Article", steps=("outline", "text"), is_workflow=True, enabled=False)


def test_what_was_kept_is_shown_again_without_what_was_searched() -> None:
    catalog = CatalogState((RECAP, FLOW), pins=(1,), recent=(2, 1), query="rec", is_loading=False)
    kept = seen_at_a_glance(glance_of(catalog))
    assert kept == CatalogState((RECAP, FLOW), pins=(1,), recent=(2, 1), is_loading=False)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {"tasks": []},
        {"tasks": [3], "pins": [], "recent": []},
        {"tasks": [{"steps": [], "colour": "red"}], "pins": [], "recent": []},
    ],
)
def test_what_another_version_kept_counts_as_nothing(document: JsonValue) -> None:
    assert seen_at_a_glance(document) == CatalogState()
