"""The questions of a form, asked one after the other."""

from collections.abc import Mapping, Sequence
from typing import Final

from mojodex_tui.console.commands import Misused
from mojodex_tui.console.talk import Talk, ask_lines, ask_until
from mojodex_tui.files import problem_of
from mojodex_tui.state.form import FieldKind, FormField

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
    unknown = sorted(given.keys() - {field.name for field in fields})
    if unknown:
        names = ", ".join(field.name for field in fields)
        raise Misused(f"There is no field '{unknown[0]}'. The fields: {names}.")
    answers: dict[str, str] = {}
    for field in fields:
        if field.name not in given:
            answers[field.name] = await _ask(talk, field)
        elif problem := _problem(field, given[field.name]):
            raise Misused(f"{field.name}: {problem}")
        else:
            answers[field.name] = _value(field, given[field.name])
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
