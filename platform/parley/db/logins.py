"""Where a process finds the addresses of its database logins."""

import json
import os
import pathlib
from collections.abc import Mapping

from parley.settings import Settings


def logins_file(settings: Settings) -> pathlib.Path:
    """Return the file in which ``parley db prepare`` leaves the addresses, for a machine that runs everything."""
    return settings.data / "keys" / "logins.json"


def read_logins(settings: Settings) -> Mapping[str, str]:
    """Return login value to address: from the environment if it names any, else from the file, else nothing."""
    if settings.login_urls:
        return settings.login_urls
    path = logins_file(settings)
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {login: url for login, url in found.items() if login != "owner"}


def write_logins(settings: Settings, urls: Mapping[str, str]) -> None:
    """Keep ``urls`` for other processes on this machine, readable by this user only."""
    path = logins_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(dict(urls), file, indent=2)
    fresh.replace(path)
