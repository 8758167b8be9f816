import asyncio
import ssl
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.errors import (
    ApiError,
    BadAnswer,
    Busy,
    CertificateProblem,
    NotFound,
    NotSupportedByServer,
    PlanUsedUp,
    Refused,
    ServerFailed,
    SignInNeeded,
    TermsNeeded,
    Unreachable,
    WrongCredentials,
)
from mojodex_tui.client.port import KeptIn, Mojodex, StopOutcome
from mojodex_tui.client.session import MojodexClient
from tests.certificates import self_signed
from tests.client.conftest import NewClient
from tests.client.loopback import TOKEN, Call, Server, says
from tests.wire.recording import exchanges

NOBODY = CredentialSources(environ={})


def test_the_client_is_what_screens_are_given(client: NewClient) -> None:
    mojodex: Mojodex = client()
    assert mojodex.account.value is None


async def test_sign_in_is_kept_for_the_next_start(server: Server, tmp_path: Path) -> None:
    server.replay("01_auth")
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        account = await mojodex.api.sign_in("demo@example.com", "demo")
        assert (account.token, account.name) == (TOKEN, "Demo User")
        assert mojodex.keeping.value.where is KeptIn.KEYRING
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        assert mojodex.account.value == account
        await mojodex.api.sign_out()
        assert mojodex.account.value is None
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        assert mojodex.account.value is None
        with pytest.raises(SignInNeeded):
            await mojodex.api.catalog()


async def test_the_languages_of_the_server_and_the_one_that_is_chosen(
    server: Server, client: NewClient
) -> None:
    server.on(
        "GET", "/language", says({"available_languages": {"en": "English", "fr": "Français"}})
    )
    server.on("POST", "/language", says({"success": "Language updated"}))
    async with client() as mojodex:
        assert await mojodex.api.languages() == {"en": "English", "fr": "Français"}
        await mojodex.api.set_language("fr")
        account = mojodex.account.value
        assert account is not None
        assert account.language_code == "fr"


async def test_too_many_tries_to_sign_in_are_told_in_the_words_of_the_server(
    server: Server, tmp_path: Path
) -> None:
    said = "Too many attempts to sign in. Try again in 15 minutes."
    server.on("POST", "/user", says({"error": said}, 429))
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        with pytest.raises(Refused, match=said):
            await mojodex.api.sign_in("demo@example.com", "demo")


async def test_wrong_credentials_are_named(server: Server, tmp_path: Path) -> None:
    server.replay("01_auth")
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        with pytest.raises(WrongCredentials):
            await mojodex.api.sign_in("demo@example.com", "wrong")


async def test_the_clock_is_told_once_a_sign_in(server: Server, client: NewClient) -> None:
    async with client():
        await server.until(lambda: any(call.path == "/timezone" for call in server.calls))
    told = [call for call in server.calls if call.path == "/timezone"]
    assert [call.fields["timezone_offset"] for call in told] == ["-60"]


async def test_the_catalog_is_that_of_both_platforms(server: Server, client: NewClient) -> None:
    server.replay("02_user_tasks")
    async with client() as mojodex:
        tasks = await mojodex.api.catalog()
        assert await mojodex.cache.catalog() == tasks
    by_name = {task.task.task_name: task.platforms for task in tasks}
    assert by_name["Meeting Recap"] == ("mobile",)
    assert by_name["Follow-up email"] == ("webapp", "mobile")
    assert [task.task.task_pk for task in tasks] == sorted({task.task.task_pk for task in tasks})


async def test_all_pages_of_the_catalog_are_read(server: Server, client: NewClient) -> None:
    async def page(call: Call) -> Response:
        first = int(call.fields["offset"])
        rows = [{"user_task_pk": n, "task_pk": n} for n in range(first, min(first + 50, 120))]
        return JSONResponse({"user_tasks": rows if call.fields["platform"] == "webapp" else []})

    server.on("GET", "/user_task", page)
    async with client() as mojodex:
        assert len(await mojodex.api.catalog()) == 120


