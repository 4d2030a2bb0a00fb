"""What a parent says of a case on hold: how its young person is asked, or on what ground they act for them."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.domain import Capacity
from parley.casework.request import Person
from parley.casework.service import own_yes
from parley.casework.views import CaseView
from parley.casework.wording_codes import GROUNDS
from parley.kernel.errors import Invalid, NotFound
from parley.kernel.sentences import capitalised
from parley.web import current
from parley.web.fields import Choice, EmailField, PhoneField, RadioField, Required
from parley.web.forms import BaseForm
from parley.workspaces.family.council import council_of_case
from parley.workspaces.family.status import own_case


class AskForm(BaseForm):
    """How a young person is reached, for themselves."""

    email = EmailField("Their own email address", noun="their email address", autocomplete="off")
    phone = PhoneField("Their own phone number", noun="their phone number", autocomplete="off")


class ActingForm(BaseForm):
    """On what ground a parent acts for a young person."""

    ground = RadioField(
        "On what ground do you act for them?",
        [Required("Select on what ground you act")],
        hint="Whether they can make this decision is judged for this decision alone, never from a diagnosis.",
        choices=tuple(Choice(value=value, text=capitalised(text)) for value, text in GROUNDS.items()),
    )


@requires(Permission.FAMILY_ASK)
def ask(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a parent how the young person can be asked; have them asked there."""
    view = _parents(case_id)
    if not view.on_hold:
        return redirect(url_for(".case", case_id=case_id), 303)
    form = AskForm()
    if form.validate_on_submit():
        person = Person(name=view.child.name, email=form.email.data or "", phone=form.phone.data or "")
        try:
            asked = own_yes.ask_young_person(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                authority_id=view.authority_id,
                case_id=case_id,
                person=person,
            )
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            by = "They are asked by email." if person.email else "Somebody rings them."
            flash(by if asked else "They are asked already, on a page of their own.")
            return redirect(url_for(".case", case_id=case_id), 303)
    return _page("family/ask_young_person.html", view, form)


@requires(Permission.FAMILY_ASK)
def act_for(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a parent on what ground they act for the young person; let the case go on."""
    view = _parents(case_id)
    if not view.on_hold:
        return redirect(url_for(".case", case_id=case_id), 303)
    form = ActingForm()
    if form.validate_on_submit():
        own_yes.act_for_young_person(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=view.authority_id,
            case_id=case_id,
            ground=str(form.ground.data),
            policy=council_of_case(view).policy,
        )
        flash("What you said is recorded, and the case goes on.")
        return redirect(url_for(".case", case_id=case_id), 303)
    return _page("family/acting.html", view, form)


def _parents(case_id: uuid.UUID) -> CaseView:
    """Return a case of which the signed-in person is a parent. Raises NotFound for anybody else."""
    view = own_case(case_id)
    me = view.me()
    if me is None or me.capacity is not Capacity.PARENT_CARER:
        raise NotFound
    return view


def _page(template: str, view: CaseView, form: BaseForm) -> ResponseReturnValue:
    page = render_template(template, view=view, form=form, council=council_of_case(view))
    return page, 422 if form.was_sent else 200
