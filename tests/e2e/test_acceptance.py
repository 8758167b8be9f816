"""What a person must be able to do with the program, step by step, on the real thing.

One program, one model on loopback, one folder: each step begins where the one before it ended, as
a working day does; what needs a server on the other end of a wire has a day of its own. Times are
only generous limits; what counts is what is seen.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.certificates import self_signed
from tests.e2e.conftest import Launch, launching
from tests.e2e.disk import is_typed_text_kept, versions
from tests.e2e.journeys import leave, open_last_run, run_form, say, to_draft
from tests.e2e.program import READY
from tests.e2e.proxy import Proxy, proxying
from tests.e2e.team import register, team_server
from tests.e2e.terminal import Terminal
from tests.e2e.test_model import draft
from tests.llm_server import TITLE_REPLY, LlmServer, Reply, serving

TASK = "Recap by length"
SECOND = "What stays.\n\nThe second version.\n\nWhat stays too.\n\nIts end."
THIRD = "What stays.\n\nThe third version.\n\nWhat stays too.\n\nAnother end."
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
_COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?[34]8;2;(\d+);(?!\1;\1m|\1;\1;)")
"""A colour that is no shade of grey."""
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
    enough: threading.Event = field(default_factory=threading.Event)
    """Ends the first answer."""

    @property
    def data(self) -> Path:
        """Where the program keeps what it writes."""
        return self.folder / "data"

    @property
    def home(self) -> Path:
        """Where the program is started."""
        return self.folder / "home"

    def start(self, **env: str) -> None:
        """Start the program, with these variables besides its own."""
        self.terminal = self.launch(
            "--data-dir",
            str(self.data),
            env={
                "MOJODEX_LLM_BASE_URL": self.model.base_url,
                "MOJODEX_LLM_MODEL": "scripted-1",
                "EDITOR": str(self.folder / "editor"),
            }
            | env,
        )

    def will_say(self, reply: Reply) -> None:
        """Script the next answer to the task."""
        self.model.queue(Reply(**{**vars(reply), "purpose": "instruct"}))

    def asked(self) -> int:
        """Return how often the model was asked for an answer."""
        return len(self.model.of("instruct"))

    def to_draft(self) -> None:
        """From the message box to the draft, where letters are keys."""
        to_draft(self.terminal)

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


def _is_writing(terminal: Terminal) -> bool:
    """Whether the title counts words and seconds."""
    return _shows(terminal, re.compile(r"writing….*[1-9]\d* words.*00:"))


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
        _open_sign_in(terminal)
        terminal.write(f"http://{address}")
        terminal.press("tab")
        terminal.write("me@example.com")
        terminal.wait_for("cannot be reached")
        terminal.wait_for(address)
        terminal.wait_for("me@example.com")
        terminal.press("escape")
        terminal.wait_gone("Password")


def test_03_a_certificate_nobody_vouches_for_is_named(day: Day) -> None:
    terminal = day.terminal
    with _untrusted_server(day.folder) as address:
        _open_sign_in(terminal)
        terminal.write(f"https://{address}")
        terminal.press("tab")
        terminal.write("me@example.com")
        terminal.wait_for(f"The certificate of https://{address} is not trusted")
        terminal.wait_for("me@example.com")
        terminal.write(".org")
        terminal.wait_for("me@example.com.org")
        terminal.press("escape")
        terminal.wait_gone("Password")


def _open_sign_in(terminal: Terminal) -> None:
    terminal.press("ctrl+p")
    terminal.wait_for("Go to the catalog")
    terminal.write("sign in")
    terminal.wait_for("Sign in to a Mojodex server")
    terminal.press("enter")
    terminal.wait_for("Password")


@contextmanager
def _untrusted_server(folder: Path) -> Iterator[str]:
    """Serve with a certificate that is its own authority; yield the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder / "localhost.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_05_the_list_is_there_again_at_once(day: Day) -> None:
    leave(day.terminal)
    day.start()
    day.terminal.wait_for(TASK)
    assert "Password" not in day.terminal.text


