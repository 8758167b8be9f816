"""Markdown's roles in the colours of the theme."""

from rich.style import Style
from textual.scroll_view import ScrollView

from mojodex_tui.ui.markdown import PLAIN, MarkdownStyles


class MarkdownLooks(ScrollView):
    """A view that knows how Markdown looks in the theme there is now."""

    COMPONENT_CLASSES = set(MarkdownStyles.component_classes())
    DEFAULT_CSS = """
    MarkdownLooks {
        .markdown--heading-1 { color: $text-primary; text-style: bold; }
        .markdown--heading-2 { color: $text-primary; text-style: bold underline; }
        .markdown--heading-3 { color: $text-primary; text-style: bold; }
        .markdown--heading-4 { color: $foreground; text-style: bold underline; }
        .markdown--heading-5 { color: $foreground; text-style: bold; }
        .markdown--heading-6 { color: $text-muted; text-style: bold; }
        .markdown--rule { color: $primary 60%; }
        .markdown--bullet { color: $text-primary; text-style: bold; }
        .markdown--done { color: $text-success; text-style: bold; }
        .markdown--link { color: $text-primary; text-style: underline; }
        .markdown--inline-code { color: $text-warning; background: $warning 10%; }
        .markdown--quote { background: $boost; }
        .markdown--quote-bar { color: $primary; background: $boost; }
        .markdown--table-header { color: $text-primary; text-style: bold; }
        .markdown--table-border { color: $foreground 35%; }
        .markdown--code, .markdown--operator { color: $foreground; background: $foreground 6%; }
        .markdown--code-label {
            color: $text-muted; background: $foreground 6%; text-style: italic;
        }
        .markdown--comment {
            color: $text-muted; background: $foreground 6%; text-style: italic;
        }
        .markdown--keyword { color: $text-accent; background: $foreground 6%; text-style: bold; }
        .markdown--constant { color: $text-accent; background: $foreground 6%; }
        .markdown--string { color: $text-success; background: $foreground 6%; }
        .markdown--number { color: $text-warning; background: $foreground 6%; }
        .markdown--function { color: $text-primary; background: $foreground 6%; }
        .markdown--type-name {
            color: $text-warning; background: $foreground 6%; text-style: bold;
        }
        .markdown--builtin { color: $text-primary; background: $foreground 6%; }
        .markdown--tag { color: $text-primary; background: $foreground 6%; text-style: bold; }
        .markdown--error { color: $text-error; background: $foreground 6%; }

        &:light {
            .markdown--inline-code { color: $text-error; background: $error 6%; }
            .markdown--bullet, .markdown--type-name { color: $text-secondary; }
            .markdown--keyword { color: $text-primary; }
            .markdown--constant, .markdown--number { color: $text-error; }
            .markdown--string { color: $text-secondary; }
            .markdown--done { color: $text-primary; }
        }

        &:ansi {
            .markdown--inline-code { background: ansi_default; }
        }
    }
    """

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._styles = PLAIN
        self._styles_known = False

    @property
    def markdown_styles(self) -> MarkdownStyles:
        """The roles' styles in the theme there is now; the last known once the view is removed."""
        if not self._styles_known and self.is_attached:
            styles = MarkdownStyles.resolve(self._component_style)
            self._styles_known = True
            if styles != self._styles:
                self._styles = styles
                self._forget_rows()
        return self._styles

    def _component_style(self, name: str) -> Style:
        return self.get_visual_style(name).rich_style

    def notify_style_update(self) -> None:
        """Resolve the styles again before the next row is drawn."""
        super().notify_style_update()
        self._styles_known = False

    def _forget_rows(self) -> None:
        """Drop all drawn rows: the width or the theme is another."""
