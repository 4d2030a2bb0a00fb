"""Mediators write and give out drafts, families answer by phone, concerns go to the lead; then the outcome is run."""

from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState, Viewer
from parley.db.scope import Login, Side, authority_scope
from parley.kernel.ids import new_id
from parley.notifications.domain import TaskReason
from parley.notifications.lead import have_lead_told
from support.factories import NOW, Factory
from support.family import words
from support.outcome_room import Room
from support.outcomes import ALL, CANARY
from support.provider import Staff, sign_in_staff

BY = {"due_0-day": "8", "due_0-month": "12", "due_0-year": "2026"}


@pytest.fixture
def staff(app: Flask, make: Factory, room: Room) -> Callable[..., Staff]:
    """Sign in another of the provider's people."""

    def member(role: Role) -> Staff:
        return sign_in_staff(app.test_client(), make, room.held.case.provider, role, name="more@provider.example")

    return member


def written(room: Room, **changed: str) -> dict[str, str]:
    """Return a filled form of a draft."""
    return {
        "kind": "partial",
        "points": "Speech therapy goes on.\n\nThe school keeps a diary.",
        "what_0": "Write to the therapist",
        "owner_0": str(room.held.case.council),
        **BY,
        "remaining": "The number of hours",
        **changed,
    }


def test_a_mediator_writes_a_draft_gives_it_out_and_sees_who_confirmed(room: Room) -> None:
    assert "Write a draft" in words(room.mediator.get(room.providers("outcome")))
    page = words(room.mediator.does(room.providers("draft"), **written(room)))
    assert "Not given out yet" in page
    assert "The school keeps a diary." in page
    assert {side: room.held.draft(side) for side in ALL} == dict.fromkeys(ALL)
    before = words(room.mediator.get(room.providers("draft/give")))
    assert "Ash Marsh" in before
    page = words(room.mediator.does(room.providers("draft/give")))
    assert "With the parties to check" in page
    room.held.confirm(Side.COUNCIL)
    assert words(room.mediator.get(room.providers("outcome"))).count("Has not answered") == 2
    room.held.confirm(Side.FAMILY, Side.INVITED)
    room.work()
    (outcome,) = room.held.outcomes(Viewer.PROVIDER)
    assert outcome.points == ("Speech therapy goes on.", "The school keeps a diary.")


def test_a_mediator_may_write_down_what_the_provider_itself_is_to_do(room: Room) -> None:
    own = written(room, kind="full", remaining="", what_0="Send everybody the notes", owner_0="provider")
    name = room.held.case.provider.name
    page = words(room.mediator.does(room.providers("draft"), **own))
    assert f"Send everybody the notes Who: {name}" in page
    assert 'value="provider" selected' in room.mediator.get(room.providers("draft")).text
    room.mediator.does(room.providers("draft/give"))
    room.held.confirm(*ALL)
    room.work()
    page = room.mediator.get(room.providers("outcome"))
    assert f"Who: {name}" in words(page)
    assert "Record that it is done" in words(page)


def test_what_is_half_written_stays_and_says_what_is_missing(room: Room) -> None:
    form = written(room) | {"owner_0": "", "what_0": "Write to the therapist"}
    answer = room.mediator.post(room.providers("draft"), **form)
    assert answer.status_code == 422
    assert "Choose who does it" in words(answer)
    assert "The school keeps a diary." in answer.text
    past = room.mediator.post(room.providers("draft"), **written(room) | {"due_0-year": "2025"})
    assert "The date must be today or later" in words(past)
    none_left = room.mediator.post(room.providers("draft"), **written(room) | {"remaining": ""})
    assert "Enter both what was agreed and what remains" in words(none_left)


def test_another_action_is_added_without_losing_what_was_typed(room: Room) -> None:
    answer = room.mediator.post(room.providers("draft"), **written(room), step="more")
    assert answer.status_code == 200
    assert 'name="what_2"' in answer.text
    assert "Write to the therapist" in answer.text
    assert room.held.draft(Side.PROVIDER) is None


def test_a_second_mediator_does_not_overwrite_the_first(room: Room, staff: Callable[..., Staff]) -> None:
    opened = room.mediator.get(room.providers("draft"))
    staff(Role.MEDIATOR).does(room.providers("draft"), **written(room))
    answer = room.mediator.post(room.providers("draft"), page=opened, **written(room, points="Mine"))
    assert answer.status_code == 422
    assert "Somebody else wrote a new version" in words(answer)
    assert "Mine" in answer.text


def test_a_coordinator_reads_a_draft_and_writes_none(room: Room) -> None:
    room.held.write(give=False)
    page = room.coordinator.get(room.providers("outcome"))
    assert CANARY in page.text
    for act in ("draft", "draft/give", "notes", "outcome/nothing-agreed"):
        assert room.coordinator.get(room.providers(act)).status_code == 403, act


def test_what_a_family_says_by_phone_is_recorded_for_it_alone(room: Room) -> None:
    room.held.write()
    copies = {copy.side: copy.id for copy in room.held.draft(Side.PROVIDER).copies}
    where = room.providers(f"draft/{copies[Side.FAMILY]}/by-phone")
    assert "Read all of this to them" in words(room.coordinator.get(where))
    page = words(room.coordinator.does(where, answer="confirm"))
    assert "Confirmed by phone" in page
    assert room.coordinator.get(room.providers(f"draft/{copies[Side.COUNCIL]}/by-phone")).status_code == 404


