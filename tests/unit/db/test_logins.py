"""Each process is handed its own database logins, and one that lacks any says exactly which."""

import pathlib

import pytest

from parley.app import create_app
from parley.db.logins import read_logins, require_logins, write_logins
from parley.db.scope import Login
from parley.settings import Mode, SettingsError
from support.deployment import deployment

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


def test_a_web_process_in_production_names_every_login_it_lacks_and_no_other(tmp_path: pathlib.Path) -> None:
    settings = deployment(tmp_path, {"app": NOWHERE}, mode=Mode.PRODUCTION)
    with pytest.raises(SettingsError) as refused:
        create_app(settings)
    said = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "PARLEY_DATABASE_URL_PROVIDER",
        "PARLEY_DATABASE_URL_OPERATOR",
    ]


def test_in_production_the_file_of_all_logins_is_not_read(tmp_path: pathlib.Path) -> None:
    settings = deployment(tmp_path, {}, mode=Mode.PRODUCTION)
    write_logins(settings, {login.value: NOWHERE for login in Login})
    assert read_logins(settings) == {}
    with pytest.raises(SettingsError, match="PARLEY_DATABASE_URL_WORKER: is missing"):
        require_logins(settings, Login.WORKER)


def test_a_demonstration_reads_the_file_and_says_how_to_make_it(tmp_path: pathlib.Path) -> None:
    settings = deployment(tmp_path, {})
    with pytest.raises(SettingsError, match="parley db prepare"):
        require_logins(settings, Login.APP)
    write_logins(settings, {login.value: NOWHERE for login in Login})
    assert set(require_logins(settings, Login.APP)) == set(Login)
