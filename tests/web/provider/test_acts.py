"""What coordinators do in a case, each once, and what becomes of it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from parley.access.domain import Role
from parley.casework.domain import AnswerValue, CaseState, Channel, CloseReason, DeclineReason, PartyKind, StatementKind
from parley.casework.models import Case, Consent, Invitation, Party, PartyMember, TimelineEntry
from parley.casework.request import Body, Person
from parley.casework.service.answers import NewAnswer, answer_for_council
from parley.db.scope import authority_scope
from parley.policy.queries import policy_of_version
from support.factories import Factory, acting
from support.family import Served, served_council, words
from support.provider import Staff, a_request, case_path, sent, stored
from support.staff import Officer


@pytest.fixture
def case(make: Factory, council: Served) -> Case:
    """A request that was just sent."""
    return sent(make, council)


@pytest.fixture
def told(case: Case, coordinator: Staff) -> Case:
    """A request of which the council was told."""
    coordinator.does(case_path(case, "acknowledge"), take="yes")
    coordinator.does(case_path(case, "tell-council"), sure="yes")
    return case


def rows(make: Factory, case: Case, model: type) -> list:
    """Return the case's rows of a table."""
    with make.database.begin(authority_scope(case.authority_id)) as session:
        return list(session.scalars(select(model).where(model.case_id == case.id).order_by(model.id)))


def party(make: Factory, case: Case, kind: PartyKind) -> Party:
    """Return a side of the case."""
    return next(one for one in rows(make, case, Party) if one.kind is kind)


def council_answers(make: Factory, council: Served, case: Case, answer: NewAnswer) -> None:
    """Let the council answer."""
    with make.database.begin(authority_scope(case.authority_id)) as session:
        answer_for_council(
            session,
            actor=acting(Role.OFFICER, council.authority),
            at=make.clock.now(),
            authority_id=case.authority_id,
            case_id=case.id,
            answer=answer,
            instead_of=None,
            policy=policy_of_version(session, case.authority_id, case.policy_version_id),
        )


def test_acknowledging_takes_the_case_and_a_second_time_is_a_conflict(
    coordinator: Staff, case: Case, make: Factory
) -> None:
    stale = coordinator.get(case_path(case, "acknowledge"))
    page = coordinator.does(case_path(case, "acknowledge"), take="yes")
    assert "You acknowledged the request" in words(page)
    assert "Who looks after it You" in words(page)
    assert stored(make, case).state is CaseState.ACKNOWLEDGED
    again = coordinator.post(case_path(case, "acknowledge"), page=stale, take="yes")
    assert again.status_code == 409
    assert "moved on" in words(again)


