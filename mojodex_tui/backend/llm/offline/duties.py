"""How somebody says, in so many words, that they take something on, or that they do not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mojodex_tui.backend.llm.offline.lexicon import MODALS, Language

_I = re.IGNORECASE
_START = r"(?:^|[\s(«“\"])"
_IDLE: Mapping[Language, str] = {
    "en": r"(?:be|have|not|never|see|know|think|say|admit|confess|miss|like|love|always|probably)",
    "fr": r"(?:être|avoir|pas|voir|savoir|dire|avouer|admettre|adorer|aimer|rater)",
    "es": r"(?:ser|estar|haber|tener|ver|saber|decir|admitir|reconocer|echar)",
}
"""What is no work, or not yet."""
_ADVERB: Mapping[Language, str] = {
    "en": r"(?:(?:also|then|still|now|just|first|really|personally)\s+)*",
    "fr": r"(?:(?:aussi|ensuite|encore|donc|d['’]abord|vraiment)\s+)*",
    "es": r"(?:(?:también|luego|todavía|aún|primero)\s+)*",
}
_UNDERTAKEN: Mapping[Language, str] = {
    "en": rf"{_START}I(?:\s+|(?=['’])){_ADVERB['en']}{MODALS['en']}\s+{_ADVERB['en']}"
    rf"(?!{_IDLE['en']}\b)(?P<what>\w.+)"
    rf"|{_START}I\s+(?P<owed>(?:owe|promised)\s+(?!that\b|to\b|I\b)\w.+)",
    "fr": rf"{_START}je\s+(?:l['’]|la\s+|le\s+|les\s+|lui\s+|leur\s+|y\s+|m['’]en\s+)?"
    rf"(?!peux\b){MODALS['fr']}\s+{_ADVERB['fr']}(?!{_IDLE['fr']}\b)"
    r"(?P<what>(?:\w+['’]|(?:lui|leur|vous|te|les|la|le|en|y)\s+)?\w+(?:er|ir|re|oir)\b.*)"
    rf"|{_START}je\s+(?:(?:la|les?|lui|leur|vous|te|y|en)\s+|l['’])?"
    r"(?P<doing>(?!(?:se|au|sau|pour|ver|voud|aime|pense)rai\b)\w{2,}rai\b.*)"
    rf"|{_START}je\s+(?:te|vous|lui|leur)?\s*(?P<owed>dois\s+(?:l['’]|la|les?|une?|des|mon|ma|mes)\b.+)",
    "es": rf"{_START}(?:yo\s+)?(?=voy|tengo|debo|me){MODALS['es']}\s+{_ADVERB['es']}"
    rf"(?!{_IDLE['es']}\b)(?P<what>\w+.+)"
    rf"|{_START}yo\s+(?:me\s+|l[aoe]s?\s+)?(?P<doing>(?!creo|pienso|quiero|puedo|supongo|digo|no\b)"
    r"\w{3,}o\b.+)"
    rf"|{_START}(?:(?:me|te|l[aoe]s?|se\s+l[aoe]s?)\s+)?"
    r"(?P<future>(?!(?:se|esta|tend|pod|sab|ve|querr?)ré\b)\w{2,}(?:aré|eré|iré|dré)\b.*)"
    rf"|{_START}(?:te|les?)\s+(?P<owed>debo\s+(?:el|la|l[oa]s|una?|mi|mis)\b.+)",
}
"""The modals are those of the lexicon; which verb follows does not matter here."""
_BY_NAME: Mapping[Language, str] = {
    "en": rf"\s+{MODALS['en']}\s+{_ADVERB['en']}(?!{_IDLE['en']}\b)(?P<what>\w.+)"
    r"|\s+(?P<doing>(?!says\b|thinks\b|was\b|is\b|has\b|does\b)[a-z]{2,}s\s+"
    r"(?:it|them|this|that|the|a|an|all|both)\b.*)",
    "fr": rf"\s+(?!peut\b){MODALS['fr']}\s+(?P<what>(?:\w+['’]|(?:les|la|le|lui|leur)\s+)?"
    r"\w+(?:er|ir|re|oir)\b.*)"
    r"|\s+(?:les?|la|l['’]|lui|leur|s['’]en)\s*(?P<doing>\w{3,}\b.*)",
    "es": rf"\s+(?!puede\b){MODALS['es']}\s+(?P<what>\w+r(?:l[aoe]s?)?\b.*)"
    r"|\s+(?:l[aoe]s?|se\s+l[aoe]s?)\s+(?P<doing>\w{3,}\b.*)",
}


@dataclass(frozen=True)
class Duties:
    """How one language says that the speaker takes something on, or does not."""

    duty: re.Pattern[str]
    """Before what is to be done."""
    mine: re.Pattern[str]
    """At the start of an item: the user's own."""
    list_of_mine: re.Pattern[str]
    """Before items that are all the user's own."""
    denied: re.Pattern[str]
    """The clause takes nothing on after all."""
    undertaken: re.Pattern[str]
    """Anywhere: the speaker will do something, whatever it is."""
    by_name: str
    """After the user's name: what they will do, whatever it is."""


