"""What a coordinator writes down for a caller, and the caller's spoken yes to each thing."""

import datetime as dt

from parley.casework.domain import PartyKind
from parley.web.fields import (
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    NotAfter,
    PhoneField,
    RadioField,
    Required,
    TextField,
)
from parley.web.forms import BaseForm
from parley.workspaces.provider.words import MODES, PARTIES
from parley.workspaces.safety_words import SAFE_WAYS

LONG, MEDIUM, SHORT = 5000, 1500, 300

_NEEDS = (
    ("hide_address", "Hide the address from everybody"),
    ("wait_apart", "A room of their own to wait in"),
    ("attend_apart", "Take part from another room, or by phone or video"),
)
_BODIES = (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING, PartyKind.ICB)
_READERS = (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING, PartyKind.ICB)


class CouncilForm(BaseForm):
    """To which council the home pays its council tax: the one that is responsible (Children and Families Act, s.24).

    It is asked, not looked up: Parley holds no postcodes, and asks no other service for a caller's.
    """

    council = RadioField(
        "Which council do they pay council tax to?",
        [Required("Select the council that the family pays council tax to")],
        hint="It is the council where the child or young person lives, not where the school is.",
    )


class DetailsForm(BaseForm):
    """The request as the caller tells it. Safety stands first: it decides how the rest may be used."""

    safe_ways = CheckboxesField(
        "Which ways of reaching you are safe?",
        [Required("Select every way that is safe, or ‘Any of these is safe’")],
        hint="Ask who else reads their email or post, or may pick up the phone.",
        choices=(
            *(Choice(value=value, text=text.capitalize()) for value, text in SAFE_WAYS.items()),
            Choice(value="any", text="Any of these is safe", divider="or", exclusive=True),
        ),
    )
    safe_times = TextField("Times that are safe, or not safe (optional)", max_length=SHORT, noun="the safe times")
    must_not_learn = TextField(
        "Is there anybody who must not learn of this? (optional)",
        max_length=MEDIUM,
        rows=2,
        noun="who must not learn of this",
        hint="Who, and what to avoid. They need not give reasons.",
    )
    apart = CheckboxesField(
        "Would any of these help them feel safe? (optional)",
        choices=tuple(Choice(value=value, text=text) for value, text in _NEEDS),
    )
    asker_name = TextField("Caller’s name", [Required("Enter the caller’s name")], autocomplete="off", spellcheck=False)
    phone = PhoneField("Phone number", autocomplete="off", noun="the phone number")
    email = EmailField(
        "Email address (optional)", autocomplete="off", noun="the email address", hint="It works without one."
    )
    child_name = TextField(
        "Full name of the child or young person",
        [Required("Enter the name of the child or young person")],
        autocomplete="off",
        spellcheck=False,
        noun="the name",
        hint="Where the caller asks for themselves, the caller’s own name.",
    )
    born = DateField("Date of birth", [Required("Enter the date of birth")], noun="the date of birth")
    address = TextField(
        "Address (optional)", max_length=SHORT, rows=3, noun="the address", spellcheck=False, autocomplete="off"
    )
    setting = TextField("Nursery, school or college (optional)", noun="the nursery, school or college")
    bodies = CheckboxesField(
        "Who is the disagreement with?",
        [Required("Select who the disagreement is with")],
        choices=tuple(Choice(value=kind.value, text=PARTIES[kind]) for kind in _BODIES),
    )
    letter = DateField("Date of a decision letter (optional)", noun="the date of the letter")
    certificate = DateField("Date of a mediation certificate (optional)", noun="the date of the certificate")
    story = TextField(
        "What has happened? (optional)",
        max_length=LONG,
        rows=6,
        noun="what has happened",
        hint="In the caller’s own words. Only you read it unless they want to share it.",
    )
    wish = TextField(
        "What would they like to come out of this? (optional)", max_length=LONG, rows=3, noun="what they wish for"
    )
    child_views = TextField(
        "What does the child or young person say? (optional)", max_length=LONG, rows=3, noun="their views"
    )
    share_story = CheckboxesField(
        "Who may read what has happened, from the start? (optional)",
        choices=tuple(Choice(value=kind.value, text=PARTIES[kind]) for kind in _READERS),
    )
    share_wish = CheckboxesField(
        "Who may read what they wish for, from the start? (optional)",
        choices=tuple(Choice(value=kind.value, text=PARTIES[kind]) for kind in _READERS),
    )
    access_needs = TextField(
        "What do they need to take part? (optional)",
        max_length=SHORT,
        rows=2,
        noun="what they need",
        hint="For example an interpreter and the language, British Sign Language, large print, a step-free room.",
    )
    modes = CheckboxesField(
        "Which ways to meet would suit them? (optional)",
        choices=tuple(Choice(value=value, text=text.capitalize()) for value, text in MODES.items()),
    )
    availability = TextField("Days and times that suit, or do not (optional)", max_length=SHORT, noun="days and times")
    supporter = TextField("Who comes with them? (optional)", max_length=SHORT, noun="who comes with them")
    ground = TextField(
        "On what ground does the caller act for the young person?",
        max_length=SHORT,
        noun="the ground",
        hint="A deputy, an attorney, or a parent where there is neither; for this decision alone.",
    )
    young_person_phone = PhoneField("The young person’s own phone number", autocomplete="off", noun="their number")
    young_person_email = EmailField(
        "The young person’s own email address", autocomplete="off", noun="their email address"
    )

    def limit_to(self, today: dt.date) -> None:
        """Refuse dates after ``today``."""
        for name, what in (("born", "of birth"), ("letter", "of the letter"), ("certificate", "of the certificate")):
            past = NotAfter(lambda: today, f"The date {what} must be today or in the past")
            self[name].validators = (*self[name].validators, past)


_YES_NO = (Choice(value="yes", text="Yes"), Choice(value="no", text="No"))


class ReadBackForm(BaseForm):
    """What the caller said yes to, each read out word for word first."""

    read_back = CheckboxesField(
        "Reading back",
        [Required("Tick the box when you have read the request back and the caller said that it is right")],
        choices=(Choice(value="yes", text="I read the request back and the caller said that it is right"),),
    )
    take_part = CheckboxesField(
        "Going ahead",
        [Required("Tick the box when the caller said yes to going ahead")],
        choices=(Choice(value="yes", text="The caller said yes"),),
    )
    tell_council = CheckboxesField(
        "Telling the council",
        [Required("Tick the box when the caller said yes to the council being told")],
        choices=(Choice(value="yes", text="The caller said yes"),),
    )
    ask_setting = RadioField("Asking the school or setting", choices=_YES_NO, inline=True)
    ask_icb = RadioField("Asking the NHS body", choices=_YES_NO, inline=True)
    knows_adviser = CheckboxesField(
        "The decision letter",
        choices=(Choice(value="yes", text="The caller knows that this does not contact the mediation adviser"),),
    )
