"""Asking a member of the family something, and recording that they answered on the phone."""

import uuid

from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.service.questions import information_given
from parley.kernel.errors import Conflict
from parley.web import current
from parley.workspaces.provider import forms, possible
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.asking import ask_family
from parley.workspaces.provider.family_acts import people_choices
from parley.workspaces.provider.opening import opened
from parley.workspaces.provider.possible import Act


@requires(Permission.CASE_COORDINATE)
def ask(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask one member of the family something, privately."""
    found = opened(authority_id, case_id)
    possible.require(Act.ASK, found.view, found.desk)
    family, form = found.family(), forms.AskForm()
    form.member.choices = people_choices(family)
    if len(family) == 1:
        del form["member"]

    def do() -> str:
        ask_family(found, form, member_id=family[0].id if len(family) == 1 else uuid.UUID(form.member.data))
        return "asked"

    page = ActPage(
        title="Ask the family for more",
        does=(
            "Your question is a private message: they read it on their own page after signing in. They are told that "
            "there is one, and not what it is. Whoever cannot be told by email stands in your list, to be told by you.",
            f"By when an answer helps is counted from today. {found.desk.council} sees nothing of it.",
        ),
        button="Ask",
        template="provider/ask.html",
    )
    return act(found, page, form, do, people=family)


@requires(Permission.CASE_COORDINATE)
def answered(authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Record that somebody answered a question on the phone, or in another way than here."""
    found = opened(authority_id, case_id)
    member = found.family_member(member_id)
    if found.view.open_question(member.id) is None:
        raise Conflict("No question to this person is open any more.", code="case-moved-on")

    def do() -> str:
        information_given(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            member_id=member.id,
        )
        return "answered"

    page = ActPage(
        title="They answered",
        does=(
            f"Record that {member.name} answered your question on the phone. What they said is not kept by this: "
            "write it to yourself as a private message, if it is to be kept.",
        ),
        button="Record that they answered",
    )
    return act(found, page, forms.ConfirmForm(), do)
