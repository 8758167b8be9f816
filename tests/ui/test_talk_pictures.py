"""What talking about a text looks like: searching, commands, history, and answers as Markdown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.wire.heard import Channel, TokenAppended
from tests.fakes import FakeConnect
from tests.ui.desk import NARROW, WIDE, Desk
from tests.ui.markdown.sample import SAMPLE
from tests.ui.session_fakes import RUN, SESSION, SessionMojodex, drafted, execution, said

Snap = Callable[..., bool]

ANSWER = """Here is what we know:

- **Travel** is cut by 10 percent, see [the minutes](https://example.com/minutes)
  - Luc asks for a *new quote*
    1. from ACME
    2. from Initech
- [x] the bank was called
- [ ] the notes are sent

> The price stays until the end of the quarter.

| Item | Owner | Amount |
|:-----|:-----:|-------:|
| Travel | Ana | 1,200 |
| Hosting, with everything that belongs to it | Luc | 35 |

```python
def total(lines: list[int]) -> int:
    return sum(lines)  # in euros
```
"""


def _talk(mojodex: SessionMojodex) -> None:
    mojodex.api.rows = (
        said(1, "user", "Recap of the budget review, please."),
        said(2, "mojo", "Who should receive the recap?"),
        said(3, "user", "Ana and Luc. The budget is 12,000, and the old budget was 14,000."),
        said(4, "mojo", "And when is it due? The budget must be there by Friday."),
        said(5, "user", "On Friday, with the minutes."),
        said(6, "mojo", "Very well."),
    )


async def _finding(desk: Desk) -> None:
    await desk.pilot.press("tab", "slash")
    await desk.write("budget")


async def _found(desk: Desk) -> None:
    await _finding(desk)
    await desk.pilot.press("enter")
    await desk.settle()
    await desk.pilot.press("n")


async def _not_found(desk: Desk) -> None:
    await desk.pilot.press("tab", "slash")
    await desk.write("zebra")
    await desk.pilot.press("enter")


async def _far_above(desk: Desk) -> None:
    desk.mojodex.api.rows = tuple(
        said(pk, "user" if pk % 2 else "mojo", f"This was said as number {pk}.")
        for pk in range(1, 701)
    )
    await desk.pilot.press("f5")
    await desk.settle()
    await desk.pilot.press("tab", "g")
    await desk.settle()
    desk.mojodex.live.say(TokenAppended(SESSION, Channel.MESSAGE, "It goes on"))


async def _commands(desk: Desk) -> None:
    await desk.write("/")


async def _some_commands(desk: Desk) -> None:
    await desk.write("/co")


async def _recalling(desk: Desk) -> None:
    await desk.pilot.press("ctrl+r")
    await desk.settle()


async def _recalled(desk: Desk) -> None:
    await _recalling(desk)
    await desk.write("bud")


async def _answered(desk: Desk) -> None:
    desk.mojodex.api.rows = (said(1, "user", "What do we know?"), said(2, "mojo", ANSWER))
    await desk.pilot.press("f5")
    await desk.settle()
    await desk.pilot.press("tab")


async def _drafted(desk: Desk) -> None:
    desk.mojodex.api.told = execution(**drafted(1, SAMPLE))
    await desk.pilot.press("f5")
    await desk.settle()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    "state",
    [
        _finding,
        _found,
        _not_found,
        _far_above,
        _commands,
        _some_commands,
        _recalling,
        _recalled,
        _answered,
        _drafted,
    ],
)
def test_looks(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[Desk], Awaitable[None]],
    size: tuple[int, int],
) -> None:
    assert _snapshot(snap_compare, monkeypatch, state, size)


@pytest.mark.parametrize("state", [_found, _answered])
def test_looks_light(
    snap_compare: Snap, monkeypatch: pytest.MonkeyPatch, state: Callable[[Desk], Awaitable[None]]
) -> None:
    assert _snapshot(snap_compare, monkeypatch, state, WIDE, theme="mojodex-light")


def _snapshot(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[Desk], Awaitable[None]],
    size: tuple[int, int],
    theme: str = "mojodex-dark",
) -> bool:
    """Compare the session's picture with the one that was looked at."""
    monkeypatch.setattr("mojodex_tui.ui.screens.session_answer.monotonic", lambda: 0.0)
    mojodex = SessionMojodex()
    _talk(mojodex)
    app = MojodexApp(FakeConnect({None: mojodex}))

    async def open_it(pilot: Pilot[None]) -> None:
        app.theme = theme
        await pilot.pause()
        app.open_session(RUN)
        desk = Desk(pilot, mojodex)
        await desk.settle()
        desk.box.cursor_blink = False
        await state(desk)
        await desk.settle()
        await desk.frame()
        for line in app.screen.query(Input):
            line.cursor_blink = False
        await desk.settle()

    return snap_compare(app, terminal_size=size, run_before=open_it)
