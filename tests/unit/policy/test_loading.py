"""A policy file is read whole, or everything that is wrong with it is told at once."""

import json
from datetime import date

import pytest

from parley.kernel.periods import Period, Unit
from parley.kernel.toml_lines import key_lines
from parley.law.domain import Service, Stage
from parley.policy.evidence import Extent, Status
from parley.policy.loading import (
    checked_document,
    document_of,
    document_version,
    load_policy,
    load_policy_file,
    policy_from_document,
)
from parley.policy.problems import PolicyProblem, PolicyProblems
from support.policies import COUNCILS, SMALL, TENANTS, policy_of, small_policy, small_text


def problems_of(text: str) -> list[PolicyProblem]:
    with pytest.raises(PolicyProblems) as raised:
        load_policy(text, authority="exampleshire", file="policy.toml")
    return list(raised.value.by_line)


def test_a_value_has_the_evidence_of_its_table():
    kind = small_policy().areas.kind
    assert kind.evidence.status is Status.PUBLISHED
    assert kind.evidence.source.key == "page"
    assert kind.evidence.source.read == date(2026, 11, 24)
    assert kind.evidence.source.extent is Extent.WHOLE


def test_a_table_may_have_evidence_of_its_own_for_everything_in_it():
    policy = small_policy(("[areas]", '[areas]\nevidence = { source = "page", status = "doubtful", note = "old" }'))
    assert policy.areas.kind.evidence.status is Status.DOUBTFUL
    assert policy.areas.kind.evidence.note == "old"
    assert policy.areas.kind.shown is None  # staff only
    assert policy.services[Service.DISAGREEMENT_RESOLUTION].providers.shown == ("helpers",)


def test_one_value_may_say_otherwise():
    policy = small_policy(more='[who]\nages = { value = "0 to 25", status = "inferred" }\nplan_needed = false')
    assert (policy.who.ages.value, policy.who.ages.shown) == ("0 to 25", None)
    assert policy.who.plan_needed.shown is False


@pytest.mark.parametrize("status", ["not_stated", "not_seen"])
def test_a_missing_value_says_why_it_is_missing(status):
    value = small_policy(more=f'[times]\nmeeting = "{status}"').times.meeting
    assert value.value is None
    assert value.evidence.status is Status(status)
    assert value.evidence.source.key == "page"


def test_a_key_that_is_absent_means_that_nobody_looked():
    value = small_policy().times.meeting
    assert value.evidence.status is Status.NOT_SEEN
    assert value.evidence.source is None


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("5 working days", Period(5, Unit.WORKING_DAYS)),
        ("1 working day", Period(1, Unit.WORKING_DAYS)),
        ("6 weeks", Period(6, Unit.WEEKS)),
        ("2 months", Period(2, Unit.MONTHS)),
        ("15 days", Period(15, Unit.DAYS)),
    ],
)
def test_periods_are_written_in_words(written, period):
    assert small_policy(more=f'[times]\nmeeting = "{written}"').times.meeting.value == period


def test_every_problem_is_told_at_once_with_its_line():
    text = small_text(
        ("format = 1", "format = 2"),
        ("extent = ", "how_far = "),
        ('kind = "open"', 'kind = "opened"'),
        ('phone = "01632 960000"', 'phone = "01632 960000"\nurl = "ftp://x"'),
        more='[times]\nmeeting = "soon"\nnever = "5 days"\n[who]\nplan_needed = "no, but"',
    )
    told = {problem.key: problem for problem in problems_of(text)}
    assert set(told) >= {
        "format",
        "sources.page.extent",
        "sources.page.how_far",
        "areas.kind",
        "contacts.helpers.ways[1].url",
        "times.meeting",
        "times.never",
        "who.plan_needed",
    }
    lines = text.splitlines()
    assert lines[told["areas.kind"].line - 1] == 'kind = "opened"'
    assert lines[told["times.meeting"].line - 1] == 'meeting = "soon"'
    assert lines[told["contacts.helpers.ways[1].url"].line - 1] == 'url = "ftp://x"'


