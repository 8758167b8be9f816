import pytest

from mojodex_tui.backend.llm.offline.step_wishes import wishes_of


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("only two topics, shorter", 2),
        ("seulement trois", 3),
        ("solo cuatro", 4),
        ("5 of them", 5),
        ("two more", 7),
        ("one fewer", 4),
        ("fewer", 4),
    ],
)
def test_how_many_there_are_to_be(said: str, count: int) -> None:
    assert wishes_of([said]).count(5) == count


def test_later_wishes_count_on_from_earlier_ones() -> None:
    assert wishes_of(["only three", "one more"]).count(5) == 4


def test_what_rules_cannot_do_is_known() -> None:
    assert wishes_of(["make it melancholic"]).beyond
    assert not wishes_of(["reverse the order", "add: snow"]).beyond


def test_order_additions_and_length() -> None:
    wishes = wishes_of(["in reverse order, add snow"])
    assert wishes.arranged(["a", "b"]) == ["b", "a", "Snow"]
    assert wishes_of(["shorter"]).applied(["- a", "- b", "- c", "- d"]) == ["- a", "- b"]
