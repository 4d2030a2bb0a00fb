"""Which steps of a council's life are possible from which state, and what waits while it is paused."""

import datetime as dt
import uuid

import pytest

from parley.kernel.errors import Conflict
from parley.tenancy.domain import STEPS_FROM, Authority, AuthorityState, Step, require_step

NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


def council(state: AuthorityState, resumed_at: dt.datetime | None = None) -> Authority:
    return Authority(
        id=uuid.UUID(int=1),
        slug="exampleshire",
        name="Exampleshire Council",
        gss_code="E10000099",
        reference_prefix="EXA",
        state=state,
        hosts=("exampleshire.localhost",),
        profile={},
        resumed_at=resumed_at,
    )


@pytest.mark.parametrize("step", Step)
def test_a_closed_council_takes_no_step_any_more(step: Step) -> None:
    assert AuthorityState.CLOSED not in STEPS_FROM[step]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (AuthorityState.LIVE, Step.GO_LIVE),
        (AuthorityState.SUSPENDED, Step.GO_LIVE),
        (AuthorityState.SUSPENDED, Step.SUSPEND),
        (AuthorityState.LIVE, Step.RESUME),
    ],
)
def test_a_step_from_another_state_is_refused_and_says_from_which_it_is_possible(
    state: AuthorityState, step: Step
) -> None:
    with pytest.raises(Conflict, match=f"Exampleshire Council is {state}; only a council that is .* can {step}"):
        require_step("Exampleshire Council", state, step)


def test_what_was_begun_runs_out_while_the_site_is_served_and_not_while_it_is_paused() -> None:
    assert council(AuthorityState.LIVE).lets_lapse(NOW)
    assert not council(AuthorityState.SUSPENDED).lets_lapse(NOW)


@pytest.mark.parametrize(("days", "lapses"), [(0, False), (13, False), (14, True)])
def test_after_a_pause_it_stays_for_two_weeks_more(days: int, lapses: bool) -> None:
    back = council(AuthorityState.LIVE, resumed_at=NOW - dt.timedelta(days=days))
    assert back.lets_lapse(NOW) is lapses
