"""Who goes on with a request whose provider's contract ended early: asked of the family, and nothing moves before."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.change_over import ChangeView, ProviderChoice
from parley.casework.consent_texts import consent_text
from parley.casework.domain import ClockCode, ConsentKind, ConsentMeans
from parley.casework.service import changing_over
from parley.casework.views import CaseView
from parley.kernel.errors import Invalid
from parley.web import current
from parley.web.fields import Choice, RadioField, Required
from parley.web.forms import BaseForm
from parley.web.shell import Contact
from parley.workspaces.contract_words import contract_words
from parley.workspaces.family.council import Council, contact_of_body, council_of_case
from parley.workspaces.family.status import own_case

#: Of the choices the one that is no choice of a provider: the request is withdrawn, on that page.
END = "end"


class WhoGoesOnForm(BaseForm):
    """Who goes on with a request."""

    choice = RadioField("Who goes on with your request?", [Required("Select who goes on with your request")])


@requires(Permission.FAMILY_ASK)
def who_goes_on(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the family who goes on with its request, and take its answer."""
    view = own_case(case_id)
    me, change = view.me(), view.change
    if change is None:
        return redirect(url_for(".case", case_id=case_id), 303)
    known = council_of_case(view)
    form = WhoGoesOnForm(data={"choice": change.choice.value} if change.choice else {})
    form.choice.choices = _choices(view, change)
    is_mine = me is not None and me.is_rights_holder
    if is_mine and form.validate_on_submit():
        if form.choice.data == END:
            return redirect(url_for(".withdraw", case_id=case_id), 303)
        try:
            _choose(case_id, ProviderChoice(form.choice.data))
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            flash(_done(view, change, ProviderChoice(form.choice.data)))
            return redirect(url_for(".case", case_id=case_id), 303)
    return _page(view, change, known, form, is_mine=is_mine), 422 if form.was_sent else 200


def _choose(case_id: uuid.UUID, choice: ProviderChoice) -> None:
    changing_over.choose(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        case_id=case_id,
        choice=choice,
        means=ConsentMeans.ONLINE,
    )


def _page(view: CaseView, change: ChangeView, known: Council, form: WhoGoesOnForm, *, is_mine: bool) -> str:
    names = known.names()
    asked = next((one for one in view.clocks if one.code is ClockCode.CHOOSE_BY and one.is_running()), None)
    return render_template(
        "family/who_goes_on.html",
        view=view,
        council=known,
        change=change,
        form=form if is_mine else None,
        by=asked.due_on if asked else None,
        contract=contract_words(view, names, known.today),
        what_moves=consent_text(ConsentKind.CHANGE_PROVIDER, names, body=change.new_provider.name),
        taker=_taker(change, known),
        decides=next((member.name for member in view.members if member.is_rights_holder), ""),
    )


def _choices(view: CaseView, change: ChangeView) -> tuple[Choice, ...]:
    present, new = view.provider.name, change.new_provider.name
    stay = Choice(
        value=ProviderChoice.STAY.value,
        text=f"{present} goes on",
        hint="Nothing moves. It goes on with your request until that is finished.",
    )
    move = Choice(
        value=ProviderChoice.MOVE.value,
        text=f"{new} takes it over",
        hint="What goes there and what does not is written above.",
    )
    end = Choice(value=END, text="I end my request", hint="You are asked once more. You can ask again later.")
    return (stay, move, end) if change.may_stay else (move, end)


def _taker(change: ChangeView, known: Council) -> Contact:
    """Return how to reach the provider that can take over: as the council publishes it, or the provider itself."""
    return contact_of_body(known.contact_of(change.new_provider))


def _done(view: CaseView, change: ChangeView, choice: ProviderChoice) -> str:
    if choice is ProviderChoice.STAY:
        return f"{view.provider.name} goes on with your request."
    return f"{change.new_provider.name} takes your request over. It is on its way there now."
