"""Passkeys: what a browser is asked for, and whether what it answers proves anything (WebAuthn Level 2).

The cryptography is py_webauthn's. Nothing here touches the database or a page. Every answer that cannot be used raises
SignInRefused and nothing else, whatever a hostile client sent.
"""

import binascii
import dataclasses
import json
import uuid

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from parley.identity.domain import SignInReason, SignInRefused

#: The longest answer that is looked at: one with every extension has some thousand characters.
LARGEST_ANSWER = 20_000
#: How long a browser waits for the person, in milliseconds.
_WAITS = 5 * 60 * 1000
#: What reading a hostile answer can raise in the library besides its own errors.
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, binascii.Error, RecursionError)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Site:
    """For which site a passkey counts: the host name it is bound to, and the address that browsers say they are on."""

    host_name: str
    origin: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """A public key that a device has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Presented:
    """Which passkey an answer says it was made with, and for whom: claims, until ``check_use`` found them true."""

    credential_id: bytes
    user: uuid.UUID


def options_to_make(site: Site, *, challenge: str, user: uuid.UUID, mailbox: str, name: str) -> str:
    """Return as JSON what a browser needs to make a passkey that a device can find by itself and asks its owner for.

    ``challenge`` is 256 random bits as unpadded base64url. No attestation is asked for: which make of device somebody
    has is not ours to know.
    """
    options = generate_registration_options(
        rp_id=site.host_name,
        rp_name="Parley",
        user_id=user.bytes,
        user_name=mailbox,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge),
        timeout=_WAITS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def options_to_use(site: Site, *, challenge: str) -> str:
    """Return as JSON what a browser needs to let the person choose a passkey of theirs and prove that they hold it.

    It names no passkey, so it says of nobody whether they are known here.
    """
    options = generate_authentication_options(
        rp_id=site.host_name,
        challenge=base64url_to_bytes(challenge),
        timeout=_WAITS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def check_made(site: Site, *, challenge: str, answer: str) -> NewPasskey:
    """Return the passkey in ``answer`` if it was made on ``site`` for ``challenge``. Raises SignInRefused."""
    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host_name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise _refused(error) from error
    return NewPasskey(
        credential_id=made.credential_id, public_key=made.credential_public_key, sign_count=made.sign_count
    )


def presented(answer: str) -> Presented:
    """Return whose passkey ``answer`` says it was made with. Raises SignInRefused for one that says nothing."""
    try:
        found = parse_authentication_credential_json(_read(answer))
        if found.response.user_handle is None:
            raise SignInRefused(SignInReason.PASSKEY_REFUSED, "of_nobody")
        return Presented(credential_id=found.raw_id, user=uuid.UUID(bytes=found.response.user_handle))
    except _UNREADABLE as error:
        raise _refused(error) from error


def check_use(site: Site, *, challenge: str, answer: str, public_key: bytes, sign_count: int) -> int:
    """Return the passkey's new count of uses, if ``answer`` proves that its device and its owner were there.

    Raises SignInRefused, also when the count went back: then there are two devices with one key.
    """
    try:
        used = verify_authentication_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host_name,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise _refused(error) from error
    return used.new_sign_count


def _read(answer: str) -> dict[str, object]:
    if len(answer) > LARGEST_ANSWER:
        raise SignInRefused(SignInReason.PASSKEY_REFUSED, "too_large")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _refused(error: Exception) -> SignInRefused:
    return SignInRefused(SignInReason.PASSKEY_REFUSED, type(error).__name__)
