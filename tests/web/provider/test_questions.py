"""A question to a family: asked once, answered in the thread or on the phone, whatever fails on the way."""

import pathlib

import pytest
from flask import Flask
from sqlalchemy import select

from parley.app import all_tasks
from parley.casework.domain import Capacity, ClockCode
from parley.casework.models import CaseClock, TimelineEntry
from parley.casework.timeline import Happening
from parley.jobs.domain import Attempt, Task
from parley.kernel.clock import FixedClock
from parley.notifications.models import Notification
from parley.workspaces.provider import asking
from support.deployment import deployment
from support.factories import Factory, MadeCase
from support.family import Family, Served, words
from support.provider import Staff


def address(case: MadeCase, rest: str = "") -> str:
    return f"/cases/{case.authority.id}/{case.id}{rest}"


def happened(make: Factory, case: MadeCase, happening: Happening) -> list[TimelineEntry]:
    with make.database.begin(case.authority_scope) as session:
        wanted = select(TimelineEntry).where(TimelineEntry.case_id == case.id, TimelineEntry.code == happening.value)
        return list(session.scalars(wanted))


def clocks(make: Factory, case: MadeCase) -> list[CaseClock]:
    with make.database.begin(case.authority_scope) as session:
        wanted = select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.code == ClockCode.INFORMATION_BY)
        return list(session.scalars(wanted.order_by(CaseClock.id)))


def mails(make: Factory, case: MadeCase) -> list[str]:
    with make.database.begin(case.authority_scope) as session:
        return list(session.scalars(select(Notification.message).where(Notification.case_id == case.id)))


def test_a_question_is_a_private_message_and_the_open_side_keeps_no_word_of_it(
    coordinator: Staff, parent: Family, case: MadeCase, make: Factory
) -> None:
    page = coordinator.does(address(case, "/ask"), body="Which days does the taxi run?")
    assert "Your question was sent" in words(page)
    assert "The family answers your question" in words(page)
    assert "taxi" not in page.text
    (asked,) = happened(make, case, Happening.INFORMATION_ASKED)
    assert asked.codes["private_to"] == str(case.parent)
    assert set(asked.codes) == {"private_to", "message"}
    assert mails(make, case) == ["information_asked"]
    own = parent.get(f"/requests/{case.id}")
    assert "Answer the question that Global Mediation asked you" in words(own)
    assert "taxi" not in own.text
    assert "Which days does the taxi run?" in words(parent.get(f"/requests/{case.id}/messages"))


def test_the_familys_answer_meets_the_date_and_the_provider_hears_of_it_once(
    coordinator: Staff, parent: Family, case: MadeCase, make: Factory
) -> None:
    coordinator.does(address(case, "/ask"), body="Which days does the taxi run?")
    opened = parent.get(f"/requests/{case.id}/messages")
    for _ in range(2):
        after = parent.post_from(opened, f"/requests/{case.id}/messages", body="Mondays and Fridays.")
    said = words(parent.follow(after))
    assert "asked you a question. An answer" not in said
    assert len(happened(make, case, Happening.INFORMATION_GIVEN)) == 1
    assert [clock.met_at is not None for clock in clocks(make, case)] == [True]
    assert mails(make, case).count("provider_information_given") == 1
    assert "You answered Global Mediation’s question" in words(parent.get(f"/requests/{case.id}"))
    thread = words(coordinator.get(address(case, f"/messages/{case.parent}")))
    assert thread.index("Which days") < thread.index("Mondays and Fridays.")


def test_a_question_to_one_of_the_family_is_nobody_elses_news(
    app: Flask, coordinator: Staff, parent: Family, case: MadeCase, council: Served, make: Factory
) -> None:
    other = Family(app.test_client(), council)
    identity_id = other.sign_in(make)
    kit = make.member(
        case, case.family, name="Kit Marsh", capacity=Capacity.PARENT_CARER, identity_id=identity_id, email="kit@b.test"
    )
    unsaid = coordinator.post(address(case, "/ask"), body="For Kit.")
    assert "Select whom you ask" in words(unsaid)
    coordinator.does(address(case, "/ask"), body="For Kit.", member=kit)
    assert "asked you a question" in words(other.get(f"/requests/{case.id}"))
    for quiet in (parent.get(f"/requests/{case.id}"), parent.get(f"/requests/{case.id}/messages")):
        assert "question" not in words(quiet)
    with make.database.begin(case.authority_scope) as session:
        told = session.scalars(select(Notification.member_id).where(Notification.case_id == case.id)).all()
    assert told == [kit]
    parent.post(f"/requests/{case.id}/messages", body="Something else.")
    assert [clock.met_at for clock in clocks(make, case)] == [None]


def test_a_question_that_is_sent_twice_is_asked_once(coordinator: Staff, case: MadeCase, make: Factory) -> None:
    page = coordinator.get(address(case, "/ask"))
    for _ in range(2):
        assert coordinator.post(address(case, "/ask"), page=page, body="Once?").status_code == 303
    assert len(happened(make, case, Happening.INFORMATION_ASKED)) == 1
    assert coordinator.get(address(case, f"/messages/{case.parent}")).text.count("Once?") == 1


def test_a_question_whose_page_failed_half_way_is_recorded_by_its_job(
    coordinator: Staff,
    case: MadeCase,
    make: Factory,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
    login_urls: dict[str, str],
    clock: FixedClock,
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise RuntimeError("the open side is away")

    page = coordinator.get(address(case, "/ask"))
    with monkeypatch.context() as broken:
        broken.setattr(asking, "ask_for_information", gone)
        with pytest.raises(RuntimeError, match="away"):
            coordinator.post(address(case, "/ask"), page=page, body="Still asked?")
    assert happened(make, case, Happening.INFORMATION_ASKED) == []
    folder = tmp_path / "jobs"
    folder.mkdir()
    job = _task("casework.record_question", all_tasks(deployment(folder, login_urls), make.database, clock))
    (arguments,) = _queued(make, case, "casework.record_question")
    for _ in range(2):
        job.run(Attempt(number=1, is_last=False), **arguments)
    assert len(happened(make, case, Happening.INFORMATION_ASKED)) == 1
    # The coordinator presses the button again, on the page that failed: nothing comes twice.
    assert coordinator.post(address(case, "/ask"), page=page, body="Still asked?").status_code == 303
    assert len(happened(make, case, Happening.INFORMATION_ASKED)) == 1
    assert coordinator.get(address(case, f"/messages/{case.parent}")).text.count("Still asked?") == 1


def test_an_answer_on_the_phone_is_recorded_and_meets_the_date(
    coordinator: Staff, case: MadeCase, make: Factory
) -> None:
    answered = address(case, f"/answered/{case.parent}")
    assert coordinator.get(answered).status_code == 409
    coordinator.does(address(case, "/ask"), body="Which days?")
    assert answered in coordinator.get(address(case, f"/messages/{case.parent}")).text
    page = coordinator.does(answered)
    assert "It is recorded that they answered" in words(page)
    assert [clock.met_at is not None for clock in clocks(make, case)] == [True]
    assert "provider_information_given" not in mails(make, case)


def _task(name: str, tasks: list[Task]) -> Task:
    return next(task for task in tasks if task.name == name)


def _queued(make: Factory, case: MadeCase, name: str) -> list[dict[str, str]]:
    """Return the arguments of the case's jobs of this name that wait."""
    engine = make.database.engine("worker")
    with engine.connect() as worker:
        found = worker.exec_driver_sql(
            "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = %s AND args->>'case_id' = %s",
            (name, str(case.id)),
        )
        return [row.args for row in found]
