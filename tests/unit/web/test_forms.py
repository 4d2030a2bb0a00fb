"""Forms: bound to the request, listing their errors, shown by GOV.UK's macros."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from parley.kernel.errors import Invalid
from parley.web.field_params import macro_and_params
from parley.web.fields import CheckboxesField, Choice, DateField, RadioField, Required, SelectField, TextField
from parley.web.forms import BaseForm


class Asked(BaseForm):
    """Three questions, one of them below an option of another."""

    name = TextField("Your name", [Required("Enter your name")], autocomplete="name", spellcheck=False)
    letter = DateField("Date of the letter", [Required("Enter the date")])
    who = RadioField(
        "Who are you?",
        choices=[Choice(value="a", text="A"), Choice(value="b", text="B", divider="or", reveals="other", hint="H")],
    )
    other = TextField("Who else?", rows=3, max_length=300)


def test_a_form_shown_by_get_is_not_sent() -> None:
    with Flask(__name__).test_request_context("/?name=x"):
        form = Asked()
        assert not form.was_sent
        assert not form.validate_on_submit()
        assert not form.has_errors


def test_a_form_sent_by_post_reads_the_request() -> None:
    body = {"name": "N", "letter-day": "7", "letter-month": "3", "letter-year": "2026"}
    with Flask(__name__).test_request_context("/", method="POST", data=body):
        assert Asked().validate_on_submit()


def test_stored_answers_fill_a_form_that_was_not_sent_and_give_way_to_one_that_was() -> None:
    assert Asked(data={"name": "stored"}).name.data == "stored"
    assert Asked(MultiDict({"name": "typed"}), data={"name": "stored"}).name.data == "typed"


def test_errors_are_listed_in_the_order_of_the_page_and_lead_to_their_boxes() -> None:
    form = Asked(MultiDict({"letter-day": "7", "letter-month": "3"}))
    form.validate()
    assert form.error_list() == [
        {"text": "Enter your name", "href": "#name"},
        {"text": "Date of the letter must include a year", "href": "#letter-year"},
    ]


def test_what_a_service_refuses_stands_beside_its_field_and_the_rest_in_the_summary() -> None:
    form = Asked(MultiDict({"name": "N"}))
    form.take_errors(Invalid({"name": ["Somebody else has that name"], "case": ["The case is closed"]}))
    assert form.has_errors
    assert form.error_list() == [
        {"text": "The case is closed", "href": "#name"},
        {"text": "Somebody else has that name", "href": "#name"},
    ]


def test_an_error_of_a_form_that_asks_nothing_leads_nowhere() -> None:
    form = BaseForm(MultiDict())
    form.take_errors(Invalid({"case": ["The case is closed"]}))
    assert form.error_list() == [{"text": "The case is closed"}]


def test_fields_that_an_option_reveals_are_known() -> None:
    assert Asked().revealed_names() == {"other"}


def test_a_text_field_says_what_browsers_and_screen_readers_need() -> None:
    form = Asked(MultiDict({"name": ""}))
    form.validate()
    shown = macro_and_params(form.name, heading=True)
    assert shown["macro"] == "input"
    params = shown["params"]
    assert params["label"] == {"text": "Your name", "isPageHeading": True, "classes": "govuk-label--l"}
    assert params["autocomplete"] == "name"
    assert params["spellcheck"] is False
    assert params["errorMessage"] == {"text": "Enter your name"}


def test_a_long_text_counts_its_characters() -> None:
    shown = macro_and_params(Asked().other)
    assert shown["macro"] == "character_count"
    assert shown["params"]["maxlength"] == 300


def test_a_date_marks_only_the_box_that_is_wrong() -> None:
    form = Asked(MultiDict({"letter-day": "7", "letter-month": "3"}))
    form.validate()
    marked = ["govuk-input--error" in box["classes"] for box in macro_and_params(form.letter)["params"]["items"]]
    assert marked == [False, False, True]


def test_radios_carry_hints_dividers_and_what_they_reveal() -> None:
    items = macro_and_params(Asked(MultiDict({"who": "b"})).who)["params"]["items"]
    assert items == [
        {"value": "a", "text": "A", "checked": False},
        {"divider": "or"},
        {"value": "b", "text": "B", "checked": True, "hint": {"text": "H"}, "reveals": "other"},
    ]


def test_an_exclusive_checkbox_is_marked_for_the_script() -> None:
    class Ways(BaseForm):
        ways = CheckboxesField("How?", choices=[Choice(value="none", text="None", exclusive=True)])

    assert macro_and_params(Ways().ways)["params"]["items"][0]["behaviour"] == "exclusive"


def test_a_select_begins_with_nothing_chosen() -> None:
    class School(BaseForm):
        school = SelectField("School", choices=[Choice(value="a", text="A")])

    items = macro_and_params(School().school)["params"]["items"]
    assert items == [{"value": "", "text": "Choose"}, {"value": "a", "text": "A", "selected": False}]


def test_a_kind_of_field_that_has_no_component_is_refused_at_once() -> None:
    class Foreign(BaseForm):
        ticked = BooleanField("Tick")

    with pytest.raises(TypeError, match=r"use the fields of parley\.web\.fields"):
        macro_and_params(Foreign().ticked)
