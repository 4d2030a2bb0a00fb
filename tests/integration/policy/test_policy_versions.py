"""A council's policy in the database: immutable versions, in force by date, audited, parsed once."""

import datetime as dt

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from parley.audit.models import AuditEvent
from parley.db.scope import PLATFORM_REALM, authority_scope, platform_scope, provider_scope
from parley.db.session import Database
from parley.kernel.errors import NotFound
from parley.policy.loading import Document, document_of
from parley.policy.problems import PolicyProblems
from parley.policy.queries import current_policy, policy_of_version
from parley.policy.service import AppliedPolicy, apply_policy
from parley.tenancy.domain import Authority
from support.factories import NOW, OPERATOR, Factory
from support.policies import small_text

TODAY = NOW.date()


def document(*changes: tuple[str, str]) -> Document:
    return document_of(small_text(*changes), file="policy.toml")


def applied(
    database: Database, authority: Authority, content: Document | None = None, *, on: dt.date | None = None
) -> AppliedPolicy:
    with database.begin(platform_scope()) as session:
        return apply_policy(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=authority.id,
            document=content or document(),
            reason="read the page again",
            file="policy.toml",
            effective_from=on,
        )


def test_the_first_document_is_version_one_and_in_force_today(database, make):
    authority = make.authority()
    version = applied(database, authority)
    with database.begin(authority_scope(authority.id)) as session:
        current = current_policy(session, authority.id, TODAY)
    assert (version.number, version.changed) == (1, True)
    assert (current.id, current.number) == (version.id, 1)
    assert current.policy.authority == authority.slug
    assert current.policy.words["council"] == "Exampleshire Council"


def test_an_unchanged_document_makes_no_version_and_no_audit_event(database, make):
    authority = make.authority()
    first = applied(database, authority)
    again = applied(database, authority)
    assert (again.id, again.number, again.changed) == (first.id, 1, False)
    assert len(events(database, first)) == 1


def test_a_changed_document_is_a_new_version_and_the_old_one_stays(database, make):
    authority = make.authority()
    first = applied(database, authority)
    second = applied(database, authority, document(("any aspect", "some aspects")))
    with database.begin(authority_scope(authority.id)) as session:
        assert current_policy(session, authority.id, TODAY).number == second.number == 2
        assert policy_of_version(session, authority.id, first.id).areas.label.shown.startswith("any aspect")


def test_a_later_version_waits_for_its_day(database, make):
    authority = make.authority()
    applied(database, authority)
    applied(database, authority, document(("any aspect", "some aspects")), on=TODAY + dt.timedelta(days=7))
    with database.begin(authority_scope(authority.id)) as session:
        assert current_policy(session, authority.id, TODAY).number == 1
        assert current_policy(session, authority.id, TODAY + dt.timedelta(days=7)).number == 2


def test_a_broken_document_changes_nothing(database, make):
    authority = make.authority()
    applied(database, authority)
    with pytest.raises(PolicyProblems, match=r"areas\.kind"):
        applied(database, authority, document(('kind = "open"', 'kind = "opened"')))
    with database.begin(authority_scope(authority.id)) as session:
        assert current_policy(session, authority.id, TODAY).number == 1


def test_applying_is_audited_in_the_same_transaction(database, make):
    authority = make.authority()
    version = applied(database, authority)
    (event,) = events(database, version)
    assert event.action == "policy.apply"
    assert event.actor_id == OPERATOR.identity_id
    assert event.codes["number"] == 1


def test_a_council_without_a_policy_is_told_so(database, make):
    authority = make.authority()
    with database.begin(authority_scope(authority.id)) as session, pytest.raises(NotFound) as raised:
        current_policy(session, authority.id, TODAY)
    assert raised.value.code == "no-policy"


def test_a_version_of_another_council_is_not_found(database, make):
    mine, theirs = make.authority(), make.authority()
    version = applied(database, theirs)
    with database.begin(authority_scope(mine.id)) as session, pytest.raises(NotFound):
        policy_of_version(session, mine.id, version.id)


def test_providers_read_the_rules_a_case_is_under(database, make):
    authority, provider = make.authority(), make.provider()
    version = applied(database, authority)
    with database.begin(provider_scope(provider.id)) as session:
        assert policy_of_version(session, authority.id, version.id).provider.name == "Helpers"


@pytest.mark.parametrize("statement", ["UPDATE policy_version SET reason = 'x'", "DELETE FROM policy_version"])
def test_no_login_can_change_a_version(database: Database, make: Factory, statement: str):
    authority, provider = make.authority(), make.provider()
    applied(database, authority)
    for scope in (platform_scope(), authority_scope(authority.id), provider_scope(provider.id)):
        with database.begin(scope) as session, pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(statement))


def test_a_version_is_parsed_once_in_a_process(database, make):
    authority = make.authority()
    version = applied(database, authority)
    with database.begin(authority_scope(authority.id)) as session:
        first = policy_of_version(session, authority.id, version.id)
        assert policy_of_version(session, authority.id, version.id) is first


def events(database: Database, version: AppliedPolicy) -> list[AuditEvent]:
    with database.begin(platform_scope()) as session:
        found = select(AuditEvent).where(AuditEvent.realm_id == PLATFORM_REALM, AuditEvent.subject_id == version.id)
        return list(session.scalars(found))
