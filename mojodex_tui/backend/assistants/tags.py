"""Reads the tags a model wraps its answers in (wire protocol §11), while they arrive.

An answer is a question in `<ask_user_primary_info>`, or a text in `<execution>` with its `<title>`
and `<draft>`; around them stand tags that only help the model to think. Models forget tags, swap
them and leave them open, so the reader takes what it finds: no text a user sees holds a tag of the
protocol, whole or in part, and nothing said is lost when nothing else can be shown.
"""

import re
from dataclasses import dataclass
from enum import Enum, Flag, auto

_LONGEST_NAME = 64
_NAMES = (
    "user_language",
    "ask_user_primary_info",
    "message_to_user",
    "no_go_explanation",
    "ask_for_clarification",
    "user_instruction",
    "task_pk",
    "execution",
    "title",
    "draft",
    "think",
)
_TAG = re.compile(rf"<(/?)({'|'.join(_NAMES)}|missing_[\w-]{{1,{_LONGEST_NAME}}})>")
_PART_OF_MISSING = re.compile(rf"missing_[\w-]{{0,{_LONGEST_NAME}}}")


def inner(text: str, tag: str) -> str:
    """Return what stands in the first `<tag>` of `text`, trimmed (wire protocol §11.1).

    A tag that is never closed reaches to the end; without the tag there is nothing.
    """
    _, found, rest = text.partition(f"<{tag}>")
    return rest.partition(f"</{tag}>")[0].strip() if found else ""


class Changed(Flag):
    """What a piece of an answer changed."""

    NOTHING = 0
    MESSAGE = auto()
    DRAFT = auto()


@dataclass(frozen=True)
class Written:
    """A delivered text. `title` is `None` when the model gave none."""

    title: str | None
    body: str


class TagReader:
    """Takes an answer in pieces, cut anywhere, and knows its clean texts so far.

    `message`, `title` and `body` only ever grow. A piece costs what it is long; a text is put
    together when it is read.
    """

    def __init__(self) -> None:
        self._where = _Where.LOOSE
        self._resume = _Where.LOOSE
        self._held = ""
        self._in_execution = False
        self._begun: set[_Where] = set()
        self._message = _Text()
        self._question = _Text()
        self._title = _Text()
        self._body = _Text()
        self._inside = _Text()
        self._skipped = _Text()
        self._all = _Text()

    @property
    def message(self) -> str:
        """What the model says to the user, so far."""
        return self._message.text()

    @property
    def title(self) -> str:
        """The draft's title so far, in one line."""
        return " ".join(self._title.text().split())

    @property
    def body(self) -> str:
        """The draft so far."""
        return self._body.text()

    def feed(self, piece: str) -> Changed:
        """Take the next piece of the answer."""
        text = self._held + piece
        end = len(text) - _length_of_partial_tag(text)
        self._held = text[end:]
        changed = Changed.NOTHING
        read = 0
        for tag in _TAG.finditer(text, 0, end):
            changed |= self._take(text[read : tag.start()])
            changed |= self._pass(tag)
            read = tag.end()
        return changed | self._take(text[read:end])

    def finish(self) -> Written | str:
        """Return what the whole answer is: a delivered text, or a message (perhaps empty).

        A text wins over a question, and a delivery without a draft is a message (wire protocol
        §11.4).
        """
        if self._held == "<":  # a lone bracket may be meant; anything longer is a tag cut off
            self._take(self._held)
        self._held = ""
        if body := self.body:
            return Written(self.title or None, body)
        for text in (self._inside, self._question, self._all):
            if said := text.text():
                return said
        return self._skipped.text() if self._where is _Where.SKIPPED else ""

    def _pass(self, tag: re.Match[str]) -> Changed:
        """Go where a tag leads. A tag that means nothing here disappears; its text stays."""
        name = tag[2]
        if name == "think":
            return self._think(tag)
        if self._where is not _Where.THOUGHT:
            if tag[1]:
                self._close(name)
            else:
                self._open(name)
        return Changed.NOTHING

    def _think(self, tag: re.Match[str]) -> Changed:
        """Skip the thoughts some local models begin with; elsewhere the word is the user's."""
        if self._where is _Where.THOUGHT:
            if tag[1]:
                self._where = _Where.LOOSE
        elif not tag[1] and self._where is _Where.LOOSE and not self._all:
            self._where = _Where.THOUGHT
        else:
            return self._take(tag[0])
        return Changed.NOTHING

    def _open(self, name: str) -> None:
        if self._where is _Where.DRAFT:
            return  # a text may speak of a title; only its own end ends it
        target = _BLOCKS.get(name, _Where.SKIPPED)
        if target is self._where and target is not _Where.SKIPPED:
            return
        if self._where is not _Where.SKIPPED:
            self._resume = self._where
        if target in self._begun and target is not _Where.EXECUTION:
            target = _Where.SKIPPED  # the first of a kind counts (wire protocol §11.1)
        self._enter(target)
        if target is _Where.EXECUTION:
            self._in_execution = True

    def _close(self, name: str) -> None:
        if name == "execution":
            self._in_execution = False
            self._enter(_Where.LOOSE)
        elif self._where is _Where.SKIPPED:
            self._enter(self._resume)
        elif _BLOCKS.get(name) is self._where:
            self._enter(_Where.EXECUTION if self._in_execution else _Where.LOOSE)

    def _enter(self, where: "_Where") -> None:
        self._where = where
        if where in _BLOCKS.values():
            self._begun.add(where)
        if where is _Where.SKIPPED:
            self._skipped = _Text()
        for text in (self._message, self._inside, self._all):
            text.part()

    def _take(self, text: str) -> Changed:
        """Put plain text where it belongs."""
        if not text or self._where is _Where.THOUGHT:
            return Changed.NOTHING
        if self._where is _Where.SKIPPED:
            self._skipped.add(text)
            return Changed.NOTHING
        self._all.add(text)
        match self._where:
            case _Where.QUESTION:
                self._question.add(text)
            case _Where.TITLE:
                if self._in_execution:
                    self._inside.add(text)
                return Changed.DRAFT if self._title.add(text) else Changed.NOTHING
            case _Where.DRAFT:
                return Changed.DRAFT if self._body.add(text) else Changed.NOTHING
            case _Where.EXECUTION:
                self._inside.add(text)
                if _Where.DRAFT in self._begun:
                    return Changed.NOTHING
            case _Where.LOOSE:
                if self._begun:
                    return Changed.NOTHING
        return Changed.MESSAGE if self._message.add(text) else Changed.NOTHING


