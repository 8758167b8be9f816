"""What a request says is read, or refused in a sentence."""

import pytest

from tests.backend.client import Api

LISTS = {
    "/user_task": "n_user_tasks",
    "/user_task_execution": "n_user_task_executions",
    "/session": "n_sessions",
    "/todos": "n_todos",
    "/todo_view": "n_todos",
    "/produced_text": "n_produced_texts",
    "/resource": "n_resources",
}
"""Routes that answer pages, and the key of their size."""

ODD = {
    "x": '{key} must be a whole number, and "x" is not',
    "1.5": '{key} must be a whole number, and "1.5" is not',
    "": '{key} must be a whole number, and "" is not',
    "-1": "Page sizes and offsets must not be negative",
    "1" + "0" * 30: "{key} is too large a number",
}
"""What is no number of rows, and what is said about it."""

BESIDES = {"/todo_view": {"view": "today"}, "/resource": {"learned_by_mojo": "false"}}


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("path", LISTS)
async def test_a_number_of_a_page_that_is_none_is_told(api: Api, path: str, value: str) -> None:
    for key in (LISTS[path], "offset"):
        if path == "/resource" and value == "-1":
            continue  # nobody has documents, so there are no pages of them
        answer = await api.get(path, **BESIDES.get(path, {}), **{key: value})
        assert answer.status_code in {400, 404}, answer.text
        assert ODD[value].format(key=key) in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/user_task", "user_task_pk"),
        ("/user_task_execution", "user_task_execution_pk"),
        ("/todos", "user_task_execution_fk"),
        ("/produced_text", "produced_text_pk"),
        ("/chain", "session_id"),
    ],
)
@pytest.mark.parametrize("value", ["x", "9" * 30])
async def test_a_key_that_is_none_is_told(api: Api, path: str, key: str, value: str) -> None:
    answer = await api.get(path, **{key: value})
    assert answer.status_code in {400, 404}, answer.text
    assert not any(word in answer.text for word in ("literal", "Python", "Overflow", "sqlite"))


async def test_a_filter_that_is_no_list_of_numbers_is_told(api: Api) -> None:
    answer = await api.get("/user_task_execution", user_task_pks="1;x")
    assert answer.status_code == 400
    assert "user_task_pks must be whole numbers with a ; between them" in answer.json()["error"]
