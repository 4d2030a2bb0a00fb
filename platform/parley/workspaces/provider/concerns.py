"""Raising a concern for somebody's safety, and the log of concerns that the provider's named lead reads."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.compartment import safeguarding
from parley.compartment.domain import LONGEST, Told
from parley.db.scope import Scope, safeguarding_scope
from parley.eligibility.places import EMERGENCY
from parley.identity.queries import names_of
from parley.notifications.lead import lead_has_looked
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.fields import Choice, RadioField, Required, TextField
from parley.web.forms import BaseForm
from parley.web.runtime import runtime
from parley.workspaces.provider.opening import opened, provider_id
from parley.workspaces.provider.outcome import provider_side

TOLD = {
    Told.POLICE_OR_AMBULANCE: "The police or an ambulance",
    Told.COUNCIL_SAFEGUARDING: "The council’s safeguarding team",
    Told.LEAD: "Our safeguarding lead",
    Told.NOBODY: "Nobody yet",
}

_LOG = "/concerns"


class ConcernForm(BaseForm):
    """What somebody saw or heard, and whom they have told."""

    body = TextField(
        "What did you see or hear?",
        [Required("Write what you saw or heard")],
        hint="In the words that were used, as far as you remember, and when and where it was.",
        max_length=LONGEST,
        rows=8,
        noun="what you saw or heard",
    )
    told = RadioField(
        "Whom have you told?",
        [Required("Select whom you have told")],
        choices=tuple(Choice(value=told.value, text=text) for told, text in TOLD.items()),
    )


@requires(Permission.CONCERN_RAISE)
def raise_concern(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Take a concern about a case into the log."""
    found = opened(authority_id, case_id)
    own, form = provider_side(found.view, found.names), ConcernForm()
    if form.validate_on_submit():
        with runtime().database.begin(own.scope) as session:
            safeguarding.raise_concern(
                session,
                actor=current.actor(),
                at=current.now(),
                body=str(form.body.data),
                told=Told(form.told.data),
            )
        flash("Your concern is in the log. You cannot read it here again.")
        return redirect(own.address("outcome"), 303)
    page = render_template(
        "provider/concern.html",
        form=form,
        view=found.view,
        council=found.desk.council,
        emergency=EMERGENCY.numbers,
        mails_lead=_mails_lead(),
        back=own.address("case"),
    )
    return page, 422 if form.was_sent else 200


@requires(Permission.CONCERN_READ, fresh=Fresh.CONFIDENTIAL)
def log() -> str:
    """Show the log of concerns to the provider's lead; nobody has to tell them of it then."""
    with runtime().database.begin(_lead()) as session:
        entries = safeguarding.log(session)
    names = names_of(current.session(), realm_id=provider_id(), ids=[entry.author_id for entry in entries])
    page = render_template(
        "provider/concerns.html",
        entries=[
            (
                entry,
                names.get(entry.author_id, "Somebody of your staff"),
                TOLD[entry.told],
                url_for(
                    "provider.concern",
                    authority_id=entry.authority_id,
                    case_id=entry.case_id,
                    concern_id=entry.id,
                ),
            )
            for entry in entries
        ],
    )
    lead_has_looked(current.session(), actor=current.actor(), at=current.now(), provider_id=provider_id())
    return page


@requires(Permission.CONCERN_READ, fresh=Fresh.CONFIDENTIAL)
def concern(authority_id: uuid.UUID, case_id: uuid.UUID, concern_id: uuid.UUID) -> ResponseReturnValue:
    """Show one concern to the lead, and record that they have taken it up."""
    form = BaseForm()
    with runtime().database.begin(_lead(authority_id, case_id)) as session:
        if form.was_sent:
            safeguarding.take_up(session, actor=current.actor(), at=current.now(), concern_id=concern_id)
            flash("It is recorded that you have taken it up")
            return redirect(url_for("provider.concerns"), 303)
        found = safeguarding.read(session, actor=current.actor(), at=current.now(), concern_id=concern_id)
    author = names_of(current.session(), realm_id=provider_id(), ids=[found.entry.author_id])
    return render_template(
        "provider/concern_read.html",
        found=found,
        told=TOLD[found.entry.told],
        author=author.get(found.entry.author_id, "Somebody of your staff"),
        case=url_for("provider.case", authority_id=authority_id, case_id=case_id),
        back=url_for("provider.concerns"),
    )


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to the provider's."""
    case = "/cases/<uuid:authority_id>/<uuid:case_id>"
    blueprint.add_url_rule(f"{case}/concern", "raise_concern", raise_concern, methods=("GET", "POST"))
    blueprint.add_url_rule(_LOG, "concerns", log)
    blueprint.add_url_rule(
        f"{_LOG}/<uuid:authority_id>/<uuid:case_id>/<uuid:concern_id>", "concern", concern, methods=("GET", "POST")
    )


def _mails_lead() -> bool:
    """Tell whether a mailbox of the provider's lead is known."""
    return bool(tenancy.provider_by_id(current.session(), provider_id()).profile.get("safeguarding_mailbox"))


def _lead(authority_id: uuid.UUID | None = None, case_id: uuid.UUID | None = None) -> Scope:
    return safeguarding_scope(provider_id(), current.identity_id(), authority_id=authority_id, case_id=case_id)
