"""An invited person's meeting: their own times, place and papers, and nothing of the family's or the council's."""

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState, Viewer
from parley.casework.service.record import Act, case_for_update
from parley.meetings.domain import SlotAnswer
from support.factories import Factory, acting
from support.family import Served, words
from support.invited import Contact, Invited, invited_contact
from support.meetings import HALL, Arranging, mediator_of
from support.staff import told_case


@pytest.fixture
def invited(council: Served, make: Factory) -> Invited:
    """The invited contact of a school."""
    return invited_contact(make, council, told_case(make, council))


@pytest.fixture
def teacher(app: Flask, council: Served, make: Factory, invited: Invited) -> Contact:
    """The contact's browser, past the code."""
    contact = Contact(app.test_client(), council)
    contact.confirm(make, invited)
    return contact


@pytest.fixture
def school_case(make: Factory, invited: Invited, teacher: Contact) -> Arranging:
    """The contact's case once everybody has agreed."""
    case = invited.case
    with make.database.begin(case.authority_scope) as session:
        row = case_for_update(session, case.authority.id, case.id)
        actor = acting(Role.COORDINATOR, case.provider)
        Act(session=session, case=row, actor=actor, by=Viewer.PROVIDER, at=make.clock.now()).move(CaseState.AGREED)
        session.commit()
    mediator_of(make, case.provider)
    return Arranging(make, case)


def test_an_invited_person_answers_sees_their_place_and_says_what_they_bring(
    school_case: Arranging, teacher: Contact, invited: Invited
) -> None:
    path = f"/invited/cases/{invited.case.id}"
    school_case.propose()
    school_case.answer(SlotAnswer.CANNOT)
    assert "See the suggested times" in words(teacher.get(path))
    slot = school_case.meeting.slots[0].id
    teacher.follow_path(f"{path}/meeting/times", {f"slot_{slot.hex}": "if_needed"})
    assert school_case.meeting.slots[0].answers[invited.member_id] is SlotAnswer.IF_NEEDED
    page = words(teacher.get(f"{path}/meeting"))
    assert "Only if needed" in page
    assert "I cannot come" not in page
    school_case.assign()
    school_case.fix()
    assert "The meeting is held By " in words(teacher.get(path))
    teacher.follow_path(f"{path}/meeting/preparation", {"brings": "The class register"})
    page = words(teacher.get(f"{path}/meeting"))
    assert HALL in page
    assert "The class register" in page
    assert "Ash Marsh" not in page
    assert "Kim Rowe" not in page
    file = teacher.get(f"{path}/meeting/{invited.member_id}.ics")
    assert file.status_code == 200
    assert b"Rowan" not in file.data
    assert teacher.get(f"{path}/meeting/{school_case.made.parent}.ics").status_code == 404


def test_an_invited_person_is_never_asked_for_a_supporter(
    school_case: Arranging, teacher: Contact, invited: Invited
) -> None:
    school_case.propose()
    page = teacher.get(f"/invited/cases/{invited.case.id}/meeting/preparation")
    assert "supporter" not in page.text


def test_the_address_of_another_case_is_nothing_to_them(
    school_case: Arranging, teacher: Contact, make: Factory
) -> None:
    other = Arranging(make).fixed()
    assert teacher.get(f"/invited/cases/{other.made.id}/meeting").status_code == 404
    assert school_case.seen is None
