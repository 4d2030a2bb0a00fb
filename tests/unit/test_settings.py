"""Settings: every problem at once, nothing guessed, and no demonstration beside real records by accident."""

import pathlib

import pytest

from parley.settings import Mode, SettingsError, default_data_folder, load_settings

PRODUCTION = {
    "PARLEY_MODE": "production",
    "PARLEY_BASE_DOMAIN": "parley.example",
    "PARLEY_MASTER_KEY_FILE": "/etc/parley/master.key",
    "PARLEY_SECRET_KEY_FILE": "/etc/parley/cookie.key",
    "PARLEY_SMTP_URL": "smtp://mail.example:25",
    "PARLEY_MAIL_FROM": "no-reply@parley.example",
}


def test_with_nothing_said_it_is_a_demonstration_on_this_machine() -> None:
    settings = load_settings({"HOME": "/home/somebody"})
    assert settings.mode is Mode.DEMONSTRATION
    assert settings.external_url("derby.localhost") == "http://derby.localhost:8000/"


def test_a_named_database_needs_a_named_mode() -> None:
    with pytest.raises(SettingsError, match="PARLEY_MODE: is missing"):
        load_settings({"DATABASE_URL": "postgresql://somewhere/parley"})


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(
            {
                "PARLEY_MODE": "live",
                "PARLEY_PORT": "eighty",
                "PARLEY_COLOUR": "blue",
                "PARLEY_API_REQUESTS_PER_SECOND": "0",
            }
        )
    for name in ("PARLEY_MODE", "PARLEY_PORT", "PARLEY_COLOUR", "PARLEY_API_REQUESTS_PER_SECOND"):
        assert name in str(refused.value)


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"PARLEY_MODE"}))
def test_production_starts_without_none_of_its_settings(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({key: value for key, value in PRODUCTION.items() if key != name})


def test_production_is_reached_over_tls() -> None:
    assert load_settings(PRODUCTION).external_url("parley.example", "/inbox") == "https://parley.example/inbox"


def test_the_data_folder_follows_the_xdg_standard_for_ordinary_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert default_data_folder({"HOME": "/home/somebody"}) == pathlib.Path("/home/somebody/.local/state/parley")
    assert default_data_folder({"HOME": "/h", "XDG_STATE_HOME": "/state"}) == pathlib.Path("/state/parley")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert default_data_folder({"HOME": "/root"}) == pathlib.Path("/var/lib/parley")


def test_a_data_folder_named_from_here_means_the_same_from_elsewhere(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({"PARLEY_DATA": "mine"}).data == tmp_path / "mine"
