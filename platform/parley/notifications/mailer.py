"""Handing one e-mail to a mail server. Called while no transaction is open; knows nothing of cases."""

import dataclasses
import datetime as dt
import email.policy
import email.utils
import ipaddress
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from parley.settings import Settings, SettingsError

TIMEOUT_SECONDS = 20.0

#: Lines longer than the usual 78 characters, which is allowed (RFC 5322): a folded subject is read with stray spaces.
_WIRE = email.policy.SMTP.clone(max_line_length=250)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """A calendar entry that comes with a letter: an .ics file and what it asks of a calendar (RFC 6047)."""

    name: str
    method: str
    content: bytes = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Letter:
    """One e-mail to one person. ``key`` makes its Message-ID: the same letter sent twice has the same one.

    ``html`` says the same as ``text``. ``sender_name`` is shown beside the deployment's own address. ``calendar`` is
    the reader's own entry for a meeting.
    """

    key: str
    to: str = dataclasses.field(repr=False)
    sender_name: str
    subject: str
    text: str = dataclasses.field(repr=False)
    html: str = dataclasses.field(repr=False)
    calendar: CalendarFile | None = None


class MailNotTaken(Exception):
    """The mail server did not take a letter this time; trying again later may help. ``code`` is a word of ours."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


class MailboxRefused(MailNotTaken):
    """The mail server says that there is no such mailbox; trying again will not help."""


class Mailer(Protocol):
    """Where letters go."""

    def send(self, letter: Letter) -> None:
        """Hand over ``letter``. Raises MailNotTaken, and MailboxRefused when it never will be taken."""
        ...


class CollectingMailer:
    """Keeps letters in memory, for tests; fails as told in ``failures``, one for each coming letter."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self.sent: list[Letter] = []
        self.failures: list[MailNotTaken] = []

    def send(self, letter: Letter) -> None:
        """Keep the letter, or fail as the next of ``failures`` says."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(letter)


class SmtpMailer:
    """Hands letters to the server at ``url``: ``smtps://`` or ``smtp://``, with user and password if it wants them.

    With ``smtp://`` the connection is encrypted by STARTTLS, and nothing is sent if it cannot be, unless the server is
    this machine. ``sender`` is the address that letters come from.
    """

    def __init__(self, url: str, sender: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        """Take the server's address. Raises ValueError for one that cannot be used."""
        self._server = urlsplit(url)
        if self._server.scheme not in {"smtp", "smtps"} or not self._server.hostname:
            raise ValueError("Allowed: smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT.")
        self._sender = Address(addr_spec=sender)
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """Hand over ``letter``. Raises MailNotTaken, and MailboxRefused when it never will be taken."""
        try:
            message = self._message(letter)
        except ValueError:
            # An address no mail can have, or one that tries to bring a header of its own.
            raise MailboxRefused("unusable") from None
        try:
            with self._connection() as server:
                server.send_message(message, from_addr=self._sender.addr_spec, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as refused:
            code = max(answer[0] for answer in refused.recipients.values())
            kind = MailboxRefused if code >= 500 else MailNotTaken
            raise kind(f"smtp_{code}") from None
        except smtplib.SMTPResponseException as answered:
            raise MailNotTaken(f"smtp_{answered.smtp_code}") from None
        except smtplib.SMTPNotSupportedError:
            raise MailNotTaken("not_supported") from None
        except ssl.SSLError:
            raise MailNotTaken("encryption_failed") from None
        except (smtplib.SMTPException, OSError):
            raise MailNotTaken("unreachable") from None

    def _connection(self) -> smtplib.SMTP:
        host, server = self._server.hostname or "", self._server
        trust = ssl.create_default_context()
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=self._timeout, context=trust)
        else:
            connection = smtplib.SMTP(host, server.port or 25, timeout=self._timeout)
            if not is_loopback(server):
                connection.starttls(context=trust)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        return connection

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=_WIRE)
        message["From"] = Address(
            display_name=letter.sender_name, username=self._sender.username, domain=self._sender.domain
        )
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = email.utils.format_datetime(dt.datetime.now(dt.UTC))
        message["Message-ID"] = f"<{letter.key}@{self._sender.domain}>"
        # No answering machine answers this, and no list takes it for a person's own mail (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message["Content-Language"] = "en-GB"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        if letter.calendar is not None:
            message.add_attachment(
                letter.calendar.content.decode(),
                subtype="calendar",
                charset="utf-8",
                filename=letter.calendar.name,
                params={"method": letter.calendar.method},
            )
        return message


def mailer_for(settings: Settings) -> SmtpMailer:
    """Return what hands letters to the server of ``settings``.

    Raises SettingsError for an address that cannot be used, and in a demonstration for any server but this machine's
    own: its people are invented, and their mailboxes could be somebody's.
    """
    server = urlsplit(settings.smtp_url)
    if not settings.is_production and not is_loopback(server):
        raise SettingsError(
            f"PARLEY_SMTP_URL: names {server.hostname!r}. In a demonstration mail stays on this machine: "
            "smtp://127.0.0.1:PORT."
        )
    try:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    except ValueError as error:
        raise SettingsError(f"PARLEY_SMTP_URL: cannot be used. {error}") from None


def is_loopback(server: SplitResult) -> bool:
    """Tell whether ``server`` is this machine: by address, or by the one name that always is."""
    host = server.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
