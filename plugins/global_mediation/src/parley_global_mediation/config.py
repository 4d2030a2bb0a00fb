"""What a council says about its arrangement with Global Mediation."""

import marshmallow
from marshmallow import fields, validate

#: Their own domain, in every mailbox they publish (sen@, and team mailboxes for some councils).
DOMAIN = "globalmediation.co.uk"


class GlobalMediationConfig(marshmallow.Schema):
    """``mailbox`` gets the notices; ``team``, where the council knows one, is whom they greet."""

    class Meta:
        """A key that is not below is a mistake in the council's file."""

        unknown = marshmallow.RAISE

    mailbox = fields.Email(required=True, metadata={"description": "Where Global Mediation reads notices."})
    team = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=80),
        metadata={"description": "The team a notice greets, if the council has one of its own."},
    )
