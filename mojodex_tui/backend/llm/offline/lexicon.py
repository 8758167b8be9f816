"""What the rules know of English, French and Spanish."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "fr", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def word_list(text: str) -> tuple[str, ...]:
    """Return the words of `text`, which reads better than a list of literals."""
    return tuple(text.split())


STOPWORDS: Mapping[Language, frozenset[str]] = {
    "en": frozenset(
        word_list(
            "the a an and or of to in on at by for with from is are was were be been it its this "
            "that these those we i you he she they our your their my me us not but if then than "
            "as so have has had do does did will would can could should must there here what "
            "which who when where how about into over after before also more very just all any "
            "some only between during while because through"
        )
    ),
    "fr": frozenset(
        word_list(
            "le la les l un une des du de d et ou à au aux en dans sur par pour avec est sont "
            "était étaient être été il elle ils elles ce cet cette ces nous je j vous tu on "
            "notre votre leur mon ma mes nos vos leurs me se ne pas mais si alors que qu qui "
            "quoi dont où quand comment plus très aussi tout tous toute toutes entre après avant "
            "avoir a ont avait fait faut doit peut chez comme sans son sa ses"
        )
    ),
    "es": frozenset(
        word_list(
            "el la los las un una unos unas de del y o u a al en sobre por para con es son era "
            "eran ser sido está están él ella ellos ellas este esta estos estas eso ese esa "
            "nosotros yo usted tú nuestro nuestra su sus mi mis me se no pero si entonces que "
            "quien cual donde cuando cómo como más muy también todo todos toda todas entre "
            "después antes haber ha han había hay debe puede tiene desde sin lo le les nos"
        )
    ),
}


def language_of(text: str, default: str) -> Language:
    """Return the language of `text`; `default` when it says too little, English at the last."""
    found = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in STOPWORDS[code] for word in found) for code in LANGUAGES}
    fallback: Language = next((code for code in LANGUAGES if code == default), "en")
    best = max(LANGUAGES, key=lambda code: (counts[code], code == fallback))
    return best if counts[best] >= 2 else fallback


@dataclass(frozen=True)
class Grammar:
    """How one language words promises, duties, decisions and requests. All ignore case."""

    first_person: re.Pattern[str]
    """At the start of a clause: the speaker takes something on."""
    named: str
    """What follows a name when its bearer takes something on."""
    nobody: re.Pattern[str]
    """Something must be done, and no one is named."""
    order: re.Pattern[str]
    """At the start of an item: a verb that says what to do."""
    others: re.Pattern[str]
    """At the start of a clause: people or things without a name do something."""
    modal: re.Pattern[str]
    """At the start of what is done: words that only say that it will be done."""
    decision: re.Pattern[str]
    open_point: re.Pattern[str]
    request: re.Pattern[str]
    """Somebody asks the reader for something."""


_I = re.IGNORECASE

_EN_VERBS = word_list(
    "add agree answer arrange ask book bring buy call change check clean close collect compare "
    "complete confirm contact coordinate create decide deliver deploy design discuss draft "
    "explain file find finish fix follow forward get give handle hire identify inform install "
    "interview introduce investigate invite launch look make measure meet merge migrate move "
    "negotiate notify open order organise organize pay phone plan post prepare present print "
    "propose provide publish purchase reach recruit register remind remove rent repair reply "
    "report request research reserve respond retest review run schedule secure sell send set "
    "settle share ship sign speak start submit switch take talk tell test train translate try "
    "update upload verify visit write"
)


def _en_third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "o")) else f"{verb}s"


EN_BASE_FORMS: Mapping[str, str] = {_en_third(verb): verb for verb in _EN_VERBS}
"""From "sends" to "send"."""

_EN_BASE = "|".join(_EN_VERBS)
_EN_FORMS = "|".join(EN_BASE_FORMS)
_EN_MODAL = (
    r"(?:(?:will|['’]ll|shall|must|should)(?:\s+(?:also|then|still))?"
    r"|(?:is|are|am|['’]m|['’]s|['’]re)\s+going\s+to|needs?\s+to|ha(?:s|ve)\s+to"
    r"|(?:agreed|agrees|promised|promises|offered|offers|volunteered|plans)\s+to|to)"
)
_EN_CARE = r"(?:takes?\s+care\s+of|(?:is|am)\s+responsible\s+for|is\s+in\s+charge\s+of)"

_FR_STEMS = word_list(
    "ajout appell appel achèt achet avis avanc charg cherch clôtur command compar confirm "
    "contact contrôl corrig demand donn envoi envoy envisag expliqu form gèr gér imprim inform "
    "invit install lanc livr mesur mont négoci not occup organis parl partag pay plac planifi "
    "prépar présent propos publi rappel rappell rapport recrut rédig regard relanc rembours "
    "rencontr renvoi renvoy répar réserv sign signal termin test trait transfèr transfér "
    "travaill trouv vérifi valid"
)
_FR_IRREGULAR = (
    "écri(?:t|s|ra|rai|re|vent)|fai(?:t|s|re)|fera?i?|pren(?:d|ds|dra|drai|dre)|voi(?:t|s|r)|verra?i?"
    "|met(?:s|tra|trai|tre)?|transmet(?:s|tra|tre)?|répon(?:d|ds|dra|drai|dre|dent)|revien(?:t|s|dra|drai)|reviendra?i?"
    "|revenir|fini(?:t|s|ra|rai|r)|fourni(?:t|s|ra|r)|prévien(?:t|s|dra)|prévenir|préviendra?i?|choisi(?:t|r|ra)"
    "|définir|définit|établi(?:r|t)|enverra?i?|obtenir|obtient|vend(?:re|ra)?|suivre|suit|lire|lit|rend(?:re|ra)?"
)
_FR_FORMS = (
    r"(?!\w+(?:oir|nir|ire|dre|ttre|ivre)\b)"
    rf"(?:(?:{'|'.join(_FR_STEMS)})(?:e|era|erai|es|ons|ez|ent|eront)|{_FR_IRREGULAR})"
)
"""Finite forms only: "Ana préparer" is nobody's promise."""
_FR_INFINITIVES = (
    rf"(?:(?:{'|'.join(_FR_STEMS)})er|écrire|faire|prendre|voir|mettre|transmettre|répondre"
    r"|revenir|finir|fournir|prévenir|choisir|définir|établir|obtenir|vendre|suivre|lire|rendre)"
)
_FR_MODAL = (
    r"(?:va|vais|vont|doit|dois|doivent|devra|devrai|peut|peux|s['’]est\s+engagée?\s+à"
    r"|accepte\s+de)"
)

