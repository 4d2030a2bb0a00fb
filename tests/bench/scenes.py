"""The pages that are measured: who opens them, what is sent, and the floor each is read beside."""

import dataclasses
import html
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.copying import row, write
from bench.generate import Council, Made
from bench.load import raw_request
from parley.access.domain import Role
from parley.casework.models import Case, RequestDraft
from parley.db.scope import authority_scope, platform_scope
from parley.kernel.clock import SystemClock, london_date
from parley.policy.queries import current_policy
from parley.tenancy.queries import authority_by_slug, provider_by_slug
from support.asking import begin, fill
from support.factories import Factory
from support.family import Family, Served
from support.provider import HOST, sign_in_staff
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
    """The council that is measured and the people who open its pages."""

    app: Flask
    make: Factory
    served: Served
    family: Family
    officer: Officer
    colleague: Officer
    coordinator: Any

    @property
    def council(self) -> Council:
        """For whom cases are generated."""
        provider = self.served.provider
        if provider is None or self.officer.identity_id is None or self.colleague.identity_id is None:
            raise LookupError("the council has no provider, or nobody is signed in")
        return Council(
            authority=self.served.authority,
            provider_id=provider.id,
            policy_version_id=self.served.policy_version_id,
            officers=(self.officer.identity_id, self.colleague.identity_id),
            coordinators=(self.coordinator.identity_id,),
        )


def gather(app: Flask, slug: str = "derby", provider_slug: str = "global-mediation") -> Cast:
    """Sign in everybody who opens a page of the council ``slug``."""
    database, clock = app.extensions["parley"].database, SystemClock()
    with database.begin(platform_scope()) as session:
        authority, provider = authority_by_slug(session, slug), provider_by_slug(session, provider_slug)
    if authority is None or provider is None:
        raise LookupError(f"{slug} or {provider_slug} was not loaded")
    with database.begin(authority_scope(authority.id)) as session:
        policy = current_policy(session, authority.id, london_date(clock.now()))
    served, make = Served(authority=authority, provider=provider, policy_version_id=policy.id), Factory(database, clock)
    family, officer, colleague = (kind(app.test_client(), served) for kind in (Family, Officer, Officer))
    for person in (family, officer, colleague):
        person.sign_in(make)
    coordinator = sign_in_staff(app.test_client(), make, provider, Role.COORDINATOR, name="Cam Coordinator")
    # As everybody's browser does after its first page, theirs hold the cookie of forms.
    for person, page in ((family, "/requests"), (officer, "/council/cases"), (coordinator, "/")):
        person.get(page)
    return Cast(
        app=app,
        make=make,
        served=served,
        family=family,
        officer=officer,
        colleague=colleague,
        coordinator=coordinator,
    )


def scenes(cast: Cast, cases: list[Made], drafts: int) -> list[Scene]:
    """Return every page that is measured; ``cases`` are there, and ``drafts`` are made to be sent."""
    council = cast.served.authority.host
    family, officer = _cookies(cast.family.client, council), _cookies(cast.officer.client, council)
    told = [case for case in cases if case.told][:OPENED]
    own = [case for number, case in enumerate(cases) if number % OPENED == 0]
    return [
        Scene(
            name="council inbox",
            floor="list",
            target=0.35,
            goal=0.5,
            most_statements=6,
            asked=(Asked(method="GET", path="/council/cases?view=team", host=council, cookies=officer),),
        ),
        Scene(
            name="provider list",
            floor="list",
            target=0.35,
            goal=0.5,
            most_statements=6,
            asked=(
                Asked(method="GET", path="/?view=open", host=HOST, cookies=_cookies(cast.coordinator.client, HOST)),
            ),
        ),
        Scene(
            name="case page with read audit",
            floor="detail",
            target=0.35,
            goal=0.5,
            most_statements=10,
            asked=tuple(
                Asked(method="GET", path=f"/council/cases/{case.id}", host=council, cookies=officer) for case in told
            ),
        ),
        Scene(
            name="family status page",
            floor="detail",
            target=None,
            goal=None,
            most_statements=9,
            asked=tuple(Asked(method="GET", path=f"/requests/{case.id}", host=council, cookies=family) for case in own),
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
    boxes = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', family.get(page).text)
    hidden = {name: html.unescape(value) for name, value in boxes}
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


def _copies(cast: Cast, draft_id: uuid.UUID, count: int) -> list[uuid.UUID]:
    authority_id = cast.served.authority.id
    with cast.make.database.begin(authority_scope(authority_id)) as session:
        first = session.get_one(RequestDraft, (authority_id, draft_id))
        same = {name: getattr(first, name) for name in ("owner_id", "version", "updated_at", "expires_at")}
        copies = [
            row(session, RequestDraft, authority_id=authority_id, answers=first.answers, **same) for _ in range(count)
        ]
        write(session, copies)
        session.commit()
    return [copy.id for copy in copies]


def _cookies(client: FlaskClient, host: str) -> dict[str, str]:
    names = ("parley", "parley-form")
    return {name: cookie.value for name in names if (cookie := client.get_cookie(name, domain=host)) is not None}
