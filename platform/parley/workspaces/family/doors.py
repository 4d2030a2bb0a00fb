"""What of a council's site is served in each state of its life, and what a person reads where a page is not.

While a council is suspended its families' pages are paused; its staff go on answering, since the dates of cases run
regardless. Once another council has come in its place nothing new begins on its site, and whoever has a request here
follows it to its end.
"""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from parley.kernel.errors import NotFound
from parley.law.domain import Limit
from parley.law.versions import law_on
from parley.policy.domain import ContactKind, Policy
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import AuthorityState
from parley.web import current
from parley.web.lifecycle import ShutSite
from parley.web.problems import problem
from parley.web.runtime import runtime
from parley.web.shell import Contact
from parley.workspaces.family.council import contact_of_body, council

#: Blueprints and endpoints that are served while a council is suspended: its staff's work, and what stands on any page.
WHILE_SUSPENDED = frozenset(
    {
        "about_council",
        "council",
        "shell_council",
        "sign_in.confirm",
        "sign_in.confirmed",
        "sign_in.end_other_sign_ins",
        "sign_in.end_sign_in",
        "sign_in.family_logout",
        "sign_in.keys",
        "sign_in.sign_ins",
        "sign_in.sign_out",
        "sign_in.staff",
        "sign_in.staff_callback",
        "sign_in.staff_logout",
    }
)

#: Blueprints and endpoints that begin something new, which a closed council's site does not.
BEGINNINGS = frozenset(
    {
        "directory",
        "eligibility",
        "family.add_matter",
        "family.before",
        "family.check",
        "family.draft_documents",
        "family.home",
        "family.new",
        "family.question",
        "family.remove_from_draft",
        "family.remove_matter",
        "family.result",
        "family.start_again",
        "family.step",
    }
)

#: The law's dates that a family keeps, whoever's pages are paused.
FAMILYS_LIMITS = (Limit.CONTACT_ADVISER, Limit.APPEAL_FROM_LETTER, Limit.APPEAL_FROM_CERTIFICATE, Limit.DRAFT_COMMENTS)

PAUSED = "This council’s service is paused. No request that was sent is lost, and no date set by law moves."


def register(app: Flask) -> None:
    """Have ``app`` answer for pages that are not served in the council's present state."""
    app.register_error_handler(ShutSite, _shut)


def shut(state: AuthorityState, endpoint: str) -> bool:
    """Tell whether a council's site does not serve ``endpoint`` while it is in ``state``."""
    names = {endpoint, endpoint.partition(".")[0]}
    match state:
        case AuthorityState.SUSPENDED:
            return names.isdisjoint(WHILE_SUSPENDED)
        case AuthorityState.CLOSED:
            return not names.isdisjoint(BEGINNINGS)
        case AuthorityState.DEMO | AuthorityState.LIVE:
            return False


def _shut(_error: ShutSite) -> ResponseReturnValue:
    return _paused() if current.site().council.state is AuthorityState.SUSPENDED else _moved()


def _paused() -> ResponseReturnValue:
    """Say that the pages are paused, whom to ring, and which dates run all the same."""
    if _is_api():
        return problem(503, PAUSED), 503
    policy, law = _policy(), law_on(current.today())
    page = render_template(
        "family/paused.html",
        name=current.site().council.name,
        policy=policy,
        contacts=_contacts(policy) if policy else [],
        limits=[law.limits[limit] for limit in FAMILYS_LIMITS],
    )
    return page, 503


def _moved() -> ResponseReturnValue:
    """Say which council came in this one's place, and where a request that is here is followed."""
    site = current.site().council
    successor = tenancy.authority_by_id(current.session(), site.successor_id) if site.successor_id else None
    address = runtime().settings.external_url(successor.host) if successor else ""
    if _is_api():
        named = f" {successor.name} has come in its place: {address}" if successor else ""
        return problem(410, f"{site.name} takes no new requests.{named}"), 410
    return render_template("family/moved.html", name=site.name, successor=successor, address=address), 410


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _policy() -> Policy | None:
    """Return the council's rules; None where none was ever loaded."""
    try:
        return council().policy
    except NotFound:
        return None


def _contacts(policy: Policy) -> list[Contact]:
    """Return whom a family can ring: who provides the service, the council, and the advice service."""
    advice = [one for one in policy.contacts.values() if one.kind is ContactKind.ADVICE_SERVICE]
    bodies = [policy.provider, policy.council_contact, *advice]
    return [contact_of_body(body) for body in bodies if body is not None and body.shown_ways]
