"""The page of one act: what it does, what to fill in, the button; and what happens when it is sent."""

import dataclasses
from collections.abc import Callable, Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from parley.kernel.errors import Invalid
from parley.web.forms import BaseForm
from parley.workspaces.provider.opening import Opened, back_to


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActPage:
    """The words of an act: its title, what it does (paragraphs), a warning, and its button."""

    title: str
    does: Sequence[str]
    button: str
    warning: str = ""
    tone: str = ""
    template: str = "provider/act.html"


def act(
    found: Opened,
    page: ActPage,
    form: BaseForm,
    do: Callable[[], str],
    **shown: object,
) -> ResponseReturnValue:
    """Show the act's page, or do it when its form was sent rightly.

    ``do`` calls the one service and returns what the case page says then (a key of ``words.DONE``). What it refuses as
    Invalid is shown beside its fields; a Conflict becomes the page that says that the case has moved on.
    """
    view = found.view
    if form.validate_on_submit():
        try:
            return back_to(view.authority_id, view.id, do())
        except Invalid as invalid:
            form.take_errors(invalid)
    back = url_for("provider.case", authority_id=view.authority_id, case_id=view.id)
    body = render_template(page.template, page=page, form=form, view=view, desk=found.desk, back=back, **shown)
    return body, 422 if form.was_sent else 200
