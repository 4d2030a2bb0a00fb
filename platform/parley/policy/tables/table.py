"""What every table of a policy file has in common."""

from dataclasses import fields as record_fields
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields, post_load

from parley.policy.fields import EvidenceOfTable


class Table(Schema):
    """A table of the file that loads as `record`; its evidence is kept if the record has a place for it."""

    record: ClassVar[type[Any]]

    class Meta:
        """A key nobody knows is a mistake, not a comment."""

        unknown = RAISE

    evidence = EvidenceOfTable()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """The frozen record."""
        if "evidence" not in {field.name for field in record_fields(self.record)}:
            data.pop("evidence", None)
        return self.record(**data)


def web_address(**kwargs: Any) -> fields.Url:
    """A page's address; what a council published long ago may still be http."""
    return fields.Url(schemes={"http", "https"}, **kwargs)
