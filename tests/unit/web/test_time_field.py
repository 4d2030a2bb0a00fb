"""Times of day as people write them."""

import datetime as dt

import pytest
from werkzeug.datastructures import MultiDict

from parley.web.fields import Required
from parley.web.forms import BaseForm
from parley.web.time_field import TimeField, read_time


class WhenForm(BaseForm):
    begins = TimeField("Begins", [Required("Enter when it begins")])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9am", dt.time(9)),
        ("9.30 am", dt.time(9, 30)),
        ("09:30", dt.time(9, 30)),
        ("2:15 PM", dt.time(14, 15)),
        ("2pm", dt.time(14)),
        ("14.00", dt.time(14)),
        ("12am", dt.time(0)),
        ("12pm", dt.time(12)),
        ("midday", dt.time(12)),
        ("10 a.m.", dt.time(10)),
        ("10", None),
        ("25:00", None),
        ("13pm", None),
        ("0am", None),
        ("10:75", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it_and_never_guessed(typed: str, read: dt.time | None) -> None:
    assert read_time(typed) == read


def test_what_cannot_be_read_is_shown_again_with_what_to_do() -> None:
    form = WhenForm(MultiDict({"begins": "tennish"}))
    assert not form.validate()
    assert form.begins.errors == ["Enter a time, such as 10:30am or 14:15"]
    assert form.begins.shown == "tennish"


def test_nothing_typed_is_said_to_be_missing() -> None:
    form = WhenForm(MultiDict({"begins": " "}))
    assert not form.validate()
    assert form.begins.errors == ["Enter when it begins"]


def test_a_time_that_is_kept_is_shown_by_the_clock() -> None:
    assert WhenForm(data={"begins": dt.time(9, 5)}).begins.shown == "09:05"
