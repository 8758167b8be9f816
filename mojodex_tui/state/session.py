"""One session: its conversation, its draft, and what is being written right now.

Texts that grow token by token are not in here: they go straight from the event to the view that
shows them, because a value made anew for every token would cost more the longer the text is.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TypeAlias

from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus
from mojodex_tui.state.runs import HOME, NO_EXECUTION
from mojodex_tui.wire.base import PAGE_LIMIT
from mojodex_tui.wire.events import (
    AssistantActivity,
    DraftMessage,
    ErrorReported,
    ExecutionStarted,
    ExecutionTitled,
    MojoMessage,
    StepInvalidated,
    UserMessageReceived,
    WorkflowProducedText,
)
from mojodex_tui.wire.executions import (
    Execution,
    FilledInput,
    InputType,
    InputValue,
    numbered_input,
)
from mojodex_tui.wire.heard import Channel, LiveEvent, TokenAppended, TokenReplaced
from mojodex_tui.wire.messages import DraftContent, MessageContent, MessageRow, Sender, SentMessage
from mojodex_tui.wire.stray_tags import without_stray_tags

MOST_NEWEST = 2 * PAGE_LIMIT
"""Entries of a session that are kept without being asked for again."""

_SERVER_PREFIXES = (
    "Error during assistant process_chat_message: ",
    "Error during workflow run: ",
    "Error running text edit action: ",
)
"""What servers put before the cause of a failure (wire protocol §10.4)."""


class Phase(Enum):
    """What the assistant is doing."""

    IDLE = auto()
    ASKED = auto()
    """It has the user's words; nothing of its answer is here yet."""
    TALKING = auto()
    DRAFTING = auto()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self is not Phase.IDLE


@dataclass(frozen=True)
class Said:
    """Something the user or the assistant said."""

    message_pk: int
    by_user: bool
    text: str
    message_id: str | None = None
    """The client's key of a user's message; to send it again."""
    failed: bool = False
    """The assistant could not answer it."""
    in_task: bool = True
    """It belongs to a task; a home chat's own words belong to none."""
    left: bool = False
    """The session went back to before it, and goes on without it."""
    files: tuple[str, ...] = ()
    """What the user attached to it."""


@dataclass(frozen=True)
class Drafted:
    """A version of the draft came at this place of the conversation."""

    message_pk: int
    version_pk: int
    title: str
    left: bool = False
    """The session went back to before it, and goes on without it."""


@dataclass(frozen=True)
class Answers:
    """What the user gave in the form that started the session."""

    inputs: tuple[tuple[str, str], ...]
    """The question and the answer of each field that has one."""

    @property
    def words(self) -> int:
        """How many words the answers have."""
        return sum(len(answer.split()) for _, answer in self.inputs)


@dataclass(frozen=True)
class Failed:
    """The assistant could not answer; what to do stands in the text."""

    sentence: str


Entry: TypeAlias = Said | Drafted | Answers | Failed


@dataclass(frozen=True)
class DraftShown:
    """The version of the draft that is on the screen."""

    title: str
    body: str
    produced_text_pk: int
    version_pk: int
    index: int
    """From 1, the oldest first."""


@dataclass(frozen=True)
class SessionState:
    """A session as its screen shows it."""

    execution: Execution
    entries: tuple[Entry, ...] = ()
    """The form's answers and the newest messages; `Past` holds what was said before them."""
    draft: DraftShown | None = None
    versions: int = 0
    phase: Phase = Phase.IDLE
    doing: str = ""
    """What the assistant does before it answers, such as `reading budget.pdf`."""
    stopping: bool = False
    """A stop was asked for, and its end is awaited."""

    @property
    def title(self) -> str:
        """What to call the session."""
        return self.execution.title or self.execution.task_name or "New task"

    @property
    def handed_back(self) -> bool:
        """Whether a home chat waits for the user itself, and no task of it."""
        said = [one for one in self.entries if isinstance(one, Said)]
        asked = any(one.by_user for one in said)  # before, there is only the greeting
        last = self.entries[-1] if self.entries else None
        is_of_home = isinstance(last, Said) and not (last.by_user or last.in_task)
        return asked and is_of_home and not self.phase.is_busy

    @property
    def answers(self) -> Answers | None:
        """What was given in the form, if there was one."""
        return next((one for one in self.entries if isinstance(one, Answers)), None)

    @property
    def failure(self) -> Failed | None:
        """Why there is no answer, if that is the last thing that happened."""
        last = self.entries[-1] if self.entries else None
        return last if isinstance(last, Failed) and not self.phase.is_busy else None

    @property
    def lacks_answer(self) -> bool:
        """Whether the last thing that happened is that no answer came."""
        last = self.entries[-1] if self.entries else None
        failed = isinstance(last, Failed) or (isinstance(last, Said) and last.failed)
        return failed and not self.phase.is_busy


