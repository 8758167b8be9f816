"""Who may answer what, as data (task engine §3.3).

T4 to T6 are readings of a structured reply (`Task.read`), T19, T22 and T23 outcomes of a step; T20
is the files node that `Engine.run` puts before the user's message.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """Admits a responder for a node if `guard` holds (`Task.row`); `own` even for its own node."""

    id: str
    kinds: str
    roles: str
    guard: str
    responder: str
    prompt: str = ""
    own: bool = False

    @property
    def structured(self) -> bool:
        """The prompt asks the LLM for a structured reply."""
        return self.prompt not in ("", "closing")


ROWS = (
    Row("T1 T21", "message files", "U", "due", "llm", "select"),
    Row("T2 T21", "message files", "U", "native", "llm"),
    Row("T3 T21", "message files", "U", "none due", "llm"),
    Row("T7", "structured", "A", "always", "llm", "closing", own=True),
    Row("T8", "tool_call", "UASF", "agent handles it", "agent", own=True),
    Row("T9", "tool_call", "UASF", "no sub-task handles it", "agent", own=True),
    Row("T10", "tool_call", "UASF", "this sub-task handles it", "sub-task"),
    Row("T11", "tool_result", "F", "structured", "llm", "result"),
    Row("T12", "tool_result", "F", "native", "llm"),
    Row("T13", "message", "S", "structured", "llm", "error"),
    Row("T14", "message", "S", "native", "llm"),
    Row("T15", "message tool_result", "ASUF", "interactive or named", "user"),
    Row("T16", "message tool_result", "ASUF", "open to it", "sub-task"),
    Row("T17", "message", "ASU", "fallback due", "agent"),
    Row("T18", "message", "A", "autonomous", "llm", "self", own=True),
)
