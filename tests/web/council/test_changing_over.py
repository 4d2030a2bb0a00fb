"""After an early end: what council, families and both providers read and are told, and what a family can say."""

import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from parley.audit.models import AuditEvent
from parley.casework.domain import CaseState
from parley.casework.models import Case, Consent, PartyMember
from parley.casework.service import changing_over
from parley.db.scope import authority_scope
from parley.meetings.models import Meeting
from parley.notifications.models import Notification, ProviderTask
from parley.tenancy.domain import EarlyEndBecause
from support.changing_over import Here
from support.factories import NOW, Factory
from support.family import words
from support.meetings import Arranging
from support.staff import told_case


@pytest.fixture
def here(app: Flask, make: Factory) -> Here:
    """A request that the first provider has, of a parent with an e-mail address."""
    return Here(app, make)


def test_the_council_names_who_can_take_over_and_sees_how_many_answered(here: Here) -> None:
    here.changing.ends()
    assert "Not asked 1" in words(here.manager.get(here.early_end))
    form = here.manager.get(f"{here.early_end}/ask")
    assert str(here.providers[0].id) not in form.text
    assert here.manager.post(f"{here.early_end}/ask").status_code == 422
    said = here.asks()
    assert "Families are asked about Second Helpers" in said
    assert "Not asked 0 Have not answered yet 1 Stay with First Helpers 0 Moved, or about to 0" in said
    assert ("family", "change_asked") in here.mailed()
    # A number, and nothing of which request it is: its council does not know of it.
    assert str(here.case_id) not in here.manager.get(here.early_end).text


def test_a_family_reads_what_moves_and_what_does_not_and_decides(here: Here) -> None:
    here.changing.ends()
    here.asks()
    page = here.parent.get(here.own)
    assert "You are asked who goes on with it. Nothing moves until you say so." in words(page)
    asked = words(here.parent.get(f"{here.own}/who-goes-on"))
    assert "It helps if you say it by 8 December 2026" in asked
    assert "Second Helpers takes your request over from First Helpers" in asked
    assert "stays with First Helpers" in asked
    assert "01632 960002" in asked
    assert here.parent.post(f"{here.own}/who-goes-on").status_code == 422
    done = here.parent.follow(here.parent.post(f"{here.own}/who-goes-on", choice="stay"))
    assert "First Helpers goes on with your request." in words(done)
    assert "Stay with First Helpers 1" in words(here.manager.get(here.early_end))
    done = here.parent.follow(here.parent.post(f"{here.own}/who-goes-on", choice="move"))
    assert "Second Helpers takes your request over. It is on its way there now." in words(done)


def test_a_request_that_moves_is_the_next_providers_and_both_are_told(here: Here) -> None:
    here.staff[0].does(f"{here.path}/acknowledge")
    here.parent.post(f"{here.own}/messages", body="For the first alone")
    here.changing.ends()
    here.asks()
    here.parent.post(f"{here.own}/who-goes-on", choice="move")
    here.changing.moves(here.case_id)
    page = words(here.parent.get(here.own))
    assert "You said that Second Helpers takes the request over." in page
    assert "First Helpers let go of the request, as you said" in page
    assert "ended early" not in page
    assert here.staff[0].get(here.path).status_code == 404
    kept = words(here.staff[0].get("/passed-on"))
    assert "Your contract ended early, and the family said that another provider goes on" in kept
    own = f"/passed-on/{here.council.authority.id}/{here.case_id}"
    assert "For the first alone" in words(here.staff[0].get(own))
    taken = here.staff[1].get(here.path)
    assert "Acknowledge the request" in words(taken)
    assert "For the first alone" not in taken.text
    told = here.mailed()
    assert ("family", "taken_over") in told
    assert ("provider", "provider_handed_over") in told
    assert here.parent.get(f"{here.own}/who-goes-on").status_code == 303


def test_ending_the_request_is_the_usual_way_out(here: Here) -> None:
    here.changing.ends()
    here.asks()
    led = here.parent.post(f"{here.own}/who-goes-on", choice="end")
    assert led.headers["Location"] == f"{here.own}/withdraw"
    here.parent.post(f"{here.own}/withdraw")
    assert "Not asked 0 Have not answered yet 0" in words(here.manager.get(here.early_end))


