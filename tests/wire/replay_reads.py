"""What a server would answer to a question that was not recorded at that moment.

A screen asks when something has happened, a recorded client when it had a mind to. What nobody
asked then is answered from what was asked and said until now, as an original server answers it
(wire protocol §3.5, §4.2, §7.1). Tests compare this with what such servers were recorded to answer.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from operator import itemgetter
from typing import Any, Final, TypeAlias

from pydantic import JsonValue

from mojodex_tui.wire import executions, messages, produced_texts, todos, workflows
from mojodex_tui.wire.base import JsonObject
from tests.wire.recording import Exchange
from tests.wire.replay_script import Asked, Key, Script, Uttered

Row: TypeAlias = dict[str, Any]
"""An object of the wire, as it is written."""

_TEXT: Final = (
    "produced_text_pk",
    "produced_text_title",
    "produced_text_production",
    "produced_text_version_pk",
)


class Reads:
    """What the server knows.

    Args:
        script: The recording; what never changes of an execution is taken from all of it.
    """

    def __init__(self, script: Script) -> None:
        self._blank: dict[int, Row] = {}
        """Of each task, an execution that has not begun."""
        self.tells_unbegun = True
        """Whether executions are told of that were not run yet: a client takes those up again."""
        self._forms: dict[int, list[Row]] = {}
        self._owner: dict[int, str] = {}
        self._executions: dict[int, Row] = {}
        self._messages: defaultdict[str, list[Row]] = defaultdict(list)
        """Of each session, the newest first."""
        self._todos: dict[int, Row] = {}
        self._owners_of_todos: dict[int, str] = {}
        for step in script.steps:
            if isinstance(step, Asked) and _is_one(step.exchange) and step.exchange.good:
                body = _object(step.exchange.body)
                self._blank.setdefault(body["user_task_pk"], _unbegun(body))

    # --- what happens ----------------------------------------------------------------------

    def take(self, exchange: Exchange) -> None:
        """Take in what was asked and answered."""
        if not exchange.good:
            return
        route, fields = exchange.route, exchange.fields
        if _is_one(exchange):
            body = deepcopy(_object(exchange.body))
            pk = body["user_task_execution_pk"]
            self._executions[pk] = body
            self._owner[pk] = exchange.secret
        elif route is executions.CREATE_EXECUTION:
            self._begin(_object(exchange.body), int(str(fields["user_task_pk"])), exchange.secret)
        elif route is executions.DELETE_EXECUTION:
            self._executions.pop(int(str(fields["user_task_execution_pk"])), None)
        elif route is messages.LIST_MESSAGES and not {"offset", "n_messages"} & fields.keys():
            self._messages[str(fields["session_id"])] = list(_object(exchange.body)["messages"])
        elif route is messages.SEND_MESSAGE:
            self._add_message(str(fields["session_id"]), "user", _object(exchange.body))
        elif route is todos.LIST_TODOS:
            for row in _object(exchange.body)["todos"]:
                self._todos[row["todo_pk"]] = dict(row)
                self._owners_of_todos[row["todo_pk"]] = exchange.secret
        elif route is todos.DELETE_TODO:
            self._todos.pop(int(str(fields["todo_pk"])), None)
        elif route is todos.MARK_TODOS:
            self._mark(fields)
        else:
            self._decide(exchange)

    def _mark(self, fields: JsonObject) -> None:
        """Take in that To-Dos were done or read."""
        what = "completed" if fields.get("mark_as_done") else "read_by_user"
        for pk, row in self._todos.items():
            of_execution = fields.get("user_task_execution_pk", row["user_task_execution_fk"])
            if fields.get("todo_pk", pk) == pk and row["user_task_execution_fk"] == of_execution:
                row[what] = row[what] or fields["datetime"]

    def _begin(self, created: Row, user_task_pk: int, secret: str) -> None:
        """Make an execution, which is listed once it has started."""
        pk = created["user_task_execution_pk"]
        self._forms[pk] = created["json_input"]
        blank = self._blank.get(user_task_pk)
        if blank is not None:
            same = {"user_task_execution_pk": pk, "session_id": created["session_id"]}
            self._executions[pk] = deepcopy(blank) | same
            self._owner[pk] = secret

    def _decide(self, exchange: Exchange) -> None:
        """Take in what was decided about an execution, its steps, or its text."""
        route, fields = exchange.route, exchange.fields
        step_pk = fields.get("user_workflow_step_execution_pk")
        if route in (executions.RUN_EXECUTION, workflows.RESTART_WORKFLOW):
            execution = self._executions.get(int(str(fields["user_task_execution_pk"])))
            if execution is not None:
                execution["start_date"] = execution["start_date"] or fields["datetime"]
                execution["json_inputs_values"] = self._filled(fields)
        elif route is produced_texts.SAVE_PRODUCED_TEXT:
            saved = _object(exchange.body)
            for execution in self._executions.values():
                if execution["produced_text_pk"] == saved["produced_text_pk"]:
                    said = {"produced_text_production": fields["production"]}
                    said["produced_text_title"] = fields.get("title")
                    _deliver(execution, saved | said)
        elif route is workflows.JUDGE_STEP and fields["validated"]:
            self._change_step(step_pk, validated=True)
        elif route is workflows.EDIT_STEP_RESULT:
            self._change_step(step_pk, result=fields["result"])

    def _filled(self, fields: JsonObject) -> list[Row] | None:
        """Return a form with what was given; `None` if that is nothing (§3.3)."""
        given = {one["input_name"]: one["input_value"] for one in json.loads(str(fields["inputs"]))}
        pk = int(str(fields["user_task_execution_pk"]))
        form = self._executions[pk]["json_inputs_values"] or self._forms.get(pk, [])
        filled = [one | {"value": given.get(one["input_name"], one.get("value"))} for one in form]
        return filled if given else None

    def hear(self, uttered: Uttered) -> None:
        """Take in what the server said."""
        if not isinstance(uttered.payload, dict):
            return
        said: Row = dict(uttered.payload)
        session_id = str(said.get("session_id"))
        if uttered.ack is not None:
            self._add_message(session_id, "mojo", dict(said))
        of_session = [one for one in self._executions.values() if one["session_id"] == session_id]
        if of_session:
            del said["session_id"]
            self._hear_of(of_session[0], uttered.event, said)

    def _hear_of(self, execution: Row, event: str, said: Row) -> None:
        """Take in what the server said about an execution."""
        match event:
            case "user_task_execution_title":
                execution["title"] = said["title"]
            case "user_task_execution_start":
                execution["start_date"] = said["start_date"]
            case "workflow_step_execution_started":
                steps = execution["step_executions"]
                steps[:] = [one for one in steps if one["error_status"] is None]
                steps.append(said)
            case "workflow_step_execution_ended":
                execution["step_executions"][:] = [
                    said if _pk(one) == _pk(said) else one for one in execution["step_executions"]
                ]
            case "workflow_step_execution_invalidated":
                steps = execution["step_executions"]
                steps[:] = [one for one in steps if _pk(one) != _pk(said)]
            case "draft_message" | "workflow_execution_produced_text":
                _deliver(execution, said | {"produced_text_production": said["produced_text"]})

    def _change_step(self, pk: JsonValue, **changes: JsonValue) -> None:
        for execution in self._executions.values():
            for step in execution.get("step_executions") or ():
                if _pk(step) == pk:
                    step.update(changes)

    def _add_message(self, session_id: str, sender: str, said: Row) -> None:
        row = {"message_pk": said["message_pk"], "sender": sender, "message": said}
        row |= {"audio": False, "in_error_state": False}
        rows = self._messages[session_id]
        rows[:] = [row, *(one for one in rows if one["message_pk"] != row["message_pk"])]

    # --- what is answered ------------------------------------------------------------------

    def answer(self, key: Key) -> JsonValue | None:
        """Return what is answered to a question; `None` if nothing is known of it."""
        secret, method, path, said = key
        fields = dict(said)
        match method, path:
            case "GET", "/user_task_execution" if "user_task_execution_pk" in fields:
                return self.execution(int(fields["user_task_execution_pk"]))
            case "GET", "/user_task_execution" if not fields.keys() - {"offset"}:
                rows = () if "offset" in fields else self._started(secret)
                return {"user_task_executions": list(rows)}
            case "GET", "/message" if fields.get("session_id") in self._sessions():
                rows = () if "offset" in fields else self._messages[fields["session_id"]]
                return {"messages": list(rows)}
            case "GET", "/todos":
                return {"todos": [*self._todos_of(secret, fields.get("user_task_execution_fk"))]}
            case _:
                return None

    def execution(self, pk: int) -> Row | None:
        """Return an execution as it is now; `None` if it is not known."""
        found = self._executions.get(pk)
        if found is None or (found["start_date"] is None and not self.tells_unbegun):
            return None
        return deepcopy(found)

    def _sessions(self) -> set[str]:
        return {*self._messages, *(one["session_id"] for one in self._executions.values())}

    def _started(self, secret: str) -> Iterable[Row]:
        for pk in sorted(self._executions, reverse=True):
            execution = self._executions[pk]
            if self._owner[pk] == secret and execution["start_date"] is not None:
                extras = {"deleted_by_user", "steps", "step_executions"}
                yield {name: value for name, value in execution.items() if name not in extras}

    def _todos_of(self, secret: str, execution_fk: str | None) -> list[Row]:
        rows = [
            row
            for pk, row in self._todos.items()
            if self._owners_of_todos[pk] == secret
            and (
                row["completed"] is None
                if execution_fk is None
                else str(row["user_task_execution_fk"]) == execution_fk
            )
        ]
        return sorted(rows, key=itemgetter("scheduled_date"))


def _is_one(exchange: Exchange) -> bool:
    return exchange.route is executions.READ_EXECUTION


def _object(body: JsonValue) -> Row:
    assert isinstance(body, dict)
    return body


def _pk(step: Row) -> JsonValue:
    pk: JsonValue = step["user_workflow_step_execution_pk"]
    return pk


def _unbegun(execution: Row) -> Row:
    """Return an execution as it was before it ran."""
    blank = deepcopy(execution)
    blank |= dict.fromkeys((*_TEXT, "title", "summary", "start_date", "end_date"))
    blank |= {"produced_text_version_index": 0, "json_inputs_values": None}
    if "step_executions" in blank:
        blank["step_executions"] = []
    return blank


def _deliver(execution: Row, said: Row) -> None:
    """Give an execution another version of its text."""
    is_new = execution["produced_text_version_pk"] != said["produced_text_version_pk"]
    execution |= {name: said[name] for name in _TEXT}
    execution["produced_text_version_index"] += is_new
