"""Summaries by extraction, and the sheet that prepares a translation."""

from collections import Counter

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.dates import find_dates, long_date
from mojodex_tui.backend.llm.offline.drafts.layout import joined, listed, section, subject_of
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.people import find_people, split_label
from mojodex_tui.backend.llm.offline.text import (
    amounts,
    bullets,
    content_words,
    ended,
    numbered,
    pieces_of_list,
    ranked,
    sentences,
    stem,
    words,
)


def text_summary(material: Material) -> Draft:
    """Choose the sentences that carry the text, in its own words."""
    text = material.main("text")
    found = tuple(
        ended(one.text) for one in sentences(text) if split_label(one.text)[0] != "people"
    )
    title = subject_of(found[0] if found else text, material)
    match material.field("length"):
        case "three_sentences":
            return Draft(title, " ".join(ranked(found, 3)))
        case "one_page":
            return Draft(title, _one_page(text, found, material))
        case _:
            main = ranked(found, 1)
            rest = tuple(one for one in found if one not in main)
            points = ranked(rest, min(8, max(3, len(found) // 3)))
            return Draft(title, joined(*main, bullets((*points, *_figures(text, material)))))


def _one_page(text: str, found: tuple[str, ...], material: Material) -> str:
    phrases = material.phrases
    chosen = ranked(found, max(6, min(18, len(found) // 2)))
    third = max(1, len(chosen) // 3)
    return joined(
        " ".join(chosen[:third]),
        section(phrases.key_points, bullets(chosen[third : 2 * third])),
        section(phrases.details, " ".join(chosen[2 * third :])),
        bullets(_figures(text, material)),
    )


def _figures(text: str, material: Material) -> list[str]:
    phrases = material.phrases
    language = material.language_of(text)
    days = find_dates(text, material.today, language)
    named = dict.fromkeys(long_date(one.day, material.output) for one in days if one.explicit)
    return [
        f"**{label}**{phrases.colon}{', '.join(values)}"
        for label, values in (
            (phrases.figures, amounts(text)),
            (phrases.dates, tuple(named)),
        )
        if values
    ]


def translation(material: Material) -> Draft:
    """Lay the text out for a translator: what to keep, what to render alike, sentence by sentence.

    Rules cannot translate, and half a translation would be worse than none; so it says so.
    """
    phrases = material.phrases
    text = material.main("text")
    target = _shown_choice(material.field("target_language"), material)
    found = tuple(one.text for one in sentences(text))
    language = material.language_of(text)
    names = find_people(sentences(text), language, "")
    keep = list(dict.fromkeys((*names, *amounts(text), *_figures_in(text))))
    body = joined(
        phrases.sheet.format(target=target or "?"),
        listed(phrases.keep, [", ".join(keep)] if keep else []),
        listed(phrases.prescribed, pieces_of_list(material.field("words"))),
        listed(phrases.recurring, _recurring(text, without=keep)),
        section(phrases.source_text, numbered(f"{one}\n   → " for one in found)),
    )
    return Draft(subject_of(found[0] if found else text, material, 6), body)


_TARGETS = {
    "en": {
        "english": "English",
        "french": "French",
        "spanish": "Spanish",
        "german": "German",
        "italian": "Italian",
        "portuguese": "Portuguese",
    },
    "fr": {
        "english": "anglais",
        "french": "français",
        "spanish": "espagnol",
        "german": "allemand",
        "italian": "italien",
        "portuguese": "portugais",
    },
    "es": {
        "english": "inglés",
        "french": "francés",
        "spanish": "español",
        "german": "alemán",
        "italian": "italiano",
        "portuguese": "portugués",
    },
}


def _shown_choice(value: str, material: Material) -> str:
    return _TARGETS[material.output].get(value, value)


def _figures_in(text: str) -> list[str]:
    return [word for word in text.split() if word.isupper() and len(word) > 1 and word.isalpha()]


def _recurring(text: str, without: list[str]) -> list[str]:
    kept = {stem(word) for name in without for word in words(name)}
    found = [word for word in content_words(text) if stem(word) not in kept]
    times = Counter(stem(word) for word in found)
    first = {stem(word): word for word in reversed(found)}
    return [first[one] for one, count in times.most_common(8) if count >= 2 and one in first]
