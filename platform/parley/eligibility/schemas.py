"""The eligibility contract as JSON: answers in, results out (design, section 7)."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from enum import Enum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from parley.eligibility import answers as a
from parley.eligibility.result import (
    Assessment,
    Deadline,
    Explanation,
    GateResult,
    MatterResult,
    Reason,
    SignpostResult,
)
from parley.kernel.errors import Invalid
from parley.law.domain import Body, Decision, Stage, Subject
from parley.law.versions import first_day
from parley.policy.domain import Asker, Policy

Json = dict[str, Any]

MAX_MATTERS = 20
LAST_YEAR = 2199


class Choice(fields.Enum[Any]):
    """One of an enumeration's values; the error names them all."""

    def __init__(self, members: type[Enum], **kwargs: Any) -> None:
        """Take the values of `members`."""
        super().__init__(members, by_value=True, **kwargs)


class ChoiceSet(fields.List[Any]):
    """A list of an enumeration's values, each once or more, loaded as a frozenset."""

    def __init__(self, members: type[Enum], **kwargs: Any) -> None:
        """Take the values of `members`."""
        super().__init__(Choice(members), **kwargs)

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return frozenset(super()._deserialize(*args, **kwargs))


class TriedSet(fields.List[Any]):
    """What was tried: the three things every council knows, and the steps this council declares."""

    def __init__(self, **kwargs: Any) -> None:
        """Ids; which ones are known is checked against the policy when loading."""
        super().__init__(fields.String(), **kwargs)

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return frozenset(super()._deserialize(*args, **kwargs))


class _Strict(Schema):
    class Meta:
        """A field nobody knows is an error that names it."""

        unknown = RAISE


class MatterSchema(_Strict):
    """One disagreement."""

    against = ChoiceSet(Body, required=True)
    about = Choice(Subject, required=True)
    in_plan = Choice(a.YesNoUnsure)
    decision = Choice(Decision, allow_none=True)
    duty = Choice(a.Duty, allow_none=True)
    who_should_provide = Choice(a.WhoShouldProvide, allow_none=True)
    decision_letter_date = fields.Date(allow_none=True)
    certificate_date = fields.Date(allow_none=True)
    tried = TriedSet(allow_none=True)

    @post_load
    def build(self, data: Json, **_: Any) -> a.Matter:
        """The frozen matter."""
        return a.Matter(**data)


class AnswersSchema(_Strict):
    """Everything a family may answer. Dates and step ids are checked by `load_answers`, which knows the day."""

    asker = Choice(Asker, required=True)
    lives_in_area = Choice(a.YesNoUnsure, required=True)
    send = Choice(a.Send, required=True)
    stage = Choice(Stage, required=True)
    matters = fields.List(fields.Nested(MatterSchema), required=True, validate=validate.Length(max=MAX_MATTERS))
    date_of_birth = fields.Date(allow_none=True)
    home_nation = Choice(a.HomeNation)
    stage_since = fields.Date(allow_none=True)
    appeal = Choice(a.Appeal)
    risk_now = Choice(a.RiskNow)
    young_person_agrees = Choice(a.YesNoUnsure, allow_none=True)
    capacity = Choice(a.Capacity)
    representative = Choice(a.Representative)
    area_facts = ChoiceSet(a.AreaFact)
    educated = Choice(a.Educated, allow_none=True)
    decision_letter_date = fields.Date(allow_none=True)
    certificate_date = fields.Date(allow_none=True)
    tried = TriedSet()
    provider_contacted = fields.String(
        allow_none=True,
        validate=validate.Regexp(r"[a-z0-9][a-z0-9_-]{0,62}\Z", error="Not the short name of a provider."),
    )
    on = fields.Date(allow_none=True)

    @post_load
    def build(self, data: Json, **_: Any) -> a.Answers:
        """The frozen answers."""
        return a.Answers(**{**data, "matters": tuple(data["matters"])})


def load_answers(document: object, policy: Policy, today: date) -> a.Answers:
    """The answers in a JSON document, with `on` filled in. Raises Invalid with every error, by field.

    A field inside a matter is named `matters.0.about`. Dates that lie in the future cannot be; old ones can.
    """
    if not isinstance(document, Mapping):
        raise Invalid({"answers": ["Send the answers as a JSON object."]})
    try:
        answers: a.Answers = AnswersSchema().load(document)
    except ValidationError as error:
        raise Invalid(_by_field(error.messages_dict)) from None
    answers = replace(answers, on=answers.on or today)
    errors = {**_day_errors(answers), **_date_errors(answers, answers.on or today), **_tried_errors(answers, policy)}
    if errors:
        raise Invalid(errors)
    return answers


