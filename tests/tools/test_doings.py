import pytest

from mojodex_tui.backend.engine.nodes import Call
from mojodex_tui.backend.tools.doings import doing


@pytest.mark.parametrize(
    ("calls", "words"),
    [
        ([Call(name="read_file", args={"name": "budget.pdf"})], "reading budget.pdf"),
        ([Call(name="read_file")], "reading …"),
        ([Call(name="today"), Call(name="add_to_date")], "working out dates"),
        ([Call(name="fetch_page", args={"url": "x\x1b[2J" * 30})], f"opening {'x [2J' * 11}x [2…"),
        ([Call(name="maps__find")], "using find of maps"),
        ([Call(name="list_todos"), Call(name="list_files")],
         "looking at your To-Dos, looking at the files"),
    ],
)  # fmt: skip
def test_calls_in_few_words(calls: list[Call], words: str) -> None:
    assert doing(calls) == words
