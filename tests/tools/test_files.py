"""Reading attached files, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mojodex_tui.backend.tools.documents import MOST_BYTES
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.files import AttachedFiles, file_tools
from tests.tools import papers
from tests.tools.calling import named, said


async def read(folder: Path, name: str, **args: int) -> str:
    return await said(named(file_tools(folder), "read_file"), name=name, **args)


async def search(folder: Path, query: str, **args: str) -> str:
    return await said(named(file_tools(folder), "search_files"), query=query, **args)


async def test_files_are_listed_with_their_sizes(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("four")
    (tmp_path / "a.md").write_text("")
    (tmp_path / "folder").mkdir()
    listed = await said(named(file_tools(tmp_path), "list_files"))
    assert listed == "a.md (0 bytes)\nb.txt (4 bytes)"


async def test_without_attachments_there_is_no_folder(tmp_path: Path) -> None:
    listed = await said(named(file_tools(tmp_path / "none"), "list_files"))
    assert listed == "No files are attached."


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "Käse".encode(), "Käse"),
        ("a.md", "# Käse".encode("utf-8-sig"), "# Käse"),
        ("a.csv", "Käse;12 €\r\n".encode("cp1252"), "Käse;12 €\n"),
        ("a.txt", "Käse".encode("utf-16"), "Käse"),
        ("a.html", b"<title>T</title><script>no</script><p>a<p>b", "T\n\na\n\nb"),
        ("A.DOCX", papers.word(), "Minutes\n\nAda opens the meeting.\n\nBudget | 12 €\n\nClosed."),
        ("a.pdf", papers.pdf("One", "Two"), "[page 1 of 2]\nOne\n\n[page 2 of 2]\nTwo"),
        ("noending", b"plain", "plain"),
    ],
)
async def test_each_kind_is_read(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert await read(tmp_path, name) == text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", b"\x89PNG", "cannot be read; these kinds can: .csv"),
        ("a.txt", b"\x00\x01\xff\xfe", "no text file"),
        ("a.pdf", b"%PDF-1.4 nothing", "broken PDF"),
        ("a.pdf", b"", "broken PDF"),
        ("a.pdf", papers.pdf(""), "scanned"),
        ("a.pdf", papers.pdf("x", password="secret"), "locked by a password"),
        ("a.docx", b"no archive", "broken DOCX"),
        ("a.docx", papers.bomb(), "too large when unpacked"),
    ],
)
async def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ToolFailed, match=reason):
        await read(tmp_path, name)


async def test_large_files_are_refused_by_their_size(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(ToolFailed, match="larger than 20 MB"):
        await read(tmp_path, "a.txt")


async def test_long_texts_come_in_parts_that_join(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("0123456789")
    first = await read(tmp_path, "a.txt", length=6)
    assert first == "012345\n\n(characters 0 to 6 of 10; go on with start=6)"
    assert await read(tmp_path, "a.txt", start=6) == "6789\n\n(characters 6 to 10 of 10)"
    with pytest.raises(ToolFailed, match="10 characters"):
        await read(tmp_path, "a.txt", start=10)


async def test_pages_are_asked_for_by_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(papers.pdf(*(f"Page{n}" for n in range(1, 61))))
    text = await read(tmp_path, "a.pdf", first_page=2, last_page=3)
    assert text == ("[page 2 of 60]\nPage2\n\n[page 3 of 60]\nPage3\n\n(go on with first_page=4)")
    assert (await read(tmp_path, "a.pdf")).endswith("Page50\n\n(go on with first_page=51)")
    with pytest.raises(ToolFailed, match="60 pages"):
        await read(tmp_path, "a.pdf", first_page=61)
    with pytest.raises(ToolFailed, match="swap"):
        await read(tmp_path, "a.pdf", first_page=3, last_page=2)


async def test_texts_have_no_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ToolFailed, match="no pages"):
        await read(tmp_path, "a.txt", first_page=1)


async def test_searching_names_file_page_and_place(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(papers.pdf(*[""] * 51, "The KEY word"))
    (tmp_path / "b.txt").write_text("no lock without key")
    (tmp_path / "c.bin").write_bytes(b"\0")
    hits = (await search(tmp_path, "key")).split("\n")
    assert hits[1] == "b.txt, character 16: no lock without key"
    assert hits[2].startswith("c.bin: not searched.")
    assert await search(tmp_path, "absent", name="b.txt") == "'absent' does not occur."


async def test_searching_reads_all_pages(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(papers.pdf(*["page"] * 55, "The KEY word"))
    assert await search(tmp_path, "key") == "a.pdf, page 56, character 4: The KEY word"


async def test_too_many_hits_are_cut(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x " * 100)
    hits = (await search(tmp_path, "x")).split("\n")
    assert len(hits) == 21
    assert "search for something longer" in hits[-1]


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "link.txt", "in/a.txt", ".", ""])
async def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "files"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.txt").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ToolFailed, match="Attached files: none"):
        await read(folder, name)


_PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "secret", ".txt", "files", "%2e", "\0", "~", "a", ":", "\u2215", "…"]
)


@given(st.lists(_PIECES, max_size=8).map("".join) | st.text(max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "files"
    folder.mkdir(exist_ok=True)
    (folder / "a").write_text("attached")
    (tmp_path / "secret.txt").write_text("secret")
    try:
        content = AttachedFiles(folder).content(name)
    except ToolFailed:
        content = b""
    assert content == (b"attached" if name == "a" else b"")


def test_a_file_swapped_for_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    files = AttachedFiles(folder)
    # the moment between listing and opening
    monkeypatch.setattr(files, "sizes", lambda: {"a.txt": 6})
    with pytest.raises(ToolFailed, match="cannot be read"):
        files.content("a.txt")
