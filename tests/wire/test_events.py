"""Events and acknowledgements survive any payload, and any trip over the wire."""

import json
from datetime import UTC, timedelta, timezone
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter

from mojodex_tui.wire.events import (
    EVENT_MODELS,
    Ack,
    DraftAck,
    DraftMessage,
    ErrorReported,
    KnownEvent,
    MessageAck,
    MojoMessage,
    MojoToken,
    ServerEvent,
    UnknownEvent,
    ack_of,
    parse_ack,
    parse_event,
)
from mojodex_tui.wire.messages import SentFile
from mojodex_tui.wire.steps import ErrorStatus

json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
zones = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=st.none() | st.just(UTC) | zones)

STRATEGIES: dict[str, st.SearchStrategy[object]] = {
    "parameter": json_values,
    "result": json_values,
    "files": st.none() | st.lists(st.builds(SentFile, name=st.text()), max_size=3),
    "start_date": moments,
    "creation_date": st.none() | moments,
    "error_status": st.none()
    | st.builds(
        ErrorStatus,
        datetime=st.none() | st.text(),
        error=st.none() | st.text(),
        message=st.none() | st.text(),
    ),
}
"""How to make the fields whose type alone does not tell."""


def events_of(model: type[KnownEvent]) -> st.SearchStrategy[KnownEvent]:
    """Make events with every field set, or only some of those that may be left out."""
    required: dict[str, st.SearchStrategy[object]] = {}
    optional: dict[str, st.SearchStrategy[object]] = {}
    hints = get_type_hints(model)
    for name, field in model.model_fields.items():
        if name != "event":
            made = STRATEGIES[name] if name in STRATEGIES else st.from_type(hints[name])
            (required if field.is_required() else optional)[name] = made
    return st.fixed_dictionaries(required, optional=optional).map(model.model_validate)


events = st.sampled_from(sorted(EVENT_MODELS)).flatmap(lambda name: events_of(EVENT_MODELS[name]))
acks: st.SearchStrategy[Ack] = st.builds(
    MessageAck, session_id=st.text(), message_pk=st.integers(min_value=1)
) | st.builds(DraftAck, session_id=st.text(), produced_text_version_pk=st.integers())


@given(events)
def test_an_event_comes_back_as_it_went(event: KnownEvent) -> None:
    received = parse_event(event.event, json.loads(json.dumps(event.to_wire())))
    assert received == event
    assert received.to_wire() == event.to_wire()
    assert "event" not in event.to_wire()


@given(st.sampled_from([*EVENT_MODELS, "brand_new"]) | st.text(), json_values)
def test_no_payload_is_too_strange(name: str, payload: JsonValue) -> None:
    event = parse_event(name, payload)
    if isinstance(event, UnknownEvent):
        assert (event.name, event.payload) == (name, payload)
        assert (event.problem is None) == (name not in EVENT_MODELS)
    else:
        assert event.event == name


@pytest.mark.parametrize("payload", [b"\x00", object(), {1: 2}, {"session_id": b"\xff"}, (1, 2)])
@pytest.mark.parametrize("name", ["mojo_token", "brand_new"])
def test_payloads_that_are_no_json_are_kept_as_text(name: str, payload: object) -> None:
    event = parse_event(name, payload)
    assert isinstance(event, UnknownEvent)
    json.dumps(event.to_wire())


def test_the_models_are_the_union_and_know_their_names() -> None:
    assert set(EVENT_MODELS.values()) == set(get_args(KnownEvent))
    for name, model in EVENT_MODELS.items():
        assert model.model_fields["event"].default == name


def test_the_union_is_told_apart_by_the_name() -> None:
    adapter: TypeAdapter[ServerEvent] = TypeAdapter(ServerEvent)
    token = adapter.validate_python({"event": "mojo_token", "text": "Hi", "session_id": "s"})
    assert token == MojoToken(text="Hi", session_id="s")


def test_the_name_on_the_socket_wins_over_a_key_of_the_payload() -> None:
    event = parse_event("mojo_token", {"event": "error", "text": "Hi", "session_id": "s"})
    assert event == MojoToken(text="Hi", session_id="s")


def test_a_bare_error_is_an_error_without_session() -> None:
    assert parse_event("error", "Session x not found") == ErrorReported(error="Session x not found")


def test_what_is_wrong_with_a_payload_is_said() -> None:
    event = parse_event("mojo_message", {"session_id": "s", "message_pk": "many"})
    assert isinstance(event, UnknownEvent)
    assert event.problem is not None
    assert "text: Field required" in event.problem
    assert "message_pk: " in event.problem


@given(acks)
def test_an_ack_comes_back_as_it_went(ack: Ack) -> None:
    assert parse_ack(json.loads(json.dumps(ack.to_wire()))) == ack


@given(json_values)
def test_no_ack_is_too_strange(payload: JsonValue) -> None:
    parse_ack(payload)


@pytest.mark.parametrize(
    ("payload", "meaning"),
    [
        ({"session_id": "s", "message_pk": 4}, MessageAck(session_id="s", message_pk=4)),
        ({"session_id": "s", "message_pk": "4"}, MessageAck(session_id="s", message_pk=4)),
        (
            {"session_id": "s", "produced_text_version_pk": "7"},
            DraftAck(session_id="s", produced_text_version_pk=7),
        ),
        (
            {"session_id": "s", "message_pk": None, "produced_text_version_pk": 7},
            DraftAck(session_id="s", produced_text_version_pk=7),
        ),
        (
            {"session_id": "s", "message_pk": 4, "produced_text_version_pk": 7},
            MessageAck(session_id="s", message_pk=4),
        ),
        ({"session_id": "s", "message_pk": 4, "backend_event_manager": True}, None),
        ({"message_pk": 4}, None),
        ({"produced_text_version_pk": 7}, None),
        ({"session_id": "s"}, None),
        ({"session_id": "s", "message_pk": "four"}, None),
        ({}, None),
        (None, None),
        ("4", None),
    ],
)
def test_acks_count_as_on_an_original_server(payload: object, meaning: Ack | None) -> None:
    assert parse_ack(payload) == meaning


def test_messages_and_drafts_are_acknowledged_by_their_own_keys() -> None:
    message = MojoMessage(text="Hi", session_id="s", message_pk=4)
    draft = DraftMessage(
        produced_text="Body",
        produced_text_pk=6,
        produced_text_version_pk=7,
        session_id="s",
        message_pk=5,
    )
    assert ack_of(message) == MessageAck(session_id="s", message_pk=4)
    answer = ack_of(draft)
    assert answer is not None
    assert answer.to_wire() == {"session_id": "s", "produced_text_version_pk": 7}
    assert ack_of(MojoToken(text="H", session_id="s")) is None