def test_with_a_provider_that_cannot_go_on_staying_is_not_offered_and_the_council_is_rung(here: Here) -> None:
    here.changing.ends(EarlyEndBecause.FAILED)
    here.asks()
    page = here.parent.get(f"{here.own}/who-goes-on")
    assert 'value="stay"' not in page.text
    assert "01632 960010" in words(page)


def test_what_is_said_on_the_phone_is_recorded_where_no_mail_reaches_a_family(
    here: Here, make: Factory, app: Flask
) -> None:
    case = told_case(make, here.council, provider=here.providers[0], parent_identity=None)
    with make.database.begin(case.authority_scope) as session:
        session.execute(sa.text("UPDATE party_member SET email_sealed = NULL WHERE case_id = :case"), {"case": case.id})
        session.commit()
    here.changing.ends()
    here.asks()
    database = app.extensions["parley"].database
    with database.begin(case.authority_scope) as session:
        tasks = sa.select(ProviderTask.message, ProviderTask.cancelled_at).where(ProviderTask.case_id == case.id)
        assert [row.message for row in session.execute(tasks)] == ["change_asked"]
    path = f"/cases/{here.council.authority.id}/{case.id}"
    assert "Record who goes on, as the family says" in words(here.staff[0].get(path))
    asked = words(here.staff[0].get(f"{path}/who-goes-on"))
    assert "do not speak for or against anybody" in asked
    assert here.staff[0].post(f"{path}/who-goes-on").status_code == 422
    sent = here.staff[0].post(f"{path}/who-goes-on", member=str(case.parent), choice="move")
    assert sent.status_code == 303
    with database.begin(case.authority_scope) as session:
        assert all(row.cancelled_at for row in session.execute(tasks))
    here.changing.moves(case.id)
    taken = words(here.staff[1].get(path))
    assert "Read the request and acknowledge it" in taken
    here.staff[1].does(f"{path}/acknowledge")
    assert "Waiting for answers" in words(here.staff[1].get(path))


def test_a_meeting_that_was_fixed_is_called_off_and_everybody_who_was_to_come_is_told(
    here: Here, make: Factory, app: Flask
) -> None:
    database = app.extensions["parley"].database
    case = told_case(
        Factory(database, make.clock), here.council, provider=here.providers[0], state=CaseState.AGREED, due_in=None
    )
    Arranging(Factory(database, make.clock), case).fixed()
    here.changing.ends()
    here.asks()
    here.changing.says(case.id, case.parent_identity, changing_over.ProviderChoice.MOVE)
    assert here.changing.moves(case.id).state is CaseState.AGREED
    with database.begin(case.authority_scope) as session:
        assert session.scalars(sa.select(Meeting.state).where(Meeting.case_id == case.id)).all() == ["cancelled"]
        booked = session.scalar(sa.text("SELECT count(*) FROM mediator_booking"))
        told = session.execute(
            sa.select(Notification.recipient, Notification.message)
            .where(Notification.case_id == case.id, Notification.created_at == NOW)
            .order_by(Notification.id)
        ).all()
    assert booked == 0
    cancelled = {recipient.value for recipient, message in told if message.endswith("meeting_cancelled")}
    assert cancelled == {"family", "council"}


def test_a_young_persons_request_is_the_young_persons_to_move(here: Here, make: Factory, app: Flask) -> None:
    case = told_case(make, here.council, provider=here.providers[0], parent_identity=here.parent.identity_id)
    with make.database.begin(case.authority_scope) as session:
        session.execute(
            sa.text("UPDATE party_member SET is_rights_holder = false WHERE id = :member"), {"member": case.parent}
        )
        session.commit()
    make.member(case, case.family, name="Rowan Marsh", is_rights_holder=True)
    here.changing.ends()
    here.asks()
    page = here.parent.get(f"/requests/{case.id}/who-goes-on")
    assert "It is for Rowan Marsh to say who goes on" in words(page)
    assert not re.search(r'name="choice"', page.text)
    refused = here.parent.post(f"/requests/{case.id}/who-goes-on", page=here.own, choice="move")
    assert refused.status_code == 422
    with make.database.begin(authority_scope(case.authority.id)) as session:
        assert session.get_one(Case, (case.authority.id, case.id)).provider_id == here.providers[0].id


