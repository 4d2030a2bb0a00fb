"""The demonstration's cases, made through the real use cases."""

import dataclasses

import pytest

from parley.casework.domain import CaseState
from parley.casework.request import problems
from parley.demonstration.cases import cases
from parley.demonstration.loading import DemonstrationLoader
from parley.kernel.clock import FixedClock
from parley.settings import Mode, SettingsError
from support.deployment import deployment
from support.factories import NOW


def test_it_never_runs_where_real_records_are_held(database, tmp_path, login_urls):
    production = dataclasses.replace(deployment(tmp_path, login_urls), mode=Mode.PRODUCTION)
    with pytest.raises(SettingsError):
        DemonstrationLoader(database, production, FixedClock(NOW))


def test_every_request_in_it_could_have_been_sent():
    for case in cases(NOW.date()):
        assert problems(case.request, NOW.date()) == {}, case


def test_it_names_nobody():
    for case in cases(NOW.date()):
        assert case.request.asker.name.split()[0] in {"Parent", "A"}
        assert case.request.child_name.split()[0] in {"Child", "Young"}
        assert case.request.asker.email.endswith(".example") or not case.request.asker.email


def test_nothing_in_it_happens_after_today():
    for case in cases(NOW.date()):
        days = [case.acknowledged, case.told, case.answered, case.withdrawn, case.signposted]
        assert max((day for day in days if day is not None), default=-1) < case.days_ago, case


def test_it_shows_requests_at_many_stages():
    today = NOW.date()
    told = [case for case in cases(today) if case.told is not None]
    answered = [case for case in told if case.answered is not None]
    assert len({case.council for case in cases(NOW.date())}) == 2
    assert len(told) > len(answered) > 1
    assert any(
        case.request.opening_state(NOW.date()) is CaseState.WAITING_FOR_YOUNG_PERSON for case in cases(NOW.date())
    )
