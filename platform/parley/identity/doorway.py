"""What every sign-in page shares: the browser, the doors, the way to an issuer and back, and what refusals say."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from flask import Response, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from parley.access.domain import Realm
from parley.db.scope import PLATFORM_REALM, Scope, platform_scope, provider_scope
from parley.identity import queries, service
from parley.identity.devices import device_name
from parley.identity.domain import (
    Browser,
    Environment,
    SignInConfig,
    SignInKind,
    SignInReason,
    SignInRefused,
    network_of,
    new_secret,
)
from parley.identity.issuers import IssuerDirectory
from parley.identity.membership import PLATFORM
from parley.identity.oidc import ClientProof, IssuerClient, sign_out_url
from parley.identity.sessions import EndedSession, NewSession, Place
from parley.identity.wording import REFUSALS
from parley.kernel.errors import NotFound
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.lifecycle import sign_in_cookie
from parley.web.runtime import runtime

_KEY = "parley_sign_in"
#: The browser's own secret lives as long as a link may take to arrive; it says nothing about who anybody is.
_BROWSER_COOKIE_SECONDS = 24 * 3600


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignInParts:
    """What sign-in needs beside a request: which issuers count here, what is known of them, where secrets are.

    ``landings`` says where each kind of person goes when they asked for no page in particular.
    """

    environment: Environment
    directory: IssuerDirectory
    environ: Mapping[str, str]
    landings: Mapping[SignInKind, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Door:
    """One way in on this site: whom for, in which realm, and the one address its issuer may answer to.

    ``organisation`` is what people call whoever works behind it; ``page`` is where somebody begins.
    """

    kind: SignInKind
    realm: Realm
    scope: Scope
    page: str
    callback: str
    organisation: str

    @property
    def own_page(self) -> str:
        """Return below which address this door's pages lie, on a site where there are several."""
        return self.callback.removesuffix("/callback")

    @property
    def redirect_uri(self) -> str:
        """Return the callback as it is registered at the issuer."""
        return runtime().settings.external_url(current.site().host, self.callback)


def install(parts: SignInParts) -> None:
    """Make ``parts`` the running app's own."""
    current_app.extensions[_KEY] = parts


def parts() -> SignInParts:
    """Return the running app's sign-in parts."""
    found = current_app.extensions[_KEY]
    if not isinstance(found, SignInParts):
        raise TypeError("identity.views.register was not called")
    return found


def family_door() -> Door:
    """Return the families' door of this council."""
    return _council_door(SignInKind.FAMILY, "/sign-in")


def staff_door() -> Door:
    """Return the staff door of this council."""
    return _council_door(SignInKind.STAFF, "/staff/sign-in")


def provider_door(slug: str) -> Door:
    """Return the door of the provider ``slug``. Raises NotFound when there is no such provider."""
    provider = tenancy.provider_by_slug(current.session(), slug)
    if provider is None:
        raise NotFound
    return Door(
        kind=SignInKind.PROVIDER,
        realm=service.realm_of(SignInKind.PROVIDER, provider.id),
        scope=provider_scope(provider.id),
        page="/sign-in",
        callback=f"/sign-in/{slug}/callback",
        organisation=provider.name,
    )


def operator_door() -> Door:
    """Return the operators' door."""
    return Door(
        kind=SignInKind.OPERATOR,
        realm=service.realm_of(SignInKind.OPERATOR, PLATFORM_REALM),
        scope=platform_scope(),
        page="/sign-in",
        callback="/sign-in/callback",
        organisation=PLATFORM,
    )


def config_of(session: Session, door: Door) -> SignInConfig:
    """Return what stands behind ``door``. Raises SignInRefused(NOT_SET_UP) when nothing does."""
    config = queries.door(session, door.realm.id, door.kind, parts().environment)
    if config is None:
        raise SignInRefused(SignInReason.NOT_SET_UP, "door")
    return config


