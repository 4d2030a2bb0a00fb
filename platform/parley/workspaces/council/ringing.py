"""Families that the council itself asks who goes on: their provider cannot go on, and no e-mail reaches them.

The council reads whom to ring and how, for that one purpose, and nothing of what the family asked for.
"""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.change_over import ProviderChoice
from parley.casework.consent_texts import consent_text
from parley.casework.domain import ConsentKind, ConsentMeans
from parley.casework.service import changing_over, coordinating
from parley.casework.to_ring import PersonToRing, person_to_ring
from parley.casework.wording import Names
from parley.kernel.errors import NotFound
from parley.notifications.service import asked_by_council
from parley.notifications.tasks import TaskView, council_tasks
from parley.web import current
from parley.web.fields import Choice, RadioField, Required
from parley.web.forms import BaseForm
from parley.workspaces.safety_words import safe_ways_words

#: That the family knows, and takes its time: it has said nothing that moves the case.
KNOWS = "knows"


class RungForm(BaseForm):
    """What a family said when it was rung."""

    said = RadioField("What did they say?", [Required("Select what they said")])


@requires(Permission.CONTRACT_END)
def to_ring() -> str:
    """List the families to ring, the one that has waited longest first."""
    return render_template("council/to_ring.html", waiting=[(task, _person(task)) for task in _tasks()])


@requires(Permission.CONTRACT_END)
def ring(task_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom to ring and what to read out; record what they said."""
    task = next((one for one in _tasks() if one.id == task_id), None)
    if task is None:
        raise NotFound
    person, form = _person(task), RungForm()
    form.said.choices = _choices(person)
    if form.validate_on_submit():
        return _record(task, person, moves=form.said.data == ProviderChoice.MOVE.value)
    names = Names(council=current.site().council.name, provider=person.provider.name)
    page = render_template(
        "council/ring.html",
        form=form,
        person=person,
        why=task.why,
        safety=_safety(person),
        text=f"“{consent_text(ConsentKind.CHANGE_PROVIDER, names, body=person.new_provider.name)}”",
        back=url_for(".to_ring"),
    )
    coordinating.record_read(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        case_id=person.case_id,
        what=coordinating.WHOM_TO_RING,
    )
    return page, 422 if form.was_sent else 200


def _tasks() -> list[TaskView]:
    return council_tasks(current.session(), authority_id=current.authority_id(), on=current.today())


def _person(task: TaskView) -> PersonToRing:
    """Return whom a task is about. Raises NotFound where it names nobody, as one for an organisation does."""
    if task.member_id is None:
        raise NotFound
    return person_to_ring(
        current.session(),
        authority_id=task.authority_id,
        case_id=task.case_id,
        member_id=task.member_id,
        on=current.today(),
    )


def _choices(person: PersonToRing) -> tuple[Choice, ...]:
    moves = Choice(value=ProviderChoice.MOVE.value, text=f"{person.new_provider.name} takes the request over")
    knows = Choice(value=KNOWS, text="They know about it now, and have not said")
    return (moves, knows) if person.decides else (knows,)


def _safety(person: PersonToRing) -> list[tuple[str, str]]:
    safety = person.safety
    if safety is None:
        return []
    known = [
        ("Reach them", safe_ways_words(safety)),
        ("Times", safety.safe_times),
        ("Must not learn of this", safety.must_not_learn),
    ]
    return [(name, value) for name, value in known if value]


def _record(task: TaskView, person: PersonToRing, *, moves: bool) -> ResponseReturnValue:
    session, actor, at = current.session(), current.actor(), current.now()
    if moves:
        # What was answered is no longer to be asked: this ends the task, too.
        changing_over.choose(
            session,
            actor=actor,
            at=at,
            authority_id=task.authority_id,
            case_id=task.case_id,
            choice=ProviderChoice.MOVE,
            means=ConsentMeans.SPOKEN,
            member_id=person.member_id,
        )
        flash(f"It is recorded that {person.new_provider.name} takes over {person.reference}")
    else:
        asked_by_council(
            session,
            actor=actor,
            at=at,
            provider_id=person.provider.id,
            authority_id=task.authority_id,
            task_id=task.id,
        )
        flash(f"It is recorded that the family of {person.reference} was told")
    return redirect(url_for(".to_ring"), 303)
