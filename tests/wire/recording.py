"""The recordings of an original server, as values.

Each file of `recordings` holds one scenario, one JSON object a line: what a client sent, what the
server answered, and what stood behind it (calls to the model, mail, the database).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from mojodex_tui.wire.base import JsonObject
from mojodex_tui.wire.route import Placement
from mojodex_tui.wire.routes import ROUTES, AnyRoute

SCENARIOS = sorted(path.stem for path in Path(__file__).parent.joinpath("recordings").iterdir())


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer."""

    where: str
    method: str
    path: str
    fields: JsonObject
    """All that was sent, as the server sees it: query and form values are text."""
    placement: Placement
    status: int
    content_type: str
    body: JsonValue
    """The answer's JSON, or its text."""
    secret: str
    """Whose secret was shown, such as `<TOKEN:demo>`; empty for none."""
    label: str = ""
    """What the recording says it is about."""

    @property
    def good(self) -> bool:
        """Whether the server did as it was told."""
        return 200 <= self.status < 300

    @property
    def route(self) -> AnyRoute | None:
        """The route that was called, if it is one of ours."""
        same = [r for r in ROUTES if (r.method, r.path) == (self.method, self.path)]
        picked = [r for r in same if r.picked_by in self.fields]
        plain = [r for r in same if r.picked_by is None]
        return next(iter(picked + plain), None)


@cache
def lines(scenario: str) -> tuple[JsonObject, ...]:
    """Return the lines of a scenario."""
    path = Path(__file__).parent / "recordings" / f"{scenario}.jsonl"
    return tuple(json.loads(line) for line in path.read_text("utf-8").splitlines())


def of_type(scenario: str, *types: str) -> Iterator[JsonObject]:
    """Yield the lines of some types."""
    return (line for line in lines(scenario) if line["type"] in types)


def exchanges(scenario: str) -> Iterator[Exchange]:
    """Yield the HTTP exchanges of a scenario."""
    requests: dict[JsonValue, JsonObject] = {}
    for line in of_type(scenario, "http_request", "http_response"):
        if line["type"] == "http_request":
            requests[str(line["id"])] = line
        else:
            yield _exchange(scenario, requests.pop(str(line["id"])), line)


def _exchange(scenario: str, request: JsonObject, response: JsonObject) -> Exchange:
    """Join a request and its answer."""
    placement, fields = _sent(request)
    headers = response.get("headers")
    shown = request.get("headers")
    return Exchange(
        where=f"{scenario} line {request['seq']}",
        method=str(request["method"]),
        path=str(request["path"]).partition("?")[0],
        fields=fields,
        placement=placement,
        status=int(str(response["status"])),
        content_type=str(headers.get("content-type")) if isinstance(headers, dict) else "",
        secret=str(shown.get("authorization", "")) if isinstance(shown, dict) else "",
        body=response["json"] if "json" in response else response.get("text"),
        label=str(request.get("label") or ""),
    )


def _sent(request: JsonObject) -> tuple[Placement, JsonObject]:
    """Return where the fields of a request travelled, and the fields."""
    for key in ("form_multipart", "form_urlencoded"):
        if isinstance(form := request.get(key), dict):
            return Placement.FORM, _as_text(form)
    if isinstance(body := request.get("json"), dict):
        return Placement.JSON, body
    query = request.get("query")
    return Placement.QUERY, _as_text(query) if isinstance(query, dict) else {}


def _as_text(fields: JsonObject) -> JsonObject:
    """Return fields as a query or a form carries them."""
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()
    }
