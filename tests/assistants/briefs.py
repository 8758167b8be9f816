"""Briefs that tests start from."""

from datetime import datetime, timedelta, timezone

from mojodex_tui.backend.domain.briefs import InputValue, InstructBrief, TaskBrief, WantedInfo

TASK = TaskBrief(
    name="meeting_recap",
    label="Meeting recap",
    definition="Write the recap of a meeting.",
    instruction="List the decisions first.",
    output_type="document",
    title_format="The meeting's subject",
    draft_format="Markdown, two lists",
    wanted=(WantedInfo("meeting_notes", "what was said"),),
)

BRIEF = InstructBrief(
    task=TASK,
    language="fr",
    user_name="Ana",
    now=datetime(2026, 11, 21, 10, 5, tzinfo=timezone(timedelta(hours=1))),
    inputs=(InputValue("notes", "Your notes?", "what was said", "Launch in June."),),
    company="Acme makes bolts.",
)
