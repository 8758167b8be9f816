"""Settings, Model: which language model writes on this computer."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Input, Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.keyrings import LLM_KEY, KeyringUnusable, forget_secret, keep_secret
from mojodex_tui.settings.sections import LlmSection
from mojodex_tui.ui.screens.settings.page import Page, aside, fact, row

_SECTION = "llm"


@dataclass(frozen=True)
class _Entry:
    """A value of the section that is typed."""

    name: str
    label: str
    placeholder: str
    is_number: bool = False


_ENTRIES = (
    _Entry("base_url", "Address", "looked for: environment, Ollama"),
    _Entry("model", "Model", "the first the server has"),
)
_TIMEOUTS = (
    _Entry("connect_timeout", "To connect", "", is_number=True),
    _Entry("first_token_timeout", "First word", "", is_number=True),
    _Entry("between_tokens_timeout", "Next words", "", is_number=True),
)
_ALL = {entry.name: entry for entry in (*_ENTRIES, *_TIMEOUTS)}


class Entry(Input):
    """A value; it is set when the line is left, or by Enter."""


class ModelPage(Page):
    """Address, model, key and patience; who writes is told at once."""

    def compose(self) -> ComposeResult:
        """Lay out the section `[llm]`."""
        yield row("Writes now", fact("writer"))
        for entry in _ENTRIES:
            yield row(entry.label, self._entry(entry))
        yield row(
            "Key",
            Entry(id="key", password=True, compact=True),
            Button("Forget it", id="forget", compact=True),
        )
        yield Static("Seconds the model may take", classes="title")
        yield Horizontal(
            *(
                Horizontal(
                    Static(entry.label, classes="label"), self._entry(entry), classes="number"
                )
                for entry in _TIMEOUTS
            ),
            classes="numbers",
        )
        yield aside("", "about")

    def _entry(self, entry: _Entry) -> Entry:
        return Entry(placeholder=entry.placeholder, id=entry.name, compact=True)

    def on_mount(self) -> None:
        """Show what is set."""
        self.show()
        self.learn_writer()

    @property
    def _llm(self) -> LlmSection:
        return self.shell.preferences.settings.llm

    def show(self) -> None:
        """Show what the file says."""
        for name in _ALL:
            self.query_one(f"#{name}", Entry).value = _written(getattr(self._llm, name))
        key = self.query_one("#key", Entry)
        key.value = ""
        key.placeholder = _told_key(self._llm)
        self.query_one("#forget").display = self._llm.api_key_keyring

    @work(group="settings", exclusive=True)
    async def learn_writer(self) -> None:
        """Ask who writes with what is set."""
        about = self.query_one("#about", Static)
        about.update("Any OpenAI-compatible server; “offline” writes by rules, without a model.")
        mojodex = await self.shell.opened()
        if not self.shell.is_local:
            self.query_one("#writer", Static).update("whatever the server uses")
            about.update(f"{self.shell.address} chooses. This is for this computer's own backend.")
            return
        try:
            info = await mojodex.api.backend_info()
        except ApiError as error:
            self.query_one("#writer", Static).update("not known")
            self.say_failed(error, "What you set is kept.")
            return
        if info is not None:
            self.query_one("#writer", Static).update(info.assistant.label)
        self.shell.learn_assistant()

    @on(Input.Submitted)
    @on(events.DescendantBlur)
    def _take(self, event: Input.Submitted | events.DescendantBlur) -> None:
        entry = event.input if isinstance(event, Input.Submitted) else event.widget
        if not isinstance(entry, Entry) or entry.id is None:
            return
        if entry.id == "key":
            self._take_key(entry.value.strip())
        else:
            self._take_value(_ALL[entry.id], entry)

    def _take_value(self, about: _Entry, entry: Entry) -> None:
        typed = entry.value.strip()
        if typed == _written(getattr(self._llm, about.name)):
            return
        value = _number(typed) if about.is_number else typed
        is_set = self.change(_SECTION, about.name, value if typed else None)
        entry.set_class(not is_set, "-wrong")
        if is_set:
            self.say(f"{about.label}: {typed or 'as usual'}. It holds from the next answer on.")
            entry.value = _written(getattr(self._llm, about.name))
            self.learn_writer()

    @work(group="key", exclusive=True)
    async def _take_key(self, key: str) -> None:
        """Keep a key where nobody can read it; it stands on the screen and in no file."""
        if not key:
            return
        try:
            await keep_secret(LLM_KEY, key)
        except KeyringUnusable as error:
            self.warn(
                f"The key was not kept: {error}. api_key_env in settings.toml can name a variable "
                "that holds it."
            )
            return
        if self.change(_SECTION, "api_key_keyring", True):
            self.say("The key is in the system's keyring.")
        self.show()
        self.learn_writer()

    @on(Button.Pressed, "#forget")
    @work(group="key", exclusive=True)
    async def _forget_key(self) -> None:
        try:
            await forget_secret(LLM_KEY)
        except KeyringUnusable as error:
            self.warn(f"The key is still in the keyring: {error}.")
            return
        self.change(_SECTION, "api_key_keyring", None)
        self.say("The key is forgotten.")
        self.query_one("#key", Entry).focus()
        self.show()
        self.learn_writer()


def _written(value: object) -> str:
    """Return a value as it is typed."""
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def _number(typed: str) -> float | str:
    """Return what was typed as a number; what is none is told when it is set."""
    try:
        return float(typed)
    except ValueError:
        return typed


def _told_key(llm: LlmSection) -> str:
    """Return where the key is, never what it is."""
    if llm.api_key_keyring:
        return "kept in the keyring"
    if llm.api_key_env:
        return f"in the variable {llm.api_key_env}"
    if llm.api_key_command:
        return "printed by api_key_command"
    return "none; goes to the keyring"