class _Where(Enum):
    """The block the reader is in."""

    LOOSE = auto()
    QUESTION = auto()
    EXECUTION = auto()
    TITLE = auto()
    DRAFT = auto()
    SKIPPED = auto()
    THOUGHT = auto()


_BLOCKS = {
    "ask_user_primary_info": _Where.QUESTION,
    "message_to_user": _Where.QUESTION,
    "no_go_explanation": _Where.QUESTION,
    "ask_for_clarification": _Where.QUESTION,
    "user_instruction": _Where.QUESTION,
    "execution": _Where.EXECUTION,
    "title": _Where.TITLE,
    "draft": _Where.DRAFT,
}


class _Text:
    """A text that grows and stays trimmed: whitespace at its end waits for what follows."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._gap: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def add(self, piece: str) -> bool:
        """Append `piece`; says whether the trimmed text grew."""
        if not self._pieces:
            piece = piece.lstrip()
        kept = piece.rstrip()
        if kept:
            self._pieces += (*self._gap, kept)
            self._gap.clear()
        if self._pieces and len(kept) < len(piece):
            self._gap.append(piece[len(kept) :])
        return bool(kept)

    def part(self) -> None:
        """Set what follows apart, as a paragraph."""
        if self._pieces:
            self._gap = ["\n\n"]

    def text(self) -> str:
        """Return the text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""


def _length_of_partial_tag(text: str) -> int:
    """Return how many characters at the end of `text` may become a tag."""
    start = text.rfind("<", -_LONGEST_NAME - len("</missing_"))
    if start < 0:
        return 0
    name = text[start + 1 :].removeprefix("/")
    may_become_one = (
        any(known.startswith(name) for known in (*_NAMES, "missing_"))
        or _PART_OF_MISSING.fullmatch(name) is not None
    )
    return len(text) - start if may_become_one else 0
