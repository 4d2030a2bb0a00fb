"""One request of a council with two providers, and everybody who has to do with it: to pass it on, and look."""

import sqlalchemy as sa
from flask import Flask

from parley.access.domain import Role, system_actor
from parley.casework.models import Case
from parley.casework.placing import terms_of
from parley.casework.service import passing
from parley.casework.service.referral import current_referral
from parley.db.scope import Login, authority_scope
from parley.notifications.models import Notification
from parley.tenancy.domain import ProviderOrganisation
from support.asking import send
from support.factories import NOW, Factory
from support.family import Family, council_of_several, words
from support.people import at_realm
from support.provider import Staff, sign_in_staff
from support.staff import Officer

TEAM = "send-team@exampleshire.invalid"


TEAM_CONTACT = {"label": "SEND team", "phone": "01632 960010"}


class Passing:
    """A council with two providers that take turns, and everybody who has to do with one request there."""

    def __init__(self, app: Flask, make: Factory) -> None:
        self.app = app
        self.council, self.providers = council_of_several(make, "rota", team_mailbox=TEAM, contact=TEAM_CONTACT)
        app.extensions["parley"].sites.forget()
        self.parent = Family(app.test_client(), self.council)
        self.parent.sign_in(make)
        self.officer = Officer(app.test_client(), self.council)
        self.officer.sign_in(make)
        self.staff = [self._staff(make, provider) for provider in self.providers]
        self.case_id = send(self.parent)

    def _staff(self, make: Factory, provider: ProviderOrganisation) -> Staff:
        roles = (Role.COORDINATOR, Role.MEDIATOR)
        return sign_in_staff(self.app.test_client(), make, provider, *roles, name="case1@provider.example")

    @property
    def path(self) -> str:
        """The case's address at a provider."""
        return f"/cases/{self.council.authority.id}/{self.case_id}"

    def pass_on(self, number: int, because: str) -> str:
        """Pass it on at one provider; return what its coordinator reads then."""
        return words(self.staff[number].does(f"{self.path}/pass-on", because=because))

    def work(self) -> None:
        """Do what the worker does next."""
        authority_id = self.council.authority.id
        database = self.app.extensions["parley"].database
        with database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
            referral_id = current_referral(session, session.get_one(Case, (authority_id, self.case_id))).id
            passing.find_next(
                session,
                actor=system_actor(at_realm(self.council.authority)),
                at=NOW,
                authority_id=authority_id,
                case_id=self.case_id,
                referral_id=referral_id,
                terms=terms_of(session, authority_id, self.case_id, NOW.date()),
            )

    def mailed(self) -> list[tuple[str, str]]:
        """Return what the family and the council were mailed since it was sent: to whom, and which message."""
        database = self.app.extensions["parley"].database
        with database.begin(authority_scope(self.council.authority.id)) as session:
            rows = session.execute(
                sa.select(Notification.recipient, Notification.message)
                .where(Notification.case_id == self.case_id, Notification.message != "request_sent")
                .order_by(Notification.id)
            )
            return [(recipient.value, message) for recipient, message in rows]
