"""The questions of a form, asked one after the other."""

from collections.abc import Mapping, Sequence
from typing import Final

from mojodex_tui.console.commands import Misused
from mojodex_tui.console.talk import Talk, ask_lines, ask_until
from mojodex_tui.files import problem_of
from mojodex_tui.state.form import FieldKind, FormField, missing

_LONG: Final = 4
"""Lines from which an answer is asked for as a text."""


async def ask_fields(
    talk: Talk, fields: Sequence[FormField], given: Mapping[str, str]
) -> dict[str, str]:
    """Ask for every field in its order, except those that are given.

    Args:
        talk: Where.
        fields: What the form asks.
        given: Answers that are known, by field name.

    Raises:
        Misused: a given answer belongs to no field, or is wrong.
    """
    answers = _checked(fields, given)
    return {
        field.name: answers[field.name] if field.name in answers else await _ask(talk, field)
        for field in fields
    }


def take_given(fields: Sequence[FormField], given: Mapping[str, str]) -> dict[str, str]:
    """Return the given answers, where nobody can be asked for more.

    Raises:
        Misused: one is missing, belongs to no field, or is wrong.
    """
    answers = _checked(fields, given)
    lacking = [field.name for field in missing(fields, answers)]
    if lacking:
        raise Misused(f"{', '.join(lacking)}: needed, and not given. Add --field {lacking[0]}=…")
    return answers


def _checked(fields: Sequence[FormField], given: Mapping[str, str]) -> dict[str, str]:
    """Return given answers as they are sent."""
    by_name = {field.name: field for field in fields}
    answers: dict[str, str] = {}
    for name, answer in given.items():
        if name not in by_name:
            raise Misused(f"There is no field '{name}'. The fields: {', '.join(by_name)}.")
        if problem := _problem(by_name[name], answer):
            raise Misused(f"{name}: {problem}")
        answers[name] = _value(by_name[name], answer)
    return answers


async def _ask(talk: Talk, field: FormField) -> str:
    prompt = f"{field.name}: "
    if field.kind is FieldKind.CHOICE:
        for number, choice in enumerate(field.choices, 1):
            talk.say(f"  {number}. {choice.words}")
    if field.kind is not FieldKind.TEXT or field.lines < _LONG:
        return _value(field, await ask_until(talk, prompt, lambda text: _problem(field, text)))
    while problem := _problem(field, text := await ask_lines(talk, prompt)):
        talk.say(problem)
    return text


def _problem(field: FormField, answer: str) -> str | None:
    """Return what is wrong with an answer."""
    text = answer.strip()
    if not text:
        return "This is needed." if field.required else None
    if field.kind is FieldKind.FILES:
        return problem_of(field, text)
    if field.kind is FieldKind.CHOICE and _choice(field, text) is None:
        return f"Choose one of: {', '.join(choice.words for choice in field.choices)}."
    return None


def _value(field: FormField, answer: str) -> str:
    """Return what is sent for an answer."""
    if field.kind is FieldKind.CHOICE and answer.strip():
        return _choice(field, answer.strip()) or answer
    return answer.strip()


def _choice(field: FormField, answer: str) -> str | None:
    """Return the value that is meant by its number, its words or their beginning."""
    if answer.isdecimal() and 1 <= int(answer) <= len(field.choices):
        return field.choices[int(answer) - 1].value
    said = answer.casefold()
    for choice in field.choices:
        if said in {choice.value.casefold(), choice.words.casefold()}:
            return choice.value
    begun = [each.value for each in field.choices if each.words.casefold().startswith(said)]
    return begun[0] if len(begun) == 1 else None
