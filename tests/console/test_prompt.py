import pytest
from pydantic import JsonValue

from mojodex_tui.client.errors import SignInNeeded, Unreachable, WrongCredentials
from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.console.commands import Misused
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.options import options_in
from mojodex_tui.console.prompt import Prompt
from mojodex_tui.wire.executions import InputSpec, InputValue
from tests.console.talking import INTERRUPT, Dialogue
from tests.fakes import FakeApi, FakeMojodex, listed, offered
from tests.todo_fakes import TODAY, FakeTodos, todo

POEM = offered(9, "Write poem", "Write a poem stanza by stanza", icon="🌸", task_type="workflow")
RECAP = offered(1, "Meeting recap", "From notes to a recap", icon="📝")
REPLY = offered(2, "Meeting reply", "An answer")


def backend(*fields: dict[str, JsonValue]) -> FakeMojodex:
    specs = tuple(InputSpec.model_validate(each) for each in fields)
    runs = (listed(1, "Steering committee"), listed(2, "Call with ACME"))
    return FakeMojodex(api=FakeApi(tasks=(RECAP, REPLY, POEM), runs=runs, inputs=specs))


async def played(
    mojodex: FakeMojodex, *lines: str, answers: tuple[str, ...] = (), local: bool = True
) -> list[str]:
    """Return what is printed for the lines, one after the other."""
    talk = Dialogue(answers)
    prompt = Prompt(talk, mojodex, is_local=local)
    for line in lines:
        await prompt.do(line)
    return talk.lines


async def test_the_lists_are_those_of_the_catalog() -> None:
    assert await played(backend(), "workflow list") == [
        "1. 🌸 Write poem - Write a poem stanza by stanza"
    ]
    assert await played(backend(), "task list") == [
        "1. 📝 Meeting recap - From notes to a recap",
        "2. Meeting reply - An answer",
    ]


async def test_help_has_one_line_for_every_command() -> None:
    lines = await played(backend(), "help")
    for name in ("login", "help", "workflow list", "workflow run N", "task run N", "todo done N"):
        assert sum(line.startswith(name) for line in lines) == 1, name
    assert all("  " in line for line in lines)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("taks list", "task list"), ("workflow lst", "workflow list"), ("todo", "todo list")],
)
async def test_an_unknown_command_names_the_nearest_one(typed: str, meant: str) -> None:
    (line,) = await played(backend(), typed)
    assert f"'{meant}'" in line


async def test_nothing_and_a_quote_left_open_do_nothing() -> None:
    assert await played(backend(), "", "   ") == []
    assert await played(backend(), 'task run "one') == ["A quote is not closed."]


async def test_what_a_command_can_become() -> None:
    prompt = Prompt(Dialogue(), backend(), is_local=True)
    assert prompt.complete("task r") == ("task run",)
    assert prompt.complete("todo ") == ("todo list", "todo done", "todo delete", "todo move")


async def test_a_wrong_answer_says_why_and_is_asked_again() -> None:
    mojodex = backend(
        {"input_name": "topic"},
        {
            "input_name": "tone",
            "type": "drop_down_list",
            "possible_values": [
                {"value": "warm", "displayed_text": "Warm"},
                {"value": "cold", "displayed_text": "Cold"},
            ],
        },
    )
    answers = ("", "spring", "hot", "2")
    lines = await played(mojodex, "task run recap-none", "task run 1", answers=answers)
    assert lines[0].startswith("No task is called 'recap-none'.")
    assert lines[1:8] == [
        "topic: ",
        "This is needed.",
        "topic: spring",
        "  1. Warm",
        "  2. Cold",
        "tone: hot",
        "Choose one of: Warm, Cold.",
    ]
    (run,) = mojodex.outbox.runs
    assert run[1] == (
        InputValue(input_name="topic", input_value="spring"),
        InputValue(input_name="tone", input_value="cold"),
    )


async def test_a_long_answer_ends_with_a_dot() -> None:
    mojodex = backend({"input_name": "notes", "lines": 8})
    await played(mojodex, "task run 1", answers=("Ana, Luc", "", "Budget.", "."))
    assert mojodex.outbox.runs[0][1][0].input_value == "Ana, Luc\n\nBudget."


