from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult

from mojodex_tui.ui.theme import DARK, LIGHT, THEMES
from mojodex_tui.ui.widgets.markdown_area import MarkdownArea

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """\
# What the team agreed on

Ana and Luc met on **Tuesday**, see [the quote](quote.md).

- [x] Luc sends the *quote* on Friday
- [ ] Ana asks `legal` about clause four

```python
# no heading
total = 2 * 3 * 4
```

> Nothing is signed before the numbers are right.

---
1. The draft goes to the board
"""


class Areas(App[None]):
    """One text area."""

    def __init__(self, theme: str = "") -> None:
        super().__init__()
        self._named = theme

    def compose(self) -> ComposeResult:
        yield MarkdownArea(TEXT, soft_wrap=True)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        if self._named:
            self.theme = self._named


@pytest.mark.parametrize("theme", [theme.name for theme in (DARK, LIGHT)])
def test_looks(snap_compare: Callable[..., bool], theme: str) -> None:
    assert snap_compare(Areas(theme), terminal_size=(80, 24))


async def test_a_block_of_code_that_is_begun_above_takes_what_is_below() -> None:
    app = Areas()
    async with app.run_test(size=(80, 24)) as pilot:
        area = app.query_one(MarkdownArea)
        area.load_text("one\n## two\n\nthree")
        await pilot.pause()
        assert area.get_line(1).spans
        heading = area.get_line(1).spans
        area.insert("```\n", (0, 0))
        await pilot.pause()
        assert area.get_line(2).plain == "## two"
        assert area.get_line(2).spans != heading
        area.undo()
        await pilot.pause()
        assert area.get_line(1).spans == heading
