"""The due dates of a case: which begin when, whom they bind, and which comes next. Pure."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from parley.casework.domain import CaseState, ClockBasis, ClockCode, Viewer
from parley.casework.request import NewRequest
from parley.law.deadlines import adviser_by, appeal_by
from parley.law.domain import LawVersion
from parley.law.holidays import bank_holidays_around
from parley.policy.defaults import Basis, own_aim, response_time
from parley.policy.domain import Policy

_BASES = {Basis.LAW: ClockBasis.LAW, Basis.POLICY: ClockBasis.POLICY, Basis.OUR_AIM: ClockBasis.OUR_AIM}


#: A date this many days off, or fewer, is said to be soon.
SOON = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewClock:
    """A due date to be started: what, on what basis, whom it binds, by when (a London date).

    ``party_id`` or ``member_id`` narrows it to one party, or one person, of the side that it binds.
    """

    code: ClockCode
    basis: ClockBasis
    binds: Viewer
    due_on: dt.date
    party_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None


#: Response times a policy may state, by the clock they run on, and whom that clock binds.
TIMES: dict[ClockCode, tuple[str, Viewer]] = {
    ClockCode.ACKNOWLEDGE_BY: ("acknowledge", Viewer.PROVIDER),
    ClockCode.TELL_COUNCIL_BY: ("tell_council", Viewer.PROVIDER),
    ClockCode.ANSWER_BY: ("council_answers", Viewer.LOCAL_AUTHORITY),
    ClockCode.INVITE_BY: ("invite", Viewer.PROVIDER),
    ClockCode.INVITATION_BY: ("party_answers", Viewer.INVITED),
    ClockCode.YOUNG_PERSON_BY: ("party_answers", Viewer.FAMILY),
    ClockCode.INFORMATION_BY: ("party_answers", Viewer.FAMILY),
    ClockCode.ARRANGE_BY: ("meeting", Viewer.PROVIDER),
}


def response_clock(
    code: ClockCode,
    policy: Policy,
    start: dt.date,
    *,
    party_id: uuid.UUID | None = None,
    member_id: uuid.UUID | None = None,
) -> NewClock:
    """Return the clock ``code`` counted from ``start``: the council's own time, or ours, said to be ours."""
    name, binds = TIMES[code]
    rule = response_time(policy, name)
    due_on = rule.due(start, bank_holidays_around(start))
    return NewClock(
        code=code,
        basis=_BASES[rule.basis],
        binds=binds,
        due_on=due_on,
        party_id=party_id,
        member_id=member_id,
    )


def placing_clock(start: dt.date) -> NewClock:
    """Return by when the council finds a provider for a request that none could take: our aim."""
    return own_aim_clock(ClockCode.PLACE_BY, "place", Viewer.LOCAL_AUTHORITY, start)


def own_aim_clock(code: ClockCode, aim: str, binds: Viewer, start: dt.date) -> NewClock:
    """Return the clock ``code`` counted from ``start`` by an aim of ours (a key of ``OUR_OWN_AIMS``)."""
    due_on = own_aim(aim).due(start, bank_holidays_around(start))
    return NewClock(code=code, basis=ClockBasis.OUR_AIM, binds=binds, due_on=due_on)


def opening_clocks(request: NewRequest, policy: Policy, law: LawVersion, on: dt.date) -> list[NewClock]:
    """Return the clocks a case begins with: what the law sets regardless, and what the provider owes."""
    clocks = statutory_clocks(request.decision_letter_date, request.certificate_date, law)
    if request.opening_state(on) is CaseState.WAITING_FOR_YOUNG_PERSON:
        return [*clocks, response_clock(ClockCode.YOUNG_PERSON_BY, policy, on)]
    return [*clocks, *provider_clocks(policy, on)]


def provider_clocks(policy: Policy, on: dt.date) -> list[NewClock]:
    """Return what the provider owes from the day a request is with it."""
    return [response_clock(code, policy, on) for code in (ClockCode.ACKNOWLEDGE_BY, ClockCode.TELL_COUNCIL_BY)]


def statutory_clocks(letter: dt.date | None, certificate: dt.date | None, law: LawVersion) -> list[NewClock]:
    """Return the dates that run whatever happens here, when there is a decision letter (send-law.md section 8c)."""
    if letter is None:
        return []
    dates = {
        ClockCode.ADVISER_BY: adviser_by(letter, law),
        ClockCode.APPEAL_BY: appeal_by(letter, certificate, law),
    }
    return [
        NewClock(code=code, basis=ClockBasis.LAW, binds=Viewer.FAMILY, due_on=due_on) for code, due_on in dates.items()
    ]


def next_due(
    clocks: Iterable[tuple[ClockCode, str, dt.date]], binds: frozenset[Viewer]
) -> tuple[ClockCode, dt.date] | None:
    """Return the running clock (code, whom it binds, due date) that comes first for ``binds``, or None."""
    mine = [(due_on, code) for code, bound, due_on in clocks if Viewer(bound) in binds]
    if not mine:
        return None
    due_on, code = min(mine)
    return code, due_on


def nearness(due_on: dt.date, on: dt.date) -> str:
    """Return in one word how near a date is that still counts: "passed", "soon" or "open"."""
    if on > due_on:
        return "passed"
    return "soon" if (due_on - on).days <= SOON else "open"
