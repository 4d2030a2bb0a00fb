"""A mediator's own notes on a case: nobody else reads them, not a coordinator, not another mediator."""

import uuid

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.compartment import queries
from parley.compartment.domain import LONGEST
from parley.compartment.service import write_note
from parley.web import current
from parley.web.fields import Required, TextField
from parley.web.forms import BaseForm
from parley.web.runtime import runtime
from parley.workspaces.provider.opening import opened
from parley.workspaces.provider.outcome import provider_side


class NoteForm(BaseForm):
    """One note."""

    body = TextField("Add a note", [Required("Write your note")], max_length=LONGEST, rows=6, noun="your note")


@requires(Permission.CASE_MEDIATE, fresh=Fresh.CONFIDENTIAL)
def notes(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the mediator's own notes, and take another one."""
    found = opened(authority_id, case_id)
    own, form = provider_side(found.view, found.names), NoteForm()
    with runtime().database.begin(own.scope) as session:
        if form.validate_on_submit():
            write_note(session, actor=current.actor(), at=current.now(), body=str(form.body.data))
            flash("Your note is saved")
            return redirect(own.address("notes"), 303)
        written = queries.own_notes(session)
    page = render_template("provider/notes.html", form=form, view=found.view, back=own.address("case"), notes=written)
    return page, 422 if form.was_sent else 200


def add_pages(blueprint: Blueprint) -> None:
    """Add this page to the provider's."""
    blueprint.add_url_rule("/cases/<uuid:authority_id>/<uuid:case_id>/notes", "notes", notes, methods=("GET", "POST"))
