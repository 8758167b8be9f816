"""What of the recordings our client does not do, each with its reason, and where it differs.

Whatever stands here is passed over in a replay; what it made the server say is heard all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from mojodex_tui.wire import (
    accounts,
    background,
    catalog,
    devices,
    messages,
    produced_texts,
    products,
    sessions,
    todos,
    workflows,
)
from mojodex_tui.wire.base import CLIENT_VERSION
from mojodex_tui.wire.route import Access
from mojodex_tui.wire.routes import AnyRoute
from tests.wire.recording import Exchange
from tests.wire.replay_script import Asked

NEVER_CALLED: Final[tuple[tuple[AnyRoute, str], ...]] = (
    (catalog.READ_TASK, "the list of tasks has all of it"),
    (sessions.CREATE_SESSION, "sessions come with their executions"),
    (sessions.LIST_SESSIONS, "sessions are found through their executions"),
    (sessions.DELETE_SESSION, "executions are deleted, not sessions"),
    (accounts.READ_ONBOARDING, "the program begins without a tour"),
    (products.LIST_PURCHASES, "a plan that is used up is told where it is missed (402)"),
    (devices.REPORT_ERROR, "nothing is reported without asking"),
    (produced_texts.LIST_PRODUCED_TEXTS, "original servers fail to answer"),
    (background.EXTRACT_TODOS, "the scheduler's"),
    (background.RESCHEDULE_TODOS, "the scheduler's"),
    (background.GENERATE_EVENTS, "the scheduler's"),
    (background.EMAIL_STATUS, "the scheduler's"),
    (background.PUSH_STATUS, "the scheduler's"),
    (workflows.RELAUNCH_LOCKED_STEPS, "the scheduler's"),
)
"""Routes the client has no use for."""


@dataclass(frozen=True)
class Gap:
    """Why a recorded request is not made."""

    reason: str


def gap_of(asked: Asked, executions: Mapping[str, int]) -> Gap | None:
    """Return why our client does not make a recorded request; `None` if it does.

    Args:
        asked: The request.
        executions: What each session is about, as far as it was told.
    """
    exchange = asked.exchange
    route = exchange.route
    if route is None:
        return Gap("no route of clients")
    for known, reason in NEVER_CALLED:
        if route is known:
            return Gap(reason)
    if (unsound := _unsound(exchange, route)) is not None:
        return Gap(unsound)
    if route is messages.SEND_MESSAGE and not asked.has_files and "text" not in exchange.fields:
        return Gap("a message has a text, or goes with its recording every time")
    in_task = "user_task_execution_pk" in exchange.fields or executions.get(
        str(exchange.fields.get("session_id"))
    )
    is_home = exchange.fields.get("origin") == messages.Origin.HOME_CHAT
    if route is messages.SEND_MESSAGE and not in_task and not is_home:
        return Gap("what is said without a task goes to the home chat")
    return None


NARROWER: Final[Mapping[str, str]] = {
    "user_task_pks": "the history is not filtered by task",
    "offset_direction": "the history of a session is only read towards its beginning",
    "use_message_placeholder": "placeholders store nothing",
    "use_draft_placeholder": "placeholders store nothing",
    "message_pk": "a message is known by its own key alone",
}
"""Fields our client does not send."""


ALWAYS: Final = frozenset({"datetime", "platform", "version", "origin", "login_method"})
"""Fields that a recorded request may lack without asking for something else."""


def _unsound(exchange: Exchange, route: AnyRoute) -> str | None:
    """Return why no sound client makes a request at all."""
    fields = exchange.fields
    if route.access is Access.USER and not _is_token(exchange.secret):
        return "without a token nothing is asked"
    if exchange.placement != route.placement:
        return "sent in another way"
    if route is not messages.SEND_MESSAGE and "datetime" not in fields:
        return "a call always has a date"
    try:
        written = route.request.model_validate(fields).to_wire()
    except ValidationError:
        return "a call always has its fields, of their types"
    if {name for name, value in written.items() if value is not None} - set(fields) - ALWAYS:
        return "a call always has its fields, of their types"
    if fields.get("version", CLIENT_VERSION) != CLIENT_VERSION:
        return "a call always says a version that can be read"
    for name, reason in NARROWER.items():
        if name in fields:
            return reason
    return _unasked(exchange, route)


def _unasked(exchange: Exchange, route: AnyRoute) -> str | None:
    """Return why our client does not ask in this way."""
    fields = exchange.fields
    if route is accounts.LOGIN and "password" not in fields:
        return "people sign in with a password"
    if route is accounts.LOGIN and fields.get("login_method") != "email_password":
        return "people sign in with a password"
    if route is accounts.REGISTER and "language_code" in fields:
        return "an account is made in the server's language"
    if route is catalog.LIST_TASKS:
        if fields.get("platform", "webapp") not in {"webapp", "mobile"}:
            return "only known platforms are named"
        if fields.get("offset", "0") != "0":
            return "pages follow whole pages"
    if route is messages.LIST_MESSAGES and "user_task_execution_pk" in fields:
        return "the history of a session is read as a whole"
    if route is messages.SEND_MESSAGE and fields.get("origin", "task") not in set(messages.Origin):
        return "a message is about a task, or in the home chat"
    if route is todos.LIST_TODOS or route is todos.MARK_TODOS:
        return _unasked_of_todos(exchange, route)
    if route is workflows.EDIT_STEP_RESULT and not _is_result(fields.get("result")):
        return "a result is a list of objects"
    if route is produced_texts.SAVE_PRODUCED_TEXT and "produced_text_pk" not in fields:
        return "a user writes versions of a text the assistant made"
    return None


def _unasked_of_todos(exchange: Exchange, route: AnyRoute) -> str | None:
    """Return why our client does not ask about To-Dos in this way."""
    fields = exchange.fields
    if route is todos.MARK_TODOS:
        is_one = fields.get("mark_as_done", False) is not fields.get("mark_as_read", False)
        return None if is_one and "todo_pk" in fields else "To-Dos are marked one by one"
    if fields.keys() & {"n_todos", "offset"}:
        return "pages follow whole pages"
    told = exchange.body
    rows = told.get("todos") if isinstance(told, dict) else None
    if "user_task_execution_fk" in fields and not rows:
        return "only executions that are listed with To-Dos are asked for theirs"
    return None


def _is_result(value: object) -> bool:
    """Whether something can be the result of a step (§6.1)."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_token(secret: str) -> bool:
    """Whether something is a token, good or bad."""
    return bool(secret) and not secret.startswith("Bearer ") and "SECRET" not in secret
