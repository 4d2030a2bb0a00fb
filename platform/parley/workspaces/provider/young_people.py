"""Asking a young person by phone whether they agree to a request that a parent made for them online.

The request itself has not been sent to anybody yet, and is not shown here: only whom to ask, and how to reach them.
"""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import to_ask
from parley.casework.consent_texts import consent_text
from parley.casework.domain import ConsentKind, ConsentMeans
from parley.casework.service import own_yes
from parley.casework.service.coordinating import record_read
from parley.casework.service.sending import Rules
from parley.casework.to_ask import YoungPersonToAsk
from parley.casework.wording import Names
from parley.law.versions import law_by_id
from parley.policy.queries import policy_of_version
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import ContractEnd
from parley.web import current
from parley.workspaces.contract_words import elsewhere_words
from parley.workspaces.provider import forms
from parley.workspaces.provider.family_acts import spoken
from parley.workspaces.provider.opening import back_to, provider_id

_NOT_FOUND = (
    "No request of that reference waits for a person of that name. Check both with them. It may have been answered "
    "already."
)


@requires(Permission.CASE_COORDINATE)
def find() -> ResponseReturnValue:
    """Find the request of a young person who rings: by its reference and their own full name."""
    form = forms.WhoRingsForm()
    if form.validate_on_submit():
        found = to_ask.find_waiting(
            current.session(),
            provider_id=provider_id(),
            reference=str(form.reference.data),
            name=str(form.name.data),
        )
        if found is not None:
            page = ".young_persons_answer" if found.is_sent else ".ask_young_person"
            address = url_for(page, authority_id=found.authority_id, case_id=found.case_id)
            return redirect(address, 303)
        form.form_errors = [_NOT_FOUND]
    page = render_template("provider/find_young_person.html", form=form, back=url_for("provider.tasks"))
    return page, 422 if form.was_sent else 200


@requires(Permission.CASE_COORDINATE)
def ask(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Read the young person what they are asked, and record their own answer."""
    session = current.session()
    person = to_ask.young_person_to_ask(session, authority_id=authority_id, case_id=case_id)
    form = forms.YoungPersonAloneForm()
    if form.validate_on_submit():
        return _record(person, agrees=form.agrees.data == "yes")
    council = tenancy.authority_by_id(session, authority_id)
    provider = tenancy.provider_by_id(session, provider_id())
    names = Names(council=council.name, provider=provider.name)
    page = render_template(
        "provider/ask_young_person.html",
        form=form,
        person=person,
        council=council.name,
        elsewhere=elsewhere_words(_contract(authority_id), names, current.today()),
        text=spoken(consent_text(ConsentKind.PARENT_MAY_ASK, names)),
        back=url_for("provider.tasks"),
    )
    record_read(session, actor=current.actor(), at=current.now(), authority_id=authority_id, case_id=case_id)
    return page, 422 if form.was_sent else 200


def _contract(authority_id: uuid.UUID) -> ContractEnd:
    return tenancy.resolution_contract(current.session(), authority_id, provider_id())


def _record(person: YoungPersonToAsk, *, agrees: bool) -> ResponseReturnValue:
    session = current.session()
    own_yes.young_person_answers(
        session,
        actor=current.actor(),
        at=current.now(),
        authority_id=person.authority_id,
        case_id=person.case_id,
        agrees=agrees,
        rules=Rules(
            policy=policy_of_version(session, person.authority_id, person.policy_version_id),
            policy_version_id=person.policy_version_id,
            law=law_by_id(person.law_version),
        ),
        means=ConsentMeans.SPOKEN,
    )
    if agrees and not _contract(person.authority_id).is_over(current.today()):
        return back_to(person.authority_id, person.case_id, "young-person-yes")
    if agrees:
        # It goes to another provider, and its page is not for this one.
        return redirect(url_for("provider.tasks", done="young-person-elsewhere"), 303)
    return redirect(url_for("provider.tasks", done="young-person-no"), 303)
