"""The sections of the page about a council's rules, each written from one part of its policy. Pure."""

from collections.abc import Iterator, Mapping

from parley.kernel.sentences import listed
from parley.law.domain import Area, Body, Decision, LawVersion, Service, Stage, Subject
from parley.policy.defaults import OUR_AIMS
from parley.policy.domain import Action, Actor, AreaEntry, Channel, Opening, Policy, Relation, RouteStep, TriedFirstKind
from parley.policy.records.naming import Difference
from parley.policy.records.services import ServiceEntry
from parley.policy.terms import Allocation, Commissioned, Lineage
from parley.workspaces.rules_told import (
    Rules,
    Section,
    Told,
    entry,
    if_known,
    section,
    sentence,
    stated,
    words,
    yes_no,
)

_ACTORS: Mapping[Actor, str] = {
    Actor.FAMILY: "the family",
    Actor.PROVIDER: "the service",
    Actor.LOCAL_AUTHORITY: "the council",
    Actor.SETTING: "the nursery, school or college",
    Actor.ICB: "the NHS body",
    Actor.ADVICE_SERVICE: "the advice service",
    Actor.TRIBUNAL: "the Tribunal",
    Actor.EVERYBODY: "everybody",
}
_BODIES: Mapping[Body, str] = {
    Body.EARLY_YEARS: "a nursery or other early years setting",
    Body.SCHOOL: "a school",
    Body.INDEPENDENT_SCHOOL: "an independent school",
    Body.COLLEGE: "a college",
    Body.LOCAL_AUTHORITY: "the council",
    Body.ICB: "the NHS body",
    Body.OTHER_PARENT: "another parent",
    Body.OTHER: "somebody else",
    Body.UNSURE: "somebody not named",
}
_ABOUT: Mapping[Subject, str] = {
    Subject.DUTIES: "how duties are carried out",
    Subject.EDUCATIONAL_PROVISION: "special educational support",
    Subject.HEALTH_PROVISION: "health support",
    Subject.SOCIAL_CARE_PROVISION: "social care support",
    Subject.DECISION: "a decision about an assessment or a plan",
    Subject.PLACEMENT_ONLY: "only the school or college named in a plan",
    Subject.DISCRIMINATION: "disability discrimination",
    Subject.NOT_IN_SCHOOL: "a child who is not in school",
}
_STAGES: Mapping[Stage, str] = {
    Stage.NONE: "before any assessment",
    Stage.ASSESSMENT_REQUESTED: "after an assessment was asked for",
    Stage.ASSESSMENT_REFUSED: "after an assessment was refused",
    Stage.IN_ASSESSMENT: "during an assessment",
    Stage.PLAN_REFUSED: "after a plan was refused",
    Stage.DRAFT_PLAN: "while a plan is being prepared",
    Stage.PLAN_IN_FORCE: "while a plan is in force",
    Stage.IN_REVIEW: "during a review of a plan",
    Stage.REASSESSMENT: "during a reassessment",
    Stage.PLAN_CEASED: "after a plan has ended",
}
_DECISIONS: Mapping[Decision, str] = {
    Decision.REFUSE_ASSESS: "not to assess",
    Decision.REFUSE_PLAN: "not to make a plan",
    Decision.PLAN_CONTENTS: "about what a plan says",
    Decision.REFUSE_AMEND: "not to change a plan",
    Decision.CEASE: "to end a plan",
    Decision.REFUSE_REASSESS: "not to reassess",
}
_IN_PLAN: Mapping[bool | None, str] = {
    None: "",
    True: "where the support is written in the plan",
    False: "where the support is not written in the plan",
}
_CHANNELS: Mapping[Channel, str] = {
    Channel.PHONE: "by phone",
    Channel.EMAIL: "by email",
    Channel.ONLINE_FORM: "by an online form",
    Channel.LETTER: "by letter",
    Channel.IN_PERSON: "in person",
}
ALLOCATION: Mapping[Allocation, str] = {
    Allocation.FAMILY_CHOICE: "You choose which of them to ask.",
    Allocation.COUNCIL_ALLOCATES: "The council says which of them takes your request.",
    Allocation.ROTA: "They take requests in turn.",
    Allocation.CAPACITY: "Whichever of them has the most room takes your request.",
}
_COMMISSIONED: Mapping[Commissioned, str] = {
    Commissioned.LOCAL: "The council pays for it.",
    Commissioned.REGIONAL: "Councils of the region arrange it together.",
    Commissioned.JOINT: "The council arranges it together with another body.",
}
_RELATION: Mapping[Relation, str] = {
    Relation.BEFORE: "before you complain",
    Relation.ALONGSIDE: "while a complaint runs",
    Relation.AFTER: "after a complaint",
}
_TRIED: Mapping[TriedFirstKind, str] = {
    TriedFirstKind.NONE: "Nothing has to be tried first.",
    TriedFirstKind.ADVICE: "This is advice, and does not stop you asking.",
    TriedFirstKind.CONDITION: "The council asks for this first.",
}
_LINEAGE: Mapping[Lineage, str] = {
    Lineage.PREDECESSOR: "{name} was the council before this one",
    Lineage.SUCCESSOR: "{name} follows this council",
    Lineage.SISTER: "{name} came from the same council as this one",
}
_TIMES: Mapping[str, str] = {
    "acknowledge": "when the service answers you",
    "tell_council": "when the council is told",
    "invite": "when a school or NHS body is invited",
    "council_answers": "when the council answers",
    "party_answers": "when a school or NHS body answers",
    "meeting": "when you meet",
    "outcome": "when the outcome is written down",
}


