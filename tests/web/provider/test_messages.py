"""Private messages of a provider with each member of a family and with the council, over everybody's pages."""

import pathlib
from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.casework.domain import Capacity
from parley.casework.models import Case, PartyMember
from parley.db.scope import Login
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import Factory, MadeCase
from support.family import Family, Served, case_of, words
from support.provider import HOST, Staff, sign_in_staff
from support.staff import Officer
from support.statements import statements_of

CANARY = "canary-51e2: my sister may come"


@pytest.fixture
def other_parent(app: Flask, council: Served, make: Factory, case: MadeCase) -> Family:
    """Another member of the same family, with a place of their own in the case."""
    person = Family(app.test_client(), council)
    identity_id = person.sign_in(make)
    make.member(
        case, case.family, name="Kit Marsh", capacity=Capacity.PARENT_CARER, identity_id=identity_id, email="kit@b.test"
    )
    return person


def address(case: MadeCase | Case, rest: str = "") -> str:
    """Return the address of a case on the provider's host, or of something in it."""
    authority_id = case.authority.id if isinstance(case, MadeCase) else case.authority_id
    return f"/cases/{authority_id}/{case.id}{rest}"


def with_parent(case: MadeCase) -> str:
    return address(case, f"/messages/{case.parent}")


def test_a_family_and_its_provider_write_to_each_other(coordinator: Staff, parent: Family, case: MadeCase) -> None:
    assert f'href="{with_parent(case)}"' in coordinator.get(address(case)).text
    said = coordinator.does(with_parent(case), body="Who will come with you? 🙂")
    assert "Your message was sent." in words(said)
    page = parent.get(f"/requests/{case.id}/messages")
    assert "Who will come with you? 🙂" in words(page)
    after = parent.follow(parent.post(f"/requests/{case.id}/messages", body="محمد, my brother"))
    assert "Your message to Global Mediation was sent." in words(after)
    thread = words(coordinator.get(with_parent(case)))
    assert "محمد, my brother" in thread
    assert "Ash Marsh" in thread


def test_nobody_else_of_the_family_and_no_council_sees_a_word_of_it(
    coordinator: Staff, parent: Family, other_parent: Family, officer: Officer, case: MadeCase
) -> None:
    parent.post(f"/requests/{case.id}/messages", body=CANARY)
    coordinator.post(with_parent(case), body=f"{CANARY} indeed")
    coordinator.post(address(case, "/messages/council"), body="About the room.")
    pages = [
        *(other_parent.get(f"/requests/{case.id}{rest}") for rest in ("", "/messages", "/documents")),
        *(officer.get(f"/council/cases/{case.id}{rest}") for rest in ("", "/messages")),
        officer.get("/council/cases"),
    ]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert not [page.request.path for page in pages if "canary" in page.text]
    assert "About the room." in words(officer.get(f"/council/cases/{case.id}/messages"))
    assert "About the room." not in parent.get(f"/requests/{case.id}/messages").text


def test_each_member_of_the_family_has_a_thread_of_their_own(
    coordinator: Staff, parent: Family, other_parent: Family, case: MadeCase, make: Factory
) -> None:
    with make.database.begin(case.authority_scope) as session:
        kit = next(
            member.id for member in session.query(PartyMember).filter_by(case_id=case.id) if member.name == "Kit Marsh"
        )
    coordinator.does(with_parent(case), body="For Ash alone.")
    coordinator.does(address(case, f"/messages/{kit}"), body="For Kit alone.")
    assert "For Kit alone." not in coordinator.get(with_parent(case)).text
    assert "For Ash alone." not in other_parent.get(f"/requests/{case.id}/messages").text
    assert "For Kit alone." in words(other_parent.get(f"/requests/{case.id}/messages"))


def test_a_message_that_is_sent_twice_is_one_message(coordinator: Staff, parent: Family, case: MadeCase) -> None:
    page = coordinator.get(with_parent(case))
    for _ in range(2):
        assert coordinator.post(with_parent(case), page=page, body="Only once.").status_code == 303
    opened = parent.get(f"/requests/{case.id}/messages")
    for _ in range(2):
        assert parent.post_from(opened, f"/requests/{case.id}/messages", body="Also once.").status_code == 303
    thread = coordinator.get(with_parent(case)).text
    assert thread.count("Only once.") == 1
    assert thread.count("Also once.") == 1


def test_an_empty_message_is_refused_beside_its_field(coordinator: Staff, parent: Family, case: MadeCase) -> None:
    for answer in (
        coordinator.post(with_parent(case), body=" "),
        parent.post(f"/requests/{case.id}/messages", body=" "),
    ):
        assert answer.status_code == 422
        assert "Write your message" in words(answer)


