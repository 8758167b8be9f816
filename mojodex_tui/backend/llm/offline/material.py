"""All that a draft is made of: what the user filled in and said, in one value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from mojodex_tui.backend.domain.briefs import ATTACHED, InputValue, InstructBrief, Turn
from mojodex_tui.backend.llm.offline.actions import Facts, read_facts
from mojodex_tui.backend.llm.offline.lexicon import LANGUAGES, Language, language_of
from mojodex_tui.backend.llm.offline.phrases import PHRASES, Phrases
from mojodex_tui.backend.llm.offline.text import sentences, words

_FILE = re.compile(
    r"[^\n]{1,200}\.(?:png|jpe?g|gif|webp|mp3|m4a|wav|ogg|webm|mp4|mov|avi)", re.IGNORECASE
)
_COURTESY = re.compile(
    r"(?:hello|hi|hey|good\s+(?:morning|afternoon|evening)|thanks?(?:\s+you)?|please|ok|yes|help"
    r"|bonjour|salut|bonsoir|merci|s['’]il\s+(?:vous|te)\s+pla[iî]t|oui"
    r"|hola|buen[oa]s\s+(?:d[ií]as|tardes|noches)|gracias|por\s+favor|s[ií]|mojo|mojodex)"
    r"(?:\s+(?:mojo|mojodex|there|everybody|à\s+tous|a\s+todos))?[\s,.!?¡]*",
    re.IGNORECASE,
)
_WISH = (
    r"(?:please|can\s+you|could\s+you|would\s+you|i\s+(?:need|want)(?:\s+you)?(?:\s+to)?"
    r"|i(?:['’]d|\s+would)\s+like(?:\s+to)?|help\s+me(?:\s+to)?|peux-tu|pouvez-vous|pourrais-tu"
    r"|pourriez-vous|je\s+(?:veux|voudrais)|j['’]ai\s+besoin\s+d['’e]|aide[zs]?-moi\s+à|¿?puedes"
    r"|¿?podrías|quiero|quisiera|necesito|me\s+gustaría|ayúdame\s+a|por\s+favor)[\s,]*"
)
_WRITE = (
    r"(?:write|make|draft|prepare|create|turn|summari[sz]e|translate|answer|reply\s+to|give\s+me"
    r"|écri[st]|écrire|écrivez|rédigez?|rédiger|fais|faire|faites|préparez?|préparer|crée[rz]?"
    r"|résume[rz]?|tradui[st]|traduire|répond[sr]?e?|escrib[ea]|escribir|redacta[r]?|haz|hacer"
    r"|prepara[r]?|crea[r]?|resum[ei]r?|traduc[ei]r?|responder?)\b"
)
_PRODUCT = (
    r"(?:e-?mails?|mails?|recap|minutes|summary|plan|pitch|post|report|notes?|translation|reply"
    r"|document|text|this|compte\s+rendu|résumé|rapport|annonce|offre|traduction|texte|réponse"
    r"|ceci|acta|correo|resumen|informe|oferta|respuesta|texto|esto|discurso|traducción)"
)
_ORDER = re.compile(
    rf"(?:{_WISH}(?:{_WRITE})?|{_WRITE})[^.:!?\n]{{0,60}}?\b{_PRODUCT}\b[^.:!?\n]{{0,60}}?"
    r"(?:[.!?]+|:|\n|$)\s*",
    re.IGNORECASE,
)
"""The order to write something, with which a chat begins."""


@dataclass(frozen=True)
class Material:
    """What the user gave, ready to be laid out."""

    brief: InstructBrief
    inputs: Mapping[str, str]
    """The texts and choices of the form, by input name; files and empty fields are left out."""
    files: tuple[str, ...]
    said: str
    """What the user told in the chat, without greetings and without the order to write."""

    @property
    def today(self) -> date:
        """The user's day."""
        return self.brief.now.date()

    @property
    def output(self) -> Language:
        """The language of headings: the user's, if it is spoken here."""
        code = self.brief.language.lower()[:2]
        return next((known for known in LANGUAGES if known == code), "en")

    @property
    def phrases(self) -> Phrases:
        """The words of the headings."""
        return PHRASES[self.output]

    def field(self, name: str) -> str:
        """Return what the form holds under `name`, or nothing."""
        return self.inputs.get(name, "")

    def main(self, name: str) -> str:
        """Return what the form holds under `name`, its files, and what was said beside it."""
        parts = (self.field(name), self.field(ATTACHED), self.said)
        return "\n".join(part for part in parts if part)

    @cached_property
    def whole(self) -> str:
        """Everything the user wrote."""
        return "\n".join(part for part in (*self.inputs.values(), self.said) if part)

    def language_of(self, text: str) -> Language:
        """Return the language of `text`, the user's if it is too short to tell."""
        return language_of(text, self.output)

    def facts(self, text: str) -> Facts:
        """Sort what `text` says."""
        return read_facts(text, self.today, self.language_of(text), self.brief.user_name)


def material_of(brief: InstructBrief) -> Material:
    """Gather what the user filled in and said."""
    inputs: dict[str, str] = {}
    files: list[str] = []
    for item in brief.inputs:
        if isinstance(item.value, tuple):
            files.extend(item.value)
        elif item.value is not None and (value := item.value.strip()):
            if _FILE.fullmatch(value):
                files.append(value)
            else:
                inputs[item.name] = as_notes(value)
    said = "\n".join(
        part for turn in brief.conversation if (part := without_order(turn)) and part.strip()
    )
    return Material(brief, inputs, tuple(files), said)


def without_order(turn: Turn) -> str:
    """Return what a user's turn tells, without greetings and the order to write something."""
    if turn.speaker != "user":
        return ""
    text = turn.text.strip()
    while (courtesy := _COURTESY.match(text)) and courtesy.end() and _ends_word(text, courtesy):
        text = text[courtesy.end() :].lstrip()
    order = _ORDER.match(text)
    if order is not None:
        text = text[order.end() :]
    return as_notes(text.strip())


def as_notes(text: str) -> str:
    """Return `text` without the marks of a draft of ours: follow-up tasks begin with one."""
    for phrases in PHRASES.values():
        if phrases.note not in text and f"— {phrases.due}{phrases.colon}" not in text:
            continue
        text = re.sub(rf"(?:---\n)?_?{re.escape(phrases.note)}_?", "", text)
        text = re.sub(rf"^## {phrases.figures}\n+.*\n?", "", text, flags=re.MULTILINE)
        text = re.sub(rf"^{phrases.recap}{phrases.colon}", "", text, flags=re.MULTILINE)
        text = text.replace(f"**{phrases.unassigned}**{phrases.colon}", "").replace("**", "")
        due = re.escape(f"— {phrases.due}{phrases.colon}")
        text = re.sub(rf"{due}([^(\n]*?) \(\d{{4}}-\d\d-\d\d\)", r"(\1)", text)
    return text.strip()


def _ends_word(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 1]
    return not following.isalnum() or not match.group()[-1].isalnum()


def says_enough(text: str, *, asked_before: bool) -> bool:
    """Return whether a draft can be made of `text`; who was asked once is not asked again."""
    count = len(words(text))
    return count >= 2 if asked_before else count >= 5 or len(sentences(text)) >= 2


def label_of(inputs: tuple[InputValue, ...], name: str | None) -> str | None:
    """Return the question of the form for the input `name`, or for the first one."""
    for item in inputs:
        if item.name == name or name is None:
            return item.label
    return None
