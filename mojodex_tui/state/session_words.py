"""What a session says about itself, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.state.session import Failed, Phase, Said, SessionState

if TYPE_CHECKING:
    from mojodex_tui.state.versions import Working


def chat_title(state: SessionState, seconds: int) -> str:
    """Return what stands over the conversation.

    Args:
        state: The session.
        seconds: How long the assistant has been at it.
    """
    if state.stopping:
        return "Chat   stopping…"
    waits = _in_chat(state)
    return f"Chat   {waits}…   {_clock(seconds)}   ^C stops" if waits else "Chat"


def behind(state: SessionState, seconds: int, *, front: str) -> str:
    """Return what is being done in the pane that is not in front, for when only one shows.

    Args:
        state: The session.
        seconds: How long the assistant has been at it.
        front: The pane in front: `chat` or `draft`.
    """
    drafts = "writing" if state.phase is Phase.DRAFTING else ""
    does = drafts if front == "chat" else _in_chat(state)
    return f"{'stopping' if state.stopping else does}… {_clock(seconds)}" if does else ""


def _in_chat(state: SessionState) -> str:
    """Return what the assistant does in the chat; nothing while it writes the draft, or rests."""
    match state.phase:
        case Phase.ASKED:
            return state.doing or "thinking"
        case Phase.TALKING:
            return "answering"
        case _:
            return ""


def home_title(state: SessionState) -> str:
    """Return what stands over a home chat: which task runs in it, or ran last, and its title."""
    task, title = state.execution.task_name, state.title
    named = title if task is None or task == title else f"{task}: {title}"
    return f"Home chat, after {named}" if task is not None and state.handed_back else named


def draft_title(
    state: SessionState,
    words: int,
    seconds: int,
    *,
    editing: bool,
    working: Working | None = None,
) -> str:
    """Return what stands over the draft.

    Args:
        state: The session.
        words: How many words the draft has by now.
        seconds: How long the assistant has been at it.
        editing: The user is changing it.
        working: What the user has made of it, and has not saved.
    """
    arrived = working is not None and working.base and state.versions > working.base
    if editing and arrived:
        return f"Draft   editing   v{state.versions} came meanwhile: ^S lets you choose"
    if editing:
        return "Draft   editing   ^S saves a version   Esc keeps your changes"
    if state.phase is Phase.DRAFTING:
        return (
            f"Draft v{state.versions + 1}   writing…   {words} words   {_clock(seconds)}   ^C stops"
        )
    if state.draft is None:
        return "Draft"
    kept = "   your changes are not saved: e goes on" if working is not None else ""
    return f"Draft v{state.draft.index} of {state.versions}   {words} words{kept}"


def about(passage: str) -> str:
    """Return how a message begins that asks for a change of `passage`."""
    return f"About this part:\n{quoted(passage)}"


def quoted(text: str) -> str:
    """Return `text` as a quotation, and a new paragraph after it."""
    lines = (f"> {line}".rstrip() for line in text.strip("\n").split("\n"))
    return "\n".join(lines) + "\n\n"


def last_word(state: SessionState) -> str:
    """Return the assistant's last word in the chat, for when the draft hides it."""
    last = state.entries[-1] if state.entries else None
    match last:
        case Said(by_user=False, text=text) | Failed(sentence=text):
            return f"mojo: {' '.join(text.split())}"
        case _:
            return ""


def _clock(seconds: int) -> str:
    """Return seconds as minutes and seconds."""
    return f"{seconds // 60:02}:{seconds % 60:02}"
