"""What settings come from, and what is kept private."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import ChosenLlm
from mojodex_tui.backend.llm.errors import ModelRefused
from mojodex_tui.backend.settings import (
    BackendSettings,
    BadSettings,
    read_llm_settings,
    signing_key,
)


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    assert read_llm_settings(tmp_path).base_url is None


def test_a_key_comes_from_the_environment_or_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("MY_KEY", "from-the-environment")
    for line, expected in (
        ('api_key_env = "MY_KEY"', "from-the-environment"),
        ('api_key_command = "echo from-a-command"', "from-a-command"),
    ):
        file.write_text(f'[llm]\nbase_url = "http://x/v1"\nmodel = "m"\n{line}\n')
        told = read_llm_settings(tmp_path)
        assert (told.base_url, told.model, told.api_key) == (
            "http://x/v1",
            "m",
            SecretStr(expected),
        )


@pytest.mark.parametrize("text", ["[llm", "[llm]\nmodel = 3", '[llm]\napi_key_command = "false"'])
async def test_bad_settings_are_told_where_an_answer_would_be(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(BadSettings):
        read_llm_settings(tmp_path)
    source = ChosenLlm(BackendSettings(data_dir=tmp_path))
    with pytest.raises(ModelRefused):
        await source()
    (tmp_path / "settings.toml").write_text('[llm]\nbase_url = "offline"')
    assert (await source()).is_model is False


def test_the_signing_key_is_made_once_and_private(tmp_path: Path) -> None:
    settings = BackendSettings(data_dir=tmp_path)
    key = signing_key(settings)
    assert len(key) >= 32
    assert signing_key(settings) == key
    assert stat.S_IMODE((tmp_path / "jwt.secret").stat().st_mode) == 0o600


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = BackendSettings(
        data_dir=tmp_path,
        jwt_secret=SecretStr("signing-secret"),
        database_url="postgresql+psycopg://u:database-secret@h/d",
    )
    shown = repr(settings)
    assert "signing-secret" not in shown
    assert "database-secret" not in shown
