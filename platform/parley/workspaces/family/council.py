"""What family pages need to know of the council whose site they are on: its rules, the law, the day, whom to ring."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from flask import g

from parley.casework.allocation import Receiving
from parley.casework.domain import CaseState
from parley.casework.placing import receiving_of
from parley.casework.views import CaseView
from parley.casework.wording import Names
from parley.kernel.errors import Conflict, NotFound
from parley.law.domain import LawVersion
from parley.law.versions import law_by_id, law_on
from parley.policy import queries as policies
from parley.policy.domain import Allocation, Policy
from parley.policy.domain import Contact as Body
from parley.policy.providers import contact_of
from parley.tenancy.domain import Authority, CommissionTerms, ProviderOrganisation, Service
from parley.web import current
from parley.web.shell import Contact, Frame
from parley.workspaces.contract_words import cannot_go_on
from parley.workspaces.family.draft import Around, ToChoose
from parley.workspaces.rules import names_under

NO_HOURS = "Opening hours are not published."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Council:
    """The council of this site, under the rules of one policy version. ``today`` is the date in England."""

    authority: Authority
    policy_version_id: uuid.UUID
    policy_number: int
    policy_since: dt.date
    policy: Policy
    law: LawVersion
    today: dt.date
    is_asked_itself: bool = False
    """Whether a family asks the council, since no provider has its request."""

    @property
    def provider_name(self) -> str:
        """Who runs the service; the council itself where that is not published."""
        return self.policy.words["provider"]

    @property
    def contact(self) -> Contact | None:
        """Whom a family can ring, write to or look up: the provider, or the council where none is published."""
        own = self._own_contact() if self.is_asked_itself else None
        # Somebody can always be rung: where the council publishes no number, whoever had the request last.
        return own if own is not None and own.phone else service_contact(self.policy)

    @property
    def around(self) -> Around:
        """What the questions of a request depend on."""
        words = self.policy.words
        return Around(
            council=self.authority.name,
            provider=words["provider"],
            icb=words["icb_name"],
            words=words,
            today=self.today,
            to_choose=self._to_choose(),
        )

    def contact_of(self, provider: ProviderOrganisation) -> Body:
        """Return a provider as the council's rules publish it, or else as its own file has it."""
        return self.policy.contacts.get(provider.slug, contact_of(provider))

    def _own_contact(self) -> Contact:
        """Return how to reach the council: by its rules, or else as its own file has it."""
        body, published = self.policy.council_contact, self.authority.profile.get("contact")
        if body is not None and (body.first("phone") or not published):
            return contact_of_body(body)
        known = published or {}
        return Contact(
            name=self.authority.name,
            phone=known.get("phone"),
            hours=known.get("hours") or NO_HOURS if known.get("phone") else None,
            email=known.get("email"),
            href=known.get("url"),
        )

    def _to_choose(self) -> tuple[ToChoose, ...]:
        """Return the providers among which the family chooses; none where it does not."""
        policy = self.policy
        if not policy.has_several_providers or policy.allocation is not Allocation.FAMILY_CHOICE:
            return ()
        entry = policy.services[Service.DISAGREEMENT_RESOLUTION]
        return tuple(
            ToChoose(slug=provider.key, name=provider.name, hint=_offered(entry.terms(provider.key)))
            for provider in policy.providers_of(Service.DISAGREEMENT_RESOLUTION)
        )

    def names(self, *, young_person: str = "", family_is_several: bool = False) -> Names:
        """Return what ``casework.wording`` fills its texts with."""
        return dataclasses.replace(
            names_under(self.policy, self.authority.name),
            young_person=young_person or "the young person",
            family_is_several=family_is_several,
        )


def council() -> Council:
    """Return the council of this request's site under its present rules, read once a request."""
    if "family_council" not in g:
        found = policies.current_policy(current.session(), current.authority_id(), current.today())
        g.family_council = _council(found, law_on(current.today()))
    known: Council = g.family_council
    return known


def council_of_case(view: CaseView) -> Council:
    """Return the council under the rules and the law that a case began under, which it keeps, and who has the case."""
    version = policies.version_of(current.session(), current.authority_id(), view.policy_version_id)
    version = dataclasses.replace(version, policy=version.policy.served_by(contact_of(view.provider)))
    known = _council(version, law_by_id(view.law_version))
    # It finds a provider for a request that none could take, and for one whose provider cannot go on.
    asked = view.state is CaseState.UNPLACED or cannot_go_on(view, known.today)
    g.family_council = known = dataclasses.replace(known, is_asked_itself=asked)
    return known


def forget_case() -> None:
    """Let the frame of a page be about the council alone again: what is not there is about no case and no provider."""
    g.pop("family_council", None)


def receiving(chosen: str | None) -> Receiving:
    """Return to whom a request can go: those evidenced by the policy and commissioned by the council today.

    ``chosen`` is the slug of the one that the family chose, if it was asked. Raises Conflict, in words for the family,
    where there is nobody.
    """
    known = council()
    found = receiving_of(current.session(), known.authority.id, known.policy, known.today, chosen=chosen)
    if not found.receivers or not known.policy.can_send:
        raise Conflict(
            f"Requests for {known.authority.name} cannot be sent from this website at the moment. "
            "What you wrote is kept. Please ring or write instead.",
            code="no-provider",
        )
    return found


def with_service_contact(frame: Frame) -> Frame:
    """Return a family page's frame with the service's own contact, where the council's rules are known."""
    if "session" not in g or frame.contact is not None:
        return frame
    try:
        # Also the frame of a refusal, where what a service had begun to write must stay unwritten.
        with current.session().no_autoflush:
            return dataclasses.replace(frame, contact=council().contact)
    except NotFound:
        return frame


def service_contact(policy: Policy) -> Contact | None:
    """Return whom a family can reach under ``policy``: the provider, or the council where no provider is published."""
    body = policy.provider or policy.council_contact
    others = [one for one in policy.providers_of(Service.DISAGREEMENT_RESOLUTION) if one is not body]
    return contact_of_body(body, others) if body else None


def contact_of_body(body: Body, beside: Sequence[Body] = ()) -> Contact:
    """Return how a family can reach a body that the council's policy names; ``beside`` can be rung as well."""
    phone, email, page = body.first("phone"), body.first("email"), body.first("url")
    others = [way for way in body.shown_ways if way.phone and way is not phone]
    notes = [f"{way.label or 'Also'}: {way.phone}" for way in others]
    notes += [f"{one.name}: {way.phone}" for one in beside if (way := one.first("phone"))]
    return Contact(
        name=body.name,
        phone=phone.phone if phone else None,
        hours=(phone.hours.shown or NO_HOURS) if phone else None,
        email=email.email if email and not email.use else None,
        href=page.url if page else None,
        note="; ".join(notes) or None,
    )


def _offered(terms: CommissionTerms) -> str:
    """Return what is published of a provider that may help a family to choose."""
    languages = f"Works in {', '.join(terms.languages)}." if terms.languages else ""
    specialisms = f"Practised in {', '.join(terms.specialisms)}." if terms.specialisms else ""
    return " ".join(part for part in (languages, specialisms) if part)


def council_under(number: int) -> Council:
    """Return the council under the rules of that number, which hold or held. Raises NotFound where there are none."""
    today = current.today()
    return _council(policies.version_numbered(current.session(), current.authority_id(), number, today), law_on(today))


def _council(version: policies.CurrentPolicy, law: LawVersion) -> Council:
    return Council(
        authority=current.site().council,
        policy_version_id=version.id,
        policy_number=version.number,
        policy_since=version.since,
        policy=version.policy,
        law=law,
        today=current.today(),
    )
