"""The hand-over report after an early end: for council and both providers, each what it may see, and nobody's name."""

import csv
import io
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework.agreement import ActionText
from parley.casework.change_over import ProviderChoice
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.db.scope import provider_scope
from parley.kernel.ids import new_id
from parley.tenancy.models import Commission
from support.changing_over import Here
from support.factories import Factory, MadeCase
from support.family import words
from support.outcomes import ALL, days, held_meeting, run_releases
from support.provider import sign_in_staff
from support.staff import start_clock, told_case

FORMULA = "=cmd|' /C calc'!A0"


class Reported(Here):
    """Three cases of a provider whose contract ended early: one of which the council was not told, one with an action
    that is not done, and one that is to move."""

    def __init__(self, app: Flask, make: Factory, worker_url: str) -> None:
        super().__init__(app, make)
        first = self.providers[0]
        # As somebody new each time, who may be in one case alone.
        self.agreed = told_case(make, self.council, provider=first, state=CaseState.MEETING_HELD, due_in=None)
        held = held_meeting(make, make.database, self.agreed)
        actions = (ActionText(what=FORMULA, owner_id=self.agreed.council, due_on=days(14)),)
        held.write(held.text(actions=actions))
        held.confirm(*ALL)
        run_releases(make.database, make.clock, worker_url)
        self.moving = told_case(make, self.council, provider=first)
        start_clock(make, self.moving, ClockCode.INFORMATION_BY, 7, binds=Viewer.FAMILY)
        self.changing.ends()

    @property
    def report(self) -> str:
        """Where the council reads the report; with ".csv" behind it, as a file."""
        return f"/council/contracts/{self.changing.commission_id}/hand-over"

    @property
    def other_contract(self) -> uuid.UUID:
        """The contract of the second provider, which runs."""
        with self.changing.database.begin(self.changing.scope) as session:
            return session.scalars(sa.select(Commission.id).where(Commission.provider_id == self.providers[1].id)).one()

    def at_provider(self, number: int) -> str:
        """Return the page at one of the two providers, in words."""
        page = self.staff[number].get(f"/hand-over-report?council={self.council.authority.id}")
        assert page.status_code == 200
        return words(page)

    def file_of(self, number: int) -> list[dict[str, str]]:
        """Return the lines of the file at one of the two providers."""
        return _lines(self.staff[number].get(f"/hand-over-report.csv?council={self.council.authority.id}").text)

    def moves(self) -> None:
        """Let one case move to the second provider."""
        self.asks()
        self.changing.says(self.moving.id, self.moving.parent_identity, ProviderChoice.MOVE)
        self.changing.moves(self.moving.id)


@pytest.fixture
def here(app: Flask, make: Factory, login_urls: dict[str, str]) -> Reported:
    """A council with two providers; the contract of the first has ended early, and nobody is asked yet."""
    return Reported(app, make, login_urls["worker"])


def _lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _reads(here: Reported, case: MadeCase) -> list[str]:
    """Return the ids of the realms in which somebody read the case in a report."""
    asked = sa.select(AuditEvent.realm_id).where(AuditEvent.action == "hand_over.read", AuditEvent.case_id == case.id)
    found = []
    for scope in (here.changing.scope, *(provider_scope(provider.id) for provider in here.providers)):
        with here.changing.database.begin(scope) as session:
            found += session.scalars(asked).all()
    return found


def test_the_councils_manager_reads_each_told_case_with_its_dates_and_unfinished_actions(here: Reported) -> None:
    assert here.report in here.manager.get(here.early_end).text
    page = words(here.manager.get(here.report))
    assert f"{here.agreed.reference} Stands Outcome recorded Is with First Helpers" in page
    assert f"Not done yet {FORMULA} ( Exampleshire Council ), by 8 December 2026: To do" in page
    assert "29 November 2026: Exampleshire Council answers ( Exampleshire Council )" in page
    assert "The family was not asked" in page
    assert "There is 1 more case of which you have not been told yet." in page
    assert _reads(here, here.agreed) == [here.council.authority.id]


def test_the_file_says_the_same_and_no_program_computes_what_stands_in_it(here: Reported) -> None:
    here.asks()
    lines = _lines(here.manager.get(f"{here.report}.csv").text)
    action = next(line for line in lines if line["line"] == "action")
    assert action == {
        "reference": here.agreed.reference,
        "provider": "First Helpers",
        "state": "Outcome recorded",
        "line": "action",
        "what": f"'{FORMULA}",
        "whose": "Exampleshire Council",
        "by": "2026-12-08",
        "stands": "To do",
    }
    asked = {line["reference"]: line["what"] for line in lines if line["line"] == "question"}
    assert asked[here.moving.reference] == "Asked on 24 November 2026: the family has not answered"
    assert _reads(here, here.moving) == [here.council.authority.id]


def test_each_provider_reads_what_it_has_and_of_what_it_had_the_reference(here: Reported, make: Factory) -> None:
    own = told_case(make, here.council, provider=here.providers[1])
    here.moves()
    former, taker = here.at_provider(0), here.at_provider(1)
    assert f"taken over from you {here.moving.reference}, on 24 November 2026" in former
    assert here.agreed.reference in former
    assert f"{here.moving.reference} Stands Waiting for answers Is with Second Helpers" in taker
    assert "Moved on 24 November 2026, as the family said" in taker
    assert here.agreed.reference not in taker
    assert [line["line"] for line in here.file_of(0) if line["reference"] == here.moving.reference] == ["handed_over"]
    assert {line["reference"] for line in here.file_of(1)} == {here.moving.reference}
    # What does not change over is not even opened.
    assert (own.reference in taker, _reads(here, own)) == (False, [])
    # Twice: the page, and the file.
    assert _reads(here, here.moving) == [here.providers[1].id] * 2
    page = here.staff[1].get(f"/cases/{here.council.authority.id}/{here.moving.id}")
    assert f"/hand-over-report?council={here.council.authority.id}" in page.text


def test_nobodys_name_and_nothing_asked_in_confidence_is_in_it(here: Reported) -> None:
    council = f"council={here.council.authority.id}"
    texts = [
        here.manager.get(here.report).text,
        here.staff[0].get(f"/hand-over-report?{council}").text,
        here.staff[0].get(f"/hand-over-report.csv?{council}").text,
    ]
    for text in texts:
        assert here.moving.reference in text
        assert not any(name in text for name in ("Rowan", "Marsh", "Kim Rowe", "’s question"))


def test_it_is_for_nobody_else(here: Reported, app: Flask, make: Factory) -> None:
    assert here.officer.get(here.report).status_code == 403
    runs = here.report.replace(str(here.changing.commission_id), str(here.other_contract))
    assert here.manager.get(runs).status_code == 404
    elsewhere = make.provider()
    stranger = sign_in_staff(app.test_client(), make, elsewhere, Role.COORDINATOR, name="else@provider.example")
    refused = stranger.get(f"/hand-over-report?council={here.council.authority.id}")
    never = stranger.get(f"/hand-over-report?council={new_id()}")
    assert (refused.status_code, never.status_code) == (404, 404)
    assert stranger.get("/hand-over-report.csv").status_code == 404
