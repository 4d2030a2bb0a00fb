"""What has to be told to people by phone or as they asked, because no e-mail may or can reach them."""

import dataclasses
import datetime as dt
import uuid

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.views import CaseView
from parley.casework.worklists import rows_of
from parley.kernel.errors import Conflict, NotFound
from parley.notifications.queries import TaskView, open_tasks, tasks_of_case
from parley.notifications.service import complete_task
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.workspaces.provider import forms
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.opening import opened, provider_id


@dataclasses.dataclass(frozen=True, kw_only=True)
class Task:
    """Something to tell somebody, as a page writes it."""

    words: str
    why: str
    since: dt.datetime
    case_href: str
    done_href: str | None
    child: str = ""
    reference: str = ""
    council: str = ""


@requires(Permission.WORKLIST_READ)
def tasks() -> str:
    """List what the provider's people have to tell, over all councils, the oldest first."""
    session = current.session()
    waiting = open_tasks(session, provider_id=provider_id())
    named = rows_of(session, provider_id=provider_id(), case_ids={task.case_id for task in waiting})
    councils = tenancy.council_names(session, provider_id())
    # A case that the provider no longer holds is nobody's here to ring about.
    held = [task for task in waiting if task.case_id in named]
    shown = [
        dataclasses.replace(
            _task(task),
            child=named[task.case_id].child_name,
            reference=named[task.case_id].reference,
            council=councils.get(task.authority_id, "A council"),
        )
        for task in held
    ]
    return render_template("provider/tasks.html", tasks=shown)


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
    return act(found, page, forms.ConfirmForm(), do, people=found.family())


def open_tasks_of(view: CaseView) -> list[Task]:
    """Return what is still to be told in a case. Nothing is looked up where e-mail reaches everybody of the family.

    What is to be told for another reason, such as a mail that came back, stands in the list of all tasks.
    """
    family = {party.id for party in view.parties if party.kind.value == "family"}
    people = [member for member in view.members if member.party_id in family]
    if all(member.email and (member.safety is None or member.safety.allows("email")) for member in people):
        return []
    return [_task(task) for task in _tasks(view.authority_id, view.id) if task.done_at is None]


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
