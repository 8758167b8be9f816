"""Texts about a program: release notes and bug reports."""

import re
from collections.abc import Iterable

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.drafts.layout import (
    file_lines,
    joined,
    listed,
    section,
    subject_of,
)
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.text import (
    capitalized,
    comma_parts,
    ended,
    numbered,
    pieces_of_list,
    sentences,
    shortened,
)

_PREFIX = re.compile(
    r"(?P<kind>[a-z]+|BREAKING(?:[ -]CHANGE)?)\s*(?:\((?P<scope>[^)]*)\))?(?P<bang>!)?"
    r"\s*:\s*(?P<what>\S.*)"
)
_KINDS = {
    "feat": "new",
    "feature": "new",
    "new": "new",
    "add": "new",
    "fix": "fixed",
    "bug": "fixed",
    "bugfix": "fixed",
    "hotfix": "fixed",
    "perf": "improved",
    "improve": "improved",
    "change": "improved",
    "chore": "inside",
    "refactor": "inside",
    "test": "inside",
    "tests": "inside",
    "ci": "inside",
    "build": "inside",
    "style": "inside",
    "docs": "inside",
    "deps": "inside",
}
_MUST = re.compile(
    r"\b(?:breaking|no\s+longer\s+(?:supported|available)|drop(?:s|ped)?\s+support"
    r"|must\s+(?:now\s+)?|removed?\b"
    r"|n['’]est\s+plus|ne\s+sont\s+plus|il\s+faut|supprim\w+|ya\s+no|hay\s+que|se\s+elimina)",
    re.IGNORECASE,
)
_FIXED = re.compile(
    r"\b(?:fix\w*|bug|crash\w*|wrong|corrig\w+|correction|répar\w+|plantage|fausse?s?"
    r"|arregl\w+|correg\w+|error\w*"
    r"|fallo\w*)\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\b(?:add\w*|new|introduc\w+|first|ajout\w*|nouve\w+|permet\w*|añad\w+|nuev\w+|permite)\b",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"\b(?:error|erreur|exception|traceback|errno|fatal|warning)\b", re.IGNORECASE
)
_SHOWS = re.compile(
    (
        r"\b(?:shows?|says?|displays?|prints?|message|affiche|dit|muestra|dice"
        r"|mensaje)\s*:?\s*[:«\"“]\s*(?P<message>.+)"
    ),
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"\b(?:firefox|chrome|chromium|safari|edge|windows|linux|ubuntu|debian|macos|android|ios|iphone"
    r"|versi[oó]n\s+v?\d)",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\s*(?:,?\s*\b(?:then|and\s+then|puis|ensuite|et\s+puis|luego|después)\b,?|>|→|->|\n|;)\s*",
    re.IGNORECASE,
)
_SEVERITY = {
    "en": {"minor": "Annoying", "major": "Hard to work around", "blocking": "It stops the work"},
    "fr": {
        "minor": "Gênant",
        "major": "Difficile à contourner",
        "blocking": "Empêche de travailler",
    },
    "es": {"minor": "Molesto", "major": "Difícil de evitar", "blocking": "Impide trabajar"},
}


def release_notes(material: Material) -> Draft:
    """Sort the changes by what they mean to the reader."""
    phrases = material.phrases
    for_developers = material.field("audience") == "developers"
    groups: dict[str, list[str]] = {
        "must": [],
        "new": [],
        "improved": [],
        "fixed": [],
        "inside": [],
    }
    for line in _changes(material.main("changes"), material):
        kind, text = _change(line, with_scope=for_developers)
        groups[kind].append(text)
    if for_developers:
        groups["improved"].extend(groups["inside"])
    version = material.field("version") or material.brief.task.label
    shown = (
        (phrases.you_must, groups["must"]),
        (phrases.new, groups["new"]),
        (phrases.improved, groups["improved"]),
        (phrases.fixed, groups["fixed"]),
    )
    counts = ", ".join(
        f"{name.lower()}{phrases.colon}{len(items)}" for name, items in shown if items
    )
    opening = f"**{version}** — {counts}." if counts else ""
    return Draft(version, joined(opening, *(listed(name, items) for name, items in shown)))


def _changes(text: str, material: Material) -> list[str]:
    """Return the changes, one each; a commit message is never split at its commas."""
    language = material.language_of(text)
    return [
        part
        for line in pieces_of_list(text)
        for part in ((line,) if _PREFIX.fullmatch(line) else comma_parts(line, language))
    ]


def _change(line: str, *, with_scope: bool) -> tuple[str, str]:
    match = _PREFIX.fullmatch(line)
    what = match["what"] if match else line
    kind = _KINDS.get(match["kind"].lower()) if match else None
    breaks = match is not None and (match["bang"] or match["kind"].isupper())
    if breaks or (kind not in {"fixed", "inside"} and _MUST.search(line)):
        kind = "must"
    if kind is None:
        kind = "fixed" if _FIXED.search(what) else "new" if _NEW.search(what) else "improved"
    scope = f" (`{match['scope']}`)" if with_scope and match and match["scope"] else ""
    return kind, ended(f"{what.rstrip('.')}{scope}")


def bug_report(material: Material) -> Draft:
    """Lay out what fails, how to see it, and what was expected."""
    phrases = material.phrases
    happens = material.main("what_happens")
    found = [one.text for one in sentences(happens)]
    environment = [material.field("environment")]
    if not any(environment):
        environment = [one for one in found[1:] if _is_environment(one)]
        found = [one for one in found if one not in environment]
    first = found[0] if found else happens
    steps = _steps(material.field("steps"), material)
    severity = material.field("severity")
    body = joined(
        section(phrases.summary, ended(_without_message(first))),
        section(phrases.reproduce, numbered(steps) if steps else phrases.unknown_steps),
        section(phrases.happens, joined(*map(_told, found))),
        section(phrases.expected, ended(material.field("expected"))),
        section(phrases.environment, " ".join(environment)),
        section(phrases.severity, _SEVERITY[material.output].get(severity, severity)),
        listed(phrases.files, file_lines(material)),
    )
    return Draft(
        capitalized(shortened(subject_of(_without_message(first), material, 12), 12)), body
    )


def _is_environment(sentence: str) -> bool:
    """Return whether a sentence only names programs and systems."""
    return len(sentence.split()) <= 8 and _SYSTEM.search(sentence) is not None


def _steps(text: str, material: Material) -> list[str]:
    parts: Iterable[str] = (part for part in _THEN.split(text) if part.strip())
    language = material.language_of(text)
    return [capitalized(one) for part in parts for one in comma_parts(part, language)]


def _without_message(sentence: str) -> str:
    match = _SHOWS.search(sentence)
    if match is None:
        return sentence
    before = sentence[: match.start()].rstrip(" ,")
    return re.sub(r"\s+(?:and|et|y|it|il|elle)$", "", before) or sentence


def _told(sentence: str) -> str:
    """Return the sentence, its error message as code."""
    match = _SHOWS.search(sentence)
    if match is not None:
        message = match["message"].strip(' ."»”')
        return (
            f"{sentence[: match.start('message')].rstrip(' «“' + chr(34))}\n\n```\n{message}\n```"
        )
    if _MESSAGE.match(sentence):
        return f"```\n{sentence}\n```"
    return ended(sentence)