CONTRACTS = "services.disagreement_resolution.contracts"
CONTRACT = f'[[{CONTRACTS}]]\nstanding = "current"\n'
DATED = 'provider = "helpers"\nbegins = 2026-01-01\n'
STEP = '[[route.steps]]\nid = "ask"\nactor = "family"\naction = "ask"\ntext = "t"\n'
DIFFERENCE = '[[differences]]\nabout = "{}"\ntext = "one"\n[[differences.others]]\ntext = "another"'


@pytest.mark.parametrize(
    ("changes", "more", "key", "found", "allowed"),
    [
        ([('kind = "open"', 'kind = "opened"')], "", "areas.kind", "'opened'", "one of: listed, open, none"),
        ([], '[times]\nmeeting = "soon"', "times.meeting", "'soon'", "5 working days"),
        ([], "[whom]\nx = 1", "whom", "a table", "the keys format, vocabulary"),
        ([], '[who]\nin_words = ""', "who.in_words", "''", "not empty"),
        ([('["helpers"]', "[]")], "", "services.disagreement_resolution.providers", "[]", "a list, not empty"),
        ([('["helpers"]', '["nobody"]')], "", "services.disagreement_resolution.providers", "'nobody'", "helpers"),
        ([('kind = "provider"', 'kind = "friend"')], "", "contacts.helpers.kind", "'friend'", "provider, council"),
        ([("read = 2026-11-24", 'read = "today"')], "", "sources.page.read", "'today'", "2026-11-24"),
        ([('phone = "01632 960000"', 'label = "ring"')], "", "contacts.helpers.ways[1]", "none", "one of phone"),
        ([('label = "any', 'title = "any')], "", "areas.title", "'any", "kind, label"),
        ([], '[who]\nages = { status = "published" }', "who.ages", "no value", "never both"),
        ([], '[who]\nages = { value = "all", status = "not_seen" }', "who.ages", "said to be missing", "never both"),
        ([], '[who]\nages = { value = "all", status = "heard" }', "who.ages", "'heard'", "published, not_stated"),
        ([], '[who]\nages = { value = "all", source = "aunt" }', "who.ages", "'aunt'", "a key of [sources]: page"),
        ([], '[who]\nages = { value = "all", why = "so" }', "who.ages.why", "an unknown key", "value, source"),
        ([('evidence = "page"', "")], "", "areas", "no evidence", "evidence ="),
        ([], '[tried_first]\nkind = "condition"', "tried_first.met_by", "nothing", "a condition nothing meets"),
        ([], '[tried_first]\nkind = "advice"\nmet_by = ["sung"]', "tried_first.met_by", "'sung'", "talked"),
        ([('kind = "open"', 'kind = "listed"')], "", "areas.listed", "no area", "at least one"),
        ([], '[services.mediation]\nask_at = ["nobody"]', "services.mediation.ask_at", "'nobody'", "helpers"),
        ([], CONTRACT + 'provider = "nobody"', f"{CONTRACTS}[1].provider", "'nobody'", "helpers"),
        ([], f"{CONTRACT}{DATED}ends = 2025-01-01", f"{CONTRACTS}[1].ends", "2025-01-01, before", "on or after"),
        (
            [],
            f"{CONTRACT}{DATED}ends = 2027-01-01\nmay_be_extended_to = 2026-06-01",
            f"{CONTRACTS}[1].may_be_extended_to",
            "no later than",
            "after ends",
        ),
        ([], STEP + 'instead_of = "later"', "route.steps[1].instead_of", "'later'", "there is none"),
        ([], STEP + 'contact = "nobody"', "route.steps[1].contact", "'nobody'", "helpers"),
        ([], '[[ladder]]\nnumber="1"\nactor="family"\ntext="t"\ncontact="no"', "ladder[1].contact", "'no'", "helpers"),
        ([], '[[access]]\noffer="o"\ncovers="c"\npromised_by="no"', "access[1].promised_by", "'no'", "helpers"),
        ([], DIFFERENCE.format("areas.sort"), "differences[1].about", "'areas.sort'", "a key of this file"),
        ([("[vocabulary]", "[vocabulary")], "", "the file", "line", "TOML"),
    ],
)
def test_a_problem_names_what_was_found_and_what_is_allowed(changes, more, key, found, allowed):
    told = [problem for problem in problems_of(small_text(*changes, more=more)) if problem.key == key]
    assert told, f"nothing was said of {key}"
    assert found in told[0].found
    assert allowed in told[0].allowed


