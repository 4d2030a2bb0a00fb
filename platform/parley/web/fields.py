"""Form fields for what families and staff type: forgiving to read, exact in what they hand on.

Each field keeps what was typed, so that a page shown again shows it; ``data`` is the clean value or None.
Messages follow the GOV.UK pattern: they name the thing and say what to do. ``noun`` is the thing in the middle of a
sentence ("your date of birth"); it defaults to the label in lower case at its first letter.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from wtforms import Field, FileField, StringField
from wtforms.validators import InputRequired, StopValidation, ValidationError

from parley.kernel.sentences import capitalised

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
_MONTHS = "january february march april may june july august september october november december".split()
_EARLIEST_YEAR = 1900


class Required(InputRequired):
    """Stops with ``message`` when nothing was given; blanks alone count as nothing."""

    def __init__(self, message: str) -> None:
        """Take the sentence to show, such as "Enter your name" or "Select who you are"."""
        super().__init__(message)

    def __call__(self, form: Any, field: Field) -> None:
        """Raise StopValidation with the message unless something was typed or chosen."""
        given = [part for part in field.raw_data or () if not isinstance(part, str) or part.strip()]
        if not given or all(getattr(part, "filename", "-") == "" for part in given):
            raise StopValidation(str(self.message))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a question.

    ``divider`` puts a word ("or") above it. ``exclusive`` makes a checkbox clear the others ("None of these"): with
    script at once, and without script when the answer is read. ``reveals`` names a field of the same form that is
    asked below this option while it is chosen.
    """

    value: str
    text: str
    hint: str | None = None
    divider: str | None = None
    exclusive: bool = False
    reveals: str | None = None


def clean_text(value: str) -> str:
    """Return typed text in composed form, with plain line ends and without control characters or outer blanks."""
    composed = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", composed).strip()


def _noun(field: Field) -> str:
    noun = getattr(field, "noun", None) or str(field.label.text)
    return noun[:1].lower() + noun[1:]