def test_07_the_language_is_two_words_away_and_escape_comes_back(day: Day) -> None:
    terminal = day.terminal
    terminal.press("ctrl+o")
    terminal.wait_for("[2 History]")
    terminal.press("ctrl+p")
    terminal.wait_for("Go to the catalog")
    terminal.write("language")
    terminal.wait_for("Settings: Language")
    terminal.press("enter")
    terminal.wait_for("(•) English")
    terminal.press("escape")
    terminal.wait_for("[2 History]")
    terminal.press("ctrl+n")
    terminal.wait_for("[1 Tasks]")


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
    terminal = day.terminal
    words = " ".join(f"word{index}" for index in range(500))
    day.will_say(Reply(draft(f"Zebra {words}"), rate=100, until=day.enough, after=500))
    terminal.press("right")  # the choice has the focus: it was missing
    terminal.wait_for("All that is needed is set")
    terminal.press("ctrl+s")
    terminal.wait_for("Zebra")
    terminal.wait_until(partial(_is_writing, terminal), "words and seconds in the title")


def test_13_letters_typed_while_words_arrive_are_all_there_in_order(day: Day) -> None:
    terminal = day.terminal
    letters = "the quick brown fox jumps over lazy dogs"
    for letter in letters:
        terminal.write(letter)
    terminal.wait_for(letters)
    assert _is_writing(terminal)
    terminal.press("ctrl+u")
    terminal.wait_gone(letters)


def test_15_what_is_sent_meanwhile_waits_and_is_sent_once(day: Day) -> None:
    terminal = day.terminal
    day.will_say(Reply(draft(SECOND)))
    terminal.write("next question")
    terminal.wait_for("next question")
    terminal.press("enter")
    terminal.wait_for("1 queued")
    assert _is_writing(terminal)
    assert day.asked() == 1
    day.enough.set()
    terminal.wait_for("Draft v2 of 2")
    terminal.wait_gone("1 queued")
    assert day.asked() == 2
    assert "next question" in day.model.of("instruct")[-1].messages[-1]["content"]


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


def test_21_two_versions_are_compared_by_marks_also_without_colours(day: Day) -> None:
    day.will_say(Reply(draft(THIRD)))
    say(day.terminal, "once more")
    day.terminal.wait_for("Draft v3 of 3")
    _compare(day)
    leave(day.terminal)
    day.start(NO_COLOR="1")
    open_last_run(day.terminal, "A scripted title")
    day.terminal.wait_for("Draft v3 of 3")
    _compare(day)
    assert not _COLOUR.search("".join(day.terminal.written))
    leave(day.terminal)
    day.start()
    open_last_run(day.terminal, "A scripted title")
    day.terminal.wait_for("Draft v3 of 3")


def _compare(day: Day) -> None:
    """Walk through the changes between the last two versions, and come back."""
    terminal = day.terminal
    day.to_draft()
    terminal.press("d")
    terminal.wait_for("change 1 of 2")
    for mark, words in (("-", "The second version"), (r"\+", "The third version")):
        seen = re.compile(mark + r"\s+" + words)
        terminal.wait_until(partial(_shows, terminal, seen), f"a line marked {mark}")
    terminal.press("n")
    terminal.wait_for("change 2 of 2")
    terminal.press("escape")
    terminal.wait_for("Draft v3 of 3")
    day.to_box()


def test_23_an_edit_in_two_goes_is_one_version_of_the_users(day: Day) -> None:
    terminal, before, asked = day.terminal, len(versions(day.data)), day.asked()
    day.to_draft()
    terminal.press("e")
    terminal.wait_for("editing")
    terminal.write("First. ")
    terminal.wait_until(lambda: is_typed_text_kept(day.data, "First. What stays."), "it on disk")
    terminal.write("Then. ")
    terminal.wait_for("First. Then. What stays.")
    terminal.press("ctrl+s")
    terminal.wait_for("Draft v4 of 4")
    terminal.wait_for("v4 *")  # in the list of what there is: the server has it
    assert len(versions(day.data)) == before + 1
    assert versions(day.data)[-1] == f"First. Then. {THIRD}"
    assert day.asked() == asked
    terminal.press("l")
    terminal.wait_until(partial(_shows, terminal, re.compile(r"v4\s+you\b")), "its author")
    terminal.press("escape")
    terminal.wait_gone("Versions")


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
    terminal.click("F1 help")
    terminal.wait_for("Help: the keys that act here")
    terminal.press("escape")
    terminal.wait_gone("Help: the keys that act here")
    terminal.press(*["backspace"] * len("text EDITED!"))
    terminal.wait_gone("EDITED")


