"""To-Dos by a model: found in a text, put on another day, told of in a mail (wire protocol §8)."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import structlog
from pydantic import AfterValidator, AliasChoices, BaseModel, Field, StringConstraints

from mojodex_tui.backend.assistants.mails import MailBody, mail_body
from mojodex_tui.backend.assistants.prompts import render
from mojodex_tui.backend.assistants.typed import Blank, fill
from mojodex_tui.backend.domain.letters import page
from mojodex_tui.backend.domain.todos import (
    MOST_DESCRIPTION,
    ExtractionBrief,
    FoundTodo,
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.llm.port import Llm, Usage

_LOG = structlog.get_logger(__name__)
_LONGEST_SUBJECT = 150
_FOOTERS = {
    "en": "Written by mojodex-tui with {model}.",
    "fr": "Écrit par mojodex-tui avec {model}.",
    "es": "Escrito por mojodex-tui con {model}.",
}


class ExtractedTodo(BaseModel):
    """One To-Do as a model gives it (§8.2)."""

    todo_definition: str
    mentioned_as_todo: str | bool
    due_date: str | None = None

    def found(self) -> FoundTodo | None:
        """Return it if the user really means to do it, on a day that exists."""
        meant = self.mentioned_as_todo
        text = " ".join(self.todo_definition.split())[:MOST_DESCRIPTION]
        if not text or (meant is not True and str(meant).strip().casefold() != "yes"):
            return None
        try:
            return FoundTodo(text, date.fromisoformat((self.due_date or "").strip()[:10]))
        except ValueError:
            _LOG.warning("todo dropped", due_date=self.due_date)
            return None


class TodoList(BaseModel):
    """The To-Dos of a text (§8.2)."""

    todos: tuple[ExtractedTodo, ...]


class Rescheduled(BaseModel):
    """A new day, and what speaks for and against it (§8.3)."""

    pros: str | list[str] = ""
    cons: str | list[str] = ""
    argument: str = Field(min_length=1)
    reschedule_date: date = Field(validation_alias=AliasChoices("reschedule_date", "date"))


def _telling(body: str) -> str:
    if not mail_body(body).text:
        raise ValueError("it says nothing")
    return body


class WrittenMail(BaseModel):
    """A mail as a model gives it (§8.4)."""

    subject: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    body: Annotated[str, AfterValidator(_telling)]

    @property
    def line(self) -> str:
        """The subject as one line that is not too long."""
        return " ".join(self.subject.split())[:_LONGEST_SUBJECT]


@dataclass(frozen=True)
class TodoModel:
    """Has a model find To-Dos, find days for them, and write reminders.

    Args:
        engine: runs a task for each; what cannot be read is told to the model, which tries again.
        llm: the model.
    """

    engine: Engine
    llm: Llm

    async def extract(self, brief: ExtractionBrief) -> tuple[tuple[FoundTodo, ...], Usage]:
        """Find the To-Dos of a finished text.

        Raises:
            LlmError: the model failed, or gave nothing that can be read.
        """
        asked = render("todos", brief=brief), render("finished", brief=brief)
        blank = Blank("todo_extraction", brief, *asked)
        given, usage = await fill(self.engine, self.llm, blank, TodoList)
        found = tuple(found for todo in given.todos if (found := todo.found()))
        # Off the loop: comparing every sentence of a long text takes a while.
        return await asyncio.to_thread(_with_sources, found, brief), usage

    async def reschedule(self, brief: ReschedulingBrief) -> tuple[Rescheduling, Usage]:
        """Find a new day for an overdue To-Do.

        Raises:
            LlmError: the model failed, or gave nothing that can be read.
        """
        asked = render("reschedule", brief=brief), render("finished", brief=brief)
        blank = Blank("todo_rescheduling", brief, *asked)
        given, usage = await fill(self.engine, self.llm, blank, Rescheduled)
        return Rescheduling(given.reschedule_date, given.argument), usage

    async def remind(self, brief: ReminderBrief) -> tuple[Reminder, Usage]:
        """Write the mail of a morning.

        Raises:
            LlmError: the model failed, or gave nothing that can be read.
        """
        asked = render("remind", brief=brief), render("morning", brief=brief)
        blank = Blank("todo_reminder", brief, *asked)
        given, usage = await fill(self.engine, self.llm, blank, WrittenMail)
        language = brief.language.lower()[:2]
        footer = _FOOTERS.get(language, _FOOTERS["en"]).format(model=self.llm.label)
        return _letter(given.line, mail_body(given.body), footer, language), usage


def _with_sources(found: tuple[FoundTodo, ...], brief: ExtractionBrief) -> tuple[FoundTodo, ...]:
    # The rules behind it are imported on first use: a start needs none of them.
    from mojodex_tui.backend.assistants.sources import source_of

    return tuple(replace(todo, source=source_of(todo.description, brief)) for todo in found)


def _letter(subject: str, body: MailBody, footer: str, language: str) -> Reminder:
    text = f"{body.text}\n\n--\n{footer}\n"
    return Reminder(subject, text, page(subject, body.html, footer, language))
