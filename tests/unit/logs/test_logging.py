"""Nothing about a person gets into a log, whichever way it tries."""

import logging
import uuid
import warnings
from collections.abc import Iterator

import pytest
import structlog

from parley import logging as logs
from support.logs import Captured, captured_logs

CANARY = "Rowan Marsh, 12 Mill Lane, rowan@family.invalid"


@pytest.fixture
def captured() -> Iterator[Captured]:
    with captured_logs() as found:
        yield found


def test_a_line_holds_the_event_ids_and_numbers(captured: Captured) -> None:
    case_id = uuid.uuid4()
    structlog.get_logger("parley.jobs").info("job_done", case_id=case_id, milliseconds=12, task="a.task")
    line = captured.last
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "parley.jobs",
        "event": "job_done",
        "case_id": str(case_id),
        "milliseconds": 12,
        "task": "a.task",
    }


def test_what_was_bound_to_the_job_is_on_every_line(captured: Captured) -> None:
    with structlog.contextvars.bound_contextvars(job_id=7):
        structlog.get_logger().info("inside")
    assert captured.last["job_id"] == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Rowan"},
        {"case_id": "rowan"},
        {"code": CANARY},
        {"task": ["Rowan"]},
        {"email": "rowan@family.invalid"},
    ],
)
def test_a_field_that_is_not_known_to_be_harmless_is_withheld(captured: Captured, fields: dict[str, object]) -> None:
    structlog.get_logger().info("something", **fields)
    assert "rowan" not in captured.text.lower()
    assert logs.WITHHELD in captured.text


def test_free_text_is_no_event(captured: Captured) -> None:
    structlog.get_logger().info(f"sent to {CANARY}")
    assert captured.last["event"] == logs.WITHHELD


def test_an_exception_is_its_class_and_place_and_never_its_message(captured: Captured) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise ValueError(f"cannot use {CANARY}") from cause
    except ValueError:
        structlog.get_logger().exception("it_broke")
    line = captured.last
    assert line["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert "test_logging.py" in line["frames"][-1]
    assert "Rowan" not in captured.text
    assert "cannot use" not in captured.text


def test_a_librarys_text_keeps_only_what_its_author_wrote(captured: Captured) -> None:
    logging.getLogger("a.library").warning("could not reach %s", CANARY)
    line = captured.last
    assert line["event"] == "could not reach %s"
    assert line["place"].startswith("test_logging:")
    logging.getLogger("a.library").warning(f"could not reach {CANARY}")
    assert captured.last["event"] == logs.WITHHELD
    assert "Rowan" not in captured.text


def test_a_warning_goes_the_same_way(captured: Captured) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"about {CANARY}", UserWarning, stacklevel=1)
    assert captured.last["logger"] == "py.warnings"
    assert "Rowan" not in captured.text