def loaded(execution: Execution, rows: tuple[MessageRow, ...]) -> SessionState:
    """Return the session as the server tells it.

    Args:
        execution: The session's execution.
        rows: Its messages, the oldest first.

    """
    entries: list[Entry] = []
    if answers := _answers(execution.json_inputs_values or ()):
        entries.append(answers)
    entries.extend(entry for row in rows if (entry := entry_of(row)) is not None)
    versions = execution.produced_text_version_index or 0
    draft = _latest(execution, versions)
    failure = execution.failure
    if failure is not None:
        entries.append(Failed(failure))
    return SessionState(
        execution=execution,
        entries=tuple(entries),
        draft=draft,
        versions=versions,
        phase=Phase.ASKED if failure is None and _answer_due(execution, entries) else Phase.IDLE,
    )


def without_task(session_id: str, rows: tuple[MessageRow, ...]) -> SessionState:
    """Return a home chat in which no task has begun, as the server tells it.

    Args:
        session_id: The home chat.
        rows: Its messages, the oldest first.
    """
    nothing = Execution(
        user_task_execution_pk=NO_EXECUTION,
        session_id=session_id,
        user_task_pk=0,
        title=HOME,
        start_date=datetime.fromtimestamp(0, UTC),
    )
    return loaded(nothing, rows)


def resynchronised(state: SessionState, fresh: SessionState) -> SessionState:
    """Return what the server tells now, keeping what it cannot know.

    Tokens may have come between the question to the server and its answer; they, not the answer,
    tell what is being written. A draft that is being looked at stays, if it is an older one.
    """
    writing = state.phase in (Phase.TALKING, Phase.DRAFTING) and fresh.phase.is_busy
    looking_back = (
        state.draft is not None and state.draft.index < state.versions and fresh.draft is not None
    )
    return replace(
        fresh,
        phase=state.phase if writing else fresh.phase,
        draft=state.draft if looking_back else fresh.draft,
    )


def apply(state: SessionState, event: LiveEvent) -> SessionState:
    """Return the session after `event`."""
    match event:
        case TokenAppended(channel=channel) | TokenReplaced(channel=channel):
            return _writing(state, channel)
        case AssistantActivity(text=text):
            return replace(state, phase=Phase.ASKED, doing=text)
        case UserMessageReceived():
            return asked(state)
        case MojoMessage(text=""):
            return ended(state)
        case MojoMessage():
            said = _said(event.message_pk, event.text, event.user_task_execution_pk)
            return ended(_with(state, said))
        case DraftMessage():
            return ended(_drafted(state, event, event.message_pk))
        case ErrorReported(error=error):
            before = _without_failure(state.entries)
            return ended(replace(state, entries=(*before, Failed(_cause(error)))))
        case ExecutionTitled(title=title):
            return _with_execution(state, title=title)
        case ExecutionStarted(start_date=start_date):
            return _asked(_with_execution(state, start_date=start_date))
        case StepInvalidated():
            # It stands in place of an answer: the step runs again (wire protocol §18.1).
            return ended(state)
        case WorkflowProducedText():
            return ended(_drafted(state, event, None))
        case _:
            return state


def asked(state: SessionState) -> SessionState:
    """Return the session after the user's words reached the server."""
    return replace(_asked(state), entries=_without_failure(state.entries))


def sent(
    state: SessionState,
    message_pk: int,
    message_id: str,
    text: str,
    files: tuple[str, ...] = (),
) -> SessionState:
    """Return the session after the server took a message of the user.

    Events travel on their own: the answer, or why there is none, may be there already.
    """
    said = Said(message_pk, by_user=True, text=text, message_id=message_id, files=files)
    return _with(state, said)


