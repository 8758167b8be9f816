import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from pydantic import JsonValue

from mojodex_tui.client.errors import SignInNeeded
from mojodex_tui.client.port import Connection, Link, LiveEvent, Observable
from mojodex_tui.wire.base import JsonObject
from mojodex_tui.wire.events import DraftMessage, ErrorReported, MojoMessage
from mojodex_tui.wire.heard import Channel, Resynchronise, TokenAppended, TokenReplaced
from tests.client.conftest import NewClient
from tests.client.loopback import Server
from tests.wire.recording import of_type


def recorded(event: str) -> JsonObject:
    """Return the first payload of an event in the recording of acknowledgements."""
    for line in of_type("05_ack_and_resend", "sio_event"):
        args = line["args"]
        if line["event"] == event and isinstance(args, list) and isinstance(args[0], dict):
            return args[0]
    raise LookupError(event)


def acks_sent() -> list[JsonValue]:
    """Return the keys of all acknowledgements that the recorded server accepted."""
    return [line["args"] for line in of_type("05_ack_and_resend", "sio_ack_sent")]


async def heard(events: AsyncGenerator[LiveEvent, None]) -> LiveEvent:
    """Return the next event; being told to catch up is news of the connection, not of this."""
    async with asyncio.timeout(60):
        while isinstance(event := await anext(events), Resynchronise):
            pass
        return event


async def until(value: Observable[Connection], link: Link) -> Connection:
    """Wait until the connection is in a state."""
    reached = asyncio.Event()
    unsubscribe = value.subscribe(lambda now: reached.set() if now.link is link else None)
    async with asyncio.timeout(60):
        if value.value.link is not link:
            await reached.wait()
    unsubscribe()
    return value.value


async def test_a_draft_is_acknowledged_as_recorded(server: Server, client: NewClient) -> None:
    draft = recorded("draft_message")
    session = str(draft["session_id"])
    async with client() as mojodex, aclosing(mojodex.live.listen(session)) as events:
        listening = asyncio.create_task(heard(events))
        await server.until(lambda: session in server.joined)
        ack = await server.ask("draft_message", draft, session)
        assert ack == [
            {"session_id": session, "produced_text_version_pk": draft["produced_text_version_pk"]}
        ]
        assert ack in acks_sent()
        assert isinstance(await listening, DraftMessage)


async def test_a_message_is_acknowledged_as_recorded(server: Server, client: NewClient) -> None:
    message = recorded("mojo_message")
    session = str(message["session_id"])
    async with client() as mojodex, aclosing(mojodex.live.listen(session)) as events:
        listening = asyncio.create_task(heard(events))
        await server.until(lambda: session in server.joined)
        ack = await server.ask("mojo_message", message, session)
        assert ack == [{"session_id": session, "message_pk": message["message_pk"]}]
        assert ack in acks_sent()
        assert isinstance(await listening, MojoMessage)


async def test_a_repetition_is_acknowledged_and_not_heard(
    server: Server, client: NewClient
) -> None:
    message = recorded("mojo_message")
    session = str(message["session_id"])
    async with client() as mojodex, aclosing(mojodex.live.listen(session)) as events:
        listening = asyncio.create_task(heard(events))
        await server.until(lambda: session in server.joined)
        first = await server.ask("mojo_message", message, session)
        assert await server.ask("mojo_message", message, session) == first
        await server.say("error", {"error": "last", "session_id": session}, session)
        assert isinstance(await listening, MojoMessage)
        assert isinstance(await heard(events), ErrorReported)


async def test_tokens_are_heard_as_growth(server: Server, client: NewClient) -> None:
    async with client() as mojodex, aclosing(mojodex.live.listen("s")) as events:
        listening = asyncio.create_task(heard(events))
        await server.until(lambda: "s" in server.joined)
        for text in ("Who", "Who should", "Who should</ask_u"):
            await server.say("mojo_token", {"text": text, "session_id": "s"}, "s")
        await server.say("error", "bare words", "s")
        assert await listening == TokenReplaced("s", Channel.MESSAGE, "Who")
        assert await heard(events) == TokenAppended("s", Channel.MESSAGE, " should")
        assert isinstance(await heard(events), ErrorReported)


async def test_another_session_is_not_heard(server: Server, client: NewClient) -> None:
    async with (
        client() as mojodex,
        aclosing(mojodex.live.listen("a")) as a,
        aclosing(mojodex.live.listen("b")) as b,
    ):
        first, second = asyncio.create_task(heard(a)), asyncio.create_task(heard(b))
        await server.until(lambda: {"a", "b"} <= set(server.joined))
        await server.say("mojo_token", {"text": "for b", "session_id": "b"}, "b")
        await server.say("mojo_token", {"text": "for a", "session_id": "a"}, "a")
        assert await first == TokenReplaced("a", Channel.MESSAGE, "for a")
        assert await second == TokenReplaced("b", Channel.MESSAGE, "for b")


async def test_a_lost_connection_is_made_and_joined_again(
    server: Server, client: NewClient
) -> None:
    async with client() as mojodex, aclosing(mojodex.live.listen("s")) as events:
        await until(mojodex.live.connection, Link.ONLINE)
        assert await anext(events) == Resynchronise("s")
        await server.stop()
        assert (await until(mojodex.live.connection, Link.OFFLINE)).cause is not None
        server.joined.clear()
        await server.start()
        await server.until(lambda: server.joined == ["s"])
        await until(mojodex.live.connection, Link.ONLINE)
        async with asyncio.timeout(60):
            assert await anext(events) == Resynchronise("s")
        await server.say("mojo_token", {"text": "Hi", "session_id": "s"}, "s")
        assert await heard(events) == TokenReplaced("s", Channel.MESSAGE, "Hi")


async def test_a_cut_by_the_server_is_no_end(server: Server, client: NewClient) -> None:
    async with client() as mojodex, aclosing(mojodex.live.listen("s")) as events:
        listening = asyncio.create_task(heard(events))
        await server.until(lambda: server.joined == ["s"])
        await until(mojodex.live.connection, Link.ONLINE)
        await server.cut()
        await server.until(lambda: server.joined == ["s", "s"])
        await until(mojodex.live.connection, Link.ONLINE)
        await server.say("mojo_token", {"text": "Hi", "session_id": "s"}, "s")
        assert await listening == TokenReplaced("s", Channel.MESSAGE, "Hi")


@pytest.mark.parametrize("refusal", ["Expired token", "Invalid token"])
async def test_a_refused_token_asks_for_a_new_sign_in(
    server: Server, client: NewClient, refusal: str
) -> None:
    server.refusal = refusal
    async with client() as mojodex:
        connection = await until(mojodex.live.connection, Link.OFFLINE)
        assert isinstance(connection.cause, SignInNeeded)
        assert connection.next_try is None
        assert mojodex.account.value is None
