"""What became of a request: the page of a case, and what its family can do there."""

import html
import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from parley.access.domain import Role
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    DeclineReason,
    InvitationKind,
    ReferralState,
    Viewer,
)
from parley.casework.models import Answer, Case, PartyMember, Referral, Share
from parley.casework.service import invitations, referral
from parley.casework.service.record import Act, case_for_update
from parley.db.scope import Login
from support.asking import send
from support.factories import NOW, Factory, MadeCase, acting
from support.family import Family, case_of, heading, served_council, without_secrets, words
from support.statements import statements_of


@pytest.fixture
def own(parent: Family, make: Factory) -> MadeCase:
    """A case of the signed-in parent, of which the council was told."""
    return case_of(parent, make)


def answered(make: Factory, case: MadeCase, value: AnswerValue, words_said: str = "") -> None:
    """Have the council answer."""
    with make.database.begin(case.authority_scope) as session:
        session.add(
            Answer(
                authority_id=case.authority.id,
                case_id=case.id,
                party_id=case.council,
                value=value,
                reason=DeclineReason.OTHER_ROUTE if value is AnswerValue.DECLINED else None,
                words=words_said,
                unavailable="",
                answered_at=NOW,
            )
        )
        session.commit()


@pytest.mark.parametrize("state", CaseState)
def test_the_page_of_every_state_says_what_is_next_and_who_holds_it(
    parent: Family, make: Factory, state: CaseState
) -> None:
    page = parent.get(f"/requests/{case_of(parent, make, state).id}")
    assert page.status_code == 200
    said = words(page)
    assert "What happens next" in said
    assert "Who holds it" in said
    assert "0800 064 4488" in said
    assert "Exit this page" in page.text


@pytest.mark.parametrize(("path", "most"), [("/requests/{}", 9), ("/requests", 8), ("/requests/{}/documents", 11)])
def test_a_page_asks_the_database_no_more_than_its_share(
    app: Flask, parent: Family, make: Factory, path: str, most: int
) -> None:
    """Read twice, because the first reading in a process also fetches keys and rules that never change."""
    for _ in range(3):
        own = case_of(parent, make)
    parent.get(path.format(own.id))
    with statements_of(app.extensions["parley"].database, Login.APP) as statements:
        assert parent.get(path.format(own.id)).status_code == 200
    assert len(statements) <= most, "\n".join(statements)


def test_a_no_is_read_in_the_councils_own_words_with_what_else_there_is(
    parent: Family, make: Factory, own: MadeCase
) -> None:
    answered(make, own, AnswerValue.DECLINED, "We meet you on Friday to settle this.")
    said = words(parent.get(f"/requests/{own.id}"))
    assert "Said no" in said
    assert "We meet you on Friday to settle this." in said
    assert "It thinks another way is the right one." in said
    assert "What else you can do" in said
    assert "Derby SENDIASS and IPSEA" in said


def test_a_school_that_nobody_invited_yet_does_not_hold_the_next_step(parent: Family, make: Factory) -> None:
    case = case_of(parent, make, CaseState.COUNCIL_TOLD)
    make.party(case)
    said = words(parent.get(f"/requests/{case.id}"))
    assert "Global Mediation invites Oak Hill School, and " in said
    assert "Oak Hill School Not invited yet" in said
    answered(make, case, AnswerValue.AGREED)
    said = words(parent.get(f"/requests/{case.id}"))
    assert "Global Mediation invites Oak Hill School" in said
    assert "Who holds it Global Mediation" in said


def test_a_request_for_another_way_says_where_that_is(parent: Family, make: Factory) -> None:
    case = case_of(parent, make, CaseState.ACKNOWLEDGED)
    with make.database.begin(case.authority_scope) as session:
        session.add(
            Referral(
                authority_id=case.authority.id,
                case_id=case.id,
                provider_id=case.provider.id,
                state=ReferralState.SUBMITTED,
                made_at=NOW,
            )
        )
        session.commit()
        referral.signpost(
            session,
            actor=acting(Role.COORDINATOR, case.provider),
            at=NOW,
            authority_id=case.authority.id,
            case_id=case.id,
            contacts=["sendiass"],
        )
    said = words(parent.get(f"/requests/{case.id}"))
    assert "Where Global Mediation suggests you go" in said
    assert "Derby SENDIASS website" in said


