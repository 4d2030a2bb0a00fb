"""Making a database ready: logins, memberships, and migrations, in that order, as often as you like."""

import json
import os
import pathlib
import secrets
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from parley.db.backup import open_to_backup
from parley.db.export_sight import open_to_export
from parley.db.mover import open_to_mover
from parley.db.renewal_reach import open_to_renewal
from parley.db.walls import BACKUP_ROLE, MEMBERSHIPS, OWNER, ROLES

#: No login may own, make or get round anything that the walls are made of.
WITHOUT_MIGHT = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"

#: Two starts at once must not both create the same role.
PREPARE_LOCK = 0x7061726C6579


class MightyLoginError(Exception):
    """A role of Parley's name is above row-level security or may make roles; nothing was changed."""


def prepare(admin_url: str, passwords: Mapping[str, str], *, revision: str = "head") -> dict[str, str]:
    """Create or mend the logins on the database that ``admin_url`` names, migrate it, and return their addresses.

    ``admin_url`` is a ``postgresql://`` address of a role that may create roles. ``passwords`` maps each role name of
    ``all_logins()`` to its password. Returns login value ("app", ...) to address, and "owner" for migrations.
    Raises MightyLoginError.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (PREPARE_LOCK,))
        _logins(admin, passwords)
        owner_url = _as_role(admin_url, OWNER, passwords[OWNER])
        migrate(owner_url, revision)
        with psycopg.connect(owner_url) as owner:
            # So that operators can see whether the schema is the one that the program needs.
            owner.execute(sql.SQL("GRANT SELECT ON alembic_version TO {}").format(sql.Identifier(ROLES["operator"])))
            open_to_backup(owner)
            open_to_export(owner)
            open_to_mover(owner)
            open_to_renewal(owner)
    return login_urls(admin_url, passwords)


def login_urls(admin_url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Return the address of each login on the database that ``admin_url`` names, and of "owner"."""
    named = {"owner": OWNER, **ROLES}
    return {login: _as_role(admin_url, role, passwords[role]) for login, role in named.items()}


def migrate(owner_url: str, revision: str = "head") -> None:
    """Bring the schema to ``revision`` as the owner."""
    command.upgrade(alembic_config(owner_url), revision)


def alembic_config(owner_url: str | None = None) -> Config:
    """Return Alembic's configuration for this checkout, aimed at ``owner_url``."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["url"] = owner_url
    return config


def migrations_folder() -> pathlib.Path:
    """Return the folder of migrations, which lies beside ``platform/``."""
    return pathlib.Path(__file__).resolve().parents[3] / "migrations"


def all_logins() -> tuple[str, ...]:
    """Return every role name that has a password."""
    return (OWNER, *ROLES.values())


def stored_passwords(path: pathlib.Path) -> dict[str, str]:
    """Return the role passwords kept in ``path``, making what is missing; the file is readable by its owner only."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [role for role in all_logins() if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file, indent=2)
        fresh.replace(path)
    return known


def _logins(admin: psycopg.Connection[tuple[object, ...]], passwords: Mapping[str, str]) -> None:
    known = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'parley%'")}
    database = sql.Identifier(admin.info.dbname)
    _refuse_mighty(admin)
    for role in all_logins():
        # Attributes are given once and looked at afterwards: setting them again, to what they are, takes a superuser.
        verb = "ALTER ROLE {} LOGIN" if role in known else f"CREATE ROLE {{}} LOGIN {WITHOUT_MIGHT}"
        admin.execute(
            sql.SQL(verb + " PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(_verifier(admin, role, passwords[role]))
            )
        )
        admin.execute(sql.SQL("ALTER ROLE {} SET search_path = public, jobs").format(sql.Identifier(role)))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
    if BACKUP_ROLE not in known:
        # Whoever runs backups gives it a password; none of Parley's own processes ever does.
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(BACKUP_ROLE)))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(BACKUP_ROLE)))
    for member, group in MEMBERSHIPS.items():
        admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member)))
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    admin.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, sql.Identifier(OWNER)))
    admin.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    admin.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))


def _refuse_mighty(admin: psycopg.Connection[tuple[object, ...]]) -> None:
    found = admin.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
        (list(all_logins()),),
    ).fetchall()
    if found:
        names = ", ".join(sorted(str(row[0]) for row in found))
        raise MightyLoginError(
            f"These roles may do more than a login of Parley's may, and the walls would not hold them: {names}. "
            f"As a superuser, run for each: ALTER ROLE name {WITHOUT_MIGHT}"
        )


def _verifier(admin: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> str:
    """Return what PostgreSQL stores of a password, so that the password itself never reaches its log."""
    return admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


def _as_role(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password)}@{host}"))
