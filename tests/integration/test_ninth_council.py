"""A ninth council, invented, from its files alone: it loads beside the eight and tells what its fact sheet says.

The sheet is `tests/tenants_fixtures/thornmere.md`; the answers here were worked from it by hand.
"""

import datetime as dt
import html
import os
import pathlib
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from parley.access.domain import Role
from parley.app import all_tasks, open_database
from parley.casework.allocation import straight_to
from parley.casework.domain import ReferralState
from parley.casework.models import Referral
from parley.casework.queries import family_view
from parley.casework.service import drafts, sending
from parley.casework.service.referral import DELIVER
from parley.casework.service.sending import Rules
from parley.db.scope import Login, authority_scope, platform_scope
from parley.jobs.domain import Attempt
from parley.kernel.clock import FixedClock
from parley.law.versions import law_on
from parley.notifications.decisions import MessageCode
from parley.notifications.models import Notification
from parley.policy.domain import Policy
from parley.policy.loading import load_policy_file
from parley.policy.queries import current_policy
from parley.tenancy import queries
from parley.tenancy.domain import Service
from parley.workspaces.councils_dates import councils_dates
from support.deployed import TODAY, Deployed, deployed_councils
from support.factories import NOW, acting
from support.requests import a_request
from support.signin_server import ROOT

FIXTURES = pathlib.Path(__file__).parents[1] / "tenants_fixtures"
SITE = "http://thornmere.localhost:8000"


