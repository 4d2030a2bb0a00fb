"""Which version of the law governs a day. A future version may stand here long before it begins."""

from datetime import date

from parley.law.domain import LawVersion
from parley.law.england_2014 import ENGLAND_2014

LAW_VERSIONS: tuple[LawVersion, ...] = (ENGLAND_2014,)


def law_on(day: date, versions: tuple[LawVersion, ...] = LAW_VERSIONS) -> LawVersion:
    """The version in force on `day`. Raises LookupError for a day before the first one."""
    in_force = [version for version in versions if version.effective_from <= day]
    if not in_force:
        raise LookupError(f"no version of the law is known for {day}")
    return max(in_force, key=lambda version: version.effective_from)


def law_by_id(version_id: str, versions: tuple[LawVersion, ...] = LAW_VERSIONS) -> LawVersion:
    """The version a result or a case was decided under. Raises LookupError if there is none of that id."""
    for version in versions:
        if version.id == version_id:
            return version
    raise LookupError(f"no version of the law has the id {version_id!r}")
