"""A provider's own times, as its file states them."""

from collections.abc import Mapping
from typing import Any

from parley.kernel.periods import Period, parse_period
from parley.retention.domain import PROVIDERS_PARTS, Part


def periods_of(profile: Mapping[str, Any]) -> dict[Part, Period]:
    """Return the times in a provider's loaded file, for the parts that it names."""
    stated: Mapping[str, str] = profile.get("retention") or {}
    return {part: parse_period(stated[part.value]) for part in PROVIDERS_PARTS if stated.get(part.value)}