def requested(state: SessionState, message_pk: int, text: str) -> SessionState:
    """Return the session after the assistant was asked for a quick change of the draft."""
    return _with(asked(state), Said(message_pk, by_user=True, text=text))


def stopping(state: SessionState) -> SessionState:
    """Return the session after a stop was asked for; its end may have come already."""
    return replace(state, stopping=state.phase.is_busy)


def not_stopped(state: SessionState) -> SessionState:
    """Return the session after the stop could not be asked for."""
    return replace(state, stopping=False)


def ended(state: SessionState) -> SessionState:
    """Return the session after the assistant's last word."""
    return replace(state, phase=Phase.IDLE, doing="", stopping=False)


def after_sending(state: SessionState, change: OutboxChange) -> SessionState:
    """Return the session after something its user wrote was delivered, or refused."""
    item = change.item
    match item.status, item.kind, change.answer:
        case OutboxStatus.REFUSED, _, _:
            return replace(state, phase=Phase.IDLE)
        case OutboxStatus.DELIVERED, OutboxKind.MESSAGE, SentMessage(message_pk=int(pk)) as answer:
            return sent(state, pk, item.id, _as_said(answer) or item.text, _files(answer))
        case OutboxStatus.DELIVERED, OutboxKind.RUN, _ if state.execution.start_date is None:
            return asked(state)  # else its start was told, and perhaps its end
        case _:
            return state


def renamed(state: SessionState, title: str) -> SessionState:
    """Return the session under another title."""
    return _with_execution(state, title=title)


def edited(
    state: SessionState, *, title: str, body: str, produced_text_pk: int, version_pk: int
) -> SessionState:
    """Return the session after the user's own version was saved."""
    if state.draft is not None and state.draft.version_pk == version_pk:
        return state
    index = state.versions + 1
    shown = DraftShown(title, body, produced_text_pk, version_pk, index)
    return replace(state, draft=shown, versions=index)


def showing(state: SessionState, version: DraftShown) -> SessionState:
    """Return the session with another version of its draft on the screen."""
    return replace(state, draft=version)


def given_inputs(execution: Execution) -> tuple[InputValue, ...]:
    """Return what was given to a run, as it is given again; files are known by their names."""
    given: list[InputValue] = []
    for one in execution.json_inputs_values or ():
        if isinstance(one.value, str):
            given.append(InputValue(input_name=one.input_name, input_value=one.value))
        elif one.value:
            given.extend(
                InputValue(input_name=numbered_input(one.input_name, index), input_value=name)
                for index, name in enumerate(one.value)
            )
    return tuple(given)


def has_files(execution: Execution) -> bool:
    """Whether files were given to a run; they are not here any more."""
    files = {InputType.IMAGE, InputType.MULTIPLE_IMAGES, InputType.AUDIO_FILE, InputType.VIDEO}
    return any(one.value and one.type in files for one in execution.json_inputs_values or ())


def to_ask_again(state: SessionState) -> Said | tuple[InputValue, ...] | None:
    """Return what is to be asked once more: the last message, or a form's answers, if any."""
    said = [one for one in state.entries if isinstance(one, Said) and one.by_user]
    if said:
        return said[-1] if said[-1].message_id is not None else None
    return given_inputs(state.execution) or None


def entry_of(row: MessageRow) -> Entry | None:
    """Return what a row of the history adds to the conversation, if it is for the user's eyes."""
    message = row.message
    match row.sender:
        case Sender.USER if message.text:
            return Said(
                row.message_pk,
                by_user=True,
                text=_as_said(message),
                message_id=message.message_id,
                failed=row.in_error_state,
                left=bool(row.left),
                files=_files(message),
            )
        case Sender.MOJO if isinstance(message, DraftContent):
            title = message.produced_text_title or ""
            version_pk = message.produced_text_version_pk
            return Drafted(row.message_pk, version_pk, title, left=bool(row.left))
        case Sender.MOJO if message.text:
            said = _said(row.message_pk, message.text, message.user_task_execution_pk)
            return replace(said, left=bool(row.left))
        case _:
            return None


def _files(message: MessageContent | SentMessage) -> tuple[str, ...]:
    return tuple(file.name for file in message.files or ())


def _as_said(message: MessageContent | SentMessage) -> str:
    """Return the words of a user; a transcript begins with a space."""
    text = message.text or ""
    return text if message.audio_duration is None else text.strip()


