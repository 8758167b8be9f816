"""Files that go with a message: how they are taken, kept, and told to the assistant."""

import io

import docx
import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.domain.briefs import InstructBrief
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.services.attachments import LONGEST
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.backend.tools.documents import MOST_BYTES as READABLE_BYTES
from mojodex_tui.backend.tools.files import AttachedFiles
from mojodex_tui.wire.session_files import MOST_BYTES, MOST_FILES
from tests.backend.client import Api, Started

DRAFT = "<execution><title>Kickoff</title><draft>Hello Ana.</draft></execution>"


def said(llm: ScriptedLlm) -> str:
    """Return what the model saw of the last message."""
    brief = [ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief)][-1]
    return brief.conversation[-1].text


async def attach(started: Started, name: str, content: bytes) -> tuple[int, dict[str, object]]:
    answer = await started.api.form(
        "PUT", "/session_file", {"session_id": started.session_id}, {"file": (name, content)}
    )
    told: dict[str, object] = answer.json()
    return answer.status_code, told


async def pending(started: Started) -> list[dict[str, object]]:
    answer = await started.api.get("/session_file", session_id=started.session_id)
    files: list[dict[str, object]] = answer.json()["files"]
    return files


async def answered(backend: Backend) -> None:
    """Wait until nothing is being written any more."""
    await backend.background.idle()


def word_document(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


async def test_files_go_with_the_next_message_and_only_with_that(
    backend: Backend, api: Api, llm: ScriptedLlm
) -> None:
    llm.add(DRAFT, DRAFT)
    started = await api.created()
    assert await attach(started, "notes.md", b"Budget: 10 percent less") == (
        200,
        {"file_id": "notes.md", "name": "notes.md", "size": 23},
    )
    await attach(started, "plan.docx", word_document("Start on Monday"))
    assert [file["name"] for file in await pending(started)] == ["notes.md", "plan.docx"]
    sent = (await started.say("Write the recap")).json()
    assert sent["files"] == [{"name": "notes.md"}, {"name": "plan.docx"}]
    await answered(backend)
    assert said(llm) == (
        "Attached file notes.md:\nBudget: 10 percent less\n(end of notes.md)\n\n"
        "Attached file plan.docx:\nStart on Monday\n(end of plan.docx)\n\nWrite the recap"
    )
    assert await pending(started) == []
    shown = (await started.messages())[-1]["message"]
    assert (shown["text"], shown["files"]) == ("Write the recap", sent["files"])
    assert "files" not in (await started.say("Shorter")).json()
    await answered(backend)
    assert said(llm) == "Shorter"


async def test_a_message_that_is_tried_again_keeps_its_files(
    backend: Backend, api: Api, llm: ScriptedLlm
) -> None:
    started = await api.created()
    await attach(started, "notes.md", b"Budget")
    await started.say("Write the recap", "m1")
    await answered(backend)  # the script has no answer: the message failed
    await attach(started, "later.md", b"For the message after it")
    llm.add(DRAFT)
    await started.say("Write the recap", "m1")
    await answered(backend)
    assert said(llm).startswith("Attached file notes.md:")
    assert "later.md" not in said(llm)
    assert [file["name"] for file in await pending(started)] == ["later.md"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty.txt is empty."),
        ("photo.png", b"\x89PNG\r\n\x1a\n\x00", "photo.png is not text, and of no kind"),
        ("broken.pdf", b"no pdf", "broken.pdf is a broken PDF"),
        ("broken.docx", b"no docx", "broken.docx is a broken DOCX file."),
        ("large.txt", b"x" * (MOST_BYTES + 1), "large.txt is larger than 20 MB."),
    ],
)
async def test_what_cannot_be_read_is_refused_in_words(
    api: Api, name: str, content: bytes, reason: str
) -> None:
    started = await api.created()
    status, told = await attach(started, name, content)
    assert status == 400
    assert str(told["error"]).startswith(reason)
    assert await pending(started) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\notes\\plan.md", "plan.md"),
        ("..", "file.txt"),
        (".about", "about.txt"),
        ("main.py", "main.py.txt"),
        ("a<b>: c.txt", "a_b__ c.txt"),
        ("x" * 300 + ".md", "x" * 80 + ".md"),
    ],
)
async def test_names_on_disk_are_ours(
    settings: BackendSettings, api: Api, name: str, kept: str
) -> None:
    started = await api.created()
    status, told = await attach(started, name, b"text")
    assert (status, told["file_id"]) == (200, kept)
    files = AttachedFiles(settings.files_dir / str(started.pk))
    assert files.sizes() == {kept: 4}
    assert files.text(kept, None, None) == "text"


