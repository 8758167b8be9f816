"""A draft as a page that needs nothing else."""

from html import escape

from mojodex_tui.export.reading import parser

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 42em; margin: 2em auto; padding: 0 1em; font: 1em/1.5 sans-serif; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid #999; padding: 0.25em 0.75em; text-align: left; }}
pre {{ background: #f2f2f2; padding: 0.75em; overflow-x: auto; }}
blockquote {{ border-left: 3px solid #999; margin-left: 0; padding-left: 1em; }}
</style>
</head>
<body>
{body}</body>
</html>
"""


def as_html(title: str, text: str) -> str:
    """Return Markdown as a page; HTML in it stands there as it was written, and does nothing."""
    return _PAGE.format(title=escape(title), body=parser().render(text))
