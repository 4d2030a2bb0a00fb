"""What issuers say of themselves: their metadata and keys, fetched with care, checked, and remembered for a while.

Every function that speaks to an issuer raises SignInRefused and nothing else: an issuer may be down, mistaken or
hostile, and none of that may become an error page of ours.
"""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from parley.identity.domain import IssuerConfig, SignInReason, SignInRefused
from parley.identity.transport import Reach, guard

#: How long what an issuer says of itself is believed, and how soon its keys may be asked for again when a token names
#: one that is not known: a rotated key is found at once, a made-up one costs the issuer no flood.
METADATA_SECONDS = 600.0
KEYS_FLOOR_SECONDS = 30.0
#: How long an issuer has to show that it answers before a browser is sent there, and how long what it showed counts:
#: short enough that a person neither waits long nor meets an issuer that has just gone down.
ANSWER_SECONDS = 3.0
ANSWER_KEPT_SECONDS = 5.0

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
#: What reading a hostile answer can raise in the libraries: wrong types, numbers too large, lists too deep.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


class IssuerDirectory:
    """What issuers say of themselves, kept per configuration for a few minutes. Safe to share between threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start empty; ``monotonic`` counts seconds."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._metadata: dict[IssuerConfig, tuple[float, dict[str, Any]]] = {}
        self._keys: dict[tuple[IssuerConfig, str], tuple[float, KeySet]] = {}
        self._silent: dict[IssuerConfig, tuple[float, SignInRefused]] = {}

    def metadata(self, config: IssuerConfig) -> dict[str, Any]:
        """Return the issuer's metadata, once it says it is the issuer that was configured. Raises SignInRefused.

        Where the council's file has the metadata itself, nothing is asked and nothing else counts.
        """
        if config.metadata:
            return _written(config)
        now = self._monotonic()
        with self._lock:
            known = self._metadata.get(config)
        if known and now - known[0] < METADATA_SECONDS:
            return known[1]
        return self._ask(config)

    def answering(self, config: IssuerConfig) -> dict[str, Any]:
        """Return the metadata of an issuer that answers now, or did a few seconds ago. Raises SignInRefused.

        What is merely remembered is no ground to send a browser there: at an issuer that is down it shows a page of
        its own making, on which nobody reads what else there is to do. That one is down counts for as long, so that
        people do not wait for it one after the other.
        """
        now = self._monotonic()
        with self._lock:
            silent, known = self._silent.get(config), self._metadata.get(config)
        if silent and now - silent[0] < ANSWER_KEPT_SECONDS:
            raise SignInRefused(silent[1].reason, silent[1].detail)
        if known and now - known[0] < ANSWER_KEPT_SECONDS:
            return known[1]
        try:
            return self._ask(config, within=ANSWER_SECONDS)
        except SignInRefused as refused:
            with self._lock:
                self._silent[config] = (self._monotonic(), refused)
            raise

    def keys(self, config: IssuerConfig, *, unknown_key: bool = False, at: str | None = None) -> KeySet:
        """Return the issuer's keys; with ``unknown_key``, fetched anew unless that was done just now.

        ``at`` is the address of other keys than those of its ID tokens: a JWKS, or a DID document (did:web), whose
        keys go by the whole id of their verification method. Raises SignInRefused when they cannot be had.
        """
        address = at or str(self.metadata(config)["jwks_uri"])
        with self._lock:
            known = self._keys.get((config, address))
        floor = KEYS_FLOOR_SECONDS if unknown_key else METADATA_SECONDS
        if known and self._monotonic() - known[0] < floor:
            return known[1]
        return self._fetch_keys(config, address)

    def _fetch_keys(self, config: IssuerConfig, address: str, *, within: float | None = None) -> KeySet:
        now = self._monotonic()
        found = fetch_json(config, address, within=within)
        try:
            listed = found["keys"] if "keys" in found else _of_did_document(found)
            keys = KeySet.import_key_set({"keys": listed})
        except (JoseError, *UNREADABLE) as error:
            raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "jwks") from error
        with self._lock:
            self._keys[config, address] = (now, keys)
        return keys

    def _ask(self, config: IssuerConfig, *, within: float | None = None) -> dict[str, Any]:
        """Ask the issuer what it says of itself, check it and remember it.

        An issuer whose metadata the file has shows by its keys that it answers.
        """
        if config.metadata:
            found = _written(config)
            self._fetch_keys(config, found["jwks_uri"], within=within)
        else:
            found = fetch_json(config, discovery_address(config), within=within)
        if found.get("issuer") != config.issuer:
            raise SignInRefused(SignInReason.ISSUER_MISMATCH, "metadata")
        for name in ENDPOINTS:
            if not is_address(config, found.get(name)):
                raise SignInRefused(SignInReason.ISSUER_MISTAKEN, name)
        with self._lock:
            self._metadata[config] = (self._monotonic(), found)
        return found


def discovery_address(config: IssuerConfig) -> str:
    """Return where the issuer's metadata are (OpenID Connect Discovery, section 4)."""
    return config.issuer.rstrip("/") + "/.well-known/openid-configuration"


def _written(config: IssuerConfig) -> dict[str, Any]:
    """Return the metadata that the council's file has."""
    return {"issuer": config.issuer, **dict(config.metadata)}


def _of_did_document(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**method["publicKeyJwk"], "kid": method["id"]} for method in found["verificationMethod"]]


def reach_of(config: IssuerConfig) -> Reach:
    """Return what the issuer's configuration lets requests reach."""
    return Reach(plain_http=config.plain_http, private_addresses=config.private_addresses)


def fetch_json(config: IssuerConfig, url: str, *, within: float | None = None) -> dict[str, Any]:
    """Return the JSON object at ``url``. Raises SignInRefused."""
    with reaching("metadata"), requests.Session() as session:
        guard(session, reach_of(config), within=within)
        answer = session.get(url, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return read_object(answer)


def look_at(config: IssuerConfig, url: str) -> requests.Response:
    """Return what ``url`` answers, whatever its status; where it leads on is not followed. Raises SignInRefused."""
    with reaching("look"), requests.Session() as session:
        guard(session, reach_of(config), redirects_shown=True)
        return session.get(url, allow_redirects=False)


def read_object(answer: requests.Response) -> dict[str, Any]:
    """Return the JSON object in ``answer``. Raises SignInRefused."""
    try:
        found = answer.json()
    except UNREADABLE:
        found = None
    if not isinstance(found, dict):
        raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "not_json")
    return found


@contextlib.contextmanager
def reaching(what: str) -> Iterator[None]:
    """Turn every failure to reach the issuer into a refusal that says what could not be reached."""
    try:
        yield
    except requests.RequestException as error:
        raise SignInRefused(SignInReason.ISSUER_UNREACHABLE, f"{what}_{word(type(error).__name__)}") from error


def is_address(config: IssuerConfig, value: object) -> bool:
    """Tell whether ``value`` is an address that a browser or we may be sent to for this issuer."""
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ({"https", "http"} if config.plain_http else {"https"}) and bool(parts.hostname)


def word(text: object) -> str:
    """Return ``text`` as a word that may stand in the audit: what an issuer sends is not ours to repeat."""
    return re.sub(r"[^A-Za-z0-9_]", "", str(text))[:40]
