"""The original command line, as the wire protocol describes it (§14.3, §18.2).

It knows no error event, no title event and no reconnection, shows a draft only if a token of it
came before, and speaks: it has no other way to say something. What it says is written here, since
our server does not transcribe; everything else of the call is the command line's.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import socketio

VERSION = "0.4.13"
PLATFORM = "mobile"


@dataclass
class OriginalCli:
    """One run of the command line.

    Args:
        http: calls the server; the original has `http://localhost:5001`.
    """

    http: httpx.AsyncClient
    token: str = ""
    session_id: str = ""
    bubble: str = ""
    """What the assistant says; each token replaces it."""
    panel: tuple[str, str] | None = None
    """The result; without a token of it there is none."""
    placeholder: str = ""
    socket: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )

    async def sign_in(self, email: str, password: str) -> None:
        """Ask for a token, and connect."""
        told = await self._call(
            "POST",
            "/user",
            json={"login_method": "email_password", "email": email, "password": password},
        )
        self.token = told["token"]
        self.socket.on("mojo_token", self._show_words)
        self.socket.on("mojo_message", self._show_message)
        self.socket.on("draft_token", self._show_draft)
        self.socket.on("draft_message", self._show_result)
        await self.socket.connect(
            str(self.http.base_url), auth={"token": self.token}, transports=["websocket"]
        )

    async def list_runs(self) -> list[str]:
        """Return the lines of its first screen."""
        told = await self._call(
            "GET", "/user_task_execution", params={"n_user_task_executions": 20, "offset": 0}
        )
        lines = []
        for run in told["user_task_executions"]:
            started = datetime.fromisoformat(run["start_date"]).astimezone()
            mark = "done" if run["produced_text_pk"] else "open"
            lines.append(f"{run['icon']} {run['title']} {started:%d %b %H:%M} {mark}")
        return lines

    async def open_run(self, pk: int) -> str:
        """Return a result."""
        run = await self._call("GET", "/user_task_execution", params={"user_task_execution_pk": pk})
        return f"{run['produced_text_title']}\n{run['produced_text_production']}"

    async def start(self, task_name: str) -> int:
        """Pick a task from the list and join its session."""
        tasks = (await self._call("GET", "/user_task"))["user_tasks"]
        task = next(each for each in tasks if each["task_name"] == task_name)
        made = await self._call(
            "PUT", "/user_task_execution", json={"user_task_pk": task["user_task_pk"]}
        )
        self.placeholder = (
            made["json_input"][0]["description_for_user"] + made["json_input"][0]["placeholder"]
        )
        self.session_id = made["session_id"]
        await self.socket.emit("start_session", {"session_id": self.session_id, "version": VERSION})
        return int(made["user_task_execution_pk"])

    async def say(self, words: str) -> str:
        """Say something; the reply needs a key and a text."""
        now = datetime.now().isoformat()  # noqa: DTZ005 - a naive local time, as the original
        told = await self._call(
            "PUT",
            "/user_message",
            data={
                "session_id": self.session_id,
                "message_id": now,
                "message_date": now,
                "text": words,
            },
        )
        assert told["message_pk"]
        return str(told["text"])

    async def speak(self, recording: bytes) -> httpx.Response:
        """Send a recording, and return whatever the server says to it."""
        now = datetime.now().isoformat()  # noqa: DTZ005 - a naive local time, as the original
        return await self.http.put(
            "/user_message",
            data={
                "datetime": "now",
                "platform": PLATFORM,
                "version": VERSION,
                "session_id": self.session_id,
                "message_id": now,
                "message_date": now,
            },
            files={"file": ("recording.wav", recording, "audio/wav")},
            headers={"Authorization": self.token},
        )

    async def close(self) -> None:
        """End."""
        await self.socket.disconnect()

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        common = {"datetime": "now", "platform": PLATFORM, "version": VERSION}
        answer = await self.http.request(
            method,
            path,
            params={**common, **(params or {})} if method == "GET" else None,
            json=None if json is None else {**common, **json},
            data=None if data is None else {**common, **data},
            headers={"Authorization": self.token} if self.token else {},
        )
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def _show_words(self, said: dict[str, Any]) -> None:
        if said["session_id"] == self.session_id:
            self.bubble = said["text"]

    def _show_message(self, said: dict[str, Any]) -> dict[str, Any] | None:
        if said["session_id"] != self.session_id:
            return None  # what makes an original server fail
        self.bubble = said["text"]
        return {"session_id": self.session_id, "message_pk": said["message_pk"]}

    def _show_draft(self, said: dict[str, Any]) -> None:
        if said["session_id"] == self.session_id:
            self.panel = said["produced_text_title"], said["produced_text"]

    def _show_result(self, said: dict[str, Any]) -> dict[str, Any] | None:
        if said["session_id"] != self.session_id:
            return None
        if self.panel is not None:
            self.panel = said["produced_text_title"], said["produced_text"]
        return {
            "session_id": self.session_id,
            "produced_text_version_pk": said["produced_text_version_pk"],
        }
