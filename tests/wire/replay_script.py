"""A recording as a script: what the client did, and what the server did because of it."""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeAlias, cast

from pydantic import JsonValue

from mojodex_tui.wire.base import JsonObject
from mojodex_tui.wire.events import START_SESSION
from tests.wire.recording import Exchange, exchanges, lines

TOKENS: Final = frozenset({"mojo_token", "draft_token"})
"""Events that are never sent again."""

Key: TypeAlias = tuple[str, str, str, frozenset[tuple[str, str]]]
"""Who asks what: the secret, the method, the path, and the fields that matter."""


@dataclass(frozen=True)
class Asked:
    """The client asked something over HTTP."""

    seq: int
    exchange: Exchange
    has_files: bool


@dataclass(frozen=True)
class Answered:
    """The server answered; what stands behind this came after the answer."""

    seq: int
    asked: Asked


@dataclass(frozen=True)
class Joined:
    """The client emitted `start_session`."""

    seq: int
    conn: str
    session_id: str | None
    """`None` if that was left out."""
    is_proper: bool
    """Whether it is what a sound client says."""


@dataclass(frozen=True)
class Uttered:
    """The server emitted an event."""

    seq: int
    conn: str
    event: str
    payload: JsonValue
    ack_id: int | None = None
    """Given if it wants to be acknowledged."""

    @property
    def session_id(self) -> str | None:
        """The session it is about; `None` if it does not say."""
        told = self.payload.get("session_id") if isinstance(self.payload, dict) else None
        return told if isinstance(told, str) else None

    @property
    def ack(self) -> JsonObject | None:
        """How it has to be acknowledged (wire protocol §10.5)."""
        if not isinstance(self.payload, dict):
            return None
        match self.event:
            case "mojo_message":
                key = "message_pk"
            case "draft_message":
                key = "produced_text_version_pk"
            case _:
                return None
        return {"session_id": self.payload["session_id"], key: self.payload[key]}


@dataclass(frozen=True)
class Connected:
    """The client opened a connection, and the server took or refused it."""

    seq: int
    conn: str
    token: str | None
    refusal: JsonValue


@dataclass(frozen=True)
class Left:
    """The client closed a connection."""

    seq: int
    conn: str


Step: TypeAlias = Asked | Answered | Joined | Uttered | Connected | Left


@dataclass(frozen=True)
class RecordedAck:
    """How the recorded client acknowledged an event."""

    uttered: Uttered
    args: JsonValue
    """`None` if it did not."""


@dataclass(frozen=True)
class Script:
    """All that happened, in order."""

    name: str
    steps: tuple[Step, ...]
    acks: tuple[RecordedAck, ...]

    def uttered(self, session_id: str, after: int, until: int | None) -> list[Uttered]:
        """Return what was said to a session, once however many clients heard it.

        Args:
            session_id: The session; what names none is said to all.
            after: The `seq` of the step from which on it was heard.
            until: The `seq` of the step from which on it was not heard any more, if any.
        """
        return [
            step
            for step in self.broadcasts
            if isinstance(step, Uttered)
            and after < step.seq
            and (until is None or step.seq < until)
            and step.session_id in {session_id, None}
        ]

    @property
    def broadcasts(self) -> tuple[Step, ...]:
        """The steps with each event once, even if several connections heard it.

        A server speaks to a session; that two connections heard it is no second event, but that
        one connection heard it twice is.
        """
        heard: Counter[tuple[str, str]] = Counter()
        said: Counter[str] = Counter()
        kept: list[Step] = []
        for step in self.steps:
            if isinstance(step, Uttered):
                what = json.dumps([step.event, step.payload], sort_keys=True)
                heard[step.conn, what] += 1
                if heard[step.conn, what] <= said[what]:
                    continue
                said[what] += 1
            kept.append(step)
        return tuple(kept)


@cache
def script(scenario: str) -> Script:
    """Read a recording."""
    acks = {(a["conn"], a["ack_id"]): a["args"] for a in _flat(scenario) if _is(a, "sio_ack_sent")}
    steps = tuple(_steps(scenario))
    wanted = [step for step in steps if isinstance(step, Uttered) and step.ack_id is not None]
    return Script(
        scenario,
        steps,
        tuple(RecordedAck(one, acks.get((one.conn, one.ack_id))) for one in wanted),
    )


def key_of(secret: str, method: str, path: str, fields: JsonObject) -> Key:
    """Return what tells two requests apart: not when, nor by which program they were made."""
    said = {
        name: _canonical(name, value)
        for name, value in fields.items()
        if value is not None and not _is_idle(path, name, value)
    }
    return secret, method, path, frozenset(said.items())


_UNREAD = {"datetime", "version", "message_id", "message_date", "details", "cause"}
"""Fields that no original server reads, or that change no answer."""


