"""A mailbox on this machine that takes every message by SMTP and delivers none: for demonstrations and tests.

Each message is a file, ``<microseconds since 1970>-<random>.eml``, written whole before the sender hears that it was
taken. The envelope's recipients stand in front of it as ``X-Envelope-To`` lines, so that blind copies are seen too.
"""

import contextlib
import dataclasses
import datetime as dt
import email
import email.policy
import os
import pathlib
import re
import secrets
import time
from collections.abc import Iterator
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_NAME = re.compile(r"^(\d{16,20})-[0-9a-f]{8}$")
_LARGEST_MESSAGE_BYTES = 40_000_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came with a message; ``size`` is in bytes."""

    name: str
    kind: str
    size: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class InboxMessage:
    """One message as it was taken. ``text`` is its plain text, ``html`` its formatted text or None."""

    id: str
    received_at: dt.datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]


@contextlib.contextmanager
def serve(folder: pathlib.Path, host: str, port: int) -> Iterator[None]:
    """Take mail at ``host``:``port`` into ``folder`` for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    server = Controller(_Keeper(folder), hostname=host, port=port, data_size_limit=_LARGEST_MESSAGE_BYTES)
    server.start()
    try:
        yield
    finally:
        server.stop()


class _Keeper:
    """What aiosmtpd calls with each message."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  its name
        """Keep the message; the answer is SMTP's."""
        content = envelope.original_content or b""
        keep(self._folder, content, tuple(str(recipient) for recipient in envelope.rcpt_tos))
        return "250 OK: kept on this machine, delivered to nobody"


def keep(folder: pathlib.Path, content: bytes, recipients: tuple[str, ...]) -> str:
    """Write a message and return its id."""
    message_id = f"{time.time_ns() // 1000}-{secrets.token_hex(4)}"
    draft = folder / f"{message_id}.part"
    with draft.open("xb") as file:
        file.writelines(f"X-Envelope-To: {recipient}\r\n".encode() for recipient in recipients)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / f"{message_id}.eml")
    return message_id


def messages(folder: pathlib.Path, *, recipient: str | None = None, limit: int = 200) -> tuple[InboxMessage, ...]:
    """Return the newest ``limit`` messages, newest first; with ``recipient``, those sent to that address only."""
    found = []
    for path in sorted(folder.glob("*.eml"), reverse=True):
        message = _read(path)
        if recipient is None or recipient.casefold() in {address.casefold() for address in message.recipients}:
            found.append(message)
        if len(found) == limit:
            break
    return tuple(found)


def message(folder: pathlib.Path, message_id: str) -> InboxMessage | None:
    """Return the message of that id, or None when there is none."""
    path = folder / f"{message_id}.eml"
    return _read(path) if _NAME.match(message_id) and path.exists() else None


def _read(path: pathlib.Path) -> InboxMessage:
    found = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    return InboxMessage(
        id=path.stem,
        received_at=dt.datetime.fromtimestamp(int(path.stem.partition("-")[0]) / 1_000_000, dt.UTC),
        sender=str(found.get("From", "")),
        recipients=tuple(str(address) for address in found.get_all("X-Envelope-To", [])),
        subject=str(found.get("Subject", "")),
        text=str(text.get_content()) if text is not None else "",
        html=str(html.get_content()) if html is not None else None,
        attachments=tuple(_attachments(found)),
    )


def _attachments(found: EmailMessage) -> Iterator[Attachment]:
    for part in found.iter_attachments():
        content = part.get_payload(decode=True)
        size = len(content) if isinstance(content, bytes) else 0
        yield Attachment(name=part.get_filename() or "without a name", kind=part.get_content_type(), size=size)