async def test_a_name_can_be_given_twice(api: Api) -> None:
    started = await api.created()
    for _ in range(2):
        await attach(started, "notes.md", b"text")
    files = await pending(started)
    assert [(file["file_id"], file["name"]) for file in files] == [
        ("notes.md", "notes.md"),
        ("notes (2).md", "notes.md"),
    ]


async def test_long_texts_are_cut_with_a_word_about_it(
    backend: Backend, api: Api, llm: ScriptedLlm
) -> None:
    llm.add(DRAFT)
    started = await api.created()
    _, told = await attach(started, "long.txt", b"x" * (LONGEST + 1))
    assert told["notice"] == "Only the first 40000 of 40001 characters are read."
    await started.say("Write the recap")
    await answered(backend)
    assert "(cut: the first 40000 of 40001 characters)" in said(llm)


async def test_a_file_is_taken_away_before_but_not_after_its_message(
    backend: Backend, api: Api, llm: ScriptedLlm, settings: BackendSettings
) -> None:
    llm.add(DRAFT)
    started = await api.created()
    session = {"session_id": started.session_id}
    await attach(started, "one.md", b"1")
    await attach(started, "two.md", b"2")
    answer = await api.delete("/session_file", **session, file_id="one.md")
    assert answer.json() == {"success": True}
    assert [*AttachedFiles(settings.files_dir / str(started.pk)).sizes()] == ["two.md"]
    await started.say("Write the recap")
    await answered(backend)
    assert (await api.delete("/session_file", **session, file_id="two.md")).status_code == 400
    assert (await api.delete("/session_file", **session, file_id="one.md")).status_code == 404
    outside = await api.delete("/session_file", **session, file_id="../1/two.md")
    assert outside.status_code == 404


async def test_there_is_a_limit_to_how_many(api: Api) -> None:
    started = await api.created()
    for number in range(MOST_FILES):
        assert (await attach(started, f"{number}.md", b"text"))[0] == 200
    status, told = await attach(started, "more.md", b"text")
    assert (status, told["error"]) == (400, "20 files are attached already; remove one first.")


async def test_only_its_user_reaches_a_sessions_files(api: Api, other: Api) -> None:
    started = await api.created()
    await attach(started, "notes.md", b"text")
    theirs = Started(other, started.pk, started.session_id, started.user_task_pk)
    assert (await attach(theirs, "notes.md", b"text"))[0] == 404
    session = {"session_id": started.session_id}
    assert (await other.get("/session_file", **session)).status_code == 404
    answer = await other.delete("/session_file", **session, file_id="notes.md")
    assert answer.status_code == 404
    assert len(await pending(started)) == 1


async def test_a_request_without_a_file_is_refused(api: Api) -> None:
    started = await api.created()
    fields = {"session_id": started.session_id}
    answer = await api.form("PUT", "/session_file", fields)
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "There is no file in the request.",
    )


def test_tools_read_what_is_taken() -> None:
    assert MOST_BYTES == READABLE_BYTES


async def test_in_a_home_chat_files_wait_for_a_task(api: Api) -> None:
    shown = (await api.get("/home_chat", platform="webapp")).json()
    chat = Started(api, 0, shown["session_id"], 0)
    assert await pending(chat) == []
    status, told = await attach(chat, "notes.md", b"Budget")
    assert status == 400
    assert "Say what you want, then add files." in str(told["error"])


async def test_files_that_wait_when_a_form_is_run_are_handed_in_with_it(
    backend: Backend, api: Api, llm: ScriptedLlm
) -> None:
    llm.add(DRAFT, DRAFT)
    started = await api.created()
    await attach(started, "notes.docx", word_document("The budget is 12 euros."))
    await started.run({"meeting_notes": "See the file."})
    await answered(backend)
    assert await pending(started) == []
    await started.say("Shorter, please")
    await answered(backend)
    first, second = [ask for ask in llm.asked if isinstance(ask.brief, InstructBrief)]
    for ask in (first, second):
        assert "The budget is 12 euros." in ask.prompt[1].text
        assert str(ask.prompt).count("The budget is 12 euros.") == 1
    refused = await api.delete("/session_file", session_id=started.session_id, file_id="notes.docx")
    assert refused.status_code == 400
