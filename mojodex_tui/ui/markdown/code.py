"""Code blocks: highlighted, with the name of their language."""

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from mojodex_tui.ui.markdown.clean import neutralise
from mojodex_tui.ui.markdown.styles import MarkdownStyles
from mojodex_tui.ui.markdown.wrap import Row, Run, fold, row_width

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_PAD = 2

_ROLE_OF_TOKEN = {
    "Token.Comment": "comment",
    "Token.Error": "error",
    "Token.Generic.Deleted": "error",
    "Token.Generic.Inserted": "string",
    "Token.Generic.Heading": "function",
    "Token.Generic.Subheading": "function",
    "Token.Keyword": "keyword",
    "Token.Keyword.Constant": "constant",
    "Token.Keyword.Type": "type_name",
    "Token.Literal.String": "string",
    "Token.Literal.Number": "number",
    "Token.Name.Attribute": "number",
    "Token.Name.Builtin": "builtin",
    "Token.Name.Class": "type_name",
    "Token.Name.Constant": "constant",
    "Token.Name.Decorator": "function",
    "Token.Name.Exception": "type_name",
    "Token.Name.Function": "function",
    "Token.Name.Namespace": "type_name",
    "Token.Name.Tag": "tag",
    "Token.Name.Variable": "builtin",
    "Token.Operator": "operator",
}


@lru_cache(maxsize=512)
def _role(token_type: str) -> str | None:
    """Return the role of a Pygments token type, or of the nearest type it belongs to."""
    while token_type:
        if token_type in _ROLE_OF_TOKEN:
            return _ROLE_OF_TOKEN[token_type]
        token_type = token_type.rpartition(".")[0]
    return None


@lru_cache(maxsize=32)
def _lexer(language: str) -> "Lexer | None":
    # Pygments is loaded with the first code block, not with the program.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _highlighted(code: str, language: str, styles: MarkdownStyles) -> list[Run]:
    lexer = _lexer(language) if language else None
    if lexer is None:
        return [(code, styles.code)]
    runs: list[Run] = []
    for token_type, text in lexer.get_tokens(code):
        role = _role(str(token_type))
        style: Style = styles.code if role is None else getattr(styles, role)
        runs.append((text, style))
    return runs


def code_rows(
    code: str, info: str, width: int, styles: MarkdownStyles, *, opens: bool, closes: bool
) -> list[Row]:
    """Return `code` on its own background, `width` cells wide.

    Args:
        code: The lines of code.
        info: What stands after the fence; its first word names the language.
        width: The cells of every row.
        styles: The roles' styles.
        opens: Whether the block begins here: draw the label.
        closes: Whether it ends here: draw the lower edge.
    """
    pad = _PAD if width > 4 * _PAD else 0
    language = neutralise(info.split(maxsplit=1)[0]).lower() if info.strip() else ""
    rows: list[Row] = []
    if opens:
        rows += fold([(f"{' ' * pad}{language}", styles.code_label)], width)[:1]
    lines = neutralise(code.removesuffix("\n")).expandtabs(4)
    for row in fold(_highlighted(lines, language, styles), max(1, width - 2 * pad)):
        rows.append([Segment(" " * pad, styles.code), *row] if pad else row)
    if closes:
        rows.append([])
    return [_filled(row, width, styles.code) for row in rows]


def _filled(row: Row, width: int, style: Style) -> Row:
    missing = width - row_width(row)
    return [*row, Segment(" " * missing, style)] if missing > 0 else row
