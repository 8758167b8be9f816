"""Signals in what models and people write (task engine §1.4, §3.4)."""

import re

from mojodex_tui.backend.engine.nodes import Reply, Signal

SIGNAL_CALLS: dict[str, Signal] = {
    "done": "done", "done_pass": "done_pass", "pass": "pass", "forward": "pass", "send": "",
}  # fmt: skip
"""Calls of no tool by which a model signals."""
_WORD = r"\w(?:[\w:.-]*\w)?"
_DONE = re.compile(r"^\W*?(?P<first>DONE(?!\w)[:,.]?)|(?<!\w)(?P<last>DONE[:,.]?)\W*$")
_PASS = re.compile(rf"^\W*?__PASS__(?::({_WORD}))?(?!\w)|(?<!\w)__PASS__(?::({_WORD}))?\W*$")
_SEND = re.compile(rf".*__SEND__:({_WORD})[:,.]?(.*)", re.DOTALL)


def signalled(reply: Reply) -> Reply:
    """Turn the text signals of an LLM or a user into fields (task engine §3.4)."""
    if send := _SEND.match(reply.text):
        said = send[2].strip()
        fields = {"to": send[1], "text": said, "signal": "" if said else "pass"}
        reply = reply.model_copy(update=fields)
    text, fields = reply.text.strip(), {}
    passed, done = _PASS.search(text), _DONE.search(text)
    if passed:
        fields = {"signal": "done_pass" if done else "pass", "to": passed[1] or passed[2] or ""}
    elif done:
        start, end = done.span(done.lastgroup or 0)
        fields = {"signal": "done", "result_text": (text[:start] + text[end:]).strip()}
    return reply.model_copy(update=fields)
