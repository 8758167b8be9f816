"""Build what is asked about To-Dos from what is kept (wire protocol §8.2, §8.3)."""

from datetime import datetime

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import Draft, Speaker, Turn
from mojodex_tui.backend.domain.conversations import Execution, Message
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.todos import ExtractionBrief, ReschedulingBrief, Todo
from mojodex_tui.backend.services.briefs import input_value, task_brief
from mojodex_tui.backend.services.ports import Work

_SPEAKERS: dict[str, Speaker] = {"user": "user", "mojo": "assistant"}
_MOST_REJECTED = 20
_MOST_OTHERS = 200


async def extraction_brief(
    work: Work, user: User, execution: Execution, moment: datetime
) -> ExtractionBrief:
    """Return what is known of a finished text."""
    task = await work.tasks.get(execution.task_pk)
    return ExtractionBrief(
        task=task_brief(task, user.language),
        language=user.language,
        user_name=user.name or "",
        now=user.local_time(moment),
        goal=user.goal,
        company=user.company_description,
        inputs=tuple(map(input_value, execution.inputs)),
        conversation=await _conversation(work, execution),
        draft=await _draft(work, execution),
        known=tuple(
            (todo.day, todo.description) for todo in await work.todos.related(execution.pk)
        ),
        rejected=tuple(await work.todos.rejected(user.user_id, _MOST_REJECTED)),
    )


async def rescheduling_brief(
    work: Work, user: User, execution: Execution, todo: Todo, moment: datetime
) -> ReschedulingBrief:
    """Return what is known of an overdue To-Do, and of the days it could be put on."""
    task = await work.tasks.get(execution.task_pk)
    now = user.local_time(moment)
    others = await work.todos.open_from(user.user_id, now.date(), Page(_MOST_OTHERS))
    return ReschedulingBrief(
        task=task_brief(task, user.language),
        language=user.language,
        user_name=user.name or "",
        now=now,
        description=todo.description,
        day=todo.day,
        moves=todo.moves,
        others=tuple((other.day, other.description) for other in others if other.pk != todo.pk),
        goal=user.goal,
        company=user.company_description,
        conversation=await _conversation(work, execution),
        draft=await _draft(work, execution),
    )


async def _conversation(work: Work, execution: Execution) -> tuple[Turn, ...]:
    """Return what was said, without the tags of the assistant's answers."""
    said = await work.messages.conversation(execution.session_id)
    return tuple(turn for message in said if (turn := _turn(message)) is not None)


def _turn(message: Message) -> Turn | None:
    speaker = _SPEAKERS.get(message.sender)
    if speaker is None or not message.text or message.event_name == "error":
        return None
    return Turn(speaker, message.text)


async def _draft(work: Work, execution: Execution) -> Draft | None:
    latest = await work.texts.latest_of_execution(execution.pk)
    return Draft(latest.title or "", latest.production) if latest else None
