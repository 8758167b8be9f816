"""Message dates and offsets, as original servers read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.wire.dates import (
    local_from_utc,
    offset_of,
    read_message_date,
    utc_from_local,
)
from mojodex_tui.wire.messages import SendMessageRequest

NOON = datetime(2026, 11, 20, 12, 0, 0, 250000)  # noqa: DTZ001 - message dates are naive
offsets = st.integers(-840, 720)
naive = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the same
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the same
)


def test_an_hour_ahead_of_utc_is_minus_sixty() -> None:
    paris = timezone(timedelta(hours=1))
    assert offset_of(datetime(2026, 11, 20, 13, tzinfo=paris)) == -60
    assert local_from_utc(NOON.replace(tzinfo=UTC), -60).hour == 13
    assert utc_from_local(NOON, -60) == datetime(2026, 11, 20, 11, 0, 0, 250000, tzinfo=UTC)


@given(naive, offsets)
def test_there_and_back_is_the_same_time(local: datetime, timezone_offset: int) -> None:
    moment = utc_from_local(local, timezone_offset)
    assert moment.tzinfo is UTC
    assert local_from_utc(moment, timezone_offset) == local


@given(naive, offsets, offsets)
def test_the_zone_a_moment_is_written_in_does_not_matter(
    local: datetime, timezone_offset: int, other: int
) -> None:
    moment = utc_from_local(local, timezone_offset)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=-other)))
    assert local_from_utc(elsewhere, timezone_offset) == local
    assert offset_of(elsewhere) == other


def test_a_naive_moment_is_utc_and_has_no_offset() -> None:
    assert local_from_utc(NOON, -60) == local_from_utc(NOON.replace(tzinfo=UTC), -60)
    with pytest.raises(ValueError, match="time zone"):
        offset_of(NOON)


def test_an_offset_of_a_message_date_is_dropped() -> None:
    assert read_message_date("2026-11-20T12:00:00.250000+01:00") == NOON
    assert read_message_date(NOON.replace(tzinfo=UTC)) == NOON


@pytest.mark.parametrize("text", ["2026-11-20T12:00:00Z", "2026-11-20T12:00:00z", "today", ""])
def test_zulu_time_and_nonsense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        read_message_date(text)


def test_message_dates_are_written_naive() -> None:
    request = SendMessageRequest(
        session_id="s", message_id="m", message_date=NOON.replace(tzinfo=UTC)
    )
    assert request.to_wire()["message_date"] == "2026-11-20T12:00:00.250000"
    assert SendMessageRequest.model_validate(request.to_wire()) == request
