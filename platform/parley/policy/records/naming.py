"""What a council calls things, which council it is the successor of, and where its sources differ. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from parley.policy.evidence import Evidence, Evidenced, absent
from parley.policy.terms import Lineage


@dataclass(frozen=True, slots=True)
class Alias:
    """A word of the council's pages for something that is called otherwise here: `said`, for a key of the vocabulary.

    A page may be older than a body's name ("CCG"): the family reads today's name, and that the page has the other.
    """

    evidence: Evidence
    said: str
    means: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What this council calls things. Where it says nothing, the law's own words are used."""

    council: Evidenced[str] = field(default_factory=absent)
    team: Evidenced[str] = field(default_factory=absent)
    service: Evidenced[str] = field(default_factory=absent)
    plan: Evidenced[str] = field(default_factory=absent)
    plan_in_full: Evidenced[str] = field(default_factory=absent)
    needs_assessment: Evidenced[str] = field(default_factory=absent)
    needs: Evidenced[str] = field(default_factory=absent)
    icb: Evidenced[str] = field(default_factory=absent)
    icb_name: Evidenced[str] = field(default_factory=absent)
    advice_service: Evidenced[str] = field(default_factory=absent)
    aliases: tuple[Alias, ...] = ()


DEFAULT_WORDS: Mapping[str, str] = {
    "council": "the council",
    "team": "the council’s SEND team",
    "service": "disagreement resolution",
    "plan": "EHC plan",
    "plan_in_full": "education, health and care plan",
    "needs_assessment": "EHC needs assessment",
    "needs": "special educational needs",
    "icb": "integrated care board",
    "icb_name": "the integrated care board (the NHS body for your area)",
    "advice_service": "your local SEND advice service (SENDIASS)",
}


@dataclass(frozen=True, slots=True)
class Relative:
    """Another council that this one followed, or that followed it, or that came from the same one."""

    evidence: Evidence
    lineage: Lineage
    name: str
    gss_code: str = ""
    since: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherWords:
    """What a source says that does not govern."""

    evidence: Evidence
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Sources that disagree about one key of the file: its own evidence names the one that governs."""

    evidence: Evidence
    about: str
    text: str
    others: tuple[OtherWords, ...]
