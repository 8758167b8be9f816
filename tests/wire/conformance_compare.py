"""Compare what an original server said with what ours says, value by value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

_KEYS = {
    "user_task_execution_pk": "execution",
    "user_task_execution_fk": "execution",
    "session_id": "session",
    "message_pk": "message",
    "user_message_pk": "message",
    "produced_text_pk": "text",
    "produced_text_version_pk": "version",
    "user_task_pk": "user_task",
    "task_pk": "task",
    "text_edit_action_pk": "text_edit_action",
    "text_type_pk": "text_type",
    "user_id": "user",
    "user_ids": "user",
    "user_task_execution_pks": "execution",
    "todo_pk": "todo",
    "todo_pks": "todo",
    "home_chat_pk": "home_chat",
    "sid": "connection",
    "workflow_step_pk": "step",
    "user_workflow_step_execution_pk": "step_execution",
    "user_workflow_step_executions_pk": "step_execution",
}
"""What the keys of rows are called, and what they are keys of."""

_ROW_KEYS = (
    "user_workflow_step_execution_pk",
    "message_pk",
    "user_task_execution_pk",
    "user_task_pk",
    "session_id",
)
"""What tells a row of a list from the others, the nearest first."""

_DATES = frozenset(
    {"start_date", "end_date", "creation_date", "datetime", "completed", "read_by_user"}
)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?P<offset>[+-]\d\d:\d\d)?")
_SENTENCES = frozenset({"error", "success"})
"""Where a server's sentence may name the key of a row."""

_PLACEHOLDER = re.compile(r"<TOKEN:\w+>")


@dataclass(frozen=True)
class Difference:
    """A place where our answer is not the recorded one."""

    scenario: str
    exchange: str
    """The call as `GET /user_task`, or the event as `event draft_token`."""
    label: str
    """What the recording says about it, and its line."""
    what: str
    """The status, or the path of the key: `+` before it for one of ours alone, `-` for one that
    only the recording has."""
    recorded: object
    ours: object

    def __str__(self) -> str:
        return (
            f"{self.scenario} | {self.exchange} | {self.label} | {self.what}: "
            f"{str(self.recorded)[:220]!r} -> {str(self.ours)[:220]!r}"
        )


@dataclass
class Pairs:
    """Which of our rows plays the part of which recorded one; learned from the answers."""

    _ours: dict[tuple[str, str], JsonValue] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """Our tokens, by their names in the recordings."""

    def learn(self, key: str, recorded: JsonValue, ours: JsonValue) -> None:
        """Note that `ours` is our name of a recorded row."""
        self._ours[_KEYS[key], str(recorded)] = ours

    def knows(self, key: str, recorded: JsonValue) -> bool:
        """Whether a recorded row has one of ours."""
        return (_KEYS[key], str(recorded)) in self._ours

    def are_same(self, key: str, recorded: JsonValue, ours: JsonValue) -> bool:
        """Whether two keys name the same row; the first time they are met, they do."""
        if recorded is None or ours is None or str(recorded) == "" or isinstance(ours, dict | list):
            return recorded == ours
        known = self._ours.setdefault((_KEYS[key], str(recorded)), ours)
        return str(known) == str(ours) and type(recorded) is type(ours)

    def to_send(self, value: JsonValue, key: str = "") -> JsonValue:
        """Return what was sent to the original server with our keys in it."""
        match value:
            case dict():
                return {name: self.to_send(each, name) for name, each in value.items()}
            case list():
                return [self.to_send(each, key) for each in value]
            case str() if key == "user_task_pks":
                parts = value.split(";")
                return ";".join(str(self.to_send(part, "user_task_pk")) for part in parts)
            case str() if found := _PLACEHOLDER.search(value):
                return value.replace(found[0], self.tokens.get(found[0], found[0]))
            case bool() | None:
                return value
            case _ if key in _KEYS:
                ours = self._ours.get((_KEYS[key], str(value)), value)
                return str(ours) if isinstance(value, str) else ours
            case _:
                return value

    def in_words(self, sentence: str, sent: dict[str, JsonValue]) -> str:
        """Return a recorded sentence with our keys where it names what was sent."""
        for key, value in sent.items():
            if key in _KEYS and self.knows(key, value):
                ours = self._ours[_KEYS[key], str(value)]
                sentence = re.sub(rf"\b{re.escape(str(value))}\b", str(ours), sentence)
        return sentence


