"""A provider's staff before the whole application: councils that commission them, real requests, their browsers."""

import dataclasses
import datetime as dt
import html
import re
import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from parley.access.domain import Role
from parley.casework.allocation import straight_to
from parley.casework.domain import Capacity, Channel, PartyKind
from parley.casework.models import Case
from parley.casework.request import Body, NewRequest, Person, Safety
from parley.casework.service.sending import Rules, send_request
from parley.db.scope import authority_scope, provider_scope
from parley.identity.domain import SignInKind
from parley.kernel.clock import london_date
from parley.law.versions import law_on
from parley.policy.queries import policy_of_version
from parley.tenancy.domain import ProviderOrganisation
from support.factories import Factory, acting
from support.family import Served
from support.signed_in import sign_in

HOST = "providers.localhost"
URL = f"http://{HOST}:8000"


def a_request(**changed: Any) -> NewRequest:
    """Return a parent's request against the council and a school, which may be asked."""
    values: dict[str, Any] = {
        "capacity": Capacity.PARENT_CARER,
        "asker": Person(name="Ash Marsh", email="ash@family.example", phone="+441632960001"),
        "child_name": "Rowan Marsh",
        "child_date_of_birth": dt.date(2016, 5, 4),
        "child_address": "4 Hidden Lane, DE1 1AA",
        "setting": "Oak Hill School",
        "bodies": (
            Body(kind=PartyKind.LOCAL_AUTHORITY, name="Council", may_be_invited=True),
            Body(kind=PartyKind.SETTING, name="Oak Hill School", may_be_invited=True),
        ),
        "areas": ("B",),
        "facts": {"stage": "plan_in_force"},
        "story": "The help in section F stopped in September.",
        "wish": "That it begins again.",
        "safety": Safety(safe_ways=("email",), safe_times="Weekdays after 10am", must_not_learn="The other parent"),
        "agrees_to_tell_council": True,
    }
    return NewRequest(**(values | changed))


def a_young_persons(**changed: Any) -> NewRequest:
    """Return a parent's request about a young person, who has a phone number and no e-mail address."""
    own = Person(name="Rowan Marsh", phone="+441632960009")
    return a_request(child_date_of_birth=dt.date(2009, 3, 2), **{"young_person": own, **changed})


def sent(
    make: Factory,
    council: Served,
    request: NewRequest | None = None,
    *,
    channel: Channel = Channel.ONLINE,
    owner_id: uuid.UUID | None = None,
) -> Case:
    """Send a request to the council's provider, as a signed-in family does, or as one that was entered for a caller.

    By somebody new unless ``owner_id`` says whom the family signs in as.
    """
    assert council.provider is not None
    with make.database.begin(authority_scope(council.authority.id)) as session:
        draft = make.draft(council.authority, owner_id=owner_id)
        policy = policy_of_version(session, council.authority.id, council.policy_version_id)
        return send_request(
            session,
            actor=acting(Role.FAMILY, council.authority, identity_id=draft.owner_id),
            at=make.clock.now(),
            authority=council.authority,
            receiving=straight_to(council.provider.id),
            case_id=draft.id,
            request=request or a_request(),
            rules=Rules(
                policy=policy,
                policy_version_id=council.policy_version_id,
                law=law_on(london_date(make.clock.now())),
            ),
            channel=channel,
        )


def stored(make: Factory, case: Case) -> Case:
    """Return the case as it stands now."""
    with make.database.begin(authority_scope(case.authority_id)) as session:
        return session.get_one(Case, (case.authority_id, case.id))


def case_path(case: Case, act: str = "") -> str:
    """Return the address of a case, or of an act in it."""
    path = f"/cases/{case.authority_id}/{case.id}"
    return f"{path}/{act}" if act else path


@dataclasses.dataclass
class Staff:
    """One of a provider's people with a browser on the providers' host."""

    client: FlaskClient
    provider: ProviderOrganisation
    identity_id: uuid.UUID

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=URL)

    def post(self, path: str, *, page: TestResponse | str | None = None, **form: Any) -> TestResponse:
        """Send the form on ``page`` (``path`` itself by default) with its token and hidden boxes.

        A name with two lines is written with a dash.
        """
        shown = page if isinstance(page, TestResponse) else self.get(page or path)
        data: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text):
            data.setdefault(html.unescape(name), []).append(html.unescape(value))
        for name, value in form.items():
            data[name.replace("__", "-")] = list(value) if isinstance(value, (list, tuple)) else [str(value)]
        return self.client.post(path, base_url=URL, data=data)

    def does(self, path: str, **form: Any) -> TestResponse:
        """Send the form at ``path``, which must be taken; return the page it leads to."""
        answer = self.post(path, **form)
        assert answer.status_code == 303, f"{answer.status_code}\n{answer.text}"
        return self.get(answer.headers["Location"])


def sign_in_staff(client: FlaskClient, make: Factory, provider: ProviderOrganisation, *roles: Role, name: str) -> Staff:
    """Sign one of the provider's people in, as its issuer would."""
    scope = provider_scope(provider.id)
    identity_id = sign_in(client, make, scope, SignInKind.PROVIDER, *roles, host=HOST, name=name)
    return Staff(client=client, provider=provider, identity_id=identity_id)
