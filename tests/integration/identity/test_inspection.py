"""Looking at a sign-in without a person: what is right is said to be, and what is wrong names who mends it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug import Request, Response

from parley.db.scope import Login, platform_scope
from parley.db.session import Database
from parley.identity import looking
from parley.identity.domain import ClientAuth, SignInKind, SignInReason, SignInRefused
from parley.identity.inspection import Found, Inspected, Side, callback_path, inspect
from parley.identity.issuers import IssuerDirectory
from parley.identity.oidc import ClientProof
from parley.identity.signing_keys import KeyState, KnownKey
from support.factories import NOW
from support.hostile_issuer import EC, HostileIssuer, as_json, hostile_issuer

CALLBACK = "http://derby.localhost/sign-in/callback"
DISCOVERY = "/.well-known/openid-configuration"


def authorize(request: Request, **changes: str) -> Response:
    """Answer as an issuer that knows the client, and is asked to show no page."""
    assert request.args["prompt"] == "none"
    said = {"error": "login_required", "state": request.args["state"]} | changes
    return Response("", 302, {"Location": f"{request.args['redirect_uri']}?{urlencode(said)}"})


@pytest.fixture
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        running.metadata["backchannel_logout_supported"] = True
        running.instead = {
            "/authorize": authorize,
            "/token": lambda _: as_json({"error": "invalid_grant"}, 400),
            "/end": lambda _: Response("Sign out?"),
        }
        yield running


def look(
    issuer: HostileIssuer,
    *,
    proof: ClientProof | SignInRefused | None = None,
    keys: tuple[KnownKey, ...] = (),
    now: dt.datetime | None = None,
    **config: Any,
) -> list[Found]:
    door = Inspected(
        issuer=issuer.config(**config),
        proof=proof or ClientProof(secret="s" * 40),
        keys=keys,
        redirect_uri=CALLBACK,
        front_uri="http://derby.localhost/",
        jwks_uri="http://derby.localhost/.well-known/jwks.json",
        who="derby",
    )
    return list(inspect(door, IssuerDirectory(), now or dt.datetime.now(dt.UTC)))


def test_a_sign_in_that_works_leaves_nothing_to_mend(issuer: HostileIssuer) -> None:
    found = look(issuer)
    assert [one for one in found if one.to_do] == []
    assert [one.part for one in found] == [
        "discovery",
        "issuer's keys",
        "clock",
        "client authentication",
        "request",
        "signing out",
    ]
    assert "at http://derby.localhost/sign-in/backchannel-logout that somebody" in found[-1].found


Lie = Callable[[HostileIssuer], None]


def says(**metadata: Any) -> Lie:
    return lambda issuer: issuer.metadata.update(metadata)


def answers(path: str, response: Callable[[Request], Response]) -> Lie:
    return lambda issuer: issuer.instead.update({path: response})


def no_keys(issuer: HostileIssuer) -> None:
    issuer.keys = [EC]


TO_MEND: dict[str, tuple[Lie, str, Side, str]] = {
    "another-issuer": (says(issuer="http://x"), "discovery", Side.HERE, "exactly as its metadata have it"),
    "down": (answers(DISCOVERY, lambda _: Response("", 503)), "discovery", Side.ISSUER, "private_addresses = true"),
    "nonsense": (says(token_endpoint="/token"), "discovery", Side.ISSUER, "addresses of https"),
    "no-code-flow": (says(response_types_supported=["id_token"]), "metadata", Side.ISSUER, "Allow the code flow"),
    "plain-pkce": (says(code_challenge_methods_supported=["plain"]), "metadata", Side.ISSUER, "PKCE with S256"),
    "secret-in-the-body": (
        says(token_endpoint_auth_methods_supported=["client_secret_post"]),
        "metadata",
        Side.HERE,
        "allow client_secret_basic",
    ),
    "signs-otherwise": (
        says(id_token_signing_alg_values_supported=["ES256"]),
        "metadata",
        Side.HERE,
        "signing_algorithms",
    ),
    "pairwise": (says(subject_types_supported=["pairwise"]), "metadata", Side.HERE, "Set `subjects`"),
    "no-such-scope": (says(scopes_supported=["profile"]), "metadata", Side.HERE, "take it out of `scopes`"),
    "other-keys": (no_keys, "issuer's keys", Side.HERE, "signing_algorithms"),
    "no-keys": (answers("/jwks", lambda _: as_json({"keys": 7})), "issuer's keys", Side.ISSUER, "Publish the keys"),
    "client-refused": (
        answers("/token", lambda _: as_json({"error": "invalid_client"}, 401)),
        "client authentication",
        Side.ISSUER,
        "Compare the secret of client parley with HOSTILE_SECRET",
    ),
    "takes-any-code": (
        answers("/token", lambda _: as_json({"access_token": "a", "token_type": "Bearer", "id_token": "x"})),
        "client authentication",
        Side.ISSUER,
        "Nobody can rely on this issuer",
    ),
    "token-endpoint-down": (
        answers("/token", lambda _: Response("", 503)),
        "client authentication",
        Side.ISSUER,
        "Look at the token endpoint",
    ),
    "redirect-not-registered": (
        answers("/authorize", lambda _: Response("no", 400)),
        "request",
        Side.ISSUER,
        f"Register {CALLBACK}, to the letter",
    ),
    "scope-not-allowed": (
        answers("/authorize", lambda request: authorize(request, error="invalid_scope")),
        "request",
        Side.ISSUER,
        "these scopes: openid",
    ),
    "not-a-page-to-come-back-to": (
        answers("/end", lambda _: Response("no", 400)),
        "signing out",
        Side.ISSUER,
        "Register http://derby.localhost/ as",
    ),
}


@pytest.mark.parametrize(("lie", "part", "side", "step"), TO_MEND.values(), ids=TO_MEND.keys())
def test_what_is_wrong_names_who_mends_it_and_how(
    issuer: HostileIssuer, lie: Lie, part: str, side: Side, step: str
) -> None:
    lie(issuer)
    (wrong,) = (one for one in look(issuer) if one.to_do)
    assert (wrong.part, wrong.side) == (part, side)
    assert step in wrong.to_do


def test_a_page_of_the_issuers_own_is_no_fault(issuer: HostileIssuer) -> None:
    for page in (Response("Sign in"), Response("", 302, {"Location": "https://login.example/"})):
        issuer.instead["/authorize"] = lambda _, page=page: page
        (request,) = (one for one in look(issuer) if one.part == "request")
        assert not request.to_do
        assert "sign in once" in request.found


@pytest.mark.parametrize(("apart", "words"), [(300, "seconds ahead of ours"), (-300, "seconds behind ours")])
def test_a_clock_that_is_wrong_is_found_before_people_are_refused(
    issuer: HostileIssuer, apart: int, words: str
) -> None:
    here = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=apart)
    (clock,) = (one for one in look(issuer, now=here) if one.part == "clock")
    assert words in clock.found
    assert clock.to_do


@pytest.mark.parametrize(
    ("days", "words", "mend"),
    [(-1, "ended on", True), (3, "in 3 days", True), (30, "in 30 days", True), (31, "works until", False)],
)
def test_a_secret_that_ends_is_told_of_a_month_before(issuer: HostileIssuer, days: int, words: str, mend: bool) -> None:
    now = dt.datetime.now(dt.UTC)
    (secret,) = (
        one
        for one in look(issuer, now=now, secret_expires=now.date() + dt.timedelta(days=days))
        if one.part == "client secret"
    )
    assert words in secret.found
    assert bool(secret.to_do) is mend


def test_a_secret_that_is_not_there_is_named_and_nothing_is_proved_without_it(issuer: HostileIssuer) -> None:
    found = look(issuer, proof=SignInRefused(SignInReason.NOT_SET_UP, "variable_HOSTILE_SECRET"))
    (wrong,) = (one for one in found if one.to_do)
    assert "Set HOSTILE_SECRET" in wrong.to_do
    assert issuer.calls("/token") == 0


def key(state: KeyState, age: dt.timedelta) -> KnownKey:
    return KnownKey(kid=state.value, state=state, used_from=dt.datetime.now(dt.UTC) - age, published_until=None)


@pytest.mark.parametrize(
    ("keys", "mend"),
    [
        ((key(KeyState.USED, dt.timedelta(days=100)),), False),
        ((key(KeyState.USED, dt.timedelta(days=340)),), True),
        ((key(KeyState.COMING, dt.timedelta(days=-1)), key(KeyState.USED, dt.timedelta(days=340))), False),
    ],
    ids=["young", "nearly-a-year", "another-is-coming"],
)
def test_our_own_key_is_to_be_replaced_before_it_is_a_year_old(
    issuer: HostileIssuer, keys: tuple[KnownKey, ...], mend: bool
) -> None:
    found = look(issuer, proof=ClientProof(key=EC), keys=keys, client_auth=ClientAuth.PRIVATE_KEY, secret_variable=None)
    (ours,) = (one for one in found if one.part == "our key")
    assert ("parley signin keys rotate derby" in ours.to_do) is mend


def test_each_door_comes_back_to_its_own_address() -> None:
    assert {kind: callback_path(kind, "gm") for kind in (SignInKind.FAMILY, SignInKind.STAFF, SignInKind.PROVIDER)} == {
        SignInKind.FAMILY: "/sign-in/callback",
        SignInKind.STAFF: "/staff/sign-in/callback",
        SignInKind.PROVIDER: "/sign-in/gm/callback",
    }


def test_what_was_found_is_kept_by_the_worker_and_read_by_operators(database: Database) -> None:
    for troubles in ({"derby": ["one"], "rutland": ["two"]}, {"derby": [], "platform": ["three"]}):
        with database.begin(platform_scope(Login.WORKER)) as session:
            looking.keep(session, troubles, NOW)
    with database.begin(platform_scope(Login.OPERATOR)) as session:
        assert looking.troubles_found(session) == {"platform": ["three"]}