async def test_answers_can_stand_behind_the_command() -> None:
    mojodex = backend({"input_name": "topic"}, {"input_name": "n_stanzas"})
    await played(mojodex, 'task run 1 --topic "Life at spring" --n-stanzas=3')
    assert [each.input_value for each in mojodex.outbox.runs[0][1]] == ["Life at spring", "3"]


async def test_an_answer_to_no_field_runs_nothing() -> None:
    mojodex = backend({"input_name": "topic"})
    (line,) = await played(mojodex, "task run 1 --topik spring")
    assert line == "There is no field 'topik'. The fields: topic."
    assert mojodex.outbox.runs == []


async def test_ctrl_c_at_a_question_leaves_the_command_only() -> None:
    mojodex = backend({"input_name": "topic"})
    lines = await played(mojodex, "task run 1", "task list", answers=(INTERRUPT,))
    assert lines[-1] == "2. Meeting reply - An answer"
    assert mojodex.outbox.runs == []


async def test_a_failure_is_a_line() -> None:
    mojodex = backend()
    mojodex.api.failures["catalog"] = [Unreachable("http://here")]
    (line,) = await played(mojodex, "task list")
    assert line == "! http://here cannot be reached. Check the connection and the address."


async def test_signing_in_asks_again_until_it_is_right() -> None:
    mojodex = backend()
    mojodex.api.account.set(None)
    mojodex.api.failures["sign_in"] = [WrongCredentials("E-mail or password is wrong.")]
    talk = Dialogue(("demo@example.com", "wrong", "demo@example.com", "right"))
    await Prompt(talk, mojodex, is_local=False).open()
    assert talk.lines == [
        "Email: demo@example.com",
        "Password: ",
        "E-mail or password is wrong.",
        "Email: demo@example.com",
        "Password: ",
    ]
    assert mojodex.api.asked("sign_in")[-1] == ("demo@example.com", "right")
    assert "right" not in talk.text


async def test_who_is_signed_in_is_not_asked() -> None:
    talk = Dialogue()
    await Prompt(talk, backend(), is_local=False).open()
    assert talk.lines == []


async def test_a_sign_in_that_ended_is_renewed_in_the_middle_of_a_command() -> None:
    mojodex = backend()
    mojodex.api.failures["catalog"] = [SignInNeeded()]
    lines = await played(mojodex, "workflow list", answers=("a@b.c", "pw"), local=False)
    assert lines[-1] == "1. 🌸 Write poem - Write a poem stanza by stanza"


async def test_todos_are_listed_done_moved_and_deleted() -> None:
    rows = (todo(5, "Send the quote", TODAY), todo(6, "Call the bank", TODAY.replace(day=24)))
    mojodex = FakeMojodex(todos=FakeTodos(kept=TodoListing(rows, today=TODAY, has_extras=True)))
    lines = await played(mojodex, "todo list")
    assert lines[:2] == ["Today:", "1. Send the quote (today)"]
    assert lines[2] == "Upcoming:"
    lines = await played(mojodex, "todo done 1", "todo move call friday", "todo delete 2 no task")
    assert lines[0] == "Done: Send the quote"
    assert "Deleted: Call the bank" in lines
    assert await played(mojodex, "todo move 1 4/5") != []


async def test_the_history_is_numbered() -> None:
    lines = await played(backend(), "history")
    assert [line[:20] for line in lines] == ["1. Steering committe", "2. Call with ACME - "]


def test_a_name_that_several_share_is_refused() -> None:
    numbered = Numbered[str]("task", str)
    numbered.show(["Meeting recap", "Meeting reply", "Pitch"])
    assert numbered.find("2") == "Meeting reply"
    assert numbered.find("pi") == "Pitch"
    with pytest.raises(Misused, match="Several begin"):
        numbered.find("meeting")
    with pytest.raises(Misused, match="there are 3"):
        numbered.find("4")


@pytest.mark.parametrize("words", [("topic",), ("--topic",), ("--", "x")])
def test_an_option_without_name_or_answer_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(Misused):
        options_in(words)
