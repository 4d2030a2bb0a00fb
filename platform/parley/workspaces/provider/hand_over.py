"""The hand-over report of a provider, for one council: what it has where its contract ended early, what it took over
from another, and which cases it let go of.

Each case is opened by itself, as its page does: the walls show a provider no two cases at once.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from flask import Blueprint, Response, render_template, request, url_for

from parley.access.domain import Fresh, Permission, requires
from parley.casework import queries, worklists
from parley.casework.changing import question_of
from parley.casework.service.coordinating import record_hand_over_read
from parley.casework.wording import Names
from parley.db.scope import provider_case_scope
from parley.kernel.errors import NotFound
from parley.outcomes.queries import outcomes
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.runtime import runtime
from parley.workspaces.hand_over import HandedCase, csv_response, handed_case, question_words
from parley.workspaces.provider.opening import provider_id


@requires(Permission.WORKLIST_READ)
def hand_over() -> str:
    """List the provider's cases of one council that change over, with their dates, actions, and what families say."""
    authority_id, council = _council()
    cases = _cases(authority_id, council)
    page = render_template(
        "provider/hand_over_report.html",
        council=council,
        cases=cases.values(),
        let_go=_let_go(authority_id),
        file=url_for(".hand_over_csv", council=authority_id),
        back=url_for(".passed_on"),
    )
    _read(authority_id, cases)
    return page


@requires(Permission.WORKLIST_READ, fresh=Fresh.DOWNLOAD)
def hand_over_csv() -> Response:
    """Give the same as a file."""
    authority_id, council = _council()
    cases = _cases(authority_id, council)
    file = csv_response(cases.values(), "cases", _let_go(authority_id))
    _read(authority_id, cases)
    return file


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to the provider's. Which council is meant stands in the query, for no case is opened by it."""
    blueprint.add_url_rule("/hand-over-report", "hand_over_report", hand_over)
    blueprint.add_url_rule("/hand-over-report.csv", "hand_over_csv", hand_over_csv)


def _council() -> tuple[uuid.UUID, str]:
    """Return the council that is asked for. Raises NotFound for one that never commissioned the provider."""
    for authority_id, name in tenancy.council_names(current.session(), provider_id()).items():
        if str(authority_id) == request.args.get("council"):
            return authority_id, name
    raise NotFound


def _cases(authority_id: uuid.UUID, council: str) -> dict[uuid.UUID, HandedCase]:
    """Return by id all that the provider has where its contract ended early, and besides what it took over."""
    session = current.session()
    contract = tenancy.resolution_contract(session, authority_id, provider_id())
    has_all = contract.early is not None and contract.is_over(current.today())
    held = worklists.open_cases(session, provider_id=provider_id(), authority_id=authority_id)
    # Its connection goes back first: requests that hold one while they wait for another could wait for each other.
    session.rollback()
    cases = ((case_id, _case(authority_id, case_id, council, is_in=has_all)) for case_id in held)
    return {case_id: case for case_id, case in cases if case is not None}


def _case(authority_id: uuid.UUID, case_id: uuid.UUID, council: str, *, is_in: bool) -> HandedCase | None:
    """Return one open case; None where it does not change over, unless it ``is_in`` the report all the same."""
    ids = {"authority_id": authority_id, "case_id": case_id}
    with runtime().database.begin(provider_case_scope(provider_id(), authority_id, case_id)) as opened:
        question = question_of(opened, provider_id=provider_id(), **ids)
        if question is None and not is_in:
            return None
        view = queries.provider_view(opened, **ids)
        return handed_case(
            view,
            outcomes(opened, view, at=current.now()),
            Names(council=council, provider=view.provider.name),
            asked=question_words(question, view.provider.name),
            href=url_for(".case", authority_id=authority_id, case_id=case_id),
            on=current.today(),
        )


def _let_go(authority_id: uuid.UUID) -> Sequence[tuple[str, dt.date]]:
    return worklists.handed_over(current.session(), provider_id=provider_id(), authority_id=authority_id)


def _read(authority_id: uuid.UUID, case_ids: Iterable[uuid.UUID]) -> None:
    # After the page is made, so that what failed to be shown is not recorded as read.
    record_hand_over_read(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=authority_id,
        case_ids=case_ids,
    )
