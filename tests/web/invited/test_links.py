"""The link of an invitation: what it shows before a code, what only buttons do, and where it ends."""

import datetime as dt
from collections.abc import Callable

import pytest

from parley.casework import queries
from parley.casework.models import Invitation
from parley.kernel.clock import FixedClock
from support.factories import NOW, Factory, MadeCase
from support.family import Served, heading, served_council, without_secrets, words
from support.invited import Contact, Invited, invite, invited_contact, mailed_code, mailed_token, newest_invitation
from support.staff import told_case

Visit = Callable[..., Contact]


def stored(make: Factory, invited: Invited) -> Invitation:
    with make.database.begin(invited.case.authority_scope) as session:
        return newest_invitation(session, invited.case, invited.member_id)


def test_the_link_says_who_invites_and_how_to_check_it_and_nothing_about_the_child(
    visit: Visit, invited: Invited
) -> None:
    page = visit().get(f"/invited/{invited.token}")
    assert page.status_code == 200
    text = words(page)
    assert "Derby City Council" in text
    assert "Global Mediation" in text
    assert "0800 064 4488" in text
    assert invited.case.reference in text
    for of_families in ("Exit this page", "Your requests", "Can this help me?"):
        assert of_families not in page.text
    for private in ("Rowan", "Marsh", "Sam Field", "Oak Hill"):
        assert private not in page.text


def test_opening_the_link_changes_nothing(visit: Visit, invited: Invited, make: Factory) -> None:
    before = stored(make, invited)
    for path in ("", "/code", "/not-me"):
        assert visit().get(f"/invited/{invited.token}{path}").status_code == 200
    after = stored(make, invited)
    columns = [column.name for column in Invitation.__table__.columns]
    assert [getattr(before, name) for name in columns] == [getattr(after, name) for name in columns]


def test_a_code_opens_the_case(visit: Visit, invited: Invited, make: Factory) -> None:
    contact = visit()
    assert contact.confirm(make, invited) == f"/invited/cases/{invited.case.id}"
    page = contact.get(f"/invited/cases/{invited.case.id}")
    assert page.status_code == 200
    assert "Rowan Marsh" in words(page)
    assert "Sam Field" in page.text.partition("<main")[0]


def test_a_code_may_be_typed_as_people_type(visit: Visit, invited: Invited, make: Factory) -> None:
    code = mailed_code(make, invited)
    typed = f" {code[:3].lower()}-{code[3:].lower()} "
    assert visit().post(f"/invited/{invited.token}/code", code=typed).status_code == 303


def test_a_wrong_code_is_said_to_be_wrong_and_five_void_it(visit: Visit, invited: Invited, make: Factory) -> None:
    contact, address = visit(), f"/invited/{invited.token}/code"
    code = mailed_code(make, invited)
    for _ in range(5):
        answer = contact.post(address, code="BBBBBB")
        assert answer.status_code == 422
        assert "not the one we sent" in words(answer)
    assert contact.post(address, code=code).status_code == 422


def test_a_code_runs_out(visit: Visit, invited: Invited, make: Factory, clock: FixedClock) -> None:
    code = mailed_code(make, invited)
    clock.advance(dt.timedelta(minutes=16))
    assert visit().post(f"/invited/{invited.token}/code", code=code).status_code == 422


