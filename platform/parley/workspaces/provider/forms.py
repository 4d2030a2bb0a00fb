"""The forms of acts in a case. Choices that depend on the case are set by their views."""

from parley.casework.wording_codes import GROUNDS
from parley.compartment.domain import LONGEST
from parley.kernel.sentences import capitalised
from parley.web.fields import CheckboxesField, Choice, EmailField, RadioField, Required, TextField
from parley.web.forms import BaseForm
from parley.workspaces.talking import MessageForm


class ConfirmForm(BaseForm):
    """A button, and nothing to type."""


class AcknowledgeForm(BaseForm):
    """Whether whoever acknowledges also looks after the case."""

    take = CheckboxesField(
        "Who looks after it?", choices=(Choice(value="yes", text="I look after this case from now on"),)
    )


class TellCouncilForm(BaseForm):
    """That somebody at the council is told, and that the preview was read."""

    sure = CheckboxesField(
        "Before you tell the council",
        [Required("Tick the box to show that you looked at what the council will see")],
        choices=(Choice(value="yes", text="I looked at what the council will see from now on"),),
    )


class AskForm(MessageForm):
    """A question to one member of the family; whom is asked only where there are several."""

    member = RadioField("Whom do you ask?", [Required("Select whom you ask")])
    body = TextField(
        "Your question",
        [Required("Write your question")],
        max_length=LONGEST,
        rows=6,
        noun="your question",
        hint="Only they and those who work on cases here read it.",
    )


class SignpostForm(BaseForm):
    """Which other ways the family is told of."""

    ways = CheckboxesField(
        "Which ways is the family told of?", [Required("Select at least one other way")], hint="Select all that apply."
    )


class PassOnForm(BaseForm):
    """Why the provider as a whole cannot take a request."""

    because = RadioField(
        "Why can you not take it?",
        [Required("Select why you cannot take it")],
        choices=(
            Choice(
                value="conflict_of_interest",
                text="Nobody here could be neutral in it",
                hint="If one of you could, report a conflict of interest instead: your administrator gives it to them.",
            ),
            Choice(value="no_room", text="We have no room for it at present"),
        ),
    )


class YoungPersonForm(BaseForm):
    """What a young person said."""

    agrees = RadioField(
        "What did the young person say?",
        [Required("Select what the young person said")],
        hint="It has to be the young person’s own answer, not their parent’s.",
        choices=(
            Choice(value="yes", text="Yes, they agree to this request"),
            Choice(value="no", text="No, they do not agree", hint="The case is closed. Nobody but the family hears."),
        ),
    )


class GoingOnForm(BaseForm):
    """What a young person said to a case that a parent began before the choice was theirs."""

    agrees = RadioField(
        "What did the young person say?",
        [Required("Select what the young person said")],
        hint="It has to be the young person’s own answer, not their parent’s.",
        choices=(
            Choice(value="yes", text="Yes, it goes on"),
            Choice(
                value="no", text="No", hint="The case is closed. The others hear that it was withdrawn, and not why."
            ),
        ),
    )


class ActingForm(BaseForm):
    """Which parent acts for the young person, and on what ground."""

    member = RadioField("Who acts for them?", [Required("Select who acts for them")])
    ground = RadioField(
        "On what ground?",
        [Required("Select on what ground they act")],
        choices=tuple(Choice(value=value, text=capitalised(text)) for value, text in GROUNDS.items()),
    )


class YoungPersonAloneForm(YoungPersonForm):
    """What a young person said whom nobody here has met in the request."""

    alone = CheckboxesField(
        "Who you spoke to",
        [Required("Tick the box to show that you spoke to the young person themselves")],
        choices=(Choice(value="yes", text="I spoke to the young person themselves, and nobody answered for them"),),
    )


class WhoRingsForm(BaseForm):
    """Which request a young person rings about."""

    reference = TextField(
        "Reference",
        [Required("Enter the reference")],
        max_length=40,
        hint="For example, DER-2026-00001. It is in the email to them, and their parent has it.",
        autocomplete="off",
        spellcheck=False,
        width="govuk-input--width-20",
    )
    name = TextField(
        "Their full name", [Required("Enter the young person’s full name")], autocomplete="off", spellcheck=False
    )


class ConsentForm(BaseForm):
    """What a member of the family said about a body being asked."""

    member = RadioField("Who said it?", [Required("Select who said it")])
    agrees = RadioField(
        "What did they say?",
        [Required("Select what they said")],
        choices=(Choice(value="yes", text="Yes, it may be asked"), Choice(value="no", text="No, it may not be asked")),
    )


class WithdrawForm(BaseForm):
    """Who said that the request is withdrawn."""

    member = RadioField("Who said it?", [Required("Select who said it")])


class WhoGoesOnForm(BaseForm):
    """What a family said to the question who goes on with its request."""

    member = RadioField("Who said it?", [Required("Select who said it")])
    choice = RadioField("What did they say?", [Required("Select what they said")])


class InviteForm(BaseForm):
    """A person at a body."""

    name = TextField(
        "Name", [Required("Enter the person’s name")], autocomplete="off", spellcheck=False, noun="the name"
    )
    email = EmailField(
        "Work email address",
        [Required("Enter the person’s work email address")],
        autocomplete="off",
        hint="Their own, not a shared mailbox: whoever reads it can answer for the body.",
    )


class InvitationForm(BaseForm):
    """What to do with an invitation."""

    act = RadioField(
        "What do you want to do?",
        [Required("Select what you want to do")],
        choices=(
            Choice(value="renew", text="Send a new invitation", hint="It runs for 14 days. The one sent before stops."),
            Choice(value="revoke", text="Take the invitation back", hint="They see nothing of the case from now on."),
        ),
    )


class HandOverForm(BaseForm):
    """To whom a case is handed. ``had`` is who had it when the page was opened."""

    coordinator = RadioField("Who looks after this case?", [Required("Select who looks after it")])
