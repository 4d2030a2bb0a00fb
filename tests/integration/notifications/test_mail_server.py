"""Handing letters to real mail servers: encrypted and trusted, or not at all."""

import contextlib
import datetime as dt
import ipaddress
import pathlib
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from parley.notifications import local_inbox
from parley.notifications.mailer import Letter, MailboxRefused, MailNotTaken, SmtpMailer


def letter(**changes: str) -> Letter:
    return Letter(
        **{
            "key": "0001",
            "to": "reader@family.invalid",
            "sender_name": "Derby City Council disagreement resolution",
            "subject": "Derby City Council disagreement resolution: update on your request DER-2026-00001",
            "text": "Hello,\n\nit is \u2014 £5 \U0001f642.\n",
            "html": "<p>Hello</p>",
        }
        | changes
    )


@pytest.fixture
def untrusted_server(tmp_path: pathlib.Path) -> Iterator[int]:
    """The port of a server that speaks TLS from the first byte, with a certificate that nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake_hands() -> None:
            # The client turns away in the middle of it.
            with contextlib.suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True):
                pass

        thread = threading.Thread(target=shake_hands)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join(5)


def test_a_letter_arrives_as_it_was_written(tmp_path: pathlib.Path, port: int) -> None:
    folder = tmp_path / "inbox"
    with local_inbox.serve(folder, "127.0.0.1", port):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "no-reply@parley.invalid").send(letter())
    (message,) = local_inbox.messages(folder)
    assert message.text.replace("\r\n", "\n") == letter().text
    assert message.subject == letter().subject
    assert message.sender == "Derby City Council disagreement resolution <no-reply@parley.invalid>"
    assert (message.html or "").strip() == "<p>Hello</p>"


def test_a_server_that_nobody_vouches_for_gets_nothing(untrusted_server: int) -> None:
    mailer = SmtpMailer(f"smtps://127.0.0.1:{untrusted_server}", "no-reply@parley.invalid", timeout=5)
    with pytest.raises(MailNotTaken, match="encryption_failed"):
        mailer.send(letter())


@pytest.mark.parametrize("field", ["to", "subject", "sender_name"])
def test_no_second_header_gets_in_through_a_field(field: str) -> None:
    mailer = SmtpMailer("smtp://127.0.0.1:1", "no-reply@parley.invalid")
    with pytest.raises(MailboxRefused, match="unusable"):
        mailer.send(letter(**{field: "a\r\nBcc: everybody@elsewhere.invalid"}))


def _self_signed(folder: pathlib.Path) -> pathlib.Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
