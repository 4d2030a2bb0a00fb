"""Signing in, from the door through a real OpenID provider to the first page, as each kind of person."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from parley.tenancy.domain import ProviderOrganisation
from support.sign_in import MovedClock, Visitor, heading

Visit = Callable[..., Visitor]


def test_a_parent_signs_in_with_the_councils_account_and_goes_on_to_the_page_they_wanted(visit: Visit) -> None:
    parent = visit()
    wanted = parent.get("/mine?step=2")
    assert wanted.status_code == 303
    door = wanted.headers["Location"]
    assert door == "/sign-in?next=%2Fmine%3Fstep%3D2"
    done = parent.sign_in("parent1", door, choice="account", next="/mine?step=2")
    assert (done.status_code, done.headers["Location"]) == (303, "/mine?step=2"), done.text
    page = parent.get("/mine")
    assert page.status_code == 200
    assert " family Derby City Council account" in page.text


def test_before_sign_in_a_family_reads_what_the_council_will_see(visit: Visit) -> None:
    door = visit().get("/sign-in")
    assert "Derby City Council will see that you signed in to this service, not what you write here." in door.text
    assert "Get a link by email" in door.text
    assert "Ask by phone" in door.text


def test_a_family_that_rather_rings_finds_the_number(visit: Visit) -> None:
    parent = visit()
    onward = parent.send("/sign-in", choice="phone")
    assert onward.headers["Location"].startswith("/sign-in/phone")
    assert "0800 064 4488" in parent.get("/sign-in/phone").text


def test_choosing_nothing_asks_again(visit: Visit) -> None:
    page = visit().send("/sign-in")
    assert page.status_code == 422
    assert "Select how you want to continue" in page.text


def test_the_council_learns_no_more_than_it_is_asked_for(visit: Visit) -> None:
    address = visit().leave_for_issuer("/sign-in", choice="account")
    assert "scope=openid&" in address
    assert "login_hint" not in address


@pytest.mark.parametrize(
    ("account", "may_answer", "may_see_the_team"), [("officer1", True, False), ("team_manager1", True, True)]
)
def test_an_officer_gets_the_roles_of_their_groups(
    visit: Visit, account: str, may_answer: bool, may_see_the_team: bool
) -> None:
    officer = visit()
    assert officer.get("/office").headers["Location"] == "/staff/sign-in?next=%2Foffice"
    assert officer.sign_in(account, "/staff/sign-in").status_code == 303
    assert officer.is_signed_in("/office") is may_answer
    assert officer.is_signed_in("/team") is may_see_the_team
    assert f"{account}@derby.example" in officer.get("/office").text


def test_an_officer_is_not_a_family_and_a_family_no_officer(visit: Visit) -> None:
    officer, parent = visit(), visit()
    officer.sign_in("officer1", "/staff/sign-in")
    parent.sign_in("parent1", choice="account")
    assert officer.get("/mine").status_code == 403
    assert parent.get("/office").status_code == 403


def test_provider_staff_choose_their_organisation_and_sign_in(
    visit: Visit, global_mediation: ProviderOrganisation
) -> None:
    coordinator = visit("providers.localhost")
    assert coordinator.get("/mine").headers["Location"] == "/sign-in?next=%2Fmine"
    assert "Global Mediation" in coordinator.get("/sign-in").text
    done = coordinator.sign_in("coordinator1", organisation=global_mediation.slug)
    assert done.status_code == 303, done.text
    assert "coordinator1@global-mediation.example" in coordinator.get("/mine").text
    assert coordinator.cookie().startswith(global_mediation.id.hex)


@pytest.mark.usefixtures("platform")
def test_an_operator_signs_in_on_the_operators_host(visit: Visit) -> None:
    operator = visit("operator.localhost")
    assert operator.sign_in("operator1").status_code == 303
    assert operator.is_signed_in()


def test_one_subject_at_two_issuers_is_two_people(visit: Visit) -> None:
    derby, staffordshire = visit(), visit("staffordshire.localhost")
    for parent in (derby, staffordshire):
        parent.sign_in("parent1", choice="account")
    first, second = (parent.get("/mine").text.split()[0] for parent in (derby, staffordshire))
    assert first != second


def test_the_same_person_is_the_same_the_next_time(visit: Visit) -> None:
    seen = set()
    for _ in range(2):
        parent = visit()
        parent.sign_in("parent2", choice="account")
        seen.add(parent.get("/mine").text.split()[0])
    assert len(seen) == 1


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visit: Visit) -> None:
    done = visit().sign_in("parent1", choice="account")
    (cookie,) = (value for value in done.headers.getlist("Set-Cookie") if value.startswith("parley="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_signing_out_ends_the_session_itself_and_offers_to_sign_out_of_the_account(visit: Visit) -> None:
    parent = visit()
    parent.sign_in("parent1", choice="account")
    stolen = parent.cookie()
    page = parent.send("/sign-out", page="/account/sign-ins")
    assert heading(page) == "You are signed out"
    assert "/derby-families/session/end?" in page.text
    assert "id_token_hint=" in page.text
    assert "Signed in as" not in page.text
    assert parent.cookie() == ""
    parent.client.set_cookie("parley", stolen, domain="derby.localhost")
    assert not parent.is_signed_in()


def test_oidcc_client_test_rp_init_logout_is_offered_as_the_issuer_understands_it(visit: Visit) -> None:
    parent = visit()
    parent.sign_in("parent1", choice="account")
    page = parent.send("/sign-out", page="/account/sign-ins")
    further = page.text.split('id="further" href="')[1].split('"')[0].replace("&amp;", "&")
    there = parent.issuer_browser.get(further, timeout=10)
    assert there.status_code == 200, there.text
    assert "Sign out" in there.text


def test_where_one_is_signed_in_is_listed_and_each_can_be_ended(visit: Visit) -> None:
    laptop, phone = visit(), visit()
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36"
    for browser in (laptop, phone):
        browser.sign_in("young_person1", choice="account")
    listed = laptop.get("/account/sign-ins").text
    assert "Chrome on Android" in listed
    (action,) = re.findall(r'action="(/account/sign-ins/[^"]+/end)"', listed)
    assert laptop.send(action, page="/account/sign-ins").status_code == 303
    assert laptop.is_signed_in()
    assert not phone.is_signed_in()


def test_nobody_ends_another_persons_session(visit: Visit) -> None:
    parent, other = visit(), visit()
    parent.sign_in("parent1", choice="account")
    other.sign_in("parent2", choice="account")
    second = visit()
    second.sign_in("parent1", choice="account")
    listed = parent.get("/account/sign-ins").text
    action = next(part.split('"')[0] for part in listed.split('action="')[1:] if part.startswith("/account/"))
    assert other.send(action, page="/account/sign-ins").status_code == 404
    assert second.is_signed_in()


@pytest.mark.parametrize(
    ("quiet", "times", "still_in"),
    [(dt.timedelta(minutes=29), 1, True), (dt.timedelta(minutes=36), 1, False), (dt.timedelta(minutes=25), 30, False)],
    ids=["paused", "idle-too-long", "twelve-hours-in-all"],
)
def test_a_session_ends_by_itself(
    visit: Visit, clock: MovedClock, quiet: dt.timedelta, times: int, still_in: bool
) -> None:
    parent = visit()
    parent.sign_in("parent1", choice="account")
    for _ in range(times):
        clock.by += quiet
        opened = parent.is_signed_in()
    assert opened is still_in


def test_a_form_sent_after_the_session_ended_waits_on_the_page_and_is_sent_after_signing_in(visit: Visit) -> None:
    parent = visit()
    waiting = parent.send("/mine", page="/sign-in", story="What <happened> & more", choice="x")
    assert waiting.status_code == 401
    assert "It has not been sent yet" in waiting.text
    assert 'value="What &lt;happened&gt; &amp; more"' in waiting.text
    parent.sign_in("parent1", choice="account")
    token = waiting.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = parent.client.post(
        "/mine", base_url=parent.base_url, data={"csrf_token": token, "story": "What <happened> & more"}
    )
    assert "story=What <happened> & more" in sent.text


def test_a_form_that_another_site_sent_is_not_offered_for_sending(visit: Visit) -> None:
    page = visit().client.post("/mine", base_url=visit().base_url, data={"story": "planted"})
    assert page.status_code in {400, 401}
    assert "planted" not in page.text.split("<form")[-1]


def test_signing_in_again_replaces_the_session_under_a_new_secret(visit: Visit) -> None:
    parent = visit()
    parent.sign_in("parent1", choice="account")
    first = parent.cookie()
    parent.sign_in("parent1", choice="account")
    assert parent.cookie() != first
    thief = visit()
    thief.client.set_cookie("parley", first, domain="derby.localhost")
    assert not thief.is_signed_in()


def test_keys_are_published_for_issuers_to_check_also_one_of_the_environment(
    visit: Visit, global_mediation: ProviderOrganisation
) -> None:
    for host, path, known in (
        ("derby.localhost", "/.well-known/jwks.json", ["derby-1"]),
        ("providers.localhost", f"/.well-known/{global_mediation.slug}/jwks.json", []),
    ):
        found = visit(host).get(path)
        answer: Any = found.json
        assert found.mimetype == "application/jwk-set+json"
        assert [key["kid"] for key in answer["keys"]] == known
        assert all({"kty", "crv", "x", "y", "kid", "use", "alg"} == key.keys() for key in answer["keys"])
