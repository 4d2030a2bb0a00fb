"""marshmallow fields that know evidence, and what each allows, in words."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from parley.kernel.periods import Period, parse_period
from parley.policy.evidence import NEVER_LOOKED, WITHOUT_VALUE, Evidence, Evidenced
from parley.policy.evidence_tree import Marked

FORMAT = 1


class EvidenceOfTable(fields.Field[Evidence]):
    """The evidence that `EvidenceTree` put into every table."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Evidence:
        assert isinstance(value, Evidence)
        return value


class EvidencedField(fields.Field[Evidenced[Any]]):
    """A value of the kind `inner` with its own evidence, or that of its table; absent: nobody has looked."""

    def __init__(self, inner: fields.Field[Any]) -> None:
        """Wrap `inner`, which checks the bare value."""
        super().__init__(load_default=lambda: Evidenced(None, NEVER_LOOKED))
        self.inner = inner

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Evidenced[Any]:
        if isinstance(value, Marked):
            if value.value is None or value.evidence.status in WITHOUT_VALUE:
                missing = value.evidence if value.evidence.status in WITHOUT_VALUE else NEVER_LOOKED
                return Evidenced(None, missing)
            return Evidenced(self.inner.deserialize(value.value, attr, data), value.evidence)
        evidence = (data or {}).get("evidence", NEVER_LOOKED)
        loaded = self.inner.deserialize(value, attr, data)
        return Evidenced(None if evidence.status in WITHOUT_VALUE else loaded, evidence)


class TablesBy(fields.Dict):
    """Tables under names of their own: `[contacts.<key>]`. The evidence of the whole is in each of them."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """The tables by name."""
        if isinstance(value, dict):
            value = {key: table for key, table in value.items() if key != "evidence"}
        return super().deserialize(value, *args, **kwargs)


class FormatNumber(fields.Integer):
    """The number of the file format this version of Parley reads."""

    def __init__(self) -> None:
        """Required, so that an old file is never read as a new one."""
        super().__init__(required=True, strict=True, validate=validate.Equal(FORMAT))


class HowMany(fields.Integer):
    """A whole number, at least 1."""

    def __init__(self) -> None:
        """No text that looks like a number."""
        super().__init__(strict=True, validate=validate.Range(min=1))


class Text(fields.String):
    """Words. Not empty: a council that says nothing has not said the empty text."""

    def __init__(self, **kwargs: Any) -> None:
        """Text of at least one character."""
        super().__init__(validate=validate.Length(min=1), **kwargs)


class Key(fields.String):
    """A name for the machine: small letters, figures, `_` and `-`."""

    def __init__(self, **kwargs: Any) -> None:
        """Between 1 and 63 characters."""
        super().__init__(validate=validate.Regexp(r"[a-z][a-z0-9_-]{0,62}\Z"), **kwargs)


class OneOf(fields.Enum[Any]):
    """One member of an enumeration, by value."""

    def __init__(self, members: type[Enum], **kwargs: Any) -> None:
        """Take the values of `members`."""
        super().__init__(members, by_value=True, **kwargs)


class Several(fields.List[Any]):
    """A list with at least one entry, loaded as a tuple. Leave the key out rather than write an empty list."""

    def __init__(self, inner: fields.Field[Any], **kwargs: Any) -> None:
        """A tuple of what `inner` loads."""
        super().__init__(inner, validate=validate.Length(min=1), **kwargs)

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class SetOf(Several):
    """As `Several`, loaded as a frozenset; naming one entry twice is a fault."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        entries = super()._deserialize(*args, **kwargs)
        if len(set(entries)) < len(entries):
            raise ValidationError("the same entry stands here twice")
        return frozenset(entries)


class SetOrAll(SetOf):
    """Members of an enumeration, or one word that stands for all of them."""

    def __init__(self, members: type[Enum], word: str) -> None:
        """`word` loads as every member."""
        super().__init__(OneOf(members))
        self.members, self.word = members, word

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return frozenset(self.members) if value == self.word else super()._deserialize(value, *args, **kwargs)


class PeriodField(fields.Field[Period]):
    """`"5 working days"`, `"6 weeks"`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Period:
        try:
            return parse_period(value)
        except (TypeError, ValueError):
            raise ValidationError("not a period") from None


def allowed_by(field: object) -> str:
    """What a field or a schema takes, in words for the person who edits the file."""
    match field:
        case EvidencedField(inner=inner):
            return f"{allowed_by(inner)}, or not_stated, or not_seen"
        case SetOrAll(word=word, inner=inner):
            return f"{word!r}, or a list of {allowed_by(inner)}"
        case fields.Nested(schema=schema):
            return allowed_by(schema)
        case Several(inner=inner):
            return f"a list, not empty, of {allowed_by(inner)}"
        case fields.Enum(enum=members):
            return "one of: " + ", ".join(str(member.value) for member in members)
        case Schema(fields=names):
            return "a table with the keys " + ", ".join(names)
        case _:
            return next((words for kind, words in _IN_WORDS.items() if isinstance(field, kind)), "text")


_IN_WORDS: dict[type, str] = {
    PeriodField: 'a period such as "5 working days", "6 weeks", "2 months", "6 years"',
    Key: "small letters, figures, _ and -, beginning with a letter",
    fields.Boolean: "true or false",
    fields.Date: "a date such as 2026-11-24",
    FormatNumber: str(FORMAT),
    HowMany: "a whole number, 1 or more",
    fields.Email: "an e-mail address",
    fields.Url: "an address beginning with https:// or http://",
    fields.Dict: "a table of tables",
    Text: "text that is not empty",
}
