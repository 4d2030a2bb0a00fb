"""The one case that an invited contact sees, and their answer for the school or health body."""

import dataclasses
import uuid

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import queries
from parley.casework.consent_texts import body_consent_text
from parley.casework.domain import AnswerValue, Capacity, CaseState, PartyKind
from parley.casework.service.answers import NewAnswer
from parley.casework.service.body_answers import Answerer, answer_for_body, return_place
from parley.casework.service.coordinating import record_read
from parley.casework.views import CaseView, MemberView, PartyView
from parley.casework.wording import Names, answer_words, due_dates, next_step, party_name, state_words, timeline_words
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.sentences import capitalised
from parley.policy.domain import Policy
from parley.web import current
from parley.web.fields import Choice
from parley.web.forms import BaseForm
from parley.web.lifecycle import forget_sign_in
from parley.workspaces import rules
from parley.workspaces.answering import CHANGE, SEND, as_family_reads, carried, seen_answer, seen_at, written
from parley.workspaces.invited.forms import AgreeForm, AnswererForm, DeclineForm, HoldingForm, ReturnForm
from parley.workspaces.invited.links import named_instead

FORMS: dict[str, type[AnswererForm]] = {"agree": AgreeForm, "decline": DeclineForm, "holding": HoldingForm}
TITLES = {"agree": "{body} takes part", "decline": "{body} does not take part", "holding": "Send a holding reply"}

#: What follows an answer, said where the case page opens again.
SENT = {
    "agree": "Your answer was sent. {provider} asks you which times suit, once everybody has agreed.",
    "decline": "Your answer was sent. {provider} asks the others whether to go on without you. You need do nothing.",
    "holding": "Your holding reply was sent. Come back by the link in your email to give your answer.",
}

