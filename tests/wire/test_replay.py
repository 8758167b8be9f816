"""The client works with what an original server said, whatever that was."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from mojodex_tui.client import http
from mojodex_tui.state.session import Drafted, Phase, Said
from mojodex_tui.wire.base import CLIENT_VERSION
from mojodex_tui.wire.events import (
    DraftMessage,
    ErrorReported,
    MojoMessage,
    ServerEvent,
    parse_event,
)
from mojodex_tui.wire.heard import Channel, Resynchronise
from tests.wire.recording import SCENARIOS
from tests.wire.replay import Outage, Replay, replaying
from tests.wire.replay_actor import Listening
from tests.wire.replay_answers import Fault
from tests.wire.replay_driver import Tally, Walk, walk
from tests.wire.replay_gaps import NEVER_CALLED, gap_of
from tests.wire.replay_script import (
    TOKENS,
    Asked,
    Script,
    Uttered,
    script,
    thinned,
    thrice,
    up_to,
)

TALLIES: Final[Mapping[str, Tally]] = {
    "00_socketio_raw_frames": Tally(asked=2, passed=5),
    "01_auth": Tally(asked=14, passed=20),
    "02_user_tasks": Tally(asked=8, passed=19),
    "03_instruct_form": Tally(asked=30, passed=15),
    "04_instruct_chat": Tally(asked=21, passed=17),
    "04b_instruct_odd_replies": Tally(asked=32, passed=0),
    "04c_message_date_timezone": Tally(asked=15, passed=2),
    "05_ack_and_resend": Tally(asked=24, passed=0),
    "05b_unacked_draft_moves_end_date": Tally(asked=6, passed=0),
    "06_user_edits": Tally(asked=33, passed=11),
    "07a_workflow_create": Tally(asked=1, passed=13),
    "07b_workflow_run": Tally(asked=28, passed=4),
    "07c_workflow_restart": Tally(asked=10, passed=2),
    "07d_workflow_llm_failure": Tally(asked=17, passed=2),
    "07e_workflow_no_validation": Tally(asked=13, passed=0),
    "07f_workflow_three_steps": Tally(asked=20, passed=2),
    "08_todos": Tally(asked=24, passed=34),
    "09_errors": Tally(asked=22, passed=76),
    "10_misc": Tally(asked=13, passed=17),
}
"""How many requests of each recording are made, and never made."""

EXTRAS: Final[Mapping[tuple[str, str], str]] = {
    ("GET", "/user_task"): "the catalogue is asked for on both platforms at once",
    ("GET", "/user_workflow"): "a server whose tasks tell no steps may be an older one",
    ("GET", "/todo_view"): "our own backend is asked for more than lists, which others do not have",
    ("POST", "/timezone"): "a client tells its clock on its own, also with a token that is no good",
    ("GET", "/user_task_execution"): "a form that was begun is taken up again if it is unfinished",
}
"""What our client asks beyond what was recorded."""

REFUSED: Final[Mapping[str, list[str]]] = {
    "00_socketio_raw_frames": ["expired token", "garbage token", "bad signature"],
    "01_auth": ["garbage", "expired", "bad signature", "polling bad"],
}
"""The connections refused in a recording, but for those without a token, which we never try."""

UNLIKE: Final[Mapping[str, str]] = {
    "06_user_edits line 67: the draft": "a second text was saved, which our client never does",
    "06_user_edits line 146: the draft": "the text was deleted, of which no event tells",
    "06_user_edits line 162: the draft": "the text was deleted, of which no event tells",
    "07b_workflow_run line 107: the conversation": "a workflow's result comes without its message",
    "07e_workflow_no_validation line 28: the conversation": (
        "a workflow's result comes without its message"
    ),
    "09_errors line 32: the draft": "another user attached a text, of which no event tells",
}
"""Where what was heard cannot be what the server tells when asked, with the reason."""

_UNANSWERED: Final = "the recorded client stayed silent, to be sent copies"

OTHER_ACKS: Final[Mapping[str, str]] = {
    "05_ack_and_resend line 20": _UNANSWERED,
    "05_ack_and_resend line 21": _UNANSWERED,
    "05_ack_and_resend line 22": _UNANSWERED,
    "05_ack_and_resend line 88": _UNANSWERED,
    "05_ack_and_resend line 106": "empty, which does not count",
    "05_ack_and_resend line 108": "empty, which does not count",
    "05_ack_and_resend line 126": "null, which does not count",
    "05_ack_and_resend line 128": "null, which does not count",
    "05_ack_and_resend line 146": "without the session, which does not count",
    "05_ack_and_resend line 148": "without the session, which does not count",
    "05_ack_and_resend line 166": "a draft by its message, which does not count",
    "05_ack_and_resend line 168": "a draft by its message, which does not count",
    "05_ack_and_resend line 186": "a draft by both keys, which does not count",
    "05_ack_and_resend line 188": "a draft by both keys, which does not count",
    "05_ack_and_resend line 206": "of another version, which does not count",
    "05_ack_and_resend line 208": "of another version, which does not count",
    "05_ack_and_resend line 226": "the version as text, which counts; ours is a number",
    "05_ack_and_resend line 278": "one of two clients stayed silent",
    "05b_unacked_draft_moves_end_date line 18": _UNANSWERED,
    "05b_unacked_draft_moves_end_date line 21": _UNANSWERED,
    "05b_unacked_draft_moves_end_date line 24": _UNANSWERED,
}
"""Recorded acknowledgements that are not like ours, on purpose, with the reason."""

UNENDED: Final[Mapping[str, str]] = {
    "03_instruct_form 8f4123": "a placeholder: tokens come, and no message ever",
    "04b_instruct_odd_replies 2ddb76": "the model's reply was empty, of which no event tells",
    "05_ack_and_resend 48447c": "the client left before the draft",
    "09_errors a3416b": "another user's message was announced, then refused to them",
    "10_misc e481b7": "a message was announced, then refused over HTTP",
    "10_misc 1df99e": "a voice message was announced, then refused over HTTP",
}
"""Sessions whose last generation has no end that an event would tell, with the reason."""

SLIPPED: Final[Mapping[str, str]] = {
    "Sure! Here it is: <execution><title>T</title><draft>D</draft></execution> Anything else?": (
        "Sure! Here it is: T\nD Anything else?"
    ),
}
"""Tokens with tags in them, and what may be shown of them."""

SPOKEN: Final = [
    "03_instruct_form",
    "04_instruct_chat",
    "05_ack_and_resend",
    "06_user_edits",
    "07b_workflow_run",
]
"""Recordings with both messages and tokens."""

TAG_LIKE: Final = re.compile(
    r"</?(?:user_language|execution|title|draft|ask_|missing_|task_pk|message_to_user|user_instr)"
    r"|</?[a-z_]*$"
)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_recording_is_understood(
    scenario: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with replaying(script(scenario)) as replay:
        made = await walk(replay, tmp_path)
    assert made.tally == TALLIES[scenario]
    assert made.unlike == [where for where in UNLIKE if where.startswith(f"{scenario} ")]
    assert {call.key[1:3] for call in replay.unrecorded} <= set(EXTRAS)
    assert made.refused == REFUSED.get(scenario, [])
    check(replay, made)
    assert busy(made) == [where for where in UNENDED if where.startswith(f"{scenario} ")]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("change", [thrice, thinned])
@pytest.mark.parametrize("scenario", SPOKEN)
async def test_copies_and_missing_tokens_change_nothing(
    scenario: str, change: Callable[[Script], Script], tmp_path: Path
) -> None:
    played = change(script(scenario))
    assert len(played.steps) != len(script(scenario).steps)
    async with replaying(played) as replay:
        made = await walk(replay, tmp_path)
    assert made.unlike == [where for where in UNLIKE if where.startswith(f"{scenario} ")]
    check(replay, made)


@dataclass(frozen=True)
class Interrupted:
    """A recording in which the connection breaks."""

    scenario: str
    end: int
    """The `seq` before which the replay ends."""
    outage: Outage


INTERRUPTIONS: Final = {
    "within a draft": Interrupted("03_instruct_form", 75, Outage(after=30, until=40)),
    "until the draft is whole": Interrupted("03_instruct_form", 75, Outage(after=30, until=57)),
    "past the draft": Interrupted("03_instruct_form", 75, Outage(after=30)),
    "just as the draft is sent": Interrupted("03_instruct_form", 75, Outage(after=57)),
    "within an answer": Interrupted("04_instruct_chat", 52, Outage(after=15, until=20)),
    "past the answer": Interrupted("04_instruct_chat", 52, Outage(after=15)),
}


@pytest.mark.parametrize("interrupted", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
async def test_nothing_is_lost_or_doubled_by_an_interruption(
    interrupted: Interrupted, tmp_path: Path
) -> None:
    played = up_to(script(interrupted.scenario), interrupted.end)
    async with replaying(played, outage=interrupted.outage) as replay:
        made = await walk(replay, tmp_path, troubled=True)
    check_joins(replay)
    check_acks(replay)
    (listening,) = made.actors[0].sessions.values()
    assert [said["session_id"] for _, said in replay.joins if isinstance(said, dict)] == (
        [listening.session_id] * 2
    )
    assert listening.events.count(Resynchronise(listening.session_id)) == 1
    whole = [one for one in listening.events if isinstance(one, MojoMessage | DraftMessage)]
    assert whole == [
        parse_event(one.event, one.payload) for one in heard_by(listening, played) if one.ack
    ]
    for text in listening.shown:
        assert not TAG_LIKE.search(text), text
    check_state(listening)
    assert made.unlike == []


@dataclass(frozen=True)
class Troubled:
    """A recording in which one try of one request goes wrong."""

    scenario: str
    end: int
    """The `seq` before which the replay ends."""
    method: str
    path: str
    faults: tuple[Fault, ...]
    """What goes wrong, one for each such request."""
    calls: int
    """How many such requests must have been made at the end."""


CUT, SILENT, FAILED = (Fault.CUT,), (Fault.SILENT,), (Fault.FAILED,)

TROUBLES: Final = {
    # A message has a key: it is sent again until there is an answer.
    "message, 500": Troubled("04_instruct_chat", 28, "PUT", "/user_message", FAILED, 2),
    "message, cut": Troubled("04_instruct_chat", 28, "PUT", "/user_message", CUT, 2),
    "message, timeout": Troubled("04_instruct_chat", 28, "PUT", "/user_message", SILENT, 2),
    # A run and an edit have none: they are sent again only if they did not arrive.
    "run, 500": Troubled("03_instruct_form", 61, "POST", "/user_task_execution_run", FAILED, 2),
    "run, cut": Troubled("03_instruct_form", 61, "POST", "/user_task_execution_run", CUT, 1),
    "run, timeout": Troubled("03_instruct_form", 61, "POST", "/user_task_execution_run", SILENT, 1),
    "edit, 500": Troubled("06_user_edits", 36, "POST", "/produced_text", (Fault.NONE, *FAILED), 3),
    "edit, cut": Troubled("06_user_edits", 31, "POST", "/produced_text", CUT, 1),
    "edit, timeout": Troubled("06_user_edits", 31, "POST", "/produced_text", SILENT, 1),
}


@pytest.mark.parametrize("troubled", TROUBLES.values(), ids=TROUBLES)
async def test_what_the_user_wrote_arrives_once_whatever_goes_wrong(
    troubled: Troubled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_PATIENCE", 0.5)
    played = up_to(script(troubled.scenario), troubled.end)
    call = troubled.method, troubled.path
    async with replaying(played, faults={call: [*troubled.faults]}) as replay:
        made = await walk(replay, tmp_path, troubled=True)
    check(replay, made)
    calls = [one for one in replay.calls if one.key[1:3] == call]
    assert len(calls) == troubled.calls
    assert len({str(one.fields.get("message_id")) for one in calls}) == 1
    assert made.unlike == []


def test_every_gap_is_one() -> None:
    asked = [step for one in SCENARIOS for step in script(one).steps if isinstance(step, Asked)]
    routes = [step.exchange.route for step in asked if gap_of(step, {}) is not None]
    for route, reason in NEVER_CALLED:
        assert route in routes, reason


def test_acknowledgements_are_like_the_recorded_ones() -> None:
    others = [
        f"{scenario} line {one.uttered.seq}"
        for scenario in SCENARIOS
        for one in script(scenario).acks
        if one.args != [one.uttered.ack]
    ]
    assert others == list(OTHER_ACKS)


def busy(made: Walk) -> list[str]:
    """Return the sessions in which the assistant still seems to be at work."""
    return [
        f"{made.replay.script.name} {one.session_id[:6]}"
        for actor in made.actors
        for one in actor.sessions.values()
        if one.state.phase is not Phase.IDLE
    ]


def check(replay: Replay, made: Walk) -> None:
    """All that was said was understood."""
    check_joins(replay)
    check_acks(replay)
    for actor in made.actors:
        for listening in actor.sessions.values():
            check_events(listening, replay.script)
            check_texts(listening, replay.script)
            check_state(listening)


def check_joins(replay: Replay) -> None:
    """Sessions are joined as the protocol wants it."""
    for _, said in replay.joins:
        assert isinstance(said, dict)
        assert said == {"session_id": said["session_id"], "version": CLIENT_VERSION}


def check_acks(replay: Replay) -> None:
    """Every whole message was acknowledged, each copy of it too."""
    for delivery in replay.deliveries:
        assert delivery.is_void or delivery.ack == [delivery.uttered.ack]


def heard_by(listening: Listening, played: Script) -> list[Uttered]:
    """Return what was said while it was listened to."""
    return played.uttered(listening.session_id, listening.since, listening.until)


def check_events(listening: Listening, played: Script) -> None:
    """All that was said was heard, in its order, and nothing twice."""
    expected: list[ServerEvent] = []
    for uttered in heard_by(listening, played):
        event = parse_event(uttered.event, uttered.payload)
        if uttered.event not in TOKENS and not (uttered.ack and event in expected):
            expected.append(event)
    assert listening.events == expected


def check_texts(listening: Listening, played: Script) -> None:
    """What grew is what was said last, and never showed a tag."""
    for text in listening.shown:
        assert not TAG_LIKE.search(text), text
    expected: list[dict[Channel, str]] = []
    grown: dict[Channel, str] = {}
    whole: set[str] = set()
    for uttered in heard_by(listening, played):
        match parse_event(uttered.event, uttered.payload):
            case MojoMessage() | DraftMessage() as event:
                if repr(event) not in whole:
                    whole.add(repr(event))
                    expected.append(grown)
                    grown = {}
            case ErrorReported():
                expected.append(grown)
                grown = {}
            case _:
                grown |= _token_texts(uttered)
    assert [
        {channel: text for channel, text in growing.items() if text}
        for growing, _ in listening.grown
    ] == [{channel: text for channel, text in one.items() if text} for one in expected]


def _token_texts(uttered: Uttered) -> dict[Channel, str]:
    """Return the texts of a token, without the beginning of a tag at their end."""
    said = uttered.payload
    assert isinstance(said, dict)
    match uttered.event:
        case "mojo_token":
            texts = {Channel.MESSAGE: said["text"]}
        case "draft_token":
            texts = {
                Channel.DRAFT_TITLE: said["produced_text_title"] or "",
                Channel.DRAFT_BODY: said["produced_text"],
            }
        case _:
            texts = {}
    return {
        channel: re.sub(r"</?[a-z_]*$", "", SLIPPED.get(str(text), str(text)))
        for channel, text in texts.items()
    }


def check_state(listening: Listening) -> None:
    """The screen shows every message once, and the last draft."""
    state = listening.state
    pks = [entry.message_pk for entry in state.entries if isinstance(entry, Said | Drafted)]
    assert len(pks) == len(set(pks))
    for entry in state.entries:
        assert not isinstance(entry, Said) or not TAG_LIKE.search(entry.text), entry
