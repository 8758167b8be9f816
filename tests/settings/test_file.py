"""What the settings file may say, and what changing it leaves as it was."""

import stat
from pathlib import Path

import pytest

from mojodex_tui.settings.file import NAME, SettingsFile, read_section
from mojodex_tui.settings.sections import BadSettings, LlmSection

OWN = """\
# mine
[llm]
model = "a"  # the good one
of_a_later_version = 3

[keys]
app.palette = "f2"

[mail]
host = "mail.example.com"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / NAME


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path).read()
    assert settings.llm.first_token_timeout == 180
    assert settings.problems == ()


def test_the_first_change_writes_a_file_that_explains_itself(file: Path) -> None:
    SettingsFile(file.parent).change("screen", "theme", "nord")
    text = file.read_text()
    assert text.startswith("# The settings of mojodex-tui.")
    assert text.endswith('[screen]\ntheme = "nord"\n')
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_change_leaves_comments_and_unknown_values_alone(file: Path) -> None:
    file.write_text(OWN)
    settings = SettingsFile(file.parent)
    settings.change("llm", "model", "b")
    assert file.read_text() == OWN.replace('"a"', '"b"')
    settings.change("llm", "model", "a")
    assert file.read_text() == OWN


def test_an_id_without_quotes_is_read_changed_and_taken_out(file: Path) -> None:
    file.write_text(OWN)
    settings = SettingsFile(file.parent)
    settings.change("keys", "app.palette", "f3")
    settings.change("keys", "app.quit", "none")
    assert 'app.palette = "f3"' in file.read_text()
    assert settings.read().keys.root == {"app.palette": "f3", "app.quit": "none"}
    settings.change("keys", "app.palette", None)
    settings.change("keys", "app.quit", None)
    assert settings.read().keys.root == {}


def test_a_file_that_is_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "mojodex.toml"
    real.write_text(OWN)
    file.symlink_to(real)
    SettingsFile(file.parent).change("llm", "model", "b")
    assert file.is_symlink()
    assert 'model = "b"' in real.read_text()


@pytest.mark.parametrize(
    ("section", "name", "value", "sentence"),
    [
        ("llm", "connect_timeout", -1, "llm.connect_timeout is a number of seconds"),
        ("llm", "connect_timeout", True, "llm.connect_timeout is a number of seconds"),
        ("llm", "base_url", "localhost", "llm.base_url is an address such as http"),
        ("llm", "model", 3, "llm.model is text"),
        ("keys", "app.quit", "", "app.quit is a key such as"),
    ],
)
def test_a_bad_value_is_a_sentence_and_changes_nothing(
    file: Path, section: str, name: str, value: str | float, sentence: str
) -> None:
    file.write_text(OWN)
    with pytest.raises(BadSettings, match=sentence):
        SettingsFile(file.parent).change(section, name, value)
    assert file.read_text() == OWN


def test_one_bad_section_spoils_no_other(file: Path) -> None:
    file.write_text('keys = 3\n[llm]\nbase_url = 3\n[screen]\ntheme = "nord"\n')
    settings = SettingsFile(file.parent).read()
    assert settings.screen.theme == "nord"
    assert settings.llm == LlmSection()
    assert settings.problems == (
        'settings.toml: llm.base_url is text: put it between quotes, as in "text".',
        "settings.toml: keys is a section: write [keys] on a line of its own.",
    )
    with pytest.raises(BadSettings, match=r"llm\.base_url is text"):
        read_section(file.parent, "llm", LlmSection)


def test_a_file_that_is_no_toml_is_said_and_left_alone(file: Path) -> None:
    file.write_text("[llm")
    settings = SettingsFile(file.parent)
    assert "cannot be read" in settings.read().problems[0]
    with pytest.raises(BadSettings, match="cannot be read"):
        settings.change("llm", "model", "b")
    assert file.read_text() == "[llm"


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    with pytest.raises(BadSettings):
        SettingsFile(tmp_path / "taken").change("llm", "model", "b")


def test_without_a_folder_changes_hold_as_long_as_the_program() -> None:
    settings = SettingsFile()
    before = settings.stamp()
    settings.change("screen", "theme", "nord")
    assert settings.read().screen.theme == "nord"
    assert settings.stamp() != before
