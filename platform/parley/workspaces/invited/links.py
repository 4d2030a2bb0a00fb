"""The invitation's own pages, before anybody has shown who they are.

Opening one changes nothing, since mail scanners open links too; only buttons do.
"""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import public
from parley.casework.domain import InvitationKind
from parley.casework.request import Person
from parley.casework.service import body_answers, invitations
from parley.casework.service.invitations import OpenedInvitation
from parley.identity import doorway
from parley.kernel.errors import Invalid, NotFound
from parley.policy.domain import Policy
from parley.policy.queries import current_policy
from parley.web import current
from parley.web.shell import Contact
from parley.workspaces import rules
from parley.workspaces.invited.forms import CodeForm, ReturnForm

_BY_LINK = "the link in the mail says whose invitation it is, and shows nothing about a case before its code is typed"


@public("says how to come back to an invitation, and nothing about any")
def again() -> str:
    """Say how to come back to a case: by the link in the mail, and a new code."""
    return render_template("invited/again.html", contact=_contact())


@public(_BY_LINK)
def invitation(token: str) -> ResponseReturnValue:
    """Say what the invitation is, who sent it and how to check that, and ask to send a code to its mailbox."""
    try:
        opened = _opened(token)
    except NotFound:
        if body_answers.ran_out(current.session(), authority_id=current.authority_id(), token=token, at=current.now()):
            return render_template("invited/ran_out.html", token=token, contact=_contact()), 410
        raise
    return render_template(
        "invited/invitation.html", opened=opened, token=token, contact=_contact(), provider=_provider()
    )


@public(_BY_LINK)
def send_code(token: str) -> ResponseReturnValue:
    """Have a code sent to the mailbox that was invited."""
    invitations.ask_for_code(current.session(), authority_id=current.authority_id(), token=token, at=current.now())
    return redirect(url_for(".code", token=token), 303)


@public(_BY_LINK)
def code(token: str) -> ResponseReturnValue:
    """Take the code, and begin a session that sees this one case."""
    form = CodeForm()
    opened = _opened(token)
    if form.validate_on_submit():
        try:
            begun = invitations.confirm_code(
                current.session(),
                at=current.now(),
                authority_id=current.authority_id(),
                token=token,
                code=str(form.code.data),
                host=current.site().host,
                browser=doorway.browser(),
            )
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            return doorway.signed_in(begun, url_for(".case", case_id=opened.case_id))
    page = render_template("invited/code.html", form=form, opened=opened, token=token, contact=_contact())
    return page, 422 if form.was_sent else 200


@public(_BY_LINK)
def give_back(token: str) -> ResponseReturnValue:
    """Take the invitation back from somebody who is not the right person, and perhaps the name of who is."""
    form = ReturnForm()
    opened = _opened(token)
    if not form.validate_on_submit():
        page = render_template("invited/give_back.html", form=form, back=url_for(".invitation", token=token))
        return page, 422 if form.was_sent else 200
    body_answers.return_invitation(
        current.session(),
        at=current.now(),
        authority_id=current.authority_id(),
        token=token,
        instead=named_instead(form),
    )
    return render_template("invited/returned.html", provider=_provider(), named=bool(form.name.data), opened=opened)


@public(_BY_LINK)
def renew(token: str) -> str:
    """Send a new invitation to the mailbox of one that has run out, and to no other."""
    body_answers.renew_by_link(current.session(), at=current.now(), authority_id=current.authority_id(), token=token)
    return render_template("invited/renewed.html", contact=_contact())


def named_instead(form: ReturnForm) -> Person | None:
    """Return whom the form names, or None."""
    name = str(form.name.data or "")
    return Person(name=name, email=str(form.email.data or "")) if name else None


def _opened(token: str) -> OpenedInvitation:
    """Return what the link is for. Raises NotFound for one that is gone, or that is not a body's."""
    opened = invitations.open_invitation(
        current.session(), authority_id=current.authority_id(), token=token, at=current.now()
    )
    if opened.kind is not InvitationKind.BODY_CONTACT:
        raise NotFound
    return opened


def _policy() -> Policy:
    return current_policy(current.session(), current.authority_id(), current.today()).policy


def _provider() -> str:
    return _policy().words["provider"]


def _contact() -> Contact | None:
    return rules.provider_contact(_policy())
