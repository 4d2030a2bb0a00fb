"""Memberships without any database, network or page: whose doors have no issuer, and what an invitation says. Pure."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from parley.access.domain import Role
from parley.identity.domain import SessionLimits, SignInKind

#: What people call the platform itself, where its own operators sign in.
PLATFORM = "Parley"

#: How long an invitation can be taken up, from when it was mailed.
INVITATION_LIFETIME = dt.timedelta(days=7)

#: Whose doors may do without an issuer, and who invites others there: somebody of them has to stay, or nobody could
#: let anybody in.
ADMINISTERS: Mapping[SignInKind, Role] = {
    SignInKind.PROVIDER: Role.PROVIDER_ADMINISTRATOR,
    SignInKind.OPERATOR: Role.OPERATOR,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PasskeyDoor:
    """A door with no issuer behind it: whom was invited comes in by a passkey, for as long as ``limits`` say."""

    kind: SignInKind
    label: str
    limits: SessionLimits


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutgoingMembershipInvitation:
    """An invitation to work in a realm on its way to a mailbox. ``organisation`` is what people call the realm."""

    organisation: str
    to: str = dataclasses.field(repr=False)
    url: str = dataclasses.field(repr=False)
    valid_for: dt.timedelta
