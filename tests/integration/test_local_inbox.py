"""The local inbox speaks real SMTP, keeps every message whole, and delivers none."""

import pathlib
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from parley.notifications import local_inbox
from support.signin_server import free_port


@pytest.fixture
def port(tmp_path: pathlib.Path) -> Iterator[int]:
    number = free_port()
    with local_inbox.serve(tmp_path / "inbox", "127.0.0.1", number):
        yield number


def _send(port: int, message: EmailMessage, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(message, to_addrs=list(recipients))


def _letter(subject: str = "Your request") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "no-reply@parley.example"
    message["To"] = "parent1@families.example"
    message.set_content("Zoë, open this: http://derby.localhost:8000/links/abc\n")
    return message


def test_a_message_is_kept_with_everything_in_it(port: int, tmp_path: pathlib.Path) -> None:
    message = _letter("Grüße 👋")
    message.add_alternative("<p>Zoë</p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="meeting.ics")
    _send(port, message, "parent1@families.example")
    (kept,) = local_inbox.messages(tmp_path / "inbox")
    assert kept.subject == "Grüße 👋"
    assert kept.recipients == ("parent1@families.example",)
    assert "http://derby.localhost:8000/links/abc" in kept.text
    assert kept.html is not None
    assert "<p>Zoë</p>" in kept.html
    assert [(attachment.name, attachment.kind) for attachment in kept.attachments] == [("meeting.ics", "text/calendar")]
    assert local_inbox.message(tmp_path / "inbox", kept.id) == kept


def test_blind_copies_are_seen_and_each_reader_finds_their_own(port: int, tmp_path: pathlib.Path) -> None:
    _send(port, _letter("One"), "parent1@families.example", "blind@families.example")
    _send(port, _letter("Two"), "parent1@families.example")
    folder = tmp_path / "inbox"
    assert [kept.subject for kept in local_inbox.messages(folder)] == ["Two", "One"]
    assert [kept.subject for kept in local_inbox.messages(folder, recipient="BLIND@families.example")] == ["One"]
    assert [kept.subject for kept in local_inbox.messages(folder, limit=1)] == ["Two"]


@pytest.mark.parametrize("asked", ["../keys/master", "1700000000000000-00000000", "", "x.eml"])
def test_what_is_not_a_message_is_not_found(asked: str, tmp_path: pathlib.Path) -> None:
    assert local_inbox.message(tmp_path, asked) is None


def test_the_folder_is_for_its_owner_alone(port: int, tmp_path: pathlib.Path) -> None:
    assert (tmp_path / "inbox").stat().st_mode & 0o077 == 0
    assert port
