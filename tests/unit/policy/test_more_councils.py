"""Leicester, Lincolnshire, Nottinghamshire, Rutland and West Northamptonshire: each differs, and none is bent."""

from datetime import date

import pytest

from parley.law.domain import Area, Body, Service, Stage, Subject
from parley.policy.domain import Actor, AreaKind, ContactKind, Relation, TriedFirstKind
from parley.policy.evidence import Status
from parley.policy.terms import Action, Allocation, Lineage
from support.policies import COUNCILS, areas_by_code, policy_of

THE_EIGHT = {
    "derby": True,
    "derbyshire": False,
    "leicester": False,
    "lincolnshire": True,
    "nottinghamshire": True,
    "rutland": False,
    "staffordshire": True,
    "west-northamptonshire": False,
}
DR = Service.DISAGREEMENT_RESOLUTION
WINDOW = {Stage.IN_ASSESSMENT, Stage.DRAFT_PLAN, Stage.IN_REVIEW, Stage.REASSESSMENT}
leicester, lincolnshire, nottinghamshire = map(policy_of, ("leicester", "lincolnshire", "nottinghamshire"))
rutland, west_northamptonshire = map(policy_of, ("rutland", "west-northamptonshire"))


def test_the_eight_are_here_and_a_request_can_be_sent_where_the_provider_is_evidenced():
    assert {council: policy_of(council).can_send for council in COUNCILS} == THE_EIGHT


@pytest.mark.parametrize("council", COUNCILS)
def test_every_source_names_its_owner_page_and_day(council):
    for source in policy_of(council).sources.values():
        assert source.owner
        assert source.url.startswith("http")
        assert source.read == date(2026, 11, 24)


def test_leicester_lists_four_areas_of_which_a_family_is_no_party_to_the_last():
    areas = areas_by_code(leicester)
    assert [areas[code].number for code in (Area.DUTIES, Area.BETWEEN_COMMISSIONERS)] == ["1", "4"]
    assert areas[Area.HEALTH_AND_CARE].stages.shown == areas[Area.BETWEEN_COMMISSIONERS].stages.shown == WINDOW
    assert areas[Area.DUTIES].stages.unstated
    assert [entry.code for entry in leicester.family_areas] == [Area.DUTIES, Area.PROVISION, Area.HEALTH_AND_CARE]


def test_leicesters_window_for_provision_is_open_while_an_appeal_waits():
    (opening,) = areas_by_code(leicester)[Area.PROVISION].also_open
    assert (opening.about, opening.stages.shown) == ({Subject.EDUCATIONAL_PROVISION}, WINDOW)
    assert opening.while_appeal_pending.shown is True
    assert "the Code treats them as two" in opening.evidence.note


def test_leicesters_advice_service_gives_the_mediation_advice_and_the_council_has_to_attend():
    advice, mediation = (leicester.services[kind] for kind in (Service.MEDIATION_ADVICE, Service.MEDIATION))
    assert leicester.contacts[advice.providers.shown[0]].kind is ContactKind.ADVICE_SERVICE
    assert mediation.providers.evidence.status is Status.NOT_SEEN
    assert mediation.must_attend.shown == {Actor.LOCAL_AUTHORITY}
    assert "expenses" in mediation.expenses.shown


def test_leicesters_words_are_old_and_a_family_reads_todays():
    assert [(alias.said, alias.means) for alias in leicester.vocabulary.aliases] == [("CCG", "icb")]
    assert leicester.words["icb"] == "integrated care board"
    assert leicester.sources["page"].written_before == date(2022, 7, 1)
    assert leicester.complaints.relation.shown == set(Relation)


def test_lincolnshire_calls_two_rungs_disagreement_resolution_and_only_the_independent_one_is_the_service():
    assert [rung.service for rung in lincolnshire.ladder] == [None, Service.INFORMAL_RESOLUTION, DR]
    assert lincolnshire.providers_of(Service.INFORMAL_RESOLUTION)[0].employed_by_authority.shown is True
    assert lincolnshire.provider.name == "Global Mediation"
    assert lincolnshire.services[DR].also_used_by.shown == (Actor.LOCAL_AUTHORITY, Actor.ICB)


def test_lincolnshire_does_not_name_a_reassessment_nor_the_bodies_of_its_third_area():
    third = areas_by_code(lincolnshire)[Area.HEALTH_AND_CARE]
    assert third.stages.shown == WINDOW - {Stage.REASSESSMENT}
    assert third.against.unstated
    assert lincolnshire.who.ages.shown == "0 to 25"