def sections_of(policy: Policy, law: LawVersion) -> tuple[Section, ...]:
    """Every section of a council's rules, in the order a family needs them."""
    rules = Rules(policy=policy, law=law)
    return (
        section("who-runs-it", "Who runs it", _who_runs_it, rules),
        section("who-can-ask", "Who can ask", _who_can_ask, rules),
        section("what-for", "What it is for", _what_for, rules),
        section("first", "What to try first", _first, rules),
        section("steps", "From asking to meeting", _steps, rules),
        section("times", "How long it takes", _times, rules, note=_our_aims(policy)),
        section("meeting", "At the meeting", _meeting, rules),
        section("complaints", "Complaints", _complaints, rules),
        section("mediation", "Mediation and appeals", _mediation, rules),
        section("words", "Words, leaflets and other councils", _words, rules),
    )


def _service(policy: Policy, kind: Service) -> ServiceEntry:
    return policy.services.get(kind, ServiceEntry())


def _names(policy: Policy, keys: tuple[str, ...]) -> str:
    return listed(policy.contacts[key].name for key in keys)


def _who_runs_it(of: Rules) -> Iterator[Told | None]:
    own = _service(of.policy, Service.DISAGREEMENT_RESOLUTION)
    yield entry("who runs it", own.providers, lambda keys: sentence(_names(of.policy, keys)))
    if len(own.providers.value or ()) > 1:
        yield entry("which of them takes your request", own.allocation, ALLOCATION.__getitem__)
    yield if_known(entry("whom to contact first", own.ask_at, lambda keys: sentence(_names(of.policy, keys))))
    yield if_known(words("what it is", own.in_words))
    yield if_known(entry("who arranges it", own.commissioned, _COMMISSIONED.__getitem__))
    yield if_known(entry("who commissions it", own.commissioners, lambda names: sentence(listed(names))))
    yield if_known(yes_no("what it costs you", own.free, "It is free for families.", "It is not free for everybody."))
    yield if_known(entry("who pays", own.paid_by, lambda who: sentence(_actors(frozenset(who)))))
    yield if_known(
        entry("who else uses it", own.also_used_by, lambda who: sentence(listed(_ACTORS[one] for one in who)))
    )
    informal = _service(of.policy, Service.INFORMAL_RESOLUTION)
    yield if_known(words("informal help, which is another service", informal.in_words))


def _who_can_ask(of: Rules) -> Iterator[Told | None]:
    who = of.policy.who
    yield words("who can ask", who.in_words)
    plan = of.policy.words["plan"]
    yes, no = f"You need a plan ({plan}).", f"You do not need a plan ({plan})."
    yield yes_no("whether you need a plan", who.plan_needed, yes, no)
    yield words("ages", who.ages)
    yield if_known(words("where you live", who.lives))
    if who.takes_part_in_words.value is None:
        yield if_known(entry("who takes part", who.takes_part, lambda actors: sentence(_actors(frozenset(actors)))))
    yield if_known(words("who takes part", who.takes_part_in_words))


