"""What a family or a young person says on the phone, and the code by which a caller follows their request online."""

import uuid

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.consent_texts import ASKING, consent_text
from parley.casework.domain import Capacity, CaseState, ConsentKind, ConsentMeans
from parley.casework.service import consents, own_yes
from parley.casework.service.body_contacts import offer_claim_code
from parley.casework.service.sending import Rules
from parley.casework.views import MemberView
from parley.casework.wording import party_name
from parley.kernel.errors import Conflict, NotFound
from parley.law.versions import law_by_id
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.fields import Choice
from parley.web.runtime import runtime
from parley.workspaces.contract_words import elsewhere_words
from parley.workspaces.provider import forms, possible, words
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.opening import opened
from parley.workspaces.provider.possible import Act


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to the provider's."""
    of_case = "/cases/<uuid:authority_id>/<uuid:case_id>"
    for address, view in (
        ("young-person", young_persons_answer),
        ("acting", acts_for_young_person),
        ("withdraw", withdraw),
        ("consent/<uuid:party_id>", consent),
        ("claim-code/<uuid:member_id>", claim_code),
    ):
        blueprint.add_url_rule(f"{of_case}/{address}", view_func=view, methods=("GET", "POST"))


@requires(Permission.CASE_COORDINATE)
def young_persons_answer(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Record what the young person said to the request a parent made for them."""
    found = opened(authority_id, case_id)
    possible.require(Act.YOUNG_PERSON, found.view, found.desk)
    on_hold, policy = found.view.on_hold, found.policy()
    form = forms.GoingOnForm() if on_hold else forms.YoungPersonForm()
    elsewhere = "" if on_hold else elsewhere_words(found.view.contract, found.names, current.today())

    def do() -> str:
        agrees = form.agrees.data == "yes"
        own_yes.young_person_answers(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            agrees=agrees,
            rules=Rules(
                policy=policy,
                policy_version_id=found.view.policy_version_id,
                law=law_by_id(found.view.law_version),
            ),
            means=ConsentMeans.SPOKEN,
        )
        if not agrees:
            return "young-person-no"
        if elsewhere:
            return "young-person-elsewhere"
        return "goes-on" if on_hold else "young-person-yes"

    page = ActPage(
        title="Record the young person’s answer",
        does=(
            "They have reached school leaving age, so the choice is theirs by law. Speak to them yourself, without "
            "their parent, and read this out:",
            spoken(consent_text(ConsentKind.GO_ON if on_hold else ConsentKind.PARENT_MAY_ASK, found.names)),
            *([elsewhere] if elsewhere else []),
        ),
        button="Record the answer",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def acts_for_young_person(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Record on what ground a parent says that they act for the young person."""
    found = opened(authority_id, case_id)
    possible.require(Act.ACTING, found.view, found.desk)
    form, policy = forms.ActingForm(), found.policy()
    parents = [member for member in found.family() if member.capacity is Capacity.PARENT_CARER]
    form.member.choices = people_choices(parents)

    def do() -> str:
        own_yes.act_for_young_person(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            ground=form.ground.data,
            policy=policy,
            spoken_by=uuid.UUID(form.member.data),
        )
        return "goes-on"

    page = ActPage(
        title="Record who acts for the young person",
        does=(
            "A young person who cannot make this decision is represented by their deputy or attorney; if there is "
            "none, their parent acts for them. Record what the parent says, and check it.",
            "Whether somebody can make this decision is judged for this decision alone, never from a diagnosis.",
        ),
        button="Record this, and go on",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def consent(authority_id: uuid.UUID, case_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Record what the family said about a body being asked to take part."""
    found = opened(authority_id, case_id)
    party = found.party(party_id)
    if party.kind not in ASKING:
        raise NotFound
    if party.removed or found.view.state is CaseState.CLOSED:
        raise Conflict("This case is closed, or goes on without this side.", code="case-moved-on")
    form = forms.ConsentForm()
    form.member.choices = people_choices(found.family())
    name = party_name(party, found.names)

    def do() -> str:
        consents.record_spoken_consent(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            member_id=uuid.UUID(form.member.data),
            party_id=party_id,
            agrees=form.agrees.data == "yes",
            policy=found.policy(),
        )
        return "consent"

    page = ActPage(
        title=f"May {name} be asked to take part?",
        does=(
            "Read this out, and record what the person says:",
            spoken(consent_text(ASKING[party.kind], found.names, body=name)),
        ),
        button="Record what they said",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def withdraw(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Record that the family no longer wants this."""
    found = opened(authority_id, case_id)
    possible.require(Act.WITHDRAW, found.view, found.desk)
    form = forms.WithdrawForm()
    form.member.choices = people_choices([member for member in found.family() if member.is_rights_holder])

    def do() -> str:
        consents.withdraw_as_spoken(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            member_id=uuid.UUID(form.member.data),
        )
        return "withdrawn"

    page = ActPage(
        title="The family withdraws",
        does=(
            "A family can withdraw at any time and needs to give no reason. Read back what you heard before you "
            "record it.",
            "It can ask again later. The dates the law sets run on.",
        ),
        button="Record that they withdraw",
        warning="This closes the case for everybody.",
        tone="warning",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def claim_code(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Make a code to read out, by which the caller follows their request online. It is shown this once."""
    found = opened(authority_id, case_id)
    member = found.family_member(member_id)
    if member.has_account or found.view.state is CaseState.CLOSED:
        raise Conflict("This person follows the request online already, or it is closed.", code="case-moved-on")
    form = forms.ConfirmForm()
    code = ""
    if form.validate_on_submit():
        code = offer_claim_code(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            member_id=member_id,
        )
    council = tenancy.authority_by_id(current.session(), authority_id)
    return render_template(
        "provider/claim_code.html",
        found=found,
        view=found.view,
        desk=found.desk,
        member=member,
        form=form,
        code=code,
        claim_at=runtime().settings.external_url(council.host, "/requests/claim"),
        back=url_for("provider.case", authority_id=authority_id, case_id=case_id),
    )


def spoken(text: str) -> str:
    """Return ``text`` as it is written where somebody reads it aloud."""
    return f"“{text}”"


def people_choices(members: list[MemberView]) -> tuple[Choice, ...]:
    """Return people of the family as choices."""
    return tuple(
        Choice(value=str(member.id), text=member.name, hint=words.CAPACITIES[member.capacity]) for member in members
    )
