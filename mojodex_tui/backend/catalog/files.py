"""Read the task files of some folders; a broken one never stops the rest."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from mojodex_tui.backend.catalog.format import TaskFile, key_path, sentence

SHIPPED_TASKS = Path(__file__).parents[2] / "catalog" / "tasks"
"""The tasks everybody has."""
SHIPPED_WORKFLOWS = Path(__file__).parents[2] / "catalog" / "workflows"
"""The workflows everybody has."""

# The parser in C is ten times faster; a PyYAML built without libyaml does not have it.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_ENDINGS = frozenset({".yaml", ".yml", ".json"})


@dataclass(frozen=True)
class Problem:
    """Something about a task file that its author should know."""

    file: str
    key: str
    """The path of the key inside the file; empty when it is about the whole file."""
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class Catalog:
    """The tasks that could be read, by name, and what is to be said about the files."""

    tasks: tuple[TaskFile, ...]
    problems: tuple[Problem, ...]
    files: Mapping[str, str]
    """The file of each task, by the task's system name."""


def read_catalog(*folders: Path) -> Catalog:
    """Read every task file of `folders`.

    A task of a later folder replaces one of the same name in an earlier folder, and the catalog
    says so. Inside one folder the first file of a name, in alphabetical order, is kept. A folder
    that does not exist holds no tasks.
    """
    tasks: dict[str, TaskFile] = {}
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in _task_files(folder):
            task, wrong = read_task_file(path)
            problems.extend(wrong)
            if task is None:
                continue
            name = task.name_for_system
            earlier = files.get(name)
            if earlier is not None and earlier.parent == folder:
                reason = f"'{name}' is already the name of the task in {earlier.name}"
                problems.append(Problem(path.name, "name_for_system", reason))
                continue
            if earlier is not None:
                reason = f"replaces the task '{name}' that comes with the program"
                problems.append(Problem(path.name, "name_for_system", reason))
            files[name] = path
            tasks[name] = task
    problems.extend(_unknown_follow_ups(tasks, files))
    return Catalog(
        tuple(tasks[name] for name in sorted(tasks)),
        tuple(problems),
        {name: path.name for name, path in files.items()},
    )


def read_task_file(path: Path) -> tuple[TaskFile | None, tuple[Problem, ...]]:
    """Read one file; without a task there is at least one problem."""
    try:
        content = parse_file(path)
    except OSError as error:
        return None, (Problem(path.name, "", f"cannot be read: {error.strerror}"),)
    except UnicodeDecodeError:
        return None, (Problem(path.name, "", "is not a text in UTF-8"),)
    except yaml.YAMLError as error:
        return None, (Problem(path.name, "", _syntax_sentence(error)),)
    except ValueError as error:
        # Faults of JSON, and of YAML values that only look like dates.
        return None, (Problem(path.name, "", f"holds a value that cannot be read: {error}"),)
    if not isinstance(content, dict):
        return None, (Problem(path.name, "", "must be a mapping of keys"),)
    try:
        return TaskFile.model_validate(content), ()
    except ValidationError as error:
        wrong = (Problem(path.name, key_path(e), sentence(e)) for e in error.errors())
        return None, tuple(wrong)


def parse_file(path: Path) -> object:
    """Return what a YAML or JSON file holds.

    Raises:
        OSError: it cannot be read.
        yaml.YAMLError: it is no YAML.
        ValueError: it is no JSON, or no text.
    """
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        content: object = json.loads(text)
        return content
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 -- both possible loaders are the safe one


def _task_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            path for path in folder.iterdir() if path.suffix in _ENDINGS and path.is_file()
        )


def _syntax_sentence(error: yaml.YAMLError) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    problem = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{where}not valid YAML: {problem}"


def _unknown_follow_ups(tasks: dict[str, TaskFile], files: dict[str, Path]) -> Iterator[Problem]:
    for name, task in tasks.items():
        for index, action in enumerate(task.predefined_actions):
            if action.task not in tasks:
                key = f"predefined_actions[{index}].task"
                yield Problem(files[name].name, key, f"there is no task '{action.task}'")
