"""Fields: what people type, what is handed on, and what they are told."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

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
    TextField,
    UploadField,
    UploadsField,
    normal_postcode,
)
from parley.web.forms import BaseForm

TODAY = dt.date(2026, 11, 24)


class Asked(BaseForm):
    """One of each kind that is read."""

    name = TextField("Your name", max_length=10)
    email = EmailField("Email address")
    phone = PhoneField("Phone number")
    postcode = PostcodeField("Postcode")
    letter = DateField(
        "Date of the letter",
        [
            NotAfter(lambda: TODAY, "The date of the letter must be today or in the past"),
        ],
    )
    who = RadioField("Who are you?", choices=[Choice(value="a", text="A"), Choice(value="b", text="B")])
    ways = CheckboxesField(
        "How?",
        choices=[
            Choice(value="email", text="Email"),
            Choice(value="phone", text="Phone"),
            Choice(value="none", text="None of these", exclusive=True),
        ],
    )


class Needed(BaseForm):
    """Each kind that can be required."""

    name = TextField("Your name", [Required("Enter your name")])
    letter = DateField("Date of the letter", [Required("Enter the date of the letter")])
    who = RadioField("Who are you?", [Required("Select who you are")], choices=[Choice(value="a", text="A")])
    ways = CheckboxesField("How?", [Required("Select how")], choices=[Choice(value="a", text="A")])
    report = UploadField("Report", [Required("Choose a file")])


def typed(**values: Any) -> Asked:
    """Return the form as sent with ``values``, validated; a double underscore in a name stands for a hyphen."""
    form = Asked(MultiDict({name.replace("__", "-"): value for name, value in values.items()}))
    form.validate()
    return form


def test_nothing_typed_is_no_error_where_nothing_is_required() -> None:
    form = typed()
    assert not form.errors
    assert form.name.data == ""
    assert form.letter.data is None
    assert form.who.data is None
    assert form.ways.data == []


def test_everything_missing_is_said_in_the_words_of_each_question() -> None:
    form = Needed(MultiDict({"name": "  ", "letter-day": " "}))
    assert not form.validate()
    assert form.errors == {
        "name": ["Enter your name"],
        "letter": ["Enter the date of the letter"],
        "who": ["Select who you are"],
        "ways": ["Select how"],
        "report": ["Choose a file"],
    }


def test_text_loses_control_characters_and_outer_blanks_and_keeps_every_script_and_emoji() -> None:
    assert typed(name="  a\x00b\x1b ").name.data == "ab"
    assert typed(name="يوسف 🙂").name.data == "يوسف 🙂"


def test_line_ends_count_as_one_character() -> None:
    assert typed(name="12345\r\n789").name.data == "12345\n789"
    assert not typed(name="12345\r\n789").errors


def test_text_that_is_too_long_says_the_limit() -> None:
    assert typed(name="x" * 11).errors == {"name": ["Your name must be 10 characters or fewer"]}


@pytest.mark.parametrize("address", ["name.example.com", "a@b", "a b@example.com", "@example.com"])
def test_an_address_that_cannot_be_one_is_kept_as_typed_with_an_example(address: str) -> None:
    form = typed(email=address)
    assert form.errors == {"email": ["Enter an email address in the correct format, like name@example.com"]}
    assert form.email.shown == address


def test_an_address_is_normalised() -> None:
    assert typed(email=" Someone@EXAMPLE.org ").email.data == "Someone@example.org"


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("(01332) 29 3111", "+441332293111"),
        ("+44 (0) 20 7946 0018", "+442079460018"),
        ("00353 1 234 5678", "+35312345678"),
        ("0800 1111", "+448001111"),
    ],
)
def test_phone_numbers_are_read_as_people_write_them(number: str, kept: str) -> None:
    form = typed(phone=number)
    assert not form.errors
    assert form.phone.data == kept
    assert form.phone.shown == number


@pytest.mark.parametrize("number", ["12", "07700 90012", "ring me", "999"])
def test_what_cannot_be_dialled_is_refused_with_an_example(number: str) -> None:
    assert "Enter a phone number, like" in typed(phone=number).errors["phone"][0]


@pytest.mark.parametrize("written", ["DE1 2FS", "de12fs", " De1-2fs.", "D E 1 2 F S"])
def test_postcodes_are_read_in_any_spelling(written: str) -> None:
    assert typed(postcode=written).postcode.data == "DE1 2FS"


@pytest.mark.parametrize("written", ["Derby", "DE1", "DE1 2CI", "1DE 2FS", ""])
def test_what_is_no_postcode_is_none(written: str) -> None:
    assert normal_postcode(written) is None


@given(st.text())
def test_any_text_at_all_is_a_postcode_or_none(written: str) -> None:
    found = normal_postcode(written)
    assert found is None or normal_postcode(found) == found


@pytest.mark.parametrize("month", ["3", "03", "March", "march", "mar", "Mar."])
def test_months_may_be_numbers_or_words(month: str) -> None:
    form = typed(letter__day="7", letter__month=month, letter__year="2026")
    assert form.letter.data == dt.date(2026, 3, 7)


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "wrong"),
    [
        ("7", "", "2026", "Date of the letter must include a month", ("month",)),
        ("", "", "2026", "Date of the letter must include a day and month", ("day", "month")),
        ("7", "3", "26", "Date of the letter: the year must have 4 numbers, like 2026", ("year",)),
        ("29", "2", "2026", "Date of the letter must be a real date", ("day", "month", "year")),
        ("x", "2", "2026", "Date of the letter must be a real date", ("day", "month", "year")),
        ("²", "2", "2026", "Date of the letter must be a real date", ("day", "month", "year")),
        (
            "7",
            "13",
            "2026",
            "Date of the letter: the month must be a number from 1 to 12 or a name, like March",
            ("month",),
        ),
        (
            "7",
            "ma",
            "2026",
            "Date of the letter: the month must be a number from 1 to 12 or a name, like March",
            ("month",),
        ),
        ("7", "3", "1899", "Date of the letter must be 1900 or later", ("year",)),
        ("25", "11", "2026", "The date of the letter must be today or in the past", ()),
    ],
)
def test_a_date_that_cannot_be_says_why_and_marks_the_box(
    day: str, month: str, year: str, message: str, wrong: tuple[str, ...]
) -> None:
    form = typed(letter__day=day, letter__month=month, letter__year=year)
    assert form.errors == {"letter": [message]}
    assert form.letter.wrong_parts == wrong
    assert form.letter.parts == {"day": day, "month": month, "year": year}


def test_the_leap_day_of_a_leap_year_is_a_date() -> None:
    assert typed(letter__day="29", letter__month="2", letter__year="2024").letter.data == dt.date(2024, 2, 29)


@given(day=st.text(max_size=4), month=st.text(max_size=6), year=st.text(max_size=6))
def test_whatever_is_typed_into_a_date_never_breaks_the_page(day: str, month: str, year: str) -> None:
    form = typed(letter__day=day, letter__month=month, letter__year=year)
    assert form.letter.data is None or isinstance(form.letter.data, dt.date)


def test_boxes_missing_from_the_request_count_as_empty() -> None:
    assert typed(letter__year="2026").errors["letter"] == ["Date of the letter must include a day and month"]


def test_a_stored_date_fills_the_boxes() -> None:
    assert Asked(data={"letter": dt.date(2026, 3, 7)}).letter.parts == {"day": "7", "month": "3", "year": "2026"}


def test_an_option_that_was_not_offered_is_refused() -> None:
    assert "who" in typed(who="c").errors
    assert "ways" in typed(ways="fax").errors


def test_chosen_options_come_once_each_in_the_order_of_the_page() -> None:
    form = Asked(MultiDict([("ways", "phone"), ("ways", "email"), ("ways", "phone")]))
    assert form.validate()
    assert form.ways.data == ["email", "phone"]


def test_none_of_these_with_another_is_refused_where_no_script_has_cleared_it() -> None:
    form = Asked(MultiDict([("ways", "none"), ("ways", "email")]))
    assert not form.validate()
    assert form.errors == {"ways": ["Select what applies, or select ‘None of these’"]}


def test_a_file_box_left_empty_is_no_file() -> None:
    class Files(BaseForm):
        one = UploadField("One")
        many = UploadsField("Many")

    empty = FileStorage(filename="")
    named = FileStorage(filename="report.pdf")
    assert Files(MultiDict([("one", empty), ("many", empty)])).data == {"one": None, "many": []}
    assert Files(MultiDict([("one", named), ("many", empty), ("many", named)])).data == {"one": named, "many": [named]}
