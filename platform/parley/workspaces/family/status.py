"""What became of a request: what is next, by when, who holds it; sharing, withdrawing, a young person's own yes."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, public, requires
from parley.casework import queries, wording
from parley.casework.consent_texts import consent_text
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    ConsentKind,
    ConsentMeans,
    InvitationKind,
    PartyKind,
    StatementKind,
    Viewer,
)
from parley.casework.service import answers, invitations, own_yes, sharing
from parley.casework.service.sending import Rules
from parley.casework.timeline import Happening, signposted_to
from parley.casework.views import CaseView, PartyView
from parley.casework.wording_else import what_else
from parley.eligibility.result import SignpostResult
from parley.kernel.errors import Invalid, NotFound
from parley.kernel.sentences import capitalised
from parley.web import current
from parley.web.fields import Choice, RadioField, Required, TextField
from parley.web.forms import BaseForm
from parley.workspaces.contract_words import contract_words, elsewhere_words
from parley.workspaces.councils_dates import councils_dates
from parley.workspaces.family.council import Council, council, council_of_case
from parley.workspaces.rules import rules_text, who_runs_it

STATEMENT_NAMES = {
    StatementKind.STORY: "Your story",
    StatementKind.WISH: "What you wish for",
    StatementKind.CHILD_VIEWS: "Their own views",
    StatementKind.ACTING_FOR: "On what ground you act for them",
}


class YoungPersonForm(BaseForm):
    """A young person's own yes or no."""

    agrees = RadioField(
        "Do you agree to this request?",
        [Required("Select yes or no")],
        choices=(
            Choice(value="yes", text="Yes, it may go ahead", hint="You can withdraw it later at any time."),
            Choice(value="no", text="No", hint="It ends here. Neither the provider nor the council hears of it."),
        ),
    )


class GoingOnForm(BaseForm):
    """A young person's own yes or no to a case that a parent began before the choice was theirs."""

    agrees = RadioField(
        "Do you want this to go on?",
        [Required("Select yes or no")],
        choices=(
            Choice(value="yes", text="Yes, it may go on", hint="You can withdraw it later at any time."),
            Choice(value="no", text="No", hint="It ends here. The others hear that it was withdrawn, and not why."),
        ),
    )


class ClaimForm(BaseForm):
    """What a caller was told on the phone."""

    reference = TextField(
        "Reference",
        [Required("Enter the reference")],
        max_length=40,
        hint="For example, DER-2026-00001.",
        spellcheck=False,
        autocomplete="off",
        width="govuk-input--width-20",
    )
    code = TextField(
        "Code",
        [Required("Enter the code")],
        max_length=40,
        hint="You were told it on the phone.",
        spellcheck=False,
        autocomplete="one-time-code",
        width="govuk-input--width-10",
    )


@requires(Permission.FAMILY_ASK)
def case(case_id: uuid.UUID) -> str:
    """Show one request of the person's own."""
    return _page("family/case.html", own_case(case_id))


@requires(Permission.FAMILY_ASK)
def sent(case_id: uuid.UUID) -> str:
    """Confirm that a request was sent: reference, what next, by when, whom to ring."""
    return _page("family/sent.html", own_case(case_id))