@dataclass(frozen=True)
class Comparison:
    """Finds the differences between two values.

    Args:
        pairs: which rows are the same.
        sent: the fields of the request that is answered; a sentence may name them.
    """

    pairs: Pairs
    sent: dict[str, JsonValue] = field(default_factory=dict)

    def differences(
        self, recorded: JsonValue, ours: JsonValue, path: str = "", key: str = ""
    ) -> Iterator[tuple[str, object, object]]:
        """Yield the path, the recorded value and ours, wherever they differ."""
        match recorded, ours:
            case dict(), dict():
                yield from self._of_objects(recorded, ours, path)
            case list(), list():
                yield from self._of_lists(recorded, ours, f"{path}[]", key)
            case _:
                if not self._are_same(key, recorded, ours):
                    yield path, recorded, ours

    def _of_objects(
        self, recorded: dict[str, JsonValue], ours: dict[str, JsonValue], path: str
    ) -> Iterator[tuple[str, object, object]]:
        for name in recorded.keys() | ours.keys():
            inner = f"{path}.{name}" if path else name
            if name not in ours:
                yield f"-{inner}", recorded[name], None
            elif name not in recorded:
                yield f"+{inner}", None, ours[name]
            else:
                yield from self.differences(recorded[name], ours[name], inner, name)

    def _of_lists(
        self, recorded: list[JsonValue], ours: list[JsonValue], path: str, key: str
    ) -> Iterator[tuple[str, object, object]]:
        """Compare row with row, so that one that is missing does not make all others differ."""
        theirs, mine = list(map(self._row, recorded)), list(map(_row_key, ours))
        if None in theirs or None in mine or theirs == mine:
            if len(recorded) != len(ours):
                yield f"{path} length", len(recorded), len(ours)
            for one, other in zip(recorded, ours, strict=False):
                yield from self.differences(one, other, path, key)
            return
        places = {row: place for place, row in enumerate(mine)}
        for row, one in zip(theirs, recorded, strict=True):
            if row in places:
                yield from self.differences(one, ours[places[row]], path, key)
            else:
                yield f"-{path}", one, None
        for row, other in zip(mine, ours, strict=True):
            if row not in theirs:
                yield f"+{path}", None, other
        if [row for row in theirs if row in mine] != [row for row in mine if row in theirs]:
            yield f"{path} order", theirs, mine

    def _row(self, recorded: JsonValue) -> str | None:
        """Return our key of a recorded row, or something that is none of ours."""
        if not isinstance(recorded, dict):
            return None
        for key in _ROW_KEYS:
            if key in recorded:
                ours = self.pairs.to_send(recorded[key], key)
                known = self.pairs.knows(key, recorded[key])
                return str(ours) if known else f"recorded {recorded[key]}"
        return None

    def _are_same(self, key: str, recorded: JsonValue, ours: JsonValue) -> bool:
        if key in _KEYS:
            return self.pairs.are_same(key, recorded, ours)
        if key == "token" and isinstance(recorded, str) and isinstance(ours, str):
            self.pairs.tokens[recorded] = ours
            return True
        if isinstance(recorded, str) and isinstance(ours, str):
            if key in _DATES:
                return _kind_of_date(recorded) == _kind_of_date(ours)
            if key in _SENTENCES:
                return self.pairs.in_words(recorded, self.sent) == ours
        return type(recorded) is type(ours) and recorded == ours


def _row_key(row: JsonValue) -> str | None:
    """Return what a row of ours is called."""
    keys = [key for key in _ROW_KEYS if isinstance(row, dict) and key in row]
    return str(row[keys[0]]) if isinstance(row, dict) and keys else None


def _kind_of_date(text: str) -> str | None:
    """Return how a date is written: its offset; `None` if it is no date."""
    found = _DATE.fullmatch(text)
    return (found["offset"] or "naive") if found else None
