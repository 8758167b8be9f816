"""What a mail looks like: one column, readable without pictures and without our own style sheet."""

from html import escape


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
<title>{escape(subject)}</title>
</head>
<body style="margin:0;padding:24px;background:#f4f5f7">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px;
font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;color:#1d2433">
{inner}
<p style="margin:24px 0 0;color:#98a2b3;font-size:12px">{escape(footer)}</p>
</div>
</body>
</html>
"""
