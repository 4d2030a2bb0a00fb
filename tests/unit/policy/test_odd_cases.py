"""What a ninth council may bring is said in the file as it is, and bends nothing."""

from datetime import date

import pytest

from parley.kernel.periods import Period, Unit
from parley.law.domain import Area, Body, Decision, Service, Stage, Subject
from parley.policy.evidence import Status
from parley.policy.problems import PolicyProblems
from parley.policy.terms import Action, Actor, Allocation, Event, Lineage
from parley.tenancy.domain import CommissionTerms, ContractStanding
from support.policies import small_policy

HELPERS = Service.DISAGREEMENT_RESOLUTION
SECOND = '[contacts.others]\nname = "Others"\nkind = "provider"\n[[contacts.others.ways]]\nphone = "01632 960001"\n'
BOTH = ('providers = ["helpers"]', 'providers = ["helpers", "others"]\nallocation = "family_choice"')


def contract(provider: str, **more: str) -> str:
    keys = {"provider": f'"{provider}"', "standing": '"current"', **more}
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return f"[[services.disagreement_resolution.contracts]]\n{lines}\n"


def test_several_providers_and_who_chooses_among_them():
    policy = small_policy(BOTH, more=SECOND)
    assert [one.name for one in policy.providers_of(HELPERS)] == ["Helpers", "Others"]
    assert policy.services[HELPERS].allocation.shown is Allocation.FAMILY_CHOICE


def test_a_provider_provides_while_one_of_its_contracts_holds():
    policy = small_policy(BOTH, more=SECOND + contract("helpers", begins="2025-04-01", ends="2026-11-30"))
    assert policy.as_on(date(2026, 11, 30)) is policy
    later = policy.as_on(date(2026, 12, 1))
    assert [one.name for one in later.providers_of(HELPERS)] == ["Others"]
    assert later is policy.as_on(date(2027, 5, 1))  # known by identity, so that what is worked out from it is kept
    assert later.version == policy.version


@pytest.mark.parametrize(
    "more",
    [
        contract("helpers", standing='"to_be_confirmed"'),
        contract("helpers", standing='"ended"'),
        contract("helpers", begins="2027-04-01"),
        contract("helpers", ends="2026-03-31", may_be_extended_to="2028-03-31"),
    ],
)
def test_no_contract_in_force_means_no_provider_and_nothing_to_send(more):
    policy = small_policy(more=more).as_on(date(2026, 11, 24))
    assert not policy.can_send
    assert policy.services[HELPERS].providers.evidence.status is Status.NOT_STATED


def test_a_later_contract_takes_over_from_an_earlier_one():
    more = contract("helpers", ends="2026-03-31") + contract("helpers", begins="2026-04-01")
    assert small_policy(more=more).as_on(date(2026, 11, 24)).can_send


def test_an_end_that_was_only_inferred_shuts_no_door():
    ends = '{ value = 2026-03-31, status = "inferred" }'
    assert small_policy(more=contract("helpers", ends=ends)).as_on(date(2026, 11, 24)).can_send


def test_a_framework_never_fills_in_a_provider():
    policy = small_policy(('providers = ["helpers"]', 'providers = "not_seen"\nframework = "east-midlands"'))
    assert policy.services[HELPERS].framework.shown == "east-midlands"
    assert policy.provider is None
    assert not policy.can_send


FORM = """
[[route.steps]]
id = "ring"
actor = "family"
action = "ask"
target = "provider"
contact = "helpers"
text = "You ring Helpers."
channels = ["phone"]
[[route.steps]]
id = "form"
actor = "family"
action = "fill_in_form"
target = "not_stated"
instead_of = "ring"
text = "Or you fill in a form online."
channels = ["online_form"]
"""


def test_a_form_whose_owner_is_unclear_is_another_way_to_take_a_step():
    ring, form = small_policy(more=FORM).route.steps.shown
    assert (ring.target.shown, ring.contact) == (Actor.PROVIDER, "helpers")
    assert (form.action, form.instead_of) == (Action.FILL_IN_FORM, "ring")
    assert form.target.evidence.status is Status.NOT_STATED


