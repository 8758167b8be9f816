"""What stands inside a paragraph: emphasis, code, links."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from markdown_it.token import Token
from rich.style import Style

from mojodex_tui.ui.markdown.clean import neutralise
from mojodex_tui.ui.markdown.parser import CONTINUED
from mojodex_tui.ui.markdown.styles import MarkdownStyles
from mojodex_tui.ui.markdown.wrap import Run

_ATTRIBUTES = {
    "strong_open": Style(bold=True),
    "em_open": Style(italic=True),
    "s_open": Style(strike=True),
}

_TERMINAL_MAY_OPEN = frozenset({"http", "https", "mailto"})


def runs_of(inline: Token, base: Style, styles: MarkdownStyles) -> list[Run]:
    """Return the styled text of an inline token, on top of the style `base`."""
    runs: list[Run] = []
    stack = [base]
    for token in inline.children or ():
        match token.type:
            case "text" | "text_special":
                _add(runs, _one_line(token.content), stack[-1])
            # The lines of an address, a signature or a poem are meant as they were written.
            case "softbreak" | "hardbreak":
                runs.append(("\n", stack[-1]))
            case "code_inline":
                _add(runs, _one_line(token.content), stack[-1] + styles.inline_code)
            case "image":
                alt = neutralise(token.content) or "image"
                _add(runs, f"[{alt}]", _linked(stack[-1], token.attrs.get("src"), styles))
            case "link_open":
                stack.append(_linked(stack[-1], token.attrs.get("href"), styles))
            case opening if opening in _ATTRIBUTES:
                stack.append(stack[-1] + _ATTRIBUTES[opening])
            case _ if token.nesting < 0:
                stack.pop()
    return _without_marker(runs)


def _one_line(text: str) -> str:
    # Character references (&#9;) reach the text after it was cleaned.
    return neutralise(text).replace("\n", " ").replace("\t", " ")


def _add(runs: list[Run], text: str, style: Style) -> None:
    if text:
        runs.append((text, style))


def _linked(base: Style, target: str | float | None, styles: MarkdownStyles) -> Style:
    """Return the style of a link: a click tells the screen, the terminal may open it too."""
    href = neutralise(str(target or ""))
    look = Style(color=styles.link.color, underline=styles.link.underline, bold=styles.link.bold)
    style = base + look + Style(meta={"@click": f"follow_link({href!r})"})
    if _scheme(href) in _TERMINAL_MAY_OPEN:
        style = style.update_link(href)
    return style


def _scheme(href: str) -> str:
    try:
        return urlsplit(href).scheme
    except ValueError:
        return ""


def _without_marker(runs: Sequence[Run]) -> list[Run]:
    """Return `runs` without what stands for the text before a cut."""
    if not runs or not runs[0][0].startswith(CONTINUED):
        return list(runs)
    text, style = runs[0]
    rest = text.removeprefix(CONTINUED)
    kept = [(rest, style)] if rest else []
    following = runs[1:]
    if not rest and following and following[0][0] == " ":
        following = following[1:]
    return [*kept, *following]


def is_continued(inline: Token) -> bool:
    """Whether the text of `inline` began before a cut."""
    return inline.content.startswith(CONTINUED)
