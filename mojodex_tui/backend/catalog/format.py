"""What a task file may say (wire protocol §13), and why one is refused.

Unknown keys are refused: a misspelt key would otherwise be lost without a word.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from mojodex_tui.backend.domain.limits import Limits
from mojodex_tui.backend.tools.names import is_tool_name, unknown_name

SystemName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=255)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ShortWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]

InputType = Literal[
    "text_area", "drop_down_list", "image", "multiple_images", "audio_file", "video"
]
FALLBACK_LANGUAGE = "en"
LIMITS = Limits()
"""The usual ones."""
FILE_TYPES: frozenset[InputType] = frozenset({"image", "multiple_images", "audio_file", "video"})


def _refuse(key: str, reason: str) -> PydanticCustomError:
    """Return a refusal that names `key`, below the place where it is raised."""
    return PydanticCustomError("task_file", "{reason}", {"key": key, "reason": reason})


def _first_repeated(values: Iterable[str]) -> str | None:
    return next((value for value, times in Counter(values).items() if times > 1), None)


class FileModel(BaseModel):
    """A part of a task file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PossibleValue(FileModel):
    """One choice of a drop-down list."""

    value: Words
    displayed_text: Words


class InputSpec(FileModel):
    """One field of the task's form, passed on to clients as it stands."""

    type: InputType
    input_name: SystemName
    description_for_user: Words
    description_for_system: Words
    placeholder: str | None = None
    possible_values: tuple[PossibleValue, ...] | None = None
    required: bool = True
    """Whether the form can run without it. Original clients ignore the key."""
    lines: Annotated[int, Field(ge=1, le=40)] | None = None
    """How tall a text field starts; one line is a short answer."""
    accepted: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")], ...] | None = None
    """File name endings a file field takes, without the dot."""
    max_megabytes: Annotated[float, Field(gt=0)] | None = None
    max_files: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _check_keys_of_type(self) -> Self:
        is_list = self.type == "drop_down_list"
        if is_list and not self.possible_values:
            raise _refuse("possible_values", "a drop_down_list needs at least one value")
        allowed = {
            "possible_values": is_list,
            "lines": self.type == "text_area",
            "accepted": self.type in FILE_TYPES,
            "max_megabytes": self.type in FILE_TYPES,
            "max_files": self.type == "multiple_images",
        }
        for key, belongs in allowed.items():
            if getattr(self, key) is not None and not belongs:
                raise _refuse(key, f"has no meaning for an input of type {self.type}")
        twice = _first_repeated(choice.value for choice in self.possible_values or ())
        if twice is not None:
            raise _refuse("possible_values", f"the value '{twice}' stands twice")
        return self

    def as_wire(self) -> dict[str, JsonValue]:
        """Return the object clients get in `json_input`."""
        wire: dict[str, JsonValue] = self.model_dump(mode="json", exclude_none=True)
        return wire


class TaskDisplayedData(FileModel):
    """What users of one language read."""

    language_code: LanguageCode
    name_for_user: ShortWords
    definition_for_user: Words
    json_input: tuple[InputSpec, ...]

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        twice = _first_repeated(item.input_name for item in self.json_input)
        if twice is not None:
            raise _refuse("json_input", f"the input_name '{twice}' stands twice")
        return self


class WantedInfoSpec(FileModel):
    """A piece of information the task cannot do without."""

    info_name: SystemName
    description: Words


class ActionWords(FileModel):
    """How a follow-up is offered."""

    name: Words
    button_text: Words
    message_prefix: str


class ActionDisplayedData(FileModel):
    """How a follow-up is offered in one language."""

    language_code: LanguageCode
    data: ActionWords


class PredefinedActionSpec(FileModel):
    """A task offered after this one, named by its system name."""

    task: SystemName
    displayed_data: Annotated[tuple[ActionDisplayedData, ...], Field(min_length=1)]


class StepDisplayedData(FileModel):
    """A workflow step as users of one language read it."""

    language_code: LanguageCode
    name_for_user: ShortWords
    definition_for_user: Words


class FieldSpec(FileModel):
    """One value of each item of a step's result."""

    name: SystemName
    kind: Literal["text", "number", "yes_no"] = "text"
    description: Words
    """For the model."""


class StepWork(FileModel):
    """How a step is done: by a model, as told here, or by a registered Python step."""

    prompt: Words | None = None
    """A template in Jinja2."""
    fields: tuple[FieldSpec, ...] = ()
    """What each item of the result holds, the first being what users see of it."""
    items: Literal["one", "many"] = "one"
    """How many items the result may have; the next step runs once for each."""
    python: Words | None = None
    """The name of an entry point of the group `mojodex_tui.workflow_steps`."""

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        if (self.prompt is None) == (self.python is None):
            raise _refuse("prompt", "a step is done by either a prompt or a python step")
        if self.python is not None and (self.fields or self.items != "one"):
            raise _refuse("fields", "has no meaning for a python step")
        if self.prompt is not None and not self.fields:
            raise _refuse("fields", "is missing; a prompt needs at least one field")
        twice = _first_repeated(field.name for field in self.fields)
        if twice is not None:
            raise _refuse("fields", f"the name '{twice}' stands twice")
        return self


