"""Reading replies: signals, structured text, tool outcomes, types (task engine §3.3, §3.4)."""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from mojodex_tui.backend.engine.nodes import Call, ErrorInfo, Node, Reply, Result, ToolCall

QUIT_WORDS = frozenset({"q", "x", "quit", "exit", "bye", "DONE"})
_WORD = r"\w(?:[\w:.-]*\w)?"
_DONE = re.compile(r"^\W*?(?P<first>DONE(?!\w)[:,.]?)|(?<!\w)(?P<last>DONE[:,.]?)\W*$")
_PASS = re.compile(rf"^\W*?__PASS__(?::({_WORD}))?(?!\w)|(?<!\w)__PASS__(?::({_WORD}))?\W*$")
_SEND = re.compile(rf".*__SEND__:({_WORD})[:,.]?(.*)", re.DOTALL)
_CALLS = {"done": "done", "done_pass": "done_pass", "pass": "pass", "forward": "pass", "send": ""}
_FENCE = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)
_LETTERS = {"TOOL": "T", "AGENT": "A", "LLM": "L", "USER": "U", "NO_RESPONSE": "N"}


class Refused(Exception):
    """What cannot be taken as it is (T5, T9, T22); the text is for the LLM."""


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


def failure(error: Exception, executed: Sequence[str] = ()) -> Reply:
    """Return the reply an exception becomes: its class and a short text (task engine §3.8)."""
    text = str(error)
    if isinstance(error, ValidationError):
        wrong = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        text = f"Wrong {error.title}: {'; '.join(wrong)}."
    text = " ".join(text.split())[:500] or type(error).__name__
    info = ErrorInfo(kind=type(error).__name__, text=text)
    return Reply(text="\n\n".join((*executed, text)), error=info)


def outcome(pairs: Collection[tuple[Call, object]]) -> Reply | None:
    """Return the reply that the outcomes of executed calls make together (task engine §3.2)."""
    results: list[Result] = []
    fields: dict[str, Any] = {}
    for call, value in pairs:
        match value:
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
            case Final(final):
                fields |= {"signal": "final", "value": final}
                content = ""
            case content:
                pass
        results.append(Result(call_id=call.id, name=call.name, text=as_text(content)))
    return Reply(results=tuple(results), **fields) if results or fields else None


def signalled(reply: Reply, tools: Collection[str], *, words: bool) -> Reply:
    """Turn a lone signal call and, if `words` count, text signals into fields (§3.4)."""
    name = reply.calls[0].name if len(reply.calls) == 1 else ""
    if name in _CALLS and name not in tools:
        args = reply.calls[0].args
        to, said = str(args.get("to", args.get("agent", ""))), as_text(args.get("content", ""))
        fields = {"calls": (), "to": to, "text": said, "signal": _CALLS[name]}
        reply = reply.model_copy(update=fields)
    return translate(reply) if words and not (reply.calls or reply.signal) else reply


def translate(reply: Reply) -> Reply:
    """Turn the text signals of an LLM or a user into fields (task engine §3.4)."""
    if send := _SEND.match(reply.text):
        said = send[2].strip()
        reply = reply.model_copy(
            update={"to": send[1], "text": said, "signal": "" if said else "pass"}
        )
    text, fields = reply.text.strip(), dict[str, str]()
    passed, done = _PASS.search(text), _DONE.search(text)
    if passed:
        fields = {"signal": "done_pass" if done else "pass", "to": passed[1] or passed[2] or ""}
    elif done:
        start, end = done.span(done.lastgroup or 0)
        fields = {"signal": "done", "result_text": (text[:start] + text[end:]).strip()}
    return reply.model_copy(update=fields)


class _Yaml(yaml.SafeLoader):
    """YAML whose only unquoted types are those of JSON: `no` and `12:30` stay text."""

    yaml_implicit_resolvers = {}


