"""England since 1 September 2014: Children and Families Act 2014, SEND Regulations 2014, SEND Code of Practice 2015.

Read as it stood on 24 November 2026; reform announced in 2026 had not changed it. A number that the reading could
not verify is claimed nowhere: not as a locator, not as a length of time, not in a text.
"""

from datetime import date
from types import MappingProxyType

from parley.law.domain import LawVersion, Subject
from parley.law.england_2014.citations import CITATIONS
from parley.law.england_2014.limits import LIMITS
from parley.law.england_2014.rules import GATES, ROWS
from parley.law.england_2014.stages import AREAS, STAGES
from parley.law.england_2014.statements import CASES, DUTIES, NEVER, TEXTS, WHO

ENGLAND_2014 = LawVersion(
    id="england-2014",
    title="Children and Families Act 2014 and the SEND Code of Practice of January 2015",
    effective_from=date(2014, 9, 1),
    table="england-2014",
    upper_age=25,
    limits=MappingProxyType(LIMITS),
    stages=MappingProxyType(STAGES),
    areas=MappingProxyType(AREAS),
    gates=MappingProxyType(GATES),
    rows=MappingProxyType(ROWS),
    citations=MappingProxyType(CITATIONS),
    texts=MappingProxyType(TEXTS),
    who=MappingProxyType(WHO),
    duties=MappingProxyType(DUTIES),
    never=MappingProxyType(NEVER),
    cases=MappingProxyType(CASES),
    no_certificate_needed_for=frozenset({Subject.PLACEMENT_ONLY, Subject.DISCRIMINATION}),
)
