"""A server that takes spoken messages, as an original one was recorded to (wire protocol §4.4).

One task, begun by chat, whose spoken message is transcribed and answered with a draft. Try it by
hand with `python -m tests.wire.transcribing PORT` and `mojodex-tui --server http://127.0.0.1:PORT`.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from tests.client.loopback import Call, Server, says, serving

TRANSCRIPT: Final = " We met with Ana and Bo to plan the launch."
"""What every recording says; the space stands in the recorded transcripts."""
SESSION: Final = "854073abba43f1c3ffc8557fc115567f"
EXECUTION: Final = 57
_TITLE, _BODY = "Launch plan", "Ana gets the plan on Friday."
_FAILED: Final = "STTService :: transcribe: OpenAISTT :: transcribe:  Error code: 400"


@dataclass
class TranscribingServer(Server):
    """The server.

    Args:
        failures: How many recordings cannot be transcribed, before one can.
    """

    failures: int = 0
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing is transcribed before it is set."""
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)
    """The key of each message that came, and its recording's name and content."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """The conversation, the newest first."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.may_answer.set()
        self._writing: set[asyncio.Task[None]] = set()
        account = {"token": "t", "name": "Ada", "language_code": "en", "company_fk": None}
        self.on("POST", "/user", says({**account, "terms_and_conditions_agreed": True}))
        self.on("POST", "/timezone", says({"success": "Timezone updated"}))
        self.on("GET", "/user_task", says({"user_tasks": [_TASK]}))
        self.on("PUT", "/user_task_execution", says(_CREATED))
        self.on("GET", "/user_task_execution", self._read)
        self.on("GET", "/message", self._list_messages)
        self.on("PUT", "/user_message", self._take)

    async def _read(self, call: Call) -> Response:
        execution = self._execution()
        if "user_task_execution_pk" in call.fields:
            return JSONResponse(execution)
        is_listed = execution["start_date"] is not None and call.fields.get("offset", "0") == "0"
        return JSONResponse({"user_task_executions": [execution] if is_listed else []})

    def _execution(self) -> dict[str, Any]:
        drafts = [row["message"] for row in self.rows if row["sender"] == "mojo"]
        text = {
            "produced_text_pk": 37 if drafts else None,
            "produced_text_version_pk": 50 if drafts else None,
            "produced_text_title": _TITLE if drafts else None,
            "produced_text_production": _BODY if drafts else None,
            "produced_text_version_index": len(drafts),
        }
        return {
            "user_task_execution_pk": EXECUTION,
            "session_id": SESSION,
            "user_task_pk": 2,
            "task_name": _TASK["task_name"],
            "task_type": "instruct",
            "title": None,
            "start_date": "2026-11-20T21:24:52+00:00" if self.rows else None,
            "json_inputs_values": None,
            "result_chat_enabled": True,
            **text,
        }

    async def _list_messages(self, call: Call) -> Response:
        first = int(call.fields.get("offset", 0))
        return JSONResponse({"messages": self.rows[first:]})

    async def _take(self, call: Call) -> Response:
        """Take a message; one that was taken before is not transcribed again."""
        key = call.fields["message_id"]
        known = [row for row in self.rows if row["message"].get("message_id") == key]
        if known:
            return JSONResponse(known[0]["message"])
        reception: dict[str, Any] = {
            "success": "User message has been received",
            "session_id": SESSION,
        }
        await self.say("user_message_reception", reception, SESSION)
        message: dict[str, Any] = {"message_id": key, "message_pk": 131 + len(self.rows)}
        message["user_task_execution_pk"] = EXECUTION
        if call.files:
            self.heard += [(key, name, content) for _, name, content in call.files]
            await self.may_answer.wait()
            if self.failures:
                self.failures -= 1
                return JSONResponse({"error": _FAILED}, 400)
            message |= {"text": TRANSCRIPT, "audio_duration": 1.0}
        else:
            message["text"] = call.fields["text"]
        self.rows.insert(0, _row("user", message))
        writing = asyncio.get_running_loop().create_task(self._write())
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        return JSONResponse(message)

    async def _write(self) -> None:
        """Write the draft, and send it until it is acknowledged."""
        draft: dict[str, Any] = {
            "produced_text": _BODY,
            "produced_text_title": _TITLE,
            "produced_text_pk": 37,
            "produced_text_version_pk": 50,
            "user_task_execution_pk": EXECUTION,
            "text": f"{_TITLE}\n{_BODY}",
            "text_with_tags": f"<execution><title>{_TITLE}</title><draft>{_BODY}</draft>",
            "session_id": SESSION,
            "message_pk": 131 + len(self.rows),
            "audio": False,
        }
        self.rows.insert(0, _row("mojo", draft))
        await self.ask("draft_message", draft, SESSION)


_TASK: Final[dict[str, Any]] = {
    "user_task_pk": 2,
    "task_pk": 2,
    "task_name": "Follow-up email",
    "task_description": "Get a preliminary follow-up email for your meeting",
    "task_icon": "💌",
    "task_type": "instruct",
    "steps": [],
    "enabled": True,
}
_CREATED: Final = {
    "user_task_execution_pk": EXECUTION,
    "json_input": [],
    "actions": [],
    "text_edit_actions": [],
    "session_id": SESSION,
    "intro_done": False,
}


def _row(sender: str, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_pk": message["message_pk"],
        "sender": sender,
        "message": message,
        "audio": False,
        "in_error_state": False,
    }


async def _serve(port: int, failures: int) -> None:
    async with serving(TranscribingServer(port=port, failures=failures)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), failures=1))
