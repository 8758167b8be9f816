"""The wording of workflow steps without a model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mojodex_tui.backend.llm.offline.lexicon import Language


@dataclass(frozen=True)
class StepWords:
    """The wording in one language."""

    phases: tuple[str, ...]
    """What the stanzas of a poem are about, the first to the last."""
    verses: tuple[tuple[str, ...], ...]
    """For each line after the first, the lines to choose from."""
    no_decision: str
    decided: re.Pattern[str]
    """At the start of a decision: words that only say that it is one."""
    undecided: re.Pattern[str]
    """At the start of what only speaks of decisions."""
    no_action: str
    nobody: str
    due: str
    email: str
    only_so_much: str


WORDS: Mapping[Language, StepWords] = {
    "en": StepWords(
        phases=(
            "First sight of {topic}",
            "The sound of {topic}",
            "{topic}, seen from a window",
            "{topic}, at noon",
            "A hand held out to {topic}",
            "{topic}, in the evening",
            "What stays of {topic}",
        ),
        verses=(
            (
                "a door ajar, a line of light,",
                "the street still wet, the kettle on,",
                "a coat forgotten on a chair,",
            ),
            (
                "a bird that tries its voice again,",
                "two cups, one spoon, a quiet room,",
                "a ladder leaning on a tree,",
            ),
            (
                "and nobody has named it yet.",
                "and what we came for can be small.",
                "and then the wind takes up the rest.",
            ),
        ),
        no_decision="The notes hold no decision.",
        decided=re.compile(
            r"(?:(?:we|they|everyone|everybody|the\s+team|it\s+was)\s+)?(?:ha(?:ve|s)\s+)?"
            r"(?:all\s+)?(?:agreed|decided)\s*(?:that\s+|to\s+|on\s+|$)",
            re.IGNORECASE,
        ),
        undecided=re.compile(
            r"(?:no\s+decisions?|nothing\s+(?:was\s+)?decided|not\s+decided)\b", re.IGNORECASE
        ),
        no_action="The notes hold no action item.",
        nobody="To be assigned",
        due=", by {day}",
        email=(
            "Hello everybody,\n\nThank you for the meeting. We decided:\n\n{decisions}\n\n"
            "Next steps:\n\n{actions}\n\nKind regards\n{name}"
        ),
        only_so_much=(
            "Without a language model only so much can be changed: shorter, more or fewer items, "
            "another order, or “add …”. Edit the result for the rest."
        ),
    ),
    "fr": StepWords(
        phases=(
            "{topic}, au premier regard",
            "{topic}, à l'oreille",
            "{topic}, depuis la fenêtre",
            "{topic}, à midi",
            "{topic}, une main tendue",
            "{topic}, le soir",
            "{topic}, ce qui reste",
        ),
        verses=(
            (
                "la porte ouverte, un trait de jour,",
                "la rue mouillée, un pas qui vient,",
                "un manteau laissé sur la chaise,",
            ),
            (
                "l'oiseau qui reprend sa chanson,",
                "deux tasses, une chambre claire,",
                "l'échelle contre le pommier,",
            ),
            (
                "et rien n'a encore de nom.",
                "et peu de chose nous suffit.",
                "et puis le vent dira la suite.",
            ),
        ),
        no_decision="Les notes ne contiennent aucune décision.",
        decided=re.compile(
            r"(?:(?:nous\s+avons|on\s+a|ils\s+ont|il\s+a\s+été|l['’]équipe\s+a)\s+)?"
            r"(?:décidé|convenu)\s*(?:que\s+|qu['’]|de\s+(?!l(?:e|a|es)\s)|d['’]|$)",
            re.IGNORECASE,
        ),
        undecided=re.compile(
            r"(?:pas\s+(?:encore\s+)?de\s+décision|aucune\s+décision|rien\s+n['’]a\s+été\s+décidé)\b",
            re.IGNORECASE,
        ),
        no_action="Les notes ne contiennent aucune action.",
        nobody="À attribuer",
        due=", pour le {day}",
        email=(
            "Bonjour à tous,\n\nMerci pour la réunion. Nous avons décidé :\n\n{decisions}\n\n"
            "Prochaines étapes :\n\n{actions}\n\nBien à vous\n{name}"
        ),
        only_so_much=(
            "Sans modèle de langue, peu de changements sont possibles : plus court, plus ou moins "
            "d'éléments, un autre ordre, ou « ajoute … ». Modifiez le résultat pour le reste."
        ),
    ),
    "es": StepWords(
        phases=(
            "{topic}, a primera vista",
            "{topic}, al oído",
            "{topic}, desde la ventana",
            "{topic}, a mediodía",
            "{topic}, una mano tendida",
            "{topic}, por la tarde",
            "{topic}, lo que queda",
        ),
        verses=(
            (
                "la puerta abierta, un hilo de luz,",
                "la calle mojada, un paso que llega,",
                "un abrigo olvidado en la silla,",
            ),
            (
                "un pájaro prueba otra vez su voz,",
                "dos tazas, un cuarto en silencio,",
                "la escalera apoyada en el árbol,",
            ),
            (
                "y nadie le ha puesto nombre todavía.",
                "y lo que buscamos puede ser poco.",
                "y luego el viento dirá lo demás.",
            ),
        ),
        no_decision="Las notas no contienen ninguna decisión.",
        decided=re.compile(
            r"(?:(?:hemos|se\s+ha|se)\s+)?(?:decidido|decidió|decidimos|acordado|acordamos|acordó)"
            r"\s*(?:que\s+|\s(?=\w+[aei]r\b)|$)",
            re.IGNORECASE,
        ),
        undecided=re.compile(
            r"(?:sin\s+decisi[óo]n|ninguna\s+decisión|no\s+(?:se\s+decidió|hay\s+decisión))\b",
            re.IGNORECASE,
        ),
        no_action="Las notas no contienen ninguna tarea.",
        nobody="Por asignar",
        due=", para el {day}",
        email=(
            "Hola a todos:\n\nGracias por la reunión. Decidimos:\n\n{decisions}\n\n"
            "Próximos pasos:\n\n{actions}\n\nSaludos cordiales\n{name}"
        ),
        only_so_much=(
            "Sin un modelo de lenguaje solo se puede cambiar algo: más corto, más o menos "
            "elementos, otro orden, o «añade …». Edite el resultado para lo demás."
        ),
    ),
}
