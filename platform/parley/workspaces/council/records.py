"""What of the council's own records goes when, for whoever answers for them: before it goes."""

import datetime as dt
from collections.abc import Mapping

from flask import render_template

from parley.access.domain import Permission, requires
from parley.policy.defaults import Basis, DueRule, retention_period
from parley.policy.queries import current_policy
from parley.retention.domain import Part
from parley.retention.preview import SIGN_INS, Going, records_of
from parley.retention.queries import holds_of_told
from parley.web import current
from parley.web.formatting import long_date

#: How far the page looks ahead, in days.
AHEAD = (30, 90)

#: Cases that are named at once; the others are counted.
NAMED = 100

#: The kinds of record that a council answers for.
KINDS: Mapping[str, str] = {
    Part.OPEN_RECORD.value: "Closed cases",
    SIGN_INS: "People who signed in and are in no case",
}


@requires(Permission.RETENTION_READ)
def records() -> str:
    """Show how many records go by when, which cases, and what a legal hold keeps."""
    session, authority_id, today = current.session(), current.authority_id(), current.today()
    found = records_of(session, authority_id, today, told_only=True)
    days = [today, *(today + dt.timedelta(days=ahead) for ahead in AHEAD)]
    going = found.cases_going(days[-1])
    policy = current_policy(session, authority_id, today).policy
    return render_template(
        "council/records.html",
        kinds=_kinds({day: {one.part: one for one in found.going(day)} for day in days}),
        going=going[:NAMED],
        number_going=len(going),
        last=days[-1],
        holds=holds_of_told(session, authority_id),
        case_kept=_time(retention_period(policy, "closed_case")),
        sign_in_kept=_time(retention_period(policy, "unsent_check")),
    )


def _kinds(going: Mapping[dt.date, Mapping[str, Going]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return of each kind of record how many go by each day, and when the next after the last day do."""
    today, *later = going
    last = going[later[-1]]
    return [
        (
            kind,
            [
                ("Next night", str(going[today][part].due)),
                *((f"By {long_date(day)}", str(going[day][part].due)) for day in later),
                ("The next after that", long_date(after) if (after := last[part].next) else "None"),
            ],
        )
        for part, kind in KINDS.items()
    ]


def _time(rule: DueRule) -> str:
    """Return how long something is kept, and by whose word."""
    return f"{rule.period} ({'your council’s rules' if rule.basis is Basis.POLICY else 'our own rule, not law'})"
