"""A file that is there whole or not at all, for one person's eyes, and never in place of another."""

import contextlib
import fcntl
import os
import pathlib
from collections.abc import Iterator
from typing import BinaryIO

from parley.kernel.errors import Conflict


@contextlib.contextmanager
def new_file(path: pathlib.Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes its name once the block ends well; mode 0600 from the first byte.

    Until then it lies beside as ``<name>.part``: what a killed run leaves there the next one writes over. Raises
    Conflict when ``path`` exists, before and after the block, or when another run is writing it.
    """
    _refuse(path)
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "w+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"{path} is being written by another run.", code="file-being-written") from None
        os.fchmod(file.fileno(), 0o600)
        file.truncate(0)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _name(part, path)
        finally:
            part.unlink()


def _name(part: pathlib.Path, path: pathlib.Path) -> None:
    try:
        # A link, because a rename would take the place of a file that came meanwhile.
        path.hardlink_to(part)
    except FileExistsError:
        _refuse(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _refuse(path: pathlib.Path) -> None:
    if path.exists():
        raise Conflict(f"{path} exists and is not written over. Choose another name.", code="file-exists")
