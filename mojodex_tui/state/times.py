"""How a moment is told to people: near ones in words, far ones as dates."""

from datetime import UTC, datetime


def here_and_now() -> datetime:
    """Return the time on this computer's clock, aware."""
    return datetime.now(UTC).astimezone()


def told(moment: datetime, now: datetime) -> str:
    """Return `moment` as words seen from `now`, both on the same clock."""
    minutes = int((now - moment).total_seconds() // 60)
    days = (now.date() - moment.date()).days
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if days == 0:
        return f"today {moment:%H:%M}"
    if days == 1:
        return f"yesterday {moment:%H:%M}"
    if days < 7:
        return f"{moment:%A}"
    return f"{moment.day} {moment:%b}" if moment.year == now.year else f"{moment:%Y-%m-%d}"
