"""The roles of Markdown's parts, as styles resolved from a theme."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from rich.style import Style

_AS_IS = Style()
_BOLD = Style(bold=True)
_UNDERLINE = Style(underline=True)
_BOLD_UNDERLINE = Style(bold=True, underline=True)


@dataclass(frozen=True)
class MarkdownStyles:
    """One style for each role; a new theme makes a new value."""

    text: Style = _AS_IS
    heading_1: Style = _BOLD
    heading_2: Style = _BOLD_UNDERLINE
    heading_3: Style = _BOLD
    heading_4: Style = _BOLD_UNDERLINE
    heading_5: Style = _BOLD
    heading_6: Style = _BOLD
    rule: Style = _AS_IS
    bullet: Style = _AS_IS
    done: Style = _AS_IS
    """The tick of a task that is done."""
    link: Style = _UNDERLINE
    inline_code: Style = _AS_IS
    quote: Style = _AS_IS
    quote_bar: Style = _AS_IS
    table_header: Style = _BOLD
    table_border: Style = _AS_IS
    code: Style = _AS_IS
    code_label: Style = _AS_IS
    comment: Style = _AS_IS
    keyword: Style = _AS_IS
    constant: Style = _AS_IS
    string: Style = _AS_IS
    number: Style = _AS_IS
    function: Style = _AS_IS
    type_name: Style = _AS_IS
    builtin: Style = _AS_IS
    tag: Style = _AS_IS
    operator: Style = _AS_IS
    error: Style = _AS_IS

    @classmethod
    def component_classes(cls) -> frozenset[str]:
        """The names of the CSS component classes, one for each role."""
        return frozenset(_class_of(role.name) for role in fields(cls))

    @classmethod
    def resolve(cls, style_of: Callable[[str], Style]) -> "MarkdownStyles":
        """Return the styles that `style_of` gives for the component classes."""
        return cls(**{role.name: style_of(_class_of(role.name)) for role in fields(cls)})

    def heading(self, level: int) -> Style:
        """The style of a heading, `level` 1 to 6."""
        return (
            self.heading_1,
            self.heading_2,
            self.heading_3,
            self.heading_4,
            self.heading_5,
            self.heading_6,
        )[level - 1]


def _class_of(role: str) -> str:
    return f"markdown--{role.replace('_', '-')}"


PLAIN = MarkdownStyles()
"""Attributes only, no colour."""
