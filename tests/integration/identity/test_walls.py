"""Sign-in behind the walls: as the roles the code runs as, another realm's rows are not there; limits hold for all."""

import datetime as dt
import multiprocessing
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from parley.access.domain import Role
from parley.db.scope import PLATFORM_REALM, Login, Scope, authority_scope, platform_scope
from parley.db.session import Database
from parley.identity import links, service
from parley.identity.domain import (
    DEFAULT_LIMITS,
    Browser,
    ClientAuth,
    Environment,
    Limited,
    SignInKind,
    SignInReason,
    SignInRefused,
    digest,
)
from parley.identity.jobs import tasks
from parley.identity.limits import within_limit
from parley.identity.models import (
    AttemptLimit,
    Identity,
    Membership,
    OneTimeLink,
    Passkey,
    SignInAttempt,
    SignInSession,
)
from parley.identity.queries import door, public_keys
from parley.identity.schemas import ParsedSignIn
from parley.identity.sessions import NewSession, Person, Place, Proof, begin_session
from parley.jobs.domain import Attempt
from parley.kernel.clock import FixedClock
from parley.tenancy.domain import Authority
from parley.web.runtime import SignedIn
from parley.web.sites import Audience, Site
from support.factories import NOW, OPERATOR, Factory
from support.limits import allowed_tries
from support.statements import statements_of

BROWSER = Browser(secret="a browser's own secret", device="Firefox on Linux", network="192.0.2.1")
TABLES = (Identity, SignInSession, SignInAttempt, OneTimeLink, AttemptLimit, Membership, Passkey)


def sign_in(database: Database, authority: Authority, *, subject: str = "parent1", host: str = "") -> NewSession:
    person = Person(
        kind=SignInKind.FAMILY,
        issuer="https://issuer.example",
        subject=subject,
        roles=frozenset({Role.FAMILY}),
        shown_as="Ash Marsh",
    )
    place = Place(realm_id=authority.id, host=host or authority.host, browser=BROWSER)
    with database.begin(authority_scope(authority.id)) as session:
        begun = begin_session(
            session, person, place, Proof(at=NOW), DEFAULT_LIMITS[SignInKind.FAMILY], replaces=None, at=NOW
        )
        session.commit()
    return begun


def site_of(authority: Authority) -> Site:
    return Site(audience=Audience.COUNCIL, host=authority.host, authority=authority)


def token_of(begun: NewSession) -> str:
    return begun.cookie.partition(".")[2]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__tablename__)
def test_another_realms_rows_are_not_there(database: Database, make: Factory, table: Any) -> None:
    ours, theirs = make.authority(), make.authority()
    _fill(database, ours)
    with database.begin(authority_scope(ours.id)) as session:
        assert session.scalars(select(table.realm_id)).all(), "the owner sees its rows first"
    with database.begin(authority_scope(theirs.id)) as session:
        assert session.scalars(select(table.realm_id)).all() == []
        changed = session.execute(sa.delete(table).where(table.realm_id == ours.id)) if table is not Identity else None
        assert changed is None or changed.rowcount == 0


def test_a_row_cannot_be_put_into_another_realm(database: Database, make: Factory) -> None:
    ours, theirs = make.authority(), make.authority()
    with database.begin(authority_scope(ours.id)) as session:
        session.add(AttemptLimit(realm_id=theirs.id, subject="x", key_hash=b"x", window_ends_at=NOW, count=1))
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.commit()


def test_an_identity_cannot_be_taken_away_or_renamed(database: Database, make: Factory) -> None:
    authority = make.authority()
    sign_in(database, authority)
    for change in ("DELETE FROM identity", "UPDATE identity SET subject = 'somebody-else'"):
        with database.begin(authority_scope(authority.id)) as session:
            with pytest.raises(ProgrammingError, match="permission denied"):
                session.execute(text(change))


def test_the_operators_login_lets_nobody_in_and_gives_nobody_a_role(database: Database) -> None:
    for change in (
        "INSERT INTO membership (realm_id, id, kind, roles, invited_at, token_expires_at)"
        f" VALUES ('{PLATFORM_REALM}', gen_random_uuid(), 'operator', '[\"operator\"]', now(), now())",
        "UPDATE membership SET roles = '[\"operator\"]'",
        "UPDATE passkey SET public_key = 'another'",
        "DELETE FROM membership",
    ):
        with database.begin(platform_scope()) as session:
            with pytest.raises(ProgrammingError, match="permission denied"):
                session.execute(text(change))


def test_a_secret_is_nowhere_in_the_database(database: Database, make: Factory, admin_url: str) -> None:
    authority = make.authority()
    begun = sign_in(database, authority)
    statement = (
        "SELECT s::text || i::text FROM sign_in_session s JOIN identity i ON i.id = s.identity_id WHERE s.id = %s"
    )
    with psycopg.connect(admin_url) as admin:
        found = admin.execute(statement, (begun.session_id,)).fetchone()
    assert found
    row = str(found[0])
    assert token_of(begun) not in row
    assert "Ash Marsh" not in row
    assert b"Ash Marsh".hex() not in row


