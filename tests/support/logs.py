"""What a process would write about itself, caught."""

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import structlog

from parley import logging as logs


class Captured:
    """What was logged, as text and as lines."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, Any]:
        """The last line."""
        line: dict[str, Any] = json.loads(self.text.splitlines()[-1])
        return line


@contextlib.contextmanager
def captured_logs() -> Iterator[Captured]:
    """Catch what is logged, as a process of ours is configured to."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    found = Captured()
    logs.configure(stream=found.stream)
    try:
        yield found
    finally:
        logging.captureWarnings(False)
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        structlog.reset_defaults()
