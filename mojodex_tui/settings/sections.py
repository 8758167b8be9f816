"""What may stand in the settings file, a section each; wrong values are told in sentences."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    field_validator,
    model_validator,
)

OFFLINE: Final = "offline"
"""As a model's address: the offline assistant, whatever else is there."""

NO_KEY: Final = "none"
"""As a binding's key: it has none."""

_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_LONGEST_SECONDS = 3600


class BadSettings(Exception):
    """The settings cannot be used; the text says why."""


def _seconds(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < float(str(value)) <= _LONGEST_SECONDS:
        raise ValueError(f"is a number of seconds, more than 0 and at most {_LONGEST_SECONDS}")
    return value


def _price(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or float(str(value)) < 0:
        raise ValueError("is the price of a million tokens, 0 or more")
    return value


def _text(value: object) -> object:
    if isinstance(value, str | None):
        return value or None
    raise ValueError('is text: put it between quotes, as in "text"')


Seconds = Annotated[float, BeforeValidator(_seconds)]
Price = Annotated[float, BeforeValidator(_price)]
Text = Annotated[str | None, BeforeValidator(_text)]


class Section(BaseModel):
    """A section; what a later version may know stays unread."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LlmTimeouts(Section):
    """How long a model is waited for."""

    connect_timeout: Seconds = 5.0
    first_token_timeout: Seconds = 180.0
    """Long: a local server may have to load the model first."""
    between_tokens_timeout: Seconds = 60.0


class LlmPrices(Section):
    """What a million tokens cost, in any one currency; without prices no cost is known."""

    price_read: Price = 0.0
    price_written: Price = 0.0


class LlmSection(LlmTimeouts, LlmPrices):
    """`[llm]`: which model to use. What is left out is looked for; a key never stands here."""

    base_url: Text = None
    """An OpenAI-compatible server, up to `/v1`; `offline` for none."""
    model: Text = None
    api_key_env: Text = None
    """The name of a variable that holds the key."""
    api_key_command: Text = None
    """What prints the key."""
    api_key_keyring: bool = False
    """Whether the key is in the system's keyring."""

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and value != OFFLINE and not _ADDRESS.fullmatch(value):
            raise ValueError(f"is an address such as http://localhost:11434/v1, or {OFFLINE}")
        return value


class ScreenSection(Section):
    """`[screen]`: how the full-screen program looks."""

    theme: Text = None
    """The name of a colour theme."""


class KeysSection(RootModel[dict[str, str]]):
    """`[keys]`: other keys for bindings, by their ids; `none` takes the key away."""

    model_config = ConfigDict(frozen=True)
    root: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: object) -> object:
        """Take an id without quotes too, which TOML reads as tables within each other."""
        return dict(_flattened(value)) if isinstance(value, Mapping) else value


def _flattened(table: Mapping[str, object], before: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, Mapping):
            found += _flattened(value, f"{before}{name}.")
        elif not isinstance(value, str) or not value.strip():
            raise ValueError(f'{before}{name} is a key such as "ctrl+r", or "{NO_KEY}"')
        else:
            found.append((f"{before}{name}", value))
    return found


def told(section: str, error: ValidationError) -> str:
    """Return what is wrong in a section, without the values: one might be a secret all the same."""
    wrong = error.errors(include_input=False)[0]
    if wrong["type"] in {"model_type", "dict_type"}:
        return f"{section} is a section: write [{section}] on a line of its own"
    reason = wrong.get("ctx", {}).get("error", wrong["msg"])
    place = ".".join((section, *map(str, wrong["loc"])))
    return f"{place} {reason}" if wrong["loc"] else f"{section}: {reason}"
