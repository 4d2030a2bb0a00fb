"""Specimens of every component, for development, the accessibility check and the screenshots. Never in production."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from werkzeug.datastructures import MultiDict

from parley.access.domain import public
from parley.web.errors import WORDS
from parley.web.fields import (
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    NotAfter,
    PhoneField,
    PostcodeField,
    RadioField,
    Required,
    SelectField,
    TextField,
    UploadField,
)
from parley.web.forms import BaseForm
from parley.web.shell import Contact

TODAY = dt.date(2026, 11, 24)
MOMENT = dt.datetime(2026, 11, 24, 14, 5, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """One page of the style guide; ``form`` fills its form, ``typed`` is what was sent, to show errors."""

    title: str
    template: str
    form: type[BaseForm] | None = None
    typed: tuple[tuple[str, str], ...] | None = None


class WhoForm(BaseForm):
    """A question of one field, as the check asks it."""

    asker = RadioField(
        "Who are you?",
        [Required("Select who you are")],
        hint="This decides whose rights we tell you about.",
        choices=[
            Choice(value="parent_carer", text="A parent or carer"),
            Choice(value="young_person", text="A young person", hint="You are over compulsory school age and up to 25"),
            Choice(value="professional", text="Somebody who works with the family"),
            Choice(value="other", text="Somebody else", divider="or", reveals="other"),
        ],
    )
    other = TextField("Tell us who you are", max_length=80, spellcheck=False)


class DetailsForm(BaseForm):
    """Every kind of field."""

    name = TextField("Your name", [Required("Enter your name")], autocomplete="name", spellcheck=False)
    email = EmailField("Email address", [Required("Enter your email address")], hint="We send one link to it.")
    phone = PhoneField("Phone number", hint="Leave it empty if nobody should ring you.")
    postcode = PostcodeField("Postcode", [Required("Enter your postcode")])
    letter = DateField(
        "When is the council’s letter dated?",
        [NotAfter(lambda: TODAY, "The date of the letter must be today or in the past")],
        hint="For example, 27 3 2026. The date is at the top of the letter.",
        noun="the date of the letter",
    )
    contact_ways = CheckboxesField(
        "How may we contact you?",
        [Required("Select how we may contact you")],
        hint="Select all that are safe for you.",
        choices=[
            Choice(value="email", text="Email"),
            Choice(value="text", text="Text message"),
            Choice(value="phone", text="Phone call"),
            Choice(value="none", text="Do not contact me, I will contact you", divider="or", exclusive=True),
        ],
    )
    region = SelectField(
        "School or college",
        choices=[Choice(value="a", text="An example primary school"), Choice(value="b", text="An example college")],
    )
    story = TextField("What is the disagreement about?", max_length=2000, rows=6, hint="In your own words.")
    report = UploadField("Add a report (optional)", accept=".pdf,.docx,image/*", hint="PDF, Word or a photo.")


WRONG = (
    ("email", "name.example.com"),
    ("phone", "12"),
    ("postcode", "Derby"),
    ("letter-day", "31"),
    ("letter-month", "2"),
    ("letter-year", "2026"),
    ("contact_ways", "email"),
    ("contact_ways", "none"),
)

SPECIMENS = {
    "result": Specimen(title="Your answer", template="result"),
    "status": Specimen(title="Your request", template="status"),
    "question": Specimen(title="Who are you?", template="question", form=WhoForm),
    "question-error": Specimen(title="Who are you?", template="question", form=WhoForm, typed=()),
    "form": Specimen(title="About you", template="form", form=DetailsForm),
    "form-error": Specimen(title="About you", template="form", form=DetailsForm, typed=WRONG),
    "check": Specimen(title="Check your answers", template="check"),
    "list": Specimen(title="Requests", template="list"),
    "empty": Specimen(title="Requests", template="empty"),
    "case": Specimen(title="DER-2026-00001", template="case"),
    "confirmation": Specimen(title="Request sent", template="confirmation"),
    "figures": Specimen(title="Figures", template="figures"),
    "elements": Specimen(title="Elements", template="elements"),
}

SERVICE = Contact(
    name="Global Mediation",
    phone="0800 064 4488",
    hours="Monday to Friday, 9am to 5pm",
    email="sen@globalmediation.co.uk",
    note="You can always ring, whatever this page says.",
)


def blueprint() -> Blueprint:
    """Return the style guide's routes, for the audiences of a development site."""
    routes = Blueprint("styleguide", __name__, url_prefix="/styleguide")
    routes.add_url_rule("/", "index", index)
    routes.add_url_rule("/<slug>", "specimen", specimen)
    routes.add_url_rule("/error/<int:status>", "error", error)
    return routes


@public("specimens without any data; only registered in development")
def index() -> str:
    """List the specimens."""
    return render_template("styleguide/index.html", specimens=SPECIMENS, statuses=sorted(WORDS))


@public("specimens without any data; only registered in development")
def specimen(slug: str) -> str:
    """Show one specimen."""
    found = SPECIMENS.get(slug) or abort(404)
    form = None
    if found.form is not None:
        form = found.form(_typed(found.typed)) if found.typed is not None else found.form()
        if found.typed is not None:
            form.validate()
    return render_template(
        f"styleguide/{found.template}.html",
        title=found.title,
        form=form,
        day=TODAY,
        moment=MOMENT,
        service_contact=SERVICE,
        ago=lambda days: TODAY - dt.timedelta(days=days),
    )


@public("specimens without any data; only registered in development")
def error(status: int) -> str:
    """Show an error page; only those that have words of their own."""
    words = WORDS.get(status) or abort(404)
    return render_template("errors/error.html", words=words, message=None, status=status)


def _typed(pairs: tuple[tuple[str, str], ...]) -> MultiDict[str, str]:
    return MultiDict(pairs)
