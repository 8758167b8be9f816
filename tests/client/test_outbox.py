import asyncio
import os
import sys
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.port import OutboxChange, OutboxStatus
from mojodex_tui.client.session import MojodexClient
from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.executions import InputValue
from mojodex_tui.wire.produced_texts import SavedProducedText
from tests.client.conftest import NewClient
from tests.client.loopback import TOKEN, Call, Server, says, says_one_after_the_other

STORED = {"text": "Hi", "message_pk": 62, "message_id": "m", "user_task_execution_pk": 25}


async def cut_off(call: Call) -> Response:
    """Break off in the middle of the answer, as a server that is killed does."""

    class Broken(Response):
        async def __call__(self, scope: object, receive: object, send: object) -> None:
            raise ConnectionAbortedError

    return Broken()


async def finished(mojodex: MojodexClient, item_id: str) -> OutboxChange:
    """Wait until an item is delivered or refused."""
    done: asyncio.Future[OutboxChange] = asyncio.get_running_loop().create_future()

    def note(change: OutboxChange) -> None:
        over = change.item.status in {OutboxStatus.DELIVERED, OutboxStatus.REFUSED}
        if change.item.id == item_id and over and not done.done():
            done.set_result(change)

    unsubscribe = mojodex.outbox.subscribe(note)
    async with asyncio.timeout(60):
        change = await done
    unsubscribe()
    return change


def sent(server: Server, path: str = "/user_message") -> list[Call]:
    return [call for call in server.calls if call.path == path and call.method != "GET"]


async def test_a_message_is_sent_with_its_key_and_local_date(
    server: Server, client: NewClient
) -> None:
    server.on("PUT", "/user_message", says(STORED))
    async with client() as mojodex:
        item = await mojodex.outbox.send_message("s", 25, "Hi")
        change = await finished(mojodex, item.id)
        assert change.item.status is OutboxStatus.DELIVERED
        assert mojodex.outbox.unsent() == ()
    fields = sent(server)[0].fields
    assert fields["message_id"] == item.id
    assert (fields["session_id"], fields["user_task_execution_pk"]) == ("s", "25")
    # The account lives an hour ahead of UTC, and dates are naive.
    assert "+" not in fields["message_date"]
    hour_ahead = item.created.replace(tzinfo=None).isoformat()
    assert fields["message_date"][14:] == hour_ahead[14:]
    assert (int(fields["message_date"][11:13]) - item.created.hour) % 24 == 1


@pytest.mark.parametrize(
    "trouble",
    [
        says({"message": "Internal Server Error"}, 500),
        says({"error": "slow down"}, 429),
        says({"status": "processing"}),
        cut_off,
    ],
)
async def test_trouble_is_met_with_the_same_key(
    server: Server, client: NewClient, trouble: object
) -> None:
    assert callable(trouble)
    answer = says_one_after_the_other(trouble, trouble, says(STORED))
    server.on("PUT", "/user_message", answer)
    async with client() as mojodex:
        item = await mojodex.outbox.send_message("s", 25, "Hi")
        assert (await finished(mojodex, item.id)).item.status is OutboxStatus.DELIVERED
    assert len(sent(server)) == 3
    assert len({tuple(sorted(call.fields.items())) for call in sent(server)}) == 1


async def test_a_refusal_is_kept_with_its_sentence_until_retried(
    server: Server, client: NewClient
) -> None:
    refusal = {"error": "Invalid session_id: s"}
    answer = says_one_after_the_other(says(refusal, 400), says(STORED))
    server.on("PUT", "/user_message", answer)
    async with client() as mojodex:
        item = await mojodex.outbox.send_message("s", 25, "Hi")
        change = await finished(mojodex, item.id)
        assert change.item.status is OutboxStatus.REFUSED
        assert change.item.cause == "The server refused this: Invalid session_id: s"
        assert mojodex.live.connection.value.unsent == 1
    assert len(sent(server)) == 1
    async with client() as mojodex:
        assert [one.id for one in mojodex.outbox.unsent("s")] == [item.id]
        done = asyncio.create_task(finished(mojodex, item.id))
        await mojodex.outbox.retry(item.id)
        assert (await done).item.status is OutboxStatus.DELIVERED
        assert mojodex.live.connection.value.unsent == 0


