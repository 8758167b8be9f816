"""E-mails: the follow-up, and the reply that leaves no question out."""

import re
from dataclasses import dataclass

from mojodex_tui.backend.domain.briefs import Draft
from mojodex_tui.backend.llm.offline.actions import is_question, requests
from mojodex_tui.backend.llm.offline.drafts.layout import dated, joined, subject_of
from mojodex_tui.backend.llm.offline.material import Material
from mojodex_tui.backend.llm.offline.people import NAME
from mojodex_tui.backend.llm.offline.text import (
    bullets,
    comma_parts,
    content_words,
    ended,
    ranked,
    stem,
    words,
)

_HEADER = re.compile(
    (
        r"(?P<name>from|de|subject|objet|asunto|re|to|à|para|cc|date|fecha|sent|envoyé"
        r"|enviado)\s*:\s*(?P<value>.*)"
    ),
    re.IGNORECASE,
)
_SUBJECTS = frozenset({"subject", "objet", "asunto"})
_SENDERS = frozenset({"from", "de"})
_FAREWELL = re.compile(
    r"(?:(?:best|kind|warm)(?:\s+regards)?|regards|cheers|thanks|thank\s+you|sincerely"
    r"|yours(?:\s+sincerely)?"
    r"|cordialement|bien\s+à\s+(?:vous|toi)|(?:très\s+)?bonne\s+journée"
    r"|merci(?:\s+d['’]avance)?|à\s+bientôt|amitiés"
    r"|(?:un\s+)?(?:cordial\s+)?saludos?|atentamente|un\s+abrazo"
    r"|gracias(?:\s+de\s+antemano)?)\s*[,.!]*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    (
        r"(?:dear|hello|hi|hey|bonjour|salut|cher|chère|hola"
        r"|estimad[oa]s?|querid[oa])\b[^.?\n]{0,40}[,:!]?"
    ),
    re.IGNORECASE,
)
_YES = re.compile(r"(?:yes|oui|s[ií]|ok)\b", re.IGNORECASE)
_NO = re.compile(r"(?:no|non)\b", re.IGNORECASE)


def follow_up_email(material: Material) -> Draft:
    """Thank, recall what was agreed, list the next steps."""
    phrases = material.phrases
    context = _without_markdown(material.main("context"))
    facts = material.facts(context)
    remarks = _without_occasion(facts.remarks)
    agreed = [*facts.decisions, *ranked(remarks, max(2, 6 - len(facts.decisions)))]
    steps = [ended(dated(item.source, material, ahead=True)) for item in facts.actions]
    tone = _tone(material)
    body = joined(
        _greeting(material.field("recipients"), tone, material),
        phrases.thanks_exchange[tone],
        _list(phrases.agreed, [dated(one, material) for one in agreed]),
        _list(phrases.next_are, steps),
        _list(phrases.still_open, [*facts.questions, *facts.blocked]),
        phrases.wait,
        _closing(tone, material),
    )
    return Draft(subject_of(_first(facts.remarks, facts.decisions, context), material), body)


def email_reply(material: Material) -> Draft:
    """Answer each question of the mail with what the user said, or promise to."""
    mail = _received(material.field("email_received") or material.said)
    wanted = material.field("answer")
    if material.field("email_received") and material.said:
        wanted = f"{wanted}\n{material.said}"
    phrases = material.phrases
    points = list(comma_parts(wanted, material.language_of(wanted)))
    answers: list[str] = []
    for request in requests(mail.body, material.language_of(mail.body)):
        point = _take_matching(request, points)
        answer = dated(point, material, ahead=True) if point else phrases.come_back
        lead = phrases.on_your_question.format(question=_short_question(request))
        answers.append(f"{lead}{phrases.colon}{ended(answer) if point else answer}")
    tone = _tone(material)
    left = [ended(dated(point, material, ahead=True)) for point in points]
    body = joined(
        _greeting(mail.sender, tone, material),
        phrases.thanks_mail[tone],
        *answers,
        _list(phrases.also, left) if answers else "\n".join(left),
        "" if answers or left else phrases.come_back[:1].upper() + phrases.come_back[1:],
        _closing(tone, material),
    )
    return Draft(f"Re: {mail.subject or phrases.your_mail}", body)


def _without_occasion(remarks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the remarks without a first line that only names the meeting: it is the subject."""
    return remarks[1:] if len(remarks) > 1 and len(words(remarks[0])) <= 8 else remarks


@dataclass(frozen=True)
class _Mail:
    sender: str
    subject: str
    body: str


def _received(text: str) -> _Mail:
    """Take headers, greeting, quotation and signature off a mail."""
    headers: dict[str, str] = {}
    body: list[str] = []
    sender = ""
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines):
        header = _HEADER.fullmatch(line)
        if header is not None and not body:
            headers[header["name"].lower()] = header["value"]
        elif _FAREWELL.fullmatch(line):
            sender = next((after for after in lines[number + 1 :] if after), "")
            break
        elif line and not line.startswith(">") and (body or not _GREETING.fullmatch(line)):
            body.append(line)
    named = next((headers[name] for name in headers if name in _SENDERS), sender)
    name = re.match(NAME, named.strip())
    subject = next((headers[one] for one in headers if one in _SUBJECTS), "")
    subject = re.sub(r"^(?:re|fwd?|tr|rv)\s*:\s*", "", subject, flags=re.IGNORECASE)
    return _Mail(name.group().split()[0] if name else "", subject, "\n".join(body))


def _take_matching(request: str, points: list[str]) -> str | None:
    """Take out of `points` the one that answers `request`: by shared words, else a yes or no."""
    asked = {stem(word) for word in content_words(request)}
    shared = [len(asked & {stem(word) for word in content_words(point)}) for point in points]
    if shared and max(shared) > 0:
        return points.pop(shared.index(max(shared)))
    if is_question(request) and points and len(points[0].split()) <= 2:
        return points.pop(0) if _YES.match(points[0]) or _NO.match(points[0]) else None
    return None


def _short_question(request: str) -> str:
    taken = request.split()
    return request if len(taken) <= 18 else " ".join(taken[:18]) + " …"


def _tone(material: Material) -> str:
    given = material.field("tone")
    return given if given in material.phrases.closing else "neutral"


def _greeting(who: str, tone: str, material: Material) -> str:
    phrases = material.phrases
    return phrases.greeting[tone].format(who=who) if who else phrases.greeting_all[tone]


def _closing(tone: str, material: Material) -> str:
    return f"{material.phrases.closing[tone]}\n{material.brief.user_name}".strip()


def _list(lead: str, items: list[str]) -> str:
    return f"{lead}\n\n{bullets(items)}" if items else ""


def _first(*candidates: tuple[str, ...] | str) -> str:
    for one in candidates:
        if one:
            return one if isinstance(one, str) else one[0]
    return ""


def _without_markdown(text: str) -> str:
    """Return `text` as plain text: a recap made before may be what is followed up on."""
    return re.sub(r"\*\*|__|`", "", text)
