"""The provider's mediators: their register entries, kept so that nobody is assigned whose entry ran out."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, Role, requires
from parley.identity.queries import staff_in_role
from parley.kernel.errors import Invalid
from parley.meetings import queries
from parley.meetings.domain import Registration
from parley.meetings.service.mediators import MediatorFacts, save_mediator
from parley.meetings.views import MediatorRecord
from parley.meetings.wording import register_words
from parley.web import current
from parley.web.fields import Choice
from parley.workspaces.provider.meeting_forms import MediatorForm
from parley.workspaces.provider.opening import provider_id

_BOTH = ("GET", "POST")


@requires(Permission.WORKLIST_READ)
def mediators() -> str:
    """List the mediators, and whose register entry keeps them from being assigned."""
    records = queries.mediators(current.session(), provider_id=provider_id())
    return render_template(
        "provider/mediators.html",
        mediators=[(record, register_words(record.registration), *_standing(record)) for record in records],
        may_change=current.actor().may(Permission.CASE_COORDINATE),
    )


@requires(Permission.CASE_COORDINATE)
def add() -> ResponseReturnValue:
    """Add a mediator."""
    return _edit(None)


@requires(Permission.CASE_COORDINATE)
def change(mediator_id: uuid.UUID) -> ResponseReturnValue:
    """Change a mediator's register entry."""
    return _edit(queries.mediator(current.session(), provider_id=provider_id(), mediator_id=mediator_id))


def add_pages(pages: Blueprint) -> None:
    """Add these pages to the provider's."""
    pages.add_url_rule("/mediators", "mediators", mediators)
    pages.add_url_rule("/mediators/add", "add_mediator", add, methods=_BOTH)
    pages.add_url_rule("/mediators/<uuid:mediator_id>", "change_mediator", change, methods=_BOTH)


def _edit(record: MediatorRecord | None) -> ResponseReturnValue:
    form = MediatorForm(data=_data(record))
    staff = staff_in_role(current.session(), realm_id=provider_id(), role=Role.MEDIATOR)
    form.identity.choices = tuple(Choice(value=one.id.hex, text=one.shown_as) for one in staff if one.shown_as)
    if form.validate_on_submit():
        try:
            save_mediator(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                provider_id=provider_id(),
                facts=_facts(form),
                mediator_id=record.id if record else None,
            )
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            flash("The mediator is saved")
            return redirect(url_for("provider.mediators"), 303)
    title = "Add a mediator" if record is None else f"Change {record.name}"
    page = render_template("provider/mediator.html", form=form, heading=title, is_new=record is None)
    return page, 422 if form.was_sent else 200


def _facts(form: MediatorForm) -> MediatorFacts:
    return MediatorFacts(
        name=form.name.data or "",
        registration=Registration(
            body=form.register_body.data or "",
            number=form.register_number.data or "",
            until=form.registered_until.data,
        ),
        identity_id=uuid.UUID(hex=form.identity.data) if form.identity.data else None,
        retired="yes" in form.retired.data,
    )


def _data(record: MediatorRecord | None) -> dict[str, object]:
    if record is None:
        return {}
    return {
        "name": record.name,
        "register_body": record.registration.body,
        "register_number": record.registration.number,
        "registered_until": record.registration.until,
        "identity": record.identity_id.hex if record.identity_id else None,
        "retired": ["yes"] if record.retired else [],
    }


def _standing(record: MediatorRecord) -> tuple[str, str]:
    if record.retired:
        return "No longer here", "neutral"
    if record.registration.is_valid_on(current.today()):
        return "Can be assigned", "good"
    return "Cannot be assigned", "bad"
