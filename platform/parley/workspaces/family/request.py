"""Asking: what will be seen, the questions one by one, check your answers, send; and coming back to it later."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NoSuchPage

from parley.access.domain import Permission, public, requires
from parley.casework import queries
from parley.casework.consent_texts import consent_text
from parley.casework.domain import ConsentKind, Viewer
from parley.casework.own_cases import own_cases
from parley.casework.service import drafts
from parley.casework.service.sending import Rules, send_request
from parley.casework.views import CaseView
from parley.casework.wording import NextStep, next_step, state_words
from parley.documents.queries import documents_of_draft
from parley.eligibility.domain import Assessment
from parley.eligibility.questions import as_document
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.law.deadlines import adviser_by, appeal_by
from parley.web import current
from parley.web.fields import CheckboxesField, Choice, Required
from parley.web.forms import BaseForm
from parley.workspaces.family import journey, summary
from parley.workspaces.family.assembling import areas_of, assemble
from parley.workspaces.family.check import answers_in_this_browser, assessment_of_document
from parley.workspaces.family.council import council, receiving
from parley.workspaces.family.draft import LARGEST, Draft, Raw, digest_of
from parley.workspaces.family.from_check import prefilled, with_newer_facts
from parley.workspaces.family.journey import BY_SLUG
from parley.workspaces.family.steps.step import Section, Step
from parley.workspaces.predecessors import predecessors

_WHY_PUBLIC = "says what the council will see, before anybody signs in"

#: Which question mends what ``casework.request.problems`` finds, where its own form let it through.
MENDED_IN: Mapping[str, str] = {
    "asker_name": "your-name",
    "contact": "contact",
    "child_name": "child",
    "child_date_of_birth": "child",
    "bodies": "bodies",
    "alternative_person_statement": "acting",
    "knows_adviser_is_separate": "dates",
    "decision_letter_date": "letter",
    "certificate_date": "certificate",
    "young_person": "young-person",
}

#: What the person who sends a request agrees to by it, beside what was asked before.
AGREED_BY_SENDING = (ConsentKind.TAKE_PART, ConsentKind.TELL_COUNCIL)


class SendForm(BaseForm):
    """The family's agreement, and the button that sends."""

    tell_council = CheckboxesField(
        "Your agreement", [Required("Tick the box to agree that the council is told of your request")]
    )


@public(_WHY_PUBLIC)
def before() -> ResponseReturnValue:
    """Say what a request needs and who will see it; offer to sign in, or to begin."""
    known = council()
    question = request.args.get("question") == "yes"
    here = url_for(".before", question="yes" if question else None)
    return render_template(
        "family/before.html",
        council=known,
        question=question,
        sign_in=url_for("sign_in.choose", next=here),
        signed_in=current.signed_in(),
        from_check=answers_in_this_browser() is not None,
    )


@requires(Permission.FAMILY_ASK)
def own_requests() -> str:
    """List the person's own requests: those being written, and those sent with what happens next in each."""
    session, authority_id, owner_id = current.session(), current.authority_id(), current.identity_id()
    return render_template(
        "family/requests.html",
        council=council(),
        drafts=drafts.drafts_of(session, authority_id=authority_id, owner_id=owner_id),
        cases=[_standing(view) for view in own_cases(session, authority_id=authority_id, identity_id=owner_id)],
        kept_days=drafts.KEPT.days,
        before=predecessors(),
        sent_to=url_for(".before"),
    )


@requires(Permission.FAMILY_ASK)
def new() -> ResponseReturnValue:
    """Begin a request with what the check in this browser already knows."""
    known = council()
    if not known.policy.can_send:
        raise Conflict(f"Requests cannot be sent from here: ask {known.provider_name}.", code="no-provider")
    answers = answers_in_this_browser()
    sections: dict[str, Any] = {}
    if answers is not None:
        document = as_document(answers)
        sections = prefilled(document)
        sections["check"] = {"answers": document, "question": request.form.get("question") == "yes"}
    draft = drafts.start_draft(
        current.session(),
        authority_id=known.authority.id,
        owner_id=current.identity_id(),
        at=current.now(),
        answers=sections,
    )
    return redirect(url_for(".step", draft_id=draft.id, slug=journey.STEPS[0].slug), 303)


@requires(Permission.FAMILY_ASK)
def overview(draft_id: uuid.UUID) -> str:
    """Show how far a request has come, to go on with it or to delete it."""
    draft, _ = open_own(draft_id)
    left = journey.unanswered(draft)
    return render_template(
        "family/overview.html",
        draft=draft,
        draft_id=draft_id,
        council=council(),
        sections=_progress(draft),
        onward=url_for(".step", draft_id=draft_id, slug=left[0].slug)
        if left
        else url_for(".check_answers", draft_id=draft_id),
        left=len(left),
        kept_days=drafts.KEPT.days,
    )


