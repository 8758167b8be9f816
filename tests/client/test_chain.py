from mojodex_tui.wire.chain import Chain
from tests.chains import chain
from tests.client.conftest import NewClient
from tests.client.loopback import Server, says


async def test_a_chain_is_read_as_it_was_written(server: Server, client: NewClient) -> None:
    server.on("GET", "/chain", says(chain().to_wire()))
    server.on("GET", "/chain/node", says({"text": "All of it", "body": "{}"}))
    async with client() as mojodex:
        assert await mojodex.api.chain("s") == chain()
        assert (await mojodex.api.chain_node("s", "n")).text == "All of it"
    asked = [call.fields for call in server.calls if call.path.startswith("/chain")]
    assert [(each["session_id"], each.get("node_id")) for each in asked] == [
        ("s", None),
        ("s", "n"),
    ]


async def test_an_empty_chain_is_not_the_same_as_none(server: Server, client: NewClient) -> None:
    async with client() as mojodex:
        assert await mojodex.api.chain("s") is None
        server.on("GET", "/chain", says({}))
        assert await mojodex.api.chain("s") == Chain()


async def test_a_branch_is_asked_for_at_its_node(server: Server, client: NewClient) -> None:
    server.on("POST", "/chain/branch", says({"run": "new"}))
    async with client() as mojodex:
        assert await mojodex.api.branch("s", "n") == "new"
    asked = [call.fields for call in server.calls if call.path == "/chain/branch"]
    assert [(each["session_id"], each["node_id"]) for each in asked] == [("s", "n")]
