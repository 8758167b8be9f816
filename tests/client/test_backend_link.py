import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from mojodex_tui.client.errors import ApiError, BackendDidNotStart, Refused
from mojodex_tui.client.port import Link, OutboxStatus
from mojodex_tui.client.session import MojodexClient
from tests.client.loopback import Call, Server, says

SECRET = "between parent and child"


@dataclass(frozen=True)
class Address:
    url: str
    secret: str = SECRET


@dataclass
class Child:
    """A backend that can die, and be started again."""

    server: Server
    asked: list[str] = field(default_factory=list)
    hopeless: bool = False

    async def ready(self) -> Address:
        self.asked.append("ready")
        await self.server.start()
        return Address(self.server.url)

    async def restart(self) -> Address:
        self.asked.append("restart")
        if self.hopeless:
            raise BackendDidNotStart("It did not start.")
        await self.server.start()
        return Address(self.server.url)


def local_server() -> Server:
    async def local_session(call: Call) -> Response:
        if call.secret != SECRET:
            return JSONResponse({"error": "Authentication error : Invalid secret"}, 403)
        account = {"token": "local-token", "name": "You", "terms_and_conditions_agreed": True}
        return JSONResponse(account)

    async def executions(call: Call) -> Response:
        if call.secret != "local-token":
            return JSONResponse({"error": "Invalid token."}, 403)
        return JSONResponse({"user_task_executions": []})

    server = Server()
    server.on("POST", "/local_session", local_session)
    server.on("POST", "/timezone", says({"success": "Timezone updated"}))
    server.on("GET", "/user_task_execution", executions)
    return server


def client(child: Child, folder: Path) -> MojodexClient:
    return MojodexClient(child, folder, backoff=lambda _failures: 0.01)


async def until_local(mojodex: MojodexClient) -> None:
    reached = asyncio.Event()
    mojodex.live.connection.subscribe(lambda now: reached.set() if now.link is Link.LOCAL else None)
    async with asyncio.timeout(60):
        if mojodex.live.connection.value.link is not Link.LOCAL:
            await reached.wait()


async def test_whoever_sits_here_is_signed_in(tmp_path: Path) -> None:
    child = Child(local_server())
    async with client(child, tmp_path) as mojodex:
        assert await mojodex.api.executions() == ()
        assert mojodex.account.value is not None
        assert mojodex.account.value.name == "You"
        await until_local(mojodex)
        with pytest.raises(Refused):
            await mojodex.api.sign_out()
    assert child.asked == ["ready"]
    await child.server.stop()


async def test_a_backend_that_died_is_started_again(tmp_path: Path) -> None:
    child = Child(local_server())
    async with client(child, tmp_path) as mojodex:
        await until_local(mojodex)
        child.server.port = 0
        await child.server.stop()
        assert await mojodex.api.executions() == ()
        await until_local(mojodex)
    assert child.asked == ["ready", "restart"]
    await child.server.stop()


async def test_what_is_written_while_it_is_dead_is_sent_to_the_next_one(tmp_path: Path) -> None:
    child = Child(local_server())
    child.server.on("PUT", "/user_message", says({"text": "Hi", "message_pk": 1}))
    delivered = asyncio.Event()
    async with client(child, tmp_path) as mojodex:
        await until_local(mojodex)
        child.hopeless = True
        await child.server.stop()
        mojodex.outbox.subscribe(
            lambda change: delivered.set() if change.item.status is OutboxStatus.DELIVERED else None
        )
        await mojodex.outbox.send_message("s", 25, "Hi")
        with pytest.raises(ApiError):
            await mojodex.api.executions()
        assert not delivered.is_set()
        child.server.port = 0
        child.hopeless = False
        async with asyncio.timeout(60):
            await delivered.wait()
    await child.server.stop()


async def test_a_token_the_new_backend_does_not_know_is_renewed(tmp_path: Path) -> None:
    child = Child(local_server())
    async with client(child, tmp_path) as mojodex:
        assert await mojodex.api.executions() == ()
        known = child.server.answers["POST", "/local_session"]
        tokens = iter(["second"])

        async def other_session(_call: Call) -> Response:
            return JSONResponse({"token": next(tokens), "terms_and_conditions_agreed": True})

        async def other_executions(call: Call) -> Response:
            good = call.secret == "second"
            body: object = {"user_task_executions": []} if good else {"error": "Invalid token."}
            return JSONResponse(body, 200 if good else 403)

        assert known is not other_session
        child.server.on("POST", "/local_session", other_session)
        child.server.on("GET", "/user_task_execution", other_executions)
        assert await mojodex.api.executions() == ()
        assert mojodex.account.value is not None
        assert mojodex.account.value.token == "second"
    await child.server.stop()


async def test_a_backend_that_does_not_start_is_an_error_with_its_sentence(tmp_path: Path) -> None:
    child = Child(local_server(), hopeless=True)
    async with client(child, tmp_path) as mojodex:
        await until_local(mojodex)
        await child.server.stop()
        with pytest.raises(BackendDidNotStart, match="did not start"):
            await mojodex.api.executions()
