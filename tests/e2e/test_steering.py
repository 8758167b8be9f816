"""A workflow steered by its user, on the real program with a scripted model.

One program, one model on loopback, one folder: each step begins where the one before it ended.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch, launching
from tests.e2e.journeys import back_to_catalog, leave
from tests.e2e.program import READY
from tests.e2e.terminal import Terminal
from tests.llm_server import TITLE_REPLY, LlmServer, Reply, Request, serving

WORKFLOW = "Article by sections"
OUTLINE = ("Grind", "Time", "Serving", "Equipment")
HEADING = re.compile(r'Write the section "([^"]*)"')
POLISHED = re.compile(r"Polish this section of an article.*?## ([^\n]+)", re.DOTALL)


def items(*found: dict[str, str]) -> str:
    """Return what a model says that gives these items."""
    return json.dumps({"items": found})


def is_outline(request: Request) -> bool:
    """Whether the outline is asked for."""
    return "Plan an article about" in request.messages[0]["content"]


def section_of(request: Request) -> str | None:
    """Return the section that is asked for, if one is."""
    found = HEADING.search(request.messages[0]["content"])
    return found[1] if found else None


def answer(request: Request) -> Reply | None:
    """Answer as the step in the prompt wants it."""
    if is_outline(request):
        return Reply(items(*({"section_title": name, "key_points": name} for name in OUTLINE)))
    if (title := section_of(request)) is not None:
        return Reply(items({"section_text": f"## {title}\n\nAll about {title}."}))
    if found := POLISHED.search(request.messages[0]["content"]):
        return Reply(items({"polished_text": f"## {found[1]}\n\n{found[1]}, polished."}))
    return None


@dataclass
class Desk:
    """The program in front, the model behind it, the folder between."""

    launch: Launch
    model: LlmServer
    data: Path
    terminal: Terminal = field(init=False)

    def start(self) -> None:
        """Start the program."""
        env = {"MOJODEX_LLM_BASE_URL": self.model.base_url, "MOJODEX_LLM_MODEL": "scripted-1"}
        self.terminal = self.launch("--data-dir", str(self.data), env=env, columns=80, rows=24)
        self.terminal.wait_for(READY)

    def sections(self) -> list[str]:
        """Return the sections the model was asked for, in this order."""
        return [name for name in map(section_of, self.model.requests) if name is not None]

    def begin(self, topic: str) -> None:
        """Run the workflow from its form."""
        terminal = self.terminal
        terminal.write("article")
        terminal.wait_for("1 of")
        terminal.press("enter")
        terminal.wait_for("What is the article about?")
        terminal.paste(topic)
        terminal.wait_for("1 of 2 set")
        terminal.press("tab")
        terminal.paste("grind, time, serving, equipment")
        terminal.wait_for("All that is needed is set")
        terminal.press("ctrl+s")
        terminal.wait_for("Steps")

    def decide(self, choice: str) -> None:
        """Press the key of a choice as soon as it acts, which is when it is shown in bold."""
        self.terminal.wait_until(lambda: self.terminal.is_bold(choice), f"{choice} to act")
        self.terminal.press(choice[0])


def to_list(terminal: Terminal) -> None:
    """From anywhere to the list of the catalog, where letters are keys."""
    terminal.press("ctrl+n")
    terminal.wait_for("[1 Tasks]")
    terminal.wait_for("type what you want to do")
    terminal.press("down")
    terminal.wait_until(lambda: "pin" in terminal.lines[-1], "the keys of the list")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Begin with an empty home."""
    folder = tmp_path_factory.mktemp("steering")
    home = folder / "home"
    home.mkdir()
    with serving(LlmServer(rule=answer)) as model, launching(home) as launch:
        model.queue(Reply(TITLE_REPLY, purpose="title", times=0))
        desk = Desk(launch, model, folder / "data")
        desk.start()
        yield desk
        leave(desk.terminal)


def test_31_no_letter_typed_elsewhere_and_no_early_key_decides(desk: Desk) -> None:
    terminal, model = desk.terminal, desk.model
    ready = threading.Event()
    outline = items(*({"section_title": name, "key_points": name} for name in OUTLINE))
    model.rule = lambda request: (
        Reply(outline, until=ready, after=1) if is_outline(request) else answer(request)
    )
    desk.begin("Cold brew at home")
    terminal.wait_until(lambda: any(map(is_outline, model.requests)), "the model to be asked")
    back_to_catalog(terminal)
    terminal.write("vvvv")
    terminal.wait_for("vvvv")
    ready.set()
    model.rule = answer
    terminal.write("vvvv")
    terminal.wait_for("! 1 waiting")
    terminal.wait_for("vvvvvvvv")
    assert "\x1b]2;(1) Mojodex\x07" in "".join(terminal.written)

    terminal.press("ctrl+o")
    terminal.wait_for("waiting for you")
    terminal.press("enter")
    terminal.wait_until(lambda: terminal.is_bold("v validate, go on"), "keys that decide")
    # The focus comes back, and the key with it; what comes after shows that it was taken in.
    terminal.press("tab", "tab", "v", "I")
    terminal.wait_for("p goes back to the results.")
    assert "Validated" not in terminal.text
    terminal.press("p")
    terminal.wait_for("v validate, go on")
    assert "Validated" not in terminal.text
    assert desk.sections() == []


