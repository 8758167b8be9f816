from datetime import UTC, date, datetime

from mojodex_tui.state.jobs import told_jobs
from mojodex_tui.wire.todo_extensions import Job, JobFailure

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_tells_when_it_ran_and_what_went_wrong() -> None:
    failure = JobFailure(
        subject="sam", day=date(2026, 11, 20), reason="The mail server answered 451.", attempts=2
    )
    told = told_jobs(
        [
            Job(name="todo_reminder", rule="in the morning", last_run=MOMENT, failures=(failure,)),
            Job(name="todo_rescheduling", rule="at night", next_run=MOMENT),
        ]
    )
    mail, night = told.split("\n\n")
    assert "last success  never" in mail
    assert "tried 2 times, given up: The mail server answered 451." in mail
    assert f"last run      {MOMENT.astimezone():%a %d %b %H:%M}" in mail
    assert "last success" not in night
    assert f"next run      {MOMENT.astimezone():%a %d %b %H:%M}" in night