_ES_AR = word_list(
    "actualiz agend agreg ayud avis busc cambi cerr cierr compar compr comprob comprueb comunic "
    "confirm consult contact contrat coordin entreg encarg envi enví entrevist estudi explic "
    "firm gestion habl imprim inform instal invit lanz llam llev mand mir negoci not organiz "
    "prob prueb pag planific prepar present pregunt public record recuerd redact registr reserv "
    "repar revis señal solicit termin tom trabaj trat valid verific viaj visit"
)
_ES_IRREGULAR = (
    r"hac(?:e|er|en)|hago|har(?:á|é|án)|escrib(?:e|o|ir|irá|iré)|pid(?:e|o|en)|pedir(?:á"
    r"|é)?|pon(?:e|er|go|drá|dré)"
    r"|respond(?:e|o|er|en|erá|eré)|tra(?:e|er|igo|erá|eré)|v(?:e|er|eo|erá)|sig(?:ue|o)|seguir"
    r"|resuelv(?:e|o)|resolver|compart(?:e|o|ir|irá|iré)|propon(?:e|er|go|drá)"
    r"|encuentr(?:a|o)|encontrar(?:á|é)?"
    r"|vend(?:e|o|er|erá)|tradu(?:ce|cir|zco)|añad(?:e|o|ir|irá|iré)|defin(?:e|o|ir|irá)"
    r"|eleg(?:ir|irá)|elige"
)
_ES_FORMS = (
    rf"(?!\w+[aei]r\b)(?:(?:{'|'.join(_ES_AR)})u?(?:a|ará|aré|an|arán|e|en|o)|{_ES_IRREGULAR})"
)
_ES_FIRST = (
    rf"(?:(?:{'|'.join(_ES_AR)})u?(?:o|aré)|hago|haré|escribo|escribiré|pido|pediré|pongo|pondré"
    r"|respondo|responderé|traigo|traeré|veo|comparto|compartiré|propongo|añado|añadiré)"
)
_ES_INFINITIVES = (
    rf"(?:(?:{'|'.join(_ES_AR)})ar|hacer|escribir|pedir|poner|responder|traer|ver|seguir|resolver"
    r"|compartir|proponer|encontrar|vender|traducir|añadir|definir|elegir)"
)
_ES_MODAL = (
    r"(?:va\s+a|van\s+a|voy\s+a|tiene\s+que|tienen\s+que|tengo\s+que|debe|deben|debo|deberá|puede"
    r"|se\s+compromete\s+a|se\s+encarga\s+de|me\s+encargo\s+de)"
)

