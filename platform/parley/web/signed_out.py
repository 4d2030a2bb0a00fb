"""Saying once, on the next page that is shown, that somebody was signed out from elsewhere, and by whom."""

import dataclasses

from flask import Flask, Response, g

from parley.web.lifecycle import forget_sign_in
from parley.web.runtime import SignedOut
from parley.web.sites import Site


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedOutWords:
    """What a page says of it: what happened, and what that means."""

    happened: str
    meaning: str


def init_app(app: Flask) -> None:
    """Let the shell of ``app`` say it; the browser then forgets the sign-in that it cannot use any more."""
    app.jinja_env.globals["signed_out"] = signed_out

    @app.after_request
    def forget(response: Response) -> Response:
        return forget_sign_in(response) if "signed_out_said" in g else response


def signed_out() -> SignedOutWords | None:
    """Return what a page that is being shown has to say of a sign-in that was ended, or None."""
    found: SignedOut | None = g.get("signed_out")
    if found is None:
        return None
    g.signed_out_said = True
    if not found.by_issuer:
        return SignedOutWords(
            happened="You signed this browser out from another one.",
            meaning="If that was not you, sign in again and look at where you are signed in.",
        )
    site: Site = g.site
    whose = site.authority.name if site.authority else "Your organisation"
    return SignedOutWords(
        happened=f"{whose} signed you out, so you are signed out here too.",
        meaning="That happens when you sign out of the account you sign in with. Nothing you saved or sent is lost.",
    )
