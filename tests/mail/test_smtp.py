"""Mails over a real server, with TLS and a password."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from mojodex_tui.backend.domain.todos import Move, ReminderBrief
from mojodex_tui.backend.llm.offline.todo_days import remind
from mojodex_tui.backend.mail.settings import MailSettings, Security, read_mail_settings
from mojodex_tui.backend.mail.smtp import SmtpMailer
from mojodex_tui.backend.services.todo_ports import Letter, MailDelayed, MailRefused
from mojodex_tui.settings.sections import BadSettings
from tests.mail.conftest import Post

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LETTER = Letter(
    to="sam@example.com",
    subject="Your day, Sam \N{BLACK SUN WITH RAYS}",
    text=f"Good morning,\n\n- {'a long line without end ' * 200}\n",
    html=f"<p>Today: <b>{'Ça va très loin ' * 200}</b></p>",
    key="todo_reminder.2026-11-20.sam",
)


def _mailer(settings: MailSettings) -> SmtpMailer:
    return SmtpMailer(settings, lambda: NOW)


async def test_arrives_readable_in_two_ways(mail_settings: MailSettings, post: Post) -> None:
    await _mailer(mail_settings).send(LETTER)
    (letter,) = post.letters()
    assert (letter["To"], letter["From"]) == ("sam@example.com", "Mojodex <mojodex@example.com>")
    assert letter["Subject"] == LETTER.subject
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == LETTER.text.split()
    assert html.get_content().split() == LETTER.html.split()
    assert all(len(line) <= 78 for line in post.came[0].split(b"\r\n"))


async def test_the_same_letter_has_the_same_id(mail_settings: MailSettings, post: Post) -> None:
    mailer = _mailer(mail_settings)
    await mailer.send(LETTER)
    await mailer.send(LETTER)
    first, second = (letter["Message-ID"] for letter in post.letters())
    assert first == second
    assert first.endswith("@example.com>")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("451 try again later", MailDelayed),
        ("421 too busy", MailDelayed),
        ("550 no such mailbox", MailRefused),
        ("554 not from you", MailRefused),
    ],
)
async def test_tells_later_from_never(
    mail_settings: MailSettings, post: Post, answer: str, failure: type[Exception]
) -> None:
    post.answers.append(answer)
    with pytest.raises(failure, match=answer):
        await _mailer(mail_settings).send(LETTER)
    assert post.came == []


async def test_a_wrong_password_is_refused(mail_settings: MailSettings, post: Post) -> None:
    wrong = mail_settings.model_copy(update={"password": SecretStr("wrong")})
    with pytest.raises(MailRefused, match="535"):
        await _mailer(wrong).send(LETTER)
    assert post.attempts == 0


async def test_a_stranger_s_certificate_is_not_trusted(
    mail_settings: MailSettings, post: Post
) -> None:
    strange = mail_settings.model_copy(update={"ca_file": None})
    with pytest.raises(MailDelayed):
        await _mailer(strange).send(LETTER)
    assert post.attempts == 0


async def test_a_server_that_is_away_is_asked_later() -> None:
    away = MailSettings(host="127.0.0.1", port=1, sender="a@example.com", timeout=2)
    with pytest.raises(MailDelayed, match="is not there"):
        await _mailer(away).send(LETTER)


def test_settings_come_from_the_file_and_the_environment(tmp_path: Path) -> None:
    assert read_mail_settings(tmp_path, {}) is None
    file = tmp_path / "settings.toml"
    file.write_text(
        '[mail]\nhost = "mail.example.com"\nuser = "sam@example.com"\n'
        'password_command = "printf secret"\n'
    )
    told = read_mail_settings(tmp_path, {"MOJODEX_MAIL_SECURITY": "tls"})
    assert told is not None
    assert (told.host, told.sender, told.chosen_port) == (
        "mail.example.com",
        "sam@example.com",
        465,
    )
    assert told.security is Security.TLS
    assert told.password == SecretStr("secret")
    overruled = read_mail_settings(
        tmp_path, {"MOJODEX_MAIL_HOST": "other.example.com", "MOJODEX_MAIL_PASSWORD": "other"}
    )
    assert overruled is not None
    assert (overruled.host, overruled.password) == ("other.example.com", SecretStr("other"))
    file.write_text('[mail]\nhost = "mail.example.com"\npassword = "in the file"\n')
    with pytest.raises(BadSettings, match="password"):
        read_mail_settings(tmp_path, {})


def test_the_template_says_it_all() -> None:
    brief = ReminderBrief(
        language="fr",
        user_name="Sam Reed",
        day=date(2026, 11, 20),
        today=(("Appeler <la banque>", "Réunion"),),
        overdue=(("Payer", date(2026, 11, 18)),),
        moved=(Move("Relire", date(2026, 11, 19), date(2026, 11, 23), "Vendredi est plein."),),
    )
    mail = remind(brief)
    assert mail.subject == "Vos tâches du vendredi 20 novembre (1)"
    for words in ("Bonjour Sam", "depuis mercredi 18 novembre", "Vendredi est plein.", "lundi 23"):
        assert words in mail.text
        assert words in mail.html
    assert "Appeler <la banque>" in mail.text
    assert "Appeler &lt;la banque&gt;" in mail.html