def _by_field(messages: Any, under: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages, flat, by dotted field."""
    if isinstance(messages, dict):
        flat: dict[str, list[str]] = {}
        for key, inner in messages.items():
            name = under if key == "_schema" else f"{under}.{key}" if under else str(key)
            flat.update(_by_field(inner, name))
        return flat
    return {under or "answers": [str(message) for message in messages]}


def _day_errors(answers: a.Answers) -> dict[str, list[str]]:
    first, last = first_day(), date(LAST_YEAR, 12, 31)
    if answers.on is not None and not first <= answers.on <= last:
        return {"on": [f"Give a day from {first.isoformat()} to {last.isoformat()}."]}
    return {}


_FUTURE = {
    "date_of_birth": "The date of birth is in the future. Check the day, month and year.",
    "stage_since": "This date is in the future. Give the date the stage began, or leave it out.",
    "decision_letter_date": "The date on the letter is in the future. Check the day, month and year on it.",
    "certificate_date": "The date on the certificate is in the future. Check the day, month and year on it.",
}


def _date_errors(answers: a.Answers, on: date) -> dict[str, list[str]]:
    held = [("", answers)] + [(f"matters.{index}.", matter) for index, matter in enumerate(answers.matters)]
    return {
        f"{under}{name}": [message]
        for under, holder in held
        for name, message in _FUTURE.items()
        if (value := getattr(holder, name, None)) is not None and value > on
    }


def _tried_errors(answers: a.Answers, policy: Policy) -> dict[str, list[str]]:
    held = [("tried", answers.tried)]
    held += [(f"matters.{index}.tried", matter.tried or frozenset()) for index, matter in enumerate(answers.matters)]
    allowed = ", ".join(sorted(policy.tried_ids))
    return {
        name: [f"{', '.join(sorted(unknown))}: not known here. Must be one of: {allowed}."]
        for name, tried in held
        if (unknown := tried - policy.tried_ids)
    }


def dump_assessment(assessment: Assessment, explanation: Explanation | None = None) -> Json:
    """The result as the contract has it, ready for JSON: keys in the contract's order, codes sorted.

    With an `explanation` its `trace` comes last.
    """
    trace = {} if explanation is None else {"trace": dump_explanation(explanation)}
    return {
        "authority": assessment.authority,
        "policy_version": assessment.policy_version,
        "law_version": assessment.law_version,
        "on": assessment.on.isoformat(),
        "gates": [_gate(gate) for gate in assessment.gates],
        "matters": [_matter(matter) for matter in assessment.matters],
        "route": [asdict(step) | {"channel": list(step.channel)} for step in assessment.route],
        "deadlines": [_deadline(deadline) for deadline in assessment.deadlines],
        "signposts": [_signpost(signpost) for signpost in assessment.signposts],
        "always": asdict(assessment.always)
        | {"emergency": {"text": assessment.always.emergency.text, "numbers": _numbers(assessment)}},
        **trace,
    }


def dump_explanation(explanation: Explanation) -> Json:
    """The written-out trace, ready for JSON."""
    return {
        "law": {
            "version": explanation.law_version,
            "title": explanation.law_title,
            "effective_from": explanation.law_effective_from.isoformat(),
        },
        "policy_version": explanation.policy_version,
        "gates": [asdict(tried) for tried in explanation.gates],
        "matters": [
            {
                "rows": [asdict(tried) for tried in matter.rows],
                "council": [asdict(tried) for tried in matter.council],
                "decided_by": asdict(matter.decided_by),
            }
            for matter in explanation.matters
        ],
    }


def dump_answers(answers: a.Answers) -> Json:
    """Answers as `load_answers` reads them: every field, sets sorted, dates as ISO text."""
    return {name: _plain(value) for name, value in asdict(answers).items()}


def _plain(value: Any) -> Any:
    match value:
        case frozenset():
            return sorted(_plain(entry) for entry in value)
        case tuple() | list():
            return [_plain(entry) for entry in value]
        case dict():
            return {name: _plain(entry) for name, entry in value.items()}
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case _:
            return value


def _numbers(assessment: Assessment) -> list[Json]:
    return [asdict(number) for number in assessment.always.emergency.numbers]


def _reasons(because: tuple[Reason, ...]) -> list[Json]:
    return [asdict(reason) for reason in because]


def _gate(gate: GateResult) -> Json:
    return {
        "code": gate.code.value,
        "because": _reasons(gate.because),
        "would_change": list(gate.would_change),
    }


def _matter(matter: MatterResult) -> Json:
    return {
        "answer": matter.answer.value,
        "area": matter.area.value if matter.area else None,
        "also_areas": [area.value for area in matter.also_areas],
        "area_label": matter.area_label,
        "codes": [code.value for code in matter.codes],
        "because": _reasons(matter.because),
        "would_change": list(matter.would_change),
    }


def _deadline(deadline: Deadline) -> Json:
    return {
        "name": deadline.name.value,
        "matter": deadline.matter,
        "due": deadline.due.isoformat() if deadline.due else None,
        "state": deadline.state.value,
        "basis": deadline.basis,
        "source": deadline.source,
        "if_missed": deadline.if_missed,
        **({"label": deadline.label} if deadline.label else {}),
    }


def _signpost(signpost: SignpostResult) -> Json:
    reach = {"url": signpost.url, "phone": signpost.phone, "email": signpost.email}
    return {
        "body": signpost.body,
        "label": signpost.label,
        **{medium: address for medium, address in reach.items() if address},
        "why": signpost.why,
    }