@pytest.fixture(scope="module")
def deployed(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The eight councils, and the ninth with the provider that only it has, loaded."""
    with deployed_councils(database_server, tmp_path_factory.mktemp("ninth")) as councils:
        tenants = councils.settings.tenants
        shutil.copytree(FIXTURES / "thornmere", tenants / "thornmere")
        shutil.copy(FIXTURES / "providers" / "bridgewell.toml", tenants / "providers")
        assert councils.load() == []
        yield councils


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Its rules, from the file."""
    return load_policy_file(FIXTURES / "thornmere" / "policy.toml")


def test_it_stands_beside_the_eight(deployed: Deployed) -> None:
    with deployed.database.begin(platform_scope()) as session:
        names = [council.name for council in queries.directory(session)]
    assert len(names) == 9
    assert "Thornmere County Council" in names
    assert deployed.troubles() == {}


def matter(about: str, *against: str, **more: str) -> dict[str, Any]:
    return {"about": about, "against": list(against), **more}


#: Of each family: its answers, what it is told, and the number of the area it is told of.
TEN_FAMILIES: Mapping[int, tuple[dict[str, Any], str, str]] = {
    1: ({"stage": "in_assessment", "matters": [matter("health_provision", "icb")]}, "yes", "(i)"),
    2: ({"stage": "plan_in_force", "matters": [matter("health_provision", "icb", in_plan="yes")]}, "yes", "(i)"),
    3: ({"stage": "plan_in_force", "matters": [matter("health_provision", "icb", in_plan="no")]}, "not_now", ""),
    4: ({"stage": "plan_in_force", "matters": [matter("social_care_provision", "local_authority")]}, "not_now", ""),
    5: (
        {
            "stage": "in_review",
            "tried": ["compass"],
            "matters": [matter("social_care_provision", "local_authority")],
        },
        "yes",
        "(ii)",
    ),
    6: ({"stage": "none", "tried": [], "matters": [matter("educational_provision", "school")]}, "not_now", "(iii)"),
    7: (
        {"stage": "plan_in_force", "matters": [matter("educational_provision", "independent_school")]},
        "ask_provider",
        "(iii)",
    ),
    8: (
        {
            "asker": "young_person",
            "date_of_birth": "2009-03-01",
            "stage": "none",
            "matters": [matter("duties", "college")],
        },
        "yes",
        "(iv)",
    ),
    9: (
        {
            "stage": "plan_in_force",
            "appeal": "lodged",
            "matters": [matter("health_provision", "icb", in_plan="no")],
        },
        "yes",
        "(i)",
    ),
    10: (
        {
            "stage": "assessment_refused",
            "decision_letter_date": "2026-10-01",
            "matters": [matter("decision", "local_authority", decision="refuse_assess")],
        },
        "yes",
        "(iv)",
    ),
}


def told(deployed: Deployed, answers: dict[str, Any]) -> dict[str, Any]:
    """What the council's API answers, which is what its pages say."""
    asked = {
        "asker": "parent_carer",
        "lives_in_area": "yes",
        "send": "yes",
        "tried": ["talked"],
        "on": "2026-11-24",
        **answers,
    }
    answered = deployed.app.test_client().post("/api/v1/eligibility", base_url=SITE, json=asked)
    assert answered.status_code == 200, answered.get_data(as_text=True)
    found: dict[str, Any] = answered.get_json()
    return found


@pytest.mark.parametrize("family", TEN_FAMILIES)
def test_ten_families_are_told_what_the_sheet_has(deployed: Deployed, policy: Policy, family: int) -> None:
    answers, answer, number = TEN_FAMILIES[family]
    (result,) = told(deployed, answers)["matters"]
    assert result["answer"] == answer
    labels = {entry.number: entry.label for entry in policy.areas.listed}
    assert result["area_label"] == labels.get(number)


def test_a_condition_names_the_councils_own_steps(deployed: Deployed) -> None:
    (result,) = told(deployed, TEN_FAMILIES[6][0])["matters"]
    assert result["codes"] == ["try_first_required"]
    assert result["would_change"] == ["Talk to the SENCo or keyworker.", "Thornmere Compass can help informally."]


@pytest.mark.parametrize("family", [2, 9])
def test_what_only_the_council_opens_is_not_said_to_be_the_laws_time(deployed: Deployed, family: int) -> None:
    (result,) = told(deployed, TEN_FAMILIES[family][0])["matters"]
    assert result["because"][0]["text"] == (
        "You disagree about health support. By its own words, Thornmere County Council opens the service for it where "
        "you stand now."
    )


def test_a_family_that_can_appeal_is_sent_through_the_door_for_mediation_advice(deployed: Deployed) -> None:
    result = told(deployed, TEN_FAMILIES[10][0])
    assert {entry["due"] for entry in result["deadlines"] if entry["basis"] == "law"} == {"2026-12-01"}
    compass = next(place for place in result["signposts"] if place["body"] == "Thornmere Compass")
    assert compass["phone"] == "01632 960733"


def test_the_councils_own_dates_stand_after_the_laws_and_say_whose_they_are(deployed: Deployed) -> None:
    dates = told(deployed, TEN_FAMILIES[10][0])["deadlines"]
    assert [(one["basis"], one["due"], one.get("label")) for one in dates] == [
        ("law", "2026-12-01", None),
        ("law", "2026-12-01", None),
        ("policy", "2027-04-01", "Ask the resolution service"),
        ("policy", "2026-12-01", "Contact Thornmere Compass about mediation"),
    ]
    assert dates[3]["source"].startswith(
        "2 months from the date of the decision letter or 1 month from the date of the mediation certificate, "
        "whichever is later (Mediation before an appeal (Thornmere County Council"
    )
    unknown = told(deployed, TEN_FAMILIES[10][0] | {"decision_letter_date": None})["deadlines"]
    assert {one["state"] for one in unknown} == {"unknown"}


def test_a_number_with_a_condition_says_so(deployed: Deployed) -> None:
    places = told(deployed, TEN_FAMILIES[1][0])["signposts"]
    (ics,) = [place for place in places if place["body"] == "Thornmere and Vale Integrated Care Board"]
    assert (ics["phone"], ics["why"]) == ("01632 960412", "To complain about a health service (for complaints only).")


def words_of(deployed: Deployed, path: str) -> str:
    page = deployed.app.test_client().get(path, base_url=SITE)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))))


def test_its_first_page_reads_in_its_own_words(deployed: Deployed) -> None:
    page = words_of(deployed, "/")
    assert "This is called the resolution service." in page
    assert "such as a friend, a relative or a Compass worker" in page
    assert "You do not need a plan (My Plan)." in page


