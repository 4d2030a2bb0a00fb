"""How dates, times, phone numbers and counts are written for people: GOV.UK style, in Europe/London. Pure.

Filters take what they need as arguments; "today" comes from the page's context, never from the machine.
"""

import datetime as dt
from collections.abc import Callable

import phonenumbers
from markupsafe import Markup

from parley.kernel.clock import london

DateLike = dt.date | dt.datetime

#: By their numbers: what the machine calls months hangs on its language, and takes longer.
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _as_date(value: DateLike) -> dt.date:
    """Return the date in England; a datetime must be aware."""
    return london(value).date() if isinstance(value, dt.datetime) else value


def long_date(value: DateLike) -> str:
    """Write a date: ``24 November 2026``."""
    day = _as_date(value)
    return f"{day.day} {_MONTHS[day.month]} {day.year}"


def short_date(value: DateLike) -> str:
    """Write a date for a narrow column: ``24 Nov 2026``."""
    day = _as_date(value)
    return f"{day.day} {_MONTHS[day.month][:3]} {day.year}"


def weekday_date(value: DateLike) -> str:
    """Write a date with its weekday, for appointments: ``Tuesday 24 November 2026``."""
    day = _as_date(value)
    return f"{day:%A} {long_date(day)}"


def clock_time(value: dt.datetime | dt.time) -> str:
    """Write a time of day: ``2pm``, ``9:30am``, ``midday``, ``midnight``. A bare time is taken as London time."""
    at = london(value).time() if isinstance(value, dt.datetime) else value
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def date_time(value: dt.datetime) -> str:
    """Write a moment: ``24 November 2026 at 2pm``."""
    return f"{long_date(value)} at {clock_time(value)}"


#: In days, so that "more than 2 years" is never said of two years less a day.
_LONGEST_YEAR = 366


def relative_days(value: DateLike, today: dt.date) -> str:
    """Write how far a date lies from ``today``: ``today``, ``tomorrow``, ``in 3 days``, ``2 days ago``.

    Nobody counts years in days: from the third on it is ``more than 2 years ago``.
    """
    days = (_as_date(value) - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    years = abs(days) // _LONGEST_YEAR
    distance = f"more than {years} years" if years > 1 else f"{abs(days)} days"
    return f"in {distance}" if days > 0 else f"{distance} ago"


def phone_display(value: str) -> str:
    """Write a phone number as people in the United Kingdom read it; what cannot be read is returned as it is."""
    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        return value
    abroad = number.country_code != 44
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL if abroad else phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, style)


def phone_href(value: str) -> str:
    """Return a ``tel:`` address for a phone number; emergency and short numbers are dialled as they are."""
    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        return "tel:" + "".join(character for character in value if character.isdigit() or character == "+")
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return f"tel:{number.national_number}"
    return "tel:" + phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 case``, ``2 cases``, ``3 people`` (with ``many`` given)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def file_size(octets: int) -> str:
    """Write the size of a file: ``820 bytes``, ``14 KB``, ``2.5 MB``."""
    if octets < 1000:
        return plural(octets, "byte")
    if octets < 1_000_000:
        return f"{round(octets / 1000)} KB"
    return f"{octets / 1_000_000:.1f}".rstrip("0").rstrip(".") + " MB"


#: The parts of a ``<time>`` element; joining escapes what stands between, and is quicker than filling in a template.
_TIME, _SAID, _TIME_ENDS = Markup('<time datetime="'), Markup('">'), Markup("</time>")


def time_element(value: DateLike, text: str | None = None) -> Markup:
    """Return a ``<time>`` element that machines can read too; ``text`` defaults to the long date."""
    machine = london(value).isoformat(timespec="minutes") if isinstance(value, dt.datetime) else value.isoformat()
    return Markup("").join((_TIME, machine, _SAID, text or long_date(value), _TIME_ENDS))


FILTERS: dict[str, Callable[..., str]] = {
    "long_date": long_date,
    "short_date": short_date,
    "weekday_date": weekday_date,
    "clock_time": clock_time,
    "date_time": date_time,
    "relative_days": relative_days,
    "phone_display": phone_display,
    "phone_href": phone_href,
    "plural": plural,
    "file_size": file_size,
    "time_element": time_element,
}
