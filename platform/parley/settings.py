"""Every setting Parley reads from its environment: typed, frozen, checked before anything starts."""

import dataclasses
import enum
import os
import pathlib
from collections.abc import Mapping
from urllib.parse import urlsplit


class SettingsError(Exception):
    """The environment cannot be used as it is; the message names each variable, what was found and what is allowed."""


class Mode(enum.StrEnum):
    """What this deployment is for."""

    DEMONSTRATION = "demonstration"
    PRODUCTION = "production"


class Pooler(enum.StrEnum):
    """What stands between Parley and its database."""

    NONE = "none"
    """Nothing, or a pooler in session mode: a connection is the process's own while it lasts."""
    TRANSACTION = "transaction"
    """A pooler such as PgBouncer in transaction mode: every transaction may come to another connection."""


#: The database logins a process may hold, and the variable that carries each one's address. A process that is not
#: handed an address cannot use that login: council pages can run without the compartment's password.
LOGIN_VARIABLES = {
    "app": "PARLEY_DATABASE_URL_APP",
    "provider": "PARLEY_DATABASE_URL_PROVIDER",
    "compartment": "PARLEY_DATABASE_URL_COMPARTMENT",
    "worker": "PARLEY_DATABASE_URL_WORKER",
    "operator": "PARLEY_DATABASE_URL_OPERATOR",
    "export": "PARLEY_DATABASE_URL_EXPORT",
    "region": "PARLEY_DATABASE_URL_REGION",
    "disposal": "PARLEY_DATABASE_URL_DISPOSAL",
    "mover": "PARLEY_DATABASE_URL_MOVER",
    "confidential_mover": "PARLEY_DATABASE_URL_CONFIDENTIAL_MOVER",
    "keys": "PARLEY_DATABASE_URL_KEYS",
    "renewal": "PARLEY_DATABASE_URL_RENEWAL",
}

#: What one council's site takes, over all processes: calls of the API, and answers sent in a check.
API_REQUESTS_PER_SECOND = 50
CHECK_REQUESTS_PER_SECOND = 20
MOST_REQUESTS_PER_SECOND = 100_000

#: How many requests a web process answers at once: what gunicorn's --threads says.
WEB_THREADS = 8
MOST_WEB_THREADS = 64

#: How long it is kept that a plugin was called: for support, and holding nothing that was sent.
PLUGIN_CALLS_KEPT_DAYS = 90

#: Whole numbers: the default, and the most.
NUMBERS = {
    "PARLEY_API_REQUESTS_PER_SECOND": (API_REQUESTS_PER_SECOND, MOST_REQUESTS_PER_SECOND),
    "PARLEY_CHECK_REQUESTS_PER_SECOND": (CHECK_REQUESTS_PER_SECOND, MOST_REQUESTS_PER_SECOND),
    "PARLEY_PLUGIN_CALLS_KEPT_DAYS": (PLUGIN_CALLS_KEPT_DAYS, 3650),
    "PARLEY_WEB_THREADS": (WEB_THREADS, MOST_WEB_THREADS),
}

KNOWN_VARIABLES = frozenset(
    {
        "PARLEY_MODE",
        "PARLEY_DATA",
        "PARLEY_BASE_DOMAIN",
        "PARLEY_PORT",
        "PARLEY_TENANTS",
        "PARLEY_MASTER_KEY_FILE",
        "PARLEY_COMPARTMENT_KEY_FILE",
        "PARLEY_SECRET_KEY_FILE",
        "PARLEY_SMTP_URL",
        "PARLEY_MAIL_FROM",
        "PARLEY_PLUGINS",
        "PARLEY_PLUGIN_SOCKET",
        "PARLEY_DEMO_SIGNIN_PORT",
        "PARLEY_DATABASE_POOLER",
        *NUMBERS,
        *LOGIN_VARIABLES.values(),
    }
)


