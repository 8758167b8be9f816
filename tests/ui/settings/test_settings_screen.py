"""The settings screen: what is seen, what is changed by it, and what that does at once."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

from mojodex_tui.client.errors import ServerFailed
from mojodex_tui.client.port import Keeping, KeptIn
from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.keyrings import LLM_KEY
from mojodex_tui.settings.file import SettingsFile
from mojodex_tui.state.settings import Section
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.settings.keys import KeyList
from mojodex_tui.ui.screens.settings.page import Page
from mojodex_tui.ui.screens.settings.screen import SectionList, SettingsScreen
from mojodex_tui.ui.theme import DARK, LIGHT, role_defaults
from mojodex_tui.ui.widgets.choice import ChoiceLine
from tests.fakes import FakeConnect, FakeMojodex
from tests.memory_keyring import MemoryKeyring, only_keyring
from tests.ui.shell import SERVER, filled, running, settled, words

Compare = Callable[..., bool]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    with only_keyring() as ring:
        yield ring


@dataclass
class Desk:
    """The settings on a screen, and the hands on their keys."""

    pilot: Pilot[None]
    mojodex: FakeMojodex
    file: SettingsFile

    @property
    def app(self) -> MojodexApp:
        app = self.pilot.app
        assert isinstance(app, MojodexApp)
        return app

    @property
    def seen(self) -> str:
        return words(self.app)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def write(self, text: str) -> None:
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def settle(self) -> None:
        for worker in [one for one in self.app.workers if one.group in _QUICK]:
            await worker.wait()
        await settled(self.pilot)

    async def show(self, section: Section) -> None:
        await self.app.open_settings(section)
        await self.settle()


_QUICK = {"settings", "language", "mail", "assistant", "tasks"}
"""What a page has done in the background, and ends by itself."""


@asynccontextmanager
async def opened(
    section: Section | None = None,
    *,
    mojodex: FakeMojodex | None = None,
    server: str | None = None,
    folder: Path | None = None,
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Desk]:
    mojodex = mojodex or filled()
    file = SettingsFile(folder)
    app = MojodexApp(FakeConnect({server: mojodex}), server, settings=file)
    async with running(app, size) as pilot:
        desk = Desk(pilot, mojodex, file)
        if section is not None:
            await desk.show(section)
        yield desk


# --- the screen ----------------------------------------------------------------------------


async def test_a_key_opens_it_and_escape_comes_back_to_where_it_was_called_from() -> None:
    async with opened() as desk:
        await desk.press("down", "ctrl+o", "5")
        assert isinstance(desk.app.screen, SettingsScreen)
        assert isinstance(desk.app.focused, SectionList)
        await desk.press("escape")
        assert "[2 History]" in desk.seen


async def test_the_palette_finds_a_section_by_its_word() -> None:
    async with opened() as desk:
        await desk.press("ctrl+o", "ctrl+p")
        await desk.write("language")
        await desk.pilot.app.workers.wait_for_complete()
        await desk.press("enter")
        await desk.settle()
        assert "Français" in desk.seen
        assert isinstance(desk.app.focused, ChoiceLine)
        await desk.press("escape")
        assert "[2 History]" in desk.seen


async def test_the_page_follows_the_cursor_and_enter_goes_into_it() -> None:
    async with opened() as desk:
        await desk.press("down", "5", "down", "down")
        assert "16 colours" in desk.seen
        await desk.press("enter")
        assert isinstance(desk.app.focused, ChoiceLine)


async def test_every_section_says_what_it_is_and_has_a_page() -> None:
    async with opened(size=(120, 40)) as desk:
        for section in Section:
            await desk.show(section)
            assert section.holds
            assert desk.app.screen.query_one(Page).children


async def test_escape_leaves_a_text_for_the_sections_first() -> None:
    async with opened(Section.MODEL) as desk:
        assert isinstance(desk.app.focused, Input)
        await desk.press("escape")
        assert isinstance(desk.app.focused, SectionList)
        await desk.press("escape")
        assert not isinstance(desk.app.screen, SettingsScreen)


# --- account -------------------------------------------------------------------------------


async def test_this_computer_has_nobody_to_sign_out() -> None:
    async with opened(Section.ACCOUNT) as desk:
        assert "this computer: no server, no account" in desk.seen
        assert "Sign out" not in desk.seen


async def test_signing_out_asks_first() -> None:
    mojodex = filled()
    mojodex.keeping.value = Keeping(KeptIn.KEYRING)
    async with opened(Section.ACCOUNT, mojodex=mojodex, server=SERVER) as desk:
        assert SERVER in desk.seen
        assert "kept in the system's keyring" in desk.seen
        await desk.press("tab", "enter")
        assert "Sign out?" in desk.seen
        assert mojodex.api.asked("sign_out") == []
        await desk.press("y")
        assert mojodex.api.asked("sign_out") == [None]
        assert "Signed out." in desk.seen


# --- language ------------------------------------------------------------------------------


async def test_a_language_is_told_to_the_server_and_the_tasks_are_fetched_anew() -> None:
    async with opened(Section.LANGUAGE) as desk:
        before = len(desk.mojodex.api.asked("catalog"))
        await desk.press("f")
        assert desk.mojodex.api.asked("set_language") == ["fr"]
        assert len(desk.mojodex.api.asked("catalog")) == before + 1
        assert "Français: tasks are shown in it" in desk.seen


async def test_the_language_in_use_is_marked_and_not_set_again() -> None:
    async with opened(Section.LANGUAGE) as desk:
        assert "(•) English" in desk.seen
        assert desk.mojodex.api.asked("set_language") == []


async def test_a_language_the_server_refuses_stays_unchosen() -> None:
    mojodex = filled()
    mojodex.api.failures["set_language"] = [ServerFailed("It failed.")]
    async with opened(Section.LANGUAGE, mojodex=mojodex) as desk:
        await desk.press("f")
        assert "(•) English" in desk.seen
        assert "The language is as it was." in desk.seen


# --- appearance ----------------------------------------------------------------------------


async def test_a_theme_holds_at_once_and_at_the_next_start(tmp_path: Path) -> None:
    async with opened(Section.APPEARANCE, folder=tmp_path) as desk:
        await desk.press("l")
        assert desk.app.current_theme is LIGHT
    async with opened(folder=tmp_path) as desk:
        assert desk.app.current_theme is LIGHT


async def test_a_theme_chosen_elsewhere_is_kept_too(tmp_path: Path) -> None:
    async with opened(Section.APPEARANCE, folder=tmp_path) as desk:
        desk.app.action_switch_light()
        await desk.settle()
        assert desk.file.read().screen.theme == LIGHT.name
        assert "(•) light" in desk.seen


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light"])
def test_with_16_colours_what_is_chosen_can_be_told_from_its_ground(name: str) -> None:
    roles = role_defaults(BUILTIN_THEMES[name])
    assert roles["chosen"] not in {roles["cursor-line"], roles["cursor-line-blurred"]}


async def test_a_theme_there_is_none_of_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[screen]\ntheme = "sepia"\n')
    async with opened(folder=tmp_path, size=(120, 40)) as desk:
        assert "there is no theme 'sepia'" in desk.seen
        assert desk.app.current_theme is DARK


async def test_what_an_editor_writes_into_the_file_holds_at_once(tmp_path: Path) -> None:
    async with opened(folder=tmp_path) as desk:
        (tmp_path / "settings.toml").write_text('[screen]\ntheme = "mojodex-light"\n')
        desk.app.preferences.look()
        assert desk.app.current_theme is LIGHT


# --- keys ----------------------------------------------------------------------------------


async def find_key(desk: Desk, what: str) -> None:
    await desk.write(what)
    await desk.press("down")
    assert isinstance(desk.app.focused, KeyList)


async def test_a_key_is_changed_by_pressing_another_one(tmp_path: Path) -> None:
    async with opened(Section.KEYS, folder=tmp_path) as desk:
        await find_key(desk, "app.redraw")
        await desk.press("enter", "f8")
        assert "Press another key" in desk.seen
        await desk.press("enter")
        assert "Draw the whole screen again: F8." in desk.seen
        assert desk.file.read().keys.root == {"app.redraw": "f8"}
        keys = {key: active.binding.id for key, active in desk.app.screen.active_bindings.items()}
        assert keys["f8"] == "app.redraw"
        assert "ctrl+l" not in keys


async def test_while_a_key_is_asked_for_none_acts() -> None:
    async with opened(Section.KEYS) as desk:
        await find_key(desk, "app.redraw")
        await desk.press("enter", "ctrl+q")
        assert "^Q is also “Leave; what you typed is kept” (anywhere)." in desk.seen
        await desk.press("escape")
        assert isinstance(desk.app.screen, SettingsScreen)


async def test_a_key_is_taken_away_and_given_back(tmp_path: Path) -> None:
    async with opened(Section.KEYS, folder=tmp_path) as desk:
        await find_key(desk, "app.redraw")
        await desk.press("x")
        assert desk.file.read().keys.root == {"app.redraw": "none"}
        assert "ctrl+l" not in desk.app.screen.active_bindings
        assert "* none" in desk.seen
        await desk.press("backspace")
        assert desk.file.read().keys.root == {}
        assert desk.app.screen.active_bindings["ctrl+l"].binding.id == "app.redraw"


async def test_what_speaks_against_a_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\n"app.redraw" = "ctrl+b,ctrl+k,ctrl+m,2"\n')
    async with opened(Section.KEYS, folder=tmp_path) as desk:
        await find_key(desk, "app.redraw")
        for sentence in (
            "app.redraw; by itself ^L",
            "tmux takes ^B for itself",
            "While you write, ^K is “delete to",
            "Terminals do not send ^M: they send Enter.",
            "2 is also “Go to the runs of the past” (anywhere).",
        ):
            assert sentence in desk.seen


async def test_a_key_of_the_file_shows_in_hints_and_acts(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[keys]\napp.history = "f8"\napp.quit = "none"\n')
    async with opened(folder=tmp_path) as desk:
        assert "quit" not in desk.seen.splitlines()[-1]
        await desk.press("f8")
        assert "[2 History]" in desk.seen


# --- To-Dos --------------------------------------------------------------------------------


async def test_the_mornings_mail_is_switched_off() -> None:
    mojodex = filled()
    mojodex.todos.kept = TodoListing((), has_extras=True, sends_mail=True, wants_mail=True)
    async with opened(Section.TODOS, mojodex=mojodex) as desk:
        assert "(•) every morning" in desk.seen
        await desk.press("escape", "5")
        await desk.show(Section.TODOS)
        await desk.press("right")
        assert ("set_mail", False) in mojodex.todos.calls
        assert "No more mails in the morning." in desk.seen


async def test_why_the_mail_cannot_be_switched_is_said() -> None:
    mojodex = filled()
    mojodex.todos.kept = TodoListing((), has_extras=False)
    async with opened(Section.TODOS, mojodex=mojodex, size=(120, 40)) as desk:
        assert "only who runs it can change that" in desk.seen
        assert desk.app.screen.query_one(ChoiceLine).disabled


# --- model ---------------------------------------------------------------------------------


async def test_an_address_and_a_model_are_set_by_leaving_the_line(tmp_path: Path) -> None:
    async with opened(Section.MODEL, folder=tmp_path) as desk:
        await desk.write("http://127.0.0.1:9/v1")
        await desk.press("tab")
        await desk.write("llama")
        await desk.press("enter")
        llm = desk.file.read().llm
        assert (llm.base_url, llm.model) == ("http://127.0.0.1:9/v1", "llama")
        assert "Model: llama. It holds from the next answer on." in desk.seen


async def test_a_bad_value_is_a_sentence_and_is_not_set(tmp_path: Path) -> None:
    async with opened(Section.MODEL, folder=tmp_path) as desk:
        await desk.write("localhost")
        await desk.press("enter")
        assert "Nothing was changed: llm.base_url is an address such as" in desk.seen
        assert desk.file.read().llm.base_url is None
        assert desk.app.screen.query_one("#base_url", Input).value == "localhost"


@pytest.mark.parametrize(("typed", "expected"), [("30", 30.0), ("soon", 180.0), ("0", 180.0)])
async def test_time_outs_are_numbers(tmp_path: Path, typed: str, expected: float) -> None:
    async with opened(Section.MODEL, folder=tmp_path) as desk:
        entry = desk.app.screen.query_one("#first_token_timeout", Input)
        entry.focus()
        await desk.press("ctrl+u")
        await desk.write(typed)
        await desk.press("enter")
        assert desk.file.read().llm.first_token_timeout == expected
        assert ("is a number of seconds" in desk.seen) == (expected == 180)


async def test_a_value_that_is_emptied_is_as_usual_again(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[llm]\nfirst_token_timeout = 7\n")
    async with opened(Section.MODEL, folder=tmp_path) as desk:
        entry = desk.app.screen.query_one("#first_token_timeout", Input)
        entry.focus()
        await desk.press("ctrl+u", "enter")
        assert entry.value == "180"
        assert desk.file.read().llm.first_token_timeout == 180


async def test_a_key_goes_to_the_keyring_and_is_never_shown(
    tmp_path: Path, ring: MemoryKeyring
) -> None:
    async with opened(Section.MODEL, folder=tmp_path) as desk:
        desk.app.screen.query_one("#key", Input).focus()
        await desk.write("sk-very-secret")
        assert "sk-very-secret" not in desk.seen
        await desk.press("enter")
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert ring.get_password("mojodex-tui", LLM_KEY) == "sk-very-secret"
        assert "sk-very-secret" not in (tmp_path / "settings.toml").read_text()
        assert desk.file.read().llm.api_key_keyring
        assert "kept in the keyring" in desk.seen
        desk.app.screen.query_one("#forget").focus()
        await desk.press("enter")
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert ring.passwords == {}
        assert not desk.file.read().llm.api_key_keyring


async def test_who_writes_is_asked_again_after_a_change() -> None:
    async with opened(Section.MODEL) as desk:
        info = desk.mojodex.api.info
        assert info is not None
        model = info.assistant.model_copy(update={"kind": "model", "label": "llama at here"})
        desk.mojodex.api.info = info.model_copy(update={"assistant": model})
        await desk.write("http://127.0.0.1:9/v1")
        await desk.press("enter")
        assert "llama at here" in desk.seen.splitlines()[0]
        assert desk.seen.count("llama at here") == 2


async def test_with_a_server_the_page_says_whom_it_is_for() -> None:
    async with opened(Section.MODEL, server=SERVER) as desk:
        assert "whatever the server uses" in desk.seen


# --- data ----------------------------------------------------------------------------------


async def test_the_folder_is_named(tmp_path: Path) -> None:
    async with opened(Section.DATA, folder=tmp_path, size=(160, 40)) as desk:
        assert str(tmp_path) in desk.seen
        assert "mojodex-tui 0." in desk.seen


# --- how it looks --------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name], ids=["dark", "light"])
@pytest.mark.parametrize("section", list(Section), ids=lambda section: section.name.lower())
def test_looks(snap_compare: Compare, section: Section, theme: str, size: tuple[int, int]) -> None:
    file = SettingsFile()
    file.change("screen", "theme", theme)
    file.change("keys", "app.redraw", "ctrl+b")
    app = MojodexApp(FakeConnect({None: filled()}), settings=file)

    async def show(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await app.open_settings(section)
        for worker in [one for one in app.workers if one.group in _QUICK]:
            await worker.wait()
        for entry in app.screen.query(Input):
            entry.cursor_blink = False
        if section is Section.KEYS:
            await pilot.press(*"app.")  # the keys of single screens come and go with them
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=show)