def _is_idle(path: str, name: str, value: JsonValue) -> bool:
    """Whether a field says nothing, or nothing that changes an answer."""
    if name in _UNREAD or name.startswith("n_"):
        return True
    if name == "platform":
        return path != "/user_task" or value == "webapp"
    return (name, str(value)) in {("origin", "task"), ("offset", "0")}


def _canonical(name: str, value: JsonValue) -> str:
    """Return a value as one text, whichever way it travelled."""
    if name == "inputs":
        try:
            return json.dumps(json.loads(str(value)), sort_keys=True)
        except ValueError:
            return str(value)
    return value if isinstance(value, str) else json.dumps(value)


def _steps(scenario: str) -> list[Step]:
    """Return the steps of a recording."""
    by_seq = {int(one.where.rpartition(" ")[2]): one for one in exchanges(scenario)}
    refusals = {
        one["conn"]: one["data"] for one in _flat(scenario) if _is(one, "sio_connect_error")
    }
    asked: dict[JsonValue, Asked] = {}
    steps: list[Step] = []
    for line in _flat(scenario):
        seq, conn = cast("int", line["seq"]), str(line.get("conn"))
        match line["type"]:
            case "http_request":
                ask = Asked(seq, by_seq[seq], "files" in line)
                asked[cast("str", line["id"])] = ask
                steps.append(ask)
            case "http_response":
                steps.append(Answered(seq, asked.pop(cast("str", line["id"]))))
            case "sio_emit":
                steps.append(_joined(seq, conn, line))
            case "sio_event":
                args = cast("list[JsonValue]", line["args"])
                ack_id = cast("int | None", line.get("ack_id"))
                steps.append(Uttered(seq, conn, str(line["event"]), args[0], ack_id))
            case "sio_connect":
                auth = line["auth"]
                token = auth.get("token") if isinstance(auth, dict) else None
                steps.append(Connected(seq, conn, cast("str | None", token), refusals.get(conn)))
            case "sio_disconnect":
                steps.append(Left(seq, conn))
    return steps


def _joined(seq: int, conn: str, line: JsonObject) -> Joined:
    """Read an event of the client."""
    args = cast("list[JsonObject]", line["args"] if "args" in line else [line["data"]])
    session_id = args[0].get("session_id")
    known = session_id if isinstance(session_id, str) else None
    is_proper = line["event"] == START_SESSION and args[0].get("version") == "0.4.13"
    return Joined(seq, conn, known, is_proper and known is not None)


def _is(line: JsonObject, kind: str) -> bool:
    """Whether a line is of a kind."""
    return line["type"] == kind


def _flat(scenario: str) -> list[JsonObject]:
    """Return the lines of a recording, raw frames turned into what they mean."""
    return [meant for line in lines(scenario) if (meant := _meaning(line)) is not None]


_FRAME: Final = re.compile(r"(4[0-4])(\d*)([\[{].*)?", re.DOTALL)
_SENT: Final = {"40": "sio_connect", "41": "sio_disconnect", "42": "sio_emit", "43": "sio_ack_sent"}
_RECEIVED: Final = {"42": "sio_event", "44": "sio_connect_error"}


def _meaning(line: JsonObject) -> JsonObject | None:
    """Return what a line means; a raw frame is read as Socket.IO."""
    if line["type"] not in {"ws_frame_sent", "ws_frame_received"}:
        return line
    frame = _FRAME.fullmatch(str(line["data"]))
    names = _SENT if line["type"] == "ws_frame_sent" else _RECEIVED
    if frame is None or frame[1] not in names:
        return None
    body: JsonValue = json.loads(frame[3]) if frame[3] else None
    said: JsonObject = {"seq": line["seq"], "type": names[frame[1]], "conn": line["label"]}
    if frame[2]:
        said["ack_id"] = int(frame[2])
    match frame[1]:
        case "40":
            said["auth"] = body
        case "42" if isinstance(body, list):
            said["event"], said["args"] = body[0], body[1:]
        case "43":
            said["args"] = body
        case "44":
            said["data"] = body
    return said


def thrice(made: Script) -> Script:
    """Return a script in which every whole message is sent three times."""
    steps: list[Step] = []
    for step in made.steps:
        again = isinstance(step, Uttered) and step.ack_id is not None
        steps.extend([step] * (3 if again else 1))
    return replace(made, steps=tuple(steps))


def thinned(made: Script) -> Script:
    """Return a script in which of three tokens only one arrives."""
    steps: list[Step] = []
    tokens = 0
    for step in made.steps:
        if isinstance(step, Uttered) and step.event in TOKENS:
            tokens += 1
            if tokens % 3:
                continue
        steps.append(step)
    return replace(made, steps=tuple(steps))


def up_to(made: Script, seq: int) -> Script:
    """Return the beginning of a script."""
    return replace(made, steps=tuple(step for step in made.steps if step.seq < seq))
