"""The base of every form: reads the request, keeps what was typed, and lists its errors for the summary.

Cross-site protection is not a field of the form: Flask-WTF's CSRFProtect checks every unsafe request before its view
runs, and the ``parley_form`` macro puts the token in.
"""

from collections.abc import Mapping
from typing import Any

from flask import has_request_context, request
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Form

from parley.kernel.errors import Invalid
from parley.web.field_params import first_error_target

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def _sent_data() -> Any:
    """Return what was typed in this request, or None when no form was sent."""
    if not has_request_context() or request.method not in _UNSAFE:
        return None
    if request.files:
        return CombinedMultiDict([request.files, request.form])
    return request.form


class BaseForm(Form):
    """A form bound to the request: ``MyForm()`` on a GET shows, on a POST reads what was sent.

    Prefill it with ``MyForm(data={...})``; outside a request (tests) hand the typed data over as the first argument.
    """

    def __init__(
        self, formdata: Any = None, *, data: Mapping[str, Any] | None = None, unsent: bool = False, **kwargs: Any
    ) -> None:
        """Bind to ``formdata``, else to the request's; ``data`` prefills what was not sent.

        ``unsent`` binds to nothing: for a form that is shown for the first time in answer to another one.
        """
        sent = None if unsent else formdata if formdata is not None else _sent_data()
        self.was_sent = sent is not None
        super().__init__(formdata=sent, data=dict(data or {}), **kwargs)

    def validate_on_submit(self) -> bool:
        """Tell whether a form was sent and everything in it can be used."""
        return self.was_sent and self.validate()

    def take_errors(self, invalid: Invalid) -> None:
        """Show the errors that a service raised beside the fields they name; the rest in the summary alone."""
        for name, messages in invalid.errors.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, *messages]
            else:
                self.form_errors = [*self.form_errors, *messages]

    def revealed_names(self) -> frozenset[str]:
        """Return the names of fields that are asked inside another, below the choice that reveals them."""
        return frozenset(choice.reveals for field in self for choice in getattr(field, "choices", ()) if choice.reveals)

    @property
    def has_errors(self) -> bool:
        """Tell whether the page shows an error."""
        return bool(self.errors)

    def error_list(self) -> list[dict[str, str]]:
        """Return each error once, in the order of the page, as the GOV.UK error summary takes them.

        What is wrong with the form as a whole leads to its first field: nobody is left in the summary.
        """
        first = next(({"href": f"#{first_error_target(field)}"} for field in self), {})
        listed = [{"text": str(message), **first} for message in self.form_errors]
        for field in self:
            listed += [{"text": str(message), "href": f"#{first_error_target(field)}"} for message in field.errors[:1]]
        return listed
