"""A text that grows: its blocks so far, and at the end its blocks for good."""

from mojodex_tui.ui.markdown.blocks import Block, split
from mojodex_tui.ui.markdown.clean import Cleaner
from mojodex_tui.ui.markdown.cutter import Cutter
from mojodex_tui.ui.markdown.parser import Reference


class Document:
    """An append-only Markdown text as blocks.

    While it grows, only the open blocks change. `settle` reads the whole text once, as a
    text that was there from the start would be read.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._clean_pieces: list[str] = []
        self._cleaner = Cleaner()
        self._cutter = Cutter()
        self._settled: list[Block] | None = None
        self._open: list[Block] = []
        self.references: dict[str, Reference] = {}

    @classmethod
    def finished(cls, text: str) -> "Document":
        """Return the settled document of a `text` that is whole."""
        document = cls()
        document._pieces = [text]
        document._clean_pieces = [document._cleaner.feed(text)]
        document.settle()
        return document

    @property
    def text(self) -> str:
        """All that was appended, unchanged."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def settled(self) -> bool:
        """Whether the blocks are those of the whole text."""
        return self._settled is not None

    @property
    def steady(self) -> int:
        """How many of the first blocks no more text will change."""
        return len(self._cutter.finished) if self._settled is None else len(self._settled)

    def __len__(self) -> int:
        if self._settled is not None:
            return len(self._settled)
        return len(self._cutter.finished) + len(self._open)

    def __getitem__(self, index: int) -> Block:
        if self._settled is not None:
            return self._settled[index]
        finished = self._cutter.finished
        return finished[index] if index < len(finished) else self._open[index - len(finished)]

    def append(self, text: str) -> int:
        """Take more `text`; return the index of the first block that may have changed."""
        if self._settled is None:
            before = len(self._cutter.finished)
        else:
            before = 0
            self._reopen()
        clean = self._cleaner.feed(text)
        self._pieces.append(text)
        self._clean_pieces.append(clean)
        self._open = self._cutter.append(clean)
        return before

    def settle(self) -> None:
        """Read the whole text once; the blocks of a long text may move."""
        if self._settled is not None:
            return
        self._clean_pieces = ["".join(self._clean_pieces)]
        self._settled, self.references = split(self._clean_pieces[0])
        self._cutter = Cutter()
        self._open = []

    def _reopen(self) -> None:
        self._settled = None
        self._open = self._cutter.append("".join(self._clean_pieces))
