"""A case whose young person has come of age: what the parent reads and can do, and the young person's own pages."""

from collections.abc import Callable

import pytest
from flask import Flask

from parley.casework.domain import Capacity
from parley.casework.service import invitations
from support.factories import NOW, Factory
from support.family import Family, Served, heading, words
from support.own_choice import Growing, growing
from support.staff import Officer

#: Whose choice it has been since June.
BORN = "2010-03-02"


@pytest.fixture
def case(parent: Family, council: Served, make: Factory) -> Growing:
    """The signed-in parent's case, which waits."""
    found = growing(make, council, born=BORN, parent_identity=parent.identity_id)
    found.look(at=NOW)
    return found


def test_the_parent_reads_that_it_waits_what_stays_and_what_they_can_do(parent: Family, case: Growing) -> None:
    page = parent.get(f"/requests/{case.made.id}")
    said = words(page)
    for told in (
        "Waiting for the young person’s yes",
        "Rowan Marsh says whether this goes on",
        "What was agreed before stays",
        "The choice became Rowan Marsh’s own",
        "By law",
        "Say how to ask them",
        "0800 064 4488",
    ):
        assert told in said, told
    assert "Withdraw your request" not in said
    assert ">Share<" not in page.text
    assert "Rowan Marsh says whether this goes on" in words(parent.get("/requests"))


def test_the_parent_says_how_they_are_asked(parent: Family, case: Growing) -> None:
    address = f"/requests/{case.made.id}/young-person"
    empty = parent.post(address)
    assert (empty.status_code, heading(empty)) == (422, "How can we ask Rowan Marsh ?")
    assert "Give an email address or phone number of the young person" in words(empty)
    wrong = parent.post(address, email="rowan", phone="12")
    assert wrong.status_code == 422
    assert 'value="rowan"' in wrong.text
    assert 'value="12"' in wrong.text
    told = parent.follow(parent.post(address, email="rowan@family.example"))
    assert "They are asked by email" in words(told)
    by_phone = parent.follow(parent.post(address, phone="01632 960009"))
    assert "Somebody rings them" in words(by_phone)


def test_the_parent_says_on_what_ground_they_act_for_them(parent: Family, case: Growing) -> None:
    address = f"/requests/{case.made.id}/acting"
    empty = parent.post(address)
    assert empty.status_code == 422
    assert "Select on what ground you act" in words(empty)
    page = parent.follow(parent.post(address, ground="parent"))
    assert "the case goes on" in words(page)
    assert "A parent acts for Rowan Marsh from now on: as their parent" in words(page)
    for page in ("young-person", "acting"):
        assert parent.get(f"/requests/{case.made.id}/{page}").status_code == 404


def test_pages_of_a_case_that_does_not_wait_lead_back_to_it(parent: Family, council: Served, make: Factory) -> None:
    running = growing(make, council, parent_identity=parent.identity_id)
    for page in ("young-person", "acting"):
        assert parent.get(f"/requests/{running.made.id}/{page}").location == f"/requests/{running.made.id}"


def came(case: Growing, visit: Callable[..., Family]) -> Family:
    """Let the young person sign in and take their place by the link that they were mailed."""
    young = visit()
    young.sign_in(case.make)
    own = case.young_person()
    assert own
    with case.make.database.begin(case.made.authority_scope) as session:
        member = session.get_one(invitations.PartyMember, (case.made.authority.id, own.id))
        member.email = "rowan@family.example"
        act = invitations.Act(
            session=session,
            case=invitations.case_for_update(session, case.made.authority.id, case.made.id),
            actor=case.made.family_actor,
            by=invitations.Viewer.FAMILY,
            at=NOW,
        )
        invitation = invitations.invite(act, member, invitations.InvitationKind.YOUNG_PERSON)
        session.commit()
        minted = invitations.mint_invitation(
            session, authority_id=case.made.authority.id, invitation_id=invitation.id, at=NOW
        )
    assert minted
    link = f"/your-answer/{minted.token}"
    assert "Until you say yes, it does not go on" in words(young.get(link))
    young.post(f"{link}/take-up", page=link)
    return young


def test_the_young_person_says_yes_and_holds_the_right(
    parent: Family, case: Growing, visit: Callable[..., Family]
) -> None:
    young = came(case, visit)
    own = f"/requests/{case.made.id}"
    assert "You say whether this goes on" in words(young.get(own))
    asked = young.get(f"{own}/your-say")
    assert "it is your choice now whether it goes on" in words(asked)
    assert "that it was withdrawn, and not why" in words(asked)
    assert young.post(f"{own}/your-say").status_code == 422
    # Nothing of what the parent wrote is theirs to read.
    assert "What you wrote" not in words(young.get(own))
    page = young.follow(young.post(f"{own}/your-say", agrees="yes"))
    assert "The young person said yes, so the case goes on" in words(page)
    assert "Withdraw your request" in words(page)
    assert case.of_parent().me().capacity is Capacity.PARENT_CARER
    assert "Waiting for the young person’s yes" not in words(parent.get(own))


def test_a_no_ends_it_and_the_parent_reads_whose_it_was(
    parent: Family, case: Growing, visit: Callable[..., Family]
) -> None:
    young = came(case, visit)
    young.post(f"/requests/{case.made.id}/your-say", agrees="no")
    said = words(parent.get(f"/requests/{case.made.id}"))
    assert "The young person did not agree" in said
    assert "The family withdrew your request" in said


def test_the_council_reads_that_it_waits_and_is_asked_for_nothing(app: Flask, case: Growing, make: Factory) -> None:
    officer = Officer(app.test_client(), case.council)
    officer.sign_in(make)
    page = words(officer.get(f"/council/cases/{case.made.id}"))
    assert "Waiting for the young person’s yes" in page
    assert "The case began to wait for the young person’s own yes" in page
    assert "Your answer is needed" not in page
    assert "Waiting for the young person’s yes" in words(officer.get("/council/cases?view=team"))
    late = officer.get(f"/council/cases/{case.made.id}/answer/agree")
    assert late.status_code in {302, 303, 409}
