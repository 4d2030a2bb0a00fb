"""Signing in by a one-time link: asking for it, opening it, and typing the short code it shows elsewhere."""

from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from parley.access.domain import public
from parley.identity import doorway, links, queries
from parley.identity.domain import (
    DEFAULT_LIMITS,
    SessionLimits,
    SignInKind,
    SignInReason,
    SignInRefused,
    safe_next,
)
from parley.identity.doorway import Door
from parley.identity.links import LinkState, UsedLink
from parley.web import current
from parley.web.fields import EmailField, Required, TextField
from parley.web.forms import BaseForm
from parley.web.runtime import runtime

_BEFORE_SIGN_IN = "nobody is signed in yet; this is where they do"


class EmailForm(BaseForm):
    """Where to send the link."""

    email = EmailField(
        "What is your email address?",
        [Required("Enter your email address")],
        hint="We will send a link to this address. We use it for nothing else unless you say so later.",
    )


class CodeForm(BaseForm):
    """The short code that a link shows when it is opened in another browser."""

    code = TextField(
        "Code",
        [Required("Enter the code")],
        max_length=20,
        hint="6 letters, shown when you open the link on another device or in another browser.",
        autocomplete="one-time-code",
        spellcheck=False,
        width="govuk-input--width-10",
    )


def add_routes(council: Blueprint) -> None:
    """Add these pages to a council's sign-in pages."""
    council.add_url_rule("/sign-in/email", "email", ask_email, methods=["GET", "POST"])
    council.add_url_rule("/sign-in/code", "code", wait_for_link, methods=["GET", "POST"])
    council.add_url_rule("/sign-in/link/<token>", "link", open_link, methods=["GET", "POST"])


@public(_BEFORE_SIGN_IN)
def ask_email() -> ResponseReturnValue:
    """Ask for a mailbox and have a link sent there; the answer is the same whoever's it is."""
    form = EmailForm()
    wanted = safe_next(request.values.get("next"), doorway.parts().landings[SignInKind.FAMILY])
    if not form.validate_on_submit():
        page = render_template("identity/email.html", form=form, next=wanted)
        return doorway.keep_browser(current_app.make_response((page, 422 if form.was_sent else 200)))
    return send_link(doorway.family_door(), str(form.email.data), wanted)


def send_link(door: Door, mailbox: str, wanted: str) -> ResponseReturnValue:
    """Have a link sent that leads on to ``wanted``, and go on to the page that waits for it."""
    doorway.leave_transaction()
    try:
        with runtime().database.begin(door.scope) as session:
            links.ask_for_link(
                session,
                realm_id=door.realm.id,
                mailbox=mailbox,
                host=current.site().host,
                browser=doorway.browser(),
                next_path=wanted,
                at=current.now(),
            )
    except SignInRefused as refused:
        return doorway.refusal(door, refused)
    answer = current_app.make_response(redirect(f"/sign-in/code?{urlencode({'next': wanted})}", 303))
    return doorway.keep_browser(answer)


@public(_BEFORE_SIGN_IN)
def wait_for_link() -> ResponseReturnValue:
    """Say that a link is on its way, and take the code it shows when it is opened elsewhere."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("identity/sent.html", form=form), 422 if form.was_sent else 200
    door = doorway.family_door()
    doorway.leave_transaction()
    try:
        with runtime().database.begin(door.scope) as session:
            used = links.use_code(
                session,
                code=str(form.code.data),
                place=doorway.place(door.realm.id),
                limits=_limits(session, door),
                replaces=doorway.present_session(door.realm.id),
                at=current.now(),
            )
    except SignInRefused as refused:
        if refused.reason is not SignInReason.LINK_UNKNOWN:
            return doorway.refusal(door, refused)
        doorway.note_refusal(door, refused)
        wrong = "Enter the code as it is shown. After 5 wrong codes, or 15 minutes, you need a new link"
        form.code.errors = [wrong]
        return render_template("identity/sent.html", form=form), 422
    return _go_on(used)


@public("a link in an e-mail; opening it changes nothing, since mail scanners open links too")
def open_link(token: str) -> ResponseReturnValue:
    """Show the button that uses the link; in another browser than the one that asked, show a code instead."""
    door = doorway.family_door()
    doorway.leave_transaction()
    try:
        with runtime().database.begin(door.scope) as session:
            if request.method == "POST":
                used = links.use_link(
                    session,
                    token=token,
                    place=doorway.place(door.realm.id),
                    limits=_limits(session, door),
                    replaces=doorway.present_session(door.realm.id),
                    at=current.now(),
                )
                return _go_on(used)
            opened = links.open_link(
                session, realm_id=door.realm.id, token=token, browser=doorway.browser(), at=current.now()
            )
    except SignInRefused as refused:
        return doorway.refusal(door, refused)
    if opened.state is LinkState.GONE:
        return doorway.refusal(door, SignInRefused(SignInReason.LINK_UNKNOWN, "opened"))
    return render_template("identity/link.html", opened=opened, here=opened.state is LinkState.HERE)


def _limits(session: Session, door: Door) -> SessionLimits:
    """Return how long the council lets a family's sign-in last, which does not depend on how they signed in."""
    config = queries.door(session, door.realm.id, door.kind, doorway.parts().environment)
    return config.limits if config else DEFAULT_LIMITS[door.kind]


def _go_on(used: UsedLink) -> ResponseReturnValue:
    return doorway.signed_in(used.session, used.next_path)