async def test_a_refused_item_lets_the_next_one_pass(server: Server, client: NewClient) -> None:
    answer = says_one_after_the_other(says({"error": "no"}, 400), says(STORED))
    server.on("PUT", "/user_message", answer)
    async with client() as mojodex:
        first = await mojodex.outbox.send_message("s", 25, "one")
        second = await mojodex.outbox.send_message("s", 25, "two")
        assert (await finished(mojodex, second.id)).item.status is OutboxStatus.DELIVERED
        assert [one.id for one in mojodex.outbox.unsent()] == [first.id]
        await mojodex.outbox.drop(first.id)
        assert mojodex.outbox.unsent() == ()


async def test_a_session_is_sent_in_order_and_does_not_hold_up_others(
    server: Server, client: NewClient
) -> None:
    stuck = asyncio.Event()

    async def answer(call: Call) -> Response:
        if call.fields["session_id"] == "s" and not stuck.is_set():
            return JSONResponse({"message": "Internal Server Error"}, 500)
        return JSONResponse(STORED)

    server.on("PUT", "/user_message", answer)
    async with client() as mojodex:
        await mojodex.outbox.send_message("s", 25, "one")
        last = await mojodex.outbox.send_message("s", 25, "two")
        other = await mojodex.outbox.send_message("t", 26, "other")
        await finished(mojodex, other.id)
        assert len(mojodex.outbox.unsent("s")) == 2
        stuck.set()
        await finished(mojodex, last.id)
    texts = [call.fields["text"] for call in sent(server) if call.fields["session_id"] == "s"]
    assert texts == sorted(texts)
    assert texts.count("two") == 1


async def test_a_killed_program_sends_at_its_next_start(
    server: Server, client: NewClient, tmp_path: Path
) -> None:
    server.on("PUT", "/user_message", says({"message": "Internal Server Error"}, 500))
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", KILLED, server.url, str(tmp_path)),
        env={**os.environ, "MOJODEX_TOKEN": TOKEN},
    )
    try:
        await server.until(lambda: bool(sent(server)))
    finally:
        program.kill()
        await program.wait()
    before = sent(server)[-1]
    server.on("PUT", "/user_message", says(STORED))
    async with client():
        await server.until(lambda: sent(server)[-1] is not before)
    assert sent(server)[-1].fields == before.fields


