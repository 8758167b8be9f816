"""Tasks, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import JsonValue

from mojodex_tui.backend.domain.accounts import FALLBACK_LANGUAGE

JsonObject = dict[str, JsonValue]
T = TypeVar("T")


def in_language(texts: Mapping[str, T], language: str) -> T | None:
    """Return the text for `language`, else the English one."""
    return texts.get(language) or texts.get(FALLBACK_LANGUAGE)


@dataclass(frozen=True)
class Words:
    """A task or a step as users of one language read it."""

    name: str
    definition: str
    inputs: tuple[JsonObject, ...] = ()
    """The form's fields, as clients get them (wire protocol §3.3)."""


@dataclass(frozen=True)
class Step:
    """A step of a workflow; its rank is its place."""

    step_pk: int
    name: str
    """The system name."""
    words: Mapping[str, Words]


@dataclass(frozen=True)
class Action:
    """A task to go on with."""

    task_pk: int
    words: Mapping[str, JsonObject]


@dataclass(frozen=True)
class Task:
    """A task of the catalog."""

    task_pk: int
    type: str
    name: str
    definition: str
    icon: str | None
    output_type: str | None
    final_instruction: str | None = None
    title_format: str | None = None
    draft_format: str | None = None
    infos_to_extract: tuple[JsonObject, ...] = ()
    result_chat_enabled: bool = True
    group: str | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    actions: tuple[Action, ...] = ()

    @property
    def is_workflow(self) -> bool:
        """Whether it runs in steps."""
        return self.type == "workflow"

    def words_in(self, language: str) -> Words | None:
        """Return what users of `language` read."""
        return in_language(self.words, language)

    def inputs_in(self, language: str) -> tuple[JsonObject, ...]:
        """Return the form users of `language` fill."""
        words = self.words_in(language)
        return words.inputs if words else ()


@dataclass(frozen=True)
class OwnedTask:
    """A task of a user, or one to tease with."""

    user_task_pk: int | None
    enabled: bool
    task: Task
