"""When each gate of `parley.law.england_2014` applies, and what a family is told. Pure."""

from parley.eligibility.answers import (
    Capacity,
    Educated,
    HomeNation,
    Representative,
    RiskNow,
    Send,
    YesNoUnsure,
)
from parley.eligibility.facts import Person
from parley.eligibility.gates import ASK, Gate
from parley.eligibility.result import Answer, Code
from parley.law.domain import RightsHolder
from parley.policy.domain import Asker, Covers

_REPRESENTED = (Asker.PARENT_CARER, Asker.ALTERNATIVE_PERSON)


def _at_risk(person: Person) -> bool:
    return person.answers.risk_now is RiskNow.YES


def _outside_england(person: Person) -> bool:
    return person.answers.home_nation is HomeNation.OTHER


def _lives_elsewhere(person: Person) -> bool:
    return person.answers.lives_in_area is YesNoUnsure.NO and not person.answers.area_facts


def _area_unclear(person: Person) -> bool:
    lives = person.answers.lives_in_area
    return lives is YesNoUnsure.UNSURE or (lives is YesNoUnsure.NO and bool(person.answers.area_facts))


def _over_age(person: Person) -> bool:
    return person.rights is RightsHolder.NOBODY and not person.plan_may_run_on


def _over_age_with_plan(person: Person) -> bool:
    return person.rights is RightsHolder.NOBODY and person.plan_may_run_on


def _no_needs(person: Person) -> bool:
    return person.answers.send is Send.NO


def _disability_only(person: Person) -> bool:
    return person.answers.send is Send.DISABILITY_ONLY


def _covers_disability(person: Person) -> bool:
    return _disability_only(person) and person.policy.who.covers.shown is Covers.SEND


def _disability_unstated(person: Person) -> bool:
    return _disability_only(person) and person.policy.who.covers.shown is not Covers.SEND


def _in_custody(person: Person) -> bool:
    return person.answers.educated is Educated.CUSTODY


def _professional(person: Person) -> bool:
    return person.asker is Asker.PROFESSIONAL


def _child_alone(person: Person) -> bool:
    return person.asker is Asker.CHILD


def _concerns_young_person(person: Person) -> bool:
    """Past school age by the date of birth; without one, if somebody has answered for a young person."""
    if person.rights is None:
        answers = person.answers
        return answers.young_person_agrees is not None or answers.capacity is not Capacity.PRESUMED
    return person.rights is RightsHolder.YOUNG_PERSON


def _asked_for_young_person(person: Person) -> bool:
    return person.asker in _REPRESENTED and _concerns_young_person(person)


def _needs_agreement(person: Person) -> bool:
    return (
        _asked_for_young_person(person)
        and person.answers.capacity is Capacity.PRESUMED
        and person.answers.young_person_agrees is not YesNoUnsure.YES
    )


def _deputy_must_ask(person: Person) -> bool:
    return (
        person.asker is Asker.PARENT_CARER
        and _concerns_young_person(person)
        and person.answers.capacity is Capacity.LACKS_FOR_THIS
        and person.answers.representative is Representative.DEPUTY_OR_ATTORNEY
    )


def _acts_on_unknown_ground(person: Person) -> bool:
    """Somebody asks as an alternative person, and neither an appointment nor parenthood nor a yes stands behind it."""
    agreed = person.answers.capacity is Capacity.PRESUMED and person.answers.young_person_agrees is YesNoUnsure.YES
    return (
        person.asker is Asker.ALTERNATIVE_PERSON
        and person.answers.representative is Representative.NONE
        and not agreed
        and not _needs_agreement(person)
    )


def _capacity_unclear(person: Person) -> bool:
    asked_by_self = person.asker is Asker.YOUNG_PERSON
    return person.answers.capacity is Capacity.UNSURE and (asked_by_self or _asked_for_young_person(person))


def _asks_without_capacity(person: Person) -> bool:
    return person.asker is Asker.YOUNG_PERSON and person.answers.capacity is Capacity.LACKS_FOR_THIS