@pytest.mark.parametrize(
    "said",
    [
        "Global Mediation and Bridgewell Resolution.",
        "You choose which of them to ask.",
        "Also while a plan is in force where the support is written in the plan.",
        "Not with an independent school.",
        "For this, the NHS body pays.",
        "Or you fill in an online form. (by an online form)",
        "Within 1 working day.",
        "6 months from the date of the decision letter.",
        "2 months from the date of the decision letter or 1 month from the date of the mediation certificate, "
        "whichever is later.",
        "While a complaint runs or after a complaint.",
        "Vale and Thornmere County Council was the council before this one.",
        "Elsewhere: The council answers within 15 working days.",
    ],
)
def test_its_rules_are_told_as_it_publishes_them(deployed: Deployed, said: str) -> None:
    assert said in words_of(deployed, "/rules")


def test_a_request_reaches_a_provider_that_has_no_plugin(deployed: Deployed) -> None:
    opened = open_database(Flask("ninth"), deployed.settings, Login.WORKER, Login.APP, Login.OPERATOR)
    council = deployed.council("thornmere")
    assert council is not None
    with opened.begin(authority_scope(council.id)) as session:
        commissioned = queries.commissioned(session, council.id, Service.DISAGREEMENT_RESOLUTION, TODAY)
        held = current_policy(session, council.id, TODAY)
    assert {one.slug for one in commissioned} == {"bridgewell", "global-mediation"}
    bridgewell = next(one for one in commissioned if one.slug == "bridgewell")
    parent = acting(Role.FAMILY, council)
    with opened.begin(authority_scope(council.id)) as session:
        draft = drafts.start_draft(session, authority_id=council.id, owner_id=parent.identity_id, at=NOW, answers={}).id
    with opened.begin(authority_scope(council.id)) as session:
        case = sending.send_request(
            session,
            actor=parent,
            at=NOW,
            authority=council,
            receiving=straight_to(bridgewell.id),
            case_id=draft,
            request=a_request(facts={"decision_letter_date": "2026-10-01"}),
            rules=Rules(policy=held.policy, policy_version_id=held.id, law=law_on(TODAY)),
        ).id
    _deliver(deployed, opened, council.id, case)
    with opened.begin(authority_scope(council.id)) as session:
        referral = session.scalars(select(Referral).where(Referral.case_id == case)).one()
        notices = session.scalars(
            select(Notification).where(
                Notification.case_id == case, Notification.message == MessageCode.PROVIDER_NOTICE.value
            )
        ).all()
        assert referral.state is ReferralState.SUBMITTED
        assert [notice.address for notice in notices] == ["referrals@bridgewell.example"]
        ids = {"authority_id": council.id, "case_id": case, "identity_id": parent.identity_id}
        dates = councils_dates(held.policy, family_view(session, **ids), TODAY)
        # Not when to ask for the service: the family has.
        assert [(date.name, date.due) for date in dates] == [
            ("Contact Thornmere Compass about mediation", dt.date(2026, 12, 1))
        ]
    opened.dispose()


def _deliver(deployed: Deployed, opened: Any, authority_id: uuid.UUID, case: uuid.UUID) -> None:
    """Run the job that hands a case to its provider, twice: the second time there is nothing to do."""
    with opened.begin(authority_scope(authority_id)) as session:
        referral = session.scalars(select(Referral.id).where(Referral.case_id == case)).one()
    tasks = {task.name: task for task in all_tasks(deployed.settings, opened, FixedClock(NOW))}
    for number in (1, 2):
        ids = {"authority_id": authority_id, "case_id": case, "referral_id": referral}
        tasks[DELIVER].run(Attempt(number=number, is_last=False), **{name: str(value) for name, value in ids.items()})


def test_a_contract_that_ends_leaves_the_other_provider(policy: Policy) -> None:
    after = policy.as_on(dt.date(2028, 4, 1))
    assert [contact.key for contact in after.providers_of(Service.DISAGREEMENT_RESOLUTION)] == ["bridgewell"]
    before = policy.as_on(dt.date(2026, 8, 31))
    assert [contact.key for contact in before.providers_of(Service.DISAGREEMENT_RESOLUTION)] == ["global-mediation"]


def test_a_tenants_folder_that_is_not_there_is_said_plainly(deployed: Deployed) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-c", "from parley.cli import main; main()", "authority", "load"],
        cwd=ROOT,
        env=environ | deployed.environ() | {"PARLEY_TENANTS": "/nowhere/tenants"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("PARLEY_TENANTS: /nowhere/tenants is no folder.")
    assert "Traceback" not in done.stderr
