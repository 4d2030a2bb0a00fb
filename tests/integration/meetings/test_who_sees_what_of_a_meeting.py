"""Each person sees their own time, place and link, and nothing of anybody else's (send-law.md section 7)."""

import datetime as dt
import json

import pytest

from parley.access.domain import Role
from parley.casework.domain import Capacity, Viewer
from parley.casework.models import PartyMember
from parley.casework.request import MeetingMode, Safety
from parley.kernel.errors import Invalid, NotFound
from parley.kernel.ids import new_id
from parley.meetings import queries
from parley.meetings.calendar import calendar_file
from parley.meetings.domain import Need, OwnPlace, Place, Places, SlotAnswer
from parley.meetings.service import changing, proposing
from parley.meetings.service.fixing import Arrangement
from parley.meetings.service.proposing import Preparation
from parley.meetings.views import SupporterView
from support.factories import NOW, acting
from support.meetings import Arranging

COMMON, PARENTS, OTHERS = "https://meet.example/all", "https://meet.example/parent", "https://meet.example/other"
SECRETS = ("Hidden Lane", "The ex-partner", "Kit Marsh", "kit@family.invalid", "Rowan Marsh", "Bo Hart")


@pytest.fixture
def family(make):
    """A case with two people in the family, one of whom must be kept apart, and a school."""
    arranging = Arranging(make)
    made = arranging.made
    arranging.other_identity, arranging.school_identity = new_id(), new_id()
    safety = Safety(attend_apart=True, hide_address=True, must_not_learn="The ex-partner, 4 Hidden Lane")
    arranging.other = make.member(
        made,
        made.family,
        name="Kit Marsh",
        capacity=Capacity.PARENT_CARER,
        identity_id=arranging.other_identity,
        email="kit@family.invalid",
        safety=json.dumps(safety.as_json()),
        access_needs=json.dumps({"needs": "A BSL interpreter"}),
    )
    school = make.party(made)
    arranging.teacher = make.member(made, school, identity_id=arranging.school_identity)
    return arranging


def fixed(family):
    own = {
        family.made.parent: OwnPlace(link=PARENTS, arrives=dt.time(9, 50)),
        family.other: OwnPlace(link=OTHERS, arrives=dt.time(9, 40)),
    }
    places = Places(common=Place(link=COMMON), own=own)
    family.propose(mode=MeetingMode.VIDEO)
    family.assign()
    family.fix(Arrangement(mode=MeetingMode.VIDEO, places=places, for_everybody="A break after an hour."))
    return family


def everything(view):
    """Return all that the view holds, the mediator aside, as one text."""
    return repr(view) + "".join(person.link + person.place for person in view.people) + view.link


def test_a_member_of_the_family_sees_their_own_link_and_time_and_not_the_others(family):
    fixed(family)
    parent, other = family.seen_by(family.made.parent_identity), family.seen_by(family.other_identity)
    assert [(person.link, person.arrives_at.minute) for person in parent.people] == [(PARENTS, 50)]
    assert [(person.link, person.arrives_at.minute) for person in other.people] == [(OTHERS, 40)]
    for view, foreign in ((parent, OTHERS), (other, PARENTS)):
        assert foreign not in everything(view)
        assert COMMON not in everything(view)
    assert not [secret for secret in SECRETS if secret in everything(parent)]


def test_a_member_of_the_family_does_not_see_what_the_other_answered(family):
    family.propose()
    family.answer(SlotAnswer.CANNOT)
    assert [slot.answers for slot in family.seen_by(family.other_identity).slots] == [{}]
    assert [slot.answers for slot in family.seen_by_council().slots] == [{}]
    own = family.seen_by(family.made.parent_identity).slots
    assert [slot.answers for slot in own] == [{family.made.parent: SlotAnswer.CANNOT}]


def test_the_council_and_a_school_see_their_own_place_and_none_of_the_familys(family):
    fixed(family)
    for view in (family.seen_by_council(), family.seen_by(family.school_identity, Viewer.INVITED)):
        assert [person.link for person in view.people] == [COMMON]
        text = everything(view)
        assert not [secret for secret in (*SECRETS, PARENTS, OTHERS, "BSL") if secret in text]
        assert view.for_everybody == "A break after an hour."


def test_somebody_without_a_place_in_the_case_sees_nothing(family):
    fixed(family)
    with pytest.raises(NotFound):
        family.seen_by(new_id())


def test_a_persons_calendar_entry_holds_their_own_place_and_names_nobody(family):
    fixed(family)
    for member_id, own in ((family.made.parent, PARENTS), (family.other, OTHERS), (family.teacher, COMMON)):
        with family.make.database.begin(family.made.authority_scope) as session:
            entry = queries.calendar_entry(session, member_id=member_id, url="https://x.example", **family.ids)
        file = calendar_file(entry).replace(b"\r\n ", b"").decode()
        assert own in file
        assert not [link for link in (COMMON, PARENTS, OTHERS) if link != own and link in file]
        kits_own = {"kit@family.invalid"} if member_id == family.other else set()
        assert not [secret for secret in SECRETS if secret in file and secret not in kits_own]


