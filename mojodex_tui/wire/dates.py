"""The clocks of the wire: naive local message dates and minutes of offset (wire protocol §0.4).

A `timezone_offset` is what JavaScript's `getTimezoneOffset` answers: the minutes to subtract from
UTC to get local time, so -60 at UTC+1.
"""

from datetime import UTC, date, datetime, timedelta


def format_date(value: date) -> str:
    """Write a date, or a date and time, as servers do."""
    return value.isoformat()


def read_message_date(value: object) -> object:
    """Read a `message_date` as an original server does.

    Args:
        value: ISO text, or a datetime that was read before.

    Returns:
        The naive date and time; anything but text and datetimes is returned as it came, for
        the model to refuse.

    Raises:
        ValueError: the text is no ISO date and time, or ends in `Z`, which servers refuse (§0.4).
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    if value[-1:] in {"Z", "z"}:
        raise ValueError(f"Invalid isoformat string: {value!r}: send local time, without Z")
    return datetime.fromisoformat(value).replace(tzinfo=None)


def offset_of(moment: datetime) -> int:
    """Return the `timezone_offset` in force at an aware `moment`.

    Raises:
        ValueError: `moment` is naive, so it has no offset.
    """
    ahead = moment.utcoffset()
    if ahead is None:
        raise ValueError("A naive date has no offset: give it a time zone first")
    return -round(ahead.total_seconds() / 60)


def local_from_utc(moment: datetime, timezone_offset: int) -> datetime:
    """Return the naive local time of `moment`; a naive moment is taken as UTC."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return utc.replace(tzinfo=None) - timedelta(minutes=timezone_offset)


def utc_from_local(local: datetime, timezone_offset: int) -> datetime:
    """Return the aware UTC moment of a naive `local` time."""
    return (local.replace(tzinfo=None) + timedelta(minutes=timezone_offset)).replace(tzinfo=UTC)