def test_27_a_file_is_written_and_never_overwritten_unasked(day: Day) -> None:
    terminal = day.terminal
    file = day.home / "budget.md"
    day.to_draft()
    # A long path is broken where the line ends: only the words around it are sure to be whole.
    for seen in ("words).", " exists"):
        terminal.press("w")
        terminal.wait_for("Write to a file")
        terminal.press("enter")
        terminal.wait_for(seen)
        assert file.read_text(encoding="utf-8") == f"# Budget\n\nFirst. Then. {THIRD}\n"
    terminal.press("escape")
    terminal.wait_gone("Write to a file")


def test_29_the_next_task_gets_a_text_that_was_shown_first(day: Day) -> None:
    terminal, before = day.terminal, day.asked()
    day.will_say(Reply(draft("Dear all, here is the recap.", title="Mail")))
    terminal.press("n")
    terminal.wait_for("Write the follow-up e-mail:")
    terminal.wait_for("First. Then. What stays.")
    assert day.asked() == before
    terminal.press("enter")
    terminal.wait_for("Dear all, here is the recap.")
    assert "First. Then." in str(day.model.of("instruct")[-1].messages)
    assert "from A scripted title" in terminal.lines[1]


# --- with a server on the other end of a wire ------------------------------------------------


@dataclass
class Office:
    """The program, a team's server, the wire between them, and the model behind it all."""

    launch: Launch
    model: LlmServer
    wire: Proxy
    data: Path
    """The server's folder."""
    own: Path
    """The program's folder."""

    def start(self) -> Terminal:
        """Start the program."""
        return self.launch("--server", self.wire.url, "--data-dir", str(self.own))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve a team through a wire that can be cut."""
    folder = tmp_path_factory.mktemp("office")
    with serving() as model, ExitStack() as stack:
        model.queue(Reply(TITLE_REPLY, purpose="title", times=0))
        env = {
            "MOJODEX_LLM_BASE_URL": model.base_url,
            "MOJODEX_LLM_MODEL": "scripted-1",
            "MOJODEX_RESEND_SECONDS": "0.5",
        }
        server = stack.enter_context(team_server(folder, env))
        wire = stack.enter_context(proxying(server.port))
        launch = stack.enter_context(launching(folder))
        yield Office(launch, model, wire, server.data, folder / "own")


def test_19_a_cut_in_mid_draft_is_told_and_mended(office: Office) -> None:
    wire, enough = office.wire, threading.Event()
    terminal = office.start()
    register(terminal)
    terminal.wait_for("online")
    office.model.queue(
        Reply(draft("One two three. The very end."), purpose="instruct", after=3, until=enough)
    )
    run_form(terminal, "Ana and Luc met.")
    terminal.wait_for("on on on")

    wire.cut()
    terminal.wait_for("reconnecting")
    enough.set()
    terminal.wait_until(lambda: bool(versions(office.data)), "the server's version")
    terminal.wait_until(lambda: wire.has_been_cut_for(8), "eight seconds")
    assert not terminal.lines[0].endswith("online")

    wire.lose_acknowledgements_until("draft_message", 3)
    wire.mend()
    terminal.wait_until(lambda: terminal.lines[0].endswith("online"), "the way back")
    terminal.wait_for("Draft v1 of 1")
    terminal.wait_until(lambda: wire.events.get("draft_message", 0) >= 3, "a draft sent thrice")

    question = "Which meeting was it?"
    office.model.queue(
        Reply(f"<ask_user_primary_info>{question}</ask_user_primary_info>", purpose="instruct")
    )
    wire.lose_acknowledgements_until("mojo_message", 3)
    say(terminal, "once more")
    terminal.wait_until(lambda: wire.events.get("mojo_message", 0) >= 3, "a message sent thrice")
    terminal.wait_for(question)
    assert terminal.text.count(question) == 1
    assert terminal.text.count("once more") == 1
    assert terminal.text.count("Draft v1 of") == 1

    to_draft(terminal)
    terminal.press("w")
    terminal.wait_for("Write to a file")
    terminal.press("enter")
    terminal.wait_for("words).")
    [text] = versions(office.data)
    assert text.endswith("The very end.")
    assert text in (office.data.parent / "budget.md").read_text(encoding="utf-8")
    leave(terminal)


def test_05_the_list_is_there_before_the_network_answers(office: Office) -> None:
    office.wire.hold()
    terminal = office.start()
    terminal.wait_for(READY)
    assert "Password" not in terminal.text
    office.wire.go_on()
    terminal.wait_until(lambda: terminal.lines[0].endswith("online"), "the server")
    leave(terminal)
