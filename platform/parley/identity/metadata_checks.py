"""Whether what an issuer says of itself fits what a council's file asks of it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from joserfc.jwk import KeySet

from parley.identity.domain import CLIENT_ALGORITHM, ClientAuth, IssuerConfig

#: Kinds of keys by the first letters of the algorithms that they sign with.
_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC"}

#: What was found, what to do, and whether it is done here (in the file) or by the issuer's people.
Problem = tuple[str, str, bool]


def metadata_problems(config: IssuerConfig, metadata: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what does not fit. What the metadata do not say is not held against them."""
    for member, wanted, to_do, here in _expectations(config):
        said = metadata.get(member)
        if isinstance(said, list) and not set(wanted) & set(map(str, said)):
            found = f"{member} has {', '.join(map(str, said))}, and not {' or '.join(wanted)}"
            yield found, to_do, here
    missing = [scope for scope in config.scopes if scope not in metadata.get("scopes_supported", config.scopes)]
    if missing:
        found = f"scopes_supported does not have {', '.join(missing)}"
        yield found, "Allow the scope, or take it out of `scopes`.", True
    if config.userinfo and not metadata.get("userinfo_endpoint"):
        yield "there is no userinfo_endpoint", "Take `userinfo` out of the file, or publish the endpoint.", True


def _expectations(config: IssuerConfig) -> Iterator[tuple[str, tuple[str, ...], str, bool]]:
    """Yield members of the metadata with the values of which one has to be there."""
    client = config.client_id
    yield "response_types_supported", ("code",), f"Allow the code flow for client {client}.", False
    yield "code_challenge_methods_supported", ("S256",), "Switch on PKCE with S256.", False
    auth = config.client_auth.value
    yield (
        "token_endpoint_auth_methods_supported",
        (auth,),
        f"Set `client_auth` to one of these, or allow {auth} for client {client}.",
        True,
    )
    if config.client_auth is ClientAuth.PRIVATE_KEY:
        step = f"Allow {CLIENT_ALGORITHM} for private_key_jwt."
        yield "token_endpoint_auth_signing_alg_values_supported", (CLIENT_ALGORITHM,), step, False
    step = "Set `signing_algorithms` to what ID tokens are signed with."
    yield "id_token_signing_alg_values_supported", config.signing_algorithms, step, True
    yield "subject_types_supported", (config.subjects.value,), "Set `subjects` to what the issuer has.", True
    if config.acr_values:
        yield "acr_values_supported", config.acr_values, "Ask for an assurance that the issuer has: `acr_values`.", True


def usable_keys(config: IssuerConfig, keys: KeySet) -> int:
    """Count the keys that may have signed an ID token with an algorithm of the file."""
    kinds = {_KINDS[algorithm[:2]] for algorithm in config.signing_algorithms}
    described = [key.as_dict(private=False) for key in keys]
    return sum(
        key["kty"] in kinds
        and key.get("use", "sig") == "sig"
        and key.get("alg", config.signing_algorithms[0]) in config.signing_algorithms
        for key in described
    )
