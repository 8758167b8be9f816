"""Files users add to their messages: kept under names of ours, and as text for the assistant."""

import asyncio
import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import ATTACHED, InputValue
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Message
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.ports import Store
from mojodex_tui.backend.tools.documents import READABLE, document_text, pdf_pages
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.session_files import MOST_BYTES, MOST_FILES, SessionFile, SessionFiles

FILES_KEY = "files"
"""The key of a message's content that holds its files."""

LONGEST = 40_000
"""Characters of a file that an assistant is given; its tools can read on."""

_ASIDE = ".about"
"""The folder within a folder of files that tells about each; tools list files only."""

_LONGEST_STEM = 80
_UNSAFE = re.compile(r"[^\w .()+-]")


@dataclass(frozen=True)
class Attachment:
    """A file as it is kept.

    Attributes:
        file_id: its name in our folder.
        name: the name its user gave it.
        size: its bytes.
        order: its place among the files of its execution.
        text: what an assistant can read of it.
        length: how long its whole text is.
        of_form: it was handed in with the form, rather than with a message.
    """

    file_id: str
    name: str
    size: int
    order: int
    text: str
    length: int
    of_form: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether its text goes on."""
        return self.length > len(self.text)


@dataclass(frozen=True)
class Attachments:
    """The files users added to messages.

    Args:
        store: knows sessions, and which files went with a message.
        folder: where the files of all executions are.
    """

    store: Store
    folder: Path

    def folder_of(self, execution_pk: int) -> Path:
        """Return where the files of an execution are, by names that are safe; it may be missing."""
        return self.folder / str(execution_pk)

    async def attach(self, user: User, session_id: str, part: FilePart | None) -> SessionFile:
        """Keep a file for the next message of a session.

        Raises:
            NotFound: there is no such session, or it is somebody else's.
            Refused: it is no file that can be read, or one too many.
        """
        execution_pk, _ = await self._session(user, session_id)
        if execution_pk is None:
            raise Refused("No task has begun in this chat yet. Say what you want, then add files.")
        if part is None:
            raise Refused("There is no file in the request.")
        return _shown(await asyncio.to_thread(self._keep, execution_pk, part))

    async def list_pending(self, user: User, session_id: str) -> SessionFiles:
        """Return the files that go with the next message.

        Raises:
            NotFound: there is no such session, or it is somebody else's.
        """
        execution_pk, sent = await self._session(user, session_id)
        kept = [] if execution_pk is None else await self.kept(execution_pk)
        pending = (each for each in kept if each.file_id not in sent and not each.of_form)
        return SessionFiles(files=tuple(map(_shown, pending)))

    async def detach(self, user: User, session_id: str, file_id: str) -> None:
        """Take a file away again.

        Raises:
            NotFound: there is no such session or file, or it is somebody else's.
            Refused: it went with a message already.
        """
        execution_pk, sent = await self._session(user, session_id)
        known = [] if execution_pk is None else await self.kept(execution_pk)
        if execution_pk is None or file_id not in {each.file_id for each in known}:
            raise NotFound("There is no such file in this session.")
        if file_id in sent or any(each.of_form for each in known if each.file_id == file_id):
            raise Refused("This file was sent with a message already.")
        await asyncio.to_thread(self._remove, execution_pk, file_id)

    async def kept(self, execution_pk: int) -> list[Attachment]:
        """Return all files of an execution, sent or not, in the order they were added."""
        return await asyncio.to_thread(self._kept, execution_pk)

    async def hand_in(self, execution_pk: int, sent: Collection[str]) -> None:
        """Count the files that went with no message as handed in with the form."""
        for each in await self.kept(execution_pk):
            if each.file_id not in sent and not each.of_form:
                await asyncio.to_thread(self._tell, execution_pk, replace(each, of_form=True))

    async def of_form(self, execution_pk: int) -> tuple[InputValue, ...]:
        """Return the files handed in with the form, as one more answer of it."""
        handed_in = [each for each in await self.kept(execution_pk) if each.of_form]
        if not handed_in:
            return ()
        told = _told(as_content(handed_in))
        return (InputValue(ATTACHED, "Attached files", "Files the user attached", told),)

    async def _session(self, user: User, session_id: str) -> tuple[int | None, Collection[str]]:
        """Return a session's execution, if it has one, and the files that went with messages."""
        async with self.store.read() as work:
            session = await work.sessions.get(session_id)
            if session is None or session.user_id != user.user_id:
                raise NotFound(f"Session {session_id} not found for this user")
            execution = await work.executions.latest_of_session(session_id)
            pk = execution.pk if execution is not None else None
            return pk, sent_files(await work.messages.conversation(session_id))

    # --- on disk ---------------------------------------------------------------------------

    def _keep(self, execution_pk: int, part: FilePart) -> Attachment:
        folder = self.folder_of(execution_pk)
        aside = folder / _ASIDE
        aside.mkdir(parents=True, exist_ok=True)
        before = self._kept(execution_pk)
        if len(before) >= MOST_FILES:
            raise Refused(f"{MOST_FILES} files are attached already; remove one first.")
        name = Path(part.filename.replace("\\", "/")).name or "file"
        text = _text(name, part.content)
        file_id = _put(folder, name, part.content)
        order = max((each.order for each in before), default=0) + 1
        kept = Attachment(
            file_id, name, len(part.content), order, text[:LONGEST].rstrip(), len(text.rstrip())
        )
        self._tell(execution_pk, kept)
        return kept

    def _tell(self, execution_pk: int, kept: Attachment) -> None:
        about = self.folder_of(execution_pk) / _ASIDE / f"{kept.file_id}.json"
        about.write_text(json.dumps(asdict(kept)), "utf-8")

    def _kept(self, execution_pk: int) -> list[Attachment]:
        told = (self.folder_of(execution_pk) / _ASIDE).glob("*.json")
        found = [Attachment(**json.loads(path.read_text("utf-8"))) for path in told]
        return sorted(found, key=lambda each: each.order)

    def _remove(self, execution_pk: int, file_id: str) -> None:
        folder = self.folder_of(execution_pk)
        (folder / _ASIDE / f"{file_id}.json").unlink(missing_ok=True)
        (folder / file_id).unlink(missing_ok=True)