def test_who_is_signed_in_is_read_in_one_statement_and_written_down_every_five_minutes(
    database: Database, make: Factory
) -> None:
    authority = make.authority()
    token = token_of(sign_in(database, authority))
    after = [_statements(database, authority, token, NOW + dt.timedelta(minutes=minutes)) for minutes in (0, 1, 6, 7)]
    assert after[1:] == [["SELECT"], ["SELECT", "UPDATE"], ["SELECT"]]


def test_a_session_holds_on_its_own_host_and_in_its_own_realm(database: Database, make: Factory) -> None:
    authority = make.authority(hosts=["one.council.example", "two.council.example"])
    other = make.authority()
    token = token_of(sign_in(database, authority, host="one.council.example"))
    reading = [
        (authority, "one.council.example", True),
        (authority, "two.council.example", False),
        (other, other.host, False),
    ]
    for council, host, known in reading:
        site = Site(audience=Audience.COUNCIL, host=host, authority=council)
        assert (_holder(database, site, token, NOW) is not None) is known


def test_sessions_of_somebody_can_be_ended_all_at_once(database: Database, make: Factory) -> None:
    authority = make.authority()
    begun = sign_in(database, authority)
    with database.begin(authority_scope(authority.id)) as session:
        service.end_sessions_of(session, realm_id=authority.id, identity_ids=[begun.identity_id], at=NOW)
        session.commit()
    assert _holder(database, site_of(authority), token_of(begun), NOW) is None


def test_two_first_sign_ins_at_once_make_one_identity(database: Database, make: Factory) -> None:
    authority = make.authority()
    seen = {sign_in(database, authority).identity_id for _ in range(3)}
    assert len(seen) == 1


def test_a_signing_key_is_made_once_and_its_public_half_published(database: Database, make: Factory) -> None:
    authority = make.authority()
    doors = (_keyed_door(),)
    for _ in range(2):
        _load(database, authority, doors)
    with database.begin(authority_scope(authority.id)) as session:
        (public,) = public_keys(session, authority.id, NOW)
        config = door(session, authority.id, SignInKind.FAMILY, Environment.LIVE)
        assert config is not None
        proof = service.client_proof(session, realm_id=authority.id, config=config.issuer, environ={}, at=NOW)
    assert proof.key is not None
    assert proof.key.kid == public["kid"]
    assert "d" not in public


def test_a_door_taken_out_of_the_file_is_gone(database: Database, make: Factory) -> None:
    authority = make.authority()
    _load(database, authority, (_keyed_door(),))
    _load(database, authority, ())
    with database.begin(authority_scope(authority.id)) as session:
        assert door(session, authority.id, SignInKind.FAMILY, Environment.LIVE) is None


def test_a_client_secret_that_is_not_in_the_environment_is_named(database: Database, make: Factory) -> None:
    authority = make.authority()
    content = _keyed_door().content["live"] | {
        "client_auth": ClientAuth.BASIC.value,
        "client_secret": {"env": "COUNCIL_SECRET"},
    }
    parsed = ParsedSignIn(
        kind=SignInKind.FAMILY, environment=Environment.LIVE, content={"label": "Account", "live": content}
    )
    with database.begin(authority_scope(authority.id)) as session:
        with pytest.raises(SignInRefused) as refused:
            service.client_proof(session, realm_id=authority.id, config=parsed.config.issuer, environ={}, at=NOW)
    assert (refused.value.reason, refused.value.detail) == (SignInReason.NOT_SET_UP, "variable_COUNCIL_SECRET")


def test_a_limit_holds_over_processes(login_urls: dict[str, str], database: Database, make: Factory) -> None:
    authority = make.authority()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        trying = [pool.submit(allowed_tries, login_urls["app"], authority.id, 4, NOW) for _ in range(2)]
        allowed = [tried.result(timeout=60) for tried in trying]
    assert sum(allowed) == 5


def test_an_attempt_and_a_link_are_taken_once_however_many_take_them_at_once(database: Database, make: Factory) -> None:
    authority = make.authority()
    _fill(database, authority)
    with database.begin(authority_scope(authority.id)) as session:
        begun = service.begin_attempt(
            session,
            realm_id=authority.id,
            kind=SignInKind.FAMILY,
            browser=BROWSER,
            redirect_uri="https://x",
            next_path="/",
            at=NOW,
        )

    def take_attempt(session: Session) -> None:
        service.take_attempt(
            session, realm_id=authority.id, kind=SignInKind.FAMILY, state=begun.state, browser=BROWSER, at=NOW
        )

    def take_link(session: Session) -> None:
        place = Place(realm_id=authority.id, host=authority.host, browser=BROWSER)
        limits = DEFAULT_LIMITS[SignInKind.FAMILY]
        links.use_link(session, token="a token", place=place, limits=limits, replaces=None, at=NOW)

    for take in (take_attempt, take_link):
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(lambda _, take=take: _succeeds(database, authority, take), range(4))) == 1


