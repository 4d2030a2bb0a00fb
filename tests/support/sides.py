"""A council with its provider, and one row of theirs in every table; and two of them, each a stranger to the other."""

import dataclasses

import sqlalchemy as sa

from parley.db.base import Wall
from parley.db.scope import (
    PLATFORM_REALM,
    Login,
    Scope,
    authority_scope,
    compartment_scope,
    platform_scope,
    provider_case_scope,
    provider_scope,
    safeguarding_scope,
)
from parley.db.scope import Side as CompartmentSide
from parley.kernel.ids import new_id
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.factories import Factory
from support.models import declared
from support.planting import Planting

TENANT_WALLS = tuple(wall for wall in Wall if wall is not Wall.PLATFORM)

#: Tables of which operators see some columns of every row, whatever their scope: states and errors, never a case.
OPERATORS_SEE = frozenset({"plugin_enablement"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Side:
    """A council, a provider that holds one case of it, and the row of each in every table."""

    authority: Authority
    provider: ProviderOrganisation
    planted: Planting

    @property
    def authority_scope(self) -> Scope:
        """The scope of the council's pages."""
        return authority_scope(self.authority.id)

    @property
    def case_scope(self) -> Scope:
        """The scope of the case, opened by the provider that holds it."""
        return provider_case_scope(self.provider.id, self.authority.id, self.planted.ids["case_id"])

    @property
    def compartment_scope(self) -> Scope:
        """The scope of the case's confidential side, for the mediator who wrote in it."""
        return compartment_scope(
            self.provider.id,
            self.authority.id,
            self.planted.ids["case_id"],
            side=CompartmentSide.PROVIDER,
            person_id=self.planted.ids["author_id"],
        )

    def readers(self, wall: Wall) -> list[Scope]:
        """Return the scopes that rows behind ``wall`` are there for."""
        return {
            Wall.AUTHORITY: [self.authority_scope],
            Wall.CASE: [self.authority_scope, self.case_scope],
            Wall.PROVIDER: [self.authority_scope, provider_scope(self.provider.id)],
            # A realm is a council or a provider; some of its tables are for a provider's people alone.
            Wall.REALM: [self.authority_scope, authority_scope(self.authority.id, login=Login.PROVIDER)],
            Wall.COMPARTMENT: [self.compartment_scope],
            Wall.SAFEGUARDING: [safeguarding_scope(self.provider.id, new_id())],
            Wall.PLATFORM: [],
        }[wall]

    def every_scope(self) -> list[Scope]:
        """Return this side's scopes of every login."""
        of_council = [authority_scope(self.authority.id, login=login) for login in Login]
        of_case = [dataclasses.replace(self.case_scope, login=login) for login in Login]
        return [*of_council, *of_case, provider_scope(self.provider.id), self.compartment_scope]


@dataclasses.dataclass(frozen=True, kw_only=True)
class World:
    """``here`` is looked at; everybody ``there``, and who belongs nowhere, must see nothing of it."""

    here: Side
    there: Side

    def strangers(self, wall: Wall) -> list[Scope]:
        """Return scopes, of every login, in which nothing of ``here`` behind ``wall`` may be seen.

        To the compartment, everybody on the open side of the very same case is a stranger too.
        """
        elsewhere = Scope(login=Login.APP, realm_id=new_id(), authority_id=new_id())
        nobody = [platform_scope(login) for login in Login]
        mixed = [
            # The right council and case, by a provider that does not hold it; and a case that is not of that council.
            dataclasses.replace(self.here.case_scope, provider_id=self.there.provider.id, realm_id=PLATFORM_REALM),
            dataclasses.replace(self.here.case_scope, provider_id=self.there.provider.id, realm_id=new_id()),
            dataclasses.replace(self.there.case_scope, authority_id=self.here.authority.id),
            dataclasses.replace(self.there.case_scope, case_id=self.here.planted.ids["case_id"]),
        ]
        if wall is Wall.COMPARTMENT:
            # Of a case that is closed disposal finds the rows, by their keys, to delete them; and wrapped keys of cases
            # are wrapped anew by a login for that, which reads nothing else; and a login carries what this provider
            # keeps of this council: see test_disposal, test_keys_login and test_confidential_side.
            inside = {Login.COMPARTMENT, Login.DISPOSAL, Login.KEYS, Login.CONFIDENTIAL_MOVER}
            mixed += [scope for scope in self.here.every_scope() if scope.login not in inside]
        if wall is Wall.SAFEGUARDING:
            mixed += [*self.here.readers(Wall.CASE), safeguarding_scope(self.there.provider.id, new_id())]
        return [elsewhere, *nobody, *self.there.every_scope(), *mixed]


def plant_side(factory: Factory, admin: sa.Engine) -> Side:
    """Make a council, a provider it commissions, and a case of both; other rows are planted when they are asked for.

    What lies in the compartment refers to no row of the open side, and may be written only where its case is.
    """
    authority, provider = factory.authority(), factory.provider()
    planted = Planting(
        admin,
        authority_id=authority.id,
        realm_id=authority.id,
        provider_id=provider.id,
        case_id=new_id(),
        author_id=new_id(),
    )
    planted.row(declared()["case"].__table__)
    return Side(authority=authority, provider=provider, planted=planted)
