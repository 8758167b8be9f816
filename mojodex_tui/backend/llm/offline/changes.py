"""Plain changes of a draft, asked for in plain words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.actions import read_facts
from mojodex_tui.backend.llm.offline.blocks import Block, blocks, body_of
from mojodex_tui.backend.llm.offline.dates import find_dates
from mojodex_tui.backend.llm.offline.drafts.layout import due_words
from mojodex_tui.backend.llm.offline.lexicon import Language, language_of
from mojodex_tui.backend.llm.offline.phrases import PHRASES, Phrases
from mojodex_tui.backend.llm.offline.text import (
    capitalized,
    ended,
    folded,
    ranked,
    sentences,
    words,
)


class CannotChange(Exception):
    """The change is not possible; the text tells the user why."""


class NotUnderstood(CannotChange):
    """No rule knows what is wanted."""


@dataclass(frozen=True)
class Setting:
    """What a change is made in."""

    language: Language
    user_name: str
    today: date
    is_mail: bool = False

    @property
    def phrases(self) -> Phrases:
        """The user's words."""
        return PHRASES[self.language]


_Change = Callable[[Draft, re.Match[str], Setting], Draft]

_POLITE = (
    r"(?:(?:please|can\s+you|could\s+you|now|and|also|s['’]il\s+(?:te"
    r"|vous)\s+pla[iî]t|peux-tu|pouvez-vous"
    r"|por\s+favor|¿?puedes|y|et)[\s,]+)*"
)
_QUOTES = "\"'«»“”‘’ "


def change(draft: Draft, request: str, setting: Setting) -> Draft:
    """Return `draft` with what `request` asks for; each line may be a request of its own.

    Raises:
        CannotChange: nothing of it could be done.
    """
    refused: CannotChange | None = None
    changed = draft
    for line in (line.strip() for line in request.splitlines()):
        if not line:
            continue
        try:
            changed = _one(changed, line, setting)
        except NotUnderstood as error:
            refused = refused or error
        except CannotChange as error:
            refused = error
    if changed == draft:
        raise refused or CannotChange(setting.phrases.nothing_to_change)
    return changed


def _one(draft: Draft, line: str, setting: Setting) -> Draft:
    bare = re.sub(rf"^{_POLITE}", "", line, flags=re.IGNORECASE).rstrip()
    for pattern, apply in _CHANGES:
        match = pattern.match(bare)
        if match is not None:
            return apply(draft, match, setting)
    if len(words(line)) >= 20 and not line.endswith("?"):
        return _append(draft, line, setting)
    raise NotUnderstood(setting.phrases.cannot)


def _said(match: re.Match[str], name: str) -> str:
    return match[name].strip().rstrip(".").strip(_QUOTES)


def _retitle(draft: Draft, match: re.Match[str], _setting: Setting) -> Draft:
    title = _said(match, "what")
    return replace(draft, title=capitalized(title)) if title else draft


def _replace(draft: Draft, match: re.Match[str], setting: Setting) -> Draft:
    old, new = _said(match, "old"), _said(match, "new")
    pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
    if not old or not (pattern.search(draft.body) or pattern.search(draft.title)):
        raise CannotChange(setting.phrases.not_found.format(what=old))

    def put(_found: re.Match[str]) -> str:
        return new

    return Draft(pattern.sub(put, draft.title), pattern.sub(put, draft.body))


def _remove(draft: Draft, match: re.Match[str], setting: Setting) -> Draft:
    what = _said(match, "what")
    what = re.sub(
        r"^(?:(?:the|(?:the\s+)?(?:line|sentence|bullet|item|paragraph)\s+(?:about|with|on)|everything\s+about|la\s+section|la\s+partie|le|la|les"
        r"|tout\s+ce\s+qui\s+concerne"
        r"|el|los|las|la\s+secci[óo]n|todo\s+sobre)\s+)+|\s+(?:section|part|line)$|^l['’]",
        "",
        what,
        flags=re.IGNORECASE,
    ).strip(_QUOTES)
    wanted = folded(what)
    if not wanted:
        raise CannotChange(setting.phrases.cannot)
    found = blocks(draft.body)
    kept = _without_section(found, wanted)
    if kept == found:
        kept = [rest for block in found if (rest := _without_lines(block, wanted)) is not None]
    if kept == found or not any(block.heading is None for block in kept):
        raise CannotChange(setting.phrases.not_found.format(what=what))
    return replace(draft, body=body_of(kept))


def _without_section(found: list[Block], wanted: str) -> list[Block]:
    kept: list[Block] = []
    inside = False
    for block in found:
        if block.heading is not None:
            inside = folded(block.heading) == wanted
        if not inside:
            kept.append(block)
    return kept


