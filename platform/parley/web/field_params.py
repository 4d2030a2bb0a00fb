"""From a form field to the parameters of the GOV.UK Frontend macro that asks it. Used by ``components/field.html``."""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import Field

from parley.web.fields import (
    CheckboxesField,
    Choice,
    DateField,
    RadioField,
    SelectField,
    TextField,
    UploadField,
    UploadsField,
)

Params = dict[str, Any]


def macro_and_params(field: Field, *, heading: bool = False, label_class: str | None = None) -> dict[str, Any]:
    """Return ``{"macro": name, "params": {...}}`` for a field.

    ``heading`` makes the label or legend the page's heading (one question a page). ``label_class`` replaces the size
    of the label, such as ``govuk-label--s``. Raise TypeError for a kind of field that has no macro.
    """
    for kind, build in _BUILDERS:
        if isinstance(field, kind):
            macro, params = build(field, _label_maker(field, heading, label_class))
            return {"macro": macro, "params": _common(field) | params}
    raise TypeError(f"{type(field).__name__} cannot be shown: use the fields of parley.web.fields")


LabelMaker = Callable[[str], Params]
Built = tuple[str, Params]


def _label_maker(field: Field, heading: bool, label_class: str | None) -> LabelMaker:
    """Return how to make the label (or, with ``fieldset``, the legend) of ``field``."""

    def make(kind: str) -> Params:
        size = "l" if heading else ("m" if kind == "fieldset__legend" else "s")
        return {
            "text": str(field.label.text),
            "isPageHeading": heading,
            "classes": label_class or f"govuk-{kind}--{size}",
        }

    return make


def _common(field: Field) -> Params:
    params: Params = {"id": field.id, "name": field.name}
    if field.description:
        params["hint"] = {"text": str(field.description)}
    if field.errors:
        params["errorMessage"] = {"text": str(field.errors[0])}
    return params


def _legend(label: LabelMaker) -> Params:
    return {"legend": label("fieldset__legend")}


def _text(field: TextField, label: LabelMaker) -> Built:
    params: Params = {
        "label": label("label"),
        "value": field.shown,
        "spellcheck": field.spellcheck if field.spellcheck is not None else "",
        "autocomplete": field.autocomplete,
    }
    if field.rows:
        limited = {"rows": field.rows, "maxlength": field.max_length, "threshold": 75}
        return "character_count", params | limited
    return "input", params | {
        "type": field.input_type,
        "inputmode": field.inputmode,
        "classes": field.width or "",
    }


def _items(field: RadioField | CheckboxesField, chosen: Callable[[str], bool]) -> list[Params]:
    items: list[Params] = []
    for choice in field.choices:
        if choice.divider:
            items.append({"divider": choice.divider})
        items.append(_item(choice, checked=chosen(choice.value)))
    return items


def _item(choice: Choice, *, checked: bool) -> Params:
    item: Params = {"value": choice.value, "text": choice.text, "checked": checked}
    if choice.hint:
        item["hint"] = {"text": choice.hint}
    if choice.exclusive:
        item["behaviour"] = "exclusive"
    if choice.reveals:
        item["reveals"] = choice.reveals
    return item


def _radios(field: RadioField, label: LabelMaker) -> Built:
    return "radios", {
        "idPrefix": field.id,
        "fieldset": _legend(label),
        "classes": "govuk-radios--inline" if field.inline else "",
        "items": _items(field, lambda value: value == field.data),
    }


def _checkboxes(field: CheckboxesField, label: LabelMaker) -> Built:
    return "checkboxes", {
        "idPrefix": field.id,
        "fieldset": _legend(label),
        "items": _items(field, lambda value: value in (field.data or ())),
    }


def _select(field: SelectField, label: LabelMaker) -> Built:
    options: list[Params] = [{"value": "", "text": "Choose"}]
    options += [
        {"value": choice.value, "text": choice.text, "selected": choice.value == field.data} for choice in field.choices
    ]
    return "select", {"label": label("label"), "items": options}


def _date(field: DateField, label: LabelMaker) -> Built:
    wrong = field.wrong_parts or (("day", "month", "year") if field.errors else ())
    items = []
    for part, width in (("day", 2), ("month", 2), ("year", 4)):
        marked = " govuk-input--error" if part in wrong else ""
        # Months may be written as words, so that box does not ask for a number pad.
        box: Params = {
            "id": f"{field.id}-{part}",
            "name": f"{field.name}-{part}",
            "label": part.capitalize(),
            "value": field.parts.get(part, ""),
            "classes": f"govuk-input--width-{width if part != 'month' else 5}{marked}",
        }
        if part != "month":
            box["inputmode"] = "numeric"
        if field.birthday:
            box["autocomplete"] = f"bday-{part}"
        items.append(box)
    return "date_input", {"fieldset": {**_legend(label), "role": "group"}, "items": items}


def _upload(field: UploadField, label: LabelMaker) -> Built:
    attributes: Mapping[str, str] = {"accept": field.accept} if field.accept else {}
    return "file_upload", {
        "label": label("label"),
        "multiple": isinstance(field, UploadsField),
        "attributes": attributes,
    }


_BUILDERS: tuple[tuple[type[Field], Callable[[Any, LabelMaker], Built]], ...] = (
    (SelectField, _select),
    (RadioField, _radios),
    (CheckboxesField, _checkboxes),
    (DateField, _date),
    (UploadField, _upload),
    (TextField, _text),
)


def first_error_target(field: Field) -> str:
    """Return the id of the control that an error of ``field`` is mended in."""
    if isinstance(field, DateField):
        return f"{field.id}-{(field.wrong_parts or ('day',))[0]}"
    return str(field.id)


FILTERS: dict[str, Callable[..., Any]] = {"macro_and_params": macro_and_params}
