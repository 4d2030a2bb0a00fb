"""A council one of whose contracts ends early, its worker, and what families say to the question who goes on."""

import uuid

import sqlalchemy as sa
from flask import Flask

from parley.access.domain import Role
from parley.casework.allocation import Receiver, Receiving
from parley.casework.change_jobs import ChangeJobs
from parley.casework.change_over import ProviderChoice
from parley.casework.domain import ConsentMeans
from parley.casework.models import Case, ChangeOver
from parley.casework.service import changing_over
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.kernel.clock import Clock, FixedClock
from parley.tenancy import service
from parley.tenancy.domain import EarlyEndBecause, ProviderOrganisation, Service
from parley.tenancy.models import Commission
from support.factories import NOW, Factory, acting
from support.family import Served, words
from support.passing import Passing
from support.staff import Officer


class ChangingOver:
    """A council with a provider whose contract ends early, and one that can take over."""

    def __init__(
        self,
        database: Database,
        council: Served,
        former: ProviderOrganisation,
        taker: ProviderOrganisation,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.database, self.council, self.former, self.taker = database, council, former, taker
        self.authority = council.authority
        self.clock = clock or FixedClock(NOW)
        self.scope = authority_scope(self.authority.id)
        self.manager = acting(Role.TEAM_MANAGER, self.authority)

    @property
    def commission_id(self) -> uuid.UUID:
        """The contract that ends."""
        with self.database.begin(self.scope) as session:
            return session.scalars(
                sa.select(Commission.id).where(
                    Commission.provider_id == self.former.id, Commission.service == Service.DISAGREEMENT_RESOLUTION
                )
            ).one()

    def ends(self, because: EarlyEndBecause = EarlyEndBecause.ENDED) -> None:
        """Record, as the council, that the contract ends today."""
        with self.database.begin(self.scope) as session:
            service.end_early(
                session,
                actor=self.manager,
                at=self.clock.now(),
                authority_id=self.authority.id,
                commission_id=self.commission_id,
                because=because,
                on=self.clock.now().date(),
                source="A letter",
            )

    def asks(self) -> None:
        """Name who can take over, as the council, and do what the worker does then."""
        with self.database.begin(self.scope) as session:
            changing_over.ask_families(
                session,
                actor=self.manager,
                at=self.clock.now(),
                authority_id=self.authority.id,
                commission_id=self.commission_id,
                new_provider_id=self.taker.id,
                receiving=Receiving(receivers=(Receiver(provider_id=self.taker.id),)),
            )
        self.sees_to_it()

    def takes_back(self) -> None:
        """Take the early end back, as the council, and do what the worker does then."""
        with self.database.begin(self.scope) as session:
            changing_over.take_early_end_back(
                session,
                actor=self.manager,
                at=self.clock.now(),
                authority_id=self.authority.id,
                commission_id=self.commission_id,
                provider_id=self.former.id,
            )
        self.sees_to_it()

    def sees_to_it(self) -> None:
        """Do what the worker does about the contract."""
        self._jobs().see_to_changes(None, authority_id=str(self.authority.id), commission_id=str(self.commission_id))

    def says(self, case_id: uuid.UUID, identity_id: uuid.UUID, choice: ProviderChoice) -> None:
        """Have a person of the family say online who goes on."""
        with self.database.begin(self.scope) as session:
            changing_over.choose(
                session,
                actor=acting(Role.FAMILY, self.authority, identity_id=identity_id),
                at=self.clock.now(),
                authority_id=self.authority.id,
                case_id=case_id,
                choice=choice,
                means=ConsentMeans.ONLINE,
            )

    def moves(self, case_id: uuid.UUID) -> Case:
        """Do what the worker does after a family said that its case moves; return the case."""
        with self.database.begin(self.scope) as session:
            newest = sa.select(ChangeOver.id).where(ChangeOver.case_id == case_id).order_by(ChangeOver.id.desc())
            change_id = session.scalars(newest.limit(1)).one()
        self._jobs().move_case(
            None, authority_id=str(self.authority.id), case_id=str(case_id), change_id=str(change_id)
        )
        with self.database.begin(self.scope) as session:
            return session.get_one(Case, (self.authority.id, case_id))

    def _jobs(self) -> ChangeJobs:
        """Return the worker's jobs."""
        return ChangeJobs(self.database, self.clock)


class Here(Passing):
    """A council with two providers; the first one's contract ends early."""

    def __init__(self, app: Flask, make: Factory) -> None:
        super().__init__(app, make)
        database = app.extensions["parley"].database
        self.changing = ChangingOver(database, self.council, *self.providers)
        self.manager = Officer(app.test_client(), self.council)
        self.manager.sign_in(make, role=Role.TEAM_MANAGER)

    @property
    def early_end(self) -> str:
        """Where the council sees to the early end."""
        return f"/council/contracts/{self.changing.commission_id}/early-end"

    @property
    def own(self) -> str:
        """Where the family follows its request."""
        return f"/requests/{self.case_id}"

    def asks(self) -> str:
        """Have the council ask the families about the second provider; return what it reads then."""
        sent = self.manager.post(f"{self.early_end}/ask", provider=str(self.providers[1].id))
        assert sent.status_code == 303, words(sent)
        self.changing.sees_to_it()
        return words(self.manager.get(self.early_end))
