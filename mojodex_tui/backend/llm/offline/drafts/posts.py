"""Texts that win people: the job post and the pitch."""

import re

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.drafts.layout import dated, joined, listed, subject_of
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.text import (
    amounts,
    capitalized,
    comma_parts,
    ended,
    pieces_of_list,
    ranked,
    sentences,
    shortened,
    words,
)

_WELCOME = re.compile(
    r"\b(?:nice\s+to\s+have|(?:would|is)\s+(?:be\s+)?(?:nice|welcome|a\s+plus)|bonus"
    r"|ideally|un\s+plus|appréciée?s?"
    r"|idéalement|bienvenue?s?|se\s+valora|valorable|deseable|idealmente)\b",
    re.IGNORECASE,
)
_APPLY = re.compile(
    r"\S+@\S+\.\w+|https?://\S+|\b(?:apply|send\s+(?:us\s+)?(?:your|a|the)?\s*(?:cv|résumé|resume)|send\s+(?:us\s+)?your|write\s+to|postule\w*"
    r"|candidature|écri\w+\s+à"
    r"|envoy\w+\s+votre|escrib\w+\s+a|envía\s+tu|candidatura)\b",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(?:today|problem|lose|lost|waste|expensive|too|never|difficult|hard|aujourd['’]hui"
    r"|problème|perd\w*|gaspill\w*"
    r"|cher|chère|trop|jamais|difficile|hoy|problema|pierd\w*|caro|cara|demasiado|nunca|difícil)\b",
    re.IGNORECASE,
)
_MODES = {
    "en": {"on_site": "on site", "hybrid": "hybrid", "remote": "remote"},
    "fr": {"on_site": "sur place", "hybrid": "hybride", "remote": "à distance"},
    "es": {"on_site": "presencial", "hybrid": "híbrido", "remote": "a distancia"},
}
_WANTED = re.compile(
    r"\b(?:need|looking\s+for|hir(?:e|ing)|seek(?:ing)?|re?cherch\w+|busc\w+|necesit\w+)\s+"
    r"(?:an?|une?|una?)\s+(?P<job>[^,.\n]{3,60}?)(?=\s+(?:for|in|at|to|who|pour|à|para|en|que|qui)\b|[,.\n]|$)",
    re.IGNORECASE,
)
_BRINGS = re.compile(
    r"\b(?:must|experience|years|degree|doit|expérience|ans|maîtrise|diplôme|debe|experiencia|años)\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"[€$£]|\b(?:\d+\s?h(?:ours|eures|oras)?|starts?|contract|holidays?|salary|début\w*|CDI|CDD|contrat"
    r"|salaire|congés|empieza|contrato|salario|vacaciones)\b",
    re.IGNORECASE,
)
_SPOKEN_MINUTE = 150


def job_post(material: Material) -> Draft:
    """Lay out the job: about, duties, profile, offer, application."""
    phrases = material.phrases
    duties = material.main("duties")
    wanted = _WANTED.search(duties)
    job = material.field("job_title") or (wanted["job"] if wanted else subject_of(duties, material))
    mode = _MODES[material.output].get(material.field("work_mode"), "")
    told = _items(duties, material)
    if not material.field("duties"):
        told = [one for one in told if not _WANTED.search(one)]
    requirements = [one for one in told if _BRINGS.search(one)]
    terms_told = [one for one in told if _OFFERS.search(one) and one not in requirements]
    apply_told = [one for one in told if _APPLY.search(one)]
    elsewhere = {*requirements, *terms_told, *apply_told}
    profile = [one.text for one in sentences(material.field("profile"))] + requirements
    needed = [one for one in profile if not _WELCOME.search(one)]
    welcome = [one for one in profile if _WELCOME.search(one)]
    offer = [one.text for one in sentences(material.field("offer"))]
    apply = [one for one in offer if _APPLY.search(one)]
    about, *terms = _items("\n".join(one for one in offer if one not in apply), material) or [""]
    body = joined(
        phrases.job_seek.format(job=job, mode=f" ({mode})" if mode else ""),
        ended(about) if about else "",
        listed(phrases.job_duties, [one for one in told if one not in elsewhere]),
        listed(phrases.job_profile, _items("\n".join(needed), material)),
        listed(phrases.welcome, map(ended, welcome)),
        listed(phrases.job_offer, [dated(one, material) for one in (*terms, *terms_told)]),
        listed(phrases.job_apply, [ended(dated(one, material)) for one in (*apply, *apply_told)]),
    )
    return Draft(f"{capitalized(job)} ({mode})" if mode else capitalized(job), body)


def _items(text: str, material: Material) -> list[str]:
    return [capitalized(part) for part in comma_parts(text, material.language_of(text))]


def one_minute_pitch(material: Material) -> Draft:
    """Put the listener's need first, then the idea, then the request, within a minute of speech."""
    phrases = material.phrases
    text = material.main("subject")
    found = [ended(one) for one in pieces_of_list(text)]
    idea, *rest = found or [text]
    need = next((one for one in rest if _NEED.search(one) or amounts(one)), "")
    others = tuple(one for one in rest if one != need)
    audience, request = material.field("audience"), material.field("request")
    frame = (need, idea, request, audience)
    room = _SPOKEN_MINUTE - sum(len(words(part)) for part in frame) - 20
    body = joined(
        phrases.dear_audience.format(audience=audience) if audience else "",
        need,
        idea,
        " ".join(_within(ranked(others, 6), room)),
        phrases.we_ask.format(request=ended(request)[:1].lower() + ended(request)[1:])
        if request
        else phrases.pitch_thanks,
    )
    return Draft(f"{phrases.pitch}{phrases.colon}{shortened(idea, 6)}", body)


def _within(found: tuple[str, ...], room: int) -> list[str]:
    taken: list[str] = []
    for one in found:
        room -= len(words(one))
        if room < 0:
            break
        taken.append(one)
    return taken