def _said(message_pk: int, text: str, execution_pk: int | None) -> Said:
    """Return what the assistant said."""
    shown = without_stray_tags(text)
    return Said(message_pk, by_user=False, text=shown, in_task=execution_pk is not None)


def _answers(inputs: tuple[FilledInput, ...]) -> Answers | None:
    """Return the answers of a form, if any field has one."""
    given = tuple(
        (one.description_for_user or one.input_name, _answer(one)) for one in inputs if one.value
    )
    return Answers(given) if given else None


def _answer(given: FilledInput) -> str:
    """Return what was given for an input: files by their user's names, and what was not done."""
    value = given.file_names or given.value or ""
    words = value if isinstance(value, str) else ", ".join(value)
    return f"{words}\n{given.notice}" if given.notice else words


def _latest(execution: Execution, versions: int) -> DraftShown | None:
    """Return the latest version of the draft, if there is one."""
    if execution.produced_text_pk is None or execution.produced_text_version_pk is None:
        return None
    return DraftShown(
        title=execution.produced_text_title or "",
        body=execution.produced_text_production or "",
        produced_text_pk=execution.produced_text_pk,
        version_pk=execution.produced_text_version_pk,
        index=versions,
    )


def _answer_due(execution: Execution, entries: list[Entry]) -> bool:
    """Whether the assistant owes an answer: the last word is the user's, or the form's."""
    if execution.start_date is None or not entries:
        return False
    last = entries[-1]
    match last:
        case Said(by_user=True, failed=failed):
            return not failed
        case Answers():
            return execution.produced_text_pk is None
        case _:
            return False


def _writing(state: SessionState, channel: Channel) -> SessionState:
    """Return the session while the assistant writes; the same value for every further token."""
    phase = Phase.TALKING if channel is Channel.MESSAGE else Phase.DRAFTING
    return state if state.phase is phase else replace(state, phase=phase, doing="")


def _asked(state: SessionState) -> SessionState:
    """Return the session while an answer is awaited."""
    return state if state.phase.is_busy else replace(state, phase=Phase.ASKED, doing="")


def _with(state: SessionState, entry: Said | Drafted) -> SessionState:
    """Return the session with one more entry, unless it is there already."""
    known = any(
        isinstance(one, Said | Drafted) and one.message_pk == entry.message_pk
        for one in reversed(state.entries)
    )
    if known:
        return state
    place = len(state.entries)
    while place and _is_later(state.entries[place - 1], entry.message_pk):
        place -= 1
    entries = (*state.entries[:place], entry, *state.entries[place:])
    return replace(state, entries=_newest(entries))


def _is_later(entry: Entry, message_pk: int) -> bool:
    """Whether an entry tells of something after a message; a failure is the last of all."""
    match entry:
        case Said() | Drafted():
            return entry.message_pk > message_pk
        case Failed():
            return True
        case Answers():
            return False


def _drafted(
    state: SessionState, event: DraftMessage | WorkflowProducedText, message_pk: int | None
) -> SessionState:
    """Return the session with a new version of its draft."""
    if state.draft is not None and state.draft.version_pk >= event.produced_text_version_pk:
        return state
    title = event.produced_text_title or ""
    index = state.versions + 1
    shown = DraftShown(
        title,
        event.produced_text,
        event.produced_text_pk,
        event.produced_text_version_pk,
        index,
    )
    after = replace(state, draft=shown, versions=index)
    if message_pk is None:
        return after
    return _with(after, Drafted(message_pk, event.produced_text_version_pk, title))


def _with_execution(state: SessionState, **changes: object) -> SessionState:
    """Return the session with its execution changed."""
    return replace(state, execution=state.execution.model_copy(update=changes))


def _newest(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries without the older half of the messages once there are too many."""
    form = tuple(one for one in entries if isinstance(one, Answers))
    said = entries[len(form) :]
    return entries if len(said) <= MOST_NEWEST else (*form, *said[-MOST_NEWEST // 2 :])


def _without_failure(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries without failures: what failed is being tried again."""
    return tuple(entry for entry in entries if not isinstance(entry, Failed))


def _cause(error: str) -> str:
    """Return the cause of a failure without what servers put before it."""
    for prefix in _SERVER_PREFIXES:
        error = error.removeprefix(prefix)
    return error.strip() or "The assistant failed and gave no reason."
