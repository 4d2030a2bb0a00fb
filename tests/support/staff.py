"""A council's officers before the whole application, and cases of which their council was told."""

import datetime as dt
import uuid
from typing import Any

from parley.access.domain import Actor, Role
from parley.casework import queries
from parley.casework.clocks import NewClock
from parley.casework.domain import CaseState, ClockBasis, ClockCode, Viewer
from parley.casework.models import Case
from parley.casework.service.record import Act, case_for_update
from parley.casework.views import CaseView
from parley.db.scope import authority_scope
from parley.identity.domain import SignInKind
from support.factories import Factory, MadeCase, acting
from support.family import Family, Served
from support.signed_in import sign_in


class Officer(Family):
    """An officer's browser on their own council's pages."""

    def sign_in(
        self,
        make: Factory,
        *,
        subject: str | None = None,
        role: Role = Role.OFFICER,
        name: str = "Jo Officer",
    ) -> uuid.UUID:
        """Sign the officer in, as the staff issuer would; return who they are."""
        authority = self.council.authority
        self.identity_id = sign_in(
            self.client,
            make,
            authority_scope(authority.id),
            SignInKind.STAFF,
            role,
            host=authority.host,
            name=name,
            subject=subject,
        )
        return self.identity_id

    def follow_path_from(self, page: str, path: str, form: dict[str, Any]) -> str:
        """Send the form that leads from ``page`` to ``path``, which must be taken; return where it leads."""
        answer = self.post_from(self.get(page), path, **form)
        assert answer.status_code == 303, f"{path}: {answer.status_code}"
        return str(answer.headers["Location"])

    @property
    def actor(self) -> Actor:
        """The officer, as what they do is recorded."""
        return acting(Role.OFFICER, self.council.authority, identity_id=self.identity_id)


def told_case(make: Factory, council: Served, *, due_in: int | None = 5, **values: Any) -> MadeCase:
    """Make a case of which the provider told the council, whose answer is due in ``due_in`` days (None: no date)."""
    made = make.case(
        council.authority,
        **{
            "provider": council.provider,
            "state": CaseState.COUNCIL_TOLD,
            "policy_version_id": council.policy_version_id,
            **values,
        },
    )
    if due_in is not None:
        start_clock(make, made, ClockCode.ANSWER_BY, due_in)
    return made


def start_clock(
    make: Factory,
    case: MadeCase,
    code: ClockCode,
    days: int,
    *,
    binds: Viewer = Viewer.LOCAL_AUTHORITY,
    basis: ClockBasis = ClockBasis.OUR_AIM,
) -> None:
    """Start a clock of the case that is due in ``days``."""
    now = make.clock.now()
    with make.database.begin(case.authority_scope) as session:
        act = Act(
            session=session,
            case=case_for_update(session, case.authority.id, case.id),
            actor=case.family_actor,
            by=Viewer.PROVIDER,
            at=now,
        )
        due_on = now.date() + dt.timedelta(days=days)
        act.start([NewClock(code=code, basis=basis, binds=binds, due_on=due_on)])
        session.commit()


def stored_case(make: Factory, case: MadeCase) -> Case:
    """Return the case as it is stored now."""
    with make.database.begin(case.authority_scope) as session:
        return session.get_one(Case, (case.authority.id, case.id))


def as_provider(make: Factory, case: MadeCase) -> CaseView:
    """Return the case as its provider reads it now."""
    with make.database.begin(case.provider_scope) as session:
        return queries.provider_view(session, authority_id=case.authority.id, case_id=case.id)
