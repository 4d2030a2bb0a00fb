"""Sign-in without any database, network or page: configuration, roles from claims, secrets, safe addresses. Pure."""

import dataclasses
import datetime as dt
import enum
import hashlib
import ipaddress
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from parley.access.domain import RealmKind, Role


class SignInKind(enum.StrEnum):
    """Whom a sign-in is for; each has its own issuer, so its own door."""

    FAMILY = "family"
    STAFF = "staff"
    PROVIDER = "provider"
    OPERATOR = "operator"
    INVITED = "invited"
    """Asked by a link to one case; there is no issuer behind it."""


class Environment(enum.StrEnum):
    """Which of a tenant's issuers is meant: the real one, its rehearsal, or the demonstration's own."""

    LIVE = "live"
    TEST = "test"
    DEMONSTRATION = "demonstration"


class ClientAuth(enum.StrEnum):
    """How Parley proves to an issuer that it is the registered client."""

    PRIVATE_KEY = "private_key_jwt"
    BASIC = "client_secret_basic"


class Subjects(enum.StrEnum):
    """Whether an issuer knows a person by one name everywhere, or by another at each client (or sector of clients)."""

    PUBLIC = "public"
    PAIRWISE = "pairwise"


class EndedBy(enum.StrEnum):
    """Who ended a session from elsewhere: what its browser is told of at the next page."""

    PERSON = "person"
    """Themselves, in another browser."""
    ISSUER = "issuer"
    """Whoever vouched for them: they signed out there, or may no longer sign in."""


class LinkPurpose(enum.StrEnum):
    """What opening a one-time link does."""

    SIGN_IN = "sign_in"


#: Issuers of identities that no OpenID provider vouches for. An identity never moves from one issuer to another.
LINK_ISSUER = "urn:parley:link"
PASSKEY_ISSUER = "urn:parley:passkey"
INVITATION_ISSUER = "urn:parley:invitation"

#: Signatures an ID token may carry: asymmetric only. "none" and HS* can never be configured (RFC 8725 section 3.1).
SIGNING_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")

#: What our own proof to an issuer is signed with.
CLIENT_ALGORITHM = "ES256"

#: Roles that an issuer's groups may give, by kind of sign-in. A family's role needs no group.
ROLES_OF_KIND: Mapping[SignInKind, frozenset[Role]] = {
    SignInKind.FAMILY: frozenset({Role.FAMILY}),
    SignInKind.STAFF: frozenset({Role.OFFICER, Role.TEAM_MANAGER, Role.COMMISSIONER, Role.REGION_COMMISSIONER}),
    SignInKind.PROVIDER: frozenset(
        {Role.COORDINATOR, Role.MEDIATOR, Role.PROVIDER_ADMINISTRATOR, Role.SAFEGUARDING_LEAD}
    ),
    SignInKind.OPERATOR: frozenset({Role.OPERATOR}),
    SignInKind.INVITED: frozenset({Role.INVITED}),
}

