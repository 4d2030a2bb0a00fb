"""`parley eligibility`: the result on standard output and nothing else, or what is wrong, with exit code 2."""

import json

import pytest
from click.testing import CliRunner, Result

from parley.cli.eligibility import eligibility
from parley.eligibility.schemas import dump_assessment, dump_explanation
from parley.web.problems import PROBLEMS_BY_SLUG
from support.answers import assessed, explained, family, matter
from support.policies import SMALL, TENANTS

ANSWERS = {
    "asker": "parent_carer",
    "lives_in_area": "yes",
    "send": "yes",
    "stage": "none",
    "matters": [{"against": ["school"], "about": "duties"}],
    "tried": ["talked"],
    "on": "2026-11-24",
}


@pytest.fixture(autouse=True)
def _tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TENANTS", str(TENANTS))


def run(document: object, authority: str = "derby", *options: str) -> Result:
    text = document if isinstance(document, str) else json.dumps(document)
    return CliRunner().invoke(eligibility, ["--authority", authority, *options, "-"], input=text)


def test_prints_the_same_result_as_the_function():
    result = run(ANSWERS)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == dump_assessment(assessed(family(matter("duties", "school"))))
    assert result.stderr == ""


def test_reads_a_file(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), encoding="utf-8")
    result = CliRunner().invoke(eligibility, ["--authority", "staffordshire", str(path)])
    assert json.loads(result.stdout)["authority"] == "staffordshire"


@pytest.mark.parametrize(
    ("document", "authority", "field"),
    [
        ({**ANSWERS, "stage": "finished"}, "derby", "stage"),
        ({**ANSWERS, "colour": "red"}, "derby", "colour"),
        ("{", "derby", "answers"),
        ("[]", "derby", "answers"),
        (ANSWERS, "atlantis", "authority"),
        (ANSWERS, "../derby", "authority"),
    ],
)
def test_what_is_wrong_is_problem_json_with_exit_code_2(document, authority, field):
    result = run(document, authority)
    assert result.exit_code == 2
    problem = json.loads(result.stdout)
    assert (problem["status"], problem["code"]) == (422, "invalid")
    kind = PROBLEMS_BY_SLUG["invalid-content"]
    assert (problem["type"], problem["title"]) == (kind.address, kind.title)
    assert list(problem["errors"]) == [field]


def test_a_broken_policy_file_is_told_with_its_line(tmp_path, monkeypatch):
    (tmp_path / "exampleshire").mkdir()
    text = SMALL.replace('kind = "open"', 'kind = "opened"')
    (tmp_path / "exampleshire" / "policy.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PARLEY_TENANTS", str(tmp_path))
    result = run(ANSWERS, "exampleshire")
    assert result.exit_code == 2
    (message,) = json.loads(result.stdout)["errors"]["authority"]
    assert "policy.toml:" in message
    assert "'opened'" in message


def test_a_file_that_is_not_there_is_told_as_problem_json():
    result = CliRunner().invoke(eligibility, ["--authority", "derby", "no-such-file.json"])
    assert result.exit_code == 2
    assert "cannot be read" in json.loads(result.stdout)["errors"]["answers"][0]


def test_with_json_and_trace_the_result_has_its_trace_and_is_else_the_same():
    result = json.loads(run(ANSWERS, "derby", "--trace", "--json").stdout)
    trace = result.pop("trace")
    assert result == json.loads(run(ANSWERS, "derby", "--json").stdout) == json.loads(run(ANSWERS).stdout)
    assert trace == dump_explanation(explained(family(matter("duties", "school"))))


def test_the_trace_in_words_names_the_law_every_rule_tried_and_what_decided():
    out = run({**ANSWERS, "lives_in_area": "unsure"}, "derby", "--trace").stdout
    lines = out.splitlines()
    assert "(england-2014, since 2014-09-01)" in lines[0]
    assert lines[3].split() == [
        "G6",
        "applies",
        *"Lives in another council’s area, or it is not clear in whose".split(),
    ]
    assert "Disagreement 1: ask_provider" in lines
    assert (
        "  R1      does not fit  With a nursery or other early years setting, about how it carries out its duties"
        in lines
    )
    assert "  R2      fits          With a school, about how it carries out its duties" in lines
    assert lines[-1] == "  Decided by G6: Children and Families Act 2014, section 24"
    assert "nothing stands in the way" in run(ANSWERS, "derby", "--trace").stdout