def _what_for(of: Rules) -> Iterator[Told | None]:
    areas = of.policy.areas
    for area in areas.listed:
        name = f"area {area.number}"
        if area.code is Area.BETWEEN_COMMISSIONERS:
            yield stated(name, area.evidence, area.label, aside="A family is no party to this one.")
        else:
            yield stated(name, area.evidence, area.label, *_area_times(area), *_area_sides(area))
    if not areas.listed:
        yield words("what it covers", areas.label)
    yield if_known(entry("with whom", areas.between, _bodies))
    yield if_known(
        entry("whom it leaves out", areas.not_against, _bodies, aside="The law names more. Ask if this is you.")
    )
    for conflict in areas.conflicts:
        yield stated("where its words differ", conflict.evidence, conflict.text)


def _bodies(bodies: frozenset[Body]) -> str:
    return sentence(listed((_BODIES[body] for body in Body if body in bodies), "or"))


def _area_times(area: AreaEntry) -> Iterator[str]:
    """When an area is open, as far as the council says; its own words may say it already."""
    if area.stages.shown == frozenset(Stage):
        yield "at any stage"
    for opening in area.also_open:
        if opening.evidence.shown:
            yield f"also {_opening(opening)}"


def _area_sides(area: AreaEntry) -> Iterator[str]:
    """Whom the council leaves out of an area, and who pays for it where that is not who pays for the service."""
    if area.not_against.shown:
        yield f"not with {listed((_BODIES[one] for one in Body if one in area.not_against.shown), 'or')}"
    if area.paid_by.shown:
        yield f"for this, {listed(_ACTORS[who] for who in area.paid_by.shown)} pays"


def _opening(opening: Opening) -> str:
    """When and for what an area is open as well: every part that the council names has to hold."""
    times = [_STAGES[stage] for stage in Stage if stage in (opening.stages.shown or ())]
    if opening.while_appeal_pending.shown:
        times.append("while you wait for an appeal")
    about = listed((_ABOUT.get(one, one.value) for one in Subject if one in opening.about), "or")
    against = listed((_BODIES[one] for one in Body if one in opening.against), "or")
    decisions = listed((_DECISIONS[one] for one in Decision if one in opening.decisions), "or")
    parts = (
        f"about {about}" if about else "",
        f"with {against}" if against else "",
        listed(times, "or"),
        f"after a decision {decisions}" if decisions else "",
        _IN_PLAN[opening.in_plan],
    )
    return " ".join(part for part in parts if part)


def _first(of: Rules) -> Iterator[Told | None]:
    tried = of.policy.tried_first
    kind = tried.kind.shown
    if tried.in_words.value is not None:
        yield entry("what to try first", tried.in_words, sentence, aside=_TRIED[kind] if kind else "")
    elif tried.kind.value is not None or not of.policy.ladder:
        yield entry("what to try first", tried.kind, _TRIED.__getitem__)
    for rung in of.policy.ladder:
        yield stated(f"step {rung.number}" if rung.number else "in this order", rung.evidence, rung.text)


def _steps(of: Rules) -> Iterator[Told | None]:
    steps = of.policy.route.steps
    yield entry("how asking goes on", steps, lambda every: [_step(step) for step in every])
    for step in steps.shown or ():
        yield if_known(words("if the answer is no", step.if_refused)) if step.action is Action.ANSWER else None
    consent = of.policy.consent
    yield entry("who is free to say no", consent.voluntary_for, lambda who: sentence(_actors(who)))
    yield if_known(entry("who asks the others", consent.asked_by, lambda who: sentence(_ACTORS[who])))
    yield entry("whose yes decides", consent.decided_by, lambda who: sentence(_ACTORS[who]))
    yield words("whether the council’s yes is needed where only a school is in dispute", consent.setting_only)


def _actors(actors: frozenset[Actor]) -> str:
    return listed(_ACTORS[one] for one in Actor if one in actors)


def _step(step: RouteStep) -> str:
    ways = listed((_CHANNELS[way] for way in step.channels.value or ()), "or")
    return sentence(step.text) if not ways else f"{sentence(step.text)} ({ways})"


def _times(of: Rules) -> Iterator[Told | None]:
    for name, label in _TIMES.items():
        yield entry(label, getattr(of.policy.times, name), lambda period: f"Within {period}.")
    for deadline in of.policy.deadlines:
        yield stated(deadline.label, deadline.evidence, deadline.counted)


