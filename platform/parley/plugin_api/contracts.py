"""What crosses between Parley and a plugin: frozen, keyword-only, strictly typed.

Rules of every type here:

* The host checks each field's type on the way in and on the way out. A value of another type, a subclass, an unknown
  or a missing field makes the call fail as ``contract``.
* In what a plugin *receives*, a field without a default always crosses. A field with a default crosses only when the
  manifest's ``data_shared`` declares it for that hook; otherwise the plugin sees the default.
* Datetimes are aware and in UTC; dates are London dates.
* Enumerations marked *may grow* can gain members in a minor version: treat an unknown member as the docstring says.
"""

import dataclasses
import datetime as dt
import enum
import uuid


class PluginKind(enum.StrEnum):
    """What a plugin is for. May grow."""

    PROVIDER = "provider"


class PluginState(enum.StrEnum):
    """How far the plugin's own makers stand behind it. Only ``ready`` plugins can be enabled for a council."""

    NOT_READY = "not_ready"
    READY = "ready"
    REMOVED = "removed"


class Service(enum.StrEnum):
    """What a family may be referred for; kept apart everywhere, because the law does."""

    DISAGREEMENT_RESOLUTION = "disagreement_resolution"
    MEDIATION_ADVICE = "mediation_advice"
    MEDIATION = "mediation"
    INFORMAL_RESOLUTION = "informal_resolution"


class Area(enum.StrEnum):
    """Which kind of disagreement (SEND Code of Practice 11.8), or ``open`` where a council lists none."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    OPEN = "open"


class CancelReason(enum.StrEnum):
    """Why a referral ended before the provider finished it. May grow: treat an unknown reason as ``OTHER``."""

    WITHDRAWN_BY_FAMILY = "withdrawn_by_family"
    MOVED_AWAY = "moved_away"
    OTHER_PROVIDER = "other_provider"
    DUPLICATE = "duplicate"
    OTHER = "other"


class HealthState(enum.StrEnum):
    """Whether referrals can reach the provider now."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiRange:
    """Which versions of this interface a plugin works with: the same ``major`` and at least ``min_minor``."""

    major: int
    min_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SharedField:
    """One field that a hook needs, and why; a council reads this before it enables the plugin.

    ``hook`` is the hook's name, ``field`` a field of what that hook receives, ``why`` one sentence for people.
    """

    hook: str
    field: str
    why: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contact:
    """Mailboxes at the plugin's makers: one for security reports, one for questions about personal data."""

    security: str
    privacy: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reach:
    """One place in the network a plugin connects to; everything else is refused by its process.

    Either ``host`` (a DNS name) and ``port``, or ``setting``: the configuration key holding an https address, whose
    host and port then count.
    """

    host: str | None = None
    port: int = 443
    setting: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProviderManifest:
    """What a provider plugin is. ``slug`` equals the entry point's name; ``services`` and ``data_shared`` are shown to
    councils; an empty ``reaches`` means that the plugin opens no connection at all."""

    slug: str
    title: str
    kind: PluginKind
    api: ApiRange
    state: PluginState
    services: tuple[Service, ...]
    data_shared: tuple[SharedField, ...]
    contact: Contact
    reaches: tuple[Reach, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConfigProblem:
    """One thing wrong with a council's configuration: the ``key`` (empty for the whole) and what to do about it."""

    key: str
    message: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Referral:
    """A case handed to a provider, without anything about a person: who they are is read in Parley itself, after
    sign-in, and each reading is logged.

    ``reference`` is the case reference people use (DER-2026-00001); ``council`` the council's name; ``areas`` which
    kinds of disagreement; ``requested_on`` the London date of the request; ``acknowledge_by`` and ``tell_council_by``
    the last days for each, where there is one; ``url`` opens the case for a signed-in coordinator.
    """

    referral_id: uuid.UUID
    reference: str | None = None
    council: str | None = None
    service: Service | None = None
    areas: tuple[Area, ...] = ()
    requested_on: dt.date | None = None
    acknowledge_by: dt.date | None = None
    tell_council_by: dt.date | None = None
    url: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReferralReference:
    """Names a referral submitted before. ``provider_reference`` is what the plugin's receipt gave, if it gave one."""

    referral_id: uuid.UUID
    provider_reference: str | None = None
    reference: str | None = None
    council: str | None = None
    service: Service | None = None
    url: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Notice:
    """A message that the *host* mails to the provider, so that a provider reached by e-mail needs no mail access.

    Nothing personal, ever: ``reference``, ``council`` and ``service`` name the case, ``what_to_do`` is a sentence or
    two, ``by_when`` the last day for it (a London date), ``url`` where to do it after signing in. ``mailbox`` is where
    it goes and ``addressed_to`` the team it greets. The host writes the subject from the same fields.
    """

    mailbox: str
    reference: str
    council: str
    service: Service
    what_to_do: str
    by_when: dt.date | None = None
    url: str | None = None
    addressed_to: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SubmissionReceipt:
    """The provider has the referral. ``provider_reference`` is their own name for it, if they gave one."""

    provider_reference: str | None = None
    notice: Notice | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CancellationReceipt:
    """The provider knows that the referral has ended, or will when ``notice`` is mailed."""

    notice: Notice | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Health:
    """Whether referrals can reach the provider; ``message`` says so to people in one sentence, without secrets."""

    state: HealthState
    message: str