def default_data_folder(environ: Mapping[str, str]) -> pathlib.Path:
    """Return where data lives unless PARLEY_DATA says otherwise: /var/lib/parley for root, else XDG state."""
    if os.geteuid() == 0:
        return pathlib.Path("/var/lib/parley")
    state = environ.get("XDG_STATE_HOME") or os.path.join(environ.get("HOME", "~"), ".local", "state")
    return pathlib.Path(state).expanduser() / "parley"


#: What a deployment for real people says itself: no default of ours would reach anybody or keep a secret.
REQUIRED_IN_PRODUCTION = (
    "PARLEY_BASE_DOMAIN",
    "PARLEY_MASTER_KEY_FILE",
    "PARLEY_SECRET_KEY_FILE",
    "PARLEY_SMTP_URL",
    "PARLEY_MAIL_FROM",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """What a Parley process needs to know before it starts.

    ``admin_url`` may create roles and owns nothing a request ever uses; only ``parley db`` needs it. ``login_urls``
    maps a login's name (see ``LOGIN_VARIABLES``) to a libpq address.
    """

    mode: Mode
    data: pathlib.Path
    base_domain: str = "localhost"
    port: int = 8000
    tenants: pathlib.Path
    admin_url: str | None = None
    login_urls: Mapping[str, str] = dataclasses.field(default_factory=dict)
    pooler: Pooler = Pooler.NONE
    master_key_file: pathlib.Path
    compartment_key_file: pathlib.Path
    secret_key_file: pathlib.Path
    smtp_url: str = "smtp://127.0.0.1:8025"
    mail_from: str = "no-reply@parley.invalid"
    plugins: tuple[str, ...] | None = None
    plugin_socket: pathlib.Path
    demo_signin_port: int = 8100
    api_requests_per_second: int = API_REQUESTS_PER_SECOND
    check_requests_per_second: int = CHECK_REQUESTS_PER_SECOND
    plugin_calls_kept_days: int = PLUGIN_CALLS_KEPT_DAYS
    web_threads: int = WEB_THREADS

    @property
    def is_production(self) -> bool:
        """Tell whether real people's records may be held here."""
        return self.mode is Mode.PRODUCTION

    @property
    def uses_https(self) -> bool:
        """Tell whether browsers reach this deployment over TLS; a demonstration on *.localhost does not."""
        return self.is_production

    def external_url(self, host: str, path: str = "/") -> str:
        """Return the address a browser uses for ``path`` (starting with a slash) on ``host``."""
        scheme = "https" if self.uses_https else "http"
        port = "" if self.uses_https or ":" in host else f":{self.port}"
        return f"{scheme}://{host}{port}{path}"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read settings from ``environ``.

    With neither PARLEY_MODE nor DATABASE_URL this is a demonstration on this machine; as soon as a database is named,
    the mode must be said, so that nobody runs demonstration sign-in beside real records by forgetting a variable.
    Raises SettingsError naming every problem at once.
    """
    problems = _unknown(environ)
    mode = _mode(environ, problems)
    named = environ.get("PARLEY_DATA")
    # Absolute, since programs are started in another folder than the one it was named in.
    data = pathlib.Path(named).expanduser().absolute() if named else default_data_folder(environ)
    if mode is Mode.PRODUCTION:
        problems += _missing_in_production(environ)
    problems += _wrong_addresses(environ)
    port = _port(environ, "PARLEY_PORT", 8000, problems)
    demo_signin_port = _port(environ, "PARLEY_DEMO_SIGNIN_PORT", 8100, problems)
    pooler = _pooler(environ, problems)
    numbers = {name: _number(environ, name, problems) for name in NUMBERS}
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(
        mode=mode,
        data=data,
        base_domain=environ.get("PARLEY_BASE_DOMAIN") or "localhost",
        port=port,
        tenants=pathlib.Path(environ.get("PARLEY_TENANTS") or "tenants").resolve(),
        admin_url=environ.get("DATABASE_URL") or None,
        login_urls={login: environ[name] for login, name in LOGIN_VARIABLES.items() if environ.get(name)},
        pooler=pooler,
        master_key_file=_path(environ, "PARLEY_MASTER_KEY_FILE", data / "keys" / "master.key"),
        compartment_key_file=_path(environ, "PARLEY_COMPARTMENT_KEY_FILE", data / "keys" / "compartment.key"),
        secret_key_file=_path(environ, "PARLEY_SECRET_KEY_FILE", data / "keys" / "cookie.key"),
        smtp_url=environ.get("PARLEY_SMTP_URL") or "smtp://127.0.0.1:8025",
        mail_from=environ.get("PARLEY_MAIL_FROM") or "no-reply@parley.invalid",
        plugins=_names(environ.get("PARLEY_PLUGINS")),
        plugin_socket=_path(environ, "PARLEY_PLUGIN_SOCKET", data / "run" / "plugins.sock"),
        demo_signin_port=demo_signin_port,
        api_requests_per_second=numbers["PARLEY_API_REQUESTS_PER_SECOND"],
        check_requests_per_second=numbers["PARLEY_CHECK_REQUESTS_PER_SECOND"],
        plugin_calls_kept_days=numbers["PARLEY_PLUGIN_CALLS_KEPT_DAYS"],
        web_threads=numbers["PARLEY_WEB_THREADS"],
    )


def _missing_in_production(environ: Mapping[str, str]) -> list[str]:
    return [
        f"{name}: is missing. In production it is required; see docs/operate.md."
        for name in REQUIRED_IN_PRODUCTION
        if not environ.get(name)
    ]


def _unknown(environ: Mapping[str, str]) -> list[str]:
    return [
        f"{name}: is not a setting of Parley. Known: {', '.join(sorted(KNOWN_VARIABLES))}."
        for name in sorted(environ)
        if name.startswith("PARLEY_") and name not in KNOWN_VARIABLES
    ]


def _wrong_addresses(environ: Mapping[str, str]) -> list[str]:
    schemes = {
        name: urlsplit(environ[name]).scheme
        for name in ("DATABASE_URL", *LOGIN_VARIABLES.values())
        if environ.get(name)
    }
    return [
        f"{name}: starts with {scheme!r}. Allowed: postgresql://user@host/database."
        for name, scheme in schemes.items()
        if scheme not in {"postgresql", "postgres"}
    ]


def _mode(environ: Mapping[str, str], problems: list[str]) -> Mode:
    found = environ.get("PARLEY_MODE")
    allowed = ", ".join(Mode)
    if found:
        try:
            return Mode(found)
        except ValueError:
            problems.append(f"PARLEY_MODE: is {found!r}. Allowed: {allowed}.")
    elif environ.get("DATABASE_URL"):
        problems.append(f"PARLEY_MODE: is missing, but DATABASE_URL names a database. Say which it is: {allowed}.")
    return Mode.DEMONSTRATION


def _pooler(environ: Mapping[str, str], problems: list[str]) -> Pooler:
    found = environ.get("PARLEY_DATABASE_POOLER") or Pooler.NONE
    try:
        return Pooler(found)
    except ValueError:
        problems.append(f"PARLEY_DATABASE_POOLER: is {found!r}. Allowed: {', '.join(Pooler)}.")
        return Pooler.NONE


def _port(environ: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    found = environ.get(name)
    if not found:
        return default
    if found.isdecimal() and 0 < int(found) < 65536:
        return int(found)
    problems.append(f"{name}: is {found!r}. Allowed: a port number from 1 to 65535.")
    return default


def _number(environ: Mapping[str, str], name: str, problems: list[str]) -> int:
    default, most = NUMBERS[name]
    found = environ.get(name)
    if not found:
        return default
    if found.isdecimal() and 0 < int(found) <= most:
        return int(found)
    problems.append(f"{name}: is {found!r}. Allowed: a whole number from 1 to {most}.")
    return default


def _path(environ: Mapping[str, str], name: str, default: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(environ[name]) if environ.get(name) else default


def _names(listed: str | None) -> tuple[str, ...] | None:
    if listed is None:
        return None
    return tuple(name.strip() for name in listed.split(",") if name.strip())