def _our_aims(policy: Policy) -> str:
    """The times that are used where the council states none, said to be ours."""
    ours = [
        f"{label} ({OUR_AIMS[name]})" for name, label in _TIMES.items() if getattr(policy.times, name).shown is None
    ]
    if not ours:
        return ""
    return f"Until it does, we work with times of our own, which are not law and not its promise: {'; '.join(ours)}."


def _meeting(of: Rules) -> Iterator[Told | None]:
    meeting = of.policy.meeting
    yield yes_no("whether it is confidential", meeting.confidential, "It is confidential.", "It is not confidential.")
    prejudice = "The Tribunal would not consider what was said."
    yield yes_no("what the Tribunal hears of it", meeting.without_prejudice, prejudice, "The council says it is not.")
    yield entry("who may come with you", meeting.supporters, lambda who: sentence(listed(who, "or")))
    yield if_known(words("what you may bring", meeting.may_bring))
    yield if_known(words("who arranges it", meeting.arranged_by))
    yield words("where it is", meeting.venue)
    yield words("your expenses", meeting.expenses)
    yield words("languages and interpreters", meeting.languages)
    yield words("what is adjusted to you", meeting.adjustments)
    for offer in of.policy.access:
        promised = of.policy.contacts[offer.promised_by].name
        aside = f"{promised} promises this for {offer.covers}. It is not the council’s promise."
        yield stated("help to take part", offer.evidence, offer.offer, aside=aside)


def _complaints(of: Rules) -> Iterator[Told | None]:
    complaints = of.policy.complaints
    yield entry(
        "when you can use it",
        complaints.relation,
        lambda when: sentence(listed((_RELATION[one] for one in Relation if one in when), "or")),
    )
    yield if_known(words("what the council says about complaints", complaints.in_words))


def _mediation(of: Rules) -> Iterator[Told | None]:
    advice = _service(of.policy, Service.MEDIATION_ADVICE)
    mediation = _service(of.policy, Service.MEDIATION)
    yield entry("who gives mediation advice", advice.providers, lambda keys: sentence(_names(of.policy, keys)))
    yield if_known(entry("whom to contact for advice", advice.ask_at, lambda keys: sentence(_names(of.policy, keys))))
    yield if_known(words("mediation advice", advice.in_words))
    yield entry("who mediates", mediation.providers, lambda keys: sentence(_names(of.policy, keys)))
    yield if_known(words("mediation", mediation.in_words))
    yield if_known(entry("who has to come to mediation", mediation.must_attend, lambda who: sentence(_actors(who))))
    yield if_known(words("your expenses at mediation", mediation.expenses))
    yield entry(
        "appeals that need no mediation advice", of.policy.mediation.advice_not_needed_for, _exempt, aside=_wider(of)
    )
    yield if_known(words("your right of appeal", of.policy.mediation.appeal_in_words))
    left = of.policy.mediation.only_this_left_after_missed_date
    yield if_known(
        yes_no("after a missed date", left, "This service is what is left.", "This service is not what is left.")
    )


def _exempt(subjects: frozenset[Subject]) -> str:
    return sentence(listed((_ABOUT.get(one, one.value) for one in Subject if one in subjects), "or"))


def _wider(of: Rules) -> str:
    """A caution where a council exempts more than the law does: an appeal without a certificate could be refused."""
    exempt = of.policy.mediation.advice_not_needed_for.shown or frozenset()
    if exempt <= of.law.no_certificate_needed_for:
        return ""
    return "The law’s own list is shorter. Get advice before you appeal without a mediation certificate."


def _words(of: Rules) -> Iterator[Told | None]:
    policy = of.policy
    for alias in policy.vocabulary.aliases:
        yield stated(
            f"“{alias.said}”", alias.evidence, f"means the {policy.words[alias.means]} here. {alias.note}".strip()
        )
    for leaflet in policy.leaflets:
        yield stated("a leaflet", leaflet.evidence, f"{leaflet.title} ({leaflet.owner})")
    for relative in policy.relatives:
        yield stated("another council", relative.evidence, _LINEAGE[relative.lineage].format(name=relative.name))
    for difference in policy.differences:
        yield _difference(difference)


def _difference(difference: Difference) -> Told:
    others = " ".join(f"Elsewhere: {sentence(one.text)}" for one in difference.others if one.evidence.shown)
    return stated("where pages differ, we follow this one", difference.evidence, difference.text, aside=others)
