"""Looking at a sign-in without a person: does the issuer answer, know us, and do what the file says.

Each look says in plain words what was found, and where something has to be mended what, and on which side: the issuer's
people's, or ours. Nothing about a person is sent or said. Nothing here touches the database.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from parley.identity.domain import ClientAuth, IssuerConfig, SignInKind, SignInReason, SignInRefused, new_secret
from parley.identity.issuers import IssuerDirectory, discovery_address, is_address, look_at, word
from parley.identity.metadata_checks import metadata_problems, usable_keys
from parley.identity.oidc import ClientProof, IssuerClient, sign_out_url
from parley.identity.signing_keys import KEY_LASTS, KeyState, KnownKey
from parley.identity.tokens import CLOCK_SKEW_SECONDS

#: How long before a secret ends, or a key is old, operators are told.
WARNED_BEFORE = dt.timedelta(days=30)

#: What an issuer answers that knows the client and the redirect address, asked to sign somebody in without a page.
_NOBODY_THERE = frozenset({"login_required", "interaction_required", "consent_required", "account_selection_required"})


class Side(enum.StrEnum):
    """Who can mend something."""

    HERE = "here"
    ISSUER = "issuer"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """What a look found. ``to_do`` is empty where all is well; ``side`` says who does it."""

    part: str
    found: str
    to_do: str = ""
    side: Side | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inspected:
    """A door to look at: its issuer, how we prove ourselves there (or why not), and our addresses as registered.

    ``keys`` are the realm's own keys, for a door that uses them.
    """

    issuer: IssuerConfig
    proof: ClientProof | SignInRefused
    keys: Sequence[KnownKey]
    redirect_uri: str
    front_uri: str
    jwks_uri: str
    who: str


def callback_path(kind: SignInKind, slug: str) -> str:
    """Return where sign-ins of ``kind`` come back to; ``slug`` is the provider's, where it is a provider's."""
    return {
        SignInKind.STAFF: "/staff/sign-in/callback",
        SignInKind.PROVIDER: f"/sign-in/{slug}/callback",
    }.get(kind, "/sign-in/callback")


def inspect(door: Inspected, directory: IssuerDirectory, now: dt.datetime) -> Iterator[Found]:
    """Yield what there is to say about ``door``; after an issuer that does not answer nothing more is asked of it."""
    yield from _own_keys(door, now)
    try:
        metadata = directory.answering(door.issuer)
    except SignInRefused as refused:
        yield _discovery_failed(door.issuer, refused)
        return
    if door.issuer.metadata:
        yield Found(part="discovery", found="not asked: the file says where everything is")
    else:
        yield Found(part="discovery", found=f"{door.issuer.issuer} answers, and is the issuer that the file names")
    yield from (
        Found(part="metadata", found=found, to_do=to_do, side=Side.HERE if here else Side.ISSUER)
        for found, to_do, here in metadata_problems(door.issuer, metadata)
    )
    yield _keys(door.issuer, directory)
    looks: tuple[Callable[[Inspected, IssuerDirectory, Mapping[str, Any], dt.datetime], Found], ...] = (
        _clock,
        _client_authentication,
        _request,
        _logout,
    )
    for look in looks:
        yield look(door, directory, metadata, now)


def _own_keys(door: Inspected, now: dt.datetime) -> Iterator[Found]:
    issuer = door.issuer
    by_key = issuer.client_auth is ClientAuth.PRIVATE_KEY
    what = "our key" if by_key else "client secret"
    if isinstance(door.proof, SignInRefused):
        yield Found(part=what, found=_not_there(door.proof), to_do=_to_have(door), side=Side.HERE)
    if issuer.secret_expires is not None:
        yield _expiry(what, issuer.secret_expires, now.date())
    if not by_key or issuer.key_variable:
        return
    used = next((key for key in door.keys if key.state is KeyState.USED), None)
    if used is None:
        return
    age = now - used.used_from
    known = f"{used.kid}, in use for {age.days} days; the issuer reads it at {door.jwks_uri}"
    coming = any(key.state is KeyState.COMING for key in door.keys)
    if age > KEY_LASTS - WARNED_BEFORE and not coming:
        step = f"Replace it: `parley signin keys rotate {door.who}`."
        yield Found(part=what, found=known, to_do=step, side=Side.HERE)
    else:
        yield Found(part=what, found=known)


def _not_there(refused: SignInRefused) -> str:
    return {
        "signing_key": "there is none",
        "client_key": "is not a private JWK",
        "client_key_public": "is the public half alone",
    }.get(refused.detail, "the environment variable that the file names is not set")


def _to_have(door: Inspected) -> str:
    variable = door.issuer.secret_variable or door.issuer.key_variable
    if variable is None:
        return "Load the files, which makes one: `parley authority load`."
    return f"Set {variable} for the processes that serve pages, and in this shell to look again."


def _expiry(what: str, last_day: dt.date, today: dt.date) -> Found:
    left = (last_day - today).days
    step = "Get another from the issuer's people, set it, and write its last day into the file."
    if left < 0:
        return Found(part=what, found=f"ended on {last_day:%d %B %Y}", to_do=step, side=Side.ISSUER)
    if left <= WARNED_BEFORE.days:
        return Found(part=what, found=f"ends on {last_day:%d %B %Y}, in {left} days", to_do=step, side=Side.ISSUER)
    return Found(part=what, found=f"works until {last_day:%d %B %Y}")


def _discovery_failed(issuer: IssuerConfig, refused: SignInRefused) -> Found:
    address = issuer.issuer if issuer.metadata else discovery_address(issuer)
    if refused.reason is SignInReason.ISSUER_MISMATCH:
        return Found(
            part="discovery",
            found=f"{address} says it is another issuer than {issuer.issuer}",
            to_do="Write the issuer into the file exactly as its metadata have it, to the last slash.",
            side=Side.HERE,
        )
    if refused.reason is SignInReason.ISSUER_UNREACHABLE:
        return Found(
            part="discovery",
            found=f"{address} does not answer ({refused.detail})",
            to_do="Look at the issuer, its certificate and the way there. An address inside a private network needs"
            " `private_addresses = true`; a redirect is not followed.",
            side=Side.ISSUER,
        )
    return Found(
        part="discovery",
        found=f"{address} answers with something that cannot be used ({refused.detail})",
        to_do="Correct the metadata: addresses of https, in JSON.",
        side=Side.ISSUER,
    )


def _keys(issuer: IssuerConfig, directory: IssuerDirectory) -> Found:
    try:
        keys = directory.keys(issuer)
    except SignInRefused as refused:
        found = f"cannot be read ({refused.detail})"
        return Found(part="issuer's keys", found=found, to_do="Publish the keys at jwks_uri.", side=Side.ISSUER)
    usable = usable_keys(issuer, keys)
    algorithms = ", ".join(issuer.signing_algorithms)
    if not usable:
        return Found(
            part="issuer's keys",
            found=f"none of {len(list(keys))} could have signed with {algorithms}",
            to_do="Set `signing_algorithms` to what the issuer signs ID tokens with, or publish that key.",
            side=Side.HERE,
        )
    return Found(part="issuer's keys", found=f"{usable} for {algorithms}")


def _clock(door: Inspected, _directory: IssuerDirectory, metadata: Mapping[str, Any], now: dt.datetime) -> Found:
    try:
        said = look_at(door.issuer, str(metadata["jwks_uri"])).headers.get("Date", "")
        apart = (parsedate_to_datetime(said) - now).total_seconds()
    except (SignInRefused, ValueError, TypeError):
        return Found(part="clock", found="the issuer does not say what time it is")
    if abs(apart) <= CLOCK_SKEW_SECONDS / 2:
        return Found(part="clock", found=f"within {CLOCK_SKEW_SECONDS // 2} seconds of ours")
    where = "ahead of" if apart > 0 else "behind"
    return Found(
        part="clock",
        found=f"{abs(apart):.0f} seconds {where} ours; {CLOCK_SKEW_SECONDS} are allowed",
        to_do="See that this machine keeps time by NTP; if it does, ask the issuer's people to look at theirs.",
        side=Side.HERE,
    )


def _client_authentication(
    door: Inspected, directory: IssuerDirectory, _metadata: Mapping[str, Any], now: dt.datetime
) -> Found:
    """Send a code that was never given: refusing it, and not us, says that the issuer accepts our proof."""
    part = "client authentication"
    if isinstance(door.proof, SignInRefused):
        return Found(part=part, found="not tried, for want of what proves us")
    client = IssuerClient(door.issuer, directory, door.proof)
    try:
        client.try_code(f"looking-{new_secret()}", verifier=new_secret(), redirect_uri=door.redirect_uri, now=now)
    except SignInRefused as refused:
        detail = refused.detail
        if refused.reason is SignInReason.CODE_REFUSED and detail == "invalid_grant":
            return Found(part=part, found="accepted: a made-up code was refused, and we were not")
        if refused.reason is SignInReason.CODE_REFUSED:
            return Found(part=part, found=f"refused ({detail})", to_do=_to_be_known(door), side=Side.ISSUER)
        return Found(
            part=part,
            found=f"the token endpoint gave no answer that can be used ({detail})",
            to_do="Look at the token endpoint; it has to answer in JSON, with an error for a code it never gave.",
            side=Side.ISSUER,
        )
    step = "Nobody can rely on this issuer. Switch the door off until it is mended."
    return Found(part=part, found="a made-up code was accepted", to_do=step, side=Side.ISSUER)


def _to_be_known(door: Inspected) -> str:
    client = door.issuer.client_id
    if door.issuer.client_auth is ClientAuth.BASIC:
        variable = door.issuer.secret_variable
        return f"Compare the secret of client {client} with {variable}; the client has to use client_secret_basic."
    where = f"read our keys at {door.jwks_uri}" if not door.issuer.key_variable else "know the key's public half"
    return f"For client {client}, set private_key_jwt with ES256, and let the issuer {where}."


def _request(door: Inspected, directory: IssuerDirectory, _metadata: Mapping[str, Any], _now: dt.datetime) -> Found:
    """Ask to sign somebody in without showing a page: the issuer answers to our address that nobody is there."""
    part = "request"
    try:
        client = IssuerClient(door.issuer, directory, ClientProof())
        asked = client.authorization_url(
            state=new_secret(), nonce=new_secret(), verifier=new_secret(), redirect_uri=door.redirect_uri
        )
        answer = look_at(door.issuer, _without_a_page(asked))
    except SignInRefused as refused:
        found = f"the authorisation endpoint does not answer ({refused.detail})"
        return Found(part=part, found=found, to_do="Look at the authorisation endpoint.", side=Side.ISSUER)
    to = answer.headers.get("Location", "")
    if to.startswith(door.redirect_uri):
        return _answered(door, dict(parse_qsl(urlsplit(to).query)).get("error"))
    if answer.status_code >= 400:
        return Found(
            part=part,
            found=f"refused, with status {answer.status_code}",
            to_do=f"Register {door.redirect_uri}, to the letter, as a redirect address of client"
            f" {door.issuer.client_id}.",
            side=Side.ISSUER,
        )
    found = f"the issuer shows a page of its own; sign in once to see that it leads back to {door.redirect_uri}"
    return Found(part=part, found=found)


def _answered(door: Inspected, error: str | None) -> Found:
    if error is None or error in _NOBODY_THERE:
        return Found(part="request", found=f"taken, and answered to {door.redirect_uri}")
    return Found(
        part="request",
        found=f"answered with an error ({word(error)})",
        to_do=f"See that client {door.issuer.client_id} may use the code flow, and these scopes:"
        f" {' '.join(door.issuer.scopes)}.",
        side=Side.ISSUER,
    )


def _without_a_page(address: str) -> str:
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name != "prompt"]
    return parts._replace(query=urlencode([*asked, ("prompt", "none")])).geturl()


def _logout(door: Inspected, _directory: IssuerDirectory, metadata: Mapping[str, Any], _now: dt.datetime) -> Found:
    part, address = "signing out", metadata.get("end_session_endpoint")
    if not is_address(door.issuer, address):
        return Found(part=part, found="the issuer names no address for it: people are signed out here alone")
    asked = sign_out_url(
        str(address), client_id=door.issuer.client_id, id_token="", post_logout_redirect_uri=door.front_uri
    )
    try:
        status = look_at(door.issuer, asked).status_code
    except SignInRefused as refused:
        found = f"{address} does not answer ({refused.detail})"
        return Found(part=part, found=found, to_do="Look at the address for signing out.", side=Side.ISSUER)
    if status >= 400:
        return Found(
            part=part,
            found=f"refused, with status {status}",
            to_do=f"Register {door.front_uri} as an address after signing out of client {door.issuer.client_id}.",
            side=Side.ISSUER,
        )
    if metadata.get("backchannel_logout_supported") is not True:
        return Found(part=part, found="offered at the issuer too")
    told_at = f"{door.redirect_uri.removesuffix('callback')}backchannel-logout"
    return Found(
        part=part, found=f"offered at the issuer too; it can tell us at {told_at} that somebody signed out there"
    )
