"""What the views look like; their behaviour is tested beside this."""

from collections.abc import Callable

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.pilot import Pilot

from mojodex_tui.ui.theme import THEMES
from mojodex_tui.ui.widgets.document_view import DocumentView
from mojodex_tui.ui.widgets.entry import Entry, EntryKind
from mojodex_tui.ui.widgets.markdown_looks import MarkdownLooks
from mojodex_tui.ui.widgets.strip_view import StripView
from mojodex_tui.ui.widgets.transcript_view import TranscriptView
from tests.ui.markdown.sample import SAMPLE

SnapCompare = Callable[..., bool]

CONVERSATION = [
    Entry("1", EntryKind.USER, "Budget review with ACME\non Tuesday", "you", "10:31"),
    Entry(
        "2",
        EntryKind.ASSISTANT,
        "Who should receive **the recap**?\n\n1. Ana\n2. Luc\n\n```sh\nls -l  # files\n```",
        "mojo",
        "10:31",
    ),
    Entry("3", EntryKind.DRAFT, "v1, 212 words", "draft", "10:32"),
    Entry("4", EntryKind.NOTICE, "reconnected after 3 s"),
    Entry("5", EntryKind.ERROR, "The plan is used up.", "error", "10:33"),
    Entry("6", EntryKind.UNSENT, "Add the phone number", "you", "10:34", "not sent: r retry"),
    Entry("7", EntryKind.QUEUED, "And less formal", "you", "", "queued"),
]


class Document(App[None]):
    """The sample, from its start."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        for own in THEMES:
            self.register_theme(own)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield DocumentView(SAMPLE)


class Transcript(Document):
    """A conversation with an entry of each kind."""

    def compose(self) -> ComposeResult:
        yield TranscriptView(CONVERSATION)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_document(snap_compare: SnapCompare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(Document(theme), terminal_size=size, press=["home"])


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_transcript(snap_compare: SnapCompare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(Transcript(theme), terminal_size=size, press=["k", "k"])


def test_the_end_of_a_document(snap_compare: SnapCompare) -> None:
    assert snap_compare(Document("textual-dark"), terminal_size=(80, 24))


def test_a_selection_and_found_words(snap_compare: SnapCompare) -> None:
    async def select(pilot: Pilot[None]) -> None:
        await pilot.pause()
        pilot.app.query_one(DocumentView).find("travel")
        await pilot.press("home")
        await pilot.pause()
        await pilot.mouse_down(offset=(5, 3))
        await pilot.hover(offset=(20, 5))
        await pilot.mouse_up(offset=(20, 5))

    assert snap_compare(Document("textual-dark"), terminal_size=(80, 24), run_before=select)


def _luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return float(share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


TEXT_ROLES = sorted(
    name
    for name in MarkdownLooks.COMPONENT_CLASSES
    | StripView.COMPONENT_CLASSES
    | TranscriptView.COMPONENT_CLASSES
    if not name.endswith(("rule", "bar", "border", "cursor"))
)


def _looks(view: TranscriptView) -> dict[str, Style]:
    return {name: view.get_visual_style(name).rich_style for name in TEXT_ROLES}


@pytest.mark.parametrize(
    "theme", ["textual-dark", "textual-light", *(theme.name for theme in THEMES)]
)
async def test_all_text_can_be_read(theme: str) -> None:
    """WCAG's formula: 4.5 to 1 for text; lines and bars are no text."""
    app = Transcript(theme)
    async with app.run_test() as pilot:
        await pilot.pause()
        for name, style in _looks(app.query_one(TranscriptView)).items():
            assert style.color is not None
            assert style.bgcolor is not None
            levels = sorted(
                _luminance(Color.from_rich_color(color)) for color in (style.color, style.bgcolor)
            )
            assert (levels[1] + 0.05) / (levels[0] + 0.05) >= 4.5, name


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_no_text_has_the_colour_it_stands_on(theme: str) -> None:
    app = Transcript(theme)
    async with app.run_test() as pilot:
        await pilot.pause()
        for name, style in _looks(app.query_one(TranscriptView)).items():
            assert (
                style.bgcolor is None or style.bgcolor.is_default or style.color != style.bgcolor
            ), name
