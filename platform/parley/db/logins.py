"""Where a process finds the addresses of its database logins."""

import json
import os
import pathlib
from collections.abc import Mapping

from parley.db.scope import Login
from parley.settings import LOGIN_VARIABLES, Settings, SettingsError

_SEE = "see docs/operate.md."


def logins_file(settings: Settings) -> pathlib.Path:
    """Return the file in which ``parley db prepare`` leaves the addresses, for a machine that runs everything."""
    return settings.data / "keys" / "logins.json"


def read_logins(settings: Settings) -> Mapping[str, str]:
    """Return login value to address: from the environment if it names any, else from the file, else nothing.

    In production from the environment alone: a file with every login would hand each process all of them.
    """
    if settings.login_urls or settings.is_production:
        return settings.login_urls
    path = logins_file(settings)
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {login: url for login, url in found.items() if login != "owner"}


def require_logins(settings: Settings, *needed: Login) -> Mapping[str, str]:
    """Return what ``read_logins`` does. Raises SettingsError naming the variable of each login that is missing."""
    known = read_logins(settings)
    missing = [LOGIN_VARIABLES[login] for login in needed if login not in known]
    if not missing:
        return known
    if settings.is_production or known:
        raise SettingsError("\n".join(f"{name}: is missing. This process needs it; {_SEE}" for name in missing))
    raise SettingsError(
        f"No database login is known. Run `parley db prepare` first (it writes {logins_file(settings)}), or name the "
        f"logins in the environment: {', '.join(missing)}; {_SEE}"
    )


def write_logins(settings: Settings, urls: Mapping[str, str]) -> None:
    """Keep ``urls`` for other processes on this machine, readable by this user only."""
    path = logins_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(dict(urls), file, indent=2)
    fresh.replace(path)
