"""What a start says when it is ready: where to go, and as whom to sign in."""

from parley.cli.demo_signin import issuers
from parley.settings import Settings


def welcome(settings: Settings, *, seconds: float) -> str:
    """Return the text for the person who started a demonstration that took ``seconds`` to be ready."""
    lines = [
        "",
        f"Ready after {seconds:.1f} s: {settings.external_url(settings.base_domain)}",
        "",
    ]
    for issuer in issuers():
        address = settings.external_url(f"{issuer.site}.{settings.base_domain}")
        lines += [f"  {issuer.people:32} {address}", f"  {'':32} sign in as {', '.join(issuer.accounts)}"]
    lines += [
        f"  {'Mail that was sent':32} {settings.external_url(settings.base_domain, '/inbox')}",
        "",
        "This is a demonstration; no council named in it runs it. Sign-in asks for no password.",
        "Ctrl-C stops it and keeps what was stored. `make reset` begins afresh.",
        "",
    ]
    return "\n".join(lines)
