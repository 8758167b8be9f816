"""What settings come from, and what is kept private."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import ChosenLlm
from mojodex_tui.backend.llm.endpoint import Prices
from mojodex_tui.backend.llm.errors import ModelRefused
from mojodex_tui.backend.settings import BackendSettings, read_llm_settings, signing_key
from mojodex_tui.keyrings import LLM_KEY, keep_secret
from mojodex_tui.settings.file import SettingsFile
from mojodex_tui.settings.sections import BadSettings
from tests.memory_keyring import only_keyring


async def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    assert (await read_llm_settings(tmp_path)).base_url is None


async def test_a_key_comes_from_the_environment_or_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("MY_KEY", "from-the-environment")
    for line, expected in (
        ('api_key_env = "MY_KEY"', "from-the-environment"),
        ('api_key_command = "echo from-a-command"', "from-a-command"),
    ):
        file.write_text(f'[llm]\nbase_url = "http://x/v1"\nmodel = "m"\n{line}\n')
        told = await read_llm_settings(tmp_path)
        assert (told.base_url, told.model, told.api_key) == (
            "http://x/v1",
            "m",
            SecretStr(expected),
        )


@pytest.mark.parametrize("text", ["[llm", "[llm]\nmodel = 3", '[llm]\napi_key_command = "false"'])
async def test_bad_settings_are_told_where_an_answer_would_be(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(BadSettings):
        await read_llm_settings(tmp_path)
    source = ChosenLlm(BackendSettings(data_dir=tmp_path))
    with pytest.raises(ModelRefused):
        await source()
    (tmp_path / "settings.toml").write_text('[llm]\nbase_url = "offline"')
    assert (await source()).is_model is False


async def test_what_the_file_says_of_time_outs_holds(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[llm]\nfirst_token_timeout = 7")
    told = await read_llm_settings(tmp_path)
    assert (told.first_token_timeout, told.between_tokens_timeout) == (7, 60)


async def test_what_the_file_says_of_prices_makes_costs_known(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[llm]\nbase_url = "http://a"\nprice_read = 2\nprice_written = 8.5')
    told = await read_llm_settings(tmp_path)
    assert Prices(told.price_read, told.price_written).of(3_000_000, 100_000) == 6.85
    file.write_text("[llm]\nprice_read = -1")
    with pytest.raises(BadSettings, match="price_read is the price of a million tokens, 0 or more"):
        await read_llm_settings(tmp_path)


async def test_a_key_comes_from_the_keyring(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[llm]\napi_key_keyring = true")
    with only_keyring():
        with pytest.raises(BadSettings, match="enter it again"):
            await read_llm_settings(tmp_path)
        await keep_secret(LLM_KEY, "from-the-keyring")
        assert (await read_llm_settings(tmp_path)).api_key == SecretStr("from-the-keyring")


async def test_another_model_is_used_as_soon_as_the_file_names_it(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.change("llm", "base_url", "http://127.0.0.1:9/v1")
    file.change("llm", "model", "first")
    source = ChosenLlm(BackendSettings(data_dir=tmp_path))
    assert (await source()).label == "first at 127.0.0.1:9"
    assert await source() is await source()
    file.change("llm", "model", "second")
    assert (await source()).label == "second at 127.0.0.1:9"


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
