"""Signing out, here and at the issuer, and the list of where one is signed in. The same on every site."""

import uuid

from flask import Blueprint, current_app, g, redirect, render_template
from flask import session as form_session
from flask.typing import ResponseReturnValue

from parley.access.domain import public
from parley.identity import doorway, queries, service
from parley.identity.sessions import EndedSession
from parley.web import current
from parley.web.lifecycle import SignInNeeded, forget_sign_in
from parley.web.runtime import SignedIn, runtime

_OWN_ONLY = "shows a person their own sign-ins whatever their role; asks to sign in when nobody is"


def add_routes(blueprint: Blueprint) -> None:
    """Add these pages to an audience's sign-in pages."""
    blueprint.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    blueprint.add_url_rule("/account/sign-ins", "sign_ins", sign_ins)
    blueprint.add_url_rule("/account/sign-ins/<uuid:session_id>/end", "end_sign_in", end_sign_in, methods=["POST"])
    blueprint.add_url_rule("/account/sign-ins/end-others", "end_other_sign_ins", end_other_sign_ins, methods=["POST"])


@public("anybody may sign out; when nobody is signed in there is nothing to end")
def sign_out() -> ResponseReturnValue:
    """End this browser's session, and offer to sign out at the issuer as well.

    The offer is a link, because a form may not lead off this site (content security policy), and because on a
    council's own account the person may still be using something else.
    """
    signed_in = current.signed_in()
    further = None
    if signed_in is not None:
        ended = service.end_session(
            current.session(), actor=signed_in.actor, session_id=signed_in.session_id, at=current.now()
        )
        further = _further(signed_in, ended)
        # From here on nobody is, also for the frame around the page.
        g.signed_in = None
    form_session.clear()
    page = render_template("identity/signed_out.html", further=further)
    return forget_sign_in(current_app.make_response(page))


@public(_OWN_ONLY)
def sign_ins() -> ResponseReturnValue:
    """List where the person is signed in."""
    signed_in = _somebody()
    rows = queries.live_sign_ins(
        current.session(),
        realm_id=signed_in.actor.realm.id,
        identity_id=_identity(signed_in),
        this_one=signed_in.session_id,
        at=current.now(),
    )
    return render_template("identity/sign_ins.html", rows=rows)


@public(_OWN_ONLY)
def end_sign_in(session_id: uuid.UUID) -> ResponseReturnValue:
    """Sign the person out in another browser of theirs."""
    signed_in = _somebody()
    service.end_session(current.session(), actor=signed_in.actor, session_id=session_id, at=current.now())
    return redirect("/account/sign-ins", 303)


@public(_OWN_ONLY)
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign the person out everywhere but in this browser."""
    signed_in = _somebody()
    service.end_other_sessions(
        current.session(), actor=signed_in.actor, session_id=signed_in.session_id, at=current.now()
    )
    return redirect("/account/sign-ins", 303)


def _further(signed_in: SignedIn, ended: EndedSession) -> dict[str, str] | None:
    """Return where to sign out at the issuer, and what people call the account there."""
    if ended.end_session_endpoint is None:
        return None
    realm_id = signed_in.actor.realm.id
    config = queries.door(current.session(), realm_id, ended.kind, doorway.parts().environment)
    if config is None:
        return None
    address = doorway.sign_out_address(config, ended, runtime().settings.external_url(current.site().host))
    return {"label": config.label, "address": address}


def _somebody() -> SignedIn:
    signed_in = current.signed_in()
    if signed_in is None:
        raise SignInNeeded
    return signed_in


def _identity(signed_in: SignedIn) -> uuid.UUID:
    identity_id = signed_in.actor.identity_id
    if identity_id is None:
        raise SignInNeeded
    return identity_id
