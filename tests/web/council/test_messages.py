"""Private messages between a council and the provider, over pages."""

import pathlib
from collections.abc import Callable

from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.compartment.domain import MessageChannel
from parley.compartment.service import send_message
from parley.db.scope import Login, Side, compartment_scope
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory, MadeCase, acting
from support.family import Served, words
from support.staff import Officer, told_case
from support.statements import statements_of


def test_what_the_council_writes_and_what_the_provider_answers(officer: Officer, app: Flask, case: MadeCase) -> None:
    address = f"/council/cases/{case.id}/messages"
    assert "No messages yet" in words(officer.get(address))
    said = officer.follow(officer.post(address, body="May our inclusion officer come?"))
    assert "Your message to Global Mediation was sent." in words(said)
    _write(app.extensions["parley"].database, case, MessageChannel.COUNCIL_PROVIDER, "Yes, do bring them.")
    page = words(officer.get(address))
    assert "May our inclusion officer come?" in page
    assert "Yes, do bring them." in page
    assert "Global Mediation , 24 November 2026" in page or "Global Mediation, 24 November 2026" in page


def test_nothing_between_family_and_provider_is_shown(officer: Officer, app: Flask, case: MadeCase) -> None:
    _write(app.extensions["parley"].database, case, MessageChannel.FAMILY_PROVIDER, "A private canary.")
    assert "canary" not in officer.get(f"/council/cases/{case.id}/messages").text
    assert "canary" not in officer.get(f"/council/cases/{case.id}").text


def test_the_case_page_never_opens_the_compartment(officer: Officer, app: Flask, case: MadeCase) -> None:
    with statements_of(app.extensions["parley"].database, Login.COMPARTMENT) as asked:
        assert officer.get(f"/council/cases/{case.id}").status_code == 200
    assert asked == []


def test_an_empty_message_is_refused_beside_its_field(officer: Officer, case: MadeCase) -> None:
    answer = officer.post(f"/council/cases/{case.id}/messages", body="  ")
    assert answer.status_code == 422
    assert "Write your message" in words(answer)


def test_a_colleague_reads_the_councils_thread(
    officer: Officer, visit: Callable[..., Officer], case: MadeCase, make: Factory
) -> None:
    officer.post(f"/council/cases/{case.id}/messages", body="For the whole team.")
    colleague = visit()
    colleague.sign_in(make)
    page = words(colleague.get(f"/council/cases/{case.id}/messages"))
    assert "A colleague" in page
    assert "For the whole team." in page


def test_a_process_without_the_compartments_login_says_so_and_the_rest_works(
    tmp_path: pathlib.Path, login_urls: dict[str, str], council: Served, make: Factory, clock: FixedClock
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    urls = {login: url for login, url in login_urls.items() if login != "compartment"}
    app = create_app(deployment(folder, urls), clock=clock)
    officer = Officer(app.test_client(), council)
    officer.sign_in(make)
    case = told_case(make, council)
    assert officer.get(f"/council/cases/{case.id}").status_code == 200
    page = officer.get(f"/council/cases/{case.id}/messages")
    assert page.status_code == 200
    assert "cannot be opened here at the moment" in words(page)
    sent = officer.post(
        f"/council/cases/{case.id}/messages", page=f"/council/cases/{case.id}/number", body="Nobody lost this."
    )
    assert sent.status_code == 503
    assert "Nobody lost this." in sent.text
    app.extensions["parley"].database.dispose()


def _write(database: Database, case: MadeCase, channel: MessageChannel, body: str) -> None:
    coordinator = acting(Role.COORDINATOR, case.provider)
    scope = compartment_scope(
        case.provider.id, case.authority.id, case.id, side=Side.PROVIDER, person_id=coordinator.identity_id
    )
    thread = case.parent if channel is MessageChannel.FAMILY_PROVIDER else None
    with database.begin(scope) as session:
        send_message(session, actor=coordinator, at=NOW, channel=channel, body=body, member_id=thread)