MODALS: Mapping[Language, str] = {"en": _EN_MODAL, "fr": _FR_MODAL, "es": _ES_MODAL}
"""Words that only say that something will or must be done, of all persons."""

GRAMMARS: Mapping[Language, Grammar] = {
    "en": Grammar(
        first_person=re.compile(
            (
                rf"I(?:\s+|(?=['’]))(?:{_EN_MODAL}\s+|{_EN_CARE}\s+)(?!be\b|have\b)"
                rf"|I\s+(?:{_EN_BASE})\b"
            ),
            _I,
        ),
        named=rf"(?:\s*{_EN_MODAL}\s+(?!be\b|have\b)(?:{_EN_BASE})\b|\s+to\s+(?-i:[a-z])"
        rf"|\s*(?:will|['’]ll|must|should|needs\s+to|has\s+to|is\s+going\s+to)\s+(?!be\b|have\b)\w"
        rf"|\s+{_EN_CARE}\s+\w|\s+(?:{_EN_FORMS})\b)",
        nobody=re.compile(
            r"\b(?:we|somebody|someone)\s+(?:still\s+)?(?:need\s+to|needs\s+to|must"
            r"|have\s+to|has\s+to|should)\b"
            r"|\b(?:needs?|has|have)\s+to\s+be\s+\w+|\bmust\s+be\s+\w+|\bto\s+be\s+\w+ed\s+by\b",
            _I,
        ),
        order=re.compile(rf"(?:please\s+)?(?:{_EN_BASE})\b(?!\s*:)", _I),
        others=re.compile(
            (
                rf"(?P<owner>they|he|she|(?:the|our|their)\s+\w+(?:\s+\w+)?)\s+(?:{_EN_MODAL}\s+"
                rf"|{_EN_FORMS}\b|{_EN_BASE}\b)"
            ),
            _I,
        ),
        modal=re.compile(rf"\s*(?:{_EN_MODAL}|please)\s+", _I),
        decision=re.compile(
            r"\b(?:decided|decision|agreed|approved|we\s+chose|we\s+choose"
            r"|it\s+was\s+settled|signed\s+off)\b"
            r"|\bwe(?:['’]ll|\s+will)?\s+(?:not\s+)?(?:go\s+(?:with|for)|cut|keep|drop"
            r"|stop|postpone|cancel|raise|reduce"
            r"|increase|adopt|launch|move|switch|use|delay|skip|extend|freeze)\b"
            r"|\bwe\s+(?:will\s+not|won['’]t)\s+\w+",
            _I,
        ),
        open_point=re.compile(
            (
                r"\b(?:unclear|still\s+open|open\s+question|to\s+be\s+(?:clarified|decided"
                r"|confirmed)|not\s+decided|tbd)\b"
            ),
            _I,
        ),
        request=re.compile(
            r"\b(?:please|(?:could|can|would|will)\s+you|we\s+(?:also\s+)?(?:need|would\s+like)|let\s+me\s+know"
            r"|i(?:['’]d|\s+would)\s+(?:like|need)\s+you\s+to"
            r"|looking\s+forward\s+to\s+your)\b",
            _I,
        ),
    ),
    "fr": Grammar(
        first_person=re.compile(
            rf"(?:je\s+(?:m['’]occupe\s+d|me\s+charge\s+d|{_FR_MODAL}\s|(?:te\s+|vous\s+"
            rf"|lui\s+|leur\s+)?{_FR_FORMS}\b)"
            rf"|j['’](?:{_FR_FORMS}\b|y\s))",
            _I,
        ),
        named=rf"\s+(?:(?:se\s+charge|s['’]occupe)\s+d|{_FR_MODAL}\s+(?:\w+['’])?\w+(?:r|re)\b"
        rf"|(?:nous\s+|leur\s+|lui\s+|vous\s+)?{_FR_FORMS}\b)",
        nobody=re.compile(
            r"\bil\s+(?:nous\s+)?(?:faut|faudra|faudrait|reste\s+à)\b|\b(?:on"
            r"|nous)\s+(?:doit|devons|devra|devrons)\b"
            r"|\b(?:doit|doivent|devra)\s+être\b|^faut\b",
            _I,
        ),
        order=re.compile(rf"(?:merci\s+de\s+)?{_FR_INFINITIVES}\b(?!\s*:)", _I),
        others=re.compile(
            (
                rf"(?P<owner>ils?|elles?|(?:(?:le|la|les|notre|leur)\s+"
                rf"|l['’])\w+(?:\s+\w+)?)\s+(?:{_FR_MODAL}\s|{_FR_FORMS}\b)"
            ),
            _I,
        ),
        modal=re.compile(rf"\s*{_FR_MODAL}\s+", _I),
        decision=re.compile(
            r"\b(?:décid\w+|décision|convenu|validée?s?|approuvée?s?|adoptée?s?|retenue?s?|acté)\b"
            r"|\b(?:on|nous)\s+(?:ne\s+)?(?:réduit|réduisons|garde|gardons|arrête|arrêtons"
            r"|abandonne|abandonnons|choisit"
            r"|choisissons|reporte|reportons|annule|annulons|augmente|augmentons|lance"
            r"|lançons|passe|passons|adopte"
            r"|adoptons|part|partons|supprime|supprimons|coupe|coupons)\b",
            _I,
        ),
        open_point=re.compile(
            (
                r"\b(?:à\s+(?:clarifier|préciser|confirmer|décider|trancher)|pas\s+clair"
                r"|question\s+ouverte|en\s+suspens)\b"
            ),
            _I,
        ),
        request=re.compile(
            r"\b(?:merci\s+de|nous\s+(?:avons|aurions)\s+(?:aussi\s+)?besoin|il\s+nous\s+faut|pourri(?:ez|ons)-(?:vous|nous)|pourrais-tu|pouvez-vous"
            r"|peux-tu|veuillez|dites-moi|dis-moi"
            r"|je\s+(?:vous|te)\s+prie\s+de|(?:envoyez|confirmez|indiquez)-(?:moi|nous))\b",
            _I,
        ),
    ),
    "es": Grammar(
        first_person=re.compile(
            rf"(?:yo\s+)?(?:{_ES_FIRST}\b|(?:voy\s+a|tengo\s+que|debo|me\s+encargo\s+de"
            rf"|me\s+ocupo\s+de)\s)"
            rf"|yo\s+(?:me\s+)?{_ES_FORMS}\b",
            _I,
        ),
        named=(
            rf"\s+(?:{_ES_MODAL}\s+\w|se\s+(?:encarga|ocupa)\s+de|(?:nos\s+|les\s+"
            rf"|le\s+)?{_ES_FORMS}\b)"
        ),
        nobody=re.compile(
            r"\bhay\s+que\b|\b(?:tenemos\s+que|debemos|habrá\s+que|falta(?=\s+\w+r\b)"
            r"|es\s+necesario|se\s+debe|hace\s+falta)\b"
            r"|\b(?:debe|deben|tiene\s+que|tienen\s+que)\s+(?:ser|estar)\b",
            _I,
        ),
        order=re.compile(rf"(?:por\s+favor,?\s+)?{_ES_INFINITIVES}\b(?!\s*:)", _I),
        others=re.compile(
            rf"(?P<owner>(?:ellos|ellas|él|ella)|(?:el|la|los|las|nuestro|nuestra|su)\s+\w+(?:\s+\w+)?)"
            rf"\s+(?:{_ES_MODAL}\s|{_ES_FORMS}\b)",
            _I,
        ),
        modal=re.compile(rf"\s*{_ES_MODAL}\s+", _I),
        decision=re.compile(
            r"\b(?:decid\w+|decisión|acord(?:amos|ado|aron|ó)|aprob(?:amos|ado|ada|ó)"
            r"|se\s+aprueba|quedamos\s+en)\b"
            r"|\b(?:recortamos|mantenemos|dejamos|elegimos|aplazamos|cancelamos|subimos"
            r"|reducimos|adoptamos|lanzamos"
            r"|pasamos|aumentamos|retrasamos|suprimimos)\b",
            _I,
        ),
        open_point=re.compile(
            (
                r"\b(?:por\s+(?:aclarar|confirmar|decidir|definir)|no\s+está\s+claro"
                r"|pregunta\s+abierta|queda\s+pendiente)\b"
            ),
            _I,
        ),
        request=re.compile(
            r"\b(?:por\s+favor|(?:también\s+)?necesitamos|podr(?:ías?|íais|ían)|puedes?|puede\s+usted|dime|díganos"
            r"|dígame|le\s+ruego|te\s+pido"
            r"|(?:envíe|confirme|indique)(?:me|nos))\b",
            _I,
        ),
    ),
}

