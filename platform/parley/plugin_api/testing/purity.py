"""Notice what a pure hook touches: files, sockets, processes. Uses Python's audit events."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_PREFIXES = ("socket.", "subprocess.", "os.", "urllib.", "http.", "shutil.", "tempfile.")


class Watch:
    """Collects audit events while it is switched on; an audit hook cannot be taken out again, so one serves all."""

    def __init__(self) -> None:
        """Put the hook in, switched off."""
        self._seen: list[str] | None = None
        sys.addaudithook(self._notice)

    @contextmanager
    def outside_touches(self) -> Iterator[list[str]]:
        """Collect, within the block, the name of each event that touches something outside this process."""
        seen: list[str] = []
        self._seen = seen
        try:
            yield seen
        finally:
            self._seen = None

    def _notice(self, event: str, _arguments: tuple[Any, ...]) -> None:
        if self._seen is not None and (event == "open" or event.startswith(_PREFIXES)):
            self._seen.append(event)