def test_a_limit_opens_again_when_its_window_is_over(database: Database, make: Factory) -> None:
    authority = make.authority()
    with database.begin(authority_scope(authority.id)) as session:
        tried = [_tried(session, authority.id, NOW) for _ in range(6)]
        later = _tried(session, authority.id, NOW + dt.timedelta(hours=1))
    assert tried == [True] * 5 + [False]
    assert later


@pytest.mark.parametrize("login", [Login.APP, Login.PROVIDER, Login.OPERATOR, Login.WORKER])
def test_every_login_that_signs_people_in_may_do_so_in_its_realm(
    database: Database, make: Factory, login: Login
) -> None:
    provider = make.provider()
    scope = Scope(login=login, realm_id=provider.id)
    with database.begin(scope) as session:
        begun = service.begin_attempt(
            session,
            realm_id=provider.id,
            kind=SignInKind.PROVIDER,
            browser=BROWSER,
            redirect_uri="https://x",
            next_path="/",
            at=NOW,
        )
        taken = service.take_attempt(
            session,
            realm_id=provider.id,
            kind=SignInKind.PROVIDER,
            state=begun.state,
            browser=BROWSER,
            at=NOW,
        )
    assert (taken.nonce, taken.verifier) == (begun.nonce, begun.verifier)


def test_what_is_over_is_cleared_away_in_every_realm_and_the_rest_stays(database: Database, make: Factory) -> None:
    authority = make.authority()
    _fill(database, authority)
    kept = sign_in(database, make.authority())
    clock = FixedClock(NOW + dt.timedelta(days=60))
    sweep = next(
        task
        for task in tasks(database, clock, external_url=lambda host, path: host + path, send_mail=lambda link: None)
        if task.name == "identity.sweep"
    )
    sweep.run(Attempt(number=1, is_last=False))
    with database.begin(authority_scope(authority.id)) as session:
        counts = [len(session.scalars(select(table.realm_id)).all()) for table in TABLES]
    assert counts == [1, *[0] * (len(TABLES) - 1)], "only who they were stays: a case may refer to them"
    assert kept.identity_id


def _fill(database: Database, authority: Authority) -> None:
    begun = sign_in(database, authority)
    with database.begin(authority_scope(authority.id)) as session:
        service.begin_attempt(
            session,
            realm_id=authority.id,
            kind=SignInKind.FAMILY,
            browser=BROWSER,
            redirect_uri="https://x",
            next_path="/",
            at=NOW,
        )
        link = OneTimeLink(
            realm_id=authority.id,
            purpose="sign_in",
            host=authority.host,
            mailbox_hash=b"m",
            browser_hash=digest(BROWSER.secret),
            token_hash=digest("a token"),
            code_tries=0,
            next_path="/",
            created_at=NOW,
            expires_at=NOW + dt.timedelta(days=1),
        )
        link.mailbox = "parent@family.invalid"
        session.add(link)
        member = Membership(
            realm_id=authority.id,
            kind=SignInKind.PROVIDER,
            roles=[Role.MEDIATOR],
            invited_at=NOW,
            token_expires_at=NOW,
            identity_id=begun.identity_id,
            ended_at=NOW,
        )
        member.name = "Robin Vale"
        passkey = Passkey(
            realm_id=authority.id,
            identity_id=begun.identity_id,
            credential_id=b"a credential",
            public_key=b"a key",
            sign_count=0,
            created_at=NOW,
            last_used_at=NOW,
            ended_at=NOW,
        )
        session.add_all([member, passkey])
        session.commit()


def _succeeds(database: Database, authority: Authority, take: Callable[[Session], None]) -> bool:
    with database.begin(authority_scope(authority.id)) as session:
        try:
            take(session)
        except SignInRefused:
            return False
    return True


def _holder(database: Database, site: Site, token: str, at: dt.datetime) -> SignedIn | None:
    session, holder = service.open_signed_in(database, site.scope(), site, token, at)
    session.close()
    return holder


def _statements(database: Database, authority: Authority, token: str, at: dt.datetime) -> list[str]:
    with statements_of(database, Login.APP) as seen:
        assert _holder(database, site_of(authority), token, at)
    return [statement.split()[0] for statement in seen if "set_config" not in statement]


def _keyed_door() -> ParsedSignIn:
    return ParsedSignIn(
        kind=SignInKind.FAMILY,
        environment=Environment.LIVE,
        content={
            "label": "Council account",
            "live": {"issuer": "https://sso.example", "client_id": "parley", "client_auth": "private_key_jwt"},
        },
    )


def _load(database: Database, authority: Authority, doors: tuple[ParsedSignIn, ...]) -> None:
    with database.begin(Scope(login=Login.OPERATOR, realm_id=authority.id)) as session:
        service.load_sign_in_config(session, realm_id=authority.id, parsed=doors, actor=OPERATOR, at=NOW)


def _tried(session: Any, realm_id: uuid.UUID, at: dt.datetime) -> bool:
    return within_limit(session, realm_id=realm_id, what=Limited.LINK_BY_MAILBOX, of="parent@family.invalid", at=at)