def test_nobody_is_asked_before_the_contract_has_ended(here: Here) -> None:
    assert here.manager.get(f"{here.early_end}/ask").status_code == 409


def test_once_a_case_has_moved_the_end_is_not_taken_back(here: Here) -> None:
    here.changing.ends()
    here.asks()
    page = here.manager.get(here.early_end)
    here.parent.post(f"{here.own}/who-goes-on", choice="move")
    here.changing.moves(here.case_id)
    assert "so this stands" in words(here.manager.get(here.early_end))
    assert here.manager.post_from(page, f"{here.early_end}/take-back").status_code == 409


def test_families_whom_a_failed_provider_would_ring_are_the_councils_to_ask(
    here: Here, make: Factory, app: Flask
) -> None:
    case = told_case(make, here.council, provider=here.providers[0], parent_identity=None)
    with make.database.begin(case.authority_scope) as session:
        member = session.get_one(PartyMember, (case.authority.id, case.parent))
        member.email, member.phone = "", "+441632960077"
        member.safety = json.dumps({"safe_ways": ["phone"], "safe_times": "After ten", "must_not_learn": "Kit Marsh"})
        session.commit()
    here.changing.ends(EarlyEndBecause.FAILED)
    assert "Ring 1 person whom no email reaches" in here.asks()
    assert "Ring 1 person" in words(here.manager.get("/council/cases"))
    # Not the provider's any more, which cannot go on.
    assert "Tell the family" not in words(here.staff[0].get("/tasks"))
    listed = here.manager.get("/council/families-to-ring")
    (path,) = set(re.findall(r"/council/families-to-ring/[0-9a-f-]+", listed.text))
    page = words(here.manager.get(path))
    for known in ("01632 960077", "After ten", "Kit Marsh", "Only by phone call", "Second Helpers takes your request"):
        assert known in page
    assert case.reference in page
    assert "Rowan" not in page
    assert here.manager.post(path).status_code == 422
    told = here.manager.post(path, said="knows")
    assert told.status_code == 303
    assert "Nobody to ring" in words(here.manager.get("/council/families-to-ring"))
    assert here.manager.get(path).status_code == 404


def test_what_a_family_says_to_its_council_moves_the_case_and_is_for_managers_to_record(
    here: Here, make: Factory
) -> None:
    case = told_case(make, here.council, provider=here.providers[0], parent_identity=None)
    with make.database.begin(case.authority_scope) as session:
        session.get_one(PartyMember, (case.authority.id, case.parent)).email = ""
        session.commit()
    here.changing.ends(EarlyEndBecause.FAILED)
    here.asks()
    listed = here.manager.get("/council/families-to-ring")
    (path,) = set(re.findall(r"/council/families-to-ring/[0-9a-f-]+", listed.text))
    for address in ("/council/families-to-ring", path):
        assert here.officer.get(address).status_code == 403
    assert here.manager.post(path, said="move").status_code == 303
    assert here.changing.moves(case.id).provider_id == here.providers[1].id
    with make.database.begin(case.authority_scope) as session:
        said = session.query(Consent).filter_by(case_id=case.id, kind="change_provider").one()
        read = session.scalars(sa.select(AuditEvent.case_id).where(AuditEvent.action == "whom_to_ring.read")).all()
    assert (said.means, said.recorded_by, read) == ("spoken", here.manager.identity_id, [case.id])


def test_while_a_provider_can_go_on_it_rings_its_families_itself(here: Here, make: Factory) -> None:
    case = told_case(make, here.council, provider=here.providers[0], parent_identity=None)
    with make.database.begin(case.authority_scope) as session:
        session.get_one(PartyMember, (case.authority.id, case.parent)).email = ""
        session.commit()
    here.changing.ends()
    assert "Ring" not in here.asks()
    assert "Tell the family" in words(here.staff[0].get("/tasks"))
    assert "Nobody to ring" in words(here.manager.get("/council/families-to-ring"))
