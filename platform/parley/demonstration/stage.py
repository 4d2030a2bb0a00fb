"""Where the demonstration's cases are played: a council, its provider, and the people of the sign-in stand-ins."""

import dataclasses
import datetime as dt
import uuid
from contextlib import AbstractContextManager

from parley.access.domain import Actor, ActorKind, Realm, RealmKind, Role
from parley.casework.service.sending import Rules
from parley.db.scope import Login, Scope, authority_scope, provider_case_scope
from parley.db.session import Database, Session
from parley.identity import queries as identity
from parley.identity.domain import Environment, SignInKind
from parley.identity.sessions import Person, know_person
from parley.settings import SettingsError
from parley.tenancy.domain import Authority, ProviderOrganisation


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """One council and its provider, with the rules its cases begin under."""

    database: Database
    authority: Authority
    provider: ProviderOrganisation
    rules: Rules

    def council(self) -> AbstractContextManager[Session]:
        """Open the council's side."""
        return self.database.begin(authority_scope(self.authority.id))

    def case(self, case_id: uuid.UUID) -> AbstractContextManager[Session]:
        """Open the provider's side of a case."""
        return self.database.begin(provider_case_scope(self.provider.id, self.authority.id, case_id))

    def person(self, kind: SignInKind, account: str, at: dt.datetime) -> Actor:
        """Return the person of one account of the sign-in stand-in, as they will be known when they sign in."""
        of_provider = kind is SignInKind.PROVIDER
        realm_kind = RealmKind.PROVIDER if of_provider else RealmKind.AUTHORITY
        realm_id = self.provider.id if of_provider else self.authority.id
        role = _ROLES[kind]
        with self.database.begin(Scope(login=_LOGINS[realm_kind], realm_id=realm_id)) as session:
            door = identity.door(session, realm_id, kind, Environment.DEMONSTRATION)
            if door is None:
                raise SettingsError(f"{self.authority.slug} has no demonstration sign-in for {kind.value}.")
            shown_as = "" if kind is SignInKind.FAMILY else account
            person = Person(
                kind=kind, issuer=door.issuer.issuer, subject=account, roles=frozenset({role}), shown_as=shown_as
            )
            identity_id = know_person(session, person, realm_id=realm_id, at=at)
        realm = Realm(kind=realm_kind, id=realm_id)
        return Actor(kind=ActorKind.PERSON, realm=realm, identity_id=identity_id, roles=frozenset({role}))


_ROLES = {SignInKind.FAMILY: Role.FAMILY, SignInKind.STAFF: Role.OFFICER, SignInKind.PROVIDER: Role.COORDINATOR}
_LOGINS = {RealmKind.AUTHORITY: Login.APP, RealmKind.PROVIDER: Login.PROVIDER}
