"""A council, two others, and everybody who works with them, each with a browser: whom the walls let in and whom not."""

import uuid

from flask import Flask
from sqlalchemy import select

from parley.access.domain import Role, access_mark
from parley.db.scope import PLATFORM_REALM, Login, Scope, authority_scope, platform_scope, provider_scope
from parley.identity.domain import SignInKind, new_secret
from parley.identity.links import mint
from parley.identity.models import OneTimeLink
from parley.tenancy.domain import ProviderOrganisation
from parley.tenancy.service import ensure_platform_key
from parley.web.sites import Audience
from support.asking import begin, fill
from support.calls import begin_call
from support.every_stage import EveryStage
from support.exploration import Example
from support.factories import Factory, MadeCase
from support.family import Family, Served, served_council
from support.isolation import Person
from support.memberships import PasskeyRealm
from support.provider import HOST as PROVIDERS
from support.provider import Staff
from support.signed_in import sign_in
from support.stage_words import Identities

COUNCIL_ROLES = (Role.OFFICER, Role.TEAM_MANAGER, Role.COMMISSIONER)
PROVIDER_ROLES = (Role.COORDINATOR, Role.MEDIATOR, Role.PROVIDER_ADMINISTRATOR, Role.SAFEGUARDING_LEAD)

#: The id in this address is of a request that will be made when it is sent, so it names nothing yet.
NOT_THERE_YET = "provider.enter_request"

#: Where the providers are that the council here commissions.
COMMISSIONED_HERE = ("here",)

#: Whose requests are looked for, and the first word of all that they write.
HERE = "here"
ASH = "Ashs"


