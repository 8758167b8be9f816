"""The models read and write what an original server and its clients did."""

import ast
import json
import re
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue

import mojodex_tui.wire
from mojodex_tui.wire.accounts import LOGIN, NewPasswordRequest
from mojodex_tui.wire.base import CLIENT_VERSION, WireModel
from mojodex_tui.wire.catalog import READ_TASK, UserTask
from mojodex_tui.wire.events import (
    START_SESSION,
    ConnectAuth,
    ConnectRefusal,
    StartSession,
    UnknownEvent,
    ack_of,
    parse_ack,
    parse_event,
)
from mojodex_tui.wire.executions import (
    DeletedExecution,
    InputValue,
    RunExecutionRequest,
    joined_pks,
    numbered_input,
)
from mojodex_tui.wire.messages import DraftContent, MessagePage, SentMessage
from mojodex_tui.wire.produced_texts import Version
from mojodex_tui.wire.resources import EditResourceRequest
from mojodex_tui.wire.route import Access, Placement
from mojodex_tui.wire.routes import ROUTES
from mojodex_tui.wire.steps import ErrorStatus, StepExecution
from tests.wire.recording import SCENARIOS, exchanges, of_type

NOT_OURS = {
    ("GET", "/"): "a greeting in plain text",
    ("OPTIONS", "/user_task"): "browsers ask it, not clients",
    ("GET", "/socket.io/"): "the handshake of Socket.IO",
    ("POST", "/socket.io/"): "the handshake of Socket.IO",
    ("GET", "/task"): "back office",
    ("PUT", "/task"): "back office",
    ("GET", "/text_type"): "back office",
    ("POST", "/text_type"): "back office",
    ("PUT", "/text_edit_action"): "back office",
    ("PUT", "/product_task_association"): "back office",
}
"""What was recorded with success and is no route of clients, with the reason."""

UNREAD_ACKS: list[JsonValue] = [
    [],
    [None],
    [{"produced_text_version_pk": 23}],
]
"""The recorded acknowledgements that count for nothing."""


UNREAD_INPUTS: list[JsonValue] = ["{}"]
"""Accepted by an original server, which then fails to list the user's executions: we refuse it."""


UNGUARDED = {"/extract_todos", "/reschedule_todo", "/events_generation"}
"""What an original background service does for anybody; ours wants the scheduler's secret."""


def meaning(key: str, value: JsonValue) -> JsonValue:
    """Return a request's value as servers understand it, whichever way it was written."""
    if key == "inputs":
        return cast("JsonValue", json.loads(str(value)))
    if key == "message_date":
        return datetime.fromisoformat(str(value)).replace(tzinfo=None).isoformat()
    if key == "timezone_offset":
        return int(str(value))
    return value if isinstance(value, str) else json.dumps(value)


