"""What handlers of tools return, and the reply it makes (task engine §3.2)."""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from mojodex_tui.backend.engine.nodes import Call, Reply, Result


class Done(NamedTuple):
    """A handler's outcome: the task is done with this content."""

    content: object = ""


class Final(NamedTuple):
    """A handler's outcome: this value ends the task and all its callers."""

    value: object


class Send(NamedTuple):
    """A handler's outcome: a message to that responder."""

    to: str
    content: object


class Pass(NamedTuple):
    """A handler's outcome: somebody else is to answer."""

    to: str = ""


def as_text(value: object) -> str:
    """Return a value as text: strings as they are, all else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(to_jsonable_python(value), ensure_ascii=False)


def outcome(pairs: Collection[tuple[Call, object]]) -> Reply | None:
    """Return the reply that the outcomes of executed calls make together (task engine §3.2)."""
    results: list[Result] = []
    fields: dict[str, Any] = {}
    for call, content in pairs:
        match content:
            case None:
                continue
            case Pass(to):
                fields |= {"signal": "pass", "to": to}
                continue
            case Send(to, content) if len(pairs) == 1:
                return Reply(text=as_text(content), to=to)
            case Send(to, content):
                fields["to"] = to
            case Done(content):
                fields["signal"] = "done"
            case Final(value):
                fields |= {"signal": "final", "value": value}
                content = ""
        results.append(Result(call_id=call.id, name=call.name, text=as_text(content)))
    return Reply(results=tuple(results), **fields) if results or fields else None
