"""The original webapp, as the wire protocol describes it (§14.1, §14.2, §18.2).

Two sockets a screen, never closed; message keys of one second; an edit saved without asking; and
a redirect to the introduction until the server says it was shown.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import socketio

VERSION = "0.4.11"
PLATFORM = "webapp"


@dataclass
class OriginalWebapp:
    """One browser.

    Args:
        http: calls the server, as its proxy does.
    """

    http: httpx.AsyncClient
    token: str = ""
    session_id: str = ""
    execution_pk: int = 0
    drafts: list[str] = field(default_factory=list)
    """What the result showed while it was written."""
    result: dict[str, Any] | None = None
    titles: list[str] = field(default_factory=list)
    bubble: str = ""
    answers: list[str] = field(default_factory=list)
    sockets: list[socketio.AsyncClient] = field(default_factory=list)

    async def sign_up(self, email: str, password: str) -> None:
        """Make an account and go through the introduction."""
        account = await self.call(
            "PUT", "/user", {"email": email, "password": password, "name": "Ada"}
        )
        self.token = account["token"]
        if not account["terms_and_conditions_agreed"]:
            await self.call("PUT", "/terms_and_conditions", {})
        if not (await self.call("GET", "/onboarding", {}))["onboarding_presented"]:
            categories = (await self.call("GET", "/product_category", {}))["product_categories"]
            chosen = categories[0]["product_category_pk"]
            await self.call("PUT", "/associate_free_product", {"product_category_pk": chosen})
            await self.call("PUT", "/onboarding", {})

    async def open_layout(self) -> None:
        """Load what every page loads."""
        assert (await self.call("GET", "/onboarding", {}))["onboarding_presented"]
        assert (await self.call("GET", "/purchase", {}))["current_purchases"]
        assert "sessions" in await self.call("GET", "/session", {"n_sessions": 10})
        await self.call("POST", "/timezone", {"timezone_offset": "-60"})
        await self.call("POST", "/language", {"language_code": "en"})
        assert "available_languages" in await self.call("GET", "/language", {"language_code": "en"})

    async def list_cards(self, search: str = "") -> list[dict[str, Any]]:
        """Return the cards of the task list."""
        query: dict[str, Any] = {"n_user_task_executions": 20, "offset": 0}
        if search:
            query["search_filter"] = search
        told = await self.call("GET", "/user_task_execution", query)
        cards: list[dict[str, Any]] = told["user_task_executions"]
        assert all(isinstance(card["n_not_read_todos"], int) for card in cards)
        return cards

    async def fill_form(self, task_name: str, answers: dict[str, str]) -> None:
        """Open the form of a task, which makes an execution, and send it."""
        tasks = (await self.call("GET", "/user_task", {}))["user_tasks"]
        assert any(task["enabled"] for task in tasks)
        pk = next(task["user_task_pk"] for task in tasks if task["task_name"] == task_name)
        await self.call("GET", "/user_task", {"user_task_pk": pk})
        made = await self.call("PUT", "/user_task_execution", {"user_task_pk": pk})
        self.session_id = made["session_id"]
        self.execution_pk = made["user_task_execution_pk"]
        await self._listen_to_result()
        await self._listen_to_chat()
        inputs = [
            {"input_name": each["input_name"], "input_value": answers[each["input_name"]]}
            for each in made["json_input"]
            if each["input_name"] in answers
        ]
        fields = {"user_task_execution_pk": self.execution_pk, "inputs": json.dumps(inputs)}
        await self.form("POST", "/user_task_execution_run", fields)

    async def read_detail(self) -> dict[str, Any]:
        """Return the execution that is open."""
        return await self.call(
            "GET", "/user_task_execution", {"user_task_execution_pk": self.execution_pk}
        )

    async def read_version(self, index: int) -> dict[str, Any]:
        """Return one version of the result."""
        return await self.call(
            "GET",
            "/user_task_execution_produced_text",
            {
                "user_task_execution_pk": self.execution_pk,
                "produced_text_version_index": index,
            },
        )

    async def chat(self, text: str) -> dict[str, Any]:
        """Say something in the chat panel."""
        now = datetime.now()  # noqa: DTZ005 - a naive local time, as the original
        return await self.form(
            "PUT",
            "/user_message",
            {
                "session_id": self.session_id,
                "message_id": f"{now:%Y-%m-%dT%H:%M:%S}_{self.session_id}",
                "message_date": now.isoformat(),
                "text": text,
                "origin": "task",
                "user_task_execution_pk": self.execution_pk,
            },
        )

    async def chat_history(self) -> list[str]:
        """Return what the chat panel shows: neither system, error nor draft rows."""
        rows = (await self.call("GET", "/message", {"session_id": self.session_id}))["messages"]
        return [
            row["message"]["text"]
            for row in reversed(rows)
            if row["sender"] != "system"
            and "text" in row["message"]
            and "produced_text_pk" not in row["message"]
        ]

    async def edit_result(self, title: str, text: str) -> None:
        """Save what was typed into the result."""
        assert self.result is not None
        pk = self.result["produced_text_pk"]
        await self.call(
            "POST", "/produced_text", {"produced_text_pk": pk, "production": text, "title": title}
        )

    async def close(self) -> None:
        """Close the tab."""
        for socket in self.sockets:
            await socket.disconnect()

    async def call(self, method: str, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Call as the proxy does; any failure is one."""
        sent = self._common() | fields
        in_query = method in {"GET", "DELETE"}
        answer = await self.http.request(
            method,
            path,
            params={**sent, "apiName": path.strip("/")} if in_query else None,
            json=None if in_query else sent,
            headers={"Authorization": self.token} if self.token else {},
        )
        assert answer.status_code == 200, (path, answer.text)
        told: dict[str, Any] = answer.json()
        return told

    async def form(self, method: str, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Send a multipart form."""
        sent = {key: (None, str(value)) for key, value in (self._common() | fields).items()}
        answer = await self.http.request(
            method, path, files=sent, headers={"Authorization": self.token}
        )
        assert answer.status_code == 200, (path, answer.text)
        told: dict[str, Any] = answer.json()
        return told

    def _common(self) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return {"datetime": now, "version": VERSION, "platform": PLATFORM}

    async def _listen_to_result(self) -> None:
        socket = await self._connect()
        socket.on("draft_token", lambda said: self.drafts.append(said["text"]))
        socket.on("draft_message", self._take_result)
        socket.on("user_task_execution_title", lambda said: self.titles.append(said["title"]))
        await socket.emit("start_session", {"session_id": self.session_id, "version": VERSION})

    async def _listen_to_chat(self) -> None:
        socket = await self._connect()
        socket.on("mojo_token", self._take_words)
        socket.on("mojo_message", self._take_answer)
        await socket.emit("start_session", {"session_id": self.session_id, "version": VERSION})

    async def _connect(self) -> socketio.AsyncClient:
        socket = socketio.AsyncClient(reconnection=False)
        await socket.connect(
            str(self.http.base_url), auth={"token": self.token}, transports=["websocket"]
        )
        self.sockets.append(socket)
        return socket

    def _take_result(self, said: dict[str, Any]) -> dict[str, Any] | None:
        same = self.result is not None and self.result["message_pk"] == said["message_pk"]
        if same:
            return None  # a copy is not acknowledged (W3)
        self.result = said
        return {
            "session_id": said["session_id"],
            "produced_text_version_pk": said["produced_text_version_pk"],
        }

    def _take_words(self, said: dict[str, Any]) -> None:
        self.bubble = said["text"]

    def _take_answer(self, said: dict[str, Any]) -> dict[str, Any]:
        self.bubble = ""
        self.answers.append(said["text"])
        return {"session_id": said["session_id"], "message_pk": said["message_pk"]}
