"""Looking at each part of a deployment: one finding a part, with the next step where one is needed.

A finding names parts, logins, councils and counts; never a person, a case or an address with a password in it.
"""

import contextlib
import datetime as dt
import functools
import pathlib
import shutil
import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import psycopg
from alembic.script import ScriptDirectory

from parley.cli.finding import Finding
from parley.cli.key_checks import key_files, keys_in_use
from parley.db.logins import logins_file, read_logins
from parley.db.prepare import alembic_config
from parley.identity.domain import Environment, SignInKind, SignInRefused
from parley.identity.issuers import IssuerDirectory
from parley.identity.schemas import ParsedSignIn, parse_sign_in, parse_sign_in_section
from parley.kernel.configuration import ConfigurationError, read_toml
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.process import LESSER_USER_ADVICE
from parley.settings import LOGIN_VARIABLES, Settings
from parley.tenants.files import council_folders, read_council, shared_names, told_later

#: A worker that has not been heard of for this long is dead; it is heard of every ten seconds.
WORKER_SILENT = dt.timedelta(seconds=60)
#: A job that is due waits a second or two; this long means that nobody takes it.
JOB_OVERDUE = dt.timedelta(minutes=5)
DISK_FREE_BYTES = 1_000_000_000
CONNECT_SECONDS = 5


Check = Callable[[Settings], Iterator[Finding]]


def look(settings: Settings) -> list[Finding]:
    """Return what there is to say about every part of the deployment that ``settings`` describe."""
    return [finding for check in CHECKS for finding in check(settings)]


def database(settings: Settings) -> Iterator[Finding]:
    """Look whether every login reaches the database, and whether the schema is the one this program needs."""
    logins = read_logins(settings)
    yield from _left_behind(settings)
    if not logins:
        yield Finding(part="database", found="no login is known", next_step=_to_prepare(settings))
        return
    failed = {login: problem for login, url in logins.items() if (problem := _unreachable(url))}
    if failed:
        named = ", ".join(f"{login} ({problem})" for login, problem in sorted(failed.items()))
        step = "Is it running? " + _to_prepare(settings)
        yield Finding(part="database", found=f"not reached by: {named}", next_step=step)
        return
    unknown = ", ".join(sorted(variable for login, variable in LOGIN_VARIABLES.items() if login not in logins))
    beside = f"; not named in this environment, so not tried: {unknown}" if unknown else ""
    yield Finding(part="database", found=f"{len(logins)} logins reach it{beside}")
    yield _schema(settings, logins)


def _left_behind(settings: Settings) -> Iterator[Finding]:
    """Look whether the addresses that `parley db prepare` left have been moved to where they belong."""
    if settings.is_production and logins_file(settings).exists():
        step = "Move each address to the environment of the process that needs it, and delete the file."
        yield Finding(part="logins", found=f"{logins_file(settings)} holds every login", next_step=step)


def _to_prepare(settings: Settings) -> str:
    if not settings.is_production:
        return "Run `parley db prepare` (or `make run`) and look again."
    names = ", ".join(LOGIN_VARIABLES.values())
    return f"Run `parley db prepare` once, and name in this environment the logins to look with: {names}."


def _unreachable(url: str) -> str:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError as error:
        return type(error).__name__
    return ""


def _schema(settings: Settings, logins: Mapping[str, str]) -> Finding:
    prepare = _to_prepare(settings)
    wanted = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if "operator" not in logins:
        return Finding(part="schema", found=f"should be {wanted}; this process has no operator login to ask with")
    try:
        (found,) = _rows(logins["operator"], "SELECT version_num FROM alembic_version")
    except psycopg.errors.UndefinedTable:
        return Finding(part="schema", found="has never been made", next_step=prepare)
    if found[0] != wanted:
        return Finding(part="schema", found=f"is {found[0]}, this program needs {wanted}", next_step=prepare)
    return Finding(part="schema", found=f"is at {wanted}")