def _without_lines(block: Block, wanted: str) -> Block | None:
    """Return `block` without the items or sentences that hold the wanted words."""
    if block.heading is not None or wanted not in folded(block.text):
        return block
    if block.is_list or block.is_code or len(block.lines) > 1:
        lines = tuple(line for line in block.lines if wanted not in folded(line))
        return Block(lines) if lines else None
    left = [one.text for one in sentences(block.text) if wanted not in folded(one.text)]
    if not left and ", " in block.text:
        # An enumeration, such as the participants: only what was named goes.
        left = [", ".join(part for part in block.text.split(", ") if wanted not in folded(part))]
        left = [part for part in left if part]
    return Block((" ".join(left),)) if left else None


def _add(draft: Draft, match: re.Match[str], setting: Setting) -> Draft:
    return _append(draft, _said(match, "what"), setting)


def _append(draft: Draft, what: str, setting: Setting) -> Draft:
    """Put `what` where it belongs: next steps, questions, the section it names, or the end."""
    phrases = setting.phrases
    found = blocks(draft.body)
    named = re.match(
        r"(?P<what>.+?)\s+(?:to|under|in|à|dans|sous|a|en|bajo)\s+(?P<where>[^,.]+)$", what
    )
    if named is not None:
        place = folded(re.sub(r"^(?:the|la|le|les|los|las|el)\s+", "", named["where"]))
        heading = _heading(found, lambda text: place in folded(text) or folded(text) in place)
        if heading is not None:
            line = ended(named["what"].strip(_QUOTES))
            return replace(draft, body=body_of(_into(found, heading, line)))
    language = language_of(what, setting.language)
    facts = read_facts(f"- {what}", setting.today, language, setting.user_name)
    where: tuple[str, ...] = (phrases.key_points, phrases.discussed, phrases.added)
    line = ended(what)
    if facts.actions:
        where = (phrases.next_steps, phrases.steps)
        line = _step(what, setting)
    elif facts.questions:
        where = (phrases.open_questions, phrases.to_decide)
    elif facts.decisions:
        where = (phrases.decisions,)
    if setting.is_mail:
        # The last two blocks of a mail are its closing sentence and its signature.
        before = max(1, len(found) - 2)
        return replace(
            draft, body=body_of([*found[:before], Block((ended(what),)), *found[before:]])
        )
    heading = _heading(found, lambda text: text in where)
    if heading is None:
        found = [*found, Block((f"## {where[0]}",)), Block((f"- {line}",))]
        return replace(draft, body=body_of(found))
    return replace(draft, body=body_of(_into(found, heading, line)))


def _step(what: str, setting: Setting) -> str:
    language = language_of(what, setting.language)
    item = read_facts(f"- {what}", setting.today, language, setting.user_name).actions[0]
    phrases = setting.phrases
    due = due_words(item, setting.language, phrases)
    return f"**{item.owner or phrases.unassigned}**{phrases.colon}{item.what}{due}"


def _heading(found: list[Block], fits: Callable[[str], bool]) -> int | None:
    return next(
        (
            index
            for index, block in enumerate(found)
            if block.heading is not None and fits(block.heading)
        ),
        None,
    )


def _into(found: list[Block], heading: int, line: str) -> list[Block]:
    """Return the blocks with `line` as the last of the section below `heading`."""
    end = heading + 1
    while end < len(found) and found[end].heading is None:
        end += 1
    last = found[end - 1]
    if not last.is_list:
        return [*found[:end], Block((f"- {line}",)), *found[end:]]
    mark = "1." if re.match(r"\d+\.", last.lines[0]) else "-"
    longer = Block((*last.lines, f"{mark} {line}"))
    return [*found[: end - 1], longer, *found[end:]]


def _shorter(draft: Draft, _match: re.Match[str], setting: Setting) -> Draft:
    """Drop the sentences that carry least; owners, days and decisions stay."""
    found = blocks(draft.body)
    phrases = setting.phrases
    safe = {phrases.decisions, phrases.next_steps, phrases.steps, phrases.open_questions}
    edge = {0, len(found) - 1} if setting.is_mail else set[int]()
    under: str | None = None
    shorter: list[Block] = []
    for index, block in enumerate(found):
        under = block.heading or under
        keep = block.heading is not None or block.is_code or under in safe or index in edge
        shorter.append(block if keep else _fewer(block, setting))
    if shorter == found:
        raise CannotChange(setting.phrases.already_short)
    return replace(draft, body=body_of(shorter))


