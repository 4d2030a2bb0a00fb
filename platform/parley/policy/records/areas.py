"""Which disagreements a council's service is for, with whom, and when. Pure."""

from dataclasses import dataclass, field

from parley.law.domain import Area, Body, Decision, Stage, Subject
from parley.policy.evidence import Evidence, Evidenced, absent
from parley.policy.terms import Actor, AreaKind


@dataclass(frozen=True, slots=True)
class Opening:
    """One more condition under which an area is open.

    The time is right at any of `stages`, or while an appeal waits if it says so; and everything else it names has to
    hold. What is absent asks for nothing. `in_plan` True asks that the provision is in the plan, False that it is not.
    """

    evidence: Evidence
    stages: Evidenced[frozenset[Stage]] = field(default_factory=absent)
    while_appeal_pending: Evidenced[bool] = field(default_factory=absent)
    about: frozenset[Subject] = frozenset()
    against: frozenset[Body] = frozenset()
    decisions: frozenset[Decision] = frozenset()
    in_plan: bool | None = None


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area of disagreement in the council's list, in its numbering beside the Code's type.

    A council may make two areas of one type: `about` then says which subjects each is for; empty, it is for all.
    `against` are those on the other side; unstated, it is whom the law's own rule names. `stages` are those at which
    the area is open, all of them for "at any stage". A gate that the council does not state is unstated; there is no
    empty one. Any of `also_open` opens the area as well. `not_against` are bodies that the council's words shut out.
    """

    code: Area
    evidence: Evidence
    number: str
    label: str
    about: frozenset[Subject] = frozenset()
    against: Evidenced[frozenset[Body]] = field(default_factory=absent)
    not_against: Evidenced[frozenset[Body]] = field(default_factory=absent)
    stages: Evidenced[frozenset[Stage]] = field(default_factory=absent)
    while_appeal_pending: Evidenced[bool] = field(default_factory=absent)
    also_open: tuple[Opening, ...] = ()
    paid_by: Evidenced[tuple[Actor, ...]] = field(default_factory=absent)


@dataclass(frozen=True, slots=True)
class BetweenConflict:
    """Bodies about which a council's own words disagree with each other."""

    against: frozenset[Body]
    evidence: Evidence
    text: str


@dataclass(frozen=True, slots=True)
class Areas:
    """Which disagreements the service is for: a list, anything, or no list; `not_against` holds for all of them."""

    kind: Evidenced[AreaKind] = field(default_factory=absent)
    label: Evidenced[str] = field(default_factory=absent)
    between: Evidenced[frozenset[Body]] = field(default_factory=absent)
    not_against: Evidenced[frozenset[Body]] = field(default_factory=absent)
    listed: tuple[AreaEntry, ...] = ()
    conflicts: tuple[BetweenConflict, ...] = ()
