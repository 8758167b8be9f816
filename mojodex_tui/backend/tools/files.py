"""Reading what the user attached; nothing else on this computer can be named."""

import asyncio
import os
from pathlib import Path

from pydantic import Field

from mojodex_tui.backend.tools.documents import (
    MOST_BYTES,
    MOST_PAGES,
    Pages,
    document_text,
    pdf_pages,
)
from mojodex_tui.backend.tools.excerpts import Arguments, Part, around, part_of, shortened
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.offers import AnyTool, offered

_MOST_HITS = 20
_NO_FOLLOWING = getattr(os, "O_NOFOLLOW", 0)
"""0 on Windows, where making links needs rights of its own."""


class AttachedFiles:
    """The files of one execution: those that lie directly in its folder.

    A name is looked up among those the folder lists and never becomes a part of a path by itself,
    so no name leads elsewhere; links are not listed.

    Args:
        folder: where they are; it may not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sizes(self) -> dict[str, int]:
        """Return all names with their sizes in bytes."""
        try:
            with os.scandir(self._folder) as entries:
                files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
                return {entry.name: entry.stat().st_size for entry in sorted(files, key=_name)}
        except FileNotFoundError:
            return {}

    def content(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            ToolFailed: there is no such file, or it is too large.
        """
        sizes = self.sizes()
        if name not in sizes:
            known = ", ".join(sizes) or "none"
            raise ToolFailed(f"No file {name!r} is attached. Attached files: {known}.")
        if sizes[name] > MOST_BYTES:
            raise ToolFailed(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY | _NO_FOLLOWING)
            with os.fdopen(descriptor, "rb") as file:
                return file.read(MOST_BYTES)
        except OSError as error:
            raise ToolFailed(f"{name} cannot be read: {error.strerror}.") from error

    def text(self, name: str, first_page: int | None, last_page: int | None) -> str:
        """Return a file's text, or that of some of its pages.

        Raises:
            ToolFailed: it cannot be read, or has no such pages.
        """
        content = self.content(name)
        if name.lower().endswith(".pdf"):
            pages = pdf_pages(name, content, first_page or 1, last_page)
            return f"{pages.text}{_more(pages)}"
        if first_page or last_page:
            raise ToolFailed(f"{name} has no pages; use start and length.")
        return document_text(name, content)

    def occurrences(self, query: str, name: str | None) -> list[str]:
        """Return where a text occurs, a line each; files that cannot be read say so."""
        hits: list[str] = []
        for one in [name] if name is not None else list(self.sizes()):
            try:
                hits += _hits(one, self._searchable(one), query)
            except ToolFailed as error:
                hits.append(f"{one}: not searched. {error}")
        return hits

    def _searchable(self, name: str) -> list[tuple[str, str]]:
        content = self.content(name)
        if not name.lower().endswith(".pdf"):
            return [("", document_text(name, content))]
        pages = pdf_pages(name, content, 1, None)
        found = list(pages.texts)
        while found[-1][0] < pages.total:
            found += pdf_pages(name, content, found[-1][0] + 1, None).texts
        return [(f", page {number}", text) for number, text in found]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _more(pages: Pages) -> str:
    last = pages.texts[-1][0]
    return f"\n\n(go on with first_page={last + 1})" if last < pages.total else ""


def _hits(name: str, parts: list[tuple[str, str]], query: str) -> list[str]:
    hits: list[str] = []
    for place, text in parts:
        # lower() keeps almost every position, casefold() would not
        folded, wanted = text.lower(), query.lower()
        at = folded.find(wanted)
        while at >= 0 and len(hits) <= _MOST_HITS:
            hits.append(f"{name}{place}, character {at}: {around(text, at, 100)}")
            at = folded.find(wanted, at + len(wanted))
    if len(hits) > _MOST_HITS:
        hits[_MOST_HITS:] = [f"{name}: there are more; search for something longer."]
    return hits


class _List(Arguments):
    """No arguments."""


class _Read(Part):
    name: str = Field(description="A name list_files returned.")
    first_page: int | None = Field(None, ge=1, description="PDF only.")
    last_page: int | None = Field(None, ge=1, description=f"PDF only; {MOST_PAGES} at once.")


class _Search(Arguments):
    query: str = Field(min_length=1, max_length=200, description="Text that occurs literally.")
    name: str | None = Field(None, description="One file; all if not given.")


def file_tools(folder: Path) -> tuple[AnyTool, ...]:
    """Return the tools on the files of one folder; reading happens in a thread."""
    files = AttachedFiles(folder)

    async def list_all(_args: _List) -> str:
        sizes = await asyncio.to_thread(files.sizes)
        lines = [f"{name} ({size} bytes)" for name, size in sizes.items()]
        return shortened("\n".join(lines)) or "No files are attached."

    async def read(args: _Read) -> str:
        text = await asyncio.to_thread(files.text, args.name, args.first_page, args.last_page)
        return part_of(text, args)

    async def search(args: _Search) -> str:
        hits = await asyncio.to_thread(files.occurrences, args.query, args.name)
        return shortened("\n".join(hits)) or f"{args.query!r} does not occur."

    return (
        offered("list_files", _List, "List the files the user attached.", list_all),
        offered("read_file", _Read, "Read an attached file as text.", read),
        offered("search_files", _Search, "Find a text within attached files.", search),
    )
