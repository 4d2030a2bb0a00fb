"""Whose rows a transaction may see: said once, when it opens, and enforced by PostgreSQL."""

import dataclasses
import enum
import uuid

#: The realm of the people who run Parley itself.
PLATFORM_REALM = uuid.UUID(int=0)


class Login(enum.StrEnum):
    """The database logins. None of them owns a table or may bypass row-level security."""

    APP = "app"
    """Family and council pages, and the API on a council's host."""
    PROVIDER = "provider"
    """Provider workspace: the worklist, and one open case at a time."""
    COMPARTMENT = "compartment"
    """The without-prejudice side, and nothing else."""
    WORKER = "worker"
    """Background jobs: as APP, one authority at a time, and the job queue."""
    OPERATOR = "operator"
    """Counts, states and errors; never a case."""
    EXPORT = "export"
    """What a council may read of its own, to hand it over; reads and never writes."""
    REGION = "region"
    """Figures of a region's councils, and nothing else of them."""
    DISPOSAL = "disposal"
    """Deletes what is closed and not held, one case at a time, and reads none of it."""
    MOVER = "mover"
    """A whole council on its way out or in: all of its open side, and nothing that is said in confidence."""
    CONFIDENTIAL_MOVER = "confidential_mover"
    """What one provider keeps in confidence of one council on its way out or in: sealed, and the keys of its cases."""
    KEYS = "keys"
    """Keys under another master key: reads and alters wrapped keys, and sees nothing that they seal."""
    RENEWAL = "renewal"
    """Another data key for one realm: reads and alters what its key seals, and nothing else."""


#: Logins of the confidential side, whose sealed text opens with the keys of cases.
CONFIDENTIAL = frozenset({Login.COMPARTMENT, Login.CONFIDENTIAL_MOVER})


class Side(enum.StrEnum):
    """On whose side of the compartment a transaction stands; the walls show each side its own."""

    FAMILY = "family"
    PROVIDER = "provider"
    COUNCIL = "council"
    INVITED = "invited"
    """A person of a school, another setting or a health body."""
    RELEASE = "release"
    """Nobody: the work that carries a draft out once every side confirmed it, and sees nothing before."""
    SAFEGUARDING = "safeguarding"
    """The provider's named lead, before the log of concerns and nothing else."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scope:
    """What a transaction is about. Settings that are None stay unset, so that a query which needs one is an error.

    ``side`` and ``person_id`` are for the compartment alone: whose side reads, and which member of a party or which of
    the provider's or the council's staff it is. ``snapshot``: the whole transaction sees the database as it was at its
    beginning, and writes nothing.
    """

    login: Login
    realm_id: uuid.UUID
    authority_id: uuid.UUID | None = None
    provider_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None
    side: Side | None = None
    person_id: uuid.UUID | None = None
    snapshot: bool = False
    region_id: uuid.UUID | None = None

    def settings(self) -> dict[str, str]:
        """Return the PostgreSQL settings that the walls read."""
        named = {
            "parley.realm": self.realm_id,
            "parley.authority": self.authority_id,
            "parley.provider": self.provider_id,
            "parley.case": self.case_id,
            "parley.side": self.side,
            "parley.person": self.person_id,
            "parley.region": self.region_id,
        }
        return {name: str(value) for name, value in named.items() if value is not None}


def authority_scope(authority_id: uuid.UUID, *, login: Login = Login.APP) -> Scope:
    """Return the scope of one council's pages and jobs."""
    return Scope(login=login, realm_id=authority_id, authority_id=authority_id)


def export_scope(authority_id: uuid.UUID) -> Scope:
    """Return the scope in which a council's export is read, all of it as it stood at one moment."""
    return Scope(login=Login.EXPORT, realm_id=authority_id, authority_id=authority_id, snapshot=True)


def disposal_scope(authority_id: uuid.UUID, case_id: uuid.UUID) -> Scope:
    """Return the scope in which records of one case are deleted; the database lets it, if they may go at all."""
    return Scope(login=Login.DISPOSAL, realm_id=authority_id, authority_id=authority_id, case_id=case_id)


