"""What our own backend adds; original servers answer 404 and original clients never ask."""

from enum import StrEnum

from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.base import Items, Request, WireModel
from mojodex_tui.wire.route import Access, Placement, Route


class AssistantKind(StrEnum):
    """Who writes the answers."""

    MODEL = "model"
    OFFLINE = "offline"


class AssistantInfo(WireModel):
    """The assistant behind a backend."""

    kind: AssistantKind
    label: str
    """What to call it on the screen, such as `llama3.1 at localhost:11434`."""


class CatalogProblem(WireModel):
    """A task file that could not be read; the other tasks are there."""

    file: str
    key: str
    reason: str


class BackendRequest(Request):
    """Asks what kind of backend this is."""


class BackendInfo(WireModel):
    """What a client may show about the backend it talks to."""

    name: str = "mojodex-tui"
    version: str
    assistant: AssistantInfo
    catalog_problems: Items[CatalogProblem] = ()


class LocalSessionRequest(Request):
    """Signs the user of this computer in; the local account is made on the first call."""


class StopGenerationRequest(Request):
    """Stops what the assistant is writing in a session."""

    session_id: str


class StoppedGeneration(WireModel):
    """Whether anything was stopped; if so, an `error` event of kind `stopped` follows."""

    stopped: bool


READ_BACKEND = Route("GET", "/backend", BackendRequest, BackendInfo, Placement.QUERY, Access.NOBODY)
OPEN_LOCAL_SESSION = Route(
    "POST", "/local_session", LocalSessionRequest, Account, Placement.JSON, Access.LOCAL
)
STOP_GENERATION = Route(
    "DELETE", "/generation", StopGenerationRequest, StoppedGeneration, Placement.QUERY
)
