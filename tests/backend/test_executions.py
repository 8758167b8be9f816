"""Executions, their forms and their texts; nobody sees another's."""

from collections.abc import Awaitable, Callable

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.domain.inputs import Answer, BadInput, blank, fill, is_filled
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.backend.client import Api, Started

DRAFT = "<execution><title>T</title><draft>D</draft></execution>"


async def test_looking_at_a_form_twice_makes_one_execution(api: Api) -> None:
    first, second = await api.created(), await api.created()
    assert (first.pk, first.session_id) == (second.pk, second.session_id)
    third = await api.created("Follow-up e-mail")
    assert third.pk != first.pk


async def test_a_started_execution_is_not_reused(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    llm.add(DRAFT)
    first = await api.created()
    await first.run({"meeting_notes": "x"})
    await backend.background.idle()
    assert (await api.created()).pk != first.pk


async def test_the_form_is_what_the_original_command_line_needs(api: Api) -> None:
    tasks = (await api.get("/user_task")).json()["user_tasks"]
    for task in tasks:
        made = await api.put("/user_task_execution", user_task_pk=task["user_task_pk"])
        first = made.json()["json_input"][0]
        assert first["description_for_user"]
        assert "placeholder" in first
        assert "value" not in first


async def _drafted(api: Api, backend: Backend, llm: ScriptedLlm) -> Started:
    llm.add(DRAFT)
    started = await api.created()
    await started.run({"meeting_notes": "x"})
    await backend.background.idle()
    return started


async def test_lists_what_was_started(api: Api, backend: Backend, llm: ScriptedLlm) -> None:
    started = await _drafted(api, backend, llm)
    await api.created()
    rows = (await api.get("/user_task_execution")).json()["user_task_executions"]
    assert [row["user_task_execution_pk"] for row in rows] == [started.pk]
    assert rows[0]["start_date"].endswith("+00:00")
    for query, hits in (
        ({"search_filter": "SCRIPTED"}, 1),
        ({"search_filter": "nothing"}, 0),
        ({"user_task_pks": f"{started.user_task_pk};999"}, 1),
        ({"user_task_pks": "999"}, 0),
        ({"offset": 1}, 0),
    ):
        found = (await api.get("/user_task_execution", **query)).json()
        assert len(found["user_task_executions"]) == hits
    deleted = await api.delete("/user_task_execution", user_task_execution_pk=started.pk)
    assert deleted.json() == {"user_task_execution_pk": str(started.pk)}
    assert (await api.get("/user_task_execution")).json() == {"user_task_executions": []}
    assert (await started.read())["deleted_by_user"] is True


async def test_others_do_not_see_change_or_hear_it(
    api: Api, other: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    started = await _drafted(api, backend, llm)
    shown = await started.read()
    theirs = Started(other, started.pk, started.session_id, started.user_task_pk)
    text_pk, pk, session = shown["produced_text_pk"], started.pk, started.session_id
    refused: list[tuple[Callable[[], Awaitable[object]], int]] = [
        (lambda: other.get("/user_task_execution", user_task_execution_pk=pk), 400),
        (lambda: theirs.run({}), 400),
        (lambda: theirs.say("hello"), 400),
        (lambda: other.delete("/user_task_execution", user_task_execution_pk=pk), 404),
        (lambda: other.get("/message", session_id=session), 404),
        (lambda: other.delete("/session", session_id=session), 404),
        (lambda: other.get("/produced_text", produced_text_pk=text_pk), 400),
        (lambda: other.delete("/produced_text", produced_text_pk=text_pk), 400),
        (lambda: other.post("/produced_text", produced_text_pk=text_pk, production="x"), 400),
        (
            lambda: other.post("/produced_text", user_task_execution_pk=pk, production="x"),
            400,
        ),
        (lambda: other.post("/produced_text", session_id=session, production="x"), 400),
        (
            lambda: other.post("/user_task_execution_title", user_task_execution_pk=pk, title="x"),
            400,
        ),
    ]
    for call, status in refused:
        answer = await call()
        assert getattr(answer, "status_code", None) == status
    version = await other.get(
        "/user_task_execution_produced_text",
        user_task_execution_pk=pk,
        produced_text_version_index=1,
    )
    assert version.json() == {"produced_text_version_pk": None}
    assert await started.read() == shown


async def test_an_edit_is_a_version_and_a_deleted_text_is_gone(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    started = await _drafted(api, backend, llm)
    text_pk = (await started.read())["produced_text_pk"]
    saved = await api.post("/produced_text", produced_text_pk=text_pk, production="Mine")
    assert saved.json()["produced_text_pk"] == text_pk
    shown = await started.read()
    assert (shown["produced_text_production"], shown["produced_text_title"]) == ("Mine", None)
    assert shown["produced_text_version_index"] == 2
    versions = [
        await api.get(
            "/user_task_execution_produced_text",
            user_task_execution_pk=started.pk,
            produced_text_version_index=index,
            details="true",
        )
        for index in (1, 2)
    ]
    assert [one.json()["by_user"] for one in versions] == [False, True]
    assert all(one.json()["creation_date"] for one in versions)
    assert (await api.delete("/produced_text", produced_text_pk=text_pk)).status_code == 200
    shown = await started.read()
    assert (shown["produced_text_pk"], shown["produced_text_version_index"]) == (None, 0)


FIELDS = [
    {"input_name": "text", "type": "text_area"},
    {
        "input_name": "choice",
        "type": "drop_down_list",
        "possible_values": [{"value": "a", "displayed_text": "A"}],
    },
    {"input_name": "shots", "type": "multiple_images"},
    {"input_name": "sound", "type": "audio_file"},
]


def test_a_form_takes_what_fits() -> None:
    form = blank(FIELDS)  # type: ignore[arg-type] # a list of plain objects
    assert not is_filled(form)
    answers = [
        Answer("text", "hello"),
        Answer("choice", "a"),
        Answer("shots_1", "b.png"),
        Answer("shots_0", "a.png"),
        Answer("sound", "s.mp3"),
        Answer("unknown", "x"),
    ]
    files = {"shots_0": "0.png", "shots_1": "1.png", "sound": "s1.mp3"}
    filled = fill(form, answers, files)
    assert [field["value"] for field in filled] == ["hello", "a", ["0.png", "1.png"], "s1.mp3"]
    again = fill(filled, [Answer("sound", "s1.mp3"), Answer("shots_0", "c.png")], {"shots_0": "2"})
    assert [field["value"] for field in again] == ["hello", "a", ["2"], "s1.mp3"]


@pytest.mark.parametrize(
    "answer",
    [Answer("choice", "b"), Answer("sound", "never-sent.mp3"), Answer("shots_0", "lost.png")],
)
def test_a_form_refuses_what_does_not_fit(answer: Answer) -> None:
    with pytest.raises(BadInput):
        fill(blank(FIELDS), [answer], {})  # type: ignore[arg-type] # a list of plain objects


async def test_a_refused_form_changes_nothing(api: Api, backend: Backend) -> None:
    started = await api.created()
    answer = await started.run({"meeting_notes": "x", "detail": "no such choice"})
    assert answer.status_code == 400
    shown = await started.read()
    assert shown["json_inputs_values"] is None
    assert shown["start_date"] is None
