"""What is said about times, connections and addresses."""

from datetime import UTC, datetime, timedelta

import pytest

from mojodex_tui.client.port import Connection, Link
from mojodex_tui.state.connection import Reach, Standing, reach_of
from mojodex_tui.state.runs import HistoryState, Run, run_of
from mojodex_tui.state.sign_in import answered, full_address
from mojodex_tui.state.times import told
from tests.fakes import listed

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=3), "today 09:00"),
        (timedelta(days=1), "yesterday 12:00"),
        (timedelta(days=3), "Tuesday"),
        (timedelta(days=30), "21 Oct"),
        (timedelta(days=400), "2025-10-16"),
    ],
)
def test_near_moments_are_words_and_far_ones_dates(ago: timedelta, expected: str) -> None:
    assert told(NOW - ago, NOW) == expected


def test_the_connection_is_a_word() -> None:
    assert Standing(Reach.LOCAL).word(NOW) == "local"
    assert Standing(Reach.OFFLINE, unsent=2).word(NOW) == "offline, 2 unsent"
    soon = NOW + timedelta(seconds=2.4)
    assert Standing(Reach.RECONNECTING, next_try=soon).word(NOW) == "reconnecting 3 s"


@pytest.mark.parametrize("link", Link)
def test_every_link_has_its_word(link: Link) -> None:
    connection = Connection(link, NOW)
    assert reach_of(connection, is_signed_in=True, is_local=False).value == link.value
    assert reach_of(connection, is_signed_in=False, is_local=False) is Reach.SIGNED_OUT
    assert reach_of(connection, is_signed_in=False, is_local=True).value == link.value


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mojodex.example.com", "https://mojodex.example.com"),
        (" https://mojodex.example.com/ ", "https://mojodex.example.com"),
        ("localhost:5001", "http://localhost:5001"),
        ("http://192.0.2.1:5001", "http://192.0.2.1:5001"),
        ("", None),
        ("not an address", None),
        ("ftp://example.com", None),
        ("example.com:port", None),
    ],
)
def test_an_address_is_completed(typed: str, expected: str | None) -> None:
    assert full_address(typed) == expected


def test_an_address_without_encryption_is_said() -> None:
    assert "certificate valid" in answered("https://a.example", 38, "0.1.0")
    assert "not encrypted" in answered("http://a.example", 38, None)
    assert "not encrypted" not in answered("http://localhost:5001", 38, None)


def test_a_naive_server_time_is_utc() -> None:
    naive = listed(1, "A").model_copy(
        update={"start_date": datetime(2026, 11, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None)}
    )
    assert run_of(naive).started == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_the_history_is_filtered_by_title_and_task() -> None:
    history = HistoryState(
        (Run(1, "a", "Budget", "Recap"), Run(2, "b", "Résumé", "E-mail")), query="resume mail"
    )
    assert [run.execution_pk for run in history.shown()] == [2]
