import pytest
from rich.cells import cell_len

from mojodex_tui.ui.widgets.icons import SLOT, slot


@pytest.mark.parametrize("icon", ["📝", "↩️", "🧑‍💼", "", "x", "[note]"])
def test_an_icon_takes_its_slot_and_is_one_character(icon: str) -> None:
    assert cell_len(slot(icon)) == SLOT
    assert len(slot(icon).strip()) <= 1