class Everybody:
    """The people by name: what they are, and where. ``here`` has two families; ``there`` and ``beyond`` are foreign.

    The provider ``here`` is commissioned ``there`` too; the provider ``there`` was commissioned ``here``, until that
    contract ended early, and has requests from there.
    """

    def __init__(self, app: Flask, make: Factory, worker_url: str) -> None:
        """Make the councils, the requests of three families at every stage, and sign everybody in."""
        self.people: dict[str, Person] = {}
        self._app, self._make, self._worker_url = app, make, worker_url
        self._identities: dict[str, uuid.UUID] = {}
        here, there, beyond = (served_council(make, name=name) for name in ("Here", "There", "Beyond"))
        app.extensions["parley"].sites.forget()
        assert here.provider
        assert there.provider
        make.commission(there.authority, here.provider)
        make.commission(here.authority, there.provider)
        for where, council in ((HERE, here), ("there", there), ("beyond", beyond)):
            self._at_council(where, council)
            self._at_provider(where, council.provider)
        self._join("other mediator here", here.provider, Role.MEDIATOR)
        self._join_operator()
        self._add(Person("nobody in front", app.test_client(), Audience.FRONT, "localhost"))
        self._add(Person("a machine", app.test_client(), Audience.MACHINE, "localhost"))
        self.families = {
            HERE: self._family(HERE, here, HERE, ASH, other=there.provider),
            "next door": self._family("next door", here, HERE, "Bos"),
            "there": self._family("there", there, "there", "Cys"),
        }

    def is_about_family(self, example: Example) -> bool:
        """Tell whether what ``example`` names is of the family that is looked for, or is its owner's own."""
        if "case_id" in example.values and example.rule.endpoint != NOT_THERE_YET:
            return example.values["case_id"] in self.families[HERE].cases
        return example.owner.where == HERE

    def strangers_to(self, example: Example) -> list[Person]:
        """Return the people of the same audience who have no business with what ``example`` names."""
        return [
            person
            for person in self.people.values()
            if person.audience == example.rule.subdomain and not self._is_for(example, person)
        ]

    def is_for_whoever_holds_it(self, example: Example) -> bool:
        """Tell whether ``example`` is a link from somebody's mail on a host that many organisations share."""
        return "token" in example.values and example.owner.audience is not Audience.COUNCIL

    def in_the_same_case(self, example: Example) -> list[Person]:
        """Return the people who have business with the case that ``example`` is about, but its owner."""
        people = (person for person in self.people.values() if person.audience == example.rule.subdomain)
        return [person for person in people if person is not example.owner and self._is_for(example, person)]

    def _is_for(self, example: Example, person: Person) -> bool:
        mark = access_mark(self._app.view_functions[example.rule.endpoint])
        if mark is None or not person.may(mark.permission):
            return False
        match example.values:
            case {"membership_id": _}:
                return person.where == example.owner.where
            case {"token": _}:
                return person.host == example.owner.host
            case {"case_id": _} if example.rule.endpoint == NOT_THERE_YET:
                return person.where in COMMISSIONED_HERE
            case {"case_id": case_id}:
                return case_id in person.cases
            case {"mediator_id": _}:
                return person.where == example.owner.where
        return person is example.owner

    def _family(
        self, home: str, council: Served, where: str, name: str, *, other: ProviderOrganisation | None = None
    ) -> EveryStage:
        """Make the requests of a family whose people are already signed in; ``other`` is the provider ``there``."""
        who = self._identities
        stages = EveryStage(
            self._make,
            council,
            Identities(
                parent=who[f"parent {home}"],
                other_parent=who[f"other parent {home}"],
                young_person=who[f"young person {home}"],
                officer=who[f"officer {where}"],
                coordinator=who[f"coordinator {where}"],
                mediator=who[f"mediator {where}"],
            ),
            name,
            self._worker_url,
            other=other,
        )
        build = stages.build if home == HERE else stages.build_some
        build(lambda case: self._contact(home, case))
        for person in self.people.values():
            works_there = person.roles and not person.roles & {Role.FAMILY, Role.INVITED, Role.COMMISSIONER}
            if works_there and person.name.endswith(f" {where}"):
                person.cases |= stages.cases
        for role in PROVIDER_ROLES if other else ():
            self.people[f"{role} there"].cases |= stages.at_other
        self.people[f"parent {home}"].cases = stages.own
        self.people[f"other parent {home}"].cases = stages.of_both
        self.people[f"young person {home}"].cases = stages.of_young_person
        if home == HERE:
            self._begin(stages, council)
        return stages

    def _begin(self, stages: EveryStage, council: Served) -> None:
        """Say where people come to by a letter, or by sending a form, and by no link."""
        people = self.people
        parent, caller = Family(people["parent here"].client, council), people["coordinator here"]
        people["parent here"].begins += [*stages.unlinked, fill(parent, begin(parent))]
        people["young person here"].begins += [path for path in stages.mailed if path.startswith("/your-answer/")]
        people["nobody here"].begins += [*stages.mailed, self._mailed_link(people["nobody here"], council)]
        assert council.provider
        staff = Staff(caller.client, council.provider, self._identities[caller.name])
        caller.begins += [stages.entered, begin_call(staff, council)]

    def _mailed_link(self, person: Person, council: Served) -> str:
        """Have a person ask for a link to sign in with; return its address, as it is in their mail."""
        assert Family(person.client, council).post("/sign-in/email", email="ash@family.example").status_code == 303
        realm_id = council.authority.id
        with self._make.database.begin(authority_scope(realm_id, login=Login.WORKER)) as session:
            newest = session.scalars(select(OneTimeLink.id).order_by(OneTimeLink.id.desc()).limit(1)).one()
            minted = mint(session, realm_id=realm_id, link_id=newest, at=self._make.clock.now())
        assert minted
        return f"/sign-in/link/{minted.token}"

    def _at_council(self, where: str, council: Served) -> None:
        authority = council.authority
        scope, host = authority_scope(authority.id), authority.host
        for home in ("here", "next door") if where == HERE else (where,):
            for kin in ("parent", "other parent", "young person"):
                self._sign_in(f"{kin} {home}", Audience.COUNCIL, scope, host, SignInKind.FAMILY, Role.FAMILY)
        for role in COUNCIL_ROLES:
            self._sign_in(f"{role} {where}", Audience.COUNCIL, scope, host, SignInKind.STAFF, role)
        self._add(Person(f"nobody {where}", self._app.test_client(), Audience.COUNCIL, host))

    def _at_provider(self, where: str, provider: ProviderOrganisation | None) -> None:
        for role in PROVIDER_ROLES:
            self._join(f"{role} {where}", provider, role)
        assert provider
        realm = PasskeyRealm(self._make, provider.id, SignInKind.PROVIDER)
        token = _invitation(realm, Role.MEDIATOR)
        self.people[f"coordinator {where}"].begins.append(f"/sign-in/{provider.slug}/join/{token}")

    def _join(self, name: str, provider: ProviderOrganisation | None, role: Role) -> None:
        assert provider
        self._sign_in(name, Audience.PROVIDER, provider_scope(provider.id), PROVIDERS, SignInKind.PROVIDER, role)

    def _join_operator(self) -> None:
        with self._make.database.begin(platform_scope()) as session:
            ensure_platform_key(session, self._make.clock.now())
        host = PROVIDERS.replace("providers", "operator")
        for name in ("operator here", "other operator"):
            self._sign_in(name, Audience.OPERATOR, platform_scope(), host, SignInKind.OPERATOR, Role.OPERATOR)
        token = _invitation(PasskeyRealm(self._make, PLATFORM_REALM, SignInKind.OPERATOR), Role.OPERATOR)
        self.people["operator here"].begins.append(f"/sign-in/join/{token}")

    def _contact(self, home: str, case: MadeCase) -> uuid.UUID:
        """Sign the contact of a school in to the one case; return who they are."""
        name = f"contact {len(self.people)} {home}"
        scope, host = authority_scope(case.authority.id), case.authority.host
        self._sign_in(name, Audience.COUNCIL, scope, host, SignInKind.INVITED, Role.INVITED, case_id=case.id)
        contact = self.people[name]
        contact.cases, contact.begins = {case.id}, [f"/invited/cases/{case.id}", "/invited"]
        return self._identities[name]

    def _sign_in(
        self,
        name: str,
        audience: Audience,
        scope: Scope,
        host: str,
        kind: SignInKind,
        role: Role,
        *,
        case_id: uuid.UUID | None = None,
    ) -> None:
        person = Person(name, self._app.test_client(), audience, host, frozenset({role}))
        known_as = {"name": f"{name.replace(' ', '-')}@people.example", "subject": new_secret(), "case_id": case_id}
        # Twice: so there is another sign-in to end.
        for client in (self._app.test_client(), person.client):
            self._identities[name] = sign_in(client, self._make, scope, kind, role, host=host, **known_as)
        self._add(person)

    def _add(self, person: Person) -> None:
        self.people[person.name] = person
        person.begins = _first_pages(person)


def _invitation(realm: PasskeyRealm, role: Role) -> str:
    """Let people come in by passkey, and invite somebody; return the token in their mail."""
    realm.open_door()
    return realm.token(realm.invite(role))


def _first_pages(person: Person) -> list[str]:
    """Return where somebody begins to look round."""
    (role,) = person.roles or (None,)
    match role:
        case Role.FAMILY:
            return ["/requests", "/account/sign-ins", "/requests/claim"]
        case Role.INVITED:
            return ["/invited"]
        case Role.OFFICER | Role.TEAM_MANAGER | Role.COMMISSIONER:
            return ["/council", "/account/sign-ins"]
        case None:
            return ["/"]
        case _:
            return ["/", "/account/sign-ins"]