def test_each_service_has_its_own_door():
    more = '[services.mediation_advice]\nask_at = ["helpers"]\nproviders = "not_seen"'
    services = small_policy(more=more).services
    assert services[Service.MEDIATION_ADVICE].ask_at.shown == ("helpers",)
    assert services[HELPERS].ask_at.unstated


LISTED = ('kind = "open"', 'kind = "listed"')
AREA = """
[[areas.listed]]
code = "B"
number = "2"
label = "provision"
against = ["school"]
not_against = ["independent_school"]
stages = ["in_review"]
[[areas.listed.also_open]]
about = ["educational_provision"]
stages = ["draft_plan"]
while_appeal_pending = true
[[areas.listed.also_open]]
decisions = ["plan_contents"]
in_plan = true
"""


def test_a_gate_mixes_stages_an_appeal_and_conditions_of_content():
    area = small_policy(LISTED, more=AREA).areas.listed[0]
    assert area.not_against.shown == {Body.INDEPENDENT_SCHOOL}
    first, second = area.also_open
    assert (first.stages.shown, first.while_appeal_pending.shown) == ({Stage.DRAFT_PLAN}, True)
    assert first.about == {Subject.EDUCATIONAL_PROVISION}
    assert (second.decisions, second.in_plan, second.stages.shown) == ({Decision.PLAN_CONTENTS}, True, None)


HEALTH_APART = """
[[areas.listed]]
code = "C"
number = "{}"
label = "health"
about = ["health_provision"]
[[areas.listed]]
code = "C"
number = "(ii)"
label = "social care"
about = ["social_care_provision"]
"""


def test_two_areas_may_be_of_one_type_of_the_code_each_for_its_own_subjects():
    policy = small_policy(LISTED, more=HEALTH_APART.format("(i)"))
    assert [entry.number for entry in policy.areas_of(Area.HEALTH_AND_CARE)] == ["(i)", "(ii)"]
    (care,) = policy.areas_of(Area.HEALTH_AND_CARE, {Subject.SOCIAL_CARE_PROVISION})
    assert care.number == "(ii)"


def test_a_council_gives_each_of_its_numbers_once():
    with pytest.raises(PolicyProblems, match=r"areas.listed: found '\(ii\)' 2 times"):
        small_policy(LISTED, more=HEALTH_APART.format("(ii)"))


LATER_OF = """
[[deadlines]]
id = "adviser"
label = "Contact the adviser"
service = "mediation_advice"
counts = [{ period = "2 months", since = "decision_letter" }, { period = "1 month", since = "certificate" }]
"""


def test_the_later_of_two_dates_counts_and_an_event_that_has_not_been_does_not():
    deadline = small_policy(more=LATER_OF).deadlines[0]
    letter, certificate = date(2026, 8, 31), date(2026, 10, 5)
    assert deadline.due({Event.DECISION_LETTER: letter}, frozenset()) == date(2026, 10, 31)
    both = {Event.DECISION_LETTER: letter, Event.CERTIFICATE: certificate}
    assert deadline.due(both, frozenset()) == date(2026, 11, 5)
    assert deadline.due({Event.REQUEST: letter}, frozenset()) is None
    earlier = small_policy(more=LATER_OF + 'whichever = "earlier"').deadlines[0]
    assert earlier.due(both, frozenset()) == date(2026, 10, 31)


@pytest.mark.parametrize(("written", "due"), [("5 working days", date(2027, 1, 5)), ("5 days", date(2026, 12, 29))])
def test_days_are_working_days_only_where_the_council_says_so(written, due):
    holidays = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
    period = small_policy(more=f'[times]\ncouncil_answers = "{written}"').times.council_answers.shown
    assert period.after(date(2026, 12, 24), holidays) == due


