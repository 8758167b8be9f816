"""Files of a form: images are shown to models that look at them, and of the rest it is told."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.llm.factory import LlmSettings
from mojodex_tui.backend.services import pictures
from mojodex_tui.backend.services.files import Files
from mojodex_tui.backend.services.pictures import pictures_of
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.wire.base import FilePart
from tests.backend.client import Api, Started
from tests.llm_server import LlmServer, Reply, Request, said, serving

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
DRAFT = "<execution><title>Lunch</title><draft>Lunch, 12 euros.</draft></execution>"
SECRET = "a-secret-of-the-tests"
SESSION = "0" * 32
TASK = """
task_type: instruct
name_for_system: receipt
icon: "R"
group: documents
platforms: [webapp]
output_type: document
definition_for_system: The user has receipts and needs a note of them.
final_instruction: Write a note of the expenses.
output_format_instruction_title: A short title.
output_format_instruction_draft: Markdown.
infos_to_extract:
  - info_name: expenses
    description: What was paid
task_displayed_data:
  - language_code: en
    name_for_user: Expense note
    definition_for_user: Receipts become a note
    json_input:
      - type: multiple_images
        input_name: receipts
        description_for_user: Which receipts?
        description_for_system: Photos of receipts
      - type: audio_file
        input_name: memo
        required: false
        description_for_user: A voice memo?
        description_for_system: What the user says about it
"""


@pytest.fixture
def model() -> Iterator[LlmServer]:
    with serving() as server:
        server.queue(Reply("<title>T</title><summary>S.</summary>", purpose="title", times=0))
        yield server


@pytest.fixture
async def backend(settings: BackendSettings, model: LlmServer) -> AsyncIterator[Backend]:
    """One with a task that takes files, and a real model's adapter."""
    settings.tasks_dir.mkdir()
    (settings.tasks_dir / "receipt.yaml").write_text(TASK)
    llm = LlmSettings(base_url=model.base_url, model="m", api_key=SecretStr("k"))
    with_model = settings.model_copy(update={"llm": llm})
    async with open_backend(with_model, secret=SecretStr(SECRET)) as opened:
        yield opened


async def _sent(
    api: Api, backend: Backend, files: dict[str, tuple[str, bytes]]
) -> tuple[Started, httpx.Response]:
    started = await api.created("Expense note")
    answer = await started.run({part: name for part, (name, _) in files.items()}, files)
    await backend.background.idle()
    return started, answer


def _asked(model: LlmServer) -> list[Request]:
    return [request for request in model.requests if request.purpose == "instruct"]


def _images(request: Request) -> list[tuple[str, bytes]]:
    """Return the images of a call, by type and content."""
    parts = [part for message in request.messages for part in _parts(message["content"])]
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    found = []
    for url in urls:
        head, _, content = url.partition(";base64,")
        found.append((head.removeprefix("data:"), base64.b64decode(content)))
    return found


def _parts(content: object) -> list[dict[str, Any]]:
    return content if isinstance(content, list) else []


def _words(request: Request) -> str:
    return "\n".join(map(said, request.messages))


async def test_images_go_to_the_model_by_name_and_content(
    api: Api, backend: Backend, model: LlmServer
) -> None:
    model.queue(Reply(DRAFT, purpose="instruct"))
    files = {"receipts_0": ("lunch.png", PNG), "receipts_1": ("taxi.jpg", JPEG)}
    started, _ = await _sent(api, backend, files)
    (asked,) = _asked(model)
    assert _images(asked) == [("image/png", PNG), ("image/jpeg", JPEG)]
    assert "lunch.png\ntaxi.jpg" in _words(asked)
    shown = (await started.read())["json_inputs_values"][0]
    assert shown["file_names"] == ["lunch.png", "taxi.jpg"]
    assert not shown.get("notice")
    assert all(not _images(request) for request in model.of("title"))


async def test_they_go_along_with_every_later_question(
    api: Api, backend: Backend, model: LlmServer
) -> None:
    model.queue(Reply(DRAFT, purpose="instruct", times=2))
    started, _ = await _sent(api, backend, {"receipts_0": ("lunch.png", PNG)})
    await started.say("With the tip")
    await backend.background.idle()
    assert _images(_asked(model)[1]) == [("image/png", PNG)]


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("400", "Invalid content type. image_url is only supported by certain models."),
        ("500", "image input is not supported - hint: you may need to provide the mmproj"),
        ("400", "messages[1].content must be a string"),
    ],
)
async def test_a_model_that_takes_no_images_is_told_their_names_and_the_user_that_it_was(
    api: Api, backend: Backend, model: LlmServer, status: str, refusal: str
) -> None:
    model.queue(Reply(refusal, purpose="instruct", fail=status))
    model.queue(Reply(DRAFT, purpose="instruct", times=2))
    started, _ = await _sent(api, backend, {"receipts_0": ("lunch.png", PNG)})
    refused, answered = _asked(model)
    assert (len(_images(refused)), _images(answered)) == (1, [])
    assert "An image cannot be shown to you: lunch.png." in _words(answered)
    shown = (await started.read())["json_inputs_values"][0]
    assert shown["notice"].startswith("Not looked at: m at 127.0.0.1")
    await _sent(api, backend, {"receipts_0": ("taxi.png", PNG)})
    assert len(_asked(model)) == 3  # what was learned is not tried again


async def test_what_is_no_image_is_shown_to_nobody_and_said_so(
    api: Api, backend: Backend, model: LlmServer
) -> None:
    model.queue(Reply(DRAFT, purpose="instruct"))
    files = {"receipts_0": ("lunch.png", PNG), "receipts_1": ("taxi.png", b"no image at all")}
    started, _ = await _sent(api, backend, files)
    assert _images(_asked(model)[0]) == [("image/png", PNG)]
    notice = (await started.read())["json_inputs_values"][0]["notice"]
    assert notice.startswith("Not looked at: taxi.png.")


async def test_nobody_listens_to_a_recording_of_a_form_and_all_are_told(
    api: Api, backend: Backend, model: LlmServer
) -> None:
    model.queue(Reply(DRAFT, purpose="instruct"))
    started, _ = await _sent(api, backend, {"memo": ("memo.mp3", b"ID3 sound")})
    words = _words(_asked(model)[0])
    assert "memo.mp3" in words
    assert "Nobody has listened to it" in words
    shown = (await started.read())["json_inputs_values"][1]
    assert (shown["file_names"], shown["notice"]) == (
        ["memo.mp3"],
        "Not listened to: the assistant is told its name.",
    )


async def test_more_images_than_there_is_room_for_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 2 * len(PNG))
    files = Files(tmp_path)
    names = ["a.png", "b.png", "c.png"]
    parts = [FilePart(name=name, filename=name, content=PNG) for name in names]
    stored = [await files.keep(SESSION, part) for part in parts]
    field: JsonObject = {
        "input_name": "receipts",
        "type": "multiple_images",
        "value": [*stored],
        "file_names": [*names],
    }
    found = pictures_of(files, SESSION, [field])
    assert [picture.name for picture in found.shown] == ["a.png", "b.png"]
    assert found.left_out == ("c.png",)
    await files.drop(SESSION, stored[0])
    assert pictures_of(files, SESSION, [field]).left_out == ("a.png",)


async def test_an_announced_file_that_was_not_sent_is_refused(api: Api, backend: Backend) -> None:
    started = await api.created("Expense note")
    answer = await started.run({"receipts_0": "lunch.png"})
    assert answer.status_code == 400
    assert "lunch.png" in json.dumps(answer.json())
