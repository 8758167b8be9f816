"""Tags that a model writes for its server, where a server lets them slip (wire protocol §11).

An original server passes a reply on as it is if the tags are not where it looks for them: a text
around them, a delivery without a draft, an answer without a question.
"""

import re
from typing import Final

_NOTES: Final = re.compile(r"<(user_language|missing_[a-z_]+|task_pk)>.*?</\1>\s*", re.DOTALL)
"""What the model notes for the server alone."""

_FRAMES: Final = re.compile(
    r"</?(?:execution|ask_user_primary_info|ask_for_clarification|no_go_explanation"
    r"|user_instruction|message_to_user|message_header|message_body)>"
)
_DELIVERY: Final = re.compile(r"</?(?:title|draft)>")


def without_stray_tags(text: str) -> str:
    """Return what the assistant says, without the tags around it.

    `<title>` and `<draft>` may be what the talk is about, so they only go where they are part of
    a delivery.
    """
    if "<" not in text:
        return text
    cut = _FRAMES.sub("", _NOTES.sub("", text))
    if cut == text and not _DELIVERY.match(text):
        return text
    return _DELIVERY.sub("", cut.replace("</title>", "\n")).strip()
