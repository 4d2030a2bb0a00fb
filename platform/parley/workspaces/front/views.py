"""Pages on the deployment's own host."""

import pathlib

from flask import Blueprint, Response, abort, render_template, request

from parley.access.domain import public
from parley.notifications import local_inbox
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import AuthorityState
from parley.web import current
from parley.web.runtime import runtime
from parley.web.sites import Audience

#: A message is somebody else's markup: it is shown in a box of its own that runs nothing and fetches nothing.
MESSAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def blueprint(*, inbox: bool) -> Blueprint:
    """Return the front page's blueprint; with ``inbox`` (a demonstration only) also the pages of sent mail."""
    front = Blueprint("front", __name__, subdomain=Audience.FRONT, template_folder="templates")
    front.add_url_rule("/", view_func=councils)
    if inbox:
        front.add_url_rule("/inbox", view_func=inbox_list)
        front.add_url_rule("/inbox/<message_id>", view_func=inbox_message)
        front.add_url_rule("/inbox/<message_id>/formatted", view_func=inbox_formatted)
    return front


@public("It says which councils there are, and nothing about anybody.")
def councils() -> str:
    """List the councils, each with a link to its own site."""
    settings = runtime().settings
    # Whoever looks at a demonstration comes to try the councils out; elsewhere nobody is led to one that is not open.
    listed = {AuthorityState.LIVE} if settings.is_production else {AuthorityState.LIVE, AuthorityState.DEMO}
    live = [
        (authority.name, settings.external_url(authority.host))
        for authority in tenancy.directory(current.session())
        if authority.state in listed
    ]
    staff = [
        ("Dispute resolution providers", settings.external_url(f"providers.{settings.base_domain}")),
        ("Platform operators", settings.external_url(f"operator.{settings.base_domain}")),
    ]
    return render_template("front/councils.html", councils=live, staff=staff, demonstration=not settings.is_production)


@public("A demonstration's mail is for whoever tries the demonstration; nothing in it is about a real person.")
def inbox_list() -> str:
    """List the mail that was sent, newest first, to everybody or to the address in ``to``."""
    recipient = request.args.get("to", "").strip()
    found = local_inbox.messages(_folder(), recipient=recipient or None)
    return render_template("front/inbox.html", messages=found, recipient=recipient)


@public("As the list of the demonstration's mail.")
def inbox_message(message_id: str) -> str:
    """Show one message: its plain text, with links that can be followed."""
    message = _message(message_id)
    paragraphs = [paragraph.splitlines() for paragraph in message.text.replace("\r\n", "\n").split("\n\n")]
    return render_template("front/message.html", message=message, paragraphs=paragraphs)


@public("As the list of the demonstration's mail.")
def inbox_formatted(message_id: str) -> Response:
    """Show one message as a mail program would, without anything in it being run or fetched."""
    message = _message(message_id)
    if message.html is None:
        abort(404)
    return Response(message.html, mimetype="text/html", headers={"Content-Security-Policy": MESSAGE_POLICY})


def _message(message_id: str) -> local_inbox.InboxMessage:
    message = local_inbox.message(_folder(), message_id)
    if message is None:
        abort(404)
    return message


def _folder() -> pathlib.Path:
    return runtime().settings.data / "inbox"
