"""What a person must be able to do with the program, step by step, on the real thing.

One program, one model on loopback, one folder: each step begins where the one before it ended, as
a working day does. Times are only generous limits; what counts is what is seen.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch, launching
from tests.e2e.disk import backend_pid, is_typed_text_kept, versions
from tests.e2e.journeys import leave, open_last_run, say
from tests.e2e.program import READY
from tests.e2e.terminal import Terminal
from tests.e2e.test_model import draft
from tests.llm_server import TITLE_REPLY, LlmServer, Reply, serving

TASK = "Recap by length"
TASK_FILE = """
task_type: instruct
name_for_system: recap_by_length
icon: "📝"
platforms: [webapp]
output_type: meeting_minutes
definition_for_system: The user was in a meeting and has notes. The assistant writes the recap.
final_instruction: Write the recap of the meeting from the user's notes.
output_format_instruction_title: The subject.
output_format_instruction_draft: Markdown.
infos_to_extract:
  - info_name: notes
    description: What was said
task_displayed_data:
  - language_code: en
    name_for_user: Recap by length
    definition_for_user: A recap as long as you want it
    json_input:
      - type: text_area
        input_name: notes
        lines: 8
        description_for_user: What was said?
        description_for_system: The user's notes
        placeholder: anything
      - type: drop_down_list
        input_name: length
        description_for_user: How long?
        description_for_system: The length the user wants
        possible_values:
          - { value: short, displayed_text: Short }
          - { value: medium, displayed_text: Medium }
          - { value: long, displayed_text: Long }
predefined_actions:
  - task: follow_up_email
    displayed_data:
      - language_code: en
        data:
          name: Write the follow-up e-mail
          button_text: Follow-up e-mail
          message_prefix: "Write the follow-up e-mail:\\n\\n"
"""
EDITOR = """#!/bin/sh
printf 'EDITED' >> "$1"
"""


@dataclass
class Day:
    """A working day: the program in front, the model behind it, the folder between."""

    launch: Launch
    model: LlmServer
    folder: Path
    terminal: Terminal = field(init=False)

    @property
    def data(self) -> Path:
        """Where the program keeps what it writes."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the program."""
        self.terminal = self.launch(
            "--data-dir",
            str(self.data),
            env={
                "MOJODEX_LLM_BASE_URL": self.model.base_url,
                "MOJODEX_LLM_MODEL": "scripted-1",
                "EDITOR": str(self.folder / "editor"),
            },
        )

    def will_say(self, reply: Reply) -> None:
        """Script the next answer to the task."""
        self.model.queue(Reply(**{**vars(reply), "purpose": "instruct"}))

    def asked(self) -> int:
        """Return how often the model was asked for an answer."""
        return len(self.model.of("instruct"))

    def to_draft(self) -> None:
        """From the message box to the draft, where letters are keys."""
        self.terminal.press("tab", "tab")
        self.terminal.wait_until(lambda: "d diff" in self.terminal.lines[-1], "the draft's keys")

    def to_box(self) -> None:
        """Back to the message box."""
        self.terminal.press("tab")
        self.terminal.wait_until(lambda: "Enter send" in self.terminal.lines[-1], "the box's keys")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """Begin with an empty home, a task of the user's own, and an editor."""
    folder = tmp_path_factory.mktemp("day")
    home = folder / "home"
    (folder / "data" / "tasks").mkdir(parents=True)
    (folder / "data" / "tasks" / "recap.yaml").write_text(TASK_FILE, encoding="utf-8")
    home.mkdir()
    editor = folder / "editor"
    editor.write_text(EDITOR, encoding="utf-8")
    editor.chmod(0o700)
    with serving() as model, launching(home) as launch:
        model.queue(Reply(TITLE_REPLY, purpose="title", times=0))
        day = Day(launch, model, folder)
        day.start()
        yield day
        leave(day.terminal)