def test_a_statement_is_shared_with_one_party_and_no_longer(parent: Family, make: Factory, own: MadeCase) -> None:
    page, address = f"/requests/{own.id}", f"/requests/{own.id}/words/{own.story}/{own.council}"
    assert "Does not see it" in words(parent.get(page))
    for _ in range(2):
        parent.follow(parent.post(f"{address}/share", page=page))
    said = words(parent.get(page))
    assert "May read it" in said
    assert "You shared something you wrote" in said
    parent.follow(parent.post(f"{address}/stop", page=page))
    assert "Does not see it" in words(parent.get(page))
    with make.database.begin(own.authority_scope) as session:
        (share,) = session.scalars(select(Share))
        assert share.stopped_at is not None


def test_only_its_author_shares_a_statement(
    parent: Family, visit: Callable[..., Family], make: Factory, own: MadeCase
) -> None:
    other = visit()
    identity_id = other.sign_in(make)
    make.member(own, own.family, name="Other Parent", capacity=Capacity.PARENT_CARER, identity_id=identity_id)
    page = other.get(f"/requests/{own.id}")
    assert "What happened, in our own words." not in page.text
    address = f"/requests/{own.id}/words/{own.story}/{own.council}/share"
    assert other.post(address, page="/requests").status_code == 404


def test_the_family_withdraws_at_any_time_and_once(parent: Family, make: Factory, own: MadeCase) -> None:
    asked = parent.get(f"/requests/{own.id}/withdraw")
    assert "you need not say why" in words(asked)
    after = parent.follow(parent.post_from(asked, f"/requests/{own.id}/withdraw"))
    assert "Withdrawn" in words(after)
    assert "No answer yet" not in words(after)
    assert parent.post_from(asked, f"/requests/{own.id}/withdraw").status_code == 303
    with make.database.begin(own.authority_scope) as session:
        assert session.get_one(Case, (own.authority.id, own.id)).state is CaseState.CLOSED


def next_on(page: TestResponse) -> tuple[str, list[str]]:
    """What happens next as a case's own page says it, and by when and who holds it."""
    what, *facts = re.findall(r'parley-next__what">(.*?)<|<dt>(?:By|Who holds it)</dt><dd>(.*?)</dd>', page.text)
    return html.unescape(what[0]), [html.unescape(re.sub(r"<[^>]*>", "", fact)) for _, fact in facts]


@pytest.mark.parametrize("state", [state for state in CaseState if state is not CaseState.CLOSED])
def test_the_list_says_of_each_request_what_its_own_page_says_of_the_next_step(
    parent: Family, make: Factory, state: CaseState
) -> None:
    made = case_of(parent, make, state)
    make.party(made)
    what, facts = next_on(parent.get(f"/requests/{made.id}"))
    said = words(parent.get("/requests"))
    assert f"Next: {what}." in said
    assert all(fact in said for fact in facts)


def test_the_list_says_by_when(parent: Family) -> None:
    what, facts = next_on(parent.get(f"/requests/{send(parent)}"))
    assert f"Next: {what}. By {facts[0]}. Who holds it: {facts[1]}." in words(parent.get("/requests"))


def test_the_list_says_of_a_request_that_ended_that_nothing_follows(parent: Family, make: Factory) -> None:
    case_of(parent, make, CaseState.CLOSED)
    said = words(parent.get("/requests"))
    assert "Nothing more happens here." in said
    assert "Who holds it" not in said


def test_another_familys_case_reads_as_one_that_never_was(
    visit: Callable[..., Family], make: Factory, own: MadeCase
) -> None:
    other = visit()
    other.sign_in(make)
    for suffix in ("", "/sent", "/withdraw", "/your-say", "/messages"):
        seen, unseen = other.get(f"/requests/{own.id}{suffix}"), other.get(f"/requests/{uuid.uuid4()}{suffix}")
        assert seen.status_code == unseen.status_code == 404
        assert without_secrets(seen) == without_secrets(unseen)
        assert own.child_name not in seen.text
    assert own.reference not in other.get("/requests").text


def test_another_council_does_not_know_the_case(visit: Callable[..., Family], make: Factory, own: MadeCase) -> None:
    elsewhere = visit(served_council(make, "staffordshire"))
    elsewhere.sign_in(make)
    assert elsewhere.get(f"/requests/{own.id}").status_code == 404