_JSON = re.compile(r"(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)?$")
_Yaml.add_implicit_resolver("json", _JSON, None)
_Yaml.add_constructor("json", lambda _, node: json.loads(node.value or "null"))


def mapping(text: str) -> dict[str, Any]:
    """Return the mapping in the first fenced block, or in the whole text; empty if unreadable."""
    fenced = _FENCE.search(text)
    body = (fenced[1] if fenced else text).strip()
    try:
        # JSON allows tabs that YAML refuses; _Yaml is a SafeLoader
        data = json.loads(body) if body[:1] == "{" else yaml.load(body, Loader=_Yaml)  # noqa: S506
    except (yaml.YAMLError, ValueError, TypeError):
        return {}
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else {}


def plain(data: object) -> dict[str, Any]:
    """Return a mapping with lower-case keys without blanks; its values are left alone."""
    items = data.items() if isinstance(data, dict) else ()
    return {re.sub(r"\s+", "_", str(key).strip().lower()): value for key, value in items}


def wanted_call(data: dict[str, Any]) -> Call | None:
    """Return the call a structured reply wants (T4); raises ValidationError if unreadable (T5)."""
    said = {key: data[key] for key in ("use_tool", "try_again") if data.get(key) is not None}
    flags = TypeAdapter(dict[str, bool]).validate_python(said)
    if not flags.get("use_tool") or not flags.get("try_again", True):
        return None
    command = plain(data.get("command"))
    call = {"name": command.get("name"), "args": command.get("arguments") or {}}
    return Call.model_validate(call)


def is_model(kind: type | None) -> bool:
    """The type is read from structured data rather than from words."""
    return kind is not None and kind not in (str, int, float, bool)


def validated(data: dict[str, Any], kind: type) -> object:
    """Return the data as that type, whose fields may be written in any case."""
    return TypeAdapter[object](kind).validate_python({**plain(data), **data})


def typed(node: Node, text: str, kind: type | None) -> object:
    """Return the value of a result, None if it is not of the wanted type (task engine §3.4)."""
    if kind is None or node.signal == "final" or type(node.value) is kind:
        return node.value
    if isinstance(node.content, ToolCall):
        arguments = [value for call in node.content.calls for value in call.args.values()]
        return next((value for value in arguments if type(value) is kind), None)
    try:
        if not is_model(kind):
            return TypeAdapter[object](kind).validate_python(text if kind is str else text.strip())
        data = node.value if isinstance(node.value, dict) else mapping(text)
        return validated(data, kind) if data else None
    except ValueError:
        return None


def sequence(text: str) -> list[tuple[str, str]]:
    """Read a done sequence such as `T[add], A, C[bye|ciao]` (task engine §1.7)."""
    found = re.findall(r"(\w+)(?:\[((?:[^\[\]]|\[[^\]]*\])*)\])?", text)
    events = [(_LETTERS.get(word.upper(), word.upper()), argument) for word, argument in found]
    if not events or any(letter not in {*_LETTERS.values(), "C"} for letter, _ in events):
        raise ValueError(f"Not a done sequence: {text!r}. Use T, T[tool], A, L, U, N or C[regex].")
    return events


def ends_with(history: Sequence[Node], events: Sequence[tuple[str, str]]) -> bool:
    """Match the newest nodes, without gaps; each counts by its own sender and kind."""
    tail = history[-len(events) :]
    return len(tail) == len(events) and all(map(_is, tail, events))


def _is(node: Node, event: tuple[str, str]) -> bool:
    letter, wanted = event
    called = [c.name for c in node.content.calls] if isinstance(node.content, ToolCall) else []
    return {
        "T": bool(called) and (not wanted or called == [wanted]),
        "A": node.sender == "agent",
        "L": node.sender == "llm" and not called,
        "U": node.role == "U",
        "N": not node.text.strip(),
        "C": letter == "C" and re.search(wanted, node.text, re.IGNORECASE) is not None,
    }[letter]
