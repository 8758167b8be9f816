"""Drafts as files, read back by the libraries others read them with."""

from __future__ import annotations

import builtins
import logging
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT as SIDE
from pypdf import PdfReader

from mojodex_tui.export import CannotExport, Format, format_of, write

TEXT = """# Budget review: ACME

**Present:** Ana, *Luc* & ~~you~~, `code`

## Decisions

- Travel line cut
    - by **10 percent**, see [the table](https://example.com/t)
- New quote

3. three
4. four

> as quoted

| Who | What |
|---|---|
| **Luc** | send the `quote` |

```
x < 1
```

<script>alert(1)</script>
"""


def written(tmp_path: Path, ending: str, text: str = TEXT) -> Path:
    path = tmp_path / f"recap.{ending}"
    write(path, "Budget & review", text)
    return path


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.md", Format.MARKDOWN),
        ("a.HTM", Format.HTML),
        ("a.docx", Format.WORD),
        ("a.pdf", Format.PDF),
        ("a.text", Format.TEXT),
        ("a", Format.MARKDOWN),
        ("a.notes", Format.MARKDOWN),
    ],
)
def test_format_is_what_the_name_ends_with(name: str, wanted: Format) -> None:
    assert format_of(Path(name)) is wanted


def test_markdown_is_written_as_it_is(tmp_path: Path) -> None:
    assert written(tmp_path, "md").read_text("utf-8") == TEXT


def test_text_has_no_marks_and_keeps_the_shape(tmp_path: Path) -> None:
    assert (
        written(tmp_path, "txt").read_text("utf-8")
        == """Budget review: ACME
===================

Present: Ana, Luc & you, code

Decisions
---------

- Travel line cut
  - by 10 percent, see the table (https://example.com/t)
- New quote

3. three
4. four

  as quoted

Who  What
---  --------------
Luc  send the quote

    x < 1

<script>alert(1)</script>
"""
    )


def test_page_shows_html_in_a_draft_and_does_not_run_it(tmp_path: Path) -> None:
    page = written(tmp_path, "html").read_text("utf-8")
    assert "<title>Budget &amp; review</title>" in page
    assert "<h2>Decisions</h2>" in page
    assert '<a href="https://example.com/t">the table</a>' in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_word_document_has_headings_lists_tables_and_looks(tmp_path: Path) -> None:
    document = Document(str(written(tmp_path, "docx")))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert document.core_properties.title == "Budget & review"
    assert [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 2"] == [
        "Decisions"
    ]
    assert "•\tby 10 percent, see the table" in lines
    assert [line for line in lines if line.startswith(("3.", "4."))] == ["3.\tthree", "4.\tfour"]
    [table] = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Who", "What"],
        ["Luc", "send the quote"],
    ]
    present = next(p for p in document.paragraphs if p.text.startswith("Present"))
    assert [run.text for run in present.runs if run.bold] == ["Present:"]
    targets = [rel.target_ref for rel in document.part.rels.values() if rel.is_external]
    assert targets == ["https://example.com/t"]


def test_pdf_says_what_the_draft_says(tmp_path: Path) -> None:
    [page] = PdfReader(BytesIO(written(tmp_path, "pdf").read_bytes())).pages
    said = " ".join(page.extract_text().split())
    for words in ("Budget review: ACME", "by 10 percent", "send the quote", "x < 1"):
        assert words in said


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", 1),
        ("| | |\n|-|-|\n| | |", 1),
        ("```\n" + "\n".join(f"line {n}" for n in range(150)) + "\n```", 3),
        ("\n>\n".join(f"> quoted {n}" for n in range(80)), 3),
        ("| a | b |\n|---|--:|\n" + "\n".join(f"| row {n} | {n} |" for n in range(90)), 3),
        ("- a\n\n  | x |\n  |---|\n  | 1 |\n\n  > - in\n\n  ```\n  code\n  ```\n", 1),
        ("| " + "z" * 200 + " | b |\n|---|---|\n| 1 | 2 |", 1),
        ("\n\n".join(f"# Heading {n}\n\ntext {n}" for n in range(40)), 4),
    ],
    ids=["empty", "empty cells", "code", "quote", "table", "nested", "long word", "headings"],
)
def test_pdf_has_all_of_a_draft_on_as_many_pages_as_it_takes(
    tmp_path: Path, text: str, pages: int
) -> None:
    reader = PdfReader(BytesIO(written(tmp_path, "pdf", text).read_bytes()))
    said = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == pages
    marks = str.maketrans("", "", "|-:`>#")
    assert all(word in said for word in text.translate(marks).split())


def test_columns_of_a_word_file_stand_where_they_should(tmp_path: Path) -> None:
    text = "| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |\n\n> said\n>\n> - one\n> - two\n"
    document = Document(BytesIO(written(tmp_path, "docx", text).read_bytes()))
    sides = [cell.paragraphs[0].alignment for cell in document.tables[0].rows[1].cells]
    assert sides == [SIDE.LEFT, SIDE.CENTER, SIDE.RIGHT]
    assert [one.text for one in document.paragraphs] == ["said", "•\tone", "•\ttwo"]


def test_pdf_without_a_font_for_the_letters_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mojodex_tui.export.fonts._FAMILIES", ())
    with pytest.raises(CannotExport, match=r"Write \.docx"):
        written(tmp_path, "pdf", "日本")
    assert not (tmp_path / "recap.pdf").exists()


def test_pdf_without_its_library_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.startswith("fpdf"):
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CannotExport, match=r"mojodex-tui\[pdf\]"):
        written(tmp_path, "pdf")


def test_pdf_says_nothing_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        written(tmp_path, "pdf", "a smile \U0001f642 and a — dash")
    except CannotExport:
        pytest.skip("no font on this computer")
    finally:
        root.handlers = handlers
    assert capfd.readouterr() == ("", "")


def test_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotExport, match="was not written: Is a directory"):
        write(tmp_path, "t", TEXT)