@pytest.mark.parametrize("about", ["areas.kind", "services.disagreement_resolution.providers", "contacts.helpers.name"])
def test_a_difference_names_a_key_of_the_file(about):
    assert small_policy(more=DIFFERENCE.format(about)).differences[0].about == about


def test_a_further_opening_asks_for_something_and_nobody_is_both_in_and_out():
    listed = ('kind = "open"', 'kind = "listed"')
    told = problems_of(small_text(listed, more=AREA + 'not_against = ["icb"]\n[[areas.listed.also_open]]'))
    assert [(problem.key, problem.found) for problem in told] == [
        ("areas.listed[1].not_against", "'icb', which is in against too"),
        ("areas.listed[1].also_open[1]", "no condition"),
    ]


AREA = '[[areas.listed]]\ncode = "C"\nnumber = "3"\nlabel = "health"\nagainst = ["icb"]\n'


def test_a_gate_that_is_absent_is_not_a_gate_that_is_empty():
    listed = ('kind = "open"', 'kind = "listed"')
    assert small_policy(listed, more=AREA).areas.listed[0].stages.unstated
    everywhere = small_policy(listed, more=AREA + 'stages = "any_stage"').areas.listed[0]
    assert everywhere.stages.shown == frozenset(Stage)
    empty = problems_of(small_text(listed, more=AREA + "stages = []"))
    assert [problem.key for problem in empty] == ["areas.listed[1].stages"]


def test_the_version_names_the_content_whatever_the_order_of_the_keys():
    document = document_of(SMALL, file="policy.toml")
    turned = json.loads(json.dumps(dict(reversed(document.items()))))
    assert document_version(turned) == document_version(document)
    assert document_version({**document, "format": 2}) != document_version(document)


@pytest.mark.parametrize("council", COUNCILS)
def test_a_stored_document_gives_the_same_policy_as_the_file(council):
    text = (TENANTS / council / "policy.toml").read_text(encoding="utf-8")
    stored = json.loads(json.dumps(document_of(text, file=council)))
    policy = policy_from_document(stored, authority=council, file="stored")
    assert policy.version == policy_of(council).version
    assert policy.areas == policy_of(council).areas
    assert policy.contacts == policy_of(council).contacts


def test_lines_are_found_in_arrays_of_tables():
    lines = key_lines("a = 1\n[[b.c]]\nd = 1\n[[b.c]]\nd = 2\n[[b.c.e]]\nf = 3\n")
    assert lines[("b", "c", 1, "d")] == 5
    assert lines[("b", "c", 1, "e", 0, "f")] == 7


def test_a_file_that_is_missing_or_not_utf8_is_a_problem_like_any_other(tmp_path):
    path = tmp_path / "exampleshire" / "policy.toml"
    with pytest.raises(PolicyProblems, match="nothing that can be read"):
        checked_document(path)
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyProblems, match="not UTF-8"):
        load_policy_file(path)


def test_a_document_is_handed_out_only_if_it_can_be_used(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert checked_document(path) == document_of(SMALL, file="policy.toml")
    path.write_text(small_text(('kind = "open"', 'kind = "opened"')), encoding="utf-8")
    with pytest.raises(PolicyProblems, match="opened"):
        checked_document(path)
