"""What the user reads while a tool works."""

from collections.abc import Sequence

from mojodex_tui.backend.engine.nodes import Call

_WORDS = {
    "list_files": "looking at the files",
    "read_file": "reading {name}",
    "search_files": "searching the files for {query}",
    "fetch_page": "opening {url}",
    "search_past_texts": "searching your texts for {query}",
    "list_todos": "looking at your To-Dos",
    "add_todo": "adding a To-Do",
}
_DATES = frozenset({"today", "add_to_date", "next_weekday", "working_days", "read_date"})
_LONGEST = 60


class _Given(dict[str, str]):
    """A call's arguments; one that is missing is left open."""

    def __missing__(self, key: str) -> str:
        return "…"


def doing(calls: Sequence[Call]) -> str:
    """Return what some calls do, in few words."""
    return ", ".join(dict.fromkeys(map(_doing, calls)))


def _doing(call: Call) -> str:
    if call.name in _DATES:
        return "working out dates"
    server, of_server, tool = call.name.partition("__")
    if call.name not in _WORDS:
        return f"using {tool} of {server}" if of_server else f"using {call.name}"
    given = {name: _short(value) for name, value in call.args.items()}
    return _WORDS[call.name].format_map(_Given(given))


def _short(value: object) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in str(value))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
