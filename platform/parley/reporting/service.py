"""Counting a council's figures and keeping them."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.jobs.service import enqueue
from parley.kernel.clock import LONDON, london_date
from parley.reporting.domain.counting import Tally, tally
from parley.reporting.domain.quarters import Quarter, quarter_of, quarters_between
from parley.reporting.models import MeasureRow
from parley.reporting.queries import case_facts, first_quarter
from parley.tenancy.domain import ContractStanding, CouncilCommission, Service
from parley.tenancy.queries import commissions

COUNT = "reporting.count"

_NOTHING = Tally(counts={}, median_days={}, bases={})


def ask_to_count(session: Session, *, authority_id: uuid.UUID) -> bool:
    """Have a worker count the council's figures soon; False when that is on its way already. Commits."""
    asked = enqueue(session, COUNT, queueing_lock=f"{COUNT}:{authority_id}", authority_id=authority_id)
    session.commit()
    return asked


def count_figures(session: Session, *, authority_id: uuid.UUID, at: dt.datetime) -> None:
    """Count the council's figures for every quarter that is not final yet, and keep them. Commits.

    A quarter is counted anew while it runs and through the one after it; then its figures stand, whatever becomes of
    the cases. Rows of a contract that ran on no day of a quarter are kept only where something is to be counted: a
    provider keeps its cases when its contract ends.
    """
    on = london_date(at)
    current = quarter_of(on)
    kept = {
        (row.commission_id, Quarter(row.quarter_begins)): row
        for row in session.scalars(select(MeasureRow).where(MeasureRow.authority_id == authority_id))
    }
    contracts = [one for one in commissions(session, authority_id) if one.service is Service.DISAGREEMENT_RESOLUTION]
    earliest = min([first_quarter(session, authority_id) or current, *(quarter for _, quarter in kept)])
    wanted = [
        (contract, quarter)
        for quarter in quarters_between(earliest, current)
        for contract in contracts
        if not (quarter.is_final(on) and (contract.id, quarter) in kept)
    ]
    since = min((quarter for _, quarter in wanted), default=current)
    found = tally(case_facts(session, authority_id, _begins_at(since)), on)
    for contract, quarter in wanted:
        counted = found.get((contract.provider.id, quarter), _NOTHING)
        row = kept.get((contract.id, quarter))
        if row is None:
            if not counted.counts and not _ran_in(quarter, contract):
                continue
            row = MeasureRow(authority_id=authority_id, commission_id=contract.id, quarter_begins=quarter.begins)
            session.add(row)
        row.provider_id = contract.provider.id
        row.starts_on, row.ends_on = contract.terms.begins, contract.last_day
        row.counts, row.median_days, row.bases = dict(counted.counts), dict(counted.median_days), dict(counted.bases)
        row.counted_at = at
    session.commit()


def _ran_in(quarter: Quarter, contract: CouncilCommission) -> bool:
    is_known = contract.terms.standing is not ContractStanding.TO_BE_CONFIRMED
    return is_known and quarter.touches(contract.terms.begins, contract.last_day)


def _begins_at(quarter: Quarter) -> dt.datetime:
    return dt.datetime.combine(quarter.begins, dt.time(), tzinfo=LONDON)
