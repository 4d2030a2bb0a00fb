"""The hand-over report of a contract that ended early, for whoever sees to it at the council: on a page, and as CSV."""

import uuid
from collections.abc import Iterable

from flask import Response, render_template, url_for

from parley.access.domain import Fresh, Permission, requires
from parley.casework.changing import Handed, Question, handed
from parley.casework.service.coordinating import record_hand_over_read
from parley.kernel.errors import NotFound
from parley.outcomes.queries import outcomes
from parley.tenancy.domain import CouncilCommission, Service
from parley.web import current
from parley.workspaces.council.early_end import contract_of
from parley.workspaces.council.opening import opened
from parley.workspaces.hand_over import HandedCase, csv_response, handed_case, question_words


@requires(Permission.CONTRACT_END)
def hand_over(commission_id: uuid.UUID) -> str:
    """List the open cases of a contract that ended early, with their dates, actions, and what families say."""
    found, these = _report(commission_id)
    page = render_template(
        "council/hand_over_report.html",
        found=found,
        cases=_cases(found, these),
        untold=these.untold,
        file=url_for(".hand_over_csv", commission_id=commission_id),
        back=url_for(".early_end", commission_id=commission_id),
    )
    _read(these.told)
    return page


@requires(Permission.CONTRACT_END, fresh=Fresh.DOWNLOAD)
def hand_over_csv(commission_id: uuid.UUID) -> Response:
    """Give the same as a file."""
    found, these = _report(commission_id)
    file = csv_response(_cases(found, these), current.site().council.slug)
    _read(these.told)
    return file


def _report(commission_id: uuid.UUID) -> tuple[CouncilCommission, Handed]:
    """Return the contract in the address, and its cases. Raises NotFound for one that did not end early."""
    found = contract_of(commission_id)
    if found.early_end is None or found.service is not Service.DISAGREEMENT_RESOLUTION:
        raise NotFound
    return found, handed(current.session(), current.authority_id(), found.provider.id)


def _cases(found: CouncilCommission, these: Handed) -> list[HandedCase]:
    return [_case(found, case_id, question) for case_id, question in these.told.items()]


def _case(found: CouncilCommission, case_id: uuid.UUID, question: Question) -> HandedCase:
    case = opened(case_id)
    return handed_case(
        case.view,
        outcomes(current.session(), case.view, at=current.now()),
        case.names,
        asked=question_words(question, found.provider.name),
        href=url_for(".case", case_id=case_id),
        on=current.today(),
    )


def _read(case_ids: Iterable[uuid.UUID]) -> None:
    # After the page is made, so that what failed to be shown is not recorded as read.
    record_hand_over_read(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        case_ids=case_ids,
    )