def work(settings: Settings) -> Iterator[Finding]:
    """Look whether a worker lives and how long the oldest due job has waited."""
    url = read_logins(settings).get("operator")
    if url is None or _unreachable(url):
        yield Finding(
            part="worker", found="cannot be asked about without the database", next_step=_to_prepare(settings)
        )
        return
    start = "Start one: `parley worker`." + ("" if settings.is_production else " `make run` does.")
    alive, age = _rows(
        url,
        "SELECT count(*) FILTER (WHERE last_heartbeat > now() - %s), now() - max(last_heartbeat)"
        " FROM jobs.procrastinate_workers",
        WORKER_SILENT,
    )[0]
    if alive:
        yield Finding(part="worker", found=f"{alive} alive")
    else:
        heard = f"; last heard of {_ago(age)} ago" if isinstance(age, dt.timedelta) else ""
        yield Finding(part="worker", found=f"none alive{heard}", next_step=start)
    yield from _queue(url)


def _queue(url: str) -> Iterator[Finding]:
    waiting, due, failed = _rows(
        url,
        "SELECT count(*) FILTER (WHERE status = 'todo'),"
        " (SELECT now() - min(coalesce(job.scheduled_at, event.at)) FROM jobs.procrastinate_jobs job"
        "  JOIN jobs.procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'"
        "  WHERE job.status = 'todo' AND coalesce(job.scheduled_at, event.at) <= now()),"
        " count(*) FILTER (WHERE status = 'failed') FROM jobs.procrastinate_jobs",
    )[0]
    found = f"{waiting} waiting" + (f", the oldest due for {_ago(due)}" if isinstance(due, dt.timedelta) else "")
    if isinstance(due, dt.timedelta) and due > JOB_OVERDUE:
        yield Finding(part="jobs", found=found, next_step="See the worker above; jobs are taken once one lives.")
    else:
        yield Finding(part="jobs", found=found)
    if failed:
        step = "Each was tried as often as it may be. The worker's log has each one's id and the class of its error."
        yield Finding(part="failed jobs", found=str(failed), next_step=step)


def mail(settings: Settings) -> Iterator[Finding]:
    """Look whether the mail server takes a connection. Sends nothing."""
    address = urlsplit(settings.smtp_url)
    named = f"{address.hostname}:{address.port or 25}"
    try:
        with smtplib.SMTP(address.hostname or "", address.port or 25, timeout=CONNECT_SECONDS) as client:
            client.noop()
    except (OSError, smtplib.SMTPException) as error:
        found = f"{named} does not answer ({type(error).__name__}); mail waits and is sent when it does"
        yield Finding(part="mail", found=found, next_step="Start the mail server, or correct PARLEY_SMTP_URL.")
    else:
        yield Finding(part="mail", found=f"{named} answers")


def sign_in(settings: Settings) -> Iterator[Finding]:
    """Look whether every issuer that people sign in with is there and is the one that was configured."""
    environment = Environment.LIVE if settings.is_production else Environment.DEMONSTRATION
    directory = IssuerDirectory()
    for part, path, parse in _sign_in_files(settings):
        try:
            doors = [door for door in parse() if door.environment is environment]
        except ConfigurationError as error:
            yield Finding(part=part, found=f"{path} cannot be used", next_step=str(error))
            continue
        for door in doors:
            if not door.has_issuer:
                yield Finding(part=part, found="people come in by passkey; nothing outside is needed for it")
                continue
            issuer = door.config.issuer
            try:
                directory.metadata(issuer)
            except SignInRefused as refused:
                step = "Other ways in (link, phone) go on. Ask whoever runs the issuer, or correct the file."
                yield Finding(part=part, found=f"{issuer.issuer}: {refused.reason.value}", next_step=step)
            else:
                yield Finding(part=part, found=f"{issuer.issuer} answers")


def _sign_in_files(
    settings: Settings,
) -> Iterator[tuple[str, pathlib.Path, Callable[[], Sequence[ParsedSignIn]]]]:
    port = settings.demo_signin_port
    for folder in council_folders(settings.tenants):
        path = folder / "signin.toml"
        if path.exists():
            yield f"sign-in {folder.name}", path, functools.partial(parse_sign_in, path, demo_signin_port=port)
    sections = [(path, SignInKind.PROVIDER) for path in sorted((settings.tenants / "providers").glob("*.toml"))]
    if (settings.tenants / "platform.toml").exists():
        sections.append((settings.tenants / "platform.toml", SignInKind.OPERATOR))
    for path, kind in sections:
        yield (
            f"sign-in {path.stem}",
            path,
            functools.partial(parse_sign_in_section, path, kind, demo_signin_port=port),
        )


