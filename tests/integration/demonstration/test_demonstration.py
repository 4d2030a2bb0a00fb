"""The demonstration's cases, made through the real use cases."""

import dataclasses
import datetime as dt
from collections import Counter

import pytest

from parley.casework.domain import CaseState
from parley.casework.request import problems
from parley.db.keys import Vault
from parley.db.session import Database
from parley.demonstration.cases import cases
from parley.demonstration.loading import DemonstrationLoader
from parley.demonstration.past_cases import past_cases
from parley.kernel.clock import FixedClock
from parley.reporting.domain.quarters import quarter_of
from parley.settings import Mode, SettingsError
from support.deployment import deployment
from support.factories import MASTER_KEY, NOW


def test_it_never_runs_where_real_records_are_held(database, tmp_path, login_urls):
    production = dataclasses.replace(deployment(tmp_path, login_urls), mode=Mode.PRODUCTION)
    with pytest.raises(SettingsError):
        DemonstrationLoader(database, production, FixedClock(NOW))


def test_every_request_in_it_could_have_been_sent():
    for case in cases(NOW.date()):
        assert problems(case.request, NOW.date() - dt.timedelta(days=case.days_ago)) == {}, case


def test_it_names_nobody():
    for case in cases(NOW.date()):
        assert case.request.asker.name.split()[0] in {"Parent", "A"}
        assert case.request.child_name.split()[0] in {"Child", "Young"}
        assert case.request.asker.email.endswith(".example") or not case.request.asker.email


def test_nothing_in_it_happens_after_today():
    for case in cases(NOW.date()):
        days = [case.acknowledged, case.told, case.answered, case.came_of_age, case.withdrawn, case.signposted]
        assert max((day for day in days if day is not None), default=-1) < case.days_ago, case


def test_cases_of_earlier_quarters_are_over_within_their_quarter():
    """Whatever day it is: none of them reaches into the quarter that runs, and nothing in them is still to come."""
    for today in (NOW.date(), dt.date(2026, 10, 1), dt.date(2027, 1, 1), dt.date(2028, 2, 29)):
        for case in past_cases(today):
            asked = today - dt.timedelta(days=case.days_ago)
            last = max(case.withdrawn or 0, case.ended or 0, case.signposted or 0, case.meeting_day + 21)
            assert quarter_of(asked + dt.timedelta(days=last)) == quarter_of(asked) < quarter_of(today), case
            assert problems(case.request, asked) == {}, case


def test_of_what_is_long_over_nobody_is_told():
    loud = Database({}, Vault(MASTER_KEY))
    heard = []
    loud.subscriptions.subscribe(str, lambda _session, news: heard.append(news))
    loud.without_news().subscriptions.tell(None, "a case that is long over")
    loud.subscriptions.tell(None, "a case of today")
    assert heard == ["a case of today"]


def test_there_is_enough_of_the_last_quarter_to_be_shown():
    asked = Counter(case.council for case in past_cases(NOW.date()) if case.days_ago < 150)
    assert asked["derby"] >= 5
    assert len(asked) > 1


def test_it_shows_requests_at_many_stages():
    today = NOW.date()
    told = [case for case in cases(today) if case.told is not None]
    answered = [case for case in told if case.answered is not None]
    assert len({case.council for case in cases(NOW.date())}) == 2
    assert len(told) > len(answered) > 1
    assert any(
        case.request.opening_state(NOW.date()) is CaseState.WAITING_FOR_YOUNG_PERSON for case in cases(NOW.date())
    )
