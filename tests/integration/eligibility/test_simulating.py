"""A simulation replays what is kept of one council's checks and cases, each under its own version of the rules."""

from parley.db.scope import authority_scope
from parley.eligibility import service
from parley.eligibility.simulation import simulate
from parley.law.versions import law_on
from parley.tenants.simulating import past_of
from support.answers import TODAY, assessed, family, matter
from support.factories import NOW
from support.family import served_council
from support.policies import policy_of


def checked(make, council, times):
    """Keep the same check several times."""
    derby = policy_of("derby")
    answers = family(matter("educational_provision", "school"))
    for _ in range(times):
        with make.database.begin(authority_scope(council.authority.id)) as session:
            service.record_assessment(
                session,
                at=NOW,
                authority_id=council.authority.id,
                policy_version_id=council.policy_version_id,
                policy=derby,
                answers=answers,
                assessment=assessed(answers, derby),
            )


def test_like_checks_are_counted_together_and_another_councils_are_not(make):
    council, other = served_council(make), served_council(make, "staffordshire")
    checked(make, council, 6)
    checked(make, other, 3)
    (past,) = past_of(make.database, council.authority.slug)
    assert past.count == 6
    found = simulate([past], policy_of("staffordshire"), law_on(TODAY), TODAY)
    assert found.total == 6
    assert [shift.count for shift in found.shifts] == [6]


def test_cases_are_replayed_under_the_version_they_began_under(make):
    council = served_council(make)
    case = make.case(
        authority=council.authority, provider=council.provider, policy_version_id=council.policy_version_id
    )
    assert case.authority.id == council.authority.id
    (past,) = past_of(make.database, council.authority.slug)
    assert (past.count, past.policy.authority) == (1, council.authority.slug)
