"""Who may answer what, as data (task engine §3.3).

How a model is asked (T1 to T3, T11 to T14) and read (T4 to T6) is its responder's business. T19 and
T23 are outcomes of a step; T20 is the files node that `Engine.run` puts before a user's message.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """Admits a responder for a node if `guard` holds; `own` even for its own node."""

    id: str
    kinds: str
    roles: str
    guard: str
    responder: str
    own: bool = False


ROWS = (
    Row("T1 T2 T3 T21", "message files", "U", "always", "llm"),
    Row("T7", "structured", "A", "always", "llm", own=True),
    Row("T8", "tool_call", "UASF", "agent handles it", "agent", own=True),
    Row("T9", "tool_call", "UASF", "no sub-task handles it", "agent", own=True),
    Row("T10", "tool_call", "UASF", "this sub-task handles it", "sub-task"),
    Row("T11 T12", "tool_result", "F", "always", "llm"),
    Row("T13 T14", "message", "S", "always", "llm"),
    Row("T15", "message tool_result", "ASUF", "interactive or named", "user"),
    Row("T16", "message tool_result", "ASUF", "open to it", "sub-task"),
    Row("T17", "message", "ASU", "fallback due", "agent"),
    Row("T18", "message", "A", "autonomous", "llm", own=True),
)
