"""Which version of the law governs a day. A future version may stand here long before it begins."""

from datetime import date

from parley.law.domain import LawVersion
from parley.law.england_2014 import ENGLAND_2014

#: Every version there has been or is known to come. Read anew each time, so that one may be planted beside them.
LAW_VERSIONS: tuple[LawVersion, ...] = (ENGLAND_2014,)


def law_on(day: date) -> LawVersion:
    """The version in force on `day`. Raises LookupError for a day before the first one."""
    in_force = [version for version in LAW_VERSIONS if version.effective_from <= day]
    if not in_force:
        raise LookupError(f"no version of the law is known for {day}")
    return max(in_force, key=lambda version: version.effective_from)


def law_by_id(version_id: str) -> LawVersion:
    """The version a result or a case was decided under. Raises LookupError if there is none of that id."""
    for version in LAW_VERSIONS:
        if version.id == version_id:
            return version
    raise LookupError(f"no version of the law has the id {version_id!r}")


def first_day() -> date:
    """The first day on which any version was in force."""
    return min(version.effective_from for version in LAW_VERSIONS)