def test_a_mailbox_is_not_flooded_with_codes(visit: Visit, invited: Invited) -> None:
    contact, address = visit(), f"/invited/{invited.token}"
    answers = [contact.post(f"{address}/send-code", page=address) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [403]
    assert "too many tries" in words(answers[-1])


def test_an_unknown_link_and_another_councils_read_the_same(visit: Visit, invited: Invited, make: Factory) -> None:
    other = served_council(make)
    theirs = invited_contact(make, other, told_case(make, other))
    contact = visit()
    nothing = without_secrets(contact.get("/invited/nothing-of-the-kind"))
    answer = contact.get(f"/invited/{theirs.token}")
    assert answer.status_code == 404
    assert without_secrets(answer) == nothing
    for path in ("send-code", "not-me", "renew", "code"):
        answer = contact.post(f"/invited/{theirs.token}/{path}", page=f"/invited/{invited.token}", code="BBBBBB")
        assert answer.status_code == 404


def test_the_link_of_a_young_person_is_none_of_these(visit: Visit, case: MadeCase, make: Factory) -> None:
    with make.database.begin(case.authority_scope) as session:
        session.add(
            Invitation(
                authority_id=case.authority.id,
                case_id=case.id,
                member_id=case.parent,
                kind="young_person",
                code_tries=0,
                made_at=NOW,
                expires_at=NOW + dt.timedelta(days=14),
            )
        )
        session.commit()
    assert visit().get(f"/invited/{mailed_token(make, case, case.parent)}").status_code == 404


def test_after_fourteen_days_a_new_one_goes_to_the_same_mailbox_alone(
    visit: Visit, invited: Invited, make: Factory, clock: FixedClock
) -> None:
    contact, address = visit(), f"/invited/{invited.token}"
    clock.advance(dt.timedelta(days=14))
    make.clock = clock
    gone = contact.get(address)
    assert gone.status_code == 410
    assert heading(gone) == "This invitation has run out"
    assert contact.post(f"{address}/code", page=address, code="BBBBBB").status_code == 404
    before = stored(make, invited)
    renewed = contact.post(f"{address}/renew", page=address)
    assert heading(renewed) == "A new invitation is on its way"
    after = stored(make, invited)
    assert after.id != before.id
    assert after.member_id == invited.member_id
    assert contact.get(address).status_code == 404
    assert contact.post(f"{address}/renew", page="/sign-in/email").status_code == 404
    assert contact.get(f"/invited/{mailed_token(make, invited.case, invited.member_id)}").status_code == 200


def test_an_invitation_that_runs_cannot_be_renewed_from_its_link(visit: Visit, invited: Invited) -> None:
    address = f"/invited/{invited.token}"
    assert visit().post(f"{address}/renew", page=address).status_code == 404


@pytest.mark.parametrize("named", [True, False])
def test_whoever_is_not_the_right_person_gives_it_back_unseen(
    visit: Visit, invited: Invited, make: Factory, named: bool
) -> None:
    contact, address = visit(), f"/invited/{invited.token}"
    form = {"name": "Kim Hill, head teacher", "email": "kim@school.example"} if named else {}
    answer = contact.post(f"{address}/not-me", **form)
    assert heading(answer) == "Thank you for telling us"
    assert contact.get(address).status_code == 404
    with make.database.begin(invited.case.provider_scope) as session:
        view = queries.provider_view(session, authority_id=invited.case.authority.id, case_id=invited.case.id)
    suggested = [member for member in view.members if member.name.startswith("Kim Hill")]
    assert [member.email for member in suggested] == (["kim@school.example"] if named else [])
    assert [member.invitation for member in suggested] == ([None] if named else [])
    returned = next(entry for entry in view.timeline if entry.happening == "invitation_returned")
    assert returned.codes["instead"] == ("named" if named else "nobody")
    assert stored(make, invited).returned_at is not None


def test_whom_they_named_is_invited_by_the_provider_and_once(
    visit: Visit, invited: Invited, council: Served, make: Factory
) -> None:
    contact = visit()
    contact.post(f"/invited/{invited.token}/not-me", name="Kim Hill", email="kim@school.example")
    with make.database.begin(invited.case.provider_scope) as session:
        view = queries.provider_view(session, authority_id=invited.case.authority.id, case_id=invited.case.id)
    suggested = next(member for member in view.members if member.name == "Kim Hill")
    assert invite(make, council, invited.case, invited.party_id, "Kim Hill", "KIM@school.example") == suggested.id


def test_an_address_needs_a_name(visit: Visit, invited: Invited) -> None:
    answer = visit().post(f"/invited/{invited.token}/not-me", email="kim@school.example")
    assert answer.status_code == 422
    assert "Enter whose email address it is" in words(answer)


def test_nothing_is_given_back_that_is_closed_or_gone(visit: Visit, council: Served, make: Factory) -> None:
    case = told_case(make, council)
    invited = invited_contact(make, council, case)
    contact = visit()
    address = f"/invited/{invited.token}/not-me"
    opened = contact.get(address)
    assert contact.post_from(opened, address).status_code == 200
    assert contact.post_from(opened, address).status_code == 404