def test_the_preview_is_what_the_council_will_see_and_nothing_it_will_not(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    shared = frozenset({(StatementKind.WISH, PartyKind.LOCAL_AUTHORITY)})
    case = sent(make, council, a_request(shares=shared))
    coordinator.does(case_path(case, "acknowledge"))
    preview = words(coordinator.get(case_path(case, "tell-council")))
    assert "That it begins again." in preview
    assert "Ash Marsh" in preview
    for hidden in ("The help in section F", "4 Hidden Lane", "01632", "ash@family.example", "The other parent"):
        assert hidden not in preview


def facts_of(page: TestResponse) -> list[tuple[str, str]]:
    """Return the names and values that a page states of the request."""
    request = page.text.partition("The request</h")[2].partition("</dl>")[0]
    return re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", request, flags=re.DOTALL)


def test_the_preview_says_of_the_request_exactly_what_the_officer_then_reads(
    coordinator: Staff, council: Served, make: Factory, app: Flask
) -> None:
    request = a_request(facts={"stage": "plan_in_force", "decision_letter_date": "2026-10-02"}, asked_as_question=True)
    case = sent(make, council, request, channel=Channel.PHONE)
    coordinator.does(case_path(case, "acknowledge"))
    preview = facts_of(coordinator.get(case_path(case, "tell-council")))
    assert ("Decision letter dated", "2 October 2026") in preview
    coordinator.does(case_path(case, "tell-council"), sure="yes")
    officer = Officer(app.test_client(), council)
    officer.sign_in(make)
    read = facts_of(officer.get(f"/council/cases/{case.id}"))
    assert [fact for fact in read if fact[0] != "You were told on"] == preview


def test_telling_the_council_needs_the_preview_looked_at_and_is_an_act_of_its_own(
    coordinator: Staff, case: Case, make: Factory
) -> None:
    coordinator.does(case_path(case, "acknowledge"))
    assert stored(make, case).council_told_at is None
    refused = coordinator.post(case_path(case, "tell-council"))
    assert refused.status_code == 422
    assert stored(make, case).council_told_at is None
    coordinator.does(case_path(case, "tell-council"), sure="yes")
    assert stored(make, case).council_told_at is not None


def test_a_council_without_a_mailbox_is_told_by_the_coordinator_who_sees_how_it_is_reached(
    staff: Callable[..., Staff], app: Flask, make: Factory
) -> None:
    quiet = served_council(make, team_mailbox=None)
    app.extensions["parley"].sites.forget()
    coordinator = staff(Role.COORDINATOR, at=quiet.provider)
    case = sent(make, quiet)
    coordinator.does(case_path(case, "acknowledge"))
    page = words(coordinator.get(case_path(case, "tell-council")))
    assert "nobody there is emailed: tell it yourself" in page
    assert "SEND team, to reach your case officer SENDadmin@derby.gov.uk" in page
    told = coordinator.does(case_path(case, "tell-council"), sure="yes")
    assert "Tell the council: there is a request to answer, and by when" in words(told)
    assert "No mailbox of its team is set up here." in words(told)
    task = re.search(rf'href="({case_path(case)}/[^"]*task[^"]*|/tasks/[^"]+)"', told.text)
    assert task is not None
    page = words(coordinator.get(task[1]))
    assert "SENDadmin@derby.gov.uk" in page
    assert "01632" not in page
    assert "Tell the council" not in words(coordinator.does(task[1]))


def test_the_council_cannot_be_told_before_somebody_acknowledged(coordinator: Staff, case: Case) -> None:
    assert coordinator.get(case_path(case, "tell-council")).status_code == 409


def test_signposting_keeps_which_ways_and_closes(coordinator: Staff, case: Case, make: Factory) -> None:
    page = coordinator.does(case_path(case, "signpost"), ways=["sendiass", "mediation_and_appeals"])
    assert "the case is closed" in words(page)
    closed = stored(make, case)
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.SIGNPOSTED)
    assert rows(make, case, TimelineEntry)[-1].codes == {"to_1": "mediation_and_appeals", "to_2": "sendiass"}


def test_where_the_council_publishes_no_other_way_the_page_says_so_and_offers_no_button(
    staff: Callable[..., Staff], make: Factory
) -> None:
    council = served_council(make, "staffordshire")
    case = sent(make, council, a_request())
    page = staff(Role.COORDINATOR, at=council.provider).get(case_path(case, "signpost"))
    assert "publishes no other way" in words(page)
    assert "Tell the family and close the case" not in words(page)


def test_nobody_is_signposted_to_what_the_council_does_not_publish(
    coordinator: Staff, case: Case, make: Factory
) -> None:
    assert coordinator.post(case_path(case, "signpost"), ways=["elsewhere"]).status_code == 422
    assert stored(make, case).state is CaseState.SENT


def test_a_conflict_of_interest_goes_to_the_administrator_who_hands_the_case_over(
    coordinator: Staff, staff: Callable[..., Staff], case: Case
) -> None:
    colleague = staff(Role.COORDINATOR, name="case2@provider.example")
    administrator = staff(Role.PROVIDER_ADMINISTRATOR, name="lead@provider.example")
    page = coordinator.does(case_path(case, "conflict-of-interest"))
    assert "Do nothing in it until your administrator" in words(page)
    assert case.reference in words(administrator.get("/late"))
    settled = administrator.does(case_path(case, "hand-over"), coordinator=colleague.identity_id)
    assert "case2@provider.example" in words(settled)
    assert "Do nothing in it" not in words(settled)
    assert "Nothing needs you" in words(administrator.get("/late"))


def test_two_colleagues_who_take_a_case_at_once_do_not_take_it_from_each_other(
    coordinator: Staff, staff: Callable[..., Staff], case: Case
) -> None:
    colleague = staff(Role.COORDINATOR, name="case2@provider.example")
    stale = colleague.get(case_path(case, "coordinator"))
    coordinator.does(case_path(case, "coordinator"), coordinator=coordinator.identity_id)
    late = colleague.post(case_path(case, "coordinator"), page=stale, coordinator=colleague.identity_id)
    assert late.status_code == 409
    assert "case1@provider.example" in words(colleague.get(case_path(case)))


