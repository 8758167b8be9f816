"""The recap of a meeting."""

import re

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.dates import find_dates, long_date
from mojodex_tui.backend.llm.offline.drafts.layout import (
    action_lines,
    dated,
    file_lines,
    joined,
    listed,
    section,
    subject_of,
)
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.text import capitalized, ended


def meeting_recap(material: Material) -> Draft:
    """Lay out notes as participants, topics, decisions, next steps and open questions."""
    phrases = material.phrases
    notes = material.main("meeting_notes")
    facts = material.facts(notes)
    opening, *topics = (
        _without_lead_in(facts.remarks) or facts.decisions[:1] or (material.brief.task.label,)
    )
    short = material.field("detail") == "short"
    recordings = [f"{name} {phrases.not_transcribed}" for name in file_lines(material)]
    body = joined(
        _opening(opening, material),
        "" if short else section(phrases.participants, ", ".join(facts.people)),
        "" if short else listed(phrases.discussed, (dated(topic, material) for topic in topics)),
        listed(phrases.decisions, facts.decisions),
        listed(phrases.next_steps, action_lines(facts.actions, material)),
        listed(phrases.open_questions, (*facts.questions, *facts.blocked)),
        "" if short else section(phrases.figures, ", ".join(facts.amounts)),
        listed(phrases.files, recordings),
    )
    title = f"{phrases.recap}{phrases.colon}{subject_of(opening, material)}"
    return Draft(title, body)


_LEAD_IN = re.compile(
    r"(?:here\s+(?:are|is)|voici|aquí\s+(?:están|tienes|van))\s+(?:\w+\s+)?(?:notes?|notas?)"
    r"(?:\s+(?:from|of|on|about|de|du|sur|sobre|del?))?(?:\s+(?:the|our|la|le|el|notre))?\s*",
    re.IGNORECASE,
)


def _without_lead_in(remarks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the remarks; of "Here are my notes from the call:" only the occasion is left."""
    if not remarks:
        return remarks
    occasion = capitalized(_LEAD_IN.sub("", remarks[0], count=1).rstrip(": ."))
    return (ended(occasion), *remarks[1:]) if occasion else remarks[1:]


def _opening(opening: str, material: Material) -> str:
    """Return the first sentence, with the day of the meeting: it lies in the past."""
    given = material.field("meeting_date")
    text = given or opening
    days = find_dates(text, material.today, material.language_of(text), past=True)
    if not days and not given:
        return ended(opening)
    shown = long_date(days[0].day, material.output) if days else given
    return f"{ended(opening).rstrip('.')} ({shown})."
