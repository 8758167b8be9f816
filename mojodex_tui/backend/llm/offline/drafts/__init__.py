"""A recipe for each shipped task, and one for all others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.drafts.documents import any_task, ideas_to_document
from mojodex_tui.backend.llm.offline.drafts.mails import email_reply, follow_up_email
from mojodex_tui.backend.llm.offline.drafts.meetings import meeting_recap
from mojodex_tui.backend.llm.offline.drafts.plans import action_plan, weekly_report
from mojodex_tui.backend.llm.offline.drafts.posts import job_post, one_minute_pitch
from mojodex_tui.backend.llm.offline.drafts.product import bug_report, release_notes
from mojodex_tui.backend.llm.offline.drafts.summaries import text_summary, translation
from mojodex_tui.backend.llm.offline.material import Material


@dataclass(frozen=True)
class Recipe:
    """How a task's draft is made."""

    main: str | None
    """The input it cannot do without; `None` when any will do."""
    build: Callable[[Material], Draft]


_RECIPES: Mapping[str, Recipe] = {
    "action_plan": Recipe("goal", action_plan),
    "bug_report": Recipe("what_happens", bug_report),
    "email_reply": Recipe("email_received", email_reply),
    "follow_up_email": Recipe("context", follow_up_email),
    "ideas_to_document": Recipe("ideas", ideas_to_document),
    "job_post": Recipe("duties", job_post),
    "meeting_recap": Recipe("meeting_notes", meeting_recap),
    "one_minute_pitch": Recipe("subject", one_minute_pitch),
    "release_notes": Recipe("changes", release_notes),
    "text_summary": Recipe("text", text_summary),
    "translation": Recipe("text", translation),
    "weekly_report": Recipe("done", weekly_report),
}


def recipe_for(task: str) -> Recipe:
    """Return the recipe of the task with this system name."""
    return _RECIPES.get(task, Recipe(None, any_task))
