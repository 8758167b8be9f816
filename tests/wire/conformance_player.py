"""Play a recorded client against a server of ours, line by line, and note what differs.

Requests and events are sent as they were recorded, with our keys in the place of recorded ones.
What was heard is compared one by one: the k-th event of a name, in a session, on a connection
with the k-th that was recorded, and at the end of a scenario their order.
"""

import asyncio
import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import httpx
from pydantic import JsonValue

from mojodex_tui.backend.services.background import Background
from mojodex_tui.wire.base import JsonObject
from tests.wire.conformance_compare import Comparison, Difference, Pairs
from tests.wire.conformance_llm import RecordedLlm, Reply
from tests.wire.conformance_socket import Heard, Socket, names, poll_connection, read_event
from tests.wire.recording import lines

_TOKENS = frozenset({"mojo_token", "draft_token"})
_STEPS = ("poem_topics", "poem_stanza")
"""Calls to the model by the recorded steps."""
_ANSWERS = frozenset({"draft_message", "mojo_message", "error"})
_KINDS = {"event": "event", "frame": "answer", "connect": "answer"}
_USER_TASK, _WORKFLOW = 2, 7
"""The recorded task of every execution whose creation was not recorded."""


@dataclass
class Played:
    """What a scenario came to."""

    scenario: str
    exchanges: int = 0
    events: int = 0
    frames: int = 0
    differences: list[Difference] = field(default_factory=list)
    identical: Counter[str] = field(default_factory=Counter)
    """Those without any difference: `exchange`, `event` or `answer` (to a connection)."""


@dataclass(frozen=True)
class Stage:
    """What a scenario is played on.

    Args:
        url: where the server is.
        database: its file, for the statements that were recorded.
        http: calls it.
        web: opens WebSockets to it.
        llm: says what was recorded.
        background: the answers the server writes.
        pairs: what was learned of its keys so far.
        resend_seconds: how often it sends copies.
    """

    url: str
    database: Path
    http: httpx.AsyncClient
    web: aiohttp.ClientSession
    llm: RecordedLlm
    background: Background
    pairs: Pairs
    resend_seconds: float


