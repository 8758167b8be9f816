"""What an assistant is asked to do, as data.

A brief holds everything a writer needs. A language model reads it through a prompt rendered from
it; the offline assistant, which reads no prompt, works from the values themselves. So both sit
behind one seam.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from mojodex_tui.backend.domain.catalog import JsonObject

Speaker = Literal["user", "assistant", "system"]
ATTACHED = "attached_files"
"""The name of the answer that holds the files handed in with a form."""


@dataclass(frozen=True)
class ToolUse:
    """A tool the assistant called, and what came of it."""

    call_id: str
    name: str
    args: JsonObject
    result: str


@dataclass(frozen=True)
class Picture:
    """An image the user gave."""

    name: str
    """What its user calls it."""
    media_type: str
    path: Path


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation, as a model sees it."""

    speaker: Speaker
    text: str
    uses: tuple[ToolUse, ...] = ()
    """What the assistant called instead of answering, or after saying `text`."""
    pictures: tuple[Picture, ...] = ()
    """Shown after the text, to models that look at images."""


def joined(speaker: Speaker, turns: Sequence[Turn]) -> Turn:
    """Return what a speaker said in several turns as one; it may not have called tools."""
    pictures = tuple(picture for turn in turns for picture in turn.pictures)
    return Turn(speaker, "\n\n".join(turn.text for turn in turns), pictures=pictures)


@dataclass(frozen=True)
class InputValue:
    """One answer of the task's form."""

    name: str
    label: str
    """The question the user read."""
    description: str
    """What the answer means, for the assistant."""
    value: str | tuple[str, ...] | None
    """The text, the chosen value, or the names of files; `None` when nothing was given."""
    note: str = ""
    """What the assistant must know of the files: which it sees, and which nobody has read."""


@dataclass(frozen=True)
class WantedInfo:
    """A piece of information the task cannot do without."""

    name: str
    description: str


@dataclass(frozen=True)
class Draft:
    """A produced text: its title and its body in Markdown."""

    title: str
    body: str


@dataclass(frozen=True)
class TaskBrief:
    """A task of the catalog, as an assistant sees it."""

    name: str
    """The system name, such as `meeting_recap`."""
    label: str
    """The name in the user's language."""
    definition: str
    instruction: str
    output_type: str
    title_format: str
    draft_format: str
    wanted: tuple[WantedInfo, ...] = ()


@dataclass(frozen=True)
class InstructBrief:
    """The next answer of an instruct task execution."""

    task: TaskBrief
    language: str
    """The user's language, as a two-letter code."""
    user_name: str
    now: datetime
    """The user's local time, aware."""
    inputs: tuple[InputValue, ...] = ()
    pictures: tuple[Picture, ...] = ()
    """The images of the form."""
    left_out: tuple[str, ...] = ()
    """Images of the form that can be shown to no model, by name."""
    conversation: tuple[Turn, ...] = ()
    """Oldest first; assistant turns hold the answers as they were given, tags included."""
    draft: Draft | None = None
    """The latest version of the produced text, the user's own edits included."""
    company: str | None = None
    spellings: tuple[str, ...] = ()
    """Words the user put right before."""
    in_home: bool = False
    """Whether the user may turn to other tasks in the same conversation."""
    not_meant: bool = False
    """The user's last message says that this is not the task they meant."""


@dataclass(frozen=True)
class TaskOffer:
    """A task a home chat can hand a message to."""

    pk: int
    name: str
    """The system name."""
    label: str
    """The name in the user's language."""
    definition: str


@dataclass(frozen=True)
class HomeBrief:
    """The next answer of a home chat: which task a message is for, or what to say to it."""

    language: str
    """The user's language, as a two-letter code."""
    user_name: str
    now: datetime
    """The user's local time, aware."""
    tasks: tuple[TaskOffer, ...]
    conversation: tuple[Turn, ...] = ()
    company: str | None = None
    running: str | None = None
    """The label of the task that was talked about last."""
    handed_back: bool = False
    """That task was given the message, and it was none of its business."""
    not_meant: bool = False
    """The user's last message says that it is not the task they meant."""
    for_task: int | None = None
    """The task the message is for, where nobody needs to find out: a text of it is rewritten."""


@dataclass(frozen=True)
class TitleBrief:
    """The title and the summary of a task execution."""

    instruct: InstructBrief


@dataclass(frozen=True)
class ReviewedStep:
    """A step of a workflow, and what it gave for one parameter."""

    label: str
    definition: str
    parameter: str
    result: str


@dataclass(frozen=True)
class ReviewBrief:
    """The next answer about a step the user rejected."""

    workflow: str
    """The name in the user's language."""
    definition: str
    language: str
    """The user's language, as a two-letter code."""
    user_name: str
    now: datetime
    """The user's local time, aware."""
    current: ReviewedStep
    """What was rejected."""
    achieved: tuple[ReviewedStep, ...] = ()
    """What was accepted before."""
    inputs: tuple[InputValue, ...] = ()
    conversation: tuple[Turn, ...] = ()
    company: str | None = None


Brief = InstructBrief | TitleBrief | HomeBrief | ReviewBrief
