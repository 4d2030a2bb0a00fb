"""Asking somebody who is signed in to prove anew who they are, before what is confidential or a download.

They go to their issuer, or get a fresh link by e-mail, and come back to where they were.
"""

from urllib.parse import urlencode

from flask import Blueprint, Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, public
from parley.identity import doorway, link_views, passkey_views, queries
from parley.identity.domain import ASKED_AGE, LINK_ISSUER, PASSKEY_ISSUER, safe_next
from parley.web import current, typed
from parley.web.lifecycle import ProofNeeded
from parley.web.problems import problem

_PAGE = "/account/confirm"
_AFTER = "/account/confirmed"
_OWN_ONLY = "asks whoever is signed in to prove it anew; leads to the sign-in when nobody is"


def register(app: Flask) -> None:
    """Have ``app`` ask, wherever a page needs a fresh proof."""
    app.register_error_handler(ProofNeeded, proof_needed)


def add_routes(blueprint: Blueprint) -> None:
    """Add these pages to an audience's sign-in pages."""
    blueprint.add_url_rule(_PAGE, "confirm", confirm, methods=["GET", "POST"])
    blueprint.add_url_rule(_AFTER, "confirmed", confirmed)


def proof_needed(error: ProofNeeded) -> ResponseReturnValue:
    """Lead to the question and back. What was typed into a form waits on the page until it can be sent.

    A download leads back to a page with its link: a browser that gets a file stays where it was, at the issuer.
    """
    if request.path.startswith("/api/"):
        return problem(401)
    if request.method not in {"GET", "HEAD"}:
        kept, written = (typed.typed_values(), typed.written()) if typed.sent_from_here() else ([], [])
        page = f"{_PAGE}?{urlencode({'next': _AFTER})}"
        return render_template("identity/needed.html", page=page, typed=kept, written=written, confirming=True), 401
    wanted = safe_next(request.full_path if request.query_string else request.path, "/")
    back = f"{_AFTER}?{urlencode({'next': wanted})}" if error.fresh is Fresh.DOWNLOAD else wanted
    return redirect(f"{_PAGE}?{urlencode({'next': back})}", 303)


@public(_OWN_ONLY)
def confirm() -> ResponseReturnValue:
    """Ask the person to prove who they are, in the way in which they signed in."""
    wanted = safe_next(request.values.get("next"), "/")
    person = current.signed_in()
    if person is None:
        return redirect(wanted, 303)
    realm_id = person.actor.realm.id
    came = queries.how_signed_in(current.session(), realm_id=realm_id, session_id=person.session_id)
    door = doorway.door_of(came.kind, realm_id)
    if request.method == "POST":
        return _ask(door, came.issuer, person.shown_as, wanted)
    doorway.leave_transaction()
    words = {LINK_ISSUER: "", PASSKEY_ISSUER: "passkey"}
    label = words[came.issuer] if came.issuer in words else doorway.label_of(door)
    return render_template("identity/confirm.html", next=wanted, label=label, mailbox=person.shown_as)


@public(_OWN_ONLY)
def confirmed() -> str:
    """Say that they did, with the link to the file they wanted; they may have come from a form in another tab."""
    return render_template("identity/confirmed.html", next=safe_next(request.args.get("next"), ""))


def _ask(door: doorway.Door, issuer: str, shown_as: str, wanted: str) -> ResponseReturnValue:
    """Have the person prove who they are to whoever knows them: an issuer, or ourselves by a link or a passkey."""
    if issuer == LINK_ISSUER:
        return link_views.send_link(door, shown_as, wanted)
    if issuer == PASSKEY_ISSUER:
        return passkey_views.ask_for_passkey(door, wanted)
    return doorway.go_to_issuer(door, wanted, max_age=ASKED_AGE)
