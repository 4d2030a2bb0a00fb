"""What an export for a council holds, table by table, and how it says so. Pure."""

import dataclasses
from collections.abc import Mapping

#: Raised when a file, a field or its meaning changes.
FORMAT = "parley council export 1"

#: Where documents lie within the export.
DOCUMENTS = "documents"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableFacts:
    """A table of the export: what one line of it is, and what each field says."""

    about: str
    fields: Mapping[str, str]


_CASE = {"case": "the reference of the case it belongs to"}
_WHEN = "date and time, in UTC"

#: The tables in the order in which they are written. The README of an export is made of this, and a test holds every
#: line to it.
TABLES: Mapping[str, TableFacts] = {
    "cases": TableFacts(
        about="the requests that the council was told of",
        fields={
            "reference": "the reference that everybody uses",
            "state": "where the case stands",
            "state_since": f"since when; {_WHEN}",
            "close_reason": "why it ended, if it did",
            "asked": "online, or by phone to the provider",
            "provider": "who mediates",
            "provider_because": "why this provider: the only one (sole), chosen, rang, its turn, most room, or left",
            "rules_version": "the version of the council's rules that the case goes by; see rules.jsonl",
            "law_version": "the version of the law that it goes by",
            "areas": "areas of disagreement: A duties, B special educational provision, C health and care, or open",
            "against": "with whom the family disagrees",
            "about": "what the request is about, as the family chose it from a list",
            "stage": "where the family stood in the EHC process",
            "decision_letter_date": "the date on the council's decision letter, if there is one",
            "asked_as_question": "true if the check had not said yes and the family asked all the same",
            "sent_at": f"when the family sent it; {_WHEN}",
            "council_told_at": f"when the provider told the council; {_WHEN}",
            "child_name": "the child or young person",
            "date_of_birth": "their date of birth",
            "setting": "their school or setting",
            "assigned_to": "the officer who has it",
            "council_number": "the council's own number for it",
        },
    ),
    "sides": TableFacts(
        about="the sides of each case, with the answer that each gave last",
        fields={
            **_CASE,
            "id": "what other files call this side",
            "kind": "family, local_authority, setting (a school or another setting) or icb (an NHS body)",
            "name": "what it is called, where the family named it",
            "may_be_asked": "false if the family does not want it to be asked",
            "left": "true once it no longer takes part",
            "asked": "true once it was told or invited",
            "answer": "agreed, declined or holding (needs more time); empty while there is none",
            "reason": "why the council said no",
            "words": "the council's own words to the family",
            "holding_until": "by when a holding reply promises an answer",
            "answered_at": _WHEN,
            "unavailable": "when the council said that its people cannot come",
        },
    ),
    "people": TableFacts(
        about="who takes part in each case; how they are reached is for the provider alone and is not here",
        fields={
            **_CASE,
            "id": "what other files call this person",
            "side": "the side they belong to; see sides.jsonl",
            "capacity": "as what they take part",
            "name": "what they are called",
            "role": "what a contact is at their school or NHS body",
            "is_rights_holder": "true for the one whose right it is to ask",
        },
    ),
    "statements": TableFacts(
        about="what the family wrote and shared with the council; what it did not share is not here",
        fields={**_CASE, "kind": "story, wish or the child's own views", "words": "the family's own words"},
    ),
    "dates": TableFacts(
        about="due dates",
        fields={
            **_CASE,
            "what": "what is due",
            "basis": "law, policy (the council's rule), contract, or our_aim (neither law nor the council's promise)",
            "binds": "whom it binds",
            "side": "the side it binds, where it is one side's own",
            "due_on": "the date",
            "met_on": "when it was done",
            "stopped": "true if it stopped to count",
        },
    ),
    "timeline": TableFacts(
        about="what happened, as the council's officers read it",
        fields={
            **_CASE,
            "at": _WHEN,
            "what": "what happened",
            "by": "by which side",
            "words": "the same as a sentence",
        },
    ),
    "meetings": TableFacts(
        about="the newest meeting of each case",
        fields={
            **_CASE,
            "id": "what other files call this meeting",
            "state": "proposed, fixed, moved, held or cancelled",
            "mode": "in which way people meet",
            "begins_at": _WHEN,
            "ends_at": _WHEN,
            "for_everybody": "what the provider tells everybody who comes",
            "mediator": "who leads it",
            "register_body": "the register in which the mediator is",
            "register_number": "their number in it",
            "registered_until": "until when",
            "notice_waived": "true if the family said that a shorter notice is enough",
            "decision_maker_present": "true if somebody who could decide was there",
        },
    ),
    "meeting_times": TableFacts(
        about="times that were suggested for a meeting, with what the council's people answered",
        fields={**_CASE, "meeting": "which", "begins_at": _WHEN, "ends_at": _WHEN, "answers": "person to answer"},
    ),
    "meeting_people": TableFacts(
        about="when and where the council's own people go, and what they bring",
        fields={
            **_CASE,
            "meeting": "which",
            "person": "who; see people.jsonl",
            "arrives_at": _WHEN,
            "ends_at": _WHEN,
            "place": "where they go",
            "link": "how they join online",
            "brings": "papers that they mean to bring",
            "attended": "true if they were there",
        },
    ),
    "meeting_supporters": TableFacts(
        about="that somebody supports the family at a meeting; who it is only where the family said so",
        fields={
            **_CASE,
            "meeting": "which",
            "name": "who, if that is shared",
            "relation": "who they are to the family",
        },
    ),
    "outcomes": TableFacts(
        about="what came of each meeting",
        fields={
            **_CASE,
            "id": "what other files call this outcome",
            "meeting": "of which meeting",
            "kind": "full, partial, none or back_to_panel",
            "was_confirmed": "true if every side confirmed its words",
            "recorded_at": _WHEN,
            "confirmed_by": "which side confirmed it when; spoken if it was read to them",
        },
    ),
    "agreed_points": TableFacts(about="what was agreed", fields={**_CASE, "outcome": "of which", "words": "the point"}),
    "remaining_issues": TableFacts(
        about="what is still seen differently, in words that every side confirmed",
        fields={**_CASE, "outcome": "of which", "words": "the issue"},
    ),
    "agreed_actions": TableFacts(
        about="what was agreed to be done",
        fields={
            **_CASE,
            "outcome": "of which outcome",
            "side": "the side that does it",
            "what": "what is to be done",
            "due_on": "by when",
            "state": "how it stands",
            "state_since": _WHEN,
            "state_by": "which side said so",
            "done_at": _WHEN,
            "disputed": "what the family says is missing",
        },
    ),
    "documents": TableFacts(
        about="the council's own documents, and those that were shared with it",
        fields={
            **_CASE,
            "id": "the document's id",
            "title": "its title",
            "file_name": "the name it was added under",
            "kind": "what kind of file it is",
            "size": "its size in bytes",
            "added_at": _WHEN,
            "side": "the side that added it; empty for the provider",
            "file": "where it lies in this export",
        },
    ),
    "rules": TableFacts(
        about="every version of the council's rules",
        fields={
            "version": "its number",
            "effective_from": "the first day it holds",
            "reason": "why it was made",
            "created_at": _WHEN,
            "document": "the rules themselves",
        },
    ),
    "acts_of_staff": TableFacts(
        about="what the council's own staff did in Parley, from its audit",
        fields={
            "at": _WHEN,
            "what": "what was done",
            "officer": "who did it",
            "case": "the reference of the case, if it was about one",
        },
    ),
}
