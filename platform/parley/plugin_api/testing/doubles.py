"""Stand-ins for what the host hands to a plugin, and sample contract values whose every field can be recognised."""

import dataclasses
import datetime as dt
import json as json_text
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from parley.plugin_api.context import Config, HttpClient, HttpResponse, PluginContext
from parley.plugin_api.contracts import Area, Referral, ReferralReference, Service

NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)


class FixedClock:
    """A clock that stands still."""

    def __init__(self, at: dt.datetime = NOW) -> None:
        """Stand at ``at``, aware."""
        self._at = at

    def now(self) -> dt.datetime:
        """Return where the clock stands."""
        return self._at


@dataclasses.dataclass(frozen=True, kw_only=True)
class SentRequest:
    """What a plugin sent through its HTTP client."""

    method: str
    url: str
    headers: Mapping[str, str]
    json: Any

    def text(self) -> str:
        """Return all that left in one text, to search in."""
        return f"{self.method} {self.url} {dict(self.headers)} {json_text.dumps(self.json)}"


class HttpStub:
    """An HTTP client that answers from a list and remembers what it was asked; the last answer repeats."""

    def __init__(self, *answers: HttpResponse | Exception) -> None:
        """Give ``answers`` in turn; an exception is raised, as the host's client would."""
        self._answers = list(answers) or [json_answer({"id": "THEIRS-1"})]
        self.requests: list[SentRequest] = []

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, json: Any = None
    ) -> HttpResponse:
        """Remember the request and give the next answer."""
        self.requests.append(SentRequest(method=method, url=url, headers=dict(headers or {}), json=json))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def json_answer(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return an answer with ``body`` as JSON."""
    return HttpResponse(status=status, headers=dict(headers or {}), body=json_text.dumps(body).encode())


def a_context(
    config: Config, *, http: HttpClient, authority: str = "anyshire", idempotency_key: str = "key-1"
) -> PluginContext:
    """Return a context with a standing clock and ten seconds to go."""
    return PluginContext(
        authority=authority,
        config=config,
        http=http,
        clock=FixedClock(),
        log=logging.getLogger("plugin.under_test"),
        idempotency_key=idempotency_key,
        deadline=NOW + dt.timedelta(seconds=10),
    )


def a_referral(**changes: Any) -> Referral:
    """Return a referral with every field set; ``changes`` replace fields."""
    referral = Referral(
        referral_id=uuid.UUID("0190c3f0-0000-7000-8000-00000000c0de"),
        reference="ANY-2026-00042",
        council="Anyshire Test Council",
        service=Service.DISAGREEMENT_RESOLUTION,
        areas=(Area.B,),
        requested_on=dt.date(2026, 11, 23),
        acknowledge_by=dt.date(2026, 11, 26),
        tell_council_by=dt.date(2026, 11, 30),
        url="https://providers.example.test/cases/0190c3f0",
    )
    return dataclasses.replace(referral, **changes)


def a_reference(**changes: Any) -> ReferralReference:
    """Return a reference to the same referral with every field set; ``changes`` replace fields."""
    referral = a_referral()
    reference = ReferralReference(
        referral_id=referral.referral_id,
        provider_reference="THEIRS-1",
        reference=referral.reference,
        council=referral.council,
        service=referral.service,
        url=referral.url,
    )
    return dataclasses.replace(reference, **changes)
