"""A task's limits as the engine keeps them."""

from dataclasses import dataclass

from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.limits import Limits
from mojodex_tui.backend.engine.log import Run
from mojodex_tui.backend.engine.nodes import Status, T, TaskConfig, TaskResult, Usage


def limited(config: TaskConfig, limits: Limits) -> TaskConfig:
    """Return the configuration of a task with these limits."""
    return config.model_copy(
        update={
            "turns": limits.turns or -1,
            "budget": Usage(tokens=limits.tokens or 0, cost=limits.cost or 0),
            "max_errors": limits.errors,
            "timeout": limits.seconds,
        }
    )


@dataclass(eq=False)
class AnsweringTask(ChatTask[T]):
    """A task that has nothing to say to its caller but answers to the user."""

    def result(self, run: Run, status: Status) -> TaskResult[T]:
        """Return how the run ended.

        What a limit left undone, such as a call or the user's own message, is no answer: a home
        chat would take it for one.
        """
        told = super().result(run, status)
        if status == "DONE" or run.pending.to == "user":
            return told
        return told.model_copy(update={"content": None, "value": None})
