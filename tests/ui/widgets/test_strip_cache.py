from textual.strip import Strip

from mojodex_tui.ui.widgets.strip_cache import StripCache


def test_only_so_many_rows_are_kept_and_the_longest_unused_leave_first() -> None:
    cache, drawn = StripCache(10), list[int]()

    def rows(item: int, height: int = 4) -> int:
        def draw() -> list[Strip]:
            drawn.append(item)
            return [Strip([])] * height

        return len(cache.rows(item, draw))

    for item in (1, 2, 1, 3, 1):
        assert rows(item) == 4
    assert drawn == [1, 2, 3]
    rows(2)
    assert drawn == [1, 2, 3, 2]
    assert rows(9, height=50) == 50
    assert rows(9, height=50) == 50
    rows(1)
    assert drawn == [1, 2, 3, 2, 9, 1]
    cache.clear()
    rows(1)
    assert drawn == [1, 2, 3, 2, 9, 1, 1]