@requires(Permission.FAMILY_ASK)
def withdraw(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to withdraw; do so when that is confirmed."""
    view = own_case(case_id)
    me = view.me()
    if me is None or not me.is_rights_holder:
        raise NotFound
    if view.state is CaseState.CLOSED:
        return redirect(url_for(".case", case_id=case_id), 303)
    form = BaseForm()
    if not form.was_sent:
        return _page("family/withdraw.html", view)
    answers.withdraw(
        current.session(), actor=current.actor(), at=current.now(), authority_id=view.authority_id, case_id=case_id
    )
    flash("You withdrew your request.")
    return redirect(url_for(".case", case_id=case_id), 303)


@requires(Permission.FAMILY_ASK)
def share(case_id: uuid.UUID, statement_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Show one of the person's own statements to one party from now on."""
    sharing.share_statement(current.session(), **_share(case_id, statement_id, party_id))
    flash("It is shared from now on.")
    return redirect(url_for(".case", case_id=case_id, _anchor="own-words"), 303)


@requires(Permission.FAMILY_ASK)
def stop_sharing(case_id: uuid.UUID, statement_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Stop showing one of the person's own statements to one party."""
    sharing.stop_sharing(current.session(), **_share(case_id, statement_id, party_id))
    flash("It is no longer shared. What was read before cannot be unread.")
    return redirect(url_for(".case", case_id=case_id, _anchor="own-words"), 303)


@requires(Permission.FAMILY_ASK)
def your_say(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the young person of a case whether they agree that it goes ahead."""
    view = own_case(case_id)
    me = view.me()
    if me is None or me.capacity is not Capacity.YOUNG_PERSON:
        raise NotFound
    if not view.waits_for_my_yes:
        return redirect(url_for(".case", case_id=case_id), 303)
    form = GoingOnForm() if view.on_hold else YoungPersonForm()
    known = council_of_case(view)
    if not form.validate_on_submit():
        kind = ConsentKind.GO_ON if view.on_hold else ConsentKind.PARENT_MAY_ASK
        text = consent_text(kind, _names(view, known))
        elsewhere = "" if view.on_hold else elsewhere_words(view.contract, _names(view, known), current.today())
        page = _page("family/your_say.html", view, form=form, text=text, elsewhere=elsewhere)
        return page, 422 if form.was_sent else 200
    own_yes.young_person_answers(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=view.authority_id,
        case_id=case_id,
        agrees=form.agrees.data == "yes",
        rules=Rules(policy=known.policy, policy_version_id=known.policy_version_id, law=known.law),
        means=ConsentMeans.ONLINE,
    )
    flash("Your answer was recorded.")
    return redirect(url_for(".case", case_id=case_id), 303)


@requires(Permission.FAMILY_ASK)
def claim() -> ResponseReturnValue:
    """Let a caller take over, online, the request that a coordinator entered for them."""
    form = ClaimForm()
    if form.validate_on_submit():
        try:
            case_id = invitations.claim(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                authority_id=current.authority_id(),
                reference=str(form.reference.data),
                code=str(form.code.data),
            )
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            return redirect(url_for(".case", case_id=case_id), 303)
    page = render_template("family/claim.html", form=form, council=council(), back=url_for(".own_requests"))
    return page, 422 if form.was_sent else 200


@public("a link in an e-mail, which mail scanners open too: it changes nothing and says nothing about anybody")
def your_answer(token: str) -> str:
    """Say what a young person's invitation is, and how to take it up."""
    invitation = invitations.open_invitation(
        current.session(), authority_id=current.authority_id(), token=token, at=current.now()
    )
    if invitation.kind is not InvitationKind.YOUNG_PERSON:
        raise NotFound
    return render_template(
        "family/your_answer.html",
        token=token,
        expires_at=invitation.expires_at,
        council=council(),
        signed_in=current.signed_in(),
        sign_in=url_for("sign_in.choose", next=url_for(".your_answer", token=token)),
    )


@requires(Permission.FAMILY_ASK)
def take_up(token: str) -> ResponseReturnValue:
    """Give the signed-in young person their own place in the request, and ask for their yes or no."""
    case_id = invitations.accept_for_family(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        token=token,
    )
    return redirect(url_for(".your_say", case_id=case_id), 303)


def own_case(case_id: uuid.UUID) -> CaseView:
    """Return a case of the signed-in person's own. Raises NotFound for any other."""
    return queries.family_view(
        current.session(),
        authority_id=current.authority_id(),
        case_id=case_id,
        identity_id=current.identity_id(),
    )


def _page(template: str, view: CaseView, **more: Any) -> str:
    known = council_of_case(view)
    names = _names(view, known)
    me, closed = view.me(), view.state is CaseState.CLOSED
    return render_template(
        template,
        view=view,
        me=me,
        council=known,
        names=names,
        rules=rules_text(view),
        who_runs_it=who_runs_it(view, names),
        contract=contract_words(view, names, known.today),
        state=wording.state_words(view.standing, Viewer.FAMILY, names, view.close_reason),
        step=wording.next_step(view, names, known.today),
        clocks=_dates(view, known, names),
        happenings=wording.timeline_words(view, names),
        parties=[_party(party, names, closed=closed) for party in view.parties if party.kind is not PartyKind.FAMILY],
        other_ways=what_else(view, names),
        told_of=_told_of(view, known),
        statement_names=STATEMENT_NAMES,
        sharers=[party for party in view.parties if party.kind is not PartyKind.FAMILY],
        party_name=lambda party: capitalised(wording.party_name(party, names)),
        is_asked=view.waits_for_my_yes,
        may_say_how=view.on_hold and me is not None and me.capacity is Capacity.PARENT_CARER,
        question=view.open_question(me.id) if me else None,
        may_withdraw=me is not None and me.is_rights_holder and view.state is not CaseState.CLOSED,
        **more,
    )


def _dates(view: CaseView, known: Council, names: wording.Names) -> list[wording.ClockWords]:
    """Return every date of the case, and the council's own, in the order of ``wording.due_dates``."""
    dates = wording.due_dates(view.clocks, Viewer.FAMILY, names, known.today)
    if view.state is not CaseState.CLOSED:
        dates += councils_dates(known.policy, view, known.today)
    return sorted(dates, key=lambda one: (one.state == "met", one.due))


def _names(view: CaseView, known: Council) -> wording.Names:
    family = next((party.id for party in view.parties if party.kind is PartyKind.FAMILY), None)
    people = [member for member in view.members if member.party_id == family]
    return known.names(young_person=view.child.name, family_is_several=len(people) > 1)


def _told_of(view: CaseView, known: Council) -> list[SignpostResult]:
    """Return the places that the provider told the family of when it closed the request as one for another way."""
    keys = [
        key
        for entry in view.timeline
        if entry.happening == Happening.SIGNPOSTED.value
        for key in signposted_to(entry.codes)
    ]
    contacts = [known.policy.contacts[key] for key in keys if key in known.policy.contacts]
    return [
        SignpostResult(
            contact.name, way.label or contact.name, "", way.url or None, way.phone or None, way.email or None
        )
        for contact in contacts
        for way in contact.shown_ways
    ]


def _party(party: PartyView, names: wording.Names, *, closed: bool) -> dict[str, Any]:
    text, tone = wording.answer_words(party, closed=closed)
    asked = party.may_be_invited or party.kind is PartyKind.LOCAL_AUTHORITY
    return {
        "name": capitalised(wording.party_name(party, names)),
        "answer": text if asked else "Not asked, as you wished",
        "tone": tone,
        "reason": wording.decline_words(party.reason, names) if party.answer is AnswerValue.DECLINED else "",
        "words": party.words,
        "holding_until": party.holding_until,
        "answered_at": party.answered_at,
    }


def _share(case_id: uuid.UUID, statement_id: uuid.UUID, party_id: uuid.UUID) -> dict[str, Any]:
    return {
        "actor": current.actor(),
        "at": current.now(),
        "authority_id": current.authority_id(),
        "case_id": case_id,
        "statement_id": statement_id,
        "party_id": party_id,
    }