def test_what_was_typed_survives_a_sign_in_that_ran_out(coordinator: Staff, parent: Family, case: MadeCase) -> None:
    page = coordinator.get(with_parent(case))
    coordinator.client.delete_cookie("parley", domain=HOST)
    waiting = coordinator.post(with_parent(case), page=page, body="Typed for an hour.")
    assert waiting.status_code == 401
    assert "Typed for an hour." in waiting.text
    opened = parent.get(f"/requests/{case.id}/messages")
    parent.sign_out()
    kept = parent.post_from(opened, f"/requests/{case.id}/messages", body="Typed on a phone.")
    assert kept.status_code == 401
    assert "Typed on a phone." in kept.text


def test_a_mediator_talks_to_people_and_an_administrator_does_not(
    staff: Callable[..., Staff], case: MadeCase, coordinator: Staff
) -> None:
    coordinator.does(with_parent(case), body="From a colleague.")
    mediator = staff(Role.MEDIATOR)
    assert "From a colleague." in words(mediator.get(with_parent(case)))
    assert "A colleague" in words(mediator.does(with_parent(case), body="From the mediator."))
    administrator = staff(Role.PROVIDER_ADMINISTRATOR)
    assert administrator.get(with_parent(case)).status_code == 403
    assert administrator.post(with_parent(case), page="/", body="Hello").status_code == 403
    assert "/messages/" not in administrator.get(address(case)).text


def test_the_council_has_no_thread_before_it_was_told(
    coordinator: Staff, parent: Family, make: Factory, case: MadeCase
) -> None:
    untold = case_of(parent, make, "acknowledged", council_told_at=None)
    assert coordinator.get(address(untold, "/messages/council")).status_code == 404
    assert "/messages/council" not in coordinator.get(address(untold)).text
    assert coordinator.get(address(case, "/messages/council")).status_code == 200


def test_there_is_no_thread_with_somebody_of_another_side(coordinator: Staff, case: MadeCase, make: Factory) -> None:
    school = make.member(case, make.party(case), name="Sam Field")
    assert coordinator.get(address(case, f"/messages/{school}")).status_code == 404


def test_who_is_reached_by_phone_alone_is_told_by_a_person(coordinator: Staff, case: MadeCase, make: Factory) -> None:
    caller = make.member(case, case.family, name="A Caller", capacity=Capacity.PARENT_CARER, phone="+441632960007")
    with make.database.begin(case.authority_scope) as session:
        session.get_one(PartyMember, (case.authority.id, caller)).identity_id = None
        session.commit()
    page = words(coordinator.get(address(case, f"/messages/{caller}")))
    assert "does not follow the request online and cannot read this" in page
    assert "01632 960007" in page


def test_the_pages_of_a_case_never_open_the_compartment(
    app: Flask, coordinator: Staff, parent: Family, case: MadeCase
) -> None:
    with statements_of(app.extensions["parley"].database, Login.COMPARTMENT) as asked:
        assert coordinator.get(address(case)).status_code == 200
        assert parent.get(f"/requests/{case.id}").status_code == 200
    assert asked == []


def test_a_process_without_the_compartments_login_says_so_and_keeps_what_was_typed(
    tmp_path: pathlib.Path,
    login_urls: dict[str, str],
    council: Served,
    make: Factory,
    clock: FixedClock,
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    app = create_app(
        deployment(folder, {login: url for login, url in login_urls.items() if login != "compartment"}), clock=clock
    )
    assert council.provider
    coordinator = sign_in_staff(app.test_client(), make, council.provider, Role.COORDINATOR, name="case@provider.test")
    parent = Family(app.test_client(), council)
    parent.sign_in(make)
    case = case_of(parent, make)
    for page in (coordinator.get(with_parent(case)), parent.get(f"/requests/{case.id}/messages")):
        assert page.status_code == 200
        assert "cannot be opened here at the moment" in words(page)
    for sent in (
        coordinator.post(with_parent(case), page=address(case, "/ask"), body="Nobody lost this."),
        parent.post(f"/requests/{case.id}/messages", page=f"/requests/{case.id}/documents", body="Nobody lost this."),
    ):
        assert sent.status_code == 503
        assert "Nobody lost this." in sent.text
    asked = coordinator.post(address(case, "/ask"), body="A question that is kept.")
    assert asked.status_code == 422
    assert "Nothing was sent" in words(asked)
    assert "A question that is kept." in asked.text
    assert "The family answers your question" not in words(coordinator.get(address(case)))
    app.extensions["parley"].database.dispose()