DUTIES: Mapping[Language, Duties] = {
    "en": Duties(
        duty=re.compile(
            r"(?:(?:please\s+)?remind\s+me\s+to|(?:don['’]t|do\s+not)\s+let\s+me\s+forget\s+to"
            r"|(?:asked|told|wants?|expects?|needs?|would\s+like)\s+me\s+to"
            r"|I\s+(?:have\s+)?(?:promised?|agreed|offered|committed|volunteered)(?:\s+[A-Z]\w+)?\s+to"
            r"|I\s+(?:must|should)\s*n['’]t\s+forget\s+to|I\s+must\s+not\s+forget\s+to"
            r"|(?:it(?:['’]s|\s+is)\s+)?(?:my\s+job|up\s+to\s+me|my\s+turn)(?:\s+is)?\s+to"
            r"|I(?:['’]ve|\s+have)\s+got\s+to"
            r"|I(?:['’]m|\s+am)\s+(?:supposed|expected|due|meant)\s+to|note\s+to\s+(?:self|myself)\s*:"
            r"|I\s+(?:told|promised|assured|said)(?:\s+[^.,;]{1,40}?)?\s+(?:that\s+)?I(?:['’]d|\s+would)"
            r"|I(?:['’]m|\s+am)\s+(?:planning|to)(?:\s+to)?|I\s+(?:intend|plan|undertake|commit|mean)\s+to"
            r"|I(?:['’]ve|\s+have)\s+(?:been\s+asked|promised|agreed|volunteered)\s+to"
            r"|(?:it\s+)?falls\s+to\s+me\s+to|it(?:['’]s|\s+is)\s+on\s+me\s+to|I\s+was\s+asked\s+to"
            r"|my\s+(?:task|homework|part)\s+is\s+to|leave\s+it\s+(?:to|with)\s+me\s+to"
            r"|(?:agreed|decided|settled|suggested|wants?|proposed)\s+that\s+I(?:['’]d|\s+would|\s+will|\s+should)?"
            r"|I(?:['’]m|\s+am)(?=\s+taking\b)|^I(?:['’]ll|\s+will)(?=\s+have\s+\w+\s+(?:ready|done|sent)))"
            r"\s+(?!(?:say|admit|confess)\b)(?P<what>.+)",
            _I,
        ),
        mine=re.compile(r"(?:me|myself|I)\s*[:–—-]\s*(?P<what>.+)", _I),
        list_of_mine=re.compile(
            r"(?:my\s+(?:to-?\s?dos?|tasks?|list|actions?|action\s+items|next\s+steps)"
            r"|(?:to-?\s?dos?|tasks?|actions?)\s+for\s+me|on\s+my\s+(?:plate|list|side))"
            r"\s*(?:are|is)?\s*:\s*(?P<what>.*)",
            _I,
        ),
        denied=re.compile(
            r"\b(?:don['’]t|do\s+not|won['’]t|will\s+not|needn['’]t|need\s+not|cannot|can['’]t"
            r"|no\s+longer|would|might|may|maybe|perhaps|could|if\s+I|already|used\s+to"
            r"|(?:have\s+to|must)\s+(?:say|admit|confess))\b",
            _I,
        ),
        undertaken=re.compile(_UNDERTAKEN["en"], _I),
        by_name=_BY_NAME["en"],
    ),
    "fr": Duties(
        duty=re.compile(
            r"(?:rappelle[zs]?-moi\s+d(?:e\s+|['’])|n['’]oublie[zs]?\s+pas\s+de\s+me\s+rappeler\s+d(?:e\s+|['’])"
            r"|(?:m['’]a\s+demandé|me\s+demande|m['’]a\s+chargée?|compte\s+sur\s+moi\s+pour)(?:\s+d(?:e\s+|['’])|\s+)"
            r"|j['’]ai\s+promis(?:\s+à\s+[A-ZÀ-Ý]\w+)?\s+d(?:e\s+|['’])"
            r"|je\s+me\s+suis\s+engagée?\s+à\s+"
            r"|je\s+ne\s+dois\s+(?:surtout\s+)?pas\s+oublier\s+d(?:e\s+|['’])"
            r"|il\s+(?:faut|faudra)\s+(?:aussi\s+)?que\s+j(?:e\s+|['’])|il\s+me\s+(?:faut|faudra|reste(?:ra)?\s+à)\s+"
            r"|c['’]est\s+à\s+moi\s+d(?:e\s+|['’])|j['’]ai\s+à\s+"
            r"|je\s+suis\s+(?:censée?|supposée?)\s+|^(?:penser|songer)\s+à\s+|^ne\s+pas\s+oublier\s+d(?:e\s+|['’])"
            r"|j['’]ai\s+(?:dit|assuré|répondu)\s+(?:[^.,;]{1,40}?\s*)?que\s+j(?:e\s+|['’])"
            r"|je\s+m['’]engage\s+à\s+|j['’]ai\s+(?:accepté|proposé|prévu|décidé)\s+d(?:e\s+|['’])"
            r"|je\s+(?:compte|prévois\s+de|m['’]apprête\s+à)\s+|il\s+m['’]incombe\s+d(?:e\s+|['’])"
            r"|j['’]ai\s+l['’]intention\s+d(?:e\s+|['’])|on\s+m['’]a\s+(?:demandé|chargée?)\s+d(?:e\s+|['’])"
            r"|(?:ma\s+tâche|mon\s+rôle|ma\s+part)\s+est\s+d(?:e\s+|['’])"
            r"|(?:convenu|décidé|veut|voudrait|demande|attend)\s+que\s+j(?:e\s+|['’])"
            r"|^je\s+(?=l(?:a|e|es)\s+\w+(?:e|s|rai)\b)|^j['’](?!(?:espère|aime|adore|ignore|imagine|hésite|apprécie|avoue)\b)(?=\w+e\s))(?P<what>.+)",
            _I,
        ),
        mine=re.compile(r"(?:moi|je)\s*[:–—-]\s*(?P<what>.+)", _I),
        list_of_mine=re.compile(
            r"(?:ma\s+liste|mes\s+(?:tâches|actions|to-?dos?|prochaines\s+étapes)"
            r"|(?:à\s+faire|tâches?|actions?)\s+pour\s+moi|de\s+mon\s+côté)"
            r"\s*:\s*(?P<what>.*)",
            _I,
        ),
        denied=re.compile(
            r"\b(?:n['’]\w+\s+(?:pas|plus)|ne\s+\w+\s+(?:pas|plus)|peut-être|déjà|aurais"
            r"|pourrais|devrais\s+peut|voudrais|aimerais|si\s+je|dois\s+(?:dire|avouer|admettre))\b",
            _I,
        ),
        undertaken=re.compile(_UNDERTAKEN["fr"], _I),
        by_name=_BY_NAME["fr"],
    ),
    "es": Duties(
        duty=re.compile(
            r"(?:recu[ée]rda(?:me|nme)\s+(?:que\s+)?|que\s+no\s+se\s+me\s+olvide\s+"
            r"|me\s+(?:pidió|ha\s+pedido|pide|pidieron|encargó)\s+(?:que\s+)?"
            r"|(?:le\s+|les\s+)?(?:prometí|he\s+prometido)(?:\s+a\s+[A-ZÁ-Ú]\w+)?\s+"
            r"|me\s+(?:comprometí|comprometo|he\s+comprometido|ofrecí|ofrezco)\s+a\s+"
            r"|(?:acepté|he\s+aceptado|pienso|planeo|he\s+quedado\s+en|tengo\s+previsto)\s+(?=\w+r(?:l[aoe]s?)?\b)"
            r"|(?:^|\s)dije\s+que\s+(?=\w+ía\b)|(?:se\s+)?(?:decidió|acordó|propuso|quiere)\s+que\s+yo\s+"
            r"|mi\s+(?:tarea|parte)\s+es\s+"
            r"|no\s+(?:debo|tengo\s+que|puedo)\s+olvidar(?:me\s+de)?\s+"
            r"|me\s+(?:toca|queda\s+por|falta)\s+|quedé\s+en\s+|he\s+de\s+"
            r"|^(?:acordarme|acordarse)\s+de\s+|^no\s+olvidar(?:me\s+de)?\s+"
            r"|(?:le|les)\s+(?:dije|aseguré)\s+[^.,;]{1,40}?\s*que\s+"
            r"|(?:acordamos|quedamos\s+en)\s+que\s+yo\s+|(?:quiere|espera|pide)\s+que\s+(?:yo\s+)?"
            r"|^(?=l[oae]s?\s+(?!digo\b|agradezco\b|deseo\b|bueno\b|malo\b|primero\b|último\b|mismo\b|cierto\b)\w{3,}o\b))(?P<what>.+)",
            _I,
        ),
        mine=re.compile(r"yo\s*[:–—-]\s*(?P<what>.+)", _I),
        list_of_mine=re.compile(
            r"(?:mi\s+lista|mis\s+(?:tareas|pendientes|acciones|próximos\s+pasos)"
            r"|(?:tareas?|pendientes?|acci(?:ón|ones))\s+(?:para\s+mí|mías)|por\s+mi\s+parte)"
            r"\s*:\s*(?P<what>.*)",
            _I,
        ),
        denied=re.compile(
            r"(?:^|\b)(?:no\s+\w+|ya\s+(?:he|envié|llamé)|quizás?|tal\s+vez|podría|debería\s+quizás"
            r"|quisiera|me\s+gustaría|si\s+yo|(?:tengo\s+que|debo)\s+(?:decir|admitir|reconocer))\b",
            _I,
        ),
        undertaken=re.compile(_UNDERTAKEN["es"], _I),
        by_name=_BY_NAME["es"],
    ),
}
