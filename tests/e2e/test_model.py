"""Work with a language model: what it says, how it fails, and what is asked of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.conftest import launching
from tests.e2e.disk import holders, versions
from tests.e2e.journeys import back_to_catalog, focus_chat, leave, run_form, say
from tests.e2e.terminal import Terminal
from tests.llm_server import TITLE_REPLY, LlmServer, Reply, serving

KEY = "sk-never-to-be-seen-0123456789"
PATIENCE = '{"first_token_timeout": 2, "between_tokens_timeout": 1}'
QUESTION = "<ask_user_primary_info>Which meeting was it?</ask_user_primary_info>"


def draft(body: str, title: str = "Budget") -> str:
    """Return a model's answer that is a draft."""
    return f"<execution><title>{title}</title>\n<draft>{body}</draft></execution>"


@dataclass(frozen=True)
class Desk:
    """A running program, the model it asks, and where it keeps its data."""

    terminal: Terminal
    model: LlmServer
    data: Path

    def will_say(self, *replies: Reply | str) -> None:
        """Script the next answers to the task; titles are answered by themselves."""
        said = (one if isinstance(one, Reply) else Reply(one) for one in replies)
        for reply in said:
            reply = Reply(**{**vars(reply), "purpose": "instruct"})
            self.model.queue(reply)

    def asked(self) -> int:
        """Return how often the model was asked for an answer."""
        return len(self.model.of("instruct"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Start one program for the whole module: its sessions have nothing to do with each other."""
    folder = tmp_path_factory.mktemp("model")
    home, data = folder / "home", folder / "data"
    home.mkdir()
    with serving() as model, launching(home) as launch:
        terminal = launch(
            "--data-dir",
            str(data),
            env={
                "MOJODEX_LLM_BASE_URL": model.base_url,
                "MOJODEX_LLM_MODEL": "scripted-1",
                "MOJODEX_LLM_API_KEY": KEY,
                "MOJODEX_LLM": PATIENCE,
            },
        )
        terminal.wait_for("scripted-1")
        yield Desk(terminal, model, data)
        leave(terminal)


@pytest.fixture
def desk(running: Desk) -> Desk:
    """Return the program at its catalog, and a model that has been asked nothing."""
    back_to_catalog(running.terminal)
    running.model._queue.clear()
    running.model.requests.clear()
    running.model.queue(Reply(TITLE_REPLY, purpose="title", times=0))
    return running


def test_a_question_then_a_draft_then_a_second_version(desk: Desk) -> None:
    terminal, before = desk.terminal, len(versions(desk.data))
    desk.will_say(
        Reply(QUESTION, chunk="char"),
        Reply(draft("We **cut travel** by 10%."), chunk="char"),
        Reply(draft("We cut travel by 10%, from January."), chunk="char"),
    )
    run_form(terminal)
    terminal.wait_for("Which meeting was it?")
    say(terminal, "The one with ACME")
    terminal.wait_for("Draft v1 of 1")
    terminal.wait_for("We cut travel by 10%.")
    say(terminal, "Say from when")
    terminal.wait_for("Draft v2 of 2")
    terminal.wait_for("We cut travel by 10%, from January.")
    terminal.wait_for("A scripted title")
    for tag in ("<", "draft>", "ask_user", "execution"):
        assert tag not in terminal.text
    assert versions(desk.data)[before:] == [
        "We **cut travel** by 10%.",
        "We cut travel by 10%, from January.",
    ]
    told = desk.model.of("instruct")[-1].messages[-1]["content"]
    assert "Say from when" in told


def test_the_header_names_the_model_and_never_the_key(desk: Desk) -> None:
    assert f"scripted-1 at 127.0.0.1:{desk.model.port}" in desk.terminal.text
    desk.terminal.wait_until(lambda: desk.terminal.lines[0].endswith("local"), "the way there")


FAILURES = {
    "key": (Reply(fail="401"), "key"),
    "busy": (Reply(fail="429", retry_after=0, times=4), "too many requests"),
    "failed": (Reply(fail="500", retry_after=0, times=4), "failed. Try again"),
    "cut": (Reply(draft("We met and"), fail="cut"), "broke before the answer was whole"),
    "stall": (Reply(draft("We met and"), fail="stall"), "said nothing for 1 s"),
    "mute": (Reply(fail="mute"), "said nothing for 2 s"),
    "empty": (Reply(fail="empty"), "Try again"),
    "long": (Reply(fail="context"), "too long"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_a_sentence_and_r_asks_again(desk: Desk, name: str) -> None:
    reply, sentence = FAILURES[name]
    terminal, before = desk.terminal, len(versions(desk.data))
    desk.will_say(reply)
    run_form(terminal)
    terminal.wait_until(lambda: sentence in said(terminal), f"the sentence with {sentence!r}")
    assert "Traceback" not in terminal.text
    assert KEY not in terminal.text
    assert len(versions(desk.data)) == before

    desk.model._queue.clear()
    desk.model.queue(Reply(TITLE_REPLY, purpose="title", times=0))
    desk.will_say(draft(f"After {name}, all is well."))
    focus_chat(terminal)
    terminal.press("r")
    terminal.wait_for("Draft v1 of 1")
    terminal.wait_for(f"After {name}, all is well.")
    assert versions(desk.data)[before:] == [f"After {name}, all is well."]


def said(terminal: Terminal) -> str:
    """Return the words on the screen without the frames and line ends between them."""
    return " ".join(terminal.text.translate(str.maketrans("│╭╮╰╯─", "      ")).split())


def test_a_message_that_failed_is_answered_again_under_its_own_name(desk: Desk) -> None:
    terminal = desk.terminal
    desk.will_say(QUESTION, Reply(fail="401"), draft("The one with ACME."))
    run_form(terminal)
    terminal.wait_for("Which meeting was it?")
    say(terminal, "With ACME")
    terminal.wait_until(lambda: "key" in said(terminal), "the sentence")
    focus_chat(terminal)
    terminal.press("r")
    terminal.wait_for("Draft v1 of 1")
    told = desk.model.of("instruct")[-1].messages
    assert sum("With ACME" in one["content"] for one in told) == 1


def test_messages_written_meanwhile_wait_for_the_answer(desk: Desk) -> None:
    terminal, enough = desk.terminal, threading.Event()
    desk.will_say(
        Reply(draft("one two three four"), until=enough), draft("Second."), draft("Third.")
    )
    run_form(terminal)
    terminal.wait_for("on on on")
    say(terminal, "make it shorter")
    terminal.wait_for("queued till mojo is done")
    say(terminal, "then make it third")
    terminal.wait_until(
        lambda: terminal.text.count("queued till mojo is done") == 2, "two in the queue"
    )
    assert desk.asked() == 1
    enough.set()
    terminal.wait_for("Draft v3 of 3")
    terminal.wait_gone("queued till mojo is done")
    asked = [request.messages[-1]["content"] for request in desk.model.of("instruct")]
    assert len(asked) == 3
    assert "make it shorter" in asked[1]
    assert "then make it third" not in asked[1]
    assert "then make it third" in asked[2]


def test_ctrl_c_stops_the_answer_and_clears_no_text(desk: Desk) -> None:
    terminal, before = desk.terminal, len(versions(desk.data))
    desk.will_say(Reply(draft("one two three four"), until=threading.Event()))
    run_form(terminal)
    terminal.wait_for("writing…")
    terminal.wait_for("on on on")  # what is stopped sooner asks the model for nothing
    terminal.write("precious")
    terminal.wait_for("precious")
    terminal.press("ctrl+c")
    terminal.wait_for("Stopped.")
    desk.model.wait_for(lambda: desk.model.of("instruct")[-1].hung_up, 60)
    terminal.press("ctrl+c")
    terminal.wait_for("Press ^Q to leave")
    assert "precious" in terminal.text
    assert len(versions(desk.data)) == before


def test_the_key_is_in_no_file_and_was_on_no_screen(desk: Desk) -> None:
    assert desk.model.requests == [] or all(
        request.authorization == f"Bearer {KEY}" for request in desk.model.requests
    )
    desk.will_say(draft("Done."))
    run_form(desk.terminal)
    desk.terminal.wait_for("Draft v1 of 1")
    assert desk.model.requests[-1].authorization == f"Bearer {KEY}"
    assert holders(desk.data, KEY) == []
    assert KEY not in "".join(desk.terminal.written)
    assert "Traceback" not in "".join(desk.terminal.written)