def test_nobody_reads_a_case_without_signing_in(family: Family, own: MadeCase) -> None:
    assert family.get(f"/requests/{own.id}").headers["Location"].startswith("/sign-in?next=")


def test_a_young_person_takes_up_the_invitation_and_says_yes(
    parent: Family, visit: Callable[..., Family], make: Factory
) -> None:
    case = case_of(parent, make, CaseState.WAITING_FOR_YOUNG_PERSON)
    token = invited(make, case, InvitationKind.YOUNG_PERSON)
    young = visit()
    opened = young.get(f"/your-answer/{token}")
    assert case.child_name not in opened.text
    assert "it is your choice" in words(opened)
    young.sign_in(make)
    asked = young.follow(young.post(f"/your-answer/{token}/take-up", page=f"/your-answer/{token}"))
    assert heading(asked) == "It is your choice"
    assert young.post(f"/requests/{case.id}/your-say").status_code == 422
    after = young.follow(young.post(f"/requests/{case.id}/your-say", agrees="yes"))
    assert "Sent to Global Mediation" in words(after)
    assert visit().get(f"/your-answer/{token}").status_code == 404


def test_a_parent_cannot_answer_for_the_young_person(parent: Family, make: Factory) -> None:
    case = case_of(parent, make, CaseState.WAITING_FOR_YOUNG_PERSON)
    token = invited(make, case, InvitationKind.YOUNG_PERSON)
    assert parent.post(f"/your-answer/{token}/take-up", page=f"/your-answer/{token}").status_code == 409


def test_a_young_persons_no_ends_it_and_the_page_says_so(
    parent: Family, visit: Callable[..., Family], make: Factory
) -> None:
    case = case_of(parent, make, CaseState.WAITING_FOR_YOUNG_PERSON)
    token = invited(make, case, InvitationKind.YOUNG_PERSON)
    young = visit()
    young.sign_in(make)
    young.post(f"/your-answer/{token}/take-up", page=f"/your-answer/{token}")
    young.follow(young.post(f"/requests/{case.id}/your-say", agrees="no"))
    assert "The young person said no, and the choice is theirs" in words(parent.get(f"/requests/{case.id}"))


def test_a_caller_follows_the_request_that_was_entered_for_them(
    visit: Callable[..., Family], parent: Family, make: Factory
) -> None:
    case = case_of(parent, make, CaseState.SENT)
    code = claimable(make, case)
    caller = visit()
    caller.sign_in(make)
    wrong = caller.post("/requests/claim", reference=case.reference, code="WRONGX")
    assert wrong.status_code == 422
    assert "do not belong together" in words(wrong)
    found = caller.follow(caller.post("/requests/claim", reference=case.reference.lower(), code=code))
    assert case.reference in words(found)


def invited(make: Factory, case: MadeCase, kind: InvitationKind) -> str:
    """Invite a young person to the case; return the token of the mail."""
    member_id = make.member(
        case,
        case.family,
        name=case.child_name,
        capacity=Capacity.YOUNG_PERSON,
        email="young@person.example",
        identity_id=None,
        is_rights_holder=True,
    )
    with make.database.begin(case.authority_scope) as session:
        member = session.get_one(PartyMember, (case.authority.id, member_id))
        member.identity_id = None
        act = act_of(session, case)
        invitation = invitations.invite(act, member, kind)
        session.commit()
        minted = invitations.mint_invitation(
            session, authority_id=case.authority.id, invitation_id=invitation.id, at=NOW
        )
        assert minted is not None
        return minted.token


def claimable(make: Factory, case: MadeCase) -> str:
    """Let a caller claim a place in the case; return the code that is read out."""
    member_id = make.member(case, case.family, name="A Caller", capacity=Capacity.PARENT_CARER)
    with make.database.begin(case.authority_scope) as session:
        member = session.get_one(PartyMember, (case.authority.id, member_id))
        member.identity_id = None
        code = invitations.offer_claim(act_of(session, case), member)
        session.commit()
        return code


def act_of(session: object, case: MadeCase) -> Act:
    """Return the frame of an act of the case's provider."""
    row = case_for_update(session, case.authority.id, case.id)
    actor = acting(Role.COORDINATOR, case.provider)
    return Act(session=session, case=row, actor=actor, by=Viewer.PROVIDER, at=NOW)
