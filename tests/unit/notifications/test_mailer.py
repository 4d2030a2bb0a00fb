"""Which mail servers may be used."""

import dataclasses
from urllib.parse import urlsplit

import pytest

from parley.notifications.mailer import is_loopback, mailer_for
from parley.settings import Mode, Settings, SettingsError, load_settings


def settings(url: str, mode: Mode = Mode.DEMONSTRATION) -> Settings:
    return dataclasses.replace(load_settings({"HOME": "/nowhere"}), mode=mode, smtp_url=url)


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:8025", "smtp://[::1]:25", "smtp://localhost", "smtp://127.9.9.9"])
def test_a_demonstration_sends_to_this_machine(url: str) -> None:
    assert mailer_for(settings(url))


@pytest.mark.parametrize(
    "url", ["smtp://mail.council.example", "smtps://user:word@10.0.0.1", "smtp://localhost.example", "smtp://0.0.0.0"]
)
def test_a_demonstration_sends_nowhere_else(url: str) -> None:
    with pytest.raises(SettingsError, match="stays on this machine"):
        mailer_for(settings(url))
    assert mailer_for(settings(url, Mode.PRODUCTION))


@pytest.mark.parametrize("url", ["http://127.0.0.1", "smtp://", "127.0.0.1:25"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="PARLEY_SMTP_URL"):
        mailer_for(settings(url, Mode.PRODUCTION))


def test_only_addresses_of_this_machine_are_loopback() -> None:
    assert not is_loopback(urlsplit("smtp://192.168.0.1"))
