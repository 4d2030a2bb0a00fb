"""Where issuers say that somebody signed out there (OpenID Connect Back-Channel Logout 1.0): an address for each door.

An issuer's server asks, not a person's browser: no cookie counts, no form token is asked for, and what proves the
sender is the signature of the logout token alone.
"""

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from parley.access.domain import public
from parley.identity import back_channel, doorway, service
from parley.identity.domain import IssuerConfig, SignInReason, SignInRefused, network_of
from parley.identity.logout_tokens import LARGEST_LOGOUT_BODY, read_logout_token
from parley.identity.tokens import Keys
from parley.web import current
from parley.web.runtime import runtime

_SIGNED = "an issuer says with its signature who signed out there; ends their sessions and shows nothing"
_POST = ["POST"]

#: What the issuer is told, by why nobody was signed out; it tries again where the fault may be passing.
_STATUS = {SignInReason.TOO_MANY: 429, SignInReason.ISSUER_UNREACHABLE: 503}


def add_routes(council: Blueprint, provider: Blueprint, operator: Blueprint) -> None:
    """Add each door's address, to be registered at its issuer as ``backchannel_logout_uri``."""
    council.add_url_rule("/sign-in/backchannel-logout", "family_logout", family_logout, methods=_POST)
    council.add_url_rule("/staff/sign-in/backchannel-logout", "staff_logout", staff_logout, methods=_POST)
    provider.add_url_rule("/sign-in/<slug>/backchannel-logout", "logout", provider_logout, methods=_POST)
    operator.add_url_rule("/sign-in/backchannel-logout", "logout", operator_logout, methods=_POST)


def ask_no_form_token(app: Flask) -> None:
    """Have these addresses taken out of the check for form tokens: no right of a browser is used there."""
    csrf: CSRFProtect = app.extensions["csrf"]
    for view in (family_logout, staff_logout, provider_logout, operator_logout):
        csrf.exempt(view)


@public(_SIGNED)
def family_logout() -> Response:
    """Sign a family out at their issuer's word."""
    return _sign_out(doorway.family_door())


@public(_SIGNED)
def staff_logout() -> Response:
    """Sign one of the council's staff out at their issuer's word."""
    return _sign_out(doorway.staff_door())


@public(_SIGNED)
def provider_logout(slug: str) -> Response:
    """Sign one of a provider's staff out at their issuer's word."""
    return _sign_out(doorway.provider_door(slug))


@public(_SIGNED)
def operator_logout() -> Response:
    """Sign an operator out at their issuer's word."""
    return _sign_out(doorway.operator_door())


def _sign_out(door: doorway.Door) -> Response:
    """End the sessions that the logout token names.

    Three transactions: the issuer's keys may have to be fetched between them, while none is open.
    """
    doorway.leave_transaction()
    database = runtime().database
    try:
        with database.begin(door.scope) as session:
            network = network_of(request.remote_addr)
            back_channel.count_sign_out(session, realm_id=door.realm.id, network=network, at=current.now())
            config = doorway.config_of(session, door)
        said = read_logout_token(_logout_token(), _keys_of(config.issuer), config.issuer, now=current.now())
        with database.begin(door.scope) as session:
            back_channel.sign_out_by_issuer(
                session, realm_id=door.realm.id, kind=door.kind, said=said, at=current.now()
            )
    except SignInRefused as refused:
        return _refused(door, refused)
    return current_app.response_class(status=200)


def _keys_of(config: IssuerConfig) -> Keys:
    directory = doorway.parts().directory
    return lambda unknown_key: directory.keys(config, unknown_key=unknown_key)


def _logout_token() -> str:
    """Return the form's one logout token. Raises SignInRefused(PROOF_REFUSED)."""
    request.max_content_length = LARGEST_LOGOUT_BODY
    try:
        given = request.form.getlist("logout_token")
    except RequestEntityTooLarge:
        raise SignInRefused(SignInReason.PROOF_REFUSED, "too_large") from None
    if len(given) != 1:
        raise SignInRefused(SignInReason.PROOF_REFUSED, "token_count")
    return given[0]


def _refused(door: doorway.Door, refused: SignInRefused) -> Response:
    """Answer as section 2.8 asks, with the reason alone; write it into the audit, unless tries are flooding in."""
    current_app.logger.warning("sign-out by issuer refused: %s (%s)", refused.reason.value, refused.detail)
    if refused.reason is not SignInReason.TOO_MANY:
        with runtime().database.begin(door.scope) as session:
            service.record_refusal(
                session,
                realm=door.realm,
                kind=door.kind,
                refused=refused,
                at=current.now(),
                action="sign_out.refuse",
            )
    answer = jsonify(error="invalid_request", error_description=refused.reason.value)
    answer.status_code = _STATUS.get(refused.reason, 400)
    return answer