def sent_files(messages: Sequence[Message]) -> set[str]:
    """Return the files that went with some messages."""
    return {
        str(file.get("file_id"))
        for message in messages
        for file in _files(message.content)
        if isinstance(file, dict)
    }


def as_content(files: Sequence[Attachment]) -> JsonObject:
    """Return what a message keeps of its files; nothing without any."""
    if not files:
        return {}
    return {
        FILES_KEY: [
            {"file_id": each.file_id, "name": each.name, "size": each.size, "text": _excerpt(each)}
            for each in files
        ]
    }


def with_files(said: str | None, content: JsonObject) -> str | None:
    """Return what a model sees of a message: its files first, then its words."""
    told = _told(content)
    return f"{told}\n\n{said}" if told and said else said


def _told(content: JsonObject) -> str:
    """Return what a message's files say, each under its name."""
    # No tags: the assistant that is no model works on these words as they are.
    return "\n\n".join(
        f"Attached file {file.get('file_id')}:\n{file.get('text')}\n(end of {file.get('file_id')})"
        for file in _files(content)
        if isinstance(file, dict)
    )


def _files(content: JsonObject) -> Sequence[object]:
    files = content.get(FILES_KEY)
    return files if isinstance(files, list) else ()


def _excerpt(file: Attachment) -> str:
    if not file.is_cut:
        return file.text
    return f"{file.text}\n\n(cut: the first {len(file.text)} of {file.length} characters)"


def _shown(file: Attachment) -> SessionFile:
    read = f"Only the first {len(file.text)} of {file.length} characters are read."
    return SessionFile(
        file_id=file.file_id,
        name=file.name,
        size=file.size,
        notice=read if file.is_cut else None,
    )


def _text(name: str, content: bytes) -> str:
    """Return the text of a file.

    Raises:
        Refused: there is none to be had.
    """
    if not content:
        raise Refused(f"{name} is empty.")
    if len(content) > MOST_BYTES:
        raise Refused(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
    ending = Path(name).suffix.lower()
    try:
        if ending == ".pdf":
            pages = pdf_pages(name, content, 1, None)
            last = pages.texts[-1][0]
            more = f"\n\n(cut after page {last} of {pages.total})" if last < pages.total else ""
            return f"{pages.text}{more}"
        if ending in READABLE:
            return document_text(name, content)
    except ToolFailed as error:
        raise Refused(str(error)) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        kinds = ", ".join(sorted(READABLE))
        raise Refused(f"{name} is not text, and of no kind that can be read: {kinds}.")
    return text


def _put(folder: Path, name: str, content: bytes) -> str:
    """Write a file under a free, safe name that its user and a model recognise."""
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "file"
    path = Path(safe)
    # What is text by its content only is given an ending that says so.
    ending = path.suffix.lower() if path.suffix.lower() in READABLE else ".txt"
    stem = (path.stem if path.suffix.lower() in READABLE else safe)[:_LONGEST_STEM]
    for number in range(1, MOST_FILES + 2):
        file_id = f"{stem}{f' ({number})' if number > 1 else ''}{ending}"
        try:
            with (folder / file_id).open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return file_id
    raise Refused(f"There are too many files named {name}.")