KILLED = """
import asyncio, sys
from pathlib import Path
from mojodex_tui.client.session import MojodexClient

async def main():
    async with MojodexClient(sys.argv[1], Path(sys.argv[2])) as mojodex:
        await mojodex.outbox.send_message("s", 25, "Do not lose me")
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_second_program_does_not_send_what_the_first_one_holds(
    server: Server, client: NewClient
) -> None:
    server.on("PUT", "/user_message", says({"error": "no"}, 400))
    async with client() as first:
        item = await first.outbox.send_message("s", 25, "Hi")
        await finished(first, item.id)
        async with client() as second:
            assert second.outbox.unsent() == ()


async def test_a_run_carries_its_inputs_and_files(server: Server, client: NewClient) -> None:
    server.on("POST", "/user_task_execution_run", says({"success": "ok"}))
    given = InputValue(input_name="photo", input_value="a.png")
    photo = FilePart(name="photo", filename="a.png", content=b"\x89PNG", content_type="image/png")
    async with client() as mojodex:
        item = await mojodex.outbox.run_form("s", 25, [given], [photo])
        assert (await finished(mojodex, item.id)).item.status is OutboxStatus.DELIVERED
    call = sent(server, "/user_task_execution_run")[0]
    assert call.fields["inputs"] == '[{"input_name": "photo", "input_value": "a.png"}]'
    assert call.files == (("photo", "a.png", b"\x89PNG"),)


@pytest.mark.parametrize(("start_date", "runs"), [(None, 2), ("2026-11-20T21:21:10+00:00", 1)])
async def test_a_run_whose_answer_was_lost_is_repeated_only_if_it_did_not_arrive(
    server: Server, client: NewClient, start_date: str | None, runs: int
) -> None:
    run = says_one_after_the_other(cut_off, says({"success": "ok"}))
    server.on("POST", "/user_task_execution_run", run)
    execution = {
        "user_task_execution_pk": 25,
        "session_id": "s",
        "user_task_pk": 2,
        "start_date": start_date,
    }
    server.on("GET", "/user_task_execution", says(execution))
    async with client() as mojodex:
        item = await mojodex.outbox.run_form("s", 25, [])
        assert (await finished(mojodex, item.id)).item.status is OutboxStatus.DELIVERED
    assert len(sent(server, "/user_task_execution_run")) == runs


@pytest.mark.parametrize(("latest", "saves"), [("old", 2), ("new", 1)])
async def test_an_edit_whose_answer_was_lost_is_repeated_only_if_it_did_not_arrive(
    server: Server, client: NewClient, latest: str, saves: int
) -> None:
    saved = says({"produced_text_pk": 12, "produced_text_version_pk": 20})
    server.on("POST", "/produced_text", says_one_after_the_other(cut_off, saved))
    execution = {
        "user_task_execution_pk": 25,
        "session_id": "s",
        "user_task_pk": 2,
        "produced_text_pk": 12,
        "produced_text_version_pk": 20,
        "produced_text_title": "Title",
        "produced_text_production": latest,
    }
    server.on("GET", "/user_task_execution", says(execution))
    async with client() as mojodex:
        item = await mojodex.outbox.save_edit("s", 25, 12, "Title", "new")
        change = await finished(mojodex, item.id)
    assert change.item.status is OutboxStatus.DELIVERED
    assert change.answer == SavedProducedText(produced_text_pk=12, produced_text_version_pk=20)
    assert len(sent(server, "/produced_text")) == saves


async def test_a_refused_token_keeps_the_item_until_the_next_sign_in(
    server: Server, tmp_path: Path
) -> None:
    refused = says({"error": "Token expired."}, 403)
    server.on("PUT", "/user_message", says_one_after_the_other(refused, says(STORED)))
    old = says({"token": "old", "terms_and_conditions_agreed": True})
    new = says({"token": "new", "terms_and_conditions_agreed": True})
    server.on("POST", "/user", says_one_after_the_other(old, new))
    async with MojodexClient(
        server.url, tmp_path, sources=CredentialSources(environ={}), backoff=lambda _failures: 0.01
    ) as mojodex:
        await mojodex.api.sign_in("demo@example.com", "demo")
        signed_out = asyncio.Event()
        mojodex.account.subscribe(lambda account: signed_out.set() if not account else None)
        item = await mojodex.outbox.send_message("s", 25, "Hi")
        async with asyncio.timeout(60):
            await signed_out.wait()
        done = asyncio.create_task(finished(mojodex, item.id))
        await mojodex.api.sign_in("demo@example.com", "demo")
        assert (await done).item.status is OutboxStatus.DELIVERED
    assert [call.secret for call in sent(server)] == ["old", "new"]


async def test_a_recording_goes_with_every_try(server: Server, client: NewClient) -> None:
    busy = says({"error": "slow down"}, 429)
    server.on("PUT", "/user_message", says_one_after_the_other(busy, says(STORED)))
    sound = FilePart(name="file", filename="note.m4a", content=b"ftyp", content_type="audio/mp4")
    async with client() as mojodex:
        item = await mojodex.outbox.send_recording("s", 25, sound)
        assert (await finished(mojodex, item.id)).item.status is OutboxStatus.DELIVERED
    first, second = sent(server)
    for call in (first, second):
        assert call.files == (("file", "note.m4a", b"ftyp"),)
        assert "text" not in call.fields
    assert first.fields["message_id"] == second.fields["message_id"] == item.id


async def test_a_run_keeps_its_files_over_a_restart(server: Server, client: NewClient) -> None:
    answer = says_one_after_the_other(says({"error": "no"}, 402), says({"success": "ok"}))
    server.on("POST", "/user_task_execution_run", answer)
    execution = {"user_task_execution_pk": 25, "session_id": "s", "user_task_pk": 2}
    server.on("GET", "/user_task_execution", says(execution))
    photo = FilePart(name="photo", filename="a.png", content=b"\x89PNG", content_type="image/png")
    async with client() as mojodex:
        item = await mojodex.outbox.run_form("s", 25, [], [photo])
        assert (await finished(mojodex, item.id)).item.status is OutboxStatus.REFUSED
    async with client() as mojodex:
        done = asyncio.create_task(finished(mojodex, item.id))
        await mojodex.outbox.retry(item.id)
        assert (await done).item.status is OutboxStatus.DELIVERED
    first, second = sent(server, "/user_task_execution_run")
    assert second.files == first.files == (("photo", "a.png", b"\x89PNG"),)


async def test_a_message_whose_answer_failed_is_sent_again_with_its_key(
    server: Server, client: NewClient
) -> None:
    server.on("PUT", "/user_message", says(STORED))
    async with client() as mojodex:
        item = await mojodex.outbox.send_message("s", 25, "Hi")
        await finished(mojodex, item.id)
        again = await mojodex.outbox.send_message("s", 25, "Hi", message_id=item.id)
        await finished(mojodex, again.id)
    assert [call.fields["message_id"] for call in sent(server)] == [item.id, item.id]