def _shows(terminal: Terminal, what: re.Pattern[str]) -> bool:
    return what.search(terminal.text) is not None


def test_01_an_empty_folder_shows_the_catalog_of_this_computer(day: Day) -> None:
    terminal = day.terminal
    terminal.wait_for(READY)
    terminal.wait_for(TASK)
    terminal.wait_until(lambda: terminal.lines[0].endswith("local"), "this computer's word")
    terminal.press("ctrl+p")
    terminal.wait_for("Go to the catalog")
    terminal.write("sign in")
    terminal.wait_for("Sign in to a Mojodex server")
    terminal.press("escape")
    terminal.wait_gone("Sign in to a Mojodex server")
    assert "Traceback" not in "".join(terminal.written)


def test_03_a_closed_port_is_a_sentence_and_the_form_still_takes_keys(day: Day) -> None:
    terminal = day.terminal
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        terminal.press("ctrl+p")
        terminal.wait_for("Go to the catalog")
        terminal.write("sign in")
        terminal.wait_for("Sign in to a Mojodex server")
        terminal.press("enter")
        terminal.wait_for("Password")
        terminal.write(f"http://{address}")
        terminal.press("tab")
        terminal.write("me@example.com")
        terminal.wait_for("cannot be reached")
        terminal.wait_for(address)
        terminal.wait_for("me@example.com")
        terminal.press("escape")
        terminal.wait_gone("Password")


def test_05_the_list_is_there_again_at_once(day: Day) -> None:
    leave(day.terminal)
    day.start()
    day.terminal.wait_for(TASK)
    assert "Password" not in day.terminal.text


def test_09_what_is_missing_is_named_and_nothing_is_sent(day: Day) -> None:
    terminal = day.terminal
    terminal.write(TASK)
    terminal.wait_for("1 of")
    terminal.press("enter")
    terminal.wait_for("What was said?")
    terminal.paste("Ana and Luc met.\nLuc sends the quote on Friday.")
    terminal.wait_for("1 of 2 set")
    terminal.press("ctrl+s")
    terminal.wait_for("Still needed: How long?")
    assert day.asked() == 0


def test_11_the_first_words_are_seen_while_the_rest_is_written(day: Day) -> None:
    terminal, enough = day.terminal, threading.Event()
    words = " ".join(f"word{index}" for index in range(40))
    day.will_say(Reply(draft(f"Zebra {words}"), rate=100, until=enough, after=20))
    terminal.press("right")  # the choice has the focus: it was missing
    terminal.wait_for("All that is needed is set")
    terminal.press("ctrl+s")
    terminal.wait_for("Zebra")
    terminal.wait_until(
        lambda: re.search(r"writing….*[1-9]\d* words.*00:", terminal.text) is not None,
        "words and seconds in the title",
    )

    # 13: letters typed while tokens arrive are all there, in order.
    letters = "the quick brown fox jumps over lazy dogs"
    terminal.write(letters)
    terminal.wait_for(letters)

    # 15: what is sent meanwhile waits, and is sent once.
    day.will_say(Reply(draft("The second version, shorter.")))
    terminal.press("enter")
    terminal.wait_for("sent when mojo has finished")
    assert day.asked() == 1
    enough.set()
    terminal.wait_for("Draft v2 of 2")
    terminal.wait_gone("sent when mojo has finished")
    assert day.asked() == 2
    assert letters in day.model.of("instruct")[-1].messages[-1]["content"]


def test_17_precious_words_survive_every_way_out(day: Day) -> None:
    terminal = day.terminal
    terminal.write("precious")
    terminal.wait_for("precious")
    terminal.press("ctrl+c")
    terminal.wait_for("Press ^Q to leave")
    terminal.wait_until(lambda: is_typed_text_kept(day.data, "precious"), "the word on disk")
    terminal.press("escape")
    leave(terminal)
    day.start()
    day.terminal.wait_for(READY)
    open_last_run(day.terminal, "A scripted title")
    day.terminal.wait_for("precious")
    day.terminal.press(*["backspace"] * len("precious"))
    day.terminal.wait_gone("precious")


