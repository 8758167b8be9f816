import pytest
from starlette.responses import JSONResponse, Response

from mojodex_tui.client.errors import NotSupportedByServer
from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.session_files import SessionFile
from tests.client.conftest import NewClient
from tests.client.loopback import Call, Server, says

NOTES = SessionFile(file_id="notes.md", name="notes.md", size=4)
PART = FilePart(name="file", filename="notes.md", content=b"text", content_type="text/markdown")


async def test_a_file_travels_beside_its_session(server: Server, client: NewClient) -> None:
    taken: list[Call] = []

    async def take(call: Call) -> Response:
        taken.append(call)
        return JSONResponse(NOTES.to_wire())

    server.on("PUT", "/session_file", take)
    server.on("GET", "/session_file", says({"files": [NOTES.to_wire()]}))
    server.on("DELETE", "/session_file", says({"success": True}))
    async with client() as mojodex:
        assert await mojodex.api.attach("s", PART) == NOTES
        assert await mojodex.api.attached("s") == (NOTES,)
        await mojodex.api.detach("s", "notes.md")
    [call] = taken
    assert call.fields["session_id"] == "s"
    assert [(name, file, bytes(content)) for name, file, content in call.files] == [
        ("file", "notes.md", b"text")
    ]
    gone = [call.fields["file_id"] for call in server.calls if call.method == "DELETE"]
    assert gone == ["notes.md"]


async def test_other_servers_have_no_files(server: Server, client: NewClient) -> None:
    async with client() as mojodex:
        assert await mojodex.api.attached("s") == ()
        with pytest.raises(NotSupportedByServer):
            await mojodex.api.attach("s", PART)
