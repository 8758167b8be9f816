"""What people really type: no form, no full sentences."""

import pytest

from mojodex_tui.backend.assistants.tags import inner
from mojodex_tui.backend.domain.briefs import Turn
from mojodex_tui.backend.llm.offline.assistant import answer
from tests.offline.cases import brief


@pytest.mark.parametrize(
    ("task", "language", "said", "expected"),
    [
        (
            "meeting_recap",
            "en",
            (
                "Hi! here are my notes from the sync w/ design team:\n"
                "- flow looks good, Sarah to finalize mockups by next Tuesday\n"
                "- Tom: check with legal re: cookie banner (before 1 Dec)\n"
                "- we'll drop the carousel"
            ),
            [
                "Sync w/ design team.",
                "Sarah, Tom",
                "**Sarah**: finalize mockups — due: Tuesday 24 November (2026-11-24)",
                "**Tom**: check with legal re: cookie banner — due: Tuesday 1 December",
                "## Decisions\n\n- We'll drop the carousel.",
            ],
        ),
        (
            "action_plan",
            "en",
            "organise the party: find a place, invite everybody, order food. Tom knows a DJ.",
            [
                "**Goal**: Organise the party.",
                "1. Find a place\n2. Invite everybody\n3. Order food",
                "- Tom knows a DJ.",
            ],
        ),
        (
            "action_plan",
            "fr",
            "Je veux lancer mon site de vente de miel.",
            ["**Objectif** : Je veux lancer mon site de vente de miel.", "(suggestion)"],
        ),
        (
            "weekly_report",
            "en",
            (
                "I finished the migration, fixed 14 bugs, still waiting on the keys from Google. "
                "Next week I start the mobile app and Jane will review the specs by Wednesday."
            ),
            [
                "## Blocked\n\n- Still waiting on the keys from Google.",
                "**Demo**: start the mobile app — due: Friday 27 November",
                "**Jane**: review the specs — due: Wednesday 25 November",
            ],
        ),
        (
            "job_post",
            "en",
            (
                "We need a baker for our shop in Nice, makes our bread, 35h, starts 1 March, "
                "must know sourdough, send CV to me@b.fr"
            ),
            [
                "We are looking for: baker.",
                "## What you will do\n\n- Makes our bread",
                "## What you bring\n\n- Must know sourdough",
                "## What we offer\n\n- 35h\n- Starts 1 March",
                "## How to apply\n\n- Send CV to me@b.fr.",
            ],
        ),
        (
            "release_notes",
            "en",
            "add dark mode, fix crash on startup, faster search",
            ["## New\n\n- Add dark mode.", "## Improved\n\n- Faster", "## Fixed\n\n- Fix crash"],
        ),
        (
            "bug_report",
            "fr",
            "Quand je clique sur Enregistrer, rien ne se passe. Firefox 130 sous Ubuntu.",
            ["## Environnement\n\nFirefox 130 sous Ubuntu."],
        ),
    ],
)
def test_rough_notes_find_their_places(
    task: str, language: str, said: str, expected: list[str]
) -> None:
    body = inner(answer(brief(task, language, said=[Turn("user", said)])), "draft")
    for part in expected:
        assert part in body


@pytest.mark.parametrize(
    ("language", "prefix", "step"),
    [
        ("en", "Write the e-mail:\n\n", "- Luc: send the quote (Friday 27 November)."),
        ("fr", "Écris l'e-mail :\n\n", "- Luc : envoie le devis (vendredi 27 novembre)."),
        ("es", "Escribe el correo:\n\n", "- Luc: envía la oferta (viernes 27 de noviembre)."),
    ],
)
def test_a_follow_up_reads_the_draft_before_it(language: str, prefix: str, step: str) -> None:
    notes = {
        "en": "Budget call. Luc sends the quote by Friday. We need to call the bank. It cost 10%.",
        "fr": "Point budget. Luc envoie le devis vendredi. Il faut appeler la banque. Coût : 10 %.",
        "es": "Presupuesto. Luc envía la oferta el viernes. Hay que llamar al banco. Costó 10 %.",
    }[language]
    recap = inner(answer(brief("meeting_recap", language, {"meeting_notes": notes})), "draft")
    mail = inner(
        answer(brief("follow_up_email", language, said=[Turn("user", prefix + recap)])), "draft"
    )
    assert step in mail
    assert mail.count("_") == 2
    assert "##" not in mail
    assert "10" in mail
    plan = inner(
        answer(brief("action_plan", language, said=[Turn("user", prefix + recap)])), "draft"
    )
    assert plan.count("(2026-11-27)") == 1
    assert "1. **Luc**" in plan