GATES: tuple[Gate, ...] = (
    Gate(
        "G9",
        _at_risk,
        None,
        Code.URGENT_SAFETY,
        "You said somebody is at risk of harm now. Ring 999 first. This service cannot act fast enough.",
    ),
    Gate(
        "G10",
        _outside_england,
        Answer.ELSEWHERE,
        Code.OUT_OF_SCOPE,
        "This service is for homes in England. Wales, Scotland and Northern Ireland have their own law and services.",
        ("If the child or young person lives in England, check again.",),
    ),
    Gate(
        "G6",
        _lives_elsewhere,
        Answer.ELSEWHERE,
        Code.NOT_THIS_COUNCIL,
        "The right council is the one where the child or young person lives, wherever the school is. "
        "Ask that council about its own service.",
        ("If they move into this council's area, check again.",),
    ),
    Gate(
        "G6",
        _area_unclear,
        Answer.ASK_PROVIDER,
        Code.ASK_PROVIDER,
        "It is not clear which council is the right one, for instance after a move, or when a child is looked after or "
        "placed in another area. " + ASK,
        ("Once you know which council is responsible, check again with that council.",),
    ),
    Gate(
        "G5",
        _over_age,
        Answer.ELSEWHERE,
        Code.OUT_OF_SCOPE,
        "This service is for children and young people up to {upper_age}. From {upper_age}, use the complaints process "
        "of the college, adult social care or the NHS.",
    ),
    Gate(
        "G5",
        _over_age_with_plan,
        Answer.ASK_PROVIDER,
        Code.ASK_PROVIDER,
        "This service is for children and young people up to {upper_age}. A plan may run on for a while after that "
        "birthday. " + ASK,
    ),
    Gate(
        "G7",
        _no_needs,
        Answer.ELSEWHERE,
        Code.OUT_OF_SCOPE,
        "This service is for {needs}. For other concerns, use the complaints policy of the school, college or service.",
        ("If there may be special educational needs, even without a diagnosis, answer “maybe”.",),
    ),
    Gate(
        "G7",
        _covers_disability,
        Answer.ASK_PROVIDER,
        Code.CONFLICT,
        "The council says the service is for any kind of special educational need or disability. The national Code "
        "speaks only of special educational needs. " + ASK,
        ("If there may also be special educational needs, answer “maybe”.",),
        frozenset({Code.ASK_PROVIDER}),
    ),
    Gate(
        "G7",
        _disability_unstated,
        Answer.ASK_PROVIDER,
        Code.UNSTATED,
        "The council does not say that the service covers a disability without special educational needs. " + ASK,
        ("If there may also be special educational needs, answer “maybe”.",),
        frozenset({Code.ASK_PROVIDER}),
    ),
    Gate(
        "E4",
        _in_custody,
        Answer.ASK_PROVIDER,
        Code.ASK_PROVIDER,
        "Separate rules apply while a young person is in custody. " + ASK,
        ("After release, check again.",),
    ),
    Gate(
        "G8",
        _professional,
        Answer.NOT_NOW,
        Code.NOT_THIS_PERSON,
        "A parent, carer or young person has to ask. You can tell them about the service, help them ask and come with "
        "them to a meeting.",
        ("If the parent, carer or young person asks, the check gives them an answer of their own.",),
    ),
    Gate(
        "G1",
        _child_alone,
        Answer.NOT_NOW,
        Code.NOT_THIS_PERSON,
        "A parent or carer has to ask for you until you reach school leaving age. What you think matters: tell them, "
        "and ask them to pass it on. You can talk to {advice_service} yourself.",
        ("If your parent or carer asks, the check gives them an answer.",),
    ),
    Gate(
        "G3",
        _needs_agreement,
        Answer.NOT_NOW,
        Code.YOUNG_PERSON_MUST_AGREE,
        "They have reached school leaving age, so the choice is theirs. They can ask, or agree that you ask.",
        (
            "If the young person asks, or agrees that you ask, check again.",
            "If they cannot make this decision themselves, tell us, and who acts for them.",
        ),
    ),
    Gate(
        "G4",
        _deputy_must_ask,
        Answer.NOT_NOW,
        Code.NOT_THIS_PERSON,
        "A deputy or attorney acts for the young person, so that person has to ask.",
        ("If the deputy or attorney asks, check again.",),
    ),
    Gate(
        "G4",
        _acts_on_unknown_ground,
        Answer.ASK_PROVIDER,
        Code.ASK_PROVIDER,
        "We cannot tell on what ground you act for this person. " + ASK,
        ("If you are their deputy, attorney or parent, tell us.",),
    ),
    Gate(
        "G4",
        _capacity_unclear,
        Answer.ASK_PROVIDER,
        Code.ASK_PROVIDER,
        "Whether a young person can make this decision is judged for this decision alone, never from a diagnosis. "
        + ASK,
        ("If they can decide, they can ask or agree. If not, the person who acts for them can ask.",),
    ),
    Gate(
        "G4",
        _asks_without_capacity,
        Answer.ASK_PROVIDER,
        Code.ASK_PROVIDER,
        "You told us that somebody else makes this kind of decision for you. " + ASK,
        ("If you can make this decision, tell us. If not, the person who acts for you can ask with you.",),
    ),
)