def _fewer(block: Block, setting: Setting) -> Block:
    if not block.is_list:
        all_sentences = tuple(one.text for one in sentences(block.text))
        if len(all_sentences) < 2:
            return block
        return Block((" ".join(ranked(all_sentences, _part(len(all_sentences)))),))
    free = tuple(line for line in block.lines if not _is_promise(line, setting))
    kept = ranked(free, _part(len(free)))
    return Block(tuple(line for line in block.lines if line in kept or _is_promise(line, setting)))


def _part(count: int) -> int:
    return max(1, (count * 3) // 5)


def _is_promise(line: str, setting: Setting) -> bool:
    return "**" in line or bool(find_dates(line, setting.today, setting.language))


_FORMAL: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\bHi\b(?: everyone)?", "Dear all"),
        (r"\bHello\b", "Dear"),
        (r"\bDear,", "Dear all,"),
        (r"\bDear all (?=\w)", "Dear "),
        (r"\bThanks a lot\b", "Thank you very much"),
        (r"\bThanks\b", "Thank you"),
        (r"\bcan't\b", "cannot"),
        (r"\bwon't\b", "will not"),
        (r"n't\b", " not"),
        (r"\bI'll\b", "I will"),
        (r"\b(\w+)'ll\b", r"\1 will"),
        (r"\bI'm\b", "I am"),
        (r"\b(\w+)'re\b", r"\1 are"),
        (r"\b(\w+)'ve\b", r"\1 have"),
        (r"\blet's\b", "let us"),
        (r"\bOK\b|\bok\b|\bokay\b", "agreed"),
        (r"\bASAP\b|\basap\b", "as soon as possible"),
        (r"\bAll the best,|\bBest regards,|\bBest,|\bCheers,", "Yours sincerely,"),
        (r"!", "."),
    ),
    "fr": (
        (r"\bSalut\b", "Bonjour"),
        (r"\bBonjour à tous,", "Madame, Monsieur,"),
        (r"\bUn grand merci pour\b|\bMerci pour\b", "Je vous remercie de"),
        (r"\bMerci de\b", "Je vous prie de"),
        (r"\bok\b|\bOK\b", "d'accord"),
        (r"\bça\b", "cela"),
        (r"\bDites-moi\b", "Veuillez m'indiquer"),
        (
            r"\bBien à vous,|\bCordialement,|\bÀ bientôt,",
            "Veuillez agréer mes salutations distinguées.",
        ),
        (r"\s!", "."),
    ),
    "es": (
        (r"¡?Hola a todos!|\bHola:", "Estimados señores:"),
        (r"¡?\bHola,? (\w+)[!:,]", r"Estimado/a \1:"),
        (r"¡?\bMuchas gracias por\b|\bGracias por\b", "Le agradezco"),
        (r"\btu\b", "su"),
        (r"\bDime\b", "Indíqueme"),
        (r"\bvale\b|\bok\b|\bOK\b", "de acuerdo"),
        (r"\bUn abrazo,|\bUn saludo,|\bSaludos,", "Atentamente,"),
        (r"¡|!", ""),
    ),
}
_CASUAL: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\bDear all,", "Hi everyone,"),
        (r"\bDear\b|\bHello\b", "Hi"),
        (r"\bThank you very much\b", "Thanks a lot"),
        (r"\bThank you\b", "Thanks"),
        (r"\bcannot\b", "can't"),
        (r"\bdo not\b", "don't"),
        (r"\bwill not\b", "won't"),
        (r"\bI will\b", "I'll"),
        (r"\bI am\b", "I'm"),
        (r"\bYours sincerely,|\bBest regards,", "All the best,"),
    ),
    "fr": (
        (r"\bMadame, Monsieur,", "Bonjour à tous,"),
        (r"\bJe vous remercie de\b", "Merci pour"),
        (r"\bVeuillez agréer mes salutations distinguées\.|\bCordialement,", "Bien à vous,"),
    ),
    "es": (
        (r"\bEstimados señores:|\bHola:", "¡Hola a todos!"),
        (r"\bEstimad[oa](?:/a)? (\w+):", r"¡Hola, \1!"),
        (r"\bLe agradezco(?: mucho)?\b|\bLes agradezco\b", "Muchas gracias por"),
        (r"\bAtentamente,|\bUn saludo,", "Un abrazo,"),
    ),
}


def _reworded(
    draft: Draft, table: Mapping[Language, tuple[tuple[str, str], ...]], setting: Setting
) -> Draft:
    body = draft.body
    for old, new in table[language_of(body, setting.language)]:
        body = re.sub(old, new, body)
    return replace(draft, body=body)


