"""What the offline assistant says, in each of its languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from mojodex_tui.backend.llm.offline.lexicon import Language


@dataclass(frozen=True)
class Phrases:
    """The words of one language; names say where they stand."""

    note: str
    """Ends every draft: no model wrote it."""
    ask_more: str
    ask_because_file: str
    tell_me: str
    cannot: str
    cannot_translate: str
    not_found: str
    already_short: str
    nothing_to_change: str
    # headings
    participants: str
    discussed: str
    decisions: str
    next_steps: str
    open_questions: str
    figures: str
    dates: str
    files: str
    not_transcribed: str
    key_points: str
    details: str
    added: str
    steps: str
    consider: str
    done: str
    blocked: str
    next_week: str
    more_ideas: str
    to_decide: str
    # words
    recap: str
    plan: str
    pitch: str
    unassigned: str
    due: str
    goal: str
    suggested: str
    suggested_steps: tuple[str, ...]
    week_of: str
    main_news: str
    colon: str
    """What stands between a label and its content."""
    # e-mails
    greeting: Mapping[str, str]
    greeting_all: Mapping[str, str]
    thanks_exchange: Mapping[str, str]
    thanks_mail: Mapping[str, str]
    agreed: str
    next_are: str
    still_open: str
    wait: str
    closing: Mapping[str, str]
    on_your_question: str
    your_mail: str
    come_back: str
    also: str
    # job post
    job_seek: str
    job_duties: str
    job_profile: str
    job_offer: str
    job_apply: str
    welcome: str
    # release notes
    you_must: str
    new: str
    improved: str
    fixed: str
    # bug report
    summary: str
    reproduce: str
    happens: str
    expected: str
    environment: str
    severity: str
    unknown_steps: str
    # pitch
    dear_audience: str
    we_ask: str
    pitch_thanks: str
    # translation
    sheet: str
    source_text: str
    keep: str
    prescribed: str
    recurring: str


PHRASES: Mapping[Language, Phrases] = {
    "en": Phrases(
        note=(
            "Written offline by rules, not by a language model. Read it through before you use it."
        ),
        ask_more=(
            "{question} Paste your notes or tell me in your own words; a few sentences are enough."
        ),
        ask_because_file="Without a language model I can neither listen to nor look at {files}.",
        tell_me="What should it be about?",
        cannot=(
            "I work without a language model, so I can only make plain changes: “shorter”, "
            "“as a list”, “more formal”, "
            "“less formal”, “add …”, “remove …”, “replace … with …”, “title: …”. Your "
            "draft is unchanged; you can also "
            "edit it by hand."
        ),
        cannot_translate="Without a language model I cannot translate. Your draft is unchanged.",
        not_found="I did not find “{what}” in the draft, so it is unchanged.",
        already_short="I cannot shorten it further without losing decisions, next steps or dates.",
        participants="Participants",
        discussed="Discussed",
        decisions="Decisions",
        next_steps="Next steps",
        open_questions="Open questions",
        figures="Figures",
        dates="Dates",
        files="Files",
        not_transcribed="(not transcribed: that takes a language model)",
        key_points="Key points",
        details="Details",
        added="Added",
        steps="Steps",
        consider="To keep in mind",
        done="Done",
        blocked="Blocked",
        next_week="Next week",
        more_ideas="More ideas",
        to_decide="To be decided",
        recap="Recap",
        plan="Plan",
        pitch="Pitch",
        unassigned="To be assigned",
        due="due",
        goal="Goal",
        suggested="suggested",
        suggested_steps=(
            "Write down how you will see that the goal is reached",
            "List who is needed, and ask them",
            "Choose the first step and do it this week",
            "Set a day to look at the progress",
        ),
        week_of="Week of {day}",
        main_news="Main news",
        colon=": ",
        greeting={"neutral": "Hello {who},", "warm": "Hi {who},", "formal": "Dear {who},"},
        greeting_all={"neutral": "Hello,", "warm": "Hi everyone,", "formal": "Dear all,"},
        thanks_exchange={
            "neutral": "Thank you for the exchange. Here is what I noted.",
            "warm": "Thanks a lot for the good talk! Here is what I took away.",
            "formal": "Thank you for your time. Please find below what was agreed.",
        },
        thanks_mail={
            "neutral": "Thank you for your e-mail.",
            "warm": "Thanks a lot for your e-mail!",
            "formal": "Thank you very much for your message.",
        },
        agreed="What we discussed and agreed:",
        next_are="Next steps:",
        still_open="Still open:",
        wait="Please tell me if I forgot or misunderstood something.",
        closing={"neutral": "Best regards,", "warm": "All the best,", "formal": "Yours sincerely,"},
        nothing_to_change="I found nothing in the draft to change for that.",
        your_mail="your e-mail",
        on_your_question="On “{question}”",
        come_back="I will come back to you on this.",
        also="Also:",
        job_seek="We are looking for: {job}{mode}.",
        job_duties="What you will do",
        job_profile="What you bring",
        job_offer="What we offer",
        job_apply="How to apply",
        welcome="Welcome",
        you_must="What you must do",
        new="New",
        improved="Improved",
        fixed="Fixed",
        summary="Summary",
        reproduce="Steps to reproduce",
        happens="What happens",
        expected="What should happen",
        environment="Environment",
        severity="How bad it is",
        unknown_steps="The steps before it are not known yet.",
        dear_audience="Good morning to {audience}.",
        we_ask="What we ask of you: {request}",
        pitch_thanks="Thank you for your attention.",
        sheet=(
            "Offline there is no model that can translate. This sheet prepares the translation "
            "into {target}."
        ),
        source_text="Text, sentence by sentence",
        keep="Keep as they are",
        prescribed="Prescribed words",
        recurring="Terms that return: translate them the same way each time",
    ),
    "fr": Phrases(
        note=(
            "Rédigé hors ligne par des règles, sans modèle de langage. Relisez-le avant de "
            "l'utiliser."
        ),
        ask_more=(
            "{question} Collez vos notes ou dites-le avec vos mots ; quelques phrases suffisent."
        ),
        ask_because_file="Sans modèle de langage, je ne peux ni écouter ni regarder {files}.",
        tell_me="De quoi doit-il s'agir ?",
        cannot=(
            "Je travaille sans modèle de langage et ne fais que des changements simples : "
            "« plus court », « en liste », "
            "« plus formel », « moins formel », « ajoute … », « enlève … », « remplace … "
            "par … », « titre : … ». Votre "
            "texte est inchangé ; vous pouvez aussi le modifier à la main."
        ),
        cannot_translate="Sans modèle de langage, je ne traduis pas. Votre texte est inchangé.",
        not_found="Je n'ai pas trouvé « {what} » dans le texte ; il est inchangé.",
        already_short=(
            "Je ne peux pas le raccourcir davantage sans perdre des décisions, des étapes ou "
            "des dates."
        ),
        participants="Participants",
        discussed="Points abordés",
        decisions="Décisions",
        next_steps="Prochaines étapes",
        open_questions="Questions ouvertes",
        figures="Chiffres",
        dates="Dates",
        files="Fichiers",
        not_transcribed="(non transcrit : il faut un modèle de langage)",
        key_points="Points clés",
        details="Détails",
        added="Ajouts",
        steps="Étapes",
        consider="À garder en tête",
        done="Fait",
        blocked="Bloqué",
        next_week="La semaine prochaine",
        more_ideas="Autres idées",
        to_decide="À décider",
        recap="Compte rendu",
        plan="Plan",
        pitch="Pitch",
        unassigned="À attribuer",
        due="échéance",
        goal="Objectif",
        suggested="suggestion",
        suggested_steps=(
            "Écrire à quoi on verra que l'objectif est atteint",
            "Lister les personnes nécessaires et les solliciter",
            "Choisir la première étape et la faire cette semaine",
            "Fixer un jour pour faire le point",
        ),
        week_of="Semaine du {day}",
        main_news="À retenir",
        colon=" : ",
        greeting={"neutral": "Bonjour {who},", "warm": "Bonjour {who} !", "formal": "{who},"},
        greeting_all={
            "neutral": "Bonjour,",
            "warm": "Bonjour à tous,",
            "formal": "Madame, Monsieur,",
        },
        thanks_exchange={
            "neutral": "Merci pour cet échange. Voici ce que j'ai noté.",
            "warm": "Un grand merci pour ce bel échange ! Voici ce que j'en retiens.",
            "formal": (
                "Je vous remercie de cet échange. Vous trouverez ci-dessous ce dont nous "
                "sommes convenus."
            ),
        },
        thanks_mail={
            "neutral": "Merci pour votre e-mail.",
            "warm": "Un grand merci pour votre e-mail !",
            "formal": "Je vous remercie de votre message.",
        },
        agreed="Ce que nous avons évoqué et convenu :",
        next_are="Prochaines étapes :",
        still_open="Encore ouvert :",
        wait="Dites-moi si j'ai oublié ou mal compris quelque chose.",
        closing={
            "neutral": "Cordialement,",
            "warm": "Bien à vous,",
            "formal": "Veuillez agréer mes salutations distinguées.",
        },
        nothing_to_change="Je n'ai rien trouvé à changer pour cela.",
        your_mail="votre e-mail",
        on_your_question="Au sujet de « {question} »",
        come_back="je reviens vers vous à ce sujet.",
        also="Par ailleurs :",
        job_seek="Nous recherchons : {job}{mode}.",
        job_duties="Vos missions",
        job_profile="Votre profil",
        job_offer="Ce que nous proposons",
        job_apply="Comment postuler",
        welcome="Un plus",
        you_must="Ce que vous devez faire",
        new="Nouveautés",
        improved="Améliorations",
        fixed="Corrections",
        summary="Résumé",
        reproduce="Étapes pour reproduire",
        happens="Ce qui se passe",
        expected="Ce qui devrait se passer",
        environment="Environnement",
        severity="Gravité",
        unknown_steps="Les étapes qui précèdent ne sont pas encore connues.",
        dear_audience="Bonjour à vous : {audience}.",
        we_ask="Ce que nous vous demandons : {request}",
        pitch_thanks="Merci de votre attention.",
        sheet=(
            "Hors ligne, aucun modèle ne peut traduire. Cette fiche prépare la traduction "
            "({target})."
        ),
        source_text="Le texte, phrase par phrase",
        keep="À garder tel quel",
        prescribed="Traductions imposées",
        recurring="Termes qui reviennent : à traduire chaque fois de la même façon",
    ),
    "es": Phrases(
        note=(
            "Escrito sin conexión por reglas, no por un modelo de lenguaje. Revísalo antes de "
            "usarlo."
        ),
        ask_more="{question} Pega tus notas o cuéntamelo con tus palabras; bastan unas frases.",
        ask_because_file="Sin un modelo de lenguaje no puedo escuchar ni ver {files}.",
        tell_me="¿De qué debe tratar?",
        cannot=(
            "Trabajo sin modelo de lenguaje y solo hago cambios sencillos: «más corto», "
            "«en lista», «más formal», "
            "«menos formal», «añade …», «quita …», «reemplaza … por …», «título: …». Tu "
            "texto no ha cambiado; también "
            "puedes editarlo a mano."
        ),
        cannot_translate="Sin un modelo de lenguaje no puedo traducir. Tu texto no ha cambiado.",
        not_found="No encontré «{what}» en el texto, así que no ha cambiado.",
        already_short="No puedo acortarlo más sin perder decisiones, próximos pasos o fechas.",
        participants="Participantes",
        discussed="Temas tratados",
        decisions="Decisiones",
        next_steps="Próximos pasos",
        open_questions="Preguntas abiertas",
        figures="Cifras",
        dates="Fechas",
        files="Archivos",
        not_transcribed="(sin transcribir: hace falta un modelo de lenguaje)",
        key_points="Puntos clave",
        details="Detalles",
        added="Añadido",
        steps="Pasos",
        consider="A tener en cuenta",
        done="Hecho",
        blocked="Bloqueado",
        next_week="La próxima semana",
        more_ideas="Otras ideas",
        to_decide="Por decidir",
        recap="Acta",
        plan="Plan",
        pitch="Discurso",
        unassigned="Por asignar",
        due="plazo",
        goal="Objetivo",
        suggested="sugerencia",
        suggested_steps=(
            "Escribir en qué se notará que el objetivo está cumplido",
            "Hacer la lista de las personas necesarias y hablar con ellas",
            "Elegir el primer paso y darlo esta semana",
            "Fijar un día para revisar el avance",
        ),
        week_of="Semana del {day}",
        main_news="Lo principal",
        colon=": ",
        greeting={
            "neutral": "Hola, {who}:",
            "warm": "¡Hola, {who}!",
            "formal": "A la atención de {who}:",
        },
        greeting_all={"neutral": "Hola:", "warm": "¡Hola a todos!", "formal": "Estimados señores:"},
        thanks_exchange={
            "neutral": "Gracias por la conversación. Esto es lo que anoté.",
            "warm": "¡Muchas gracias por la buena charla! Esto es lo que me llevo.",
            "formal": "Les agradezco su tiempo. A continuación, lo acordado.",
        },
        thanks_mail={
            "neutral": "Gracias por su correo.",
            "warm": "¡Muchas gracias por tu correo!",
            "formal": "Le agradezco mucho su mensaje.",
        },
        agreed="Lo que hablamos y acordamos:",
        next_are="Próximos pasos:",
        still_open="Queda abierto:",
        wait="Dime, por favor, si olvidé o entendí mal algo.",
        closing={"neutral": "Un saludo,", "warm": "Un abrazo,", "formal": "Atentamente,"},
        nothing_to_change="No encontré nada que cambiar para eso.",
        your_mail="su correo",
        on_your_question="Sobre «{question}»",
        come_back="le responderé más adelante.",
        also="Además:",
        job_seek="Buscamos: {job}{mode}.",
        job_duties="Qué harás",
        job_profile="Qué aportas",
        job_offer="Qué ofrecemos",
        job_apply="Cómo presentarse",
        welcome="Se valora",
        you_must="Qué debes hacer",
        new="Novedades",
        improved="Mejoras",
        fixed="Correcciones",
        summary="Resumen",
        reproduce="Pasos para reproducirlo",
        happens="Qué ocurre",
        expected="Qué debería ocurrir",
        environment="Entorno",
        severity="Gravedad",
        unknown_steps="Los pasos anteriores aún no se conocen.",
        dear_audience="Buenos días a todos: {audience}.",
        we_ask="Lo que os pedimos: {request}",
        pitch_thanks="Gracias por vuestra atención.",
        sheet=(
            "Sin conexión no hay modelo que traduzca. Esta ficha prepara la traducción ({target})."
        ),
        source_text="El texto, frase a frase",
        keep="Se queda como está",
        prescribed="Traducciones fijadas",
        recurring="Términos que se repiten: tradúcelos siempre igual",
    ),
}
