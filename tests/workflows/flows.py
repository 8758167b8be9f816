"""Workflows to test with, whose steps do what a test says."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import StepCall
from mojodex_tui.backend.llm.port import Usage

Script = Callable[[StepCall], "list[JsonObject] | Awaitable[list[JsonObject]]"]


@dataclass(frozen=True)
class Done:
    """What a scripted step gave."""

    items: tuple[JsonObject, ...]
    usage: Usage = field(default_factory=lambda: Usage("scripted", 3, 5))


@dataclass
class ScriptedSteps:
    """Performs steps as their scripts say, and remembers every call.

    Args:
        scripts: by the step's system name.
    """

    scripts: dict[str, Script] = field(default_factory=dict)
    calls: list[StepCall] = field(default_factory=list)

    async def run(
        self,
        call: StepCall,
        progress: Callable[[str], None] | None = None,
    ) -> Done:
        """Do as the script says."""
        self.calls.append(call)
        given = self.scripts[call.step.name](call)
        return Done(tuple(given if isinstance(given, list) else await given))


class Gate:
    """A step that waits until it is let through."""

    def __init__(self, items: list[JsonObject]) -> None:
        self.items, self.reached, self.open = items, asyncio.Event(), asyncio.Event()

    async def __call__(self, _: StepCall) -> list[JsonObject]:
        self.reached.set()
        await self.open.wait()
        return self.items


def write_workflow(
    folder: Path,
    steps: Sequence[tuple[str, bool]],
    *,
    name: str = "poem",
    result_chat: bool = True,
    pictures: bool = False,
) -> None:
    """Write a workflow into a folder of task files.

    Args:
        folder: where tasks are read from.
        steps: the system name of each, and whether the user decides on its results.
        name: the workflow's system name.
        result_chat: whether its text can be talked about.
        pictures: whether its form takes a picture and several pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {"picture": "image", "pages": "multiple_images"} if pictures else {}
    file = {
        "task_type": "workflow",
        "platforms": ["webapp", "mobile"],
        "name_for_system": name,
        "definition_for_system": "Writes a poem.",
        "icon": "🌸",
        "output_type": "poem",
        "result_chat_enabled": result_chat,
        "task_displayed_data": [
            {
                "language_code": "en",
                "name_for_user": name.capitalize(),
                "definition_for_user": "Write a poem stanza by stanza",
                "json_input": [
                    {
                        "type": "text_area",
                        "input_name": "topic",
                        "description_for_user": "About what?",
                        "description_for_system": "The topic",
                    },
                    *(
                        {
                            "type": kind,
                            "input_name": each,
                            "description_for_user": f"Which {each}?",
                            "description_for_system": f"The {each}",
                        }
                        for each, kind in files.items()
                    ),
                ],
            }
        ],
        "steps": [
            {
                "name_for_system": step,
                "definition_for_system": f"Does {step}.",
                "user_validation_required": asks,
                "review_chat_enabled": True,
                "step_displayed_data": [
                    {
                        "language_code": "en",
                        "name_for_user": step.capitalize(),
                        "definition_for_user": f"It does {step}",
                    }
                ],
            }
            for step, asks in steps
        ],
    }
    (folder / f"{name}.json").write_text(json.dumps(file), "utf-8")


def items(*texts: str) -> list[JsonObject]:
    """Return a result of one text each."""
    return [{"text": text} for text in texts]


def fans(*texts: str) -> Script:
    """Return a step that gives a text and what it worked on, for each of some texts."""

    def script(call: StepCall) -> list[JsonObject]:
        return items(*(f"{call.parameter.get('text', '')}{text}" for text in texts))

    return script


def fails(error: Exception) -> Script:
    """Return a step that raises."""

    def script(_: StepCall) -> list[JsonObject]:
        raise error

    return script