REST = """
[vocabulary]
council = "Exampleshire Council"
plan = "My Support Plan"
team = "Inclusion Team"
icb = "integrated care system"
[[vocabulary.aliases]]
said = "CCG"
means = "icb"
[[ladder]]
number = "1"
actor = "local_authority"
text = "Talk to the Inclusion Team."
[[ladder]]
number = "2"
actor = "advice_service"
service = "informal_resolution"
contact = "helpers"
text = "The advice service can bring you together."
[[leaflets]]
title = "A leaflet"
owner = "Helpers"
url = "not_seen"
[[access]]
offer = "Braille and large print"
promised_by = "helpers"
covers = "its complaints information"
[[relatives]]
lineage = "predecessor"
name = "Old Exampleshire Council"
since = 2021-04-01
[[differences]]
about = "services.disagreement_resolution.providers"
text = "Helpers alone."
[[differences.others]]
evidence = { source = "page", status = "doubtful" }
text = "Helpers and others."
"""


def test_words_ladders_leaflets_promises_relatives_and_differences_are_kept_as_they_are():
    policy = small_policy(('[vocabulary]\ncouncil = "Exampleshire Council"\n', ""), more=REST)
    assert (policy.words["plan"], policy.words["team"]) == ("My Support Plan", "Inclusion Team")
    assert [(one.said, one.means) for one in policy.vocabulary.aliases] == [("CCG", "icb")]
    assert [(rung.number, rung.service) for rung in policy.ladder] == [("1", None), ("2", Service.INFORMAL_RESOLUTION)]
    assert policy.leaflets[0].url.evidence.status is Status.NOT_SEEN
    assert policy.contacts[policy.access[0].promised_by].name == "Helpers"
    assert (policy.relatives[0].lineage, policy.relatives[0].since) == (Lineage.PREDECESSOR, date(2021, 4, 1))
    difference = policy.differences[0]
    assert difference.evidence.shown
    assert [other.evidence.status for other in difference.others] == [Status.DOUBTFUL]


def test_a_period_of_one_is_singular_in_the_file_and_in_words():
    assert small_policy(more=LATER_OF).deadlines[0].counts[1].period == Period(1, Unit.MONTHS)


def test_a_providers_term_spans_its_contracts_and_is_open_where_one_of_them_is():
    first, second = (
        contract("helpers", begins="2024-04-01", ends="2026-03-31"),
        contract("helpers", begins="2026-04-01"),
    )
    assert small_policy(more=first).services[HELPERS].terms("helpers") == CommissionTerms(
        begins=date(2024, 4, 1), ends=date(2026, 3, 31)
    )
    assert small_policy(more=first + second).services[HELPERS].terms("helpers") == CommissionTerms(
        begins=date(2024, 4, 1)
    )
    assert small_policy().services[HELPERS].terms("helpers") == CommissionTerms()


def test_what_was_agreed_in_a_contract_is_in_its_terms():
    more = contract(
        "helpers",
        ends="2028-03-31",
        may_be_extended_to="2030-03-31",
        capacity="12",
        languages='["English", "Punjabi"]',
        specialisms='["deafness"]',
    )
    assert small_policy(more=more).services[HELPERS].terms("helpers") == CommissionTerms(
        ends=date(2028, 3, 31),
        may_be_extended_to=date(2030, 3, 31),
        capacity=12,
        languages=("English", "Punjabi"),
        specialisms=("deafness",),
    )


@pytest.mark.parametrize("standing", [ContractStanding.TO_BE_CONFIRMED, ContractStanding.ENDED])
def test_a_contract_that_does_not_stand_says_so_in_its_terms(standing):
    more = contract("helpers", standing=f'"{standing.value}"', begins="2027-04-01")
    assert small_policy(more=more).services[HELPERS].terms("helpers") == CommissionTerms(
        standing=standing, begins=date(2027, 4, 1)
    )


def test_contracts_that_stand_count_before_those_to_be_confirmed():
    more = contract("helpers", standing='"to_be_confirmed"', begins="2027-04-01") + contract("helpers")
    assert small_policy(more=more).services[HELPERS].terms("helpers") == CommissionTerms()
