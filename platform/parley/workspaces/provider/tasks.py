"""What has to be told to people by phone or as they asked, because no e-mail may or can reach them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import to_ask
from parley.casework.domain import PartyKind
from parley.casework.to_ask import WaitingRequest
from parley.casework.views import CaseView
from parley.casework.worklists import Desk, rows_of
from parley.kernel.errors import Conflict, NotFound
from parley.notifications.domain import RecipientKind
from parley.notifications.service import complete_task
from parley.notifications.tasks import TaskView, lead_untold, open_tasks, tasks_of_case
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.workspaces.provider import forms, words
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.opening import opened, provider_id

#: Who of a case is in its family.
_OF_FAMILY = {RecipientKind.FAMILY, RecipientKind.YOUNG_PERSON}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Task:
    """Something to tell somebody, as a page writes it."""

    words: str
    why: str
    since: dt.datetime
    case_href: str | None
    done_href: str | None
    done_text: str = "Record that you told them"
    child: str = ""
    reference: str = ""
    council: str = ""


@requires(Permission.WORKLIST_READ)
def tasks() -> str:
    """List what the provider's people have to tell, over all councils, the oldest first."""
    session = current.session()
    waiting = open_tasks(session, provider_id=provider_id(), on=current.today())
    named = rows_of(session, provider_id=provider_id(), cases={(task.authority_id, task.case_id) for task in waiting})
    councils = tenancy.council_names(session, provider_id())
    unsent = to_ask.waiting_requests(
        session, provider_id=provider_id(), case_ids={task.case_id for task in waiting} - named.keys()
    )
    # A case that the provider no longer holds is nobody's here to ring about.
    held = [task for task in waiting if task.case_id in named]
    shown = [_of_unsent(task, unsent[task.case_id], councils) for task in waiting if _is_to_ask(task, unsent)]
    shown += [
        dataclasses.replace(
            _task(task),
            child=named[task.case_id].child_name,
            reference=named[task.case_id].reference,
            council=councils.get(task.authority_id, "A council"),
        )
        for task in held
    ]
    return render_template(
        "provider/tasks.html",
        tasks=sorted(shown, key=lambda task: task.since),
        lead=lead_untold(session, provider_id=provider_id()),
        done=words.DONE.get(request.args.get("done", "")),
        may_coordinate=current.actor().may(Permission.CASE_COORDINATE),
    )


@requires(Permission.CASE_COORDINATE)
def told(authority_id: uuid.UUID, case_id: uuid.UUID, task_id: uuid.UUID) -> ResponseReturnValue:
    """Record that somebody was told what had to be told to them."""
    found = opened(authority_id, case_id)
    task = next((one for one in _tasks(authority_id, case_id) if one.id == task_id), None)
    if task is None:
        raise NotFound
    if task.done_at is not None:
        raise Conflict("Somebody recorded already that they were told.", code="told")

    def do() -> str:
        complete_task(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            provider_id=provider_id(),
            authority_id=authority_id,
            task_id=task_id,
        )
        return "told"

    page = ActPage(title=task.words, does=(task.why,), button="I told them", template="provider/told.html")
    # How a family may be reached says nothing of how to reach its council.
    to_council = task.recipient is RecipientKind.COUNCIL
    return act(
        found,
        page,
        forms.ConfirmForm(),
        do,
        people=found.family() if task.recipient in _OF_FAMILY else [],
        council_ways=words.council_ways(found.policy()) if to_council else [],
    )


def open_tasks_of(view: CaseView, desk: Desk) -> list[Task]:
    """Return what is still to be told in a case. Nothing is looked up where e-mail reaches the family and the council.

    What is to be told for another reason, such as a mail that came back, stands in the list of all tasks.
    """
    family = {party.id for party in view.parties if party.kind is PartyKind.FAMILY}
    people = [member for member in view.members if member.party_id in family]
    reached = all(member.email and (member.safety is None or member.safety.allows("email")) for member in people)
    if reached and desk.council_mailbox:
        return []
    return [_task(task) for task in _tasks(view.authority_id, view.id) if task.done_at is None]


def _is_to_ask(task: TaskView, unsent: Mapping[uuid.UUID, WaitingRequest]) -> bool:
    """Tell whether it is a young person who has to be asked; what else waits with their request is not told before."""
    return task.recipient is RecipientKind.YOUNG_PERSON and task.case_id in unsent


def _of_unsent(task: TaskView, waits: WaitingRequest, councils: Mapping[uuid.UUID, str]) -> Task:
    """Return the task to ask a young person about a request that nobody here sees before their yes."""
    where: dict[str, Any] = {"authority_id": waits.authority_id, "case_id": waits.case_id}
    href = url_for("provider.ask_young_person", **where)
    may_do = current.actor().may(Permission.CASE_COORDINATE)
    return Task(
        words=task.words,
        why=task.why,
        since=task.created_at,
        case_href=href if may_do else None,
        done_href=href if may_do else None,
        done_text="Ask them, and record the answer",
        child=waits.name,
        reference=waits.reference,
        council=councils.get(waits.authority_id, "A council"),
    )


def _tasks(authority_id: uuid.UUID, case_id: uuid.UUID) -> list[TaskView]:
    return tasks_of_case(current.session(), provider_id=provider_id(), authority_id=authority_id, case_id=case_id)


def _task(task: TaskView) -> Task:
    may_do = current.actor().may(Permission.CASE_COORDINATE)
    return Task(
        words=task.words,
        why=task.why,
        since=task.created_at,
        case_href=url_for("provider.case", authority_id=task.authority_id, case_id=task.case_id),
        done_href=url_for("provider.told", authority_id=task.authority_id, case_id=task.case_id, task_id=task.id)
        if may_do
        else None,
    )