#: Who asks, in summary: an invited body is not told names of the family.
ASKERS = {
    Capacity.PARENT_CARER: "a parent or carer",
    Capacity.YOUNG_PERSON: "the young person",
    Capacity.ALTERNATIVE_PERSON: "somebody who acts for the young person",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Opened:
    """The case that an invited contact has before them."""

    view: CaseView
    me: MemberView
    own: PartyView
    policy: Policy
    names: Names

    @property
    def agreement(self) -> str:
        """To what the body agrees when it takes part: its consent is kept with the version of these words."""
        return body_consent_text(self.names, party_name(self.own, self.names))

    @property
    def is_closed(self) -> bool:
        """Whether nothing more happens in the case."""
        return self.view.state is CaseState.CLOSED

    @property
    def body(self) -> str:
        """What the contact's school or health body is called at the beginning of a sentence."""
        return capitalised(party_name(self.own, self.names))


@requires(Permission.INVITATION_ANSWER)
def case(case_id: uuid.UUID) -> str:
    """Show the open side as far as it is the body's to know, and what is next."""
    found = opened(case_id)
    view, names = found.view, found.names
    page = render_template(
        "invited/case.html",
        view=view,
        body=found.body,
        council=names.council,
        provider=names.provider,
        contact=rules.provider_contact(found.policy),
        state=_state(found),
        next=next_step(view, names, current.today()),
        may_answer=_may_answer(found),
        has_answered=found.own.answer in {AnswerValue.AGREED, AnswerValue.DECLINED},
        own=found.own,
        own_answer=answer_words(found.own, closed=found.is_closed),
        facts=_facts(found),
        statements=[(rules.STATEMENTS[statement.kind], statement.body) for statement in view.statements],
        others=[
            (_name(found, party), *answer_words(party, closed=found.is_closed))
            for party in view.parties
            if party.kind is not PartyKind.FAMILY and party.id != found.own.id and party.may_be_invited
        ],
        clocks=due_dates(view.clocks, view.viewer, names, current.today()),
        timeline=timeline_words(view, names),
    )
    record_read(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=view.authority_id,
        case_id=case_id,
    )
    return page


@requires(Permission.INVITATION_ANSWER)
def choose(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which answer it is."""
    found = opened(case_id)
    if not _may_answer(found):
        return _moved_on(found)
    return render_template("invited/choose.html", found=found, view=found.view)


@requires(Permission.INVITATION_ANSWER)
def answer(case_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Take what is written, show it as the family will read it, and send it when told to."""
    found, step = opened(case_id), request.form.get("step")
    form = FORMS[kind](data={"name": found.me.name, "role": found.me.role})
    form.may_answer.choices = (Choice(value="yes", text=f"I may answer for {party_name(found.own, found.names)}"),)
    if not _may_answer(found):
        return _moved_on(found)
    if not form.was_sent or step == CHANGE or not form.validate():
        return _write(found, kind, form)
    new = form.answer()
    if step != SEND:
        return render_template(
            "invited/preview.html",
            view=found.view,
            agreement=found.agreement if new.value is AnswerValue.AGREED else "",
            reads=as_family_reads(found.own, found.body, new, found.names),
            for_provider=_for_provider(form, new),
            provider=found.names.provider,
            typed=carried(),
        )
    try:
        _send(found, new, form)
    except Invalid as invalid:
        form.take_errors(invalid)
        return _write(found, kind, form)
    except Conflict:
        current.session().rollback()
        return _moved_on(opened(case_id))
    flash(SENT[kind].format(provider=found.names.provider))
    return redirect(url_for(".case", case_id=case_id), 303)


@requires(Permission.INVITATION_ANSWER)
def give_back_place(case_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody who opened the case say that another person at the body should answer; then they see it no more."""
    found, form = opened(case_id), ReturnForm()
    if not form.validate_on_submit():
        page = render_template("invited/give_back.html", form=form, back=url_for(".case", case_id=case_id))
        return page, 422 if form.was_sent else 200
    return_place(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=found.view.authority_id,
        case_id=case_id,
        instead=named_instead(form),
    )
    page = render_template(
        "invited/returned.html", provider=found.names.provider, named=bool(form.name.data), opened=found.view
    )
    return forget_sign_in(current_app.make_response(page))


def opened(case_id: uuid.UUID) -> Opened:
    """Return the one case that this session is for. Raises NotFound for any other."""
    if current.person().case_id != case_id:
        raise NotFound
    view = queries.invited_view_of(
        current.session(),
        authority_id=current.authority_id(),
        case_id=case_id,
        identity_id=current.identity_id(),
    )
    me = view.me()
    if me is None:
        raise NotFound
    policy = rules.policy_of(view)
    own = next(party for party in view.parties if party.id == me.party_id)
    return Opened(
        view=view, me=me, own=own, policy=policy, names=rules.names_under(policy, current.site().council.name)
    )


def _state(found: Opened) -> tuple[str, str]:
    """Return where the request stands for this body, and the tone."""
    if _may_answer(found) and found.own.answer in {None, AnswerValue.HOLDING}:
        return "Your answer is needed", "action"
    return state_words(found.view.standing, found.view.viewer, found.names, found.view.close_reason)


def _may_answer(found: Opened) -> bool:
    return found.view.standing is CaseState.COUNCIL_TOLD


def _write(found: Opened, kind: str, form: BaseForm) -> ResponseReturnValue:
    page = render_template(
        "invited/write.html",
        form=form,
        kind=kind,
        view=found.view,
        agreement=found.agreement if kind == "agree" else "",
        provider=found.names.provider,
        title=TITLES[kind].format(body=found.body),
        seen=request.form.get("seen", seen_at(found.own)),
    )
    return page, 422 if form.has_errors else 200


def _moved_on(found: Opened) -> ResponseReturnValue:
    page = render_template(
        "invited/moved_on.html",
        view=found.view,
        state=state_words(found.view.standing, found.view.viewer, found.names, found.view.close_reason),
        own_answer=answer_words(found.own, closed=found.is_closed),
        body=found.body,
        typed=written(),
    )
    return page, 409


def _send(found: Opened, new: NewAnswer, form: AnswererForm) -> None:
    answer_for_body(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=found.view.authority_id,
        case_id=found.view.id,
        answer=new,
        answerer=Answerer(
            name=str(form.name.data), role=str(form.role.data), may_answer="yes" in (form.may_answer.data or ())
        ),
        policy=found.policy,
        instead_of=seen_answer(),
    )


def _for_provider(form: AnswererForm, new: NewAnswer) -> list[tuple[str, str]]:
    pairs = [("Who answers", f"{form.name.data}, {form.role.data}"), ("Dates that do not work", new.unavailable)]
    return [(name, value) for name, value in pairs if value]


def _facts(found: Opened) -> list[tuple[str, str]]:
    view = found.view
    of_family = {party.id for party in view.parties if party.kind is PartyKind.FAMILY}
    askers = [ASKERS[member.capacity] for member in view.members if member.party_id in of_family]
    return [
        (name, value)
        for name, value in (
            ("Child or young person", view.child.name),
            ("Who asks", " and ".join(dict.fromkeys(askers)).capitalize()),
            ("About", "\n".join(rules.area_texts(found.policy, view.areas, view.facts))),
            ("Who invites you", f"{found.names.provider}, which is independent of {found.names.council} and of you"),
        )
        if value
    ]


def _name(found: Opened, party: PartyView) -> str:
    return capitalised(party_name(party, found.names))
