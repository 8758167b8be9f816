"""Documents out of loose ideas, and the draft for tasks the rules do not know."""

from collections import Counter

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.actions import is_question
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
from mojodex_tui.backend.llm.offline.text import (
    bullets,
    capitalized,
    content_words,
    ended,
    pieces_of_list,
    sentences,
    stem,
    words,
)


def ideas_to_document(material: Material) -> Draft:
    """Group ideas that share a word; keep every one of them."""
    phrases = material.phrases
    pieces = [ended(piece) for piece in pieces_of_list(material.main("ideas"))]
    questions = [piece for piece in pieces if is_question(piece)]
    ideas = [piece for piece in pieces if not is_question(piece)]
    # A first idea of a few words opens nothing; it belongs to its theme.
    opening = ideas.pop(0) if ideas and len(words(ideas[0])) >= 8 else ""
    flowing = material.field("document_kind") == "article"
    groups, single = _themes(ideas)
    write = " ".join if flowing else bullets
    body = joined(
        dated(opening, material),
        *(section(heading, write(items)) for heading, items in groups),
        section(phrases.more_ideas if groups else phrases.key_points, write(single)),
        listed(
            phrases.to_decide
            if material.field("document_kind") == "proposal"
            else phrases.open_questions,
            questions,
        ),
        listed(phrases.files, file_lines(material)),
    )
    return Draft(subject_of(pieces[0] if pieces else "", material), body)


def _themes(ideas: list[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return the groups of ideas under the word they share, and the ideas that share none."""
    spelled: dict[str, str] = {}
    stems: list[set[str]] = []
    for idea in ideas:
        found = content_words(idea)
        for word in found:
            spelled.setdefault(stem(word), word)
        stems.append({stem(word) for word in found})
    shared = Counter(one for group in stems for one in sorted(group))
    left = list(range(len(ideas)))
    groups: list[tuple[str, list[str]]] = []
    for word, times in shared.most_common():
        members = [index for index in left if word in stems[index]]
        if times < 2 or len(members) < 2 or len(groups) == 5:
            continue
        groups.append((capitalized(spelled[word]), [ideas[index] for index in members]))
        left = [index for index in left if index not in members]
    return groups, [ideas[index] for index in left]


def any_task(material: Material) -> Draft:
    """Lay out what was given, question by question, then what follows from it."""
    phrases = material.phrases
    facts = material.facts(material.whole)
    labels = {item.name: item.label for item in material.brief.inputs}
    first = next(iter(material.inputs.values()), material.said)
    body = joined(
        *(
            section(labels[name].rstrip(" ?:*"), _laid_out(text, material))
            for name, text in material.inputs.items()
        ),
        section(phrases.key_points if material.inputs else "", _laid_out(material.said, material))
        if material.inputs
        else _laid_out(material.said, material),
        listed(phrases.next_steps, action_lines(facts.actions, material)),
        listed(phrases.open_questions, facts.questions),
        listed(phrases.files, file_lines(material)),
    )
    return Draft(subject_of(first, material), body)


def _laid_out(text: str, material: Material) -> str:
    found = [ended(dated(one.text, material)) for one in sentences(text)]
    if not found:
        return text.strip()
    return found[0] if len(found) == 1 else bullets(found)
