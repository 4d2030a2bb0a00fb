"""The pages that are measured: who opens them, what is sent, and the floor each is read beside."""

import dataclasses
import html
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from bench.generate import Made
from bench.load import raw_request
from bench.planned import OWN_EVERY, Council
from parley.access.domain import Role
from parley.casework.models import Case, RequestDraft
from parley.db.scope import authority_scope, platform_scope
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.ids import new_id
from parley.policy.queries import current_policy
from parley.tenancy.domain import ProviderOrganisation
from parley.tenancy.queries import authority_by_slug, provider_by_slug
from support.asking import begin, fill
from support.factories import Factory
from support.family import Family, Served
from support.provider import HOST, Staff, sign_in_staff
from support.staff import Officer

#: How many different cases a run opens, over and over.
OPENED = 200

ANSWERS = {
    "asker": "parent_carer",
    "lives_in_area": "yes",
    "send": "yes",
    "stage": "plan_in_force",
    "decision_letter_date": "2026-10-02",
    "tried": ["talked"],
    "matters": [
        {"against": ["school"], "about": "duties"},
        {"against": ["local_authority"], "about": "educational_provision", "in_plan": "yes"},
        {"against": ["local_authority"], "about": "decision", "decision": "plan_contents"},
    ],
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """One request to Parley, as a browser sends it."""

    method: str
    path: str
    host: str
    cookies: Mapping[str, str] = dataclasses.field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json_body: object = None

    def raw(self) -> bytes:
        """Return it as it goes over the wire to a production server, whose cookies are bound to their host."""
        cookies = {f"__Host-{name}": value for name, value in self.cookies.items()}
        return raw_request(self.method, self.path, self.host, cookies=cookies, form=self.form, json_body=self.json_body)

    def by(self, client: FlaskClient) -> int:
        """Have ``client`` send it within this process; return the answer's status."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = client.open(
            self.path,
            method=self.method,
            base_url=f"http://{self.host}:8000",
            headers={"Cookie": cookies} if cookies else {},
            data=self.form,
            json=self.json_body,
        )
        return answer.status_code


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scene:
    """One page under load. ``target`` is the least share of its floor that is good enough now, ``goal`` later.

    What is ``once`` is sent once each: a request that was sent cannot be sent again.
    """

    name: str
    floor: str
    target: float | None
    goal: float | None
    most_statements: int | None
    asked: tuple[Asked, ...]
    once: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cast:
    """A council that is measured and the people who open its pages. Its provider may be that of others too."""

    app: Flask
    make: Factory
    served: Served
    provider: ProviderOrganisation
    family: Family
    officers: tuple[Officer, ...]
    coordinator: Staff

    @property
    def council(self) -> Council:
        """For whom cases are generated."""
        return Council(
            authority=self.served.authority,
            provider_id=self.provider.id,
            policy_version_id=self.served.policy_version_id,
            officers=tuple(_known(officer.identity_id) for officer in self.officers),
            coordinators=(_known(self.coordinator.identity_id),),
            parent=_known(self.family.identity_id),
        )

    def opens(self, who: Family | Staff, *paths: str) -> tuple[Asked, ...]:
        """Return what the browser of one of its people sends to open these pages."""
        host = self.served.authority.host if isinstance(who, Family) else HOST
        cookies = _cookies(who.client, host)
        return tuple(Asked(method="GET", path=path, host=host, cookies=cookies) for path in paths)

    def inbox(self) -> tuple[Asked, ...]:
        """Open the council's list of open cases."""
        return self.opens(self.officers[0], "/council/cases?view=team")

    def case_pages(self, cases: Sequence[Made]) -> tuple[Asked, ...]:
        """Open some cases as an officer."""
        told = [case for case in cases if case.told][:OPENED]
        return self.opens(self.officers[0], *(f"/council/cases/{case.id}" for case in told))

    def family_pages(self, cases: Sequence[Made]) -> tuple[Asked, ...]:
        """Open the family's own cases."""
        return self.opens(self.family, *(f"/requests/{case.id}" for case in cases[::OWN_EVERY]))

    def held_case(self, cases: Sequence[Made]) -> tuple[Asked, ...]:
        """Open one of the cases as the provider's coordinator."""
        case = next(case for case in cases if case.told)
        return self.opens(self.coordinator, f"/cases/{self.served.authority.id}/{case.id}")

    def search(self, text: str) -> Asked:
        """Look for a case as an officer."""
        officer, path = self.officers[0], "/council/search"
        (asked,) = self.opens(officer, path)
        return dataclasses.replace(asked, method="POST", form=_hidden_boxes(officer.get(path).text) | {"q": text})

    def provider_list(self) -> tuple[Asked, ...]:
        """Open the provider's list of open cases."""
        return self.opens(self.coordinator, "/?view=open")


def _known(identity_id: uuid.UUID | None) -> uuid.UUID:
    if identity_id is None:
        raise LookupError("somebody is not signed in")
    return identity_id


def gather(app: Flask, slug: str = "derby", provider_slug: str = "global-mediation") -> Cast:
    """Sign in everybody who opens a page of the council ``slug``."""
    database, clock = app.extensions["parley"].database, SystemClock()
    with database.begin(platform_scope()) as session:
        authority, provider = authority_by_slug(session, slug), provider_by_slug(session, provider_slug)
    if authority is None or provider is None:
        raise LookupError(f"{slug} or {provider_slug} was not loaded")
    with database.begin(authority_scope(authority.id)) as session:
        policy = current_policy(session, authority.id, london_date(clock.now()))
    served = Served(authority=authority, provider=provider, policy_version_id=policy.id)
    make = Factory(database, clock)
    return sign_in_all(app, make, served, coordinator_of(app, make, provider), officers=2)


def coordinator_of(app: Flask, make: Factory, provider: ProviderOrganisation) -> Staff:
    """Sign in a coordinator of ``provider``."""
    coordinator = sign_in_staff(app.test_client(), make, provider, Role.COORDINATOR, name="Cam Coordinator")
    coordinator.get("/")
    return coordinator


def sign_in_all(app: Flask, make: Factory, served: Served, coordinator: Staff, *, officers: int) -> Cast:
    """Sign in a parent and ``officers`` of a council."""
    family, staff = Family(app.test_client(), served), [Officer(app.test_client(), served) for _ in range(officers)]
    for person in (family, *staff):
        person.sign_in(make)
    # As everybody's browser does after its first page, theirs hold the cookie of forms.
    family.get("/requests")
    for officer in staff:
        officer.get("/council/cases")
    return Cast(
        app=app,
        make=make,
        served=served,
        provider=coordinator.provider,
        family=family,
        officers=tuple(staff),
        coordinator=coordinator,
    )


def scenes(cast: Cast, cases: list[Made], drafts: int) -> list[Scene]:
    """Return every page that is measured beside a floor; ``cases`` are there, and ``drafts`` are made to be sent."""
    council = cast.served.authority.host
    return [
        Scene(
            name="council inbox",
            floor="list",
            target=0.35,
            goal=0.5,
            most_statements=6,
            asked=cast.inbox(),
        ),
        Scene(
            name="provider list",
            floor="list",
            target=0.35,
            goal=0.5,
            most_statements=6,
            asked=cast.provider_list(),
        ),
        Scene(
            name="case page with read audit",
            floor="detail",
            target=0.35,
            goal=0.5,
            most_statements=10,
            asked=cast.case_pages(cases),
        ),
        Scene(
            name="family status page",
            floor="detail",
            target=None,
            goal=None,
            most_statements=9,
            asked=cast.family_pages(cases),
        ),
        Scene(
            name="sending a request",
            floor="create",
            target=0.3,
            goal=0.4,
            most_statements=None,
            asked=tuple(_sendings(cast, drafts)),
            once=True,
        ),
        Scene(
            name="eligibility API",
            floor="list",
            target=None,
            goal=None,
            most_statements=2,
            asked=(Asked(method="POST", path="/api/v1/eligibility", host=council, json_body=ANSWERS),),
        ),
    ]


def number_of_cases(cast: Cast) -> int:
    """Return how many cases the council has, those not told of included."""
    authority_id = cast.served.authority.id
    with cast.make.database.begin(authority_scope(authority_id)) as session:
        return session.scalar(select(func.count()).where(Case.authority_id == authority_id)) or 0


def _sendings(cast: Cast, count: int) -> Iterator[Asked]:
    """Write one request as a family does, copy its draft, and give the click on "Send" for each copy."""
    family = cast.family
    page = fill(family, begin(family))
    hidden = _hidden_boxes(family.get(page).text)
    copies = _copies(cast, uuid.UUID(page.split("/")[3]), count)
    cookies = _cookies(family.client, cast.served.authority.host)
    for draft_id in copies:
        yield Asked(
            method="POST",
            path=f"/requests/drafts/{draft_id}/answers",
            host=cast.served.authority.host,
            cookies=cookies,
            form=hidden | {"tell_council": "yes"},
        )


def _hidden_boxes(page: str) -> dict[str, str]:
    boxes = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in boxes}


def _copies(cast: Cast, draft_id: uuid.UUID, count: int) -> list[uuid.UUID]:
    authority_id, copies = cast.served.authority.id, [new_id() for _ in range(count)]
    with cast.make.database.begin(authority_scope(authority_id)) as session:
        first = session.get_one(RequestDraft, (authority_id, draft_id))
        seal, answers = RequestDraft.answers.sealer(session, authority_id), first.answers
        same = {
            name: getattr(first, name) for name in ("authority_id", "owner_id", "version", "updated_at", "expires_at")
        }
        session.execute(
            insert(RequestDraft), [{"id": copy, "answers_sealed": seal(copy, answers), **same} for copy in copies]
        )
        session.commit()
    return copies


def _cookies(client: FlaskClient, host: str) -> dict[str, str]:
    names = ("parley", "parley-form")
    return {name: cookie.value for name in names if (cookie := client.get_cookie(name, domain=host)) is not None}
