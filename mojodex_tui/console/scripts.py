"""`mojodex-tui run NAME` and `mojodex-tui workflow run NAME`: one run, nobody to ask."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from mojodex_tui.client.errors import (
    ApiError,
    BackendDidNotStart,
    CertificateProblem,
    SignInNeeded,
    TermsNeeded,
    TimedOut,
    Unreachable,
)
from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Misused
from mojodex_tui.console.conversation import Conversation, NotSent
from mojodex_tui.console.forms import take_given
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.offered import listed, started
from mojodex_tui.console.workflows import Steering, line_of_item
from mojodex_tui.state.catalog import TaskEntry
from mojodex_tui.state.form import FormField
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import Said
from mojodex_tui.wire.workflow_extensions import RunState

_FROM_STDIN: Final = "-"


class Exit(IntEnum):
    """What a script is told by the exit code."""

    DONE = 0
    FAILED = 1
    """The assistant failed; the run can be opened and tried again."""
    WAITS = 2
    """A person is to decide or to answer."""
    SIGN_IN = 3
    CANNOT_REACH = 4
    REFUSED = 5


@dataclass(frozen=True)
class Order:
    """What a script wants run.

    Attributes:
        name: The task's name, or its beginning.
        fields: The answers, each as `name=value`, `name=-` or `name=@file`.
        is_workflow: Whether a workflow is meant.
        says_yes: Whether every step that waits is validated.
        as_json: Whether the outcome is printed as one JSON object.
    """

    name: str
    fields: Sequence[str]
    is_workflow: bool = False
    says_yes: bool = False
    as_json: bool = False


async def run_order(mojodex: Mojodex, order: Order, *, is_local: bool) -> Exit:
    """Run a task or a workflow, and print what it gives."""
    try:
        if not is_local and mojodex.account.value is None:
            raise SignInNeeded
        return await _run(mojodex, order)
    except (Misused, NotSent) as error:
        return _fail(Exit.REFUSED, str(error))
    except ApiError as error:
        return _fail(_exit_of(error), error.sentence)


async def _run(mojodex: Mojodex, order: Order) -> Exit:
    tasks = Numbered[TaskEntry]("workflow" if order.is_workflow else "task", lambda one: one.name)
    tasks.show(await listed(mojodex, workflows=order.is_workflow))
    task = tasks.find(order.name)
    given = answers_in(order.fields)

    async def answers(fields: Sequence[FormField]) -> Mapping[str, str]:
        return take_given(fields, given)

    run = await started(mojodex, task, answers)
    if order.is_workflow:
        return await _follow_workflow(mojodex, run, order)
    async with Conversation(mojodex, run) as conversation:
        state = await conversation.answered()
    about: dict[str, JsonValue] = {
        "user_task_execution_pk": run.execution_pk,
        "session_id": run.session_id,
        "title": state.title,
    }
    if state.failure is not None:
        return _tell(order, Exit.FAILED, about, error=state.failure.sentence)
    last = state.entries[-1] if state.entries else None
    if isinstance(last, Said) or state.draft is None:
        question = last.text if isinstance(last, Said) else ""
        return _tell(order, Exit.WAITS, about, question=question)
    return _tell(order, Exit.DONE, about | {"title": state.draft.title}, text=state.draft.body)


def answers_in(fields: Sequence[str]) -> Mapping[str, str]:
    """Return the answers by field name, read from where they are.

    Raises:
        Misused: a field has no value, or its file cannot be read.
    """
    answers: dict[str, str] = {}
    for field in fields:
        name, found, value = field.partition("=")
        if not found or not name:
            raise Misused(f"--field {field}: give it as name=value, name=- or name=@file.")
        if value == _FROM_STDIN:
            value = sys.stdin.read()
        elif value.startswith("@"):
            value = _text_of(Path(value.removeprefix("@")).expanduser())
        answers[name] = value
    return answers


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Misused(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Misused(f"{path} is not a text file.") from error


def _tell(order: Order, code: Exit, about: dict[str, JsonValue], **outcome: str) -> Exit:
    if order.as_json:
        told = {"status": code.name.lower(), **about, **outcome}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return code
    words = "".join(outcome.values())
    stream = sys.stdout if code in {Exit.DONE, Exit.WAITS} else sys.stderr
    stream.write(f"{words}\n")
    return code


def _fail(code: Exit, sentence: str) -> Exit:
    sys.stderr.write(f"{sentence}\n")
    return code


def _exit_of(error: ApiError) -> Exit:
    match error:
        case SignInNeeded() | TermsNeeded():
            return Exit.SIGN_IN
        case Unreachable() | TimedOut() | CertificateProblem() | BackendDidNotStart():
            return Exit.CANNOT_REACH
        case _:
            return Exit.REFUSED


async def _follow_workflow(mojodex: Mojodex, run: Run, order: Order) -> Exit:
    """Follow a workflow until it ends, or nobody decides."""
    about: dict[str, JsonValue] = {
        "user_task_execution_pk": run.execution_pk,
        "session_id": run.session_id,
    }
    async with Steering(_Progress(), mojodex, run) as steering:
        while True:
            steered = await steering.next_halt()
            last = steered.run.step_executions[-1] if steered.run.step_executions else None
            if last is None or steered.run.state is RunState.DONE:
                state = steering.state
                text = state.draft.body if state is not None and state.draft is not None else ""
                return _tell(order, Exit.DONE, about, text=text)
            about["step"] = last.step_name or last.step_name_for_user
            if last.error_status is not None:
                return _tell(order, Exit.FAILED, about, error=last.error_status.text)
            if not order.says_yes or steered.run.state is not RunState.WAITING:
                about["result"] = last.result
                words = "\n".join(f"- {line_of_item(item)}" for item in last.result_items)
                return _tell(order, Exit.WAITS, about, question=words)
            pk = last.user_workflow_step_execution_pk
            await mojodex.workflows.validate(steered, pk)


class _Progress:
    """Tells on standard error how a run goes; nobody answers there."""

    def say(self, line: str = "") -> None:
        """Print a line."""
        sys.stderr.write(f"{line}\n")

    def is_about(self, run: Run) -> None:
        """Note nothing: there is no screen to show it on."""

    async def ask(
        self,
        prompt: str,
        *,
        secret: bool = False,  # noqa: ARG002 - nobody sees it
        careful: bool = False,  # noqa: ARG002 - nobody types
    ) -> str:
        """Ask nobody."""
        raise Misused(f"Nobody is there to answer: {prompt.strip()}")
