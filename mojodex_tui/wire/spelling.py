"""A word that is spelled wrongly, put right wherever it stands as a word of its own.

Both sides of the wire do this: the server in what it keeps, the client to say how often it will.
"""

import re


def as_word(word: str) -> re.Pattern[str]:
    """Return what finds `word` where it is no part of a longer one."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def corrected(text: str, wrong: str, right: str) -> str:
    """Return `text` with `right` wherever `wrong` stood as a word of its own."""
    return as_word(wrong).sub(lambda _: right, text) if wrong else text