async def test_recorded_reads_are_understood(server: Server, client: NewClient) -> None:
    server.replay("06_user_edits")
    async with client() as mojodex:
        execution = await mojodex.api.execution(40)
        assert execution.produced_text_pk == 27
        assert await mojodex.cache.execution(40) == execution
        assert (await mojodex.api.produced_text_version(39, 2)).produced_text_title == "New title"
        assert (await mojodex.api.save_text(25, "No title this time.", None)).produced_text_pk == 25
        assert await mojodex.api.rewrite(37, 1) == 98
        await mojodex.api.rename(39, "My own title")
        await mojodex.api.delete_execution(39)
        with pytest.raises(NotFound):
            await mojodex.api.delete_execution(99999)


async def test_a_version_that_is_not_there_is_not_found(server: Server, client: NewClient) -> None:
    server.replay("04_instruct_chat")
    async with client() as mojodex:
        with pytest.raises(NotFound):
            await mojodex.api.produced_text_version(6, 3)


async def test_history_is_oldest_first(server: Server, client: NewClient) -> None:
    server.replay("04_instruct_chat")
    session = next(
        str(exchange.fields["session_id"])
        for exchange in exchanges("04_instruct_chat")
        if exchange.path == "/message" and exchange.good
    )
    async with client() as mojodex:
        history = await mojodex.api.messages(session)
        assert await mojodex.cache.messages(session) == history.rows
    pks = [row.message_pk for row in history.rows]
    assert pks == sorted(pks)
    assert not history.is_full


async def test_a_page_has_the_rows_that_are_not_shown_and_is_counted_from_either_end(
    server: Server, client: NewClient
) -> None:
    rows = [
        {"message_pk": pk, "sender": "system" if pk % 2 else "mojo", "message": {"text": "x"}}
        for pk in range(50, 0, -1)
    ]
    server.on("GET", "/message", says({"messages": rows}))
    async with client() as mojodex:
        history = await mojodex.api.messages("s", 100, from_oldest=True)
        assert await mojodex.cache.messages("s") == ()
    [asked] = [call for call in server.calls if call.path == "/message"]
    assert (asked.fields["offset"], asked.fields["offset_direction"]) == ("100", "newer")
    assert [row.message_pk for row in history.rows] == list(range(1, 51))
    assert history.is_full


async def test_an_unfinished_form_is_taken_up_again(server: Server, client: NewClient) -> None:
    execution = {"user_task_execution_pk": 9, "session_id": "s", "user_task_pk": 2}
    server.on("PUT", "/user_task_execution", says({"user_task_execution_pk": 9, "session_id": "s"}))
    server.on("GET", "/user_task_execution", says({**execution, "start_date": None}))
    async with client() as mojodex:
        first = await mojodex.api.create_execution(2)
    async with client() as mojodex:
        assert await mojodex.api.create_execution(2) == first
    made = [call for call in server.calls if call.method == "PUT"]
    assert len(made) == 1
    server.on("GET", "/user_task_execution", says({**execution, "start_date": "2026-11-20"}))
    async with client() as mojodex:
        await mojodex.api.create_execution(2)
    assert len([call for call in server.calls if call.method == "PUT"]) == 2


async def test_a_form_that_waits_in_the_outbox_is_not_taken_up(
    server: Server, client: NewClient
) -> None:
    execution = {"user_task_execution_pk": 9, "session_id": "s", "user_task_pk": 2}
    server.on("PUT", "/user_task_execution", says({"user_task_execution_pk": 9, "session_id": "s"}))
    server.on("GET", "/user_task_execution", says({**execution, "start_date": None}))
    server.on("POST", "/user_task_execution_run", says({"error": "no"}, 400))
    async with client() as mojodex:
        await mojodex.api.create_execution(2)
        await mojodex.outbox.run_form("s", 9, [])
        await mojodex.api.create_execution(2)
    assert len([call for call in server.calls if call.method == "PUT"]) == 2


async def test_an_original_server_has_no_backend_info_and_cannot_stop(
    server: Server, client: NewClient
) -> None:
    async with client() as mojodex:
        assert await mojodex.api.backend_info() is None
        assert await mojodex.api.stop("s") is StopOutcome.NOT_POSSIBLE


