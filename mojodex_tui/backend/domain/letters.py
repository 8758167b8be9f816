"""What a mail looks like: one column, readable without pictures.

Colours stand in the elements, because many programs drop style sheets; where one is read, it only
adds the dark.
"""

from html import escape
from typing import Final

QUIET: Final = "color:#5b6579"
"""The colour of what is said beside the point; 4.5:1 or more on white."""

_DARK: Final = """@media (prefers-color-scheme: dark) {
body { background: #14171c !important }
.card { background: #1e232b !important; color: #e6e9ee !important }
.card h1, .card h2, .card h3 { color: #a9c4f5 !important }
.quiet { color: #a3adbd !important }
a { color: #8ab4f8 !important }
}"""


def page(subject: str, inner: str, footer: str, language: str) -> str:
    """Return a mail's HTML around its content.

    Args:
        subject: its title.
        inner: its content, as HTML.
        footer: who wrote it, as plain text.
        language: the two-letter code of its language.
    """
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{escape(subject)}</title>
<style>{_DARK}</style>
</head>
<body style="margin:0;padding:16px;background:#f4f5f7">
<div class="card" style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;
border-radius:8px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;color:#1d2433;
overflow-wrap:anywhere">
{inner}
<p class="quiet" style="margin:24px 0 0;{QUIET};font-size:12px">{escape(footer)}</p>
</div>
</body>
</html>
"""
