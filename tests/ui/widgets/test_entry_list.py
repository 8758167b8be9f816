from hypothesis import given, settings
from hypothesis import strategies as st

from mojodex_tui.ui.widgets.column import Column
from mojodex_tui.ui.widgets.entry import Entry, EntryKind
from mojodex_tui.ui.widgets.entry_list import EntryList

CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["prepend", "append", "drop_first", "drop_last", "replace"]),
        st.integers(0, 9),
    ),
    max_size=40,
)


@given(CHANGES)
@settings(derandomize=True)
def test_entries_are_found_by_key_however_they_came_and_went(
    changes: list[tuple[str, int]],
) -> None:
    entries, plain = EntryList(), list[Entry]()
    column = Column()
    made = 0

    def new(count: int) -> list[Entry]:
        nonlocal made
        made += count
        return [Entry(str(made - n), EntryKind.USER, "") for n in range(count)]

    for name, count in changes:
        gone = min(count, len(plain))
        match name:
            case "prepend":
                added = new(count)
                entries.prepend(added)
                column.prepend(int(one.key) % 7 + 1 for one in added)
                plain = [*added, *plain]
            case "append":
                added = new(count)
                entries.append(added)
                column.replace_from(len(plain), (int(one.key) % 7 + 1 for one in added))
                plain = [*plain, *added]
            case "drop_first":
                assert entries.drop_first(gone) == plain[:gone]
                column.drop_first(gone)
                plain = plain[gone:]
            case "drop_last":
                assert entries.drop_last(gone) == plain[len(plain) - gone :]
                plain = plain[: len(plain) - gone]
                column.replace_from(len(plain), ())
            case _ if count < len(plain):
                [plain[count]] = new(1)
                entries.replace(count, plain[count])
                column.measure(count, int(plain[count].key) % 7 + 1)
        assert list(entries) == plain
        assert [entries.index(one.key) for one in plain] == list(range(len(plain)))
        assert sum(str(number) in entries for number in range(made + 1)) == len(plain)
        assert column.total == sum(int(one.key) % 7 + 1 for one in plain)