def label_of(door: Door) -> str:
    """Return what people call their account at ``door``; the general word where the file names no door any more."""
    with runtime().database.begin(door.scope) as session:
        config = queries.door(session, door.realm.id, door.kind, parts().environment)
    return config.label if config else "account"


def go_to_issuer(door: Door, next_path: str, *, max_age: dt.timedelta | None = None) -> ResponseReturnValue:
    """Send the browser to the door's issuer, or say why that cannot be done now.

    With ``max_age``, to prove anew who they are where they did longer ago than that.

    The answer is a page that leads on at once, not a redirect: browsers hold a form's redirects to the page's content
    security policy, and where an issuer sends people next is not ours to know.
    """
    leave_transaction()
    try:
        with runtime().database.begin(door.scope) as session:
            config = config_of(session, door)
            proof = _proof(session, door, config)
            begun = service.begin_attempt(
                session,
                realm_id=door.realm.id,
                kind=door.kind,
                browser=browser(),
                redirect_uri=door.redirect_uri,
                next_path=next_path,
                at=current.now(),
                max_age=max_age,
            )
        client = IssuerClient(config.issuer, parts().directory, proof)
        address = client.authorization_url(
            state=begun.state,
            nonce=begun.nonce,
            verifier=begun.verifier,
            redirect_uri=door.redirect_uri,
            max_age=max_age,
        )
    except SignInRefused as refused:
        return refusal(door, refused)
    page = render_template("identity/leaving.html", address=address, label=config.label)
    return keep_browser(current_app.make_response(page))


def come_back(door: Door) -> ResponseReturnValue:
    """Take the issuer's answer and sign the person in, or say why not.

    Two transactions with the issuer between them: the first takes the attempt, so that the answer counts once whatever
    follows; the second writes the session.
    """
    leave_transaction()
    try:
        answer = _answer()
        with runtime().database.begin(door.scope) as session:
            config = config_of(session, door)
            proof = _proof(session, door, config)
            taken = service.take_attempt(
                session,
                realm_id=door.realm.id,
                kind=door.kind,
                state=answer.get("state", ""),
                browser=browser(),
                at=current.now(),
            )
        client = IssuerClient(config.issuer, parts().directory, proof)
        client.check_issuer(answer.get("iss"))
        verified = client.redeem(
            code=_code(answer),
            verifier=taken.verifier,
            nonce=taken.nonce,
            redirect_uri=taken.redirect_uri,
            now=current.now(),
            proved_since=taken.proved_since,
        )
        with runtime().database.begin(door.scope) as session:
            begun = service.sign_in(
                session,
                config=config,
                verified=verified,
                place=place(door.realm.id),
                replaces=present_session(door.realm.id),
                at=current.now(),
                confirms=_confirming(taken),
            )
    except SignInRefused as refused:
        return refusal(door, refused)
    return signed_in(begun, taken.next_path)


def refusal(door: Door, refused: SignInRefused) -> ResponseReturnValue:
    """Return the page that says why nobody was signed in, and which other doors there are; write the audit."""
    note_refusal(door, refused)
    words = REFUSALS[refused.reason]
    return render_template("identity/refused.html", words=words, door=door), words.status


def note_refusal(door: Door, refused: SignInRefused) -> None:
    """Write the refusal into the audit and the log: reasons only, nothing that was typed or sent."""
    leave_transaction()
    current_app.logger.warning("sign-in refused: %s (%s)", refused.reason.value, refused.detail)
    with runtime().database.begin(door.scope) as session:
        service.record_refusal(session, realm=door.realm, kind=door.kind, refused=refused, at=current.now())


def sign_out_address(config: SignInConfig, ended: EndedSession, back_to: str) -> str:
    """Return where the person signs out at the issuer of a session that has just ended here."""
    return sign_out_url(
        ended.end_session_endpoint or "",
        client_id=config.issuer.client_id,
        id_token=ended.id_token,
        post_logout_redirect_uri=back_to,
    )