def test_until_it_is_fixed_nobody_has_a_place_or_a_calendar_entry(family):
    fixed(family)
    family.ask_again()
    assert [person.link for person in family.seen_by(family.made.parent_identity).people] == [""]


def test_the_council_learns_that_a_supporter_comes_and_who_only_if_that_is_shared(family):
    family.propose()
    teacher = Preparation(supporter_name="Bo Hart", supporter_relation="Teacher at the school", brings="Two reports")
    family.family(proposing.prepare_own, preparation=teacher)
    nameless = (SupporterView(name="", relation="", shared=False),)
    assert family.seen_by_council().supporters == nameless
    assert family.seen_by(family.school_identity, Viewer.INVITED).supporters == nameless
    assert "Bo Hart" not in everything(family.seen_by_council())
    person = family.meeting.person(family.made.parent)
    assert (person.supporter.name, person.supporter.relation, person.brings) == (
        "Bo Hart",
        "Teacher at the school",
        "Two reports",
    )
    shared = Preparation(supporter_name="Bo Hart", supporter_relation="Teacher", supporter_shared=True)
    family.family(proposing.prepare_own, preparation=shared)
    assert [supporter.name for supporter in family.seen_by_council().supporters] == ["Bo Hart"]


def test_the_supporter_named_in_the_request_is_known_to_those_who_must_know_until_the_person_says_otherwise(make):
    case = Arranging(make)
    with make.database.begin(case.made.authority_scope) as session:
        parent = session.get_one(PartyMember, (case.made.authority.id, case.made.parent))
        parent.access_needs = json.dumps({"needs": "Breaks", "supporter": "my sister"})
        session.commit()
    case.fixed()
    person = case.meeting.person(case.made.parent)
    assert (person.supporter.name, person.supporter.shared) == ("my sister", False)
    assert [need.words for need in person.needs] == ["Breaks"]
    assert case.seen_by(case.made.parent_identity).people[0].supporter.name == "my sister"
    nameless = (SupporterView(name="", relation="", shared=False),)
    assert case.seen_by_council().supporters == nameless
    case.family(proposing.prepare_own, preparation=Preparation())
    assert case.seen_by_council().supporters == ()
    case.cancel()
    case.fixed()
    assert case.meeting.person(case.made.parent).supporter is None


def test_another_member_of_the_family_does_not_learn_of_the_supporter(family):
    family.propose()
    family.family(proposing.prepare_own, preparation=Preparation(supporter_name="Bo Hart", supporter_shared=True))
    view = family.seen_by(family.other_identity)
    assert view.supporters == ()
    assert "Bo Hart" not in everything(view)


def test_nobody_but_a_family_has_a_supporter_and_everybody_may_bring_papers(family):
    family.propose()
    family.council(proposing.prepare_for_council, preparation=Preparation(brings="The draft plan"))
    with family.make.database.begin(family.made.authority_scope) as session:
        proposing.prepare_own(
            session,
            actor=acting(Role.INVITED, family.made.authority, identity_id=family.school_identity),
            at=NOW,
            preparation=Preparation(supporter_name="Bo Hart", brings="The register"),
            **family.ids,
        )
    school = family.meeting.person(family.teacher)
    assert (school.supporter, school.brings) == (None, "The register")
    assert family.meeting.person(family.decider).brings == "The draft plan"


def test_needs_are_ticked_as_met_or_unmet_by_the_provider_and_shown_to_the_person_alone(family):
    family.propose()
    assert [need.need for need in family.meeting.person(family.other).needs] == [Need.ACCESS, Need.ATTEND_APART]
    ticks = {Need.ACCESS: True, Need.ATTEND_APART: False}
    family.provider(changing.note_needs, member_id=family.other, met=ticks)
    assert {need.need: need.met for need in family.meeting.person(family.other).needs} == ticks
    own = family.seen_by(family.other_identity).people[0].needs
    assert [(need.words, need.met) for need in own] == [("A BSL interpreter", True), ("", False)]
    with pytest.raises(Invalid):
        family.provider(changing.note_needs, member_id=family.made.parent, met={Need.ACCESS: True})


def test_who_asked_to_be_apart_keeps_the_meeting_from_being_fixed_without_a_place_of_their_own(family):
    family.propose(mode=MeetingMode.VIDEO)
    family.assign()
    with pytest.raises(Invalid) as refused:
        family.fix(Arrangement(mode=MeetingMode.VIDEO, places=Places(common=Place(link=COMMON))))
    assert set(refused.value.errors) == {f"own_{family.other}"}