def test_19_a_cut_in_mid_draft_is_told_and_mended(day: Day) -> None:
    terminal = day.terminal
    day.will_say(Reply(draft("one two three four"), until=threading.Event()))
    day.will_say(Reply(draft("The third version, mended."), delay=0.2))
    say(terminal, "once more")
    terminal.wait_for("on on on")
    os.kill(backend_pid(day.data), signal.SIGKILL)
    terminal.wait_until(lambda: not terminal.lines[0].endswith("local"), "word of it")
    terminal.wait_until(lambda: terminal.lines[0].endswith("local"), "the way back")
    terminal.wait_for("Draft v3 of 3")
    terminal.wait_for("The third version, mended.")
    assert terminal.text.count("once more") == 1
    assert versions(day.data)[-1] == "The third version, mended."


def test_21_two_versions_are_compared_by_marks(day: Day) -> None:
    terminal = day.terminal
    day.to_draft()
    terminal.press("d")
    terminal.wait_for("change 1 of")
    for mark in ("-", r"\+"):
        seen = re.compile(mark + r"\s+The (second|third) version")
        terminal.wait_until(partial(_shows, terminal, seen), f"a line marked {mark}")
    terminal.press("n")
    terminal.press("escape")
    terminal.wait_for("Draft v3 of 3")


def test_23_an_edit_in_two_goes_is_one_version(day: Day) -> None:
    terminal, before = day.terminal, len(versions(day.data))
    terminal.press("e")
    terminal.wait_for("editing")
    terminal.write("First. ")
    terminal.wait_until(lambda: is_typed_text_kept(day.data, "First. The third"), "it on disk")
    terminal.write("Then. ")
    terminal.wait_for("First. Then. The third")
    terminal.press("ctrl+s")
    terminal.wait_for("Draft v4 of 4")
    assert len(versions(day.data)) == before + 1
    assert versions(day.data)[-1] == "First. Then. The third version, mended."


def test_25_an_editor_of_ones_own_brings_its_text_back(day: Day) -> None:
    terminal = day.terminal
    day.to_box()
    terminal.write("text ")
    terminal.wait_for("text ")
    terminal.press("ctrl+g")
    terminal.wait_for("text EDITED")
    terminal.write("!")
    terminal.wait_for("EDITED!")
    assert terminal.lines[0].strip().startswith("Mojodex")
    terminal.press(*["backspace"] * len("text EDITED!"))
    terminal.wait_gone("EDITED")


def test_27_a_file_is_written_and_never_overwritten_unasked(day: Day) -> None:
    terminal = day.terminal
    file = day.folder / "recap.md"
    day.to_draft()
    # A long path is broken where the line ends: only the words around it are sure to be whole.
    for seen in ("Wrote", " exists"):
        terminal.press("w")
        terminal.wait_for("budget.md")
        terminal.press("ctrl+u")
        terminal.wait_gone("budget.md")
        terminal.write(str(file))
        terminal.wait_for("recap.md")
        terminal.press("enter")
        terminal.wait_for(seen)
    assert "First. Then. The third version, mended." in file.read_text(encoding="utf-8")
    terminal.press("escape")
    terminal.wait_gone("Write to a file")


def test_29_the_next_task_gets_a_text_that_was_shown_first(day: Day) -> None:
    terminal, before = day.terminal, day.asked()
    day.will_say(Reply(draft("Dear all, here is the recap.", title="Mail")))
    terminal.press("n")
    terminal.wait_for("Write the follow-up e-mail:")
    terminal.wait_for("First. Then. The third version, mended.")
    assert day.asked() == before
    terminal.press("enter")
    terminal.wait_for("Dear all, here is the recap.")
    assert "First. Then." in str(day.model.of("instruct")[-1].messages)
    assert "from" in terminal.lines[1]
