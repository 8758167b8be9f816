"""Listing and adding To-Dos."""

from datetime import date

from pydantic import Field

from mojodex_tui.backend.tools.excerpts import Arguments, shortened
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.offers import AnyTool, offered
from mojodex_tui.backend.tools.ports import ExecutionUnknown, TodoBook


class _List(Arguments):
    """No arguments."""


class _Add(Arguments):
    description: str = Field(min_length=1, max_length=500, description="What to do.")
    due: date = Field(description="The day it is planned for, as an ISO date.")


def todo_tools(book: TodoBook, user_id: str, execution_pk: int | None) -> tuple[AnyTool, ...]:
    """Return the tools on this user's To-Dos; new ones belong to the execution."""

    async def list_open(_args: _List) -> str:
        todos = await book.open(user_id)
        lines = [f"- {todo.due or 'no day'}: {todo.description}" for todo in todos]
        return shortened("\n".join(lines)) or "There are no open To-Dos."

    async def add(args: _Add) -> str:
        if execution_pk is None:
            raise ToolFailed("To-Dos can be added only while working on a task.")
        try:
            await book.add(user_id, execution_pk, args.description, args.due)
        except ExecutionUnknown as error:
            raise ToolFailed("The task this To-Do belongs to is gone.") from error
        return f"Added for {args.due.isoformat()}: {args.description}"

    return (
        offered("list_todos", _List, "List the user's open To-Dos.", list_open),
        offered("add_todo", _Add, "Add a To-Do for the user.", add, asks_first=True),
    )