@requires(Permission.FAMILY_ASK)
def delete(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Delete a request that was not sent, for good, once that was confirmed."""
    if request.method == "GET":
        draft, _ = open_own(draft_id)
        return render_template("family/delete.html", draft=draft, back=url_for(".overview", draft_id=draft_id))
    drafts.discard_draft(
        current.session(), authority_id=current.authority_id(), draft_id=draft_id, owner_id=current.identity_id()
    )
    return redirect(url_for(".own_requests"), 303)


@requires(Permission.FAMILY_ASK)
def step(draft_id: uuid.UUID, slug: str) -> ResponseReturnValue:
    """Ask one question; keep what was typed, whatever it is, and go on."""
    draft, version = open_own(draft_id)
    one = BY_SLUG.get(slug)
    if one is None:
        raise NoSuchPage
    if not one.applies(draft):
        return redirect(url_for(".overview", draft_id=draft_id), 303)
    form = journey.asked_form(one, draft)
    if not form.was_sent:
        return _step_page(draft_id, one, form, draft)
    raw = _typed(form)
    if _is_stale(draft, slug, raw):
        return _step_page(draft_id, one, form, draft, changed=True), 409
    later = request.form.get("then") == "later"
    done = form.validate()
    if _is_too_large(raw):
        form.form_errors = ["That is more than this page can keep. Shorten it, or bring it as a document later."]
        return _step_page(draft_id, one, form, draft), 422
    if not done and not later:
        return _step_page(draft_id, one, form, draft), 422
    try:
        sections = _save(draft_id, draft, version, slug, {"raw": raw, "done": done})
    except Conflict:
        current.session().rollback()
        return _step_page(draft_id, one, form, open_own(draft_id)[0], changed=True), 409
    if later:
        return redirect(url_for(".overview", draft_id=draft_id), 303)
    return redirect(onward(draft_id, one, journey.open_draft(sections, draft.around)), 303)


@requires(Permission.FAMILY_ASK)
def check_answers(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show everything that was answered and who will see it; send it when the family agrees."""
    draft, _ = open_own(draft_id)
    form = _send_form(draft)
    if not form.was_sent:
        return _answers_page(draft_id, draft, form)
    if request.form.get("seen") != _whole(draft):
        return _answers_page(draft_id, draft, form, changed=True), 409
    left = journey.unanswered(draft)
    if left or not form.validate():
        return _answers_page(draft_id, draft, form), 422
    known, assessment = council(), _assessment(draft)
    try:
        case = send_request(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority=known.authority,
            receiving=receiving(draft.chosen_provider),
            case_id=draft_id,
            request=assemble(
                draft,
                assessment,
                areas=areas_of(draft, assessment, known.policy, known.law),
                agrees_to_tell_council=bool(form.tell_council.data),
            ),
            rules=Rules(policy=known.policy, policy_version_id=known.policy_version_id, law=known.law),
        )
    except Invalid as invalid:
        current.session().rollback()
        return _answers_page(draft_id, draft, form, invalid=invalid), 422
    return redirect(url_for(".sent", case_id=case.id), 303)


def open_own(draft_id: uuid.UUID) -> tuple[Draft, int]:
    """Return the person's own draft and its version. One that was sent meanwhile leads to its case instead."""
    session, authority_id = current.session(), current.authority_id()
    try:
        sections, version = drafts.load_draft(
            session, authority_id=authority_id, draft_id=draft_id, owner_id=current.identity_id()
        )
    except NotFound:
        queries.family_view(session, authority_id=authority_id, case_id=draft_id, identity_id=current.identity_id())
        abort(redirect(url_for(".case", case_id=draft_id), 303))
    return journey.open_draft(sections, council().around), version


def _save(draft_id: uuid.UUID, draft: Draft, version: int, slug: str, section: dict[str, Any]) -> dict[str, Any]:
    """Keep one question's answer; return all sections as they stand then. Raises Conflict as ``save_draft``."""
    drafts.save_draft(
        current.session(),
        authority_id=current.authority_id(),
        draft_id=draft_id,
        owner_id=current.identity_id(),
        at=current.now(),
        answers={slug: section},
        version=version,
    )
    return {**draft.sections, slug: section}


def _step_page(draft_id: uuid.UUID, one: type[Step], form: Step, draft: Draft, *, changed: bool = False) -> str:
    from_answers = request.args.get("to") == "answers"
    previous = journey.step_before(one, draft)
    back = url_for(".step", draft_id=draft_id, slug=previous.slug) if previous else None
    if from_answers:
        back = url_for(".check_answers", draft_id=draft_id)
    return render_template(
        "family/step.html",
        form=form,
        fields=[asked for asked in form if asked.name not in form.revealed_names()],
        heading=journey.heading_of(one, draft),
        lead=journey.lead_of(one, draft),
        draft=draft,
        council=council(),
        dates=_dates(draft),
        seen=draft.digest(one.slug),
        changed=changed,
        kept=summary.lines_as_kept(one, draft) if changed else [],
        back=back or url_for(".overview", draft_id=draft_id),
    )


def _answers_page(
    draft_id: uuid.UUID, draft: Draft, form: SendForm, *, changed: bool = False, invalid: Invalid | None = None
) -> str:
    return render_template(
        "family/check_answers.html",
        draft=draft,
        draft_id=draft_id,
        council=council(),
        form=form,
        groups=summary.groups(draft),
        readers=summary.reader_names(draft),
        sights=summary.sights(draft),
        agreements=[consent_text(kind, council().names()) for kind in AGREED_BY_SENDING],
        asked_by_phone=not draft.get("young-person", "email"),
        left=journey.unanswered(draft),
        heading_of=lambda one: journey.heading_of(one, draft) or _only_label(one, draft),
        mend=_to_mend(draft_id, invalid),
        dates=_dates(draft),
        documents=documents_of_draft(
            current.session(), authority_id=current.authority_id(), draft_id=draft_id, owner_id=current.identity_id()
        ),
        seen=_whole(draft),
        changed=changed,
        back=url_for(".overview", draft_id=draft_id),
    )


def _send_form(draft: Draft) -> SendForm:
    form = SendForm()
    agreed = f"I agree that {draft.around.provider} tells {draft.around.council} that I have asked"
    hint = "You can withdraw at any time, and nobody has to take part."
    form.tell_council.choices = (Choice(value="yes", text=agreed, hint=hint),)
    return form


def _typed(form: Step) -> Raw:
    return {name: request.form.getlist(name) for name in form.raw_names() if name in request.form}


def _is_stale(draft: Draft, slug: str, raw: Raw) -> bool:
    """Tell whether the answer kept has changed since the page was opened, to something else than what was sent."""
    now = draft.digest(slug)
    return request.form.get("seen", now) != now and digest_of(raw) != now


def _is_too_large(raw: Raw) -> bool:
    return len(json.dumps(raw)) > LARGEST


def onward(draft_id: uuid.UUID, one: type[Step], draft: Draft, *, is_past_documents: bool = False) -> str:
    """Return where the request goes on after the question ``one``: the next that is not done, or the end.

    ``is_past_documents`` when the page on which documents are added has been shown after that question.
    """
    to = "answers" if request.args.get("to") == "answers" else None
    if one.slug == "reports" and draft.get("reports", "add") == "now" and not is_past_documents:
        return url_for(".draft_documents", draft_id=draft_id, to=to)
    following = journey.step_after(one, draft)
    left = journey.unanswered(draft)
    if following is None or (to and not left):
        following = left[0] if left else None
    if following is None:
        return url_for(".check_answers", draft_id=draft_id)
    return url_for(".step", draft_id=draft_id, slug=following.slug, to=to)


def _progress(draft: Draft) -> list[dict[str, Any]]:
    """Return each section with how many of its questions are answered, and its first question."""
    asked = journey.applicable(draft)
    sections = []
    for title in Section:
        steps = [one for one in asked if one.section == title]
        if steps:
            open_ones = [one for one in steps if not draft.is_done(one.slug)]
            begun = len(open_ones) < len(steps)
            state = ("Done", "good") if not open_ones else (("Begun", "waiting") if begun else ("Not begun", "neutral"))
            sections.append({"title": title, "slug": (open_ones or steps)[0].slug, "state": state})
    return sections


def _dates(draft: Draft) -> dict[str, Any] | None:
    """Return the dates that a decision letter sets, which this request moves none of."""
    letter, law = draft.letter_date, council().law
    if letter is None:
        return None
    return {"adviser_by": adviser_by(letter, law), "appeal_by": appeal_by(letter, draft.certificate_date, law)}


def _assessment(draft: Draft) -> Assessment | None:
    if draft.check is None:
        return None
    return assessment_of_document(with_newer_facts(draft.check["answers"], draft), council())


def _to_mend(draft_id: uuid.UUID, invalid: Invalid | None) -> list[dict[str, str]]:
    errors = invalid.errors if invalid else {}
    return [
        {"text": messages[0], "href": url_for(".step", draft_id=draft_id, slug=MENDED_IN[field], to="answers")}
        for field, messages in errors.items()
        if field in MENDED_IN
    ]


def _only_label(one: type[Step], draft: Draft) -> str:
    return next((str(asked.label.text) for asked in journey.filled_form(one, draft)), one.section)


def _whole(draft: Draft) -> str:
    """Return a short name of the whole draft, so that only what was shown can be sent."""
    return digest_of({one.slug: [draft.digest(one.slug)] for one in journey.STEPS})


def _standing(view: CaseView) -> tuple[CaseView, tuple[str, str], NextStep]:
    """Return a case of the list with its state and what happens next, in the words of its own page."""
    known = council()
    names = known.names(young_person=view.child.name)
    state = state_words(view.standing, Viewer.FAMILY, names, view.close_reason)
    return view, state, next_step(view, names, known.today)
