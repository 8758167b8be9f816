"""Build what an assistant is asked from what is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import (
    Draft,
    InputValue,
    InstructBrief,
    Speaker,
    TaskBrief,
    Turn,
    WantedInfo,
)
from mojodex_tui.backend.domain.catalog import JsonObject, Task
from mojodex_tui.backend.domain.conversations import Execution, Message, TextVersion
from mojodex_tui.backend.services.attachments import with_files
from mojodex_tui.backend.services.ports import Work

_SPEAKERS: dict[str, Speaker] = {"user": "user", "mojo": "assistant", "system": "system"}
_SPELLINGS = 50
"""How many of a user's own spellings a model is told, as original servers tell theirs."""
_IMAGES = "You see images only if they come with this message."
_UNHEARD = "Nobody has listened to it, and you cannot: do not guess what it says."
_UNSEEN = "Nobody has watched it, and you cannot: do not guess what it shows."
_NOTES = {
    "image": _IMAGES,
    "multiple_images": _IMAGES,
    "audio_file": _UNHEARD,
    "video": _UNSEEN,
}
"""What an assistant must know of files, by the type of their field."""
_NOTHING = "…"
"""Stands for a message that says nothing, which the engine takes for no message."""


async def instruct_brief(
    work: Work,
    user: User,
    execution: Execution,
    asked: Message | None,
    moment: datetime,
    thread: Collection[str] | None = None,
) -> InstructBrief:
    """Return what is known of an execution, but for what was said: the engine's thread holds that.

    Its `draft` is the latest version, so that the user's own edits count, which an original
    server never shows to its model. What was written on a branch that was left does not.

    Args:
        work: where it is kept.
        user: whose execution it is.
        execution: what is worked on.
        asked: the message that is to be answered; none for a form.
        moment: now.
        thread: the nodes the conversation goes on from; without them, every version counts.
    """
    task = await work.tasks.get(execution.task_pk)
    latest = await _version_to_change(work, user, execution, asked, thread)
    return InstructBrief(
        task=task_brief(task, user.language),
        language=user.language,
        user_name=user.name or "",
        now=user.local_time(moment),
        inputs=tuple(map(input_value, execution.inputs)),
        draft=Draft(latest.title or "", latest.production) if latest else None,
        company=user.company_description,
        spellings=tuple(await work.words.newest(user.user_id, _SPELLINGS)),
    )


async def _version_to_change(
    work: Work,
    user: User,
    execution: Execution,
    asked: Message | None,
    thread: Collection[str] | None,
) -> TextVersion | None:
    """Return the version a rewriting is asked for, else the latest."""
    edit = asked.content.get("text_edit") if asked is not None else None
    if isinstance(edit, dict) and isinstance(pk := edit.get("version"), int):
        return await work.texts.version(user.user_id, pk)
    if thread is None:
        return await work.texts.latest_of_execution(execution.pk)
    return await work.texts.latest_on_thread(execution.pk, thread)


def asked_text(message: Message) -> str:
    """Return what a message asks of a model.

    Of a rewriting the user saw the name; the model gets what it means.
    """
    edit = message.content.get("text_edit")
    said = str(edit.get("instruction")) if isinstance(edit, dict) else _said(message)
    return said if said and said.strip() else _NOTHING


def spoken(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """Return what was said as its readers saw it, the files they added included."""
    said = ((_SPEAKERS[message.sender], _said(message)) for message in messages)
    return tuple(Turn(speaker, text) for speaker, text in said if text)


def _said(message: Message) -> str | None:
    return with_files(message.text, message.content)


def task_brief(task: Task, language: str) -> TaskBrief:
    """Return a task as an assistant sees it."""
    words = task.words_in(language)
    return TaskBrief(
        name=task.name,
        label=words.name if words else task.name,
        definition=task.definition,
        instruction=task.final_instruction or "",
        output_type=task.output_type or "",
        title_format=task.title_format or "",
        draft_format=task.draft_format or "",
        wanted=tuple(
            WantedInfo(str(info.get("info_name")), str(info.get("description")))
            for info in task.infos_to_extract
        ),
    )


def input_value(field: JsonObject) -> InputValue:
    """Return an answer of a form as an assistant sees it."""
    value = field.get("value")
    if names := field.get("file_names"):
        value = names
    if isinstance(value, list):
        given: str | tuple[str, ...] | None = tuple(map(str, value))
    else:
        given = str(value) if value not in (None, "") else None
    return InputValue(
        name=str(field.get("input_name")),
        label=str(field.get("description_for_user", "")),
        description=str(field.get("description_for_system", "")),
        value=given,
        note=_NOTES.get(str(field.get("type")), "") if given else "",
    )
