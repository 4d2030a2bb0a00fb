"""What a start says when it is ready: where to go, and as whom to sign in."""

from parley.cli.demo_signin import issuers
from parley.plugin_host.process import LESSER_USER_ADVICE, run_as_root
from parley.settings import Settings


def welcome(settings: Settings, *, seconds: float) -> str:
    """Return the text for the person who started a demonstration that took ``seconds`` to be ready."""
    front = settings.external_url(settings.base_domain)
    rows = [
        (
            issuer.people,
            settings.external_url(f"{issuer.site}.{settings.base_domain}", issuer.begins),
            ", ".join(issuer.accounts),
        )
        for issuer in issuers()
    ]
    rows.append(("Mail that was sent", settings.external_url(settings.base_domain, "/inbox"), ""))
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [
        "",
        f"Ready after {seconds:.1f} s: {front}",
        "",
        f"  {'Go there as':{first}}  {'':{second}}  Sign in as",
        *(f"  {who:{first}}  {where:{second}}  {accounts}".rstrip() for who, where, accounts in rows),
        "",
        "This is a demonstration; no council named in it runs it. Sign-in asks for no password.",
        *([f"Plugins run as root here. {LESSER_USER_ADVICE}"] if run_as_root() else []),
        "Ctrl-C stops it and keeps what was stored. `make reset` begins afresh.",
        "",
    ]
    return "\n".join(lines)
