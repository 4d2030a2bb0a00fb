"""People who act in tests."""

import uuid

from parley.access.domain import Actor, ActorKind, Realm, RealmKind, Role
from parley.db.scope import PLATFORM_REALM
from parley.kernel.ids import new_id
from parley.tenancy.domain import Authority, ProviderOrganisation

PLATFORM = Realm(kind=RealmKind.PLATFORM, id=PLATFORM_REALM)
OPERATOR = Actor(kind=ActorKind.PERSON, realm=PLATFORM, identity_id=new_id(), roles=frozenset({Role.OPERATOR}))


def at_realm(organisation: Authority | ProviderOrganisation) -> Realm:
    """Return the realm in which identities of ``organisation`` live."""
    kind = RealmKind.AUTHORITY if isinstance(organisation, Authority) else RealmKind.PROVIDER
    return Realm(kind=kind, id=organisation.id)


def acting(role: Role, at: Authority | ProviderOrganisation, *, identity_id: uuid.UUID | None = None) -> Actor:
    """Return a person of ``role`` at a council (families too) or a provider; a new one unless ``identity_id`` says."""
    return Actor(
        kind=ActorKind.PERSON, realm=at_realm(at), identity_id=identity_id or new_id(), roles=frozenset({role})
    )