def test_33_what_is_left_of_an_edited_list_runs_in_its_new_order(desk: Desk) -> None:
    terminal = desk.terminal
    desk.decide("e edit the result")
    terminal.wait_for("will run 4 times")
    terminal.press("j", "-")
    terminal.wait_for("3 items: “Section” will run 3 times")
    terminal.press("K")
    terminal.wait_until(
        lambda: terminal.text.find("Serving") < terminal.text.find("Grind"), "the other order"
    )
    assert "Time" not in terminal.text
    terminal.press("ctrl+s")
    desk.decide("v validate, go on")
    terminal.wait_for("Validated, next step in")
    assert desk.sections() == []
    terminal.wait_for("Polish 1/3")
    terminal.wait_for("3 items, edited")
    assert desk.sections() == ["Serving", "Grind", "Equipment"]


def test_35_a_run_that_waits_is_found_again_as_it_was(desk: Desk) -> None:
    desk.terminal.wait_for("waiting for you")
    leave(desk.terminal)
    desk.start()
    terminal = desk.terminal
    terminal.wait_for("! 1 waiting")
    terminal.press("ctrl+o")
    terminal.wait_for("waiting for you")
    terminal.press("enter")
    terminal.wait_for("Polish 1/3")
    terminal.wait_for("4 of 7 done")
    terminal.wait_for("Serving, polished.")
    desk.decide("v validate, go on")
    terminal.wait_for("Validated, next step in")
    terminal.press("u")
    terminal.wait_gone("Validated")
    terminal.wait_for("v validate")


def test_a_failure_in_mid_stream_is_told_and_r_goes_on_from_there(desk: Desk) -> None:
    terminal, model = desk.terminal, desk.model
    broken = Reply(items({"polished_text": "one two three four five"}), fail="cut", after=3)

    def breaks(request: Request) -> Reply | None:
        found = POLISHED.search(request.messages[0]["content"])
        return broken if found and found[1] == "Grind" else answer(request)

    model.rule = breaks
    before = len(desk.sections())
    to_list(terminal)
    terminal.press("!")
    terminal.wait_for("Waiting for you: 1")
    terminal.press("enter")
    terminal.wait_for("Serving, polished.")
    desk.decide("v validate, go on")
    terminal.wait_for("Validated, next step in")
    terminal.wait_for("failed: try again")
    terminal.press("enter")
    terminal.wait_for("It failed:")
    model.rule = answer
    desk.decide("r try again")
    terminal.wait_for("Waiting for you: 1")
    terminal.press("enter")
    terminal.wait_for("Grind, polished.")
    assert len(desk.sections()) == before


def test_a_rejected_result_is_made_again_as_the_user_says(desk: Desk) -> None:
    terminal, model = desk.terminal, desk.model
    model.queue(Reply("<user_instruction>Name the beans.</user_instruction>"))
    desk.decide("i instruct, run again")
    terminal.wait_for("Instruction")
    terminal.write("name the beans")
    terminal.wait_for("name the beans")
    terminal.press("enter")
    terminal.wait_for("Waiting for you: 1")
    terminal.press("enter")
    terminal.wait_for("try 2")
    terminal.wait_for("Name the beans.")
    last = model.requests[-1].messages[0]["content"]
    assert "Name the beans." in last


def test_39_the_prompt_over_the_screen_runs_a_workflow(desk: Desk) -> None:
    terminal, model = desk.terminal, desk.model
    to_list(terminal)
    terminal.press(":")
    terminal.wait_for("mojodex>")
    for line, seen in (("help", "workflow run N"), ("workflow list", f". 📰 {WORKFLOW}")):
        terminal.write(line)
        terminal.press("enter")
        terminal.wait_for(seen)
    number = re.search(rf"(\d+)\. .. ?{WORKFLOW}", terminal.text)
    assert number is not None, terminal.text
    terminal.write(f"workflow run {number[1]}")
    terminal.press("enter")
    for question, given in (("article_topic:", "Tea at the office"), ("points:", "leaves; water")):
        terminal.wait_for(question)
        terminal.write(given)
        terminal.wait_for(given)
        terminal.press("enter")
    terminal.wait_until(lambda: terminal.text.count("│ > ") == 2, "the second line")
    terminal.press(".", "enter")
    terminal.wait_for("Step outline started")
    terminal.wait_for("Step outline ended")
    terminal.wait_for("Continue (Y/n)?")
    model.queue(Reply("<user_instruction>Only two.</user_instruction>"))
    terminal.write("n")
    terminal.press("enter")
    terminal.wait_for("What should change?")
    terminal.write("only two")
    terminal.press("enter")
    terminal.wait_for("(try 2)")
    terminal.wait_for("Continue (Y/n)?")
    terminal.press("escape")
    terminal.wait_gone("Continue (Y/n)?")
    terminal.press("ctrl+o")
    terminal.wait_for("[2 History]")
    terminal.wait_until(lambda: terminal.text.count(WORKFLOW) >= 2, "both runs")
