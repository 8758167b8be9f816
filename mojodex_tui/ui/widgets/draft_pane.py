"""The draft: read while it grows, or edited."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static, TextArea

from mojodex_tui.state.session import DraftShown
from mojodex_tui.ui.widgets.document_view import DocumentView
from mojodex_tui.ui.widgets.markdown_area import MarkdownArea
from mojodex_tui.ui.widgets.passage_text import PassageText
from mojodex_tui.ui.widgets.strip_view import StripView


@dataclass
class WordCount:
    """Counts the words of a text that comes in pieces, at a cost of the piece only."""

    words: int = 0
    inside: bool = False
    """The text ends within a word, which the next piece may continue."""

    def add(self, piece: str) -> None:
        """Take in a piece."""
        if not piece:
            return
        self.words += len(piece.split())
        if self.inside and not piece[0].isspace():
            self.words -= 1
        self.inside = not piece[-1].isspace()


class DraftPane(Vertical):
    """Shows a draft as Markdown, and lets it be edited as text."""

    editing: reactive[bool] = reactive(False)
    """Whether the text can be changed; nothing that arrives is shown over it."""

    choosing: reactive[bool] = reactive(False)
    """Whether a passage of the text is being chosen."""

    @dataclass
    class Changed(Message):
        """The working copy is this now."""

        body: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = ""
        self._count = WordCount()

    def compose(self) -> ComposeResult:
        """Lay out the view and, over it when asked for, the editor."""
        yield DocumentView(id="draft-text")
        yield MarkdownArea(id="draft-editor", soft_wrap=True, tab_behavior="focus")
        yield PassageText(id="draft-passage")
        yield Static("v new text below: End follows it", id="draft-below", markup=False)

    @property
    def view(self) -> DocumentView:
        """Where the draft is read."""
        return self.query_one("#draft-text", DocumentView)

    @property
    def editor(self) -> TextArea:
        """Where the draft is changed."""
        return self.query_one("#draft-editor", TextArea)

    @property
    def target(self) -> Widget:
        """What takes the keys when the pane has the focus."""
        if self.editing:
            return self.editor
        return self.query_one(PassageText) if self.choosing else self.view

    @property
    def words(self) -> int:
        """How many words the body has."""
        return self._count.words

    def show(self, draft: DraftShown, *, from_top: bool = False) -> None:
        """Show a whole draft.

        Args:
            draft: What to show.
            from_top: Begin with its first line; a text that has just grown stays where it is.
        """
        self._title = draft.title
        self._count = WordCount()
        self._count.add(draft.body)
        text = _heading(draft.title) + draft.body
        if self.view.text != text:
            self.view.replace(text)
        self.view.settle()
        if from_top:
            self.view.begin_at_top()

    def show_own(self, draft: DraftShown) -> None:
        """Show what the user has just written: nothing in it is news."""
        self.show(draft)
        self.view.unread = False

    def begin_title(self, title: str) -> None:
        """Show the title of a draft that begins."""
        self._title = title
        self._count = WordCount()
        self.view.replace(_heading(title))

    def grow_title(self, text: str) -> None:
        """Let the title grow."""
        self.begin_title(self._title + text)

    def begin_body(self, body: str) -> None:
        """Show `body` under the title, instead of what was there."""
        self._count = WordCount()
        self._count.add(body)
        self.view.replace(_heading(self._title) + body)

    def grow_body(self, text: str) -> None:
        """Let the body grow."""
        self._count.add(text)
        self.view.append(text)

    def edit(self, body: str) -> None:
        """Open the editor on `body`."""
        self.editor.load_text(body)
        self.editing = True
        self.editor.focus()

    def stop_editing(self) -> None:
        """Go back to reading."""
        self.editing = False
        self.view.focus()

    def choose(self, body: str, *, by_lines: bool) -> None:
        """Let a passage of `body` be chosen, from about where the reader is."""
        heading = _heading(self._title).count("\n")
        self.choosing = True
        passage = self.query_one(PassageText)
        passage.begin(body, max(0, self.view.line_in_window - heading), by_lines=by_lines)
        passage.focus()

    def stop_choosing(self) -> None:
        """Go back to reading."""
        self.choosing = False
        self.view.focus()

    @on(TextArea.Changed, "#draft-editor")
    def _tell_change(self, changed: TextArea.Changed) -> None:
        changed.stop()
        if self.editing:
            self.post_message(self.Changed(self.editor.text))

    def watch_editing(self, editing: bool) -> None:
        """Let the editor take the view's place."""
        self.set_class(editing, "-editing")

    def watch_choosing(self, choosing: bool) -> None:
        """Let the text to choose from take the view's place."""
        self.set_class(choosing, "-choosing")

    @on(StripView.NewBelow)
    def _tell_new(self) -> None:
        """Say that the text goes on below, unless that is known by now."""
        self.set_class(self.view.unread, "-new-below")

    @on(StripView.FollowChanged)
    def _tell_no_more(self, message: StripView.FollowChanged) -> None:
        """Nothing is below once the view follows again."""
        if message.follow:
            self.remove_class("-new-below")


def _heading(title: str) -> str:
    """Return the title as the first line of a Markdown text."""
    return f"# {title}\n\n" if title else ""