def test_a_body_is_invited_once_the_family_said_yes_and_only_one_person_of_it(
    coordinator: Staff, told: Case, make: Factory
) -> None:
    school = party(make, told, PartyKind.SETTING)
    page = coordinator.does(case_path(told, f"invite/{school.id}"), name="Sam Field", email="sam@school.example")
    assert "Sam Field" in words(page)
    assert "Being sent until 8 December 2026" in words(page)
    contact = next(member for member in rows(make, told, PartyMember) if member.capacity == "setting_contact")
    with make.database.begin(authority_scope(told.authority_id)) as session:
        session.get_one(PartyMember, (told.authority_id, contact.id)).role = "SENCo and deputy head"
        session.commit()
    page = coordinator.get(case_path(told))
    assert "Sam Field , SENCo and deputy head , contact at the school or setting" in words(page)
    again = coordinator.get(case_path(told, f"invite/{school.id}"))
    assert again.status_code == 409


def test_a_body_is_not_invited_without_the_familys_yes_which_may_come_by_phone(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    bodies = (Body(kind=PartyKind.SETTING, name="Oak Hill School", may_be_invited=False),)
    case = sent(make, council, a_request(bodies=bodies))
    coordinator.does(case_path(case, "acknowledge"))
    coordinator.does(case_path(case, "tell-council"), sure="yes")
    school = party(make, case, PartyKind.SETTING)
    assert coordinator.get(case_path(case, f"invite/{school.id}")).status_code == 409
    parent = next(member for member in rows(make, case, PartyMember))
    coordinator.does(case_path(case, f"consent/{school.id}"), member=parent.id, agrees="yes")
    said = rows(make, case, Consent)[-1]
    assert (said.kind, said.state, said.means) == ("ask_setting", "given", "spoken")
    assert coordinator.get(case_path(case, f"invite/{school.id}")).status_code == 200


def test_an_invitation_is_renewed_and_taken_back(coordinator: Staff, told: Case, make: Factory) -> None:
    school = party(make, told, PartyKind.SETTING)
    coordinator.does(case_path(told, f"invite/{school.id}"), name="Sam Field", email="sam@school.example")
    contact = next(member for member in rows(make, told, PartyMember) if member.capacity == "setting_contact")
    coordinator.does(case_path(told, f"invitation/{contact.id}"), act="renew")
    first, second = rows(make, told, Invitation)
    assert first.revoked_at is not None
    assert second.revoked_at is None
    page = coordinator.does(case_path(told, f"invitation/{contact.id}"), act="revoke")
    assert "sam@school.example" not in words(page)
    assert all(invitation.revoked_at for invitation in rows(make, told, Invitation))


def test_a_no_takes_out_only_the_one_who_says_it(
    coordinator: Staff, told: Case, council: Served, make: Factory
) -> None:
    side = party(make, told, PartyKind.LOCAL_AUTHORITY)
    assert coordinator.get(case_path(told, f"without/{side.id}")).status_code == 409
    declined = NewAnswer(value=AnswerValue.DECLINED, reason=DeclineReason.OTHER_ROUTE, words="An appeal is under way.")
    council_answers(make, council, told, declined)
    page = words(coordinator.get(case_path(told)))
    assert "Said no" in page
    assert "An appeal is under way." in page
    stale = coordinator.get(case_path(told, f"without/{side.id}"))
    coordinator.does(case_path(told, f"without/{side.id}"))
    assert stored(make, told).state is CaseState.COUNCIL_TOLD
    assert coordinator.post(case_path(told, f"without/{side.id}"), page=stale).status_code == 409


def test_a_case_that_cannot_go_on_is_ended(coordinator: Staff, told: Case, make: Factory) -> None:
    coordinator.does(case_path(told, "end"))
    closed = stored(make, told)
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.NOT_PROCEEDING)


def test_a_family_that_withdraws_by_phone_has_withdrawn(coordinator: Staff, told: Case, make: Factory) -> None:
    parent = next(member for member in rows(make, told, PartyMember) if member.capacity == "parent_carer")
    page = coordinator.does(case_path(told, "withdraw"), member=parent.id)
    assert "Withdrawn" in words(page)
    assert rows(make, told, Consent)[-1].means == "spoken"


def test_a_body_the_family_does_not_want_asked_is_not_waited_for(
    coordinator: Staff, told: Case, council: Served, make: Factory
) -> None:
    school = party(make, told, PartyKind.SETTING)
    parent = next(member for member in rows(make, told, PartyMember) if member.capacity == "parent_carer")
    agreed = NewAnswer(value=AnswerValue.AGREED, decision_maker=Person(name="Head of SEND"))
    council_answers(make, council, told, agreed)
    assert stored(make, told).state is CaseState.COUNCIL_TOLD
    coordinator.does(case_path(told, f"consent/{school.id}"), member=parent.id, agrees="no")
    assert stored(make, told).state is CaseState.AGREED
