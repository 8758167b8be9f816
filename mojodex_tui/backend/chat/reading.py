"""Reading what models write: structured replies and typed results (task engine §3.3, §3.4)."""

import json
import re
from typing import Any

import yaml
from pydantic import TypeAdapter

from mojodex_tui.backend.engine.nodes import Call, Node

_FENCE = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)


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


def validated(data: dict[str, Any], kind: type) -> object:
    """Return the data as that type, whose fields may be written in any case."""
    return TypeAdapter[object](kind).validate_python({**plain(data), **data})


def typed(node: Node, text: str, kind: type | None) -> object:
    """Return the value of a result, None if it is not of the wanted type (task engine §3.4)."""
    if kind is None or node.signal == "final" or type(node.value) is kind:
        return node.value
    if node.calls:
        arguments = [value for call in node.calls for value in call.args.values()]
        return next((value for value in arguments if type(value) is kind), None)
    try:
        if kind in (str, int, float, bool):
            return TypeAdapter[object](kind).validate_python(text if kind is str else text.strip())
        data = node.value if isinstance(node.value, dict) else mapping(text)
        return validated(data, kind) if data else None
    except ValueError:
        return None
