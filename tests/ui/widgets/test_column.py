from hypothesis import given, settings
from hypothesis import strategies as st

from mojodex_tui.ui.widgets.column import Column

HEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=30)


@given(HEIGHTS, st.data())
@settings(derandomize=True)
def test_every_row_belongs_to_the_item_that_covers_it(
    heights: list[int], data: st.DataObject
) -> None:
    column = Column()
    column.replace_from(0, heights)
    changed = data.draw(st.integers(0, len(heights) - 1))
    column.top(len(heights))
    column.measure(changed, 4)
    column.prepend([2, 3])
    expected = [2, 3, *heights]
    expected[changed + 2] = 4
    rows = [index for index, height in enumerate(expected) for _ in range(height)]
    assert column.total == len(rows)
    assert [column.at(row) for row in range(len(rows))] == rows
    assert [column.is_measured(index) for index in range(len(column))].count(True) == 1


@given(HEIGHTS, HEIGHTS)
@settings(derandomize=True)
def test_items_at_the_end_are_replaced(old: list[int], new: list[int]) -> None:
    column = Column()
    column.replace_from(0, old)
    assert column.total == sum(old)
    column.replace_from(len(old) // 2, new)
    assert column.total == sum(old[: len(old) // 2]) + sum(new)