HEADINGS: Mapping[str, re.Pattern[str]] = {
    "notes": re.compile(
        r"(?:notes|discussed|topics|agenda|key\s+points|details|to\s+keep\s+in\s+mind|files"
        r"|points\s+abordés|ordre\s+du\s+jour|points\s+clés|détails|à\s+garder\s+en\s+tête|fichiers"
        r"|notas|temas\s+tratados|puntos\s+clave|detalles|a\s+tener\s+en\s+cuenta|archivos)",
        _I,
    ),
    "people": re.compile(
        r"(?:present|attendees|attending|participants?|présente?s?|étaient\s+présents"
        r"|presentes|asistentes"
        r"|participantes|in\s+the\s+room)",
        _I,
    ),
    "actions": re.compile(
        r"(?:steps|étapes|pasos|action(?:s|\s+items?)?|to-?\s?dos?|next\s+steps?|(?:choses\s+)?à\s+faire"
        r"|prochaines?\s+étapes?"
        r"|acciones|acción|tareas?|próximos?\s+pasos?|por\s+hacer|pendientes?)",
        _I,
    ),
    "decisions": re.compile(r"(?:decisions?|decided|décisions?|decisión|decisiones|acuerdos?)", _I),
    "questions": re.compile(
        (
            r"(?:(?:open\s+)?questions?|(?:questions?\s+)?ouvertes?|points?\s+ouverts?"
            r"|preguntas?(?:\s+abiertas?)?|dudas?)"
        ),
        _I,
    ),
    "blocked": re.compile(
        (
            r"(?:blocked|blockers?|problems?|bloqué\w*|blocages?|problèmes?|bloquead\w+"
            r"|bloqueos?|problemas?)"
        ),
        _I,
    ),
    "done": re.compile(r"(?:done|this\s+week|fait|cette\s+semaine|hecho|esta\s+semana)", _I),
    "next": re.compile(
        (
            r"(?:next(?:\s+week)?|coming\s+up|la\s+semaine\s+prochaine|ensuite|à\s+venir"
            r"|próxima\s+semana|siguiente)"
        ),
        _I,
    ),
}
"""Labels people write before or above things; matched in full."""