#: The realm that an identity of each kind lives in.
REALM_OF_KIND: Mapping[SignInKind, RealmKind] = {
    SignInKind.FAMILY: RealmKind.AUTHORITY,
    SignInKind.STAFF: RealmKind.AUTHORITY,
    SignInKind.PROVIDER: RealmKind.PROVIDER,
    SignInKind.OPERATOR: RealmKind.PLATFORM,
    SignInKind.INVITED: RealmKind.AUTHORITY,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class SessionLimits:
    """How long a sign-in lasts: without a page opened, and in all; and how long ``fresh`` enough for what is
    confidential."""

    idle: dt.timedelta
    longest: dt.timedelta
    fresh: dt.timedelta


#: Families read slowly, stop and come back; staff sit at shared desks through a working day. Invited people prove
#: their mailbox by a code each time they come, so their proof is fresh for as long as they stay.
DEFAULT_LIMITS: Mapping[SignInKind, SessionLimits] = {
    kind: SessionLimits(
        idle=dt.timedelta(minutes=idle), longest=dt.timedelta(hours=hours), fresh=dt.timedelta(hours=fresh)
    )
    for kind, idle, hours, fresh in (
        (SignInKind.FAMILY, 30, 12, 1),
        (SignInKind.STAFF, 60, 8, 2),
        (SignInKind.PROVIDER, 60, 8, 2),
        (SignInKind.OPERATOR, 15, 4, 1),
        (SignInKind.INVITED, 30, 12, 12),
    )
}

#: A session row is written at most this often; idle time is counted in the person's favour by as much.
LAST_SEEN_STEP = dt.timedelta(minutes=5)
#: How old a proof may be that somebody gives in order to go on to what is confidential.
ASKED_AGE = dt.timedelta(minutes=5)
#: How long a person may take at the issuer before the attempt is void.
ATTEMPT_LIFETIME = dt.timedelta(minutes=10)
LINK_LIFETIME = dt.timedelta(minutes=15)
#: How old a logout token may be. An issuer sends one at once, and again if it was not answered.
LOGOUT_TOKEN_LIFETIME = dt.timedelta(minutes=10)
#: Mail may be down for hours; after this long nobody waits for the link any more.
LINK_SENT_WITHIN = dt.timedelta(days=1)
#: Wrong short codes that void a link.
LINK_CODE_TRIES = 5


class Limited(enum.StrEnum):
    """What is counted, so that trying it over and over gives nothing."""

    START_BY_NETWORK = "start_by_network"
    LINK_BY_NETWORK = "link_by_network"
    LINK_BY_MAILBOX = "link_by_mailbox"
    CODE_BY_NETWORK = "code_by_network"
    SIGN_OUT_BY_NETWORK = "sign_out_by_network"
    LOGOUT_PLAYED = "logout_played"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limit:
    """At most ``most`` tries in any one ``window``, counted from the first."""

    most: int
    window: dt.timedelta


#: A school or a library is one network with many families behind it, so networks are given room.
LIMITS: Mapping[Limited, Limit] = {
    Limited.START_BY_NETWORK: Limit(most=120, window=dt.timedelta(minutes=10)),
    Limited.LINK_BY_NETWORK: Limit(most=30, window=dt.timedelta(hours=1)),
    Limited.LINK_BY_MAILBOX: Limit(most=5, window=dt.timedelta(hours=1)),
    Limited.CODE_BY_NETWORK: Limit(most=30, window=dt.timedelta(hours=1)),
    # An issuer tells of everybody who signs out there from a single address.
    Limited.SIGN_OUT_BY_NETWORK: Limit(most=1200, window=dt.timedelta(minutes=10)),
    # Once only, for longer than a logout token is taken: the same one played again is over the limit.
    Limited.LOGOUT_PLAYED: Limit(most=1, window=2 * LOGOUT_TOKEN_LIFETIME),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class IdentityClaim:
    """A claim of userinfo that says how surely a person's identity was proved, signed by keys of its own.

    ``keys`` is where those are (a JWKS, or a DID document); ``levels`` are the values of its ``vot`` that will do.
    """

    name: str
    issuer: str
    keys: str
    levels: tuple[str, ...]
    signing_algorithms: tuple[str, ...] = ("ES256",)


@dataclasses.dataclass(frozen=True, kw_only=True)
class IssuerConfig:
    """One issuer as a tenant's signin.toml describes it. Hashable, so that nothing learnt of one serves another.

    ``secret_variable`` and ``key_variable`` name environment variables: the client secret, or the private JWK to sign
    with where that is not a key of the realm's own; ``secret_expires`` is the last day on which either works. ``roles``
    pairs each role with the values of ``roles_claim`` that give it. ``extra`` are further parameters of the
    authorisation request. ``metadata``, where there are any, stand in place of discovery. ``acr_values`` and ``vtr``
    are each a choice of assurance, one of which has to come back. ``plain_http`` is only ever true in a demonstration.
    """

    issuer: str
    client_id: str
    client_auth: ClientAuth
    secret_variable: str | None
    key_variable: str | None
    scopes: tuple[str, ...]
    signing_algorithms: tuple[str, ...]
    acr_values: tuple[str, ...]
    extra: tuple[tuple[str, str], ...]
    name_claim: str | None
    roles_claim: str | None
    roles: tuple[tuple[Role, tuple[str, ...]], ...]
    userinfo: bool
    private_addresses: bool
    plain_http: bool
    metadata: tuple[tuple[str, str | bool], ...] = ()
    vtr: tuple[str, ...] = ()
    subjects: Subjects = Subjects.PUBLIC
    secret_expires: dt.date | None = None
    identity_claim: IdentityClaim | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignInConfig:
    """One door: whom it is for, what people call it, how long a sign-in lasts, and the issuer behind it."""

    kind: SignInKind
    environment: Environment
    label: str
    limits: SessionLimits
    issuer: IssuerConfig


class SignInReason(enum.StrEnum):
    """Why a sign-in did not happen. Kept in the audit; a page turns each into plain words."""

    NOT_SET_UP = "not_set_up"
    ISSUER_UNREACHABLE = "issuer_unreachable"
    ISSUER_MISTAKEN = "issuer_mistaken"
    ISSUER_MISMATCH = "issuer_mismatch"
    ATTEMPT_UNKNOWN = "attempt_unknown"
    DECLINED = "declined"
    CODE_REFUSED = "code_refused"
    PROOF_REFUSED = "proof_refused"
    ASSURANCE = "assurance"
    PROOF_OLD = "proof_old"
    OTHER_PERSON = "other_person"
    NO_ROLE = "no_role"
    TOO_MANY = "too_many"
    LINK_UNKNOWN = "link_unknown"
    PASSKEY_REFUSED = "passkey_refused"
    INVITATION_UNKNOWN = "invitation_unknown"


class SignInRefused(Exception):
    """A sign-in was refused; ``detail`` is a word of ours for the audit and the log, never anything a person typed."""

    def __init__(self, reason: SignInReason, detail: str = "") -> None:
        """Keep why, for the page and the audit."""
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail


def roles_from_claims(config: IssuerConfig, kind: SignInKind, claims: Mapping[str, Any]) -> frozenset[Role]:
    """Return the roles that ``claims`` give at this door.

    Families need none but their own. Anybody else gets exactly the roles whose groups the claim lists. Raises
    SignInRefused(NO_ROLE) when the claim is missing, is not a list of text, names no known group, or overflowed
    (Microsoft Entra then sends ``_claim_names`` in place of the list): too many groups is never read as none or all.
    """
    if kind is SignInKind.FAMILY:
        return frozenset({Role.FAMILY})
    claim = config.roles_claim or ""
    moved = claims.get("_claim_names")
    if isinstance(moved, Mapping) and claim in moved:
        raise SignInRefused(SignInReason.NO_ROLE, "groups_overflowed")
    given = claims.get(claim)
    if given is None:
        raise SignInRefused(SignInReason.NO_ROLE, "groups_missing")
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise SignInRefused(SignInReason.NO_ROLE, "groups_unreadable")
    roles = frozenset(role for role, groups in config.roles if not set(groups).isdisjoint(listed))
    if not roles:
        raise SignInRefused(SignInReason.NO_ROLE, "no_known_group")
    return roles


def trust_asked(vector: object) -> frozenset[str]:
    """Return what a vector of trust ("P2.Cl.Cm") says of the sign-in itself, in no order.

    Its level of identity (P) is not said in an ID token but in the claim that an identity was proved.
    """
    components = vector.split(".") if isinstance(vector, str) else []
    return frozenset(one for one in components if not one.startswith("P"))


def identity_asked(vectors: Iterable[str]) -> frozenset[str]:
    """Return the levels of identity that vectors of trust ask for; P0 asks for none."""
    return frozenset(one for vector in vectors for one in vector.split(".") if one.startswith("P") and one != "P0")


def new_secret() -> str:
    """Return a new secret of 256 random bits, in characters that may stand in an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return what is stored of a secret: its SHA-256. Only secrets with full entropy may be kept this way."""
    return hashlib.sha256(secret.encode()).digest()


#: No vowels and nothing that is easily misread, so that a code spells no word and can be read out.
_CODE_LETTERS = "BCDFGHJKMNPQRSTVWXZ"
_CODE_LENGTH = 6


def short_code(token: str) -> str:
    """Return the short code of a link's token: six letters (one in 47 million), to be typed where the person began.

    It is derived, so that opening a link changes nothing in the database and still shows the right code.
    """
    number = int.from_bytes(hashlib.sha256(f"parley short code\x00{token}".encode()).digest(), "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_CODE_LETTERS))
        letters.append(_CODE_LETTERS[place])
    return "".join(letters)


def typed_code(text: str) -> str:
    """Return a typed short code in its one form: capitals, nothing between the letters."""
    return re.sub(r"[^A-Z]", "", text.upper())


def safe_next(wanted: str | None, default: str) -> str:
    """Return ``wanted`` if it is a path on this same host, else ``default``: a sign-in never leads anywhere else.

    Browsers read a backslash as a slash and drop tabs and line ends, so anything with those is refused too.
    """
    if not wanted or len(wanted) > 2000 or not wanted.startswith("/") or wanted.startswith("//"):
        return default
    if "\\" in wanted or any(ord(character) < 0x21 or ord(character) == 0x7F for character in wanted):
        return default
    return wanted


def network_of(address: str | None) -> str:
    """Return what stands for one household or office in rate limits: an IPv4 address, or an IPv6 /64."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def origin(url: str) -> str:
    """Return scheme, host and port of ``url``, as a content security policy names them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutgoingLink:
    """A one-time link on its way to a mailbox: everything the mail needs, nothing the mail may not say."""

    authority_id: uuid.UUID
    link_id: uuid.UUID
    to: str
    url: str
    valid_for: dt.timedelta


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verified:
    """What a checked ID token says: who, by which issuer, when they proved it, and the claims as they came."""

    issuer: str
    subject: str
    auth_time: dt.datetime
    claims: Mapping[str, Any]
    id_token: str
    end_session_endpoint: str | None

    @property
    def issuer_session(self) -> str:
        """Return what the issuer calls the person's session there (``sid``), by which it may end it; "" without one."""
        said = self.claims.get("sid")
        return said if isinstance(said, str) else ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Browser:
    """The browser behind a request: the secret in its own cookie, what people call it, and its network."""

    secret: str = dataclasses.field(repr=False)
    device: str
    network: str = dataclasses.field(repr=False)
