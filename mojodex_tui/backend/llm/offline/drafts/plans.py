"""Plans and reports: what is to be done, and what was."""

import re
from datetime import timedelta

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.actions import Facts, in_order_of_dates
from mojodex_tui.backend.llm.offline.dates import day_and_month, exact_date, find_dates
from mojodex_tui.backend.llm.offline.drafts.layout import (
    action_lines,
    dated,
    joined,
    listed,
    section,
    subject_of,
)
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.text import (
    bullets,
    capitalized,
    comma_parts,
    ended,
    numbered,
    pieces_of_list,
    ranked,
)

_WAITS = re.compile(
    r"\b(?:waiting|waits?|blocked|stuck|en\s+attente|attend|bloquée?s?|esperando|esperamos|bloquead\w+)\b",
    re.IGNORECASE,
)


def action_plan(material: Material) -> Draft:
    """State the goal, then the steps in order, then what they depend on."""
    phrases = material.phrases
    text = material.main("goal")
    facts = material.facts(text)
    goal, *notes = facts.remarks or (subject_of(text, material),)
    steps = action_lines(in_order_of_dates(facts.actions), material, name_nobody=False)
    named = _steps_after_colon(goal, material)
    if not steps and named:
        goal, steps = ended(goal.split(": ", 1)[0]), named
    if not steps:
        steps = [f"{step} ({phrases.suggested})" for step in phrases.suggested_steps]
    body = joined(
        f"**{phrases.goal}**{phrases.colon}{dated(goal, material)}{_deadline(material)}",
        section(phrases.steps, numbered(steps)),
        listed(phrases.decisions, facts.decisions),
        listed(phrases.consider, (dated(one, material) for one in (*notes, *facts.blocked))),
        listed(phrases.open_questions, facts.questions),
    )
    return Draft(f"{phrases.plan}{phrases.colon}{subject_of(goal, material)}", body)


def _steps_after_colon(goal: str, material: Material) -> list[str]:
    """Return the steps of "The party: find a place, invite everybody"."""
    _, _, told = goal.partition(": ")
    parts = comma_parts(told, material.language_of(goal))
    return [capitalized(part) for part in parts] if len(parts) > 1 else []


def _deadline(material: Material) -> str:
    given = material.field("deadline")
    if not given:
        return ""
    days = find_dates(given, material.today, material.language_of(given))
    shown = exact_date(days[0].day, material.output) if days else given
    phrases = material.phrases
    return f"\n\n**{capitalized(phrases.due)}**{phrases.colon}{shown}"


def weekly_report(material: Material) -> Draft:
    """Report what was done, what is blocked and what comes next."""
    phrases = material.phrases
    told = material.facts(material.main("done"))
    ahead = material.facts(bullets(pieces_of_list(material.field("next_week"))))
    language = material.language_of(material.whole)
    parts = [ended(part) for one in told.remarks for part in comma_parts(one, language)]
    done = [*(part for part in parts if not _WAITS.search(part)), *told.decisions]
    waiting = (part for part in parts if _WAITS.search(part))
    blocked = [*told.blocked, *waiting, *map(ended, pieces_of_list(material.field("blocked")))]
    main = ranked(done, 1)
    body = joined(
        f"**{phrases.main_news}**{phrases.colon}{main[0]}" if main else "",
        listed(phrases.done, (dated(one, material) for one in done)),
        listed(phrases.blocked, (dated(one, material) for one in blocked)),
        listed(phrases.next_week, _ahead(ahead, told, material)),
        listed(phrases.open_questions, (*told.questions, *ahead.questions)),
    )
    monday = material.today - timedelta(days=material.today.weekday())
    week = phrases.week_of.format(day=day_and_month(monday, material.output))
    news = subject_of(main[0], material, 6) if main else material.brief.task.label
    return Draft(f"{week}{phrases.colon}{news}", body)


def _ahead(ahead: Facts, told: Facts, material: Material) -> list[str]:
    plans = [dated(one, material, ahead=True) for one in (*ahead.decisions, *ahead.remarks)]
    steps = (*ahead.actions, *told.actions)
    return [*action_lines(steps, material, name_nobody=False), *plans]
