"""The pages of people without an issuer: taking up an invitation, and signing in with the passkey made there.

Both need the browser's own script: there is no other way to a passkey. The pages say so to whoever has it off.
"""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from parley.access.domain import public
from parley.identity import doorway, members, passkeys, queries, service
from parley.identity.domain import SignInReason, SignInRefused, origin
from parley.identity.doorway import Door
from parley.identity.membership import PasskeyDoor
from parley.identity.passkeys import Site
from parley.identity.service import TakenAttempt
from parley.identity.wording import role_name, role_words
from parley.web import current
from parley.web.forms import BaseForm
from parley.web.runtime import runtime

_BEFORE_SIGN_IN = "nobody is signed in yet; this is where they do"
_INVITED = "an invitation in an e-mail; opening it changes nothing, since mail scanners open links too"
_BOTH = ("GET", "POST")


def add_provider_routes(blueprint: Blueprint) -> None:
    """Add these pages to the providers' sign-in pages."""
    blueprint.add_url_rule("/sign-in/<slug>/passkey", "passkey", provider_passkey, methods=["POST"])
    blueprint.add_url_rule("/sign-in/<slug>/join/<token>", "join", provider_join, methods=_BOTH)


def add_operator_routes(blueprint: Blueprint) -> None:
    """Add these pages to the operators' sign-in pages."""
    blueprint.add_url_rule("/sign-in/passkey", "passkey", operator_passkey, methods=["POST"])
    blueprint.add_url_rule("/sign-in/join/<token>", "join", operator_join, methods=_BOTH)


def door_of(session: Session, door: Door) -> PasskeyDoor | None:
    """Return ``door`` as one that people pass by passkey, None where an issuer is behind it; in the door's scope."""
    return queries.passkey_door(session, door.realm.id, door.kind, doorway.parts().environment)


def ask_for_passkey(door: Door, next_path: str) -> ResponseReturnValue:
    """Show the page on which the browser asks for a passkey, and which leads to ``next_path`` afterwards."""
    doorway.leave_transaction()
    try:
        with runtime().database.begin(door.scope) as session:
            begun = _begin(session, door, next_path)
    except SignInRefused as refused:
        return doorway.refusal(door, refused)
    page = render_template(
        "identity/passkey.html",
        action=f"{door.own_page}/passkey",
        options=passkeys.options_to_use(_site(), challenge=begun.nonce),
        attempt=begun.state,
        back=door.page,
    )
    return doorway.keep_browser(current_app.make_response(page))


@public(_BEFORE_SIGN_IN)
def provider_passkey(slug: str) -> ResponseReturnValue:
    """Sign in somebody of a provider with their passkey."""
    return _come_in(doorway.provider_door(slug))


@public(_INVITED)
def provider_join(slug: str, token: str) -> ResponseReturnValue:
    """Let somebody join a provider."""
    return _join(doorway.provider_door(slug), token)


@public(_BEFORE_SIGN_IN)
def operator_passkey() -> ResponseReturnValue:
    """Sign in an operator with their passkey."""
    return _come_in(doorway.operator_door())


@public(_INVITED)
def operator_join(token: str) -> ResponseReturnValue:
    """Let somebody join the platform's operators."""
    return _join(doorway.operator_door(), token)


def _come_in(door: Door) -> ResponseReturnValue:
    doorway.leave_transaction()
    try:
        with runtime().database.begin(door.scope) as session:
            behind = _required(session, door)
            taken = _take(session, door)
            begun = members.sign_in_with_passkey(
                session,
                kind=door.kind,
                site=_site(),
                challenge=taken.nonce,
                answer=request.form.get("passkey", ""),
                place=doorway.place(door.realm.id),
                limits=behind.limits,
                replaces=doorway.present_session(door.realm.id),
                at=current.now(),
            )
    except SignInRefused as refused:
        return doorway.refusal(door, refused)
    return doorway.signed_in(begun, taken.next_path)


def _join(door: Door, token: str) -> ResponseReturnValue:
    doorway.leave_transaction()
    form = BaseForm()
    try:
        if form.was_sent:
            return _take_up(door, token)
    except SignInRefused as refused:
        if refused.reason is not SignInReason.PASSKEY_REFUSED:
            return doorway.refusal(door, refused)
        doorway.note_refusal(door, refused)
        form.form_errors = ["Your device did not confirm that it is you. Try again"]
    return _invitation_page(door, token, form)


def _take_up(door: Door, token: str) -> ResponseReturnValue:
    with runtime().database.begin(door.scope) as session:
        behind = _required(session, door)
        taken = _take(session, door)
        begun = members.join(
            session,
            token=token,
            site=_site(),
            challenge=taken.nonce,
            answer=request.form.get("passkey", ""),
            place=doorway.place(door.realm.id),
            limits=behind.limits,
            replaces=doorway.present_session(door.realm.id),
            at=current.now(),
        )
    return doorway.signed_in(begun, taken.next_path)


def _invitation_page(door: Door, token: str, form: BaseForm) -> ResponseReturnValue:
    """Show what the invitation offers. The attempt begun with it is the browser's, and takes nothing up."""
    try:
        with runtime().database.begin(door.scope) as session:
            _required(session, door)
            invited = members.open_invitation(session, realm_id=door.realm.id, token=token, at=current.now())
            begun = _begin(session, door, doorway.parts().landings[door.kind])
    except SignInRefused as refused:
        return doorway.refusal(door, refused)
    options = passkeys.options_to_make(
        _site(), challenge=begun.nonce, user=invited.membership_id, mailbox=invited.mailbox, name=invited.name
    )
    page = render_template(
        "identity/join.html",
        form=form,
        organisation=door.organisation,
        invited=invited,
        roles=[(role_name(role), role_words(role)) for role in sorted(invited.roles)],
        options=options,
        attempt=begun.state,
    )
    return doorway.keep_browser(current_app.make_response((page, 422 if form.was_sent else 200)))


def _begin(session: Session, door: Door, next_path: str) -> service.BegunAttempt:
    return service.begin_attempt(
        session,
        realm_id=door.realm.id,
        kind=door.kind,
        browser=doorway.browser(),
        redirect_uri=door.redirect_uri,
        next_path=next_path,
        at=current.now(),
    )


def _take(session: Session, door: Door) -> TakenAttempt:
    return service.take_attempt(
        session,
        realm_id=door.realm.id,
        kind=door.kind,
        state=request.form.get("attempt", ""),
        browser=doorway.browser(),
        at=current.now(),
    )


def _required(session: Session, door: Door) -> PasskeyDoor:
    behind = door_of(session, door)
    if behind is None:
        raise SignInRefused(SignInReason.NOT_SET_UP, "passkeys")
    return behind


def _site() -> Site:
    """Return this site as browsers know it. Behind a proxy it is what the settings say, not what the proxy sent."""
    address = runtime().settings.external_url(current.site().host)
    return Site(host_name=urlsplit(address).hostname or "", origin=origin(address))
