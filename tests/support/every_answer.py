"""Everything a family could answer, for property tests."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from parley.eligibility import answers as a
from parley.law.domain import Body, Decision, Stage, Subject
from parley.policy.domain import Asker
from support.answers import TODAY

days = st.dates(min_value=date(1999, 1, 1), max_value=TODAY)
maybe_day = st.none() | days
tried = st.frozensets(st.sampled_from(["talked", "complaint_open", "complaint_finished"]))


def one_of(members: Any) -> st.SearchStrategy[Any]:
    """Any one of the members, which may be an enumeration."""
    return st.sampled_from(list(members))


matters = st.builds(
    a.Matter,
    against=st.frozensets(one_of(Body), max_size=4),
    about=one_of(Subject),
    in_plan=one_of(a.YesNoUnsure),
    decision=st.none() | one_of(Decision),
    duty=st.none() | one_of(a.Duty),
    who_should_provide=st.none() | one_of(a.WhoShouldProvide),
    decision_letter_date=maybe_day,
    certificate_date=maybe_day,
    tried=st.none() | tried,
)
everything = st.builds(
    a.Answers,
    asker=one_of(Asker),
    lives_in_area=one_of(a.YesNoUnsure),
    send=one_of(a.Send),
    stage=one_of(Stage),
    matters=st.lists(matters, max_size=4).map(tuple),
    date_of_birth=maybe_day,
    home_nation=one_of(a.HomeNation),
    stage_since=maybe_day,
    appeal=one_of(a.Appeal),
    risk_now=one_of(a.RiskNow),
    young_person_agrees=st.none() | one_of(a.YesNoUnsure),
    capacity=one_of(a.Capacity),
    representative=one_of(a.Representative),
    area_facts=st.frozensets(one_of(a.AreaFact)),
    educated=st.none() | one_of(a.Educated),
    decision_letter_date=maybe_day,
    certificate_date=maybe_day,
    tried=tried,
    provider_contacted=st.none() | st.just("global-mediation"),
    on=st.just(TODAY),
)
