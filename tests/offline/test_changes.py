import pytest

from mojodex_tui.backend.assistants.tags import inner
from mojodex_tui.backend.domain.briefs import Draft, Turn
from mojodex_tui.backend.llm.offline.assistant import answer
from tests.offline.cases import brief

NOTE = (
    "---\n_Written offline by rules, not by a language model. Read it through before you use it._"
)
RECAP = Draft(
    "Recap: Launch",
    "The launch is near. Everybody is busy. The mood is good.\n\n"
    "## Participants\n\nAna, Luc, Priya\n\n"
    "## Discussed\n\n- The website has new pictures.\n- The lunch was late.\n"
    "- Pictures cost 300 €.\n\n"
    "## Decisions\n\n- We launch on 3 December.\n\n"
    "## Next steps\n\n- **Ana**: call Globex\n- **Luc**: send the pictures\n\n"
    "## Open questions\n\n- Who pays?\n\n" + NOTE,
)
MAIL = Draft(
    "Contract",
    "Hi Maria,\n\nThanks for the call. I'll send the contract. It can't wait.\n\n"
    "All the best,\nDemo",
)


def changed(request: str, draft: Draft = RECAP, task: str = "meeting_recap") -> Draft:
    raw = answer(brief(task, said=[Turn("user", request)], draft=draft))
    assert raw.startswith("<execution>"), raw
    return Draft(inner(raw, "title"), inner(inner(raw, "execution"), "draft"))


@pytest.mark.parametrize("request_", ["make it shorter", "plus court", "más corto, por favor"])
def test_shorter_keeps_every_promise(request_: str) -> None:
    shorter = changed(request_)
    assert len(shorter.body) < len(RECAP.body)
    for kept in ("We launch", "**Ana**", "**Luc**", "Who pays?", NOTE):
        assert kept in shorter.body


@pytest.mark.parametrize(
    "request_",
    ["replace Globex with Initech", "remplace Globex par Initech", "reemplaza Globex por Initech"],
)
def test_replace(request_: str) -> None:
    assert changed(request_).body == RECAP.body.replace("Globex", "Initech")


@pytest.mark.parametrize(
    "request_", ["title: Our launch", "change the title to “our launch”", "appelle-le our launch"]
)
def test_title(request_: str) -> None:
    assert changed(request_) == Draft("Our launch", RECAP.body)


@pytest.mark.parametrize(
    "request_",
    ["please remove the discussed section", "enlève la partie discussed", "quita discussed"],
)
def test_remove_a_section(request_: str) -> None:
    body = changed(request_).body
    assert "## Discussed" not in body
    assert "lunch" not in body
    assert "## Decisions" in body


def test_remove_a_line() -> None:
    assert changed("remove the line about the lunch").body == RECAP.body.replace(
        "- The lunch was late.\n", ""
    )


def test_remove_one_name_of_many() -> None:
    assert "Ana, Luc\n" in changed("remove Priya").body


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        ("add that Maria calls the bank by 10 December",
         "- **Maria**: call the bank — due: Thursday 10 December (2026-12-10)\n\n## Open"),
        ("add: who cooks?", "- Who pays?\n- Who cooks?"),
        ("add we agreed to eat early", "- We launch on 3 December.\n- We agreed to eat early."),
        ("ajoute que la salle est petite", "- Pictures cost 300 €.\n- La salle est petite."),
        ("add the lights to decisions", "- We launch on 3 December.\n- The lights."),
    ],
)  # fmt: skip
def test_add_finds_its_place(request_: str, line: str) -> None:
    assert line in changed(request_).body


def test_more_and_less_formal() -> None:
    formal = changed("more formal", MAIL, "follow_up_email")
    assert formal.body == (
        "Dear Maria,\n\nThank you for the call. I will send the contract. It cannot wait.\n\n"
        "Yours sincerely,\nDemo"
    )
    assert changed("less formal", formal, "follow_up_email").body == MAIL.body


def test_a_line_added_to_a_mail_stands_before_the_closing() -> None:
    body = changed("add the price is fixed", MAIL, "follow_up_email").body
    assert body.index("The price is fixed.") < body.index("All the best,")


def test_as_a_list() -> None:
    body = changed("as a list please").body
    assert body.startswith("- The launch is near.\n- Everybody is busy.")


def test_several_requests_at_once() -> None:
    both = changed("title: Our launch\nreplace Globex with Initech")
    assert both == Draft("Our launch", RECAP.body.replace("Globex", "Initech"))


def test_the_users_removal_of_the_note_is_respected() -> None:
    bare = Draft(RECAP.title, RECAP.body.removesuffix(NOTE).strip())
    assert NOTE not in changed("remove the discussed section", bare).body


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ("what do you think?", "plain changes"),
        ("translate it into French", "cannot translate"),
        ("remove the giraffe", "“giraffe”"),
        ("replace Paul with Anna", "“Paul”"),
    ],
)
def test_what_it_cannot_do_is_said_and_the_draft_kept(request_: str, words: str) -> None:
    raw = answer(brief("meeting_recap", said=[Turn("user", request_)], draft=RECAP))
    assert words in inner(raw, "ask_user_primary_info")
    assert "<execution>" not in raw
