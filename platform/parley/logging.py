"""What processes write about themselves: one JSON object a line, ids and words of ours only.

People's names, addresses and stories reach a log by accident: in an exception's message, in a library's warning, in a
value somebody logged while searching for a mistake. So nothing gets in that is not known to be harmless: an event is
a word of ours, a field must be listed in FIELDS or be an id, and of an exception only its class and where it was
raised are kept.
"""

import datetime as dt
import json
import logging
import pathlib
import re
import sys
import traceback
import uuid
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, TextIO

import structlog

WITHHELD = "[withheld]"

#: Fields that may be logged. Each holds a word of ours, a number or a moment; whoever adds one answers for that.
FIELDS = frozenset(
    {
        "attempt",
        "authority",
        "code",
        "concurrency",
        "count",
        "event",
        "happening",
        "hook",
        "is_last",
        "kind",
        "level",
        "logger",
        "message_code",
        "milliseconds",
        "plugin",
        "reason",
        "result",
        "retries_at",
        "seconds",
        "state",
        "status",
        "task",
    }
)

_WORD = re.compile(r"^[A-Za-z0-9_.:/+-]{1,120}$")
_FRAMES_KEPT = 12
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(*, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process, ours and libraries', to ``stream`` (standard output)."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Each of procrastinate's own lines about a job repeats one of ours.
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.stdlib.filter_by_level, _hand_over],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _hand_over(_logger: Any, _method: str, event: structlog.typing.EventDict) -> tuple[tuple[Any], dict[str, Any]]:
    return (dict(event),), {"exc_info": event.pop("exc_info", None)}


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON, withholding whatever is not known to be harmless."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if isinstance(record.msg, Mapping):
            fields = {key: value for key, value in record.msg.items() if key != "exc_info"}
            line |= {key: harmless(key, value) for key, value in fields.items()}
        else:
            # A library's own text: the constant part if it kept that apart from what it is about, else only where.
            line["event"] = record.msg if record.args and isinstance(record.msg, str) else WITHHELD
            line["place"] = f"{record.module}:{record.lineno}"
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            line |= describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def harmless(key: str, value: object) -> object:
    """Return ``value`` if a log may hold it under ``key``, else WITHHELD."""
    if key.endswith("_id"):
        return _id_or_withheld(value)
    if key not in FIELDS:
        return WITHHELD
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, str) and _WORD.match(value) else WITHHELD


def describe(error: BaseException) -> dict[str, object]:
    """Return what may be kept of ``error`` and its causes: classes, codes of ours or of a protocol, places."""
    chain = list(_chain(error))
    kept: dict[str, object] = {
        "error": [f"{type(link).__module__}.{type(link).__qualname__}" for link in chain],
        "frames": [_place(frame) for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES_KEPT:]],
    }
    for name in ("code", "sqlstate", "smtp_code"):
        found = [getattr(link, name) for link in chain if isinstance(getattr(link, name, None), (str, int))]
        kept |= {f"error_{name}": value for value in found[:1] if _WORD.match(str(value))}
    return kept


def _id_or_withheld(value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return WITHHELD


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _place(frame: traceback.FrameSummary) -> str:
    path = pathlib.PurePath(frame.filename)
    return f"{'/'.join(path.parts[-3:])}:{frame.lineno} {frame.name}"
