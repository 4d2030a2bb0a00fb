"""The gates and rows: what each is about and where it comes from. Numbered as in our reading of the law.

G gates are about the person, R rows about the disagreement; E ones are cases between them.
"""

from parley.law.domain import GateRule, RowRule
from parley.law.england_2014.citations import CITATIONS


def _gate(gate_id: str, title: str, cites: str) -> GateRule:
    return GateRule(gate_id, title, CITATIONS[cites])


def _row(row_id: str, title: str, cites: str) -> RowRule:
    return RowRule(row_id, title, CITATIONS[cites])


_ALL_GATES = (
    _gate("G1", "A child asks alone", "code-11.6"),
    _gate("G2", "A young person asks in their own right", "act"),
    _gate("G3", "A young person with capacity must agree", "act"),
    _gate("G4", "Somebody acts for a young person who cannot decide this", "act-80"),
    _gate("G5", "Past the upper age", "code-0-25"),
    _gate("G6", "Lives in another council’s area, or it is not clear in whose", "act-24"),
    _gate("G7", "No special educational needs, or a disability alone", "code-11.7"),
    _gate("G8", "A professional asks", "code-11.8"),
    _gate("G9", "Somebody is at risk now", "ours"),
    _gate("G10", "Home is outside England", "act"),
    _gate("E4", "A young person is in custody", "ours"),
)

_ALL_ROWS = (
    _row("R1", "With a nursery or other early years setting, about how it carries out its duties", "code-11.8"),
    _row("R2", "With a school, about how it carries out its duties", "code-11.8"),
    _row("R3", "With a college, about how it carries out its duties", "code-11.8"),
    _row("R4", "With the council, about how it carries out its duties", "code-11.8"),
    _row("R5", "With the NHS alone, about something other than health or social care support", "code-11.8"),
    _row("R6", "With a nursery, school or college, about special educational support", "code-11.8"),
    _row("R7", "With the council, about special educational support", "code-11.8"),
    _row("R8", "With the council, while a plan is assessed, written, reviewed or appealed", "code-11.8"),
    _row("R9", "About health support, while a plan is assessed, written or reviewed", "code-11.8"),
    _row("R10", "About health support, at another stage", "code-11.8"),
    _row("R11", "About social care support, while a plan is assessed, written or reviewed", "code-11.8"),
    _row("R12", "About social care support, at another stage", "code-11.8"),
    _row("R13", "With a nursery, school or college, about health or social care support", "code-11.8"),
    _row("R14", "A decision not to assess, or not to assess again", "code-11.13"),
    _row("R15", "A decision not to issue a plan", "code-11.13"),
    _row("R16", "What a final plan says", "code-11.13"),
    _row("R17", "Only the school or college that a plan names or leaves out", "code"),
    _row("R18", "A decision not to change a plan, or to end it", "code-11.13"),
    _row("R19", "A draft plan", "reg-13"),
    _row("R20", "Waiting for a decision that has not come", "code-11.8"),
    _row("R21", "While an appeal waits at the SEND Tribunal", "code-11.8"),
    _row("R22", "With an independent school", "act-57"),
    _row("R23", "Disability discrimination", "discrimination"),
    _row("R24", "Something other than special educational needs", "code-11.7"),
    _row("R25", "Between the council and the NHS themselves", "code-11.8"),
    _row("R26", "Not known yet: what it is about, with whom, or at which stage", "code-11.8"),
    _row("E1", "Between parents", "code-11.8"),
    _row("E2", "A child educated at home", "code-11.8"),
    _row("E3", "After the Tribunal has decided", "act-51"),
)

GATES = {gate.id: gate for gate in _ALL_GATES}
ROWS = {row.id: row for row in _ALL_ROWS}