def keys_of(model: type[WireModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_request_is_read_by_the_model_of_its_route(scenario: str) -> None:
    for exchange in exchanges(scenario):
        route = exchange.route
        if not exchange.good or route is None or exchange.fields.get("inputs") in UNREAD_INPUTS:
            continue
        assert exchange.placement == route.placement, exchange.where
        assert set(exchange.fields) <= keys_of(route.request), exchange.where
        written = route.request.model_validate(exchange.fields).to_wire()
        for key, sent in exchange.fields.items():
            assert meaning(key, written[key]) == meaning(key, sent), f"{exchange.where}: {key}"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_answer_is_read_and_written_without_loss(scenario: str) -> None:
    for exchange in exchanges(scenario):
        route = exchange.route
        if not exchange.good or route is None or route.media:
            continue
        assert route.response.model_validate(exchange.body).to_wire() == exchange.body, (
            exchange.where
        )


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_route_that_answered_is_known(scenario: str) -> None:
    for exchange in exchanges(scenario):
        if exchange.good and exchange.route is None:
            assert (exchange.method, exchange.path) in NOT_OURS, exchange.where


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_route_was_opened_by_the_secret_it_names(scenario: str) -> None:
    openers = {
        Access.USER: ("<TOKEN:",),
        Access.SCHEDULER: ("<SCHEDULER_SECRET>", "<WEBAPP_SECRET>"),
        Access.NOBODY: ("",),
    }
    for exchange in exchanges(scenario):
        route = exchange.route
        if exchange.good and route and route.path not in UNGUARDED:
            assert exchange.secret.startswith(openers[route.access]), exchange.where
            assert bool(exchange.secret) == (route.access is not Access.NOBODY), exchange.where


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_event_is_read_and_written_without_loss(scenario: str) -> None:
    for line in of_type(scenario, "sio_event"):
        name, args = str(line["event"]), line["args"]
        assert isinstance(args, list)
        event = parse_event(name, args[0])
        assert not isinstance(event, UnknownEvent), f"{scenario} line {line['seq']}: {event}"
        assert event.event == name
        assert [event.to_wire()] == args, f"{scenario} line {line['seq']}"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_asks_for_an_acknowledgement_gets_one(scenario: str) -> None:
    for line in of_type(scenario, "sio_event"):
        args = line["args"]
        assert isinstance(args, list)
        event = parse_event(str(line["event"]), args[0])
        assert (ack_of(event) is not None) == (line.get("ack_id") is not None)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_acknowledgement_is_read(scenario: str) -> None:
    for line in of_type(scenario, "sio_ack_sent"):
        args = line["args"]
        assert isinstance(args, list)
        ack = parse_ack(args[0] if args else None)
        if ack is None:
            assert args in UNREAD_ACKS
            continue
        sent = args[0]
        assert isinstance(sent, dict)
        for key, value in ack.to_wire().items():
            assert str(value) == str(sent[key])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_emitted_event_is_the_one_we_know(scenario: str) -> None:
    for line in of_type(scenario, "sio_emit"):
        args = line["args"] if "args" in line else [line["data"]]
        assert line["event"] == START_SESSION
        assert isinstance(args, list)
        assert [StartSession.model_validate(args[0]).to_wire()] == args


def frames(direction: str, kind: str) -> list[JsonValue]:
    """Return what the raw frames of one kind carry."""
    found = []
    for line in of_type("00_socketio_raw_frames", f"ws_frame_{direction}"):
        frame = re.fullmatch(rf"{kind}(?=[\[{{])(.*)", str(line["data"]), re.DOTALL)
        if frame:
            found.append(json.loads(frame[1]))
    return found


def test_raw_events_are_read_and_written_without_loss() -> None:
    bare = 0
    received = frames("received", r"42\d*")
    for frame in received:
        assert isinstance(frame, list)
        name, payload = frame
        event = parse_event(str(name), payload)
        assert not isinstance(event, UnknownEvent)
        if isinstance(payload, str):
            bare += 1
            payload = {"error": payload, "session_id": None}
        assert event.to_wire() == payload
    assert bare == 2
    assert len(received) > 10


def test_raw_connections_and_refusals_are_read() -> None:
    tokens = [frame for frame in frames("sent", "40") if frame]
    assert tokens
    assert all(ConnectAuth.model_validate(frame).to_wire() == frame for frame in tokens)
    refusals = frames("received", "44")
    assert refusals
    assert all(ConnectRefusal.model_validate(frame).to_wire() == frame for frame in refusals)


def test_recordings_cover_what_clients_need_most() -> None:
    seen = Counter(
        exchange.route.path
        for scenario in SCENARIOS
        for exchange in exchanges(scenario)
        if exchange.good and exchange.route
    )
    assert sum(seen.values()) > 300
    assert {"/user", "/user_task", "/user_message", "/todos", "/message"} <= set(seen)


def test_routes_of_one_path_can_be_told_apart() -> None:
    plain = Counter((route.method, route.path) for route in ROUTES if route.picked_by is None)
    assert set(plain.values()) == {1}
    picked = [route for route in ROUTES if route.picked_by is not None]
    assert all(plain[route.method, route.path] == 1 for route in picked)
    assert all(route.picked_by in route.request.model_fields for route in picked)


def test_fields_travel_where_the_verb_puts_them() -> None:
    for route in ROUTES:
        in_query = route.placement is Placement.QUERY
        assert in_query == (route.method in {"GET", "DELETE"}), route
    forms = {route.path for route in ROUTES if route.placement is Placement.FORM}
    assert forms == {
        "/user_message",
        "/user_task_execution_run",
        "/restart_user_workflow_execution",
    }


def test_requests_say_who_we_are_and_leave_out_what_is_not_given() -> None:
    request = LOGIN.request(email="ada@example.com", password="x")
    assert request.to_wire() == {
        "datetime": "now",
        "platform": "webapp",
        "version": CLIENT_VERSION,
        "email": "ada@example.com",
        "login_method": "email_password",
        "password": "x",
    }
    assert re.fullmatch(r"\d+(\.\d+)*", CLIENT_VERSION)


def test_secrets_are_not_shown() -> None:
    request = NewPasswordRequest(reset_token="hidden", new_password="hidden")
    assert "hidden" not in repr(request)
    assert request.to_wire()["Authorization"] == "hidden"
    assert NewPasswordRequest.model_validate(request.to_wire()) == request


def test_inputs_travel_as_one_json_string() -> None:
    inputs = (InputValue(input_name="topic", input_value="l'été"),)
    request = RunExecutionRequest(user_task_execution_pk=3, inputs=inputs)
    assert request.to_wire()["inputs"] == '[{"input_name": "topic", "input_value": "l\'été"}]'
    assert RunExecutionRequest.model_validate(request.to_wire()) == request
    with pytest.raises(ValueError, match="inputs"):
        RunExecutionRequest.model_validate({"user_task_execution_pk": 3, "inputs": "not JSON"})


def test_names_of_files_and_filters_are_built_as_servers_read_them() -> None:
    assert numbered_input("photos", 0) == "photos_0"
    assert joined_pks((2, 4)) == "2;4"
    assert joined_pks(()) is None


def test_null_lists_and_numbers_as_text_are_read() -> None:
    task = UserTask.model_validate({"task_pk": "3", "steps": None, "brand_new": 1})
    assert (task.task_pk, task.steps) == (3, ())
    assert DeletedExecution(user_task_execution_pk=41).to_wire() == {"user_task_execution_pk": "41"}


def test_an_unknown_kind_of_task_stays_readable() -> None:
    assert UserTask.model_validate({"task_pk": 1, "task_type": "dream"}).task_type == "dream"


def test_a_missing_version_is_one_null_key() -> None:
    assert Version.model_validate({"produced_text_version_pk": None}).to_wire() == {
        "produced_text_version_pk": None
    }
    untitled = Version(produced_text_version_pk=1, produced_text_title=None)
    assert untitled.to_wire() == {"produced_text_version_pk": 1, "produced_text_title": None}


def test_a_draft_in_the_history_keeps_its_null_title_and_type() -> None:
    draft: JsonValue = {
        "text": "None\nBody",
        "produced_text": "Body",
        "produced_text_title": None,
        "produced_text_pk": 1,
        "produced_text_version_pk": 2,
        "text_type": None,
    }
    row: JsonValue = {
        "message_pk": 9,
        "sender": "mojo",
        "message": draft,
        "audio": False,
        "in_error_state": False,
    }
    page = MessagePage.model_validate({"messages": [row]})
    assert isinstance(page.messages[0].message, DraftContent)
    assert page.to_wire() == {"messages": [row]}


def test_a_message_still_in_work_says_so() -> None:
    sent = SentMessage.model_validate({"status": "processing"})
    assert sent.is_processing
    assert sent.to_wire() == {"status": "processing"}
    assert not SentMessage(message_pk=1).is_processing


def test_pseudo_resources_have_names_for_keys() -> None:
    def key(sent: JsonValue) -> int | str:
        return EditResourceRequest.model_validate({"document_pk": sent, "edition": ""}).document_pk

    assert (key("12"), key("user_description")) == (12, "user_description")


def test_a_result_broken_by_an_edit_has_no_items() -> None:
    def items(result: JsonValue) -> tuple[object, ...]:
        body = {"workflow_step_pk": 1, "user_workflow_step_execution_pk": 1, "result": result}
        return StepExecution.model_validate(body).result_items

    assert items([{"a": 1}, "letter"]) == ({"a": 1},)
    assert items("a text") == ()
    assert items(None) == ()


def test_both_kinds_of_step_failure_have_a_text() -> None:
    assert ErrorStatus(error="raised").text == "raised"
    assert ErrorStatus(message="locked").text == "locked"
    assert ErrorStatus().text


def test_only_catalog_items_asked_for_by_key_repeat_their_names() -> None:
    assert "user_task_name" in READ_TASK.response.model_fields
    assert "user_task_name" not in UserTask.model_fields


def test_the_package_imports_nothing_but_pydantic() -> None:
    allowed = {"pydantic", *sys.stdlib_module_names}
    for path in Path(mojodex_tui.wire.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                ours = name.startswith("mojodex_tui.wire")
                assert ours or name.partition(".")[0] in allowed, f"{path.name}: {name}"