@pytest.mark.parametrize(
    ("stopped", "outcome"), [(True, StopOutcome.STOPPED), (False, StopOutcome.NOTHING_TO_STOP)]
)
async def test_our_backend_stops(
    server: Server, client: NewClient, stopped: bool, outcome: StopOutcome
) -> None:
    server.on("DELETE", "/generation", says({"stopped": stopped}))
    async with client() as mojodex:
        assert await mojodex.api.stop("s") is outcome


async def page_of_a_hotel(_call: Call) -> Response:
    return Response("<html>Welcome to our Wi-Fi", media_type="text/html")


async def redirect(_call: Call) -> Response:
    return RedirectResponse("https://elsewhere.example/")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (says({"error": "Terms and conditions not accepted"}, 401), TermsNeeded),
        (says({"error": "no_purchase"}, 402), PlanUsedUp),
        (says({"error": "Token expired."}, 403), SignInNeeded),
        (says({"error": "the platform is invalid"}, 404), NotFound),
        (says({"message": "Not allowed"}, 405), NotSupportedByServer),
        (says({"detail": "Not Found"}, 404), NotSupportedByServer),
        (says({"error": "Missing field 'x'"}, 400), Refused),
        (says({"message": "no JSON"}, 415), Refused),
        (says({"error": "slow down"}, 429), Busy),
        (says({"message": "Internal Server Error"}, 500), ServerFailed),
        (says({"user_task_executions": 3}), BadAnswer),
        (page_of_a_hotel, BadAnswer),
        (redirect, BadAnswer),
    ],
)
async def test_every_failure_has_its_error(
    server: Server, client: NewClient, answer: object, kind: type[ApiError]
) -> None:
    assert callable(answer)
    server.on("GET", "/user_task_execution", answer)
    async with client() as mojodex:
        with pytest.raises(kind) as raised:
            await mojodex.api.executions()
    assert raised.value.sentence
    assert raised.value.raw


async def test_what_was_really_said_is_kept(server: Server, client: NewClient) -> None:
    server.on("GET", "/user_task_execution", says({"error": "x" * 500 + "\nSELECT 1"}, 400))
    async with client() as mojodex:
        with pytest.raises(Refused) as raised:
            await mojodex.api.executions()
    assert "SELECT" in raised.value.raw
    assert len(raised.value.sentence) < 200
    assert "SELECT" not in raised.value.sentence


async def test_an_execution_of_somebody_else_is_not_found(
    server: Server, client: NewClient
) -> None:
    body = next(
        exchange.body
        for exchange in exchanges("09_errors")
        if exchange.path == "/user_task_execution"
        and exchange.method == "GET"
        and "'NoneType'" in str(exchange.body)
    )
    server.on("GET", "/user_task_execution", says(body, 400))
    async with client() as mojodex:
        with pytest.raises(NotFound):
            await mojodex.api.execution(1)


async def test_nothing_listens_at_the_address(client: NewClient, server: Server) -> None:
    await server.stop()
    async with client() as mojodex:
        with pytest.raises(Unreachable) as raised:
            await mojodex.api.executions()
        assert server.url in raised.value.sentence
    await server.start()


async def test_a_certificate_that_is_not_trusted_is_named(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "localhost.pem"))
    listening = await asyncio.start_server(
        lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context
    )
    port = listening.sockets[0].getsockname()[1]
    sources = CredentialSources(environ={"MOJODEX_TOKEN": TOKEN})
    async with (
        listening,
        MojodexClient(
            f"https://127.0.0.1:{port}", tmp_path, sources=sources, backoff=lambda _failures: 60
        ) as mojodex,
    ):
        with pytest.raises(CertificateProblem):
            await mojodex.api.executions()
        failed = asyncio.Event()
        mojodex.live.connection.subscribe(lambda now: failed.set() if now.cause else None)
        if mojodex.live.connection.value.cause is None:
            await failed.wait()
        assert isinstance(mojodex.live.connection.value.cause, CertificateProblem)