def signed_in(begun: NewSession, next_path: str) -> Response:
    """Hand the new session's cookie to the browser, in place of any it had, and go on."""
    response = current_app.make_response(redirect(next_path, 303))
    _set_cookie(response, sign_in_cookie(), begun.cookie)
    return response


def place(realm_id: uuid.UUID) -> Place:
    """Return where a session that begins now will hold."""
    return Place(realm_id=realm_id, host=current.site().host, browser=browser())


def present_session(realm_id: uuid.UUID) -> uuid.UUID | None:
    """Return the session that this browser already has in the realm, which a new one replaces."""
    found = current.signed_in()
    return found.session_id if found and found.actor.realm.id == realm_id else None


def browser() -> Browser:
    """Return the browser behind this request; one that is new here is given its secret now."""
    if "sign_in_browser" not in g:
        g.sign_in_browser = Browser(
            secret=request.cookies.get(_browser_cookie()) or new_secret(),
            device=device_name(request.user_agent.string),
            network=network_of(request.remote_addr),
        )
    found: Browser = g.sign_in_browser
    return found


def keep_browser(response: Response) -> Response:
    """Let the browser keep its secret, so that what comes back to it can be told from what comes to another."""
    _set_cookie(response, _browser_cookie(), browser().secret, seconds=_BROWSER_COOKIE_SECONDS)
    return response


def leave_transaction() -> None:
    """End the request's own transaction: what follows opens its own, or waits for an issuer with none open."""
    current.session().rollback()


def door_of(kind: SignInKind, realm_id: uuid.UUID) -> Door:
    """Return the door that somebody of ``kind`` and realm came in by on this site. Raises NotFound without one."""
    match kind:
        case SignInKind.FAMILY:
            return family_door()
        case SignInKind.STAFF:
            return staff_door()
        case SignInKind.PROVIDER:
            return provider_door(tenancy.provider_by_id(current.session(), realm_id).slug)
        case SignInKind.OPERATOR:
            return operator_door()
        case SignInKind.INVITED:
            raise NotFound


def _confirming(taken: service.TakenAttempt) -> uuid.UUID | None:
    """Return who was asked for a fresh proof, if somebody was and still is signed in."""
    person = current.signed_in()
    return person.actor.identity_id if person is not None and taken.max_age is not None else None


def _council_door(kind: SignInKind, page: str) -> Door:
    authority = current.site().council
    return Door(
        kind=kind,
        realm=service.realm_of(kind, authority.id),
        scope=current.site().scope(),
        page=page,
        callback=f"{page}/callback",
        organisation=authority.name,
    )


def _proof(session: Session, door: Door, config: SignInConfig) -> ClientProof:
    return service.client_proof(
        session, realm_id=door.realm.id, config=config.issuer, environ=parts().environ, at=current.now()
    )


def _answer() -> dict[str, str]:
    """Return the parameters of the issuer's answer; one given twice is nobody's answer (RFC 6749, section 3.1)."""
    if any(len(request.args.getlist(name)) > 1 for name in ("state", "code", "iss", "error")):
        raise SignInRefused(SignInReason.ATTEMPT_UNKNOWN, "repeated_parameter")
    return request.args.to_dict()


def _code(answer: Mapping[str, str]) -> str:
    if "error" in answer:
        declined = answer["error"] in {"access_denied", "login_required", "interaction_required"}
        reason = SignInReason.DECLINED if declined else SignInReason.ISSUER_MISTAKEN
        raise SignInRefused(reason, "answered_with_an_error")
    if not answer.get("code"):
        raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "code_missing")
    return answer["code"]


def _browser_cookie() -> str:
    return "__Host-parley-browser" if runtime().settings.uses_https else "parley-browser"


def _set_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=runtime().settings.uses_https,
        httponly=True,
        samesite="Lax",
    )
