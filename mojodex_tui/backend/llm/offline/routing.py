"""Finding the task a message of a home chat is for, by the words it shares with tasks' names."""

from mojodex_tui.backend.domain.briefs import HomeBrief, TaskOffer
from mojodex_tui.backend.llm.offline.lexicon import Language, language_of
from mojodex_tui.backend.llm.offline.text import content_words, stem, without_tags

_SAY: dict[Language, str] = {
    "en": "Without a model I find a task by its name only. You can ask for: {labels}.",
    "fr": "Sans modèle, je ne trouve une tâche que par son nom. Vous pouvez demander : {labels}.",
    "es": "Sin modelo solo encuentro una tarea por su nombre. Puede pedir: {labels}.",
}


def route(brief: HomeBrief) -> str:
    """Return the number of the task whose name the message holds most of, or a sentence.

    What names no task may be about the text that was written last: its task finds out.
    """
    said = next((turn.text for turn in reversed(brief.conversation) if turn.speaker == "user"), "")
    heard = _stems(said)
    last = next((task for task in brief.tasks if task.label == brief.running), None)
    best = max(brief.tasks, key=lambda task: _shared(task, heard), default=None)
    found = best if best is not None and _shared(best, heard) > 0 else last
    if brief.not_meant or (brief.handed_back and found is last):
        found = None
    if found is not None:
        return f"<task_pk>{found.pk}</task_pk>"
    labels = ", ".join(without_tags(task.label) for task in brief.tasks)
    text = _SAY[language_of("", brief.language)].format(labels=labels)
    return f"<task_pk>null</task_pk><message_to_user>{text}</message_to_user>"


def _shared(task: TaskOffer, heard: frozenset[str]) -> float:
    """Return which part of a task's name was said."""
    named = max(
        (_stems(task.label), _stems(task.name.replace("_", " "))),
        key=lambda stems: len(stems & heard),
    )
    return len(named & heard) / len(named) if named else 0


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))
