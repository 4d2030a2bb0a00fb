"""The order of the family's questions, one a page, and which are asked given the answers so far. Pure.

Answers in progress are a JSON-ready table of the contract's fields; a question that was skipped is there as None.
`path` names an answer: `stage`, `matters.0.about`. Nothing is asked that could not change the result.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from parley.eligibility.question_texts import QUESTION_TEXTS, OptionText
from parley.eligibility.wording import fill, words_of
from parley.law.domain import SETTINGS, LawVersion, RightsHolder, Stage, rights_holder
from parley.policy.domain import STANDARD_TRIED, Policy

Progress = Mapping[str, Any]


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as a page shows it. An empty value stands for None."""

    value: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a page shows it, with the council's words filled in. `optional` ones may be skipped."""

    path: str
    field: str
    kind: Kind
    title: str
    hint: str
    options: tuple[Option, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides whether a question is asked: the answers, the matter in hand, the day and the law."""

    answers: Progress
    matter: Progress
    rights: RightsHolder | None
    law: LawVersion

    def has(self, field: str, *values: str) -> bool:
        """Whether a field of the answers holds one of `values`."""
        return self.answers.get(field) in values

    def about(self, *values: str) -> bool:
        """Whether the matter in hand is about one of `values`."""
        return self.matter.get("about") in values

    def against(self, *values: str) -> bool:
        """Whether one of `values` is on the other side of the matter in hand."""
        return not set(values).isdisjoint(self.matter.get("against") or ())

    @property
    def stage(self) -> Stage:
        """The stage, `unsure` until it is answered."""
        return Stage(self.answers.get("stage") or Stage.UNSURE)


Asked = Callable[[Setting], bool]

_SETTING_VALUES = tuple(sorted(SETTINGS))
_ELSEWHERE_DECISIONS = ("assessment_refused", "plan_refused", "plan_ceased")


def _always(_: Setting) -> bool:
    return True


def _not_surely_here(at: Setting) -> bool:
    return at.has("lives_in_area", "no", "unsure")


def _still_this_service(at: Setting) -> bool:
    """Not already answered "somewhere else" for the person: then nothing more about them is needed."""
    elsewhere = at.has("lives_in_area", "no") and not at.answers.get("area_facts")
    return not (elsewhere or at.has("home_nation", "other") or at.has("send", "no") or at.has("asker", "professional"))


def _for_young_person(at: Setting) -> bool:
    known = at.rights is RightsHolder.YOUNG_PERSON
    return known and at.has("asker", "parent_carer", "alternative_person") and _still_this_service(at)


def _capacity_matters(at: Setting) -> bool:
    """Capacity is presumed, so it is asked only where the young person has not simply agreed."""
    return _for_young_person(at) and not at.has("young_person_agrees", "yes")


def _somebody_acts(at: Setting) -> bool:
    acting = at.has("asker", "alternative_person") and _still_this_service(at) and not _for_young_person(at)
    return acting or (_capacity_matters(at) and at.has("capacity", "lacks_for_this"))


def _stage_has_a_clock(at: Setting) -> bool:
    return at.stage is Stage.DRAFT_PLAN or at.law.stages[at.stage].decides is not None


def _could_have_appealed(at: Setting) -> bool:
    rule = at.law.stages[at.stage]
    return rule.plan_final or rule.appealable is not None or at.stage is Stage.UNSURE


def _which_decision(at: Setting) -> bool:
    """A stage that is itself one decision answers this."""
    return at.about("decision") and not at.has("stage", *_ELSEWHERE_DECISIONS, "draft_plan")


def _plan_could_say(at: Setting) -> bool:
    return at.about("educational_provision") and at.law.stages[at.stage].plan_final


def _who_is_open(at: Setting) -> bool:
    alone = at.against("local_authority") and not at.against(*_SETTING_VALUES)
    elsewhere = at.against(*_SETTING_VALUES) and not at.against("local_authority", "icb")
    provision = at.about("educational_provision") and alone and at.matter.get("in_plan") != "yes"
    return provision or (at.about("health_provision", "social_care_provision") and elsewhere)


def _care_or_duty(at: Setting) -> bool:
    closed = at.stage not in at.law.window and at.stage is not Stage.UNSURE
    return at.about("social_care_provision") and at.against("local_authority") and closed


def _letter_matters(at: Setting) -> bool:
    decided = any(matter.get("about") in ("decision", "placement_only") for matter in at.answers.get("matters") or ())
    return decided or at.law.stages[at.stage].appealable is not None


def _certificate_matters(at: Setting) -> bool:
    return bool(at.answers.get("decision_letter_date")) and not at.has("appeal", "lodged", "decided")


def _home_matters(at: Setting) -> bool:
    return any(matter.get("about") == "educational_provision" for matter in at.answers.get("matters") or ())


_BEFORE: tuple[tuple[str, Kind, bool, Asked], ...] = (
    ("risk_now", Kind.ONE, False, _always),
    ("asker", Kind.ONE, False, _always),
    ("lives_in_area", Kind.ONE, False, _always),
    ("home_nation", Kind.ONE, False, _not_surely_here),
    ("area_facts", Kind.SEVERAL, True, _not_surely_here),
    ("send", Kind.ONE, False, _always),
    ("date_of_birth", Kind.DATE, True, _still_this_service),
    ("young_person_agrees", Kind.ONE, False, _for_young_person),
    ("capacity", Kind.ONE, False, _capacity_matters),
    ("representative", Kind.ONE, False, _somebody_acts),
    ("stage", Kind.ONE, False, _always),
    ("stage_since", Kind.DATE, True, _stage_has_a_clock),
    ("appeal", Kind.ONE, False, _could_have_appealed),
)
_MATTER: tuple[tuple[str, Kind, bool, Asked], ...] = (
    ("against", Kind.SEVERAL, False, _always),
    ("about", Kind.ONE, False, _always),
    ("decision", Kind.ONE, False, _which_decision),
    ("in_plan", Kind.ONE, False, _plan_could_say),
    ("who_should_provide", Kind.ONE, False, _who_is_open),
    ("duty", Kind.ONE, False, _care_or_duty),
)
_AFTER: tuple[tuple[str, Kind, bool, Asked], ...] = (
    ("educated", Kind.ONE, False, _home_matters),
    ("decision_letter_date", Kind.DATE, True, _letter_matters),
    ("certificate_date", Kind.DATE, True, _certificate_matters),
    ("tried", Kind.SEVERAL, True, _always),
)


def questions_for(answers: Progress, policy: Policy, law: LawVersion, on: date) -> tuple[Question, ...]:
    """Every question asked with these answers, in order: about the person, each matter, then what remains."""
    words = words_of(policy, law)
    return tuple(
        _shown(path, field, kind, optional, answers, policy, words)
        for path, field, kind, optional in _asked(answers, law, on)
    )


def next_question(answers: Progress, policy: Policy, law: LawVersion, on: date) -> Question | None:
    """The first question not answered yet, or None when the result can be shown."""
    return next(
        (asked for asked in questions_for(answers, policy, law, on) if not is_answered(answers, asked.path)), None
    )


def previous_question(path: str, answers: Progress, policy: Policy, law: LawVersion, on: date) -> Question | None:
    """The question before the one at `path`, or None before the first. From the result (path ""), the last."""
    asked = questions_for(answers, policy, law, on)
    paths = [question.path for question in asked]
    place = paths.index(path) if path in paths else len(paths)
    return asked[place - 1] if place else None


def question_at(path: str, answers: Progress, policy: Policy, law: LawVersion, on: date) -> Question | None:
    """The question at `path` if it is asked with these answers."""
    return next((asked for asked in questions_for(answers, policy, law, on) if asked.path == path), None)


def is_answered(answers: Progress, path: str) -> bool:
    """Whether there is an answer at `path`, a skipped one included."""
    holder, field = _holder(answers, path)
    return field in holder


def answer_at(answers: Progress, path: str) -> Any:
    """The answer at `path`, or None."""
    holder, field = _holder(answers, path)
    return holder.get(field)


def with_answer(answers: Progress, path: str, value: Any, law: LawVersion, on: date) -> dict[str, Any]:
    """A copy with `value` at `path`. An answer to a question that is no longer asked is dropped."""
    changed = {**answers, "matters": [dict(matter) for matter in answers.get("matters") or [{}]]}
    holder, field = _holder(changed, path)
    holder[field] = value
    # Dropping one answer can close another question, so it is repeated until nothing changes.
    while (kept := _kept(changed, law, on)) != changed:
        changed = kept
    return kept


def with_another_matter(answers: Progress) -> dict[str, Any]:
    """A copy with one more matter, whose questions come next."""
    return {**answers, "matters": [*(answers.get("matters") or ()), {}]}


def without_matter(answers: Progress, index: int) -> dict[str, Any]:
    """A copy without the matter at `index`."""
    return {**answers, "matters": [one for place, one in enumerate(answers.get("matters") or ()) if place != index]}


def as_document(answers: Progress) -> dict[str, Any]:
    """The answers as the contract takes them: what was skipped is left out, and so is a matter just begun."""
    matters = [_stated(matter) for matter in answers.get("matters") or () if {"against", "about"} <= matter.keys()]
    return {**_stated(answers), "matters": matters}


def _stated(table: Progress) -> dict[str, Any]:
    return {field: value for field, value in table.items() if value is not None}


def _asked(answers: Progress, law: LawVersion, on: date) -> Iterator[tuple[str, str, Kind, bool]]:
    rights = _rights(answers, law, on)
    whole = Setting(answers, {}, rights, law)
    yield from ((field, field, kind, optional) for field, kind, optional, asked in _BEFORE if asked(whole))
    for index, matter in enumerate(answers.get("matters") or [{}]):
        one = Setting(answers, matter, rights, law)
        for field, kind, optional, asked in _MATTER:
            if asked(one):
                yield f"matters.{index}.{field}", field, kind, optional
    yield from ((field, field, kind, optional) for field, kind, optional, asked in _AFTER if asked(whole))


def _rights(answers: Progress, law: LawVersion, on: date) -> RightsHolder | None:
    born = answers.get("date_of_birth")
    return rights_holder(date.fromisoformat(born), on, law) if born else None


def _holder(answers: Progress, path: str) -> tuple[Any, str]:
    if not path.startswith("matters."):
        return answers, path
    _, index, field = path.split(".")
    matters = answers.get("matters") or [{}]
    return (matters[int(index)] if int(index) < len(matters) else {}), field


def _kept(answers: Progress, law: LawVersion, on: date) -> dict[str, Any]:
    paths = {path for path, *_ in _asked(answers, law, on)}
    matters = [
        {field: value for field, value in matter.items() if f"matters.{index}.{field}" in paths}
        for index, matter in enumerate(answers["matters"])
    ]
    return {field: value for field, value in answers.items() if field in paths} | {"matters": matters}


def _shown(
    path: str, field: str, kind: Kind, optional: bool, answers: Progress, policy: Policy, words: Mapping[str, str]
) -> Question:
    text = QUESTION_TEXTS[field]
    own = answers.get("asker") in ("young_person", "child")
    options = _tried_options(policy) if field == "tried" else text.options
    return Question(
        path=path,
        field=field,
        kind=kind,
        title=fill(text.own if own and text.own else text.title, words),
        hint=fill(text.hint, words),
        options=tuple(Option(one.value, fill(one.label, words), fill(one.hint, words)) for one in options),
        optional=optional,
    )


def _tried_options(policy: Policy) -> tuple[OptionText, ...]:
    """What the council itself suggests trying, in its order and words, then what every council knows."""
    own = tuple(
        OptionText(step.id, step.label, step.advice) for step in policy.tried_first.steps if step.evidence.shown
    )
    named = {option.value for option in own}
    standard = (one for one in QUESTION_TEXTS["tried"].options if one.value in STANDARD_TRIED - named)
    return (*own, *standard)
