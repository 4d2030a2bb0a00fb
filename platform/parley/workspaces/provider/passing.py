"""A request that the provider cannot take, or after the early end of its contract; and what stays with it of cases."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import worklists
from parley.casework.change_over import ProviderChoice
from parley.casework.consent_texts import consent_text
from parley.casework.domain import ConsentKind, ConsentMeans, PassedOnBecause
from parley.casework.service import changing_over, coordinating, passing
from parley.compartment import queries
from parley.db.scope import Side, compartment_scope
from parley.db.session import LoginUnavailableError
from parley.kernel.errors import NotFound
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.fields import Choice
from parley.web.runtime import runtime
from parley.workspaces.provider import forms, hand_over, possible
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.family_acts import people_choices, spoken
from parley.workspaces.provider.opening import opened, provider_id
from parley.workspaces.provider.possible import Act

#: More than anybody looks through.
_MOST = 200

REASONS = {
    PassedOnBecause.CONFLICT_OF_INTEREST: "Nobody here could be neutral in it",
    PassedOnBecause.NO_ROOM: "There was no room for it",
    PassedOnBecause.CONTRACT_ENDED: "Your contract ended early, and the family said that another provider goes on",
}


@requires(Permission.CASE_COORDINATE)
def pass_on(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Say that the provider cannot take the request, and why."""
    found = opened(authority_id, case_id)
    possible.require(Act.LET_GO, found.view, found.desk)
    form = forms.PassOnForm()
    if form.validate_on_submit():
        passing.pass_on(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            because=PassedOnBecause(form.because.data),
        )
        flash("You passed the request on")
        return redirect(url_for("provider.passed_on"), 303)
    council = found.desk.council
    page = ActPage(
        title="Pass the request on",
        does=(
            f"It goes to another provider of {council} by its rule. If there is none that can take it, {council} is "
            "asked for one, and is told the reference and nothing else.",
            "The family and whoever takes it over see that you passed it on, and why. What you and the family wrote to "
            "each other in confidence stays with you; nobody else reads it.",
        ),
        button="Pass the request on",
        warning="This cannot be undone. Once another provider has the request, you cannot open it any more.",
        tone="warning",
    )
    back = url_for("provider.case", authority_id=authority_id, case_id=case_id)
    body = render_template(page.template, page=page, form=form, view=found.view, desk=found.desk, back=back)
    return body, 422 if form.was_sent else 200


@requires(Permission.CASE_COORDINATE)
def who_goes_on(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Record what the family said on the phone to the question who goes on with its request."""
    found = opened(authority_id, case_id)
    possible.require(Act.WHO_GOES_ON, found.view, found.desk)
    change = found.view.change
    if change is None:
        raise NotFound
    new, form = change.new_provider.name, forms.WhoGoesOnForm()
    form.member.choices = people_choices([member for member in found.family() if member.is_rights_holder])
    stay = Choice(value=ProviderChoice.STAY.value, text=f"{found.desk.provider} goes on with the request")
    move = Choice(value=ProviderChoice.MOVE.value, text=f"{new} takes the request over")
    form.choice.choices = (stay, move) if change.may_stay else (move,)

    def do() -> str:
        changing_over.choose(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            choice=ProviderChoice(form.choice.data),
            means=ConsentMeans.SPOKEN,
            member_id=uuid.UUID(form.member.data),
        )
        return "who-goes-on"

    page = ActPage(
        title="Who goes on with the request?",
        does=(
            "Your contract ended early, so the family says who goes on. Nothing moves until it does, and it may take "
            "its time. It can end its request instead: that is “The family withdraws”. Read this out as it stands, and "
            "do not speak for or against anybody:",
            spoken(consent_text(ConsentKind.CHANGE_PROVIDER, found.names, body=new)),
        ),
        button="Record what they said",
    )
    return act(found, page, form, do)


@requires(Permission.WORKLIST_READ)
def passed_on() -> str:
    """List the cases that the provider had and another took over."""
    session = current.session()
    councils = tenancy.council_names(session, provider_id())
    kept = worklists.passed_on(session, provider_id=provider_id(), most=_MOST)
    return render_template(
        "provider/passed_on.html",
        rows=[(row, councils.get(row.authority_id, "A council"), REASONS[row.because]) for row in kept],
        councils=list(councils.items()),
        may_read=current.actor().may(Permission.CASE_CONFIDE),
    )


@requires(Permission.CASE_CONFIDE)
def kept(authority_id: uuid.UUID, case_id: uuid.UUID) -> str:
    """Show what was said in confidence while the provider had a case: of the case itself nothing is shown."""
    rows = worklists.passed_on(current.session(), provider_id=provider_id(), most=_MOST, one=(authority_id, case_id))
    if not rows:
        raise NotFound
    person = current.identity_id()
    scope = compartment_scope(provider_id(), authority_id, case_id, side=Side.PROVIDER, person_id=person)
    try:
        with runtime().database.begin(scope) as private:
            messages, notes = queries.messages(private, reader=person), queries.own_notes(private)
        reachable = True
    except LoginUnavailableError:
        messages, notes, reachable = [], [], False
    page = render_template(
        "provider/kept.html",
        row=rows[0],
        messages=messages,
        notes=notes,
        reachable=reachable,
        because=REASONS[rows[0].because],
        council=tenancy.authority_by_id(current.session(), authority_id).name,
        back=url_for("provider.passed_on"),
    )
    coordinating.record_read(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=authority_id,
        case_id=case_id,
        what=coordinating.FORMER_HOLDING,
    )
    return page


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to the provider's."""
    one = "<uuid:authority_id>/<uuid:case_id>"
    blueprint.add_url_rule(f"/cases/{one}/pass-on", "pass_on", pass_on, methods=("GET", "POST"))
    blueprint.add_url_rule(f"/cases/{one}/who-goes-on", "who_goes_on", who_goes_on, methods=("GET", "POST"))
    blueprint.add_url_rule("/passed-on", "passed_on", passed_on)
    blueprint.add_url_rule(f"/passed-on/{one}", "kept", kept)
    hand_over.add_pages(blueprint)
