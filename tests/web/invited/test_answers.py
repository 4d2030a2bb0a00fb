"""What an invited contact sees of the one case, and their answer for the school."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework.consent_texts import BODY_TEXTS, body_consent_text
from parley.casework.domain import AnswerValue, CaseState, ClockCode, ConsentState, PartyKind
from parley.casework.models import CaseClock, Consent
from parley.casework.request import Person
from parley.casework.service import answers, body_contacts
from parley.casework.wording import Names
from parley.db.scope import Login
from parley.policy.queries import policy_of_version
from support.factories import NOW, Factory, MadeCase, acting
from support.family import Family, Served, heading, served_council, without_secrets, words
from support.invited import Contact, Invited, invited_contact
from support.staff import Officer, as_provider, stored_case, told_case
from support.statements import statements_of

Visit = Callable[..., Contact]

WHO = {"name": "Sam Field", "role": "SENCo", "may_answer": "yes"}
NO = {**WHO, "reason": "already_resolved", "words": "We met on 3 November. 🙂"}
YES = {**WHO, "unavailable": "Never Mondays"}
LATER = {**WHO, "holding_until-day": "4", "holding_until-month": "12", "holding_until-year": "2026"}


@pytest.fixture
def contact(visit: Visit, invited: Invited, make: Factory) -> Contact:
    person = visit()
    person.confirm(make, invited)
    return person


@pytest.fixture
def address(invited: Invited) -> str:
    return f"/invited/cases/{invited.case.id}"


def send(contact: Contact, address: str, kind: str, form: dict[str, str]) -> str:
    page = f"{address}/answer/{kind}"
    preview = contact.post(page, **form)
    assert heading(preview) == "Check what the family will read", words(preview)
    answer = contact.post_from(preview, page, step="send")
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["Location"])


def take_out(invited: Invited, council: Served, make: Factory) -> None:
    """Have the provider go on without the invited body."""
    with make.database.begin(invited.case.provider_scope) as session:
        answers.remove_party(
            session,
            actor=acting(Role.COORDINATOR, invited.case.provider),
            at=NOW,
            authority_id=invited.case.authority.id,
            case_id=invited.case.id,
            party_id=invited.party_id,
            policy=policy_of_version(session, invited.case.authority.id, council.policy_version_id),
        )


def test_the_case_shows_the_childs_name_and_the_matter_and_no_more(
    contact: Contact, address: str, invited: Invited, council: Served, make: Factory
) -> None:
    text = contact.get(address).text
    assert "Rowan Marsh" in text
    assert "Area 1: how a nursery" in text
    assert "A parent or carer" in text
    for private in ("Ash Marsh", "2015", "parent@family.invalid", "in our own words", "decision"):
        assert private not in text.partition("<main")[2].replace("disagreement", ""), private


def test_what_the_family_shares_with_the_school_is_shown_to_it(
    contact: Contact, address: str, invited: Invited, make: Factory
) -> None:
    make.share(invited.case, invited.party_id, invited.case.story)
    assert "What happened, in our own words." in contact.get(address).text


def test_what_the_family_shares_with_the_council_is_not(
    contact: Contact, address: str, invited: Invited, make: Factory
) -> None:
    make.share(invited.case, invited.case.council, invited.case.story)
    assert "in our own words" not in contact.get(address).text


def test_a_yes_is_the_bodys_answer_and_the_persons_own_consent(
    contact: Contact, address: str, invited: Invited, make: Factory
) -> None:
    contact.get(address)
    assert send(contact, address, "agree", YES) == address
    view = as_provider(make, invited.case)
    school = next(party for party in view.parties if party.id == invited.party_id)
    me = next(member for member in view.members if member.id == invited.member_id)
    assert (school.answer, school.unavailable) == (AnswerValue.AGREED, "Never Mondays")
    assert (me.name, me.role) == ("Sam Field", "SENCo")
    with make.database.begin(invited.case.authority_scope) as session:
        consents = session.scalars(sa.select(Consent).where(Consent.member_id == invited.member_id)).all()
        actions = session.scalars(
            sa.select(AuditEvent.action).where(AuditEvent.case_id == invited.case.id, AuditEvent.actor_id.is_not(None))
        ).all()
    assert [consent.state for consent in consents] == [ConsentState.GIVEN]
    assert {"case.read", "case.declared_may_answer", "case.answered"} <= set(actions)


def test_a_body_agrees_to_the_very_words_that_it_was_shown(
    contact: Contact, address: str, invited: Invited, make: Factory, council: Served
) -> None:
    text = body_consent_text(Names(council=council.authority.name, provider="Global Mediation"), "Oak Hill School")
    assert text in words(contact.get(f"{address}/answer"))
    assert text in words(contact.get(f"{address}/answer/agree"))
    assert text not in words(contact.get(f"{address}/answer/decline"))
    assert text in words(contact.post(f"{address}/answer/agree", **YES))
    send(contact, address, "agree", YES)
    with make.database.begin(invited.case.authority_scope) as session:
        (consent,) = session.scalars(sa.select(Consent).where(Consent.member_id == invited.member_id)).all()
    assert consent.text_version in BODY_TEXTS


def test_a_no_takes_out_that_body_alone_and_says_what_follows(
    contact: Contact, address: str, invited: Invited, make: Factory
) -> None:
    send(contact, address, "decline", NO)
    page = words(contact.get(address))
    assert "asks the others whether to go on without you" in page
    view = as_provider(make, invited.case)
    assert view.state is CaseState.COUNCIL_TOLD
    council = view.party(PartyKind.LOCAL_AUTHORITY)
    assert council is not None
    assert council.answer is None


def test_when_council_and_school_agree_the_case_goes_on(
    contact: Contact, address: str, invited: Invited, council: Served, make: Factory
) -> None:
    send(contact, address, "agree", YES)
    with make.database.begin(invited.case.authority_scope) as session:
        answers.answer_for_council(
            session,
            actor=acting(Role.OFFICER, invited.case.authority),
            at=NOW,
            authority_id=invited.case.authority.id,
            case_id=invited.case.id,
            answer=answers.NewAnswer(
                value=AnswerValue.AGREED, decision_maker=Person(name="Kit", email="kit@council.example")
            ),
            policy=policy_of_version(session, invited.case.authority.id, council.policy_version_id),
            instead_of=None,
        )
    assert stored_case(make, invited.case).state is CaseState.AGREED
    assert "Everybody agreed" in words(contact.get(address))
    assert contact.get(f"{address}/answer").status_code == 409


def test_a_bodys_date_becomes_its_own_word_and_is_met_by_its_answer(
    contact: Contact, address: str, invited: Invited, make: Factory
) -> None:
    send(contact, address, "holding", LATER)
    running = _invitation_clocks(make, invited.case)
    assert [(clock.party_id, clock.due_on) for clock in running] == [(invited.party_id, dt.date(2026, 12, 4))]
    send(contact, address, "agree", YES)
    assert _invitation_clocks(make, invited.case) == []


@pytest.mark.parametrize(("kind", "form"), [("agree", YES), ("decline", NO)])
def test_one_body_answers_for_itself_and_the_date_of_another_runs_on(
    contact: Contact,
    address: str,
    invited: Invited,
    council: Served,
    make: Factory,
    kind: str,
    form: dict[str, str],
) -> None:
    other = invited_contact(
        make, council, invited.case, party_id=make.party(invited.case, PartyKind.ICB, name="An ICB")
    )
    assert {clock.party_id for clock in _invitation_clocks(make, invited.case)} == {invited.party_id, other.party_id}
    send(contact, address, kind, form)
    (running,) = _invitation_clocks(make, invited.case)
    assert running.party_id == other.party_id
    asked = [clock for clock in as_provider(make, invited.case).clocks if clock.is_running()]
    assert [(clock.code, clock.party) for clock in asked if clock.code is ClockCode.INVITATION_BY] == [
        (ClockCode.INVITATION_BY, "An ICB")
    ]


def test_a_body_sees_its_own_date_and_not_when_another_answers(
    contact: Contact, address: str, invited: Invited, council: Served, make: Factory
) -> None:
    invited_contact(make, council, invited.case, party_id=make.party(invited.case, PartyKind.ICB, name="An ICB"))
    page = words(contact.get(address))
    assert "Answer the invitation" in page
    assert "An ICB answers" not in page


def test_nothing_is_due_from_a_body_that_is_no_longer_asked(invited: Invited, council: Served, make: Factory) -> None:
    take_out(invited, council, make)
    assert _invitation_clocks(make, invited.case) == []


@pytest.mark.parametrize(
    ("kind", "form", "message"),
    [
        ("agree", {"name": "Sam", "role": "SENCo"}, "Tick the box if you may answer"),
        ("agree", {**WHO, "role": ""}, "Enter what you are there"),
        ("agree", {**WHO, "name": " "}, "Enter your name"),
        ("decline", {**WHO, "words": "No."}, "Select why"),
        ("decline", {**WHO, "reason": "other"}, "Write the reason in words for the family"),
        ("holding", {**LATER, "holding_until-year": "2025", "step": "send"}, "The date must be in the future"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    contact: Contact, address: str, kind: str, form: dict[str, str], message: str
) -> None:
    answer = contact.post(f"{address}/answer/{kind}", **form)
    assert answer.status_code == 422
    assert message in words(answer)


def test_two_clicks_send_one_answer_and_nothing_typed_is_lost(
    contact: Contact, address: str, invited: Invited, make: Factory
) -> None:
    page = f"{address}/answer/decline"
    preview = contact.post(page, **NO)
    assert contact.post_from(preview, page, step="send").status_code == 303
    again = contact.post_from(preview, page, step="send")
    assert again.status_code == 409
    assert "We met on 3 November. 🙂" in words(again)


def test_words_survive_a_session_that_ran_out(contact: Contact, address: str, invited: Invited, make: Factory) -> None:
    page = f"{address}/answer/decline"
    preview = contact.post(page, **NO)
    contact.sign_out()
    waiting = contact.post_from(preview, page, step="send")
    assert waiting.status_code == 401
    assert 'href="/invited"' in waiting.text
    assert "We met on 3 November." in waiting.text
    assert "Open the link in the email" in words(contact.get("/invited"))
    contact.confirm(make, invited)
    assert contact.post_from(waiting, page).status_code == 303


def test_the_session_is_for_one_case(
    contact: Contact, address: str, invited: Invited, council: Served, visit: Visit, make: Factory
) -> None:
    other = invited_contact(make, council, told_case(make, council))
    elsewhere = visit()
    elsewhere.confirm(make, other)
    nothing = without_secrets(contact.get(f"/invited/cases/{make.case().id}"))
    for path in ("", "/answer", "/answer/agree", "/not-me"):
        answer = contact.get(f"/invited/cases/{other.case.id}{path}")
        assert answer.status_code == 404
        assert without_secrets(answer) == nothing
    for path in (f"/requests/{invited.case.id}", "/requests", "/council", f"/council/cases/{invited.case.id}"):
        assert contact.get(path).status_code == 403, path


def test_a_family_and_an_officer_open_nothing_here(
    app: Flask, address: str, council: Served, make: Factory, contact: Contact
) -> None:
    parent, officer = Family(app.test_client(), council), Officer(app.test_client(), council)
    parent.sign_in(make)
    officer.sign_in(make)
    assert parent.get(address).status_code == 403
    assert officer.get(address).status_code == 403
    nobody = Family(app.test_client(), council).get(address)
    assert nobody.headers["Location"].startswith("/invited?")


def test_a_cookie_opens_nothing_at_another_council(
    contact: Contact, address: str, council: Served, make: Factory, app: Flask
) -> None:
    other = served_council(make)
    app.extensions["parley"].sites.forget()
    cookie = contact.client.get_cookie("parley", domain=council.authority.host)
    contact.client.set_cookie("parley", cookie.value, domain=other.authority.host)
    assert contact.client.get(address, base_url=other.url).status_code == 303


def test_who_gives_the_place_back_sees_the_case_no_more(
    contact: Contact, address: str, invited: Invited, visit: Visit, make: Factory
) -> None:
    cookie = contact.client.get_cookie("parley", domain=invited.case.authority.host).value
    answer = contact.post(f"{address}/not-me", name="Kim Hill")
    assert heading(answer) == "Thank you for telling us"
    contact.client.set_cookie("parley", cookie, domain=invited.case.authority.host)
    assert contact.get(address).status_code == 303
    assert contact.get(f"/invited/{invited.token}").status_code == 404


def test_who_was_revoked_sees_the_case_no_more(contact: Contact, address: str, invited: Invited, make: Factory) -> None:
    with make.database.begin(invited.case.provider_scope) as session:
        body_contacts.revoke_invitation(
            session,
            actor=acting(Role.COORDINATOR, invited.case.provider),
            at=NOW,
            authority_id=invited.case.authority.id,
            case_id=invited.case.id,
            member_id=invited.member_id,
        )
    assert contact.get(address).status_code == 404


def test_a_body_that_was_taken_out_learns_that_and_nothing_else(
    contact: Contact, address: str, invited: Invited, council: Served, make: Factory
) -> None:
    send(contact, address, "decline", NO)
    take_out(invited, council, make)
    answer = contact.get(address)
    assert answer.status_code == 403
    assert "goes on without you" in words(answer)
    assert "Rowan" not in answer.text


def test_the_page_asks_the_database_eleven_times_at_most(contact: Contact, address: str, app: Flask) -> None:
    contact.get(address)
    with statements_of(app.extensions["parley"].database, Login.APP) as asked:
        assert contact.get(address).status_code == 200
    assert len(asked) <= 11, "\n".join(asked)


def _invitation_clocks(make: Factory, case: MadeCase) -> list[CaseClock]:
    with make.database.begin(case.authority_scope) as session:
        return list(
            session.scalars(
                sa.select(CaseClock).where(
                    CaseClock.case_id == case.id,
                    CaseClock.code == ClockCode.INVITATION_BY,
                    CaseClock.met_at.is_(None),
                    CaseClock.stopped_at.is_(None),
                )
            )
        )
