"""The conformance kit: subclass ``ProviderConformance`` in a plugin's own tests and give it the fixtures it names."""

import pytest

# Before the import, so that a failing check shows the values it compared.
pytest.register_assert_rewrite("parley.plugin_api.testing.conformance")

from parley.plugin_api.testing.conformance import ProviderConformance  # noqa: E402
from parley.plugin_api.testing.doubles import (  # noqa: E402
    FixedClock,
    HttpStub,
    SentRequest,
    a_context,
    a_reference,
    a_referral,
    json_answer,
)

__all__ = [
    "FixedClock",
    "HttpStub",
    "ProviderConformance",
    "SentRequest",
    "a_context",
    "a_reference",
    "a_referral",
    "json_answer",
]
