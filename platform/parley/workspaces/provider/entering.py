"""Entering a caller's request: the council, the check, the request, reading back, and the moment it is sent.

Until it is sent nothing is stored. Each page carries what was typed before, so that back always works and a call that
breaks off leaves nothing behind. The case's id is made when the form opens: however often it is sent, it is one case.
"""

import dataclasses
import datetime as dt
import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.allocation import Receiving, straight_to
from parley.casework.consent_texts import consent_text
from parley.casework.domain import CaseState, Channel, ConsentKind, PartyKind
from parley.casework.request import NewRequest, problems
from parley.casework.service.sending import Rules, send_request
from parley.casework.wording import Names
from parley.eligibility.places import OTHER_COUNCIL
from parley.kernel.errors import Invalid, NotFound
from parley.kernel.ids import new_id
from parley.law.domain import LawVersion
from parley.law.versions import law_on
from parley.policy.queries import CurrentPolicy, current_policy
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority, ProviderOrganisation, Service
from parley.web import current
from parley.web.fields import Choice, DateField
from parley.web.forms import BaseForm
from parley.workspaces.provider import caller_check, caller_request
from parley.workspaces.provider.caller_check import CallerCheck
from parley.workspaces.provider.caller_forms import CouncilForm, DetailsForm, ReadBackForm
from parley.workspaces.provider.caller_request import FIELD_OF_PROBLEM, Named
from parley.workspaces.provider.opening import opened, provider_id

_NOT_CARRIED = frozenset({"csrf_token", "go"})

