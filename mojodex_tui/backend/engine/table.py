"""Who may answer what, and what an LLM is told then, as data (task engine §3.3).

T4 to T6 are readings of a structured reply (`Task._read`), T19 and T23 outcomes of a step; T20 is
the files node that `Engine.run` puts before the user's message.
"""

from typing import NamedTuple

SCHEMA = (
    "Answer with one JSON or YAML mapping: thoughts, use_tool (yes/no), "
    "command {name, arguments}, try_again (yes/no), answer (text for the user)."
)
_SELECT = "Decide whether a tool is needed to answer the user. "
_RESULT = "Look at the tool result: did it fail, does it suffice, is another call needed? "
_ERROR = "Something failed. Say whether it can be corrected, and correct it if so. "
_SELF = "Look at your last message: is there more to do for it? "
_CLOSING = "Write the closing answer for the user, as plain text."


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
        return self.prompt not in ("", _CLOSING)


NOBODY = Row("T22", "", "", "addressed to nobody", "agent", own=True)
ROWS = (
    Row("T1 T21", "message files", "U", "due", "llm", _SELECT),
    Row("T2 T3 T21", "message files", "U", "none due", "llm"),
    Row("T7", "structured", "A", "always", "llm", _CLOSING, own=True),
    Row("T8", "tool_call", "UASF", "agent handles it", "agent", own=True),
    Row("T9", "tool_call", "UASF", "no sub-task handles it", "agent", own=True),
    Row("T10", "tool_call", "UASF", "this sub-task handles it", "sub-task"),
    Row("T11", "tool_result", "F", "structured", "llm", _RESULT),
    Row("T12", "tool_result", "F", "native", "llm"),
    Row("T13", "message", "S", "structured", "llm", _ERROR),
    Row("T14", "message", "S", "native", "llm"),
    Row("T15", "message tool_result", "ASUF", "interactive or named", "user"),
    Row("T16", "message tool_result", "ASUF", "open to it", "sub-task"),
    Row("T17", "message", "ASU", "fallback due", "agent"),
    Row("T18", "message", "A", "autonomous", "llm", _SELF, own=True),
)
