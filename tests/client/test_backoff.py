"""How long is waited before the next try."""

import pytest

from mojodex_tui.client import backoff


@pytest.mark.parametrize("spread", [0.8, 1.2])
def test_after_a_short_cut_nobody_waits_long(
    monkeypatch: pytest.MonkeyPatch, spread: float
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, _high: spread)
    waited, failures = 0.0, 1
    while waited + backoff.gentle(failures) < 8:
        waited += backoff.gentle(failures)
        failures += 1
    assert waited + backoff.gentle(failures) - 8 <= 4


def test_who_is_away_for_long_is_not_asked_for_all_the_time() -> None:
    assert 24 <= backoff.gentle(40) <= 36