def mailboxes(settings: Settings) -> Iterator[Finding]:
    """Say which organisations cannot be mailed, whom their news reaches instead, and where a mailbox is written down.

    A file that cannot be read is named by `parley authority load`.
    """
    for file, key, instead in (
        ("*/council.toml", "team_mailbox", "news for its team becomes tasks for its provider's coordinators"),
        (
            "providers/*.toml",
            "safeguarding_mailbox",
            "its people are asked to tell their safeguarding lead of concerns",
        ),
    ):
        for path in sorted(settings.tenants.glob(file)):
            with contextlib.suppress(ConfigurationError):
                if not read_toml(path).get(key):
                    name = path.parent.name if path.stem == "council" else path.stem
                    found = f"none; {instead}. To have it mailed, set {key} in {path} and run `parley authority load`"
                    yield Finding(part=f"mailbox {name}", found=found)


def councils(settings: Settings) -> Iterator[Finding]:
    """Look whether the files of every council can be used as they stand. Plugins check their own settings elsewhere."""
    tenants, unusable = settings.tenants, 0
    shared = shared_names(tenants)
    folders = council_folders(tenants)
    for folder in folders:
        try:
            read_council(folder, shared=shared, demo_signin_port=settings.demo_signin_port)
        except ConfigurationError as error:
            unusable += 1
            count = len(error.problems)
            named = f"{count} problem{'' if count == 1 else 's'}, the first: {told_later(error.problems[0])}"
            step = "What was loaded stays. Mend the files and run `parley authority load`: it names every problem."
            yield Finding(part=f"council {folder.name}", found=named, next_step=step)
    if not unusable:
        yield Finding(part="councils", found=f"the files of {len(folders)} can be used")


def disk(settings: Settings) -> Iterator[Finding]:
    """Look whether the data folder has room left."""
    if not settings.data.exists():
        step = "Make the folder, for this user alone." if settings.is_production else "Start once: `make run`."
        yield Finding(part="disk", found=f"{settings.data} is not there yet", next_step=step)
        return
    free = shutil.disk_usage(settings.data).free
    found = f"{free / 1e9:.1f} GB free at {settings.data}"
    short = free < DISK_FREE_BYTES
    yield Finding(part="disk", found=found, next_step="Make room, or move the data folder." if short else "")


def plugins(settings: Settings) -> Iterator[Finding]:
    """Look whether the plugin supervisor runs and no plugin is shut out."""
    status = Gateway(settings.plugin_socket).status()
    if status is None:
        step = "Start it: `parley plugins serve`. Referrals wait until then and none is lost."
        yield Finding(part="plugins", found="the supervisor does not run", next_step=step)
        return
    shut_out = sorted(name for name, plugin in status["plugins"].items() if plugin["quarantined"])
    if shut_out:
        step = "`parley plugins check` says what each did wrong."
        yield Finding(part="plugins", found=f"shut out: {', '.join(shut_out)}", next_step=step)
    else:
        yield Finding(part="plugins", found=f"{len(status['plugins'])} served")
    if status["plugins"] and status["as_root"]:
        # Something to mend where records are real; in a demonstration only to know.
        step = LESSER_USER_ADVICE if settings.is_production else ""
        found = "root, as no lesser one can run them" if step else f"root, as no lesser one can. {LESSER_USER_ADVICE}"
        yield Finding(part="plugins' user", found=found, next_step=step)


CHECKS: tuple[Check, ...] = (key_files, database, keys_in_use, work, mail, mailboxes, councils, sign_in, disk, plugins)


def _rows(url: str, query: str, *parameters: object) -> list[tuple[object, ...]]:
    with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()


def _ago(age: dt.timedelta) -> str:
    seconds = int(age.total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}s"
    return f"{seconds} seconds"