class TextField(StringField):
    """One line, or several with ``rows``; at most ``max_length`` characters. ``data`` is cleaned, "" if blank."""

    input_type = "text"

    def __init__(
        self,
        label: str,
        validators: Iterable[Callable[..., None]] = (),
        *,
        max_length: int = 200,
        rows: int | None = None,
        noun: str | None = None,
        hint: str | None = None,
        autocomplete: str | None = None,
        inputmode: str | None = None,
        spellcheck: bool | None = None,
        width: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Take how it is asked; ``width`` is a GOV.UK width class such as ``govuk-input--width-10``."""
        super().__init__(label, tuple(validators), description=hint or "", **kwargs)
        self.max_length = max_length
        self.rows = rows
        self.noun = noun
        self.autocomplete = autocomplete
        self.inputmode = inputmode
        self.spellcheck = spellcheck
        self.width = width

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the cleaned text."""
        self.data = clean_text(str(valuelist[0])) if valuelist else ""

    @property
    def shown(self) -> str:
        """Return what stands in the box."""
        return str(self.data or "")

    def pre_validate(self, form: Any) -> None:
        """Refuse text that is too long, saying by how much."""
        length = len(self.data or "")
        if length > self.max_length:
            raise StopValidation(f"{capitalised(_noun(self))} must be {self.max_length:,} characters or fewer")


class _ReadField(TextField):
    """Text that is read into a clean form; what was typed is shown again when it cannot be."""

    def read(self, typed: str) -> str:
        """Return the clean form of ``typed``, which is not blank; raise ValidationError with what to do."""
        raise NotImplementedError

    def pre_validate(self, form: Any) -> None:
        """Read what was typed, if anything was."""
        super().pre_validate(form)
        if self.data:
            self.data = self.read(self.data)

    @property
    def shown(self) -> str:
        """Return what was typed, else the stored value."""
        return clean_text(str(self.raw_data[0])) if self.raw_data else str(self.data or "")


class EmailField(_ReadField):
    """An e-mail address. Whether mail reaches it is found out by sending some, not by looking it up here."""

    input_type = "email"

    def __init__(self, label: str, validators: Iterable[Callable[..., None]] = (), **kwargs: Any) -> None:
        """Ask as browsers expect it; everything can be overridden."""
        super().__init__(
            label, validators, **{"autocomplete": "email", "spellcheck": False, "max_length": 254, **kwargs}
        )

    def read(self, typed: str) -> str:
        """Return the address normalised."""
        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError("Enter an email address in the correct format, like name@example.com") from None


class PhoneField(_ReadField):
    """A phone number, from the United Kingdom or, with its country code, from abroad. ``data`` is E.164."""

    input_type = "tel"

    def __init__(self, label: str, validators: Iterable[Callable[..., None]] = (), **kwargs: Any) -> None:
        """Ask as browsers expect it; everything can be overridden."""
        defaults = {"autocomplete": "tel", "max_length": 40, "width": "govuk-input--width-20"}
        super().__init__(label, validators, **{**defaults, **kwargs})

    def read(self, typed: str) -> str:
        """Return the number in E.164."""
        problem = ValidationError("Enter a phone number, like 01632 960 001 or +44 808 157 0192")
        try:
            number = phonenumbers.parse(typed, "GB")
        except phonenumbers.NumberParseException:
            raise problem from None
        # Ten digits are enough for a number of ours: the library's list lags behind newly opened ranges, and a
        # number that is refused loses a family, while one mistyped is noticed at the first call.
        ours = number.country_code == 44 and len(str(number.national_number)) == 10
        if not (phonenumbers.is_valid_number(number) or (ours and phonenumbers.is_possible_number(number))):
            raise problem
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_postcode(typed: str) -> str | None:
    """Return a United Kingdom postcode as ``DE1 2FS``, or None if it cannot be one. Whether it exists is not known."""
    squeezed = re.sub(r"[^A-Z0-9]", "", typed.upper())
    match = _POSTCODE.fullmatch(squeezed)
    return f"{match[1]} {match[2]}" if match else None


class PostcodeField(_ReadField):
    """A full United Kingdom postcode, typed in any way."""

    def __init__(self, label: str, validators: Iterable[Callable[..., None]] = (), **kwargs: Any) -> None:
        """Ask as browsers expect it; everything can be overridden."""
        defaults = {"autocomplete": "postal-code", "spellcheck": False, "width": "govuk-input--width-10"}
        super().__init__(label, validators, **{"max_length": 20, **defaults, **kwargs})

    def read(self, typed: str) -> str:
        """Return the postcode with one blank and capitals."""
        found = normal_postcode(typed)
        if found is None:
            raise ValidationError("Enter a full UK postcode, like DE1 2FS")
        return found


class _ChoosingField(Field):
    """What RadioField, SelectField and CheckboxesField have in common: options, and none that is not offered."""

    def __init__(
        self,
        label: str,
        validators: Iterable[Callable[..., None]] = (),
        *,
        choices: Sequence[Choice] = (),
        noun: str | None = None,
        hint: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the options; a view may set ``field.choices`` later, when they depend on the council."""
        super().__init__(label, tuple(validators), description=hint or "", **kwargs)
        self.choices = tuple(choices)
        self.noun = noun

    @property
    def values(self) -> frozenset[str]:
        """Return the values that may be chosen."""
        return frozenset(choice.value for choice in self.choices)


class RadioField(_ChoosingField):
    """One of a few options. ``data`` is its value or None. ``inline`` sets two short options side by side."""

    def __init__(self, label: str, *args: Any, inline: bool = False, **kwargs: Any) -> None:
        """Take what _ChoosingField takes."""
        super().__init__(label, *args, **kwargs)
        self.inline = inline

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the chosen value."""
        self.data = str(valuelist[0]) if valuelist and valuelist[0] else None

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that was not offered."""
        if self.data is not None and self.data not in self.values:
            raise StopValidation("Choose one of the options on this page")


class SelectField(RadioField):
    """One of many options, in a drop-down list: only for staff pages, where the list is long and known."""


class CheckboxesField(_ChoosingField):
    """Any number of options. ``data`` is the list of chosen values in the order of the options."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the chosen values once each, in our order; unknown ones stay last, to be refused."""
        chosen = {str(value) for value in valuelist if value}
        known = [choice.value for choice in self.choices if choice.value in chosen]
        self.data = known + sorted(chosen - self.values)

    def process_data(self, value: Any) -> None:
        """Take the stored values, if any."""
        self.data = list(value or ())

    def pre_validate(self, form: Any) -> None:
        """Refuse values that were not offered, and "none of these" together with another."""
        if not set(self.data or ()) <= self.values:
            raise StopValidation("Choose only from the options on this page")
        alone = [choice.text for choice in self.choices if choice.exclusive and choice.value in self.data]
        if alone and len(self.data) > 1:
            raise StopValidation(f"Select what applies, or select ‘{alone[0]}’")


class DateField(Field):
    """A date in three boxes, named ``<name>-day``, ``-month`` and ``-year``. Months may be written as words.

    ``data`` is a date or None; ``parts`` is what was typed; ``wrong_parts`` names the boxes to mark.
    """

    def __init__(
        self,
        label: str,
        validators: Iterable[Callable[..., None]] = (),
        *,
        noun: str | None = None,
        hint: str | None = None,
        birthday: bool = False,
        **kwargs: Any,
    ) -> None:
        """Take how it is asked; ``birthday`` lets the browser fill in the person's own date of birth."""
        super().__init__(label, tuple(validators), description=hint or "", **kwargs)
        self.noun = noun
        self.birthday = birthday
        self.parts: dict[str, str] = {}
        self.wrong_parts: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes; a box that is missing counts as empty."""
        self.process_errors = []
        self.object_data = data if isinstance(data, dt.date) else None
        self.data = self.object_data
        if self.data is None and callable(self.default):
            self.data = self.default()
        if self.data is not None:
            day = self.data
            self.parts = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
        if formdata is None:
            return
        self.parts = {
            part: clean_text(str(formdata.get(f"{self.name}-{part}", ""))) for part in ("day", "month", "year")
        }
        self.raw_data = [" ".join(self.parts.values()).strip()]
        self.data = None

    def pre_validate(self, form: Any) -> None:
        """Make a date of the boxes, or say which are missing or wrong."""
        if not any(self.parts.values()):
            return
        what = capitalised(_noun(self))
        missing = tuple(part for part, typed in self.parts.items() if not typed)
        if missing:
            self._refuse(f"{what} must include a {' and '.join(missing)}", missing)
        day, month, year = (self.parts[part] for part in ("day", "month", "year"))
        if not (year.isdecimal() and len(year) == 4):
            self._refuse(f"{what}: the year must have 4 numbers, like 2026", ("year",))
        month_number = _month_number(month) or 0
        if not month_number:
            self._refuse(f"{what}: the month must be a number from 1 to 12 or a name, like March", ("month",))
        try:
            self.data = dt.date(int(year), month_number, int(day))
        except ValueError:
            self._refuse(f"{what} must be a real date", ("day", "month", "year"))
        if self.data.year < _EARLIEST_YEAR:
            self._refuse(f"{what} must be {_EARLIEST_YEAR} or later", ("year",))

    def _refuse(self, message: str, parts: tuple[str, ...]) -> None:
        self.wrong_parts = parts
        self.data = None
        raise StopValidation(message)


def _month_number(typed: str) -> int | None:
    """Return 1 to 12 for a number or an English name (three letters are enough), else None."""
    if typed.isdecimal() and typed.isascii():
        return int(typed) if 1 <= int(typed[:4]) <= 12 else None
    word = typed.lower().rstrip(".")
    found = [number for number, name in enumerate(_MONTHS, 1) if len(word) >= 3 and name.startswith(word)]
    return found[0] if found else None


class NotAfter:
    """Refuses a date after the day that ``latest()`` returns."""

    def __init__(self, latest: Callable[[], dt.date], message: str) -> None:
        """Take the limit as a function, since today is only known when the form is sent."""
        self.latest = latest
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ValidationError with the message for a later date; no date is no concern of this check."""
        if field.data is not None and field.data > self.latest():
            raise ValidationError(self.message)


class UploadField(FileField):
    """One file: ``data`` is a FileStorage or None. What it holds is checked by ``documents``, not by its name."""

    def __init__(self, label: str, validators: Iterable[Callable[..., None]] = (), **kwargs: Any) -> None:
        """Take the label, ``hint``, and ``accept``: the types that the browser offers."""
        self.accept: str | None = kwargs.pop("accept", None)
        super().__init__(label, tuple(validators), description=kwargs.pop("hint", None) or "", **kwargs)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the file; a box left empty arrives as a file without a name and counts as none."""
        files = [file for file in valuelist if getattr(file, "filename", "")]
        self.data = files[0] if files else None


class UploadsField(UploadField):
    """Several files at once: ``data`` is a list, perhaps empty."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the files that have a name."""
        self.data = [file for file in valuelist if getattr(file, "filename", "")]