def mover_scope(authority_id: uuid.UUID, *, snapshot: bool = False) -> Scope:
    """Return the scope in which a whole council is carried out (as it stood at one moment), brought in, or removed."""
    return Scope(login=Login.MOVER, realm_id=authority_id, authority_id=authority_id, snapshot=snapshot)


def keys_scope(realm_id: uuid.UUID, *, authority_id: uuid.UUID | None = None) -> Scope:
    """Return the scope in which a realm's wrapped key is read and wrapped anew; with a council, those of its cases."""
    return Scope(login=Login.KEYS, realm_id=realm_id, authority_id=authority_id)


def renewal_scope(realm_id: uuid.UUID, *, authority_id: uuid.UUID | None = None) -> Scope:
    """Return the scope in which a realm's data key is renewed, and what it seals is sealed anew.

    ``authority_id``, for a provider, is the council whose children in that provider's list are looked at.
    """
    return Scope(login=Login.RENEWAL, realm_id=realm_id, authority_id=authority_id or realm_id)


def confidential_mover_scope(provider_id: uuid.UUID, authority_id: uuid.UUID, *, snapshot: bool = False) -> Scope:
    """Return the scope in which a provider's confidential side of one council is carried out, in, or away."""
    return Scope(
        login=Login.CONFIDENTIAL_MOVER,
        realm_id=provider_id,
        provider_id=provider_id,
        authority_id=authority_id,
        snapshot=snapshot,
    )


def provider_scope(provider_id: uuid.UUID) -> Scope:
    """Return the scope of a provider's list: its own rows over all authorities, and no case."""
    return Scope(login=Login.PROVIDER, realm_id=provider_id, provider_id=provider_id)


def provider_case_scope(provider_id: uuid.UUID, authority_id: uuid.UUID, case_id: uuid.UUID) -> Scope:
    """Return the scope of one case opened by provider staff; the database checks that the provider holds it."""
    return Scope(
        login=Login.PROVIDER,
        realm_id=provider_id,
        provider_id=provider_id,
        authority_id=authority_id,
        case_id=case_id,
    )


def platform_scope(login: Login = Login.OPERATOR) -> Scope:
    """Return the scope of what belongs to nobody: directories, operator pages."""
    return Scope(login=login, realm_id=PLATFORM_REALM)


def region_scope(region_id: uuid.UUID) -> Scope:
    """Return the scope in which the figures of a region's councils are read. It belongs to no realm: nobody acts."""
    return Scope(login=Login.REGION, realm_id=PLATFORM_REALM, region_id=region_id)


def compartment_scope(
    realm_id: uuid.UUID, authority_id: uuid.UUID, case_id: uuid.UUID, *, side: Side, person_id: uuid.UUID
) -> Scope:
    """Return the scope of the without-prejudice side of one case for one person.

    ``realm_id`` is the realm the person belongs to, where their acts are audited. ``person_id`` is the party member for
    a family and for invited people, and the identity for provider and council staff. Whoever opens it has shown before,
    on the open side, that the person has this place in the case.
    """
    return Scope(
        login=Login.COMPARTMENT,
        realm_id=realm_id,
        authority_id=authority_id,
        case_id=case_id,
        side=side,
        person_id=person_id,
    )


def release_scope(authority_id: uuid.UUID, case_id: uuid.UUID) -> Scope:
    """Return the scope in which a draft is read that every side confirmed; until then the walls show it none."""
    return Scope(
        login=Login.COMPARTMENT,
        realm_id=authority_id,
        authority_id=authority_id,
        case_id=case_id,
        side=Side.RELEASE,
    )


def safeguarding_scope(
    provider_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    authority_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
) -> Scope:
    """Return the scope of a provider's log of concerns for its lead; with a case, to read what was written in it."""
    return Scope(
        login=Login.COMPARTMENT,
        realm_id=provider_id,
        authority_id=authority_id,
        case_id=case_id,
        side=Side.SAFEGUARDING,
        person_id=person_id,
    )