class Player:
    """Plays one scenario.

    Args:
        stage: what it is played on.
        scenario: its name.
    """

    def __init__(self, stage: Stage, scenario: str) -> None:
        self._stage = stage
        self._lines = lines(scenario)
        self._sockets: dict[str, Socket] = {}
        self._asked: dict[JsonValue, tuple[JsonObject, httpx.Response]] = {}
        self._expected: dict[str, list[Heard]] = defaultdict(list)
        self._paired: Counter[tuple[str, str, str]] = Counter()
        self._frames: Counter[str] = Counter()
        self._gates: dict[int, asyncio.Event] = {}
        self._messages_sent: Counter[str] = Counter()
        self._label = ""
        self.played = Played(scenario)

    async def play(self) -> Played:
        """Play it."""
        self._load_replies()
        for line in self._lines:
            await self._play(line)
        if self._expected:
            # A copy that should not be sent would be sent now.
            await asyncio.sleep(self._stage.resend_seconds * 1.5)
        await self._stage.background.idle()
        for conn in self._expected.keys() | self._sockets.keys():
            self._compare_order(conn)
        for socket in self._sockets.values():
            await socket.close()
        return self.played

    async def _play(self, line: JsonObject) -> None:
        match line["type"]:
            case "http_request":
                await self._request(line)
            case "http_response":
                await self._response(line)
            case "db":
                self._change_database(str(line["sql"]))
            case _:
                await self._play_live(line)

    async def _play_live(self, line: JsonObject) -> None:
        match line["type"]:
            case "sio_connect":
                await self._connect(line)
            case "sio_connected" | "sio_connect_error":
                await self._connected(line)
            case "sio_emit":
                await self._emit(line)
            case "sio_event":
                await self._event(str(line["conn"]), _recorded_event(line), line)
            case "sio_disconnect":
                await self._disconnect(str(line["conn"]), line)
            case "ws_open":
                await self._open(str(line["label"]), raw=True)
            case "ws_frame_sent":
                await self._send_frame(line)
            case "ws_frame_received":
                await self._frame(line)
            case "ws_close":
                await self._close(str(line["label"]))
            case _:
                pass  # a note, or what stood behind the server

    async def _settle(self) -> None:
        """Wait until the server has written all it can write now."""
        idle = asyncio.create_task(self._stage.background.idle())
        held = asyncio.create_task(self._stage.llm.held.wait())
        await asyncio.wait({idle, held}, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (idle, held):
            waiting.cancel()

    # The model

    def _load_replies(self) -> None:
        """Have the model say what it said, at the end of an answer only once its time has come."""
        kinds: dict[str, list[Reply]] = defaultdict(list)
        for place, line in enumerate(self._lines):
            if line["type"] != "llm":
                continue
            # A rewriting is an answer like any other here, and so is a talk about a step.
            kind = re.sub("text_edit|workflow_chat", "instruct_task", str(line["kind"]))
            failed = int(str(line.get("status", 200))) != 200
            cut = self._cut(place) if kind == "instruct_task" and not failed else None
            gate = self._gate(place) if kind == "instruct_task" else None
            if kind in _STEPS and self._never_ends(place):
                gate = asyncio.Event()
            kinds[kind].append(Reply.recorded(line, cut=cut, gate=gate))
        for kind in ("instruct_task", "title_summary", *_STEPS):
            self._stage.llm.load(kind, _without_retries(kinds[kind], self._lines))

    def _never_ends(self, place: int) -> bool:
        """Whether a step was given up before its answer came; ours is told to stop then."""
        for line in self._lines[place:]:
            if (
                line["type"] == "http_request"
                or line.get("event") == "workflow_step_execution_ended"
            ):
                return False
            if line["type"] == "db" and "interval" in str(line["sql"]):
                return True
        return False

    def _cut(self, place: int) -> str | None:
        """Return the last words that came before the connection to the model was cut, if it was."""
        last = ""
        for line in self._lines[place:]:
            if line["type"] == "http_request":
                return None
            if line["type"] != "sio_event":
                continue
            payload = _recorded_event(line).payload
            if line["event"] in _TOKENS and isinstance(payload, dict):
                last = str(payload.get("produced_text"))
            if line["event"] in _ANSWERS:
                return last if line["event"] == "error" else None
        return None

    def _gate(self, place: int) -> asyncio.Event | None:
        """Return what holds an answer that came after the client had gone."""
        for line in self._lines[place:]:
            if line["type"] == "sio_event" and line["event"] in _ANSWERS:
                return None
            if line["type"] == "http_request":
                return None
            if line["type"] == "sio_disconnect" and line is not self._lines[-1]:
                gate = self._gates[int(str(line["seq"]))] = asyncio.Event()
                return gate
        return None

    # HTTP

    async def _request(self, line: JsonObject) -> None:
        await self._settle()
        if not self._stage.llm.held.is_set():
            self._stage.llm.forget_before(int(str(line["seq"])))
        self._label = str(line.get("label"))
        for key, value in _fields(line).items():
            if key == "session_id":
                await self._imply_session(str(value))
            if key == "user_task_execution_pk":
                await self._imply_execution(value)
        if line["path"] == "/user_message":
            self._messages_sent[str(_fields(line).get("session_id"))] += 1
        self._asked[line["id"]] = line, await self._call(line)

    async def _response(self, line: JsonObject) -> None:
        asked, answer = self._asked.pop(line["id"])
        exchange = f"{asked['method']} {asked['path']}"
        label = f"{asked.get('label') or ''} (line {asked['seq']})".strip()
        self.played.exchanges += 1
        self._note(exchange, label, list(self._differences(asked, line, answer)))

    def _differences(
        self, asked: JsonObject, line: JsonObject, answer: httpx.Response
    ) -> Iterator[tuple[str, object, object]]:
        if line["status"] != answer.status_code:
            recorded = line.get("json", line.get("text"))
            yield (
                f"status {line['status']} -> {answer.status_code}",
                recorded,
                answer.text,
            )
            return
        if "json" in line:
            if "json" not in answer.headers.get("content-type", ""):
                yield "content-type", "application/json", answer.headers.get("content-type")
                return
            compared = Comparison(self._stage.pairs, _fields(asked))
            yield from compared.differences(line["json"], answer.json())
        elif (told := str(line.get("text"))).startswith("0{"):
            theirs, ours = json.loads(told[1:]), json.loads(answer.text[1:])
            yield from Comparison(self._stage.pairs).differences(theirs, ours)
        elif _media_type(line) != answer.headers.get("content-type", "").partition(";")[0]:
            yield "content-type", _media_type(line), answer.headers.get("content-type")
        elif answer.status_code == 400 and line.get("text") != answer.text:
            yield "text", line.get("text"), answer.text

    async def _call(self, asked: JsonObject) -> httpx.Response:
        pairs = self._stage.pairs
        shown = asked.get("headers")
        recorded_headers = shown if isinstance(shown, dict) else {}
        headers = {}
        if "authorization" in recorded_headers:
            headers["Authorization"] = str(pairs.to_send(recorded_headers["authorization"]))
        if "raw_body" in asked:
            headers["Content-Type"] = str(recorded_headers.get("content-type", "text/plain"))
        form = _sent(pairs, asked, "form_multipart")
        return await self._stage.http.request(
            str(asked["method"]),
            str(asked["path"]),
            params=_sent(pairs, asked, "query"),
            json=_sent(pairs, asked, "json"),
            data=_sent(pairs, asked, "form_urlencoded"),
            files=None if form is None else [*_parts(form), *_files(asked)],
            content=None if "raw_body" not in asked else str(asked["raw_body"]).encode(),
            headers=headers,
        )

    # What was done and not recorded

    async def _imply_session(self, session_id: str) -> None:
        """Make a session the recording uses and never makes."""
        if not _is_hex(session_id) or self._stage.pairs.knows("session_id", session_id):
            return
        pk = self._execution_of(session_id)
        if pk is None:
            made = await self._as_demo("PUT", "/session", {"platform": "webapp"})
        else:
            made = await self._new_execution()
            self._stage.pairs.learn("user_task_execution_pk", pk, made["user_task_execution_pk"])
        self._stage.pairs.learn("session_id", session_id, made["session_id"])

    async def _imply_execution(self, pk: JsonValue) -> None:
        """Make an execution the recording uses and never makes."""
        known = self._stage.pairs.knows("user_task_execution_pk", pk)
        if known or not str(pk).isdigit() or int(str(pk)) > 9999 or self._is_made_later(pk):
            return
        made = await self._new_execution()
        self._stage.pairs.learn("user_task_execution_pk", pk, made["user_task_execution_pk"])

    def _is_made_later(self, pk: JsonValue) -> bool:
        """Whether somebody else's request made it, which ours may have refused."""
        return any(
            isinstance(body := line.get("json"), dict)
            and "json_input" in body
            and str(body["user_task_execution_pk"]) == str(pk)
            for line in self._lines
        )

    async def _new_execution(self) -> JsonObject:
        of_workflows = self.played.scenario.startswith("07") and "instruct" not in self._label
        recorded = _WORKFLOW if of_workflows else _USER_TASK
        task = self._stage.pairs.to_send(recorded, "user_task_pk")
        return await self._as_demo("PUT", "/user_task_execution", {"user_task_pk": task})

    def _execution_of(self, session_id: str) -> JsonValue:
        """Return the execution of a recorded session, if it ever says so."""
        for line in self._lines:
            for body in (line.get("json"), *_listed(line.get("args"))):
                if isinstance(body, dict) and body.get("session_id") == session_id:
                    pk = body.get("user_task_execution_pk")
                    if pk is not None:
                        return pk
        return next(
            (
                answer["json"]["user_task_execution_pk"]
                for line, answer in _exchanges(self._lines)
                if _fields(line).get("session_id") == session_id
                and isinstance(answer.get("json"), dict)
                and isinstance(answer["json"], dict)
                and "user_task_execution_pk" in answer["json"]
            ),
            None,
        )

    async def _imply_message(self, session_id: str, conn: str) -> None:
        """Send a message whose reception is recorded and whose sending is not."""
        received = self._paired[conn, session_id, "user_message_reception"]
        if received < self._messages_sent[session_id]:
            return
        self._messages_sent[session_id] += 1
        fields = {
            "session_id": str(self._stage.pairs.to_send(session_id, "session_id")),
            "message_id": f"implied-{received}",
            "message_date": "2026-11-20T22:24:39",
            "text": "Draft please.",
        }
        answer = await self._stage.http.put(
            "/user_message", files=[*_parts(fields)], headers=self._demo()
        )
        answer.raise_for_status()

    async def _as_demo(self, method: str, path: str, body: JsonObject) -> JsonObject:
        answer = await self._stage.http.request(
            method, path, json={"datetime": "now", **body}, headers=self._demo()
        )
        answer.raise_for_status()
        made: JsonObject = answer.json()
        return made

    def _demo(self) -> dict[str, str]:
        return {"Authorization": self._stage.pairs.tokens["<TOKEN:demo>"]}

    # Connections

    async def _connect(self, line: JsonObject) -> None:
        conn, auth = str(line["conn"]), self._stage.pairs.to_send(line["auth"])
        if line["transports"] == ["polling"]:
            answer = await poll_connection(self._stage.http, auth)
            self._told = answer
            return
        self._told = await (await self._open(conn)).join(auth)

    async def _open(self, conn: str, *, raw: bool = False) -> Socket:
        socket = await Socket.open(self._stage.web, self._stage.url, raw=raw)
        socket.acknowledges = self._acknowledgements(conn)
        self._sockets[conn] = socket
        return socket

    async def _connected(self, line: JsonObject) -> None:
        recorded = json.dumps(line["data"]) if "data" in line else ""
        kind = "44" if recorded else "40"
        ours = self._told[2:] if recorded else ""
        same = self._told.startswith(kind) and (
            not recorded or json.loads(recorded) == json.loads(ours)
        )
        found = [] if same else [("answer", kind + recorded, self._told)]
        self.played.frames += 1
        self._note("connect", f"{line['conn']} (line {line['seq']})", found)

    async def _disconnect(self, conn: str, line: JsonObject) -> None:
        await self._close(conn)
        gate = self._gates.get(int(str(line["seq"])))
        if gate is not None:
            gate.set()
            await self._stage.background.idle()

    async def _close(self, conn: str) -> None:
        if conn in self._sockets:
            await self._sockets[conn].close()

    async def _emit(self, line: JsonObject) -> None:
        await self._settle()
        for argument in _listed(line["args"]):
            if isinstance(argument, dict):
                await self._imply_session(str(argument.get("session_id")))
        await self._sockets[str(line["conn"])].emit(
            str(line["event"]), self._stage.pairs.to_send(line["args"])
        )

    async def _event(self, conn: str, recorded: Heard, line: JsonObject) -> None:
        """Compare an event with ours, once it is there."""
        self._expected[conn].append(recorded)
        if recorded.name in _TOKENS:
            return
        session = recorded.session_id
        if recorded.name == "user_message_reception":
            await self._imply_message(session, conn)
        place = self._paired[conn, session, recorded.name]
        ours = await self._ours(conn, recorded.name, session, place)
        self.played.events += 1
        label = f"{conn} (line {line['seq']})"
        exchange = f"event {recorded.name}"
        if ours is None:
            self._note(exchange, label, [("is missing", recorded.payload, None)])
            return
        self._paired[conn, session, recorded.name] += 1
        compared = Comparison(self._stage.pairs)
        found = list(compared.differences(recorded.payload, ours.payload))
        if (recorded.ack_id is None) != (ours.ack_id is None):
            found.append(("acknowledgement", recorded.ack_id, ours.ack_id))
        self._note(exchange, label, found)

    async def _ours(self, conn: str, name: str, session: str, place: int) -> Heard | None:
        if conn not in self._sockets:
            return None
        ours = str(self._stage.pairs.to_send(session, "session_id"))
        await self._settle()
        return await self._sockets[conn].event(name, ours, place)

    def _acknowledgements(self, conn: str) -> Callable[[Heard, int], JsonValue]:
        """Return what the recorded client acknowledged each event with."""
        sent = {
            line["ack_id"]: line["args"]
            for line in self._lines
            if line["type"] == "sio_ack_sent" and line["conn"] == conn
        }
        events = [
            _recorded_event(line)
            for line in self._lines
            if line["type"] == "sio_event" and line["conn"] == conn
        ]
        for line in self._lines:
            frame = str(line.get("data"))
            if line.get("label") == conn and line["type"] == "ws_frame_sent" and frame[:2] == "43":
                head, bracket, arguments = frame.partition("[")
                sent[int(head[2:])] = json.loads(bracket + arguments)
            if line.get("label") == conn and line["type"] == "ws_frame_received":
                events += [read_event(frame)] if frame[:2] == "42" else []
        planned: dict[tuple[str, str], list[Heard]] = defaultdict(list)
        for event in events:
            planned[event.name, event.session_id].append(event)

        def acknowledge(event: Heard, place: int) -> JsonValue:
            like = next(
                (
                    listed
                    for (name, session), listed in planned.items()
                    if name == event.name
                    and self._stage.pairs.to_send(session, "session_id") == event.session_id
                ),
                [],
            )
            if place >= len(like) or like[place].ack_id not in sent:
                return None
            return _in_our_words(sent[like[place].ack_id], like[place], event)

        return acknowledge

    # Frames

    async def _send_frame(self, line: JsonObject) -> None:
        frame, socket = str(line["data"]), self._sockets[str(line["label"])]
        if frame.startswith("43"):
            return  # sent when the event came
        for start in ("42", "40"):
            head, brace, rest = frame.partition("[" if start == "42" else "{")
            if frame.startswith(start) and brace:
                sent = self._stage.pairs.to_send(json.loads(brace + rest))
                frame = head + json.dumps(sent)
                break
        await socket.send(frame)

    async def _frame(self, line: JsonObject) -> None:
        frame, label = str(line["data"]), str(line["label"])
        if frame.startswith("42"):
            await self._event(label, read_event(frame), line)
            return
        place = self._frames[label]
        self._frames[label] += 1
        ours = await self._sockets[label].frame(place)
        same = _without_sid(frame) == _without_sid(ours)
        self.played.frames += 1
        found = [] if same else [("frame", frame, ours)]
        self._note("frame", f"{label} (line {line['seq']})", found)

    # The end

    def _compare_order(self, conn: str) -> None:
        """Compare the order of the events, and what tokens came to."""
        socket = self._sockets.get(conn)
        if socket is None:
            return
        pairs = self._stage.pairs
        by_session: dict[str, list[Heard]] = defaultdict(list)
        for event in self._expected[conn]:
            by_session[str(pairs.to_send(event.session_id, "session_id"))].append(event)
        heard: dict[str, list[Heard]] = defaultdict(list)
        for event in socket.events:
            heard[event.session_id].append(event)
        for session in sorted(by_session.keys() | heard.keys()):
            self._compare_session(conn, by_session[session], heard[session])

    def _compare_session(self, conn: str, recorded: list[Heard], ours: list[Heard]) -> None:
        here = self._where(conn, recorded)
        extra = Counter(event.name for event in ours) - Counter(event.name for event in recorded)
        for name, times in sorted(extra.items()):
            if name not in _TOKENS:
                last = [event for event in ours if event.name == name][-times:]
                self._note(f"event {name}", here, [("is ours alone", None, last[0].payload)])
        theirs, mine = list(names(recorded)), list(names(ours))
        if Counter(theirs) == Counter(mine) and theirs != mine:
            self._note("events", here, [("order", theirs, mine)])
        for name in sorted(_TOKENS):
            self._compare_tokens(name, here, _runs(recorded, name), _runs(ours, name))

    def _compare_tokens(
        self, name: str, here: str, recorded: list[Heard], ours: list[Heard]
    ) -> None:
        """Compare the last token of each run, which holds all there was."""
        exchange = f"event {name}"
        for place, theirs in enumerate(recorded):
            self.played.events += 1
            if place >= len(ours):
                self._note(exchange, here, [("is missing", theirs.payload, None)])
                continue
            compared = Comparison(self._stage.pairs)
            found = list(compared.differences(theirs.payload, ours[place].payload))
            self._note(exchange, here, found)
        for extra in ours[len(recorded) :]:
            self._note(exchange, here, [("is ours alone", None, extra.payload)])

    def _where(self, conn: str, recorded: list[Heard]) -> str:
        """Return the connection, and the line where the session is first heard of."""
        for line in self._lines:
            for argument in _listed(line.get("args")):
                session = argument.get("session_id") if isinstance(argument, dict) else None
                if recorded and session == recorded[0].session_id:
                    return f"{conn} (from line {line['seq']})"
        return conn

    def _note(self, exchange: str, label: str, found: Sequence[tuple[str, object, object]]) -> None:
        if not found:
            self.played.identical[_KINDS.get(exchange.partition(" ")[0], "exchange")] += 1
        for what, recorded, ours in found:
            self.played.differences.append(
                Difference(self.played.scenario, exchange, label, what, recorded, ours)
            )

    # The database

    def _change_database(self, sql: str) -> None:
        """Run a recorded statement that changed something."""
        if sql.lower().startswith("select"):
            return
        pairs = self._stage.pairs
        sql = re.sub(r"(creation_date) - interval '(\d+ minutes)'", r"datetime(\1, '-\2')", sql)
        for key in ("user_id", "user_task_pk", "user_task_execution_pk", "user_task_execution_fk"):
            before, found, value = sql.partition(f"{key}=")
            if found:
                ours = pairs.to_send(value.strip("'"), key)
                sql = f"{before}{key}='{ours}'"
        statements = [sql.replace("now()", "CURRENT_TIMESTAMP")]
        if "md_user_workflow_step_execution" in sql:
            # A step is as old as the claim of who performs it, which original servers do not keep.
            statements.append(
                statements[0]
                .replace("md_user_workflow_step_execution", "md_answer_due")
                .replace("creation_date", "claimed_date")
            )
        with sqlite3.connect(self._stage.database, timeout=10) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()


def _recorded_event(line: JsonObject) -> Heard:
    arguments, ack_id = _listed(line["args"]), line.get("ack_id")
    return Heard(
        str(line["event"]),
        arguments[0] if arguments else None,
        int(str(ack_id)) if ack_id is not None else None,
    )


def _in_our_words(arguments: JsonValue, recorded: Heard, ours: Heard) -> JsonValue:
    """Return an acknowledgement with our keys where it had those of its event."""
    match arguments, recorded.payload, ours.payload:
        case dict(), dict() as theirs, dict() as mine:
            said: JsonObject = {}
            for key, value in arguments.items():
                same = str(theirs.get(key)) == str(value)
                ours_now = mine.get(key, value) if same else value
                said[key] = str(ours_now) if isinstance(value, str) else ours_now
            return said
        case list(), _, _:
            return [_in_our_words(each, recorded, ours) for each in arguments]
        case _:
            return arguments


def _runs(events: list[Heard], name: str) -> list[Heard]:
    """Return the last token of each run."""
    last = []
    without_titles = [each for each in events if each.name != "user_task_execution_title"]
    for event, after in pairwise([*without_titles, None]):
        if event is not None and event.name == name and (after is None or after.name != name):
            last.append(event)
    return last


def _without_retries(replies: list[Reply], script: tuple[JsonObject, ...]) -> list[Reply]:
    """Drop the repetitions of a failing call, which our model's port makes by itself."""
    kept: list[Reply] = []
    for reply in replies:
        between = script[kept[-1].seq : reply.seq] if kept else ()
        again = kept and reply.error is not None and kept[-1].error is not None
        if again and all(line["type"] != "http_request" for line in between):
            continue
        kept.append(reply)
    return kept


def _fields(line: JsonObject) -> JsonObject:
    """Return all that a request carries."""
    fields: JsonObject = {}
    for part in ("query", "json", "form_multipart", "form_urlencoded"):
        if isinstance(given := line.get(part), dict):
            fields.update(given)
    return fields


def _exchanges(script: tuple[JsonObject, ...]) -> Iterator[tuple[JsonObject, JsonObject]]:
    answers = {line["id"]: line for line in script if line["type"] == "http_response"}
    return ((line, answers[line["id"]]) for line in script if line["type"] == "http_request")


def _sent(pairs: Pairs, asked: JsonObject, part: str) -> dict[str, Any] | None:
    given = asked.get(part)
    sent = pairs.to_send(given) if isinstance(given, dict) else None
    return sent if isinstance(sent, dict) else None


def _parts(fields: Mapping[str, object]) -> Iterator[tuple[str, tuple[None, str]]]:
    return ((key, (None, str(value))) for key, value in fields.items())


def _files(asked: JsonObject) -> Iterator[tuple[str, tuple[str, bytes, str]]]:
    """Yield the files of a request: only their sizes are recorded."""
    files = asked.get("files")
    for name, file in files.items() if isinstance(files, dict) else ():
        assert isinstance(file, dict)
        size = int(str(file["bytes"]))
        yield name, (str(file["filename"]), bytes(size), str(file["content_type"]))


def _media_type(line: JsonObject) -> str:
    headers = line.get("headers")
    return (
        str(headers.get("content-type", "")).partition(";")[0] if isinstance(headers, dict) else ""
    )


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _is_hex(session_id: str) -> bool:
    return len(session_id) == 32


def _without_sid(frame: str) -> object:
    """Return a frame without the name of its connection."""
    head, brace, rest = frame.partition("{")
    if not brace:
        return frame
    told = json.loads(brace + rest)
    return head, {**told, "sid": "*"} if "sid" in told else told
