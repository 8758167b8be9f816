"""The decision inbox as values: which run is decided on, while what waits changes."""

from mojodex_tui.state.inbox import InboxState, moved_on, told
from tests.workflow_fakes import waiting

RAIN, SNOW, WIND = waiting(7), waiting(8), waiting(9)


def test_the_longest_waiting_comes_first() -> None:
    state = told(InboxState(), (RAIN, SNOW))
    assert state.pointed == 7
    assert not state.is_empty
    assert told(state, ()).pointed is None


def test_a_run_stays_under_the_cursor_when_others_come_and_go() -> None:
    state = told(InboxState((SNOW, WIND), pointed=9), (RAIN, SNOW, WIND))
    assert state.run == WIND
    assert told(state, (WIND,)).run == WIND


def test_one_that_waits_no_more_gives_way_to_the_next_in_its_place() -> None:
    state = InboxState((RAIN, SNOW, WIND), pointed=8)
    assert told(state, (RAIN, WIND)).run == WIND
    assert told(InboxState((RAIN, SNOW), pointed=8), (RAIN,)).run == RAIN


def test_one_the_user_writes_about_stays_in_sight() -> None:
    state = told(InboxState((RAIN, SNOW), pointed=7), (SNOW,), stays=True)
    assert state.pointed == 7
    assert state.run is None
    assert told(state, (SNOW,)).run == SNOW


def test_after_a_decision_the_next_one_comes_that_is_not_decided() -> None:
    state = InboxState((RAIN, SNOW, WIND), pointed=8)
    assert moved_on(state, ()).run == WIND
    assert moved_on(state, {"session-9"}).run == RAIN
    assert moved_on(state, {"session-7", "session-9"}).run == SNOW
    assert moved_on(InboxState((RAIN,), pointed=9), ()).run == RAIN