def test_lincolnshires_list_of_appeals_without_advice_is_longer_than_others():
    exempt = lincolnshire.mediation.advice_not_needed_for.shown
    assert exempt > west_northamptonshire.mediation.advice_not_needed_for.shown == {Subject.PLACEMENT_ONLY}
    assert {Subject.HEALTH_PROVISION, Subject.SOCIAL_CARE_PROVISION, Subject.DISCRIMINATION} < exempt


def test_nottinghamshires_newer_page_governs_and_keeps_two_numbers():
    (difference,) = nottinghamshire.differences
    assert difference.evidence.source.key == "page"
    assert "KIDS" in difference.others[0].text
    phones = [way.phone for way in nottinghamshire.provider.ways if way.phone]
    assert phones == ["0800 064 4488", "0208 441 1355"]
    assert nottinghamshire.areas.kind.shown is AreaKind.OPEN
    assert nottinghamshire.services[DR].framework.shown == "east-midlands"


def test_the_promise_of_languages_and_braille_is_the_nhs_bodys_and_not_nottinghamshires():
    (offer,) = nottinghamshire.access
    assert nottinghamshire.contacts[offer.promised_by].kind is ContactKind.ICB
    assert offer.covers == "its complaints information"
    assert nottinghamshire.meeting.languages.unstated


def test_rutlands_two_providers_are_doubtful_and_staff_only():
    entry = rutland.services[DR]
    assert (entry.providers.value, entry.providers.evidence.status) == (("kids", "together-trust"), Status.DOUBTFUL)
    assert entry.allocation.value is Allocation.FAMILY_CHOICE
    assert rutland.provider_is_doubtful
    assert not rutland.as_on(date(2026, 11, 24)).can_send
    assert rutland.as_on(date(2026, 11, 24)).provider_is_doubtful
    assert rutland.contacts["kids"].shown_ways == ()


def test_rutlands_form_has_no_clear_owner_and_takes_the_place_of_ringing():
    ring, form = rutland.route.steps.value
    assert rutland.route.steps.shown is None
    assert (form.action, form.instead_of) == (Action.FILL_IN_FORM, ring.id)
    assert form.target.evidence.status is Status.NOT_STATED


def test_west_northamptonshire_numbers_its_ladder_up_to_the_tribunal():
    assert [(rung.number, rung.actor) for rung in west_northamptonshire.ladder] == [
        ("1", Actor.LOCAL_AUTHORITY),
        ("2", Actor.ADVICE_SERVICE),
        ("3", Actor.PROVIDER),
        ("4", Actor.TRIBUNAL),
    ]
    assert west_northamptonshire.tried_first.kind.value is TriedFirstKind.ADVICE
    assert west_northamptonshire.tried_first.kind.shown is None


def test_west_northamptonshires_provider_of_mediation_advice_does_not_provide_disagreement_resolution():
    assert [one.name for one in west_northamptonshire.providers_of(Service.MEDIATION_ADVICE)] == ["Global Mediation"]
    assert west_northamptonshire.provider is None
    assert west_northamptonshire.services[DR].providers.evidence.status is Status.NOT_SEEN


def test_west_northamptonshire_inherits_from_its_joint_page_and_doubts_its_number():
    assert west_northamptonshire.consent.voluntary_for.evidence.status is Status.INHERITED
    assert [one.lineage for one in west_northamptonshire.relatives] == [Lineage.PREDECESSOR, Lineage.SISTER]
    assert west_northamptonshire.council_contact.first("phone") is None
    assert west_northamptonshire.areas.conflicts == ()


@pytest.mark.parametrize("council", ["nottinghamshire", "rutland", "west-northamptonshire"])
def test_an_open_council_has_no_list_and_no_gate(council):
    areas = policy_of(council).areas
    assert areas.label.shown.startswith("any aspect of")
    assert areas.listed == ()


def test_staffordshires_mediation_is_voluntary_for_families_and_says_no_more_of_disagreement_resolution():
    services = policy_of("staffordshire").services
    assert services[Service.MEDIATION].voluntary_for.shown == {Actor.FAMILY}
    assert policy_of("staffordshire").consent.voluntary_for.unstated
    assert Body.LOCAL_AUTHORITY in policy_of("staffordshire").areas.between.shown
