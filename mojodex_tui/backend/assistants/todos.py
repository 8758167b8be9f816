"""To-Dos by a model: found in a finished text, and put on another day (wire protocol §8)."""

from datetime import date

from pydantic import AliasChoices, BaseModel, Field

from mojodex_tui.backend.assistants.prompts import render
from mojodex_tui.backend.assistants.typed import Blank, fill
from mojodex_tui.backend.domain.todos import (
    MOST_DESCRIPTION,
    ExtractionBrief,
    FoundTodo,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.llm.port import Llm, Usage


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


async def extract(
    engine: Engine, llm: Llm, brief: ExtractionBrief
) -> tuple[tuple[FoundTodo, ...], Usage]:
    """Find the To-Dos of a finished text.

    Raises:
        LlmError: the model failed, or gave nothing that can be read.
    """
    blank = Blank(
        "todo_extraction",
        brief,
        render("todos", brief=brief),
        render("finished", brief=brief),
    )
    given, usage = await fill(engine, llm, blank, TodoList)
    return tuple(found for todo in given.todos if (found := todo.found())), usage


async def reschedule(
    engine: Engine, llm: Llm, brief: ReschedulingBrief
) -> tuple[Rescheduling, Usage]:
    """Find a new day for an overdue To-Do.

    Raises:
        LlmError: the model failed, or gave nothing that can be read.
    """
    blank = Blank(
        "todo_rescheduling",
        brief,
        render("reschedule", brief=brief),
        render("finished", brief=brief),
    )
    given, usage = await fill(engine, llm, blank, Rescheduled)
    return Rescheduling(given.reschedule_date, given.argument), usage