def test_a_mediators_notes_are_on_nobody_elses_page(room: Room, staff: Callable[..., Staff]) -> None:
    page = room.mediator.does(room.providers("notes"), body=f"They may settle. {CANARY}")
    assert CANARY in page.text
    assert CANARY not in staff(Role.MEDIATOR).get(room.providers("notes")).text
    for page in ("", "outcome"):
        assert CANARY not in room.coordinator.get(room.providers(page)).text
        assert CANARY not in room.mediator.get(room.providers(page)).text


def test_nothing_agreed_is_recorded_and_closed(room: Room) -> None:
    page = words(room.mediator.does(room.providers("outcome/nothing-agreed")))
    assert "The outcome is recorded" in page
    assert "Nothing was agreed" in words(room.parent.get(room.own("outcome")))
    assert "stays confidential" in words(room.officer.get(room.councils("outcome")))
    room.coordinator.does(room.providers("outcome/close"))
    assert room.held.view().state is CaseState.CLOSED


def test_a_provider_records_what_it_was_told_of_an_action(room: Room) -> None:
    room.held.write()
    room.held.confirm(*ALL)
    room.work()
    (action,) = room.held.outcomes()[0].actions
    where, page = room.providers(f"outcome/{action.id}"), room.providers("outcome")
    assert "Record that it is done" in words(room.coordinator.get(page))
    room.coordinator.post(where, page=page, change="done")
    room.coordinator.post(where, page=page, change="confirm")
    assert "Done" in words(room.parent.get(room.own("outcome")))


def test_a_case_is_opened_for_another_meeting_and_keeps_its_outcome(room: Room) -> None:
    room.held.write()
    room.held.confirm(*ALL)
    room.work()
    room.coordinator.does(room.providers("outcome/another-meeting"))
    assert room.held.view().state is CaseState.AGREED
    assert len(room.held.outcomes()) == 1
    assert "Speech therapy goes on." in words(room.parent.get(room.own("outcome")))


def test_feedback_is_on_the_providers_page_alone(room: Room) -> None:
    room.parent.post(room.own("feedback"), rating="poor", words="Too long.")
    assert "Too long." in words(room.coordinator.get(room.providers("outcome")))
    assert "Too long." not in room.officer.get(room.councils("outcome")).text


def test_a_concern_says_whom_to_ring_first_and_is_read_by_the_lead_alone(
    room: Room, staff: Callable[..., Staff]
) -> None:
    lead, colleague = staff(Role.SAFEGUARDING_LEAD), staff(Role.PROVIDER_ADMINISTRATOR)
    page = words(room.mediator.get(room.providers("concern")))
    assert "ring 999 first" in page
    assert "safeguarding team of Derby City Council" in page
    said = room.mediator.does(room.providers("concern"), body=f"A bruise. {CANARY}", told="lead")
    assert "Your concern is in the log" in words(said)
    for person in (room.mediator, room.coordinator, colleague):
        assert person.get("/concerns").status_code == 403
        for path in ("", "outcome", "concern"):
            assert CANARY not in person.get(room.providers(path)).text
    case = room.held.case
    with room.held.database.begin(authority_scope(case.authority.id, login=Login.WORKER)) as session:
        have_lead_told(
            session,
            at=NOW,
            authority_id=case.authority.id,
            provider_id=case.provider.id,
            notice_id=new_id(),
            reason=TaskReason.NO_EMAIL,
        )
    told = words(room.mediator.get("/tasks"))
    assert "Tell your safeguarding lead that there is an entry for them" in told
    assert "Rowan" not in told
    listed = lead.get("/concerns")
    assert "safeguarding lead" not in words(room.mediator.get("/tasks"))
    assert "New" in words(listed)
    assert CANARY not in listed.text
    href = next(part for part in listed.text.split('"') if part.startswith("/concerns/"))
    assert CANARY in lead.get(href).text
    assert "Taken up" in words(lead.does(href))


def test_another_providers_lead_reads_nothing_of_it(app: Flask, make: Factory, room: Room) -> None:
    room.mediator.does(room.providers("concern"), body="A bruise.", told="nobody")
    other = sign_in_staff(app.test_client(), make, make.provider(), Role.SAFEGUARDING_LEAD, name="lead@else.example")
    assert "No concerns" in words(other.get("/concerns"))


def test_another_provider_finds_no_draft(app: Flask, make: Factory, room: Room) -> None:
    room.held.write()
    stranger = sign_in_staff(app.test_client(), make, make.provider(), Role.MEDIATOR, name="m@else.example")
    for page in ("outcome", "draft", "draft/give", "notes", "concern"):
        assert stranger.get(room.providers(page)).status_code == 404, page


def test_a_draft_is_written_only_after_a_meeting(room: Room, make: Factory) -> None:
    case = make.case(room.held.case.authority, provider=room.held.case.provider, state=CaseState.AGREED)
    assert room.mediator.get(f"/cases/{case.authority.id}/{case.id}/draft").status_code == 409
