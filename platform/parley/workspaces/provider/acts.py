"""What a coordinator does in a case before there is a meeting."""

import uuid

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import queries
from parley.casework.domain import CaseState
from parley.casework.service import answers, referral
from parley.casework.wording import party_name
from parley.kernel.errors import Conflict
from parley.policy.defaults import response_time
from parley.policy.domain import Policy, Signpost
from parley.web import current
from parley.web.fields import Choice
from parley.workspaces import rules
from parley.workspaces.open_side import open_side
from parley.workspaces.provider import forms, possible, words
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.case import seen_by_council
from parley.workspaces.provider.opening import Opened, opened
from parley.workspaces.provider.possible import Act


@requires(Permission.CASE_COORDINATE)
def acknowledge(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Say that the provider has the request."""
    found = _possible(authority_id, case_id, Act.ACKNOWLEDGE)
    form = forms.AcknowledgeForm(data={"take": ["yes"]} if found.desk.coordinator_id is None else {})

    def do() -> str:
        referral.acknowledge(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            take="yes" in form.take.data,
        )
        return "acknowledged"

    page = ActPage(
        title="Acknowledge the request",
        does=(
            "The family sees that a person here has read its request.",
            "The council is not told by this: that is a step of its own.",
        ),
        button="Acknowledge",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def tell_council(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Tell the council of the request, having seen what it will see."""
    found = _possible(authority_id, case_id, Act.TELL_COUNCIL)
    form, policy = forms.TellCouncilForm(), found.policy()
    preview = queries.council_preview(current.session(), authority_id=authority_id, case_id=case_id)

    def do() -> str:
        referral.tell_council(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            policy=policy,
        )
        return "council-told"

    name = found.desk.council
    page = ActPage(
        title=f"Tell {name}",
        does=(f"From then on the officers of {name} see the request as it stands below, and are asked to answer it.",),
        button=f"Tell {name}",
        warning="This cannot be undone. What the council has seen it cannot unsee.",
        template="provider/tell_council.html",
    )
    answer = response_time(policy, "council_answers")
    return act(
        found,
        page,
        form,
        do,
        mailbox=found.desk.council_mailbox,
        council_ways=words.council_ways(policy),
        answer_in=str(answer.period),
        answer_basis=answer.basis.value,
        open_side=open_side(preview, policy, rules.names_under(policy, name), current.today()),
        rows=seen_by_council(preview, name),
    )


@requires(Permission.CASE_COORDINATE)
def signpost(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Tell the family of another way, and close the case."""
    found = _possible(authority_id, case_id, Act.SIGNPOST)
    policy, form = found.policy(), forms.SignpostForm()
    ways = {entry.contact: entry for entry in policy.signposts if entry.evidence.shown}
    form.ways.choices = tuple(
        Choice(value=key, text=entry.label, hint=_reached(policy, entry)) for key, entry in ways.items()
    )

    if not ways:
        back = url_for("provider.case", authority_id=authority_id, case_id=case_id)
        return render_template("provider/no_other_way.html", view=found.view, desk=found.desk, back=back)

    def do() -> str:
        referral.signpost(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            contacts=form.ways.data,
        )
        return "signposted"

    page = ActPage(
        title="Signpost to another way",
        does=(
            f"These are the other ways that {found.desk.council} publishes. The family is told which of them you "
            "chose, and that its request goes no further here. The council is not told.",
        ),
        button="Tell the family and close the case",
        warning="This closes the case. Nothing that the law sets is extended by it.",
    )
    return act(found, page, form, do)


@requires(Permission.CASE_COORDINATE)
def conflict_of_interest(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Say that one cannot act independently in this case."""
    found = _possible(authority_id, case_id, Act.CONFLICT)

    def do() -> str:
        referral.report_conflict_of_interest(
            current.session(), actor=current.actor(), at=current.now(), authority_id=authority_id, case_id=case_id
        )
        return "conflict"

    page = ActPage(
        title="Report a conflict of interest",
        does=(
            "For when you cannot act independently: you know the family, the officer or the school, or worked for "
            "one of them.",
            "Your administrator is shown the case and gives it to somebody who can. The family sees that it was "
            "passed on; your reason is not asked for.",
        ),
        button="Report a conflict of interest",
    )
    return act(found, page, forms.ConfirmForm(), do)


@requires(Permission.CASE_COORDINATE)
def go_on_without(authority_id: uuid.UUID, case_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Go on without a side that said no, or that no longer takes part."""
    found = opened(authority_id, case_id)
    party = found.party(party_id)
    if not possible.for_party(found.view, party).go_on_without:
        raise Conflict("The case cannot go on without this side, or does so already.", code="case-moved-on")
    name = party_name(party, found.names)

    def do() -> str:
        answers.remove_party(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            party_id=party_id,
            policy=found.policy(),
        )
        return "without"

    follows = {
        CaseState.COUNCIL_TOLD: "If everybody else has agreed, the next step is to arrange a meeting.",
        CaseState.MEETING_ARRANGED: (
            "The meeting stays fixed for the others. Its people are told that they are no longer expected, "
            "and it is taken out of their calendars."
        ),
    }
    page = ActPage(
        title=f"Go on without {name}",
        does=(
            f"A no takes out only the one who says it. Ask the family, and those who agreed, whether they want to go "
            f"on without {name}; do this when they do.",
            *(text for state, text in follows.items() if state is found.view.state),
        ),
        button=f"Go on without {name}",
    )
    return act(found, page, forms.ConfirmForm(), do)


@requires(Permission.CASE_COORDINATE)
def end(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """End a case that cannot go on."""
    found = _possible(authority_id, case_id, Act.END)

    def do() -> str:
        referral.end_without_meeting(
            current.session(), actor=current.actor(), at=current.now(), authority_id=authority_id, case_id=case_id
        )
        return "ended"

    page = ActPage(
        title="End without a meeting",
        does=(
            "For when a side that is needed said no, or those who are left do not want to go on.",
            "Everybody in the case sees that it is closed. The family is shown what else it can do.",
        ),
        button="Close the case",
        warning="This closes the case for everybody.",
        tone="warning",
    )
    return act(found, page, forms.ConfirmForm(), do)


def _possible(authority_id: uuid.UUID, case_id: uuid.UUID, wanted: Act) -> Opened:
    found = opened(authority_id, case_id)
    possible.require(wanted, found.view, found.desk)
    return found


def _reached(policy: Policy, entry: Signpost) -> str:
    """Return why somebody is sent there, and how it is reached."""
    contact = policy.contacts.get(entry.contact)
    ways = [way.phone or way.email or way.label for way in contact.shown_ways] if contact else []
    return " ".join(part for part in (entry.why, f"{ways[0]}." if ways and ways[0] else "") if part)
