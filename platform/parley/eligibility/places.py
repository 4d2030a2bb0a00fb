"""Where else a family can go: the national places, and how they and the council's own are chosen. Pure."""

from dataclasses import dataclass

from parley.eligibility.result import ContactAnyway, Emergency, EmergencyNumber, SignpostResult
from parley.law.domain import SETTINGS, Body, Subject
from parley.policy.domain import Contact, Policy

COUNCIL, ICB = frozenset({Body.LOCAL_AUTHORITY}), frozenset({Body.ICB})
_DECISIONS = frozenset({Subject.DECISION, Subject.PLACEMENT_ONLY})


@dataclass(frozen=True, slots=True)
class Place:
    """A signpost with the disagreements it is for; an empty set means any."""

    shown: SignpostResult
    against: frozenset[Body] = frozenset()
    about: frozenset[Subject] = frozenset()

    def fits(self, against: frozenset[Body], about: Subject) -> bool:
        """Whether a disagreement with `against` about `about` is sent here."""
        return (not self.against or not self.against.isdisjoint(against)) and (not self.about or about in self.about)


def _place(
    body: str,
    label: str,
    why: str,
    url: str,
    against: frozenset[Body] = frozenset(),
    about: frozenset[Subject] = frozenset(),
) -> Place:
    return Place(SignpostResult(body, label, why, url=url), against, about)


NATIONAL_PLACES: tuple[Place, ...] = (
    _place(
        "SEND Tribunal",
        "Appeal to the SEND Tribunal",
        "If a decision about an assessment or a plan can be appealed.",
        "https://www.gov.uk/courts-tribunals/first-tier-tribunal-special-educational-needs-and-disability",
        about=_DECISIONS | {Subject.DISCRIMINATION},
    ),
    _place(
        "Equality Advisory and Support Service",
        "Advice about discrimination",
        "For advice if you think there was disability discrimination.",
        "https://www.equalityadvisoryservice.com",
        about=frozenset({Subject.DISCRIMINATION}),
    ),
    _place(
        "GOV.UK",
        "Complain about a school",
        "The steps for a complaint about a school, maintained or academy.",
        "https://www.gov.uk/complain-about-school",
        against=SETTINGS - {Body.EARLY_YEARS, Body.COLLEGE},
    ),
    _place(
        "GOV.UK",
        "School transport",
        "The rules on free school transport, and the council to ask.",
        "https://www.gov.uk/free-school-transport",
        about=frozenset({Subject.TRANSPORT}),
    ),
    _place(
        "GOV.UK",
        "Appeal about a school place",
        "How to appeal against an admission decision.",
        "https://www.gov.uk/schools-admissions/appealing-a-schools-decision",
        about=frozenset({Subject.ADMISSION}),
    ),
    _place(
        "GOV.UK",
        "Challenge an exclusion",
        "How to question a suspension or exclusion.",
        "https://www.gov.uk/school-discipline-exclusions/challenging-exclusion",
        about=frozenset({Subject.EXCLUSION}),
    ),
    _place(
        "Local Government and Social Care Ombudsman",
        "Complain to the Ombudsman about a council",
        "If you have complained to the council and are not satisfied with its answer.",
        "https://www.lgo.org.uk",
        against=COUNCIL,
    ),
    _place(
        "NHS",
        "Patient Advice and Liaison Service (PALS)",
        "For help with a concern about an NHS service.",
        "https://www.nhs.uk/nhs-services/hospitals/what-is-pals-patient-advice-and-liaison-service/",
        against=ICB,
    ),
    _place(
        "Parliamentary and Health Service Ombudsman",
        "Complain to the Ombudsman about the NHS",
        "If you have complained to the NHS and are not satisfied with its answer.",
        "https://www.ombudsman.org.uk",
        against=ICB,
    ),
    _place(
        "IPSEA",
        "Free legal advice on SEND",
        "Independent advice on the law, on appeals and on what to do if time has run out.",
        "https://www.ipsea.org.uk",
    ),
)

OTHER_COUNCIL = SignpostResult(
    "GOV.UK",
    "Find your local council",
    "To find the council where the child or young person lives.",
    url="https://www.gov.uk/find-local-council",
)

EMERGENCY = Emergency(
    text="If somebody is in danger or badly hurt, ring 999 now. Do not wait for an answer from this service.",
    numbers=(
        EmergencyNumber("Police, ambulance, fire", "999", "if a life is at risk or somebody is in danger now"),
        EmergencyNumber(
            "NHS 111", "111", "for urgent medical or mental health help; choose option 2 for mental health"
        ),
        EmergencyNumber(
            "Childline", "0800 1111", "for any child or young person who wants to talk, free, day or night"
        ),
    ),
)


def places_of(policy: Policy) -> tuple[Place, ...]:
    """The council's own signposts that families may see, then the national ones."""
    own = []
    for signpost in policy.signposts:
        contact = policy.contacts[signpost.contact]
        way = next(iter(contact.shown_ways), None)
        if signpost.evidence.shown and way is not None:
            why = f"{signpost.why.rstrip('.')} ({way.use})." if way.use else signpost.why
            shown = SignpostResult(
                contact.name, signpost.label, why, way.url or None, way.phone or None, way.email or None
            )
            own.append(Place(shown, signpost.against, signpost.about))
    return (*own, *NATIONAL_PLACES)


def contact_anyway_of(policy: Policy) -> ContactAnyway:
    """Whom the family can always reach: the provider, or the council where no provider is evidenced."""
    provider = policy.provider
    if provider is not None:
        names = policy.words["provider"]
        text = f"Whatever this check says, you can ask {names}. It is free and commits you to nothing."
        return _contact(provider, provider.name, text, online=True)
    council = policy.words["council"]
    why = (
        "What it has published about who runs the service may be out of date."
        if policy.provider_is_doubtful
        else "We have not found it published who runs the service."
    )
    text = f"Whatever this check says, you can ask {council}. {why}"
    return _contact(policy.council_contact, council, text, online=False)


def _contact(contact: Contact | None, body: str, text: str, *, online: bool) -> ContactAnyway:
    phone = contact.first("phone") if contact else None
    email = contact.first("email") if contact else None
    url = contact.first("url") if contact else None
    return ContactAnyway(
        body=body,
        text=text,
        online=online,
        phone=phone.phone if phone else None,
        email=email.email if email else None,
        url=url.url if url else None,
        hours=phone.hours.shown if phone else None,
    )