def _formal(draft: Draft, _match: re.Match[str], setting: Setting) -> Draft:
    return _reworded(draft, _FORMAL, setting)


def _casual(draft: Draft, _match: re.Match[str], setting: Setting) -> Draft:
    return _reworded(draft, _CASUAL, setting)


def _as_list(draft: Draft, _match: re.Match[str], setting: Setting) -> Draft:
    """Make a list of every paragraph with more than one sentence."""
    found: list[Block] = []
    for index, block in enumerate(blocks(draft.body)):
        parts = sentences(block.text)
        plain = block.heading is None and not block.is_list and not block.is_code
        if plain and len(parts) > 1 and not (setting.is_mail and index == 0):
            block = Block(tuple(f"- {part.text}" for part in parts))
        found.append(block)
    return replace(draft, body=body_of(found))


def _translate(_draft: Draft, _match: re.Match[str], setting: Setting) -> Draft:
    raise CannotChange(setting.phrases.cannot_translate)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


_TO = r"\s+(?:with|by|to|into|par|en|por|a)\s+"
_CHANGES: tuple[tuple[re.Pattern[str], _Change], ...] = (
    (_pattern(r"(?:translate|tradui\w+|traduc\w+)\b"), _translate),
    (
        _pattern(
            r"(?:(?:the\s+|change\s+|set\s+|change[rz]?\s+|cambia\w*\s+|le\s+"
            r"|el\s+)*(?:title|titre|t[ií]tulo)"
            r"\s*(?::|to\b|is\b|should\s+be\b|en\b|par\b|por\b|a\b|=)|(?:rename"
            r"|retitle)(?:\s+it)?(?:\s+to)?|call\s+it"
            r"|renomme(?:-le|-la)?(?:\s+en)?|appelle-le|appelle-la|ll[áa]malo"
            r"|ren[óo]mbralo(?:\s+a)?)\s*:?\s*(?P<what>.+)"
        ),
        _retitle,
    ),
    (
        _pattern(
            rf"(?:replace|change|swap|remplace[rz]?|change[rz]?|reemplaz\w+|sustitu\w+"
            rf"|cambi\w+)\s+(?P<old>.+?){_TO}(?P<new>.+)"
        ),
        _replace,
    ),
    (
        _pattern(
            r"(?:remove|delete|drop|leave\s+out|take\s+out|cut\s+out"
            r"|enl[eè]ve[rz]?|supprime[rz]?|retire[rz]?|efface[rz]?"
            r"|quita\w*|elimina\w*|borra\w*|suprime)\s+(?P<what>.+)"
        ),
        _remove,
    ),
    (
        _pattern(
            r"(?:add|append|include|mention|ajoute[rz]?|inclus"
            r"|mentionne[rz]?|a[ñn]ad[ei]\w*|agrega\w*|incluye|menciona)"
            r"\s*(?:that\b|que\b|:)?\s*(?P<what>.+)"
        ),
        _add,
    ),
    (
        _pattern(
            r"(?:.*\b)?(?:less\s+formal|more\s+casual|casual|friendlier|warmer"
            r"|more\s+(?:friendly|relaxed)"
            r"|moins\s+formel\w*|plus\s+(?:chaleureu\w+|amical\w*|décontracté\w*)"
            r"|menos\s+formal\w*|más\s+(?:cercan\w+|amable|informal))\b"
        ),
        _casual,
    ),
    (
        _pattern(
            r"(?:.*\b)?(?:(?:more\s+)?(?:formal|polite|professional)|plus\s+(?:formel\w*"
            r"|poli\w*|professionnel\w*|soutenu)"
            r"|más\s+(?:formal|educad\w+|profesional))\b"
        ),
        _formal,
    ),
    (
        _pattern(
            r"(?:.*\b)?(?:shorter|shorten|too\s+long|more\s+concise|condense|briefer"
            r"|plus\s+court\w*|raccourci\w*"
            r"|trop\s+long\w*|plus\s+(?:bref|brève|concis\w*)|abrège"
            r"|más\s+(?:cort[oa]|breve|concis[oa])|ac[óo]rta\w*"
            r"|demasiado\s+larg\w+|resume)\b"
        ),
        _shorter,
    ),
    (
        _pattern(
            r"(?:.*\b)?(?:as\s+(?:a\s+)?(?:list|bullets?(?:\s+points?)?)|bullet\s+points"
            r"|en\s+(?:liste|puces|lista|viñetas)"
            r"|sous\s+forme\s+de\s+liste|como\s+lista)\b"
        ),
        _as_list,
    ),
)