#: Problems of a request that are mended by what the caller says when it is read back.
_SAID_LATER = frozenset({"tell_council", "knows_adviser_is_separate"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """A request being entered: for which council, under which rules."""

    authority: Authority
    provider: ProviderOrganisation
    is_sole: bool
    case_id: uuid.UUID
    rules: CurrentPolicy
    law: LawVersion
    today: dt.date

    @property
    def names(self) -> Names:
        """What the council and the provider are called."""
        return Names(council=self.authority.name, provider=self.provider.name)

    @property
    def receiving(self) -> Receiving:
        """To whom the request goes: whoever was rung."""
        return dataclasses.replace(straight_to(self.provider.id), rang=not self.is_sole)

    @property
    def named(self) -> Named:
        """What the bodies of the area are called."""
        return Named(council=self.authority.name, icb=self.rules.policy.words["icb_name"])


@requires(Permission.CASE_ENTER)
def choose_council() -> ResponseReturnValue:
    """Ask which council the family belongs to; only those that commission the provider are offered."""
    councils = tenancy.commissioning(current.session(), provider_id(), Service.DISAGREEMENT_RESOLUTION, current.today())
    form = CouncilForm()
    form.council.choices = tuple(Choice(value=str(council.id), text=council.name) for council in councils)
    if form.validate_on_submit():
        chosen = uuid.UUID(form.council.data)
        return redirect(url_for(".enter_request", authority_id=chosen, case_id=new_id()), 303)
    page = render_template("provider/enter_council.html", form=form, councils=councils, find_council=OTHER_COUNCIL)
    return page, 422 if form.was_sent else 200


@requires(Permission.CASE_ENTER)
def enter_request(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the page that comes next of a caller's request, or send it."""
    entry = _entry(authority_id, case_id)
    if request.method == "GET":
        return _check_page(entry, caller_check.begin(entry.rules.policy, entry.law, entry.today), 200)
    check = caller_check.read(request.form, entry.rules.policy, entry.law, entry.today)
    go = request.form.get("go", "details")
    if go == "check" or check.answers is None:
        return _check_page(entry, check, 200 if go == "check" or not check.form.has_errors else 422)
    if check.answers.asker not in caller_request.CAPACITIES:
        return _check_page(entry, check, 200)
    form = DetailsForm() if "asker_name" in request.form else _blank_details(check)
    form.limit_to(entry.today)
    if go == "details":
        return _details_page(entry, check, form, 200)
    return _read_or_send(entry, check, form, sends=go == "send")


@requires(Permission.CASE_ENTER)
def entered(authority_id: uuid.UUID, case_id: uuid.UUID) -> str:
    """Confirm that the request was entered: its reference to read out, and how the caller can follow it."""
    found = opened(authority_id, case_id)
    return render_template(
        "provider/entered.html",
        view=found.view,
        desk=found.desk,
        waits=found.view.state is CaseState.WAITING_FOR_YOUNG_PERSON,
        person=next((member for member in found.family() if member.phone or member.email), None),
        case_href=url_for("provider.case", authority_id=authority_id, case_id=case_id),
    )


def _entry(authority_id: uuid.UUID, case_id: uuid.UUID) -> Entry:
    """Return what a request for this council is entered under. Raises NotFound unless it commissions the provider."""
    session, on = current.session(), current.today()
    commissioned = tenancy.commissioned(session, authority_id, Service.DISAGREEMENT_RESOLUTION, on)
    provider = next((one for one in commissioned if one.id == provider_id()), None)
    if provider is None:
        raise NotFound
    return Entry(
        authority=tenancy.authority_by_id(session, authority_id),
        provider=provider,
        is_sole=len(commissioned) == 1,
        case_id=case_id,
        rules=current_policy(session, authority_id, on),
        law=law_on(on),
        today=on,
    )


def _blank_details(check: CallerCheck) -> DetailsForm:
    """Return the details with what the check knows, not judged: nothing was typed into them yet."""
    if check.answers is None:
        raise ValueError("details come after a finished check")
    return DetailsForm(unsent=True, data=caller_request.prefill(check.answers))


def _check_page(entry: Entry, check: CallerCheck, status: int) -> ResponseReturnValue:
    asker = check.answers.asker if check.answers else None
    page = render_template(
        "provider/enter_check.html",
        entry=entry,
        check=check,
        form=check.form,
        cannot_ask=asker is not None and asker not in caller_request.CAPACITIES,
        carried=_carried(check.form, caller_check.ASKED),
        back=url_for(".enter"),
    )
    return page, status


def _details_page(entry: Entry, check: CallerCheck, form: DetailsForm, status: int) -> ResponseReturnValue:
    if check.answers is None:
        raise ValueError("details come after a finished check")
    page = render_template(
        "provider/enter_details.html",
        entry=entry,
        check=check,
        form=form,
        acts_for_another=check.answers.asker.value == "alternative_person",
        young_person=caller_request.needs_young_person(check.answers, form, entry.today),
        carried=_carried(form),
    )
    return page, status


def _read_or_send(entry: Entry, check: CallerCheck, form: DetailsForm, *, sends: bool) -> ResponseReturnValue:
    found: dict[str, list[str]] = {}
    if not form.validate():
        return _details_page(entry, check, form, 422)
    said = ReadBackForm(unsent=not sends)
    if sends and _all_said(said, form):
        try:
            return _send(entry, caller_request.assemble(check, form, said, entry.named))
        except Invalid as invalid:
            found = dict(invalid.errors)
    else:
        found = _problems(entry, check, form)
    if found:
        form.take_errors(Invalid({FIELD_OF_PROBLEM.get(name, name): messages for name, messages in found.items()}))
        return _details_page(entry, check, form, 422)
    page = render_template(
        "provider/enter_read.html",
        entry=entry,
        form=said,
        lines=caller_request.read_back(form, entry.named),
        texts={
            "take_part": consent_text(ConsentKind.TAKE_PART, entry.names),
            "tell_council": consent_text(ConsentKind.TELL_COUNCIL, entry.names),
            "ask_setting": consent_text(
                ConsentKind.ASK_SETTING, entry.names, body=form.setting.data or "the school or setting"
            ),
            "ask_icb": consent_text(ConsentKind.ASK_ICB, entry.names, body=entry.named.icb),
        },
        has_setting=PartyKind.SETTING.value in form.bodies.data,
        has_icb=PartyKind.ICB.value in form.bodies.data,
        has_letter=form.letter.data is not None,
        carried=_carried(said),
    )
    return page, 422 if sends else 200


def _send(entry: Entry, new: NewRequest) -> ResponseReturnValue:
    case = send_request(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority=entry.authority,
        receiving=entry.receiving,
        case_id=entry.case_id,
        request=new,
        rules=Rules(policy=entry.rules.policy, policy_version_id=entry.rules.id, law=entry.law),
        channel=Channel.PHONE,
    )
    return redirect(url_for(".entered", authority_id=case.authority_id, case_id=case.id), 303)


def _problems(entry: Entry, check: CallerCheck, form: DetailsForm) -> dict[str, list[str]]:
    """Return what keeps the request from being sent, but for what the caller says when it is read back."""
    found = problems(caller_request.assemble(check, form, None, entry.named), entry.today)
    return {name: messages for name, messages in found.items() if name not in _SAID_LATER}


def _all_said(said: ReadBackForm, form: DetailsForm) -> bool:
    """Tell whether the caller answered everything that was read out to them."""
    fine = said.validate()
    needed = {
        "ask_setting": PartyKind.SETTING.value in form.bodies.data,
        "ask_icb": PartyKind.ICB.value in form.bodies.data,
        "knows_adviser": form.letter.data is not None,
    }
    for name, is_needed in needed.items():
        if is_needed and not said[name].data:
            said[name].errors = ["Record what the caller said"]
            fine = False
    return fine


def _carried(form: BaseForm, *more: str) -> list[tuple[str, str]]:
    """Return what was typed on the other pages of this request, for the page at hand to send along."""
    own = {*more, *_NOT_CARRIED}
    for field in form:
        is_date = isinstance(field, DateField)
        own |= {f"{field.name}-{part}" for part in ("day", "month", "year")} if is_date else {field.name}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in own]
