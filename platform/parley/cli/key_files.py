"""Key files on this machine: made and altered all or nothing, readable by their owner alone."""

import base64
import os
import pathlib
from collections.abc import Sequence

import click

from parley.db.keys import Ring, new_key_text
from parley.settings import Settings


def key_file(settings: Settings, ring: Ring) -> pathlib.Path:
    """Return the file that holds the master keys of ``ring``."""
    return settings.master_key_file if ring is Ring.MASTER else settings.compartment_key_file


def make_key_file(path: pathlib.Path) -> bool:
    """Write a new key to ``path`` unless there is one; tell whether it was made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key_text())
    return True


def write_key_file(path: pathlib.Path, keys: Sequence[bytes]) -> None:
    """Put ``keys`` in the place of those in ``path``, which keeps its owner and who may read it.

    Raises click.ClickException where that cannot be done; the file is as it was then.
    """
    real = path.resolve()
    fresh = real.with_name(f"{real.name}.fresh")
    try:
        was = real.stat()
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.writelines(base64.b64encode(key).decode() + "\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        if os.geteuid() == 0:
            os.chown(fresh, was.st_uid, was.st_gid)
        fresh.chmod(was.st_mode & 0o777)
        fresh.replace(real)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise click.ClickException(
            f"{path} cannot be replaced from here ({error.strerror}). Nothing was changed. Where another program hands"
            " the file over, change it there: one key in each line, the newest first."
        ) from error