class StepSpec(FileModel):
    """One step of a workflow; its rank is its place in the list."""

    name_for_system: SystemName
    definition_for_system: ShortWords
    step_displayed_data: Annotated[tuple[StepDisplayedData, ...], Field(min_length=1)]
    rank: int | None = None
    """Accepted because original files hold it; ignored, as there."""
    user_validation_required: bool = True
    review_chat_enabled: bool = False
    work: StepWork | None = None
    """Without it, the Python step registered under the step's own name."""


class LimitsSpec(FileModel):
    """What one run of the task may take; null is no limit (`domain.limits`)."""

    turns: Annotated[int, Field(ge=1)] | None = LIMITS.turns
    tokens: Annotated[int, Field(ge=1)] | None = LIMITS.tokens
    cost: Annotated[float, Field(gt=0)] | None = LIMITS.cost
    errors: Annotated[int, Field(ge=1)] = LIMITS.errors
    seconds: Annotated[float, Field(gt=0)] | None = LIMITS.seconds

    @property
    def limits(self) -> Limits:
        """The limits."""
        return Limits(**self.model_dump())


class TaskFile(FileModel):
    """One task or workflow of the catalog."""

    task_type: Literal["instruct", "workflow"]
    platforms: Annotated[tuple[Words, ...], Field(min_length=1)]
    name_for_system: SystemName
    definition_for_system: Words
    icon: ShortWords
    output_type: Annotated[ShortWords, StringConstraints(to_lower=True)]
    task_displayed_data: Annotated[tuple[TaskDisplayedData, ...], Field(min_length=1)]
    final_instruction: Words | None = None
    output_format_instruction_title: ShortWords | None = None
    output_format_instruction_draft: ShortWords | None = None
    infos_to_extract: tuple[WantedInfoSpec, ...] | None = None
    steps: tuple[StepSpec, ...] | None = None
    predefined_actions: tuple[PredefinedActionSpec, ...] = ()
    result_chat_enabled: bool = True
    group: SystemName | None = None
    """The heading it stands under in the catalog; without one, its output type."""
    tools: tuple[str, ...] = ()
    """What its assistant may use: groups of tools, and `mcp:SERVER` or `mcp:SERVER/TOOL`."""
    limits: LimitsSpec | None = None
    """How far a run of its assistant may go; without them, the usual ones."""
    datetime: str | None = None
    """Accepted because files made for an original server hold it; ignored."""

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        needed = {
            "instruct": (
                "final_instruction",
                "output_format_instruction_title",
                "output_format_instruction_draft",
                "infos_to_extract",
            ),
            "workflow": ("steps",),
        }
        for kind, keys in needed.items():
            for key in keys:
                value = getattr(self, key)
                if kind == self.task_type and value is None:
                    raise _refuse(key, f"is missing; a task of type {kind} needs it")
                if kind != self.task_type and value is not None:
                    raise _refuse(key, f"has no meaning in a task of type {self.task_type}")
        if self.steps == ():
            raise _refuse("steps", "a workflow needs at least one step")
        return self

    @model_validator(mode="after")
    def _check_languages(self) -> Self:
        codes = [shown.language_code for shown in self.task_displayed_data]
        twice = _first_repeated(codes)
        if twice is not None:
            raise _refuse("task_displayed_data", f"the language '{twice}' stands twice")
        if FALLBACK_LANGUAGE not in codes:
            raise _refuse(
                "task_displayed_data",
                f"the language '{FALLBACK_LANGUAGE}' is missing; other languages fall back to it",
            )
        first, *others = self.task_displayed_data
        fields = {(item.input_name, item.type) for item in first.json_input}
        for index, other in enumerate(others, start=1):
            if {(item.input_name, item.type) for item in other.json_input} != fields:
                raise _refuse(
                    f"task_displayed_data[{index}].json_input",
                    f"must hold the same input names and types as for '{first.language_code}'",
                )
        return self

    @model_validator(mode="after")
    def _check_assistant(self) -> Self:
        for key in ("tools", "limits"):
            if getattr(self, key) and self.task_type != "instruct":
                raise _refuse(key, f"has no meaning in a task of type {self.task_type}")
        for index, name in enumerate(self.tools):
            if not is_tool_name(name):
                raise _refuse(f"tools[{index}]", unknown_name(name))
        return self

    def shown_in(self, language: str) -> TaskDisplayedData:
        """Return what users of `language` read, in the fallback language if there is no other."""
        by_code = {shown.language_code: shown for shown in self.task_displayed_data}
        return by_code.get(language) or by_code[FALLBACK_LANGUAGE]


def key_path(error: ErrorDetails) -> str:
    """Return where in the file `error` lies, such as `task_displayed_data[1].language_code`."""
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    named = error.get("ctx", {}).get("key")
    if named is not None:
        path += f".{named}"
    return path.removeprefix(".")


def sentence(error: ErrorDetails) -> str:
    """Return what is wrong, for the person who wrote the file."""
    given = repr(error["input"])
    shown = given if len(given) <= 40 else f"{given[:39]}…"
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is no key of a task file"
        case "task_file":
            return error["msg"]
        case "literal_error":
            return f"must be one of {error['ctx']['expected']}, not {shown}"
        case "string_pattern_mismatch":
            return f"{shown} does not match {error['ctx']['pattern']}"
        case "model_type" | "model_attributes_type":
            return f"must be a mapping of keys, not {shown}"
        case "string_type":
            return f"must be a text, not {shown}; put quotes around it"
        case _:
            return f"{error['msg'][0].lower()}{error['msg'][1:]}"
