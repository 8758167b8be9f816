"""Files a user adds to a session's next message; only our own backend takes them."""

from mojodex_tui.wire.base import Items, Omittable, Request, Success, WireModel
from mojodex_tui.wire.route import Placement, Route

FILE_PART = "file"
"""The name of the part that carries the file."""

MOST_BYTES = 20_000_000
"""The largest file that is taken."""

MOST_FILES = 20
"""How many files one execution can have."""

DOCUMENTS = frozenset({".pdf", ".docx"})
"""The endings of files whose text must be taken out of them; every other file must be text."""


class AttachFileRequest(Request):
    """Adds a file, which travels as the part `file`, to the next message of a session."""

    session_id: str


class SessionFilesRequest(Request):
    """Asks for the files that go with the next message."""

    session_id: str


class DetachFileRequest(Request):
    """Takes a file away again before its message is sent."""

    session_id: str
    file_id: str


class SessionFile(WireModel):
    """A file of a session."""

    file_id: str
    name: str
    """The user's own name for it."""
    size: int
    """In bytes."""
    notice: Omittable[str] = None
    """What the assistant will not see of it."""


class SessionFiles(WireModel):
    """Files, in the order they were added."""

    files: Items[SessionFile] = ()


ATTACH_FILE = Route("PUT", "/session_file", AttachFileRequest, SessionFile, Placement.FORM)
LIST_FILES = Route("GET", "/session_file", SessionFilesRequest, SessionFiles, Placement.QUERY)
DETACH_FILE = Route("DELETE", "/session_file", DetachFileRequest, Success, Placement.QUERY)
