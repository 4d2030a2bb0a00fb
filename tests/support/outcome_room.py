"""Everybody who was at a meeting, before the whole application."""

import dataclasses
import uuid
from collections.abc import Callable

import psycopg
from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState
from parley.db.scope import authority_scope
from parley.identity.domain import SignInKind
from support.factories import Factory, MadeCase
from support.family import Family, Served
from support.outcomes import HeldMeeting, held_meeting, run_releases
from support.provider import Staff, sign_in_staff
from support.signed_in import sign_in
from support.staff import Officer


@dataclasses.dataclass
class Room:
    """Everybody who was at the meeting, each with a browser; and the worker."""

    held: HeldMeeting
    parent: Family
    officer: Officer
    contact: Family
    mediator: Staff
    coordinator: Staff
    work: Callable[[], int]

    def own(self, page: str = "") -> str:
        """Return the address of the family's page."""
        return f"/requests/{self.held.case.id}/{page}".rstrip("/")

    def councils(self, page: str = "") -> str:
        """Return the address of the council's page."""
        return f"/council/cases/{self.held.case.id}/{page}".rstrip("/")

    def invited(self, page: str = "") -> str:
        """Return the address of the school's page."""
        return f"/invited/cases/{self.held.case.id}/{page}".rstrip("/")

    def providers(self, page: str = "") -> str:
        """Return the address of the provider's page."""
        return f"/cases/{self.held.case.authority.id}/{self.held.case.id}/{page}".rstrip("/")


def room_of(app: Flask, make: Factory, council: Served, worker_url: str) -> Room:
    """Let a meeting have been held between a signed-in family, its council and a school."""
    provider = council.provider
    assert provider is not None
    parent, officer = Family(app.test_client(), council), Officer(app.test_client(), council)
    identity_id = parent.sign_in(make, subject="parent")
    officer.sign_in(make)
    case = make.case(
        council.authority,
        provider=provider,
        state=CaseState.MEETING_HELD,
        policy_version_id=council.policy_version_id,
        parent_identity=identity_id,
    )
    contact = Family(app.test_client(), council)
    contact_identity = _sign_in_contact(contact, make, case)
    with psycopg.connect(worker_url) as worker:
        # Of tests that ran before.
        worker.execute("DELETE FROM jobs.procrastinate_jobs")

    def work() -> int:
        return run_releases(make.database, make.clock, worker_url)

    def staff(role: Role) -> Staff:
        return sign_in_staff(app.test_client(), make, provider, role, name=f"{role}@provider.example")

    return Room(
        held=held_meeting(make, make.database, case, contact_identity=contact_identity),
        parent=parent,
        officer=officer,
        contact=contact,
        mediator=staff(Role.MEDIATOR),
        coordinator=staff(Role.COORDINATOR),
        work=work,
    )


def _sign_in_contact(contact: Family, make: Factory, case: MadeCase) -> uuid.UUID:
    """Sign a school's contact in to the one case, as the code to their mailbox does; return who they are."""
    scope, host = authority_scope(case.authority.id), case.authority.host
    kind, name = SignInKind.INVITED, "sam@school.example"
    return sign_in(contact.client, make, scope, kind, Role.INVITED, host=host, name=name, case_id=case.id)
