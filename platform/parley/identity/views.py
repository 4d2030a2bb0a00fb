"""The sign-in pages of every audience, and what happens when a page needs somebody signed in and nobody is."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from parley.access.domain import PERMISSIONS, Role, access_mark, public
from parley.identity import (
    back_channel_views,
    confirm_views,
    doorway,
    link_views,
    member_views,
    passkey_views,
    queries,
    service,
    session_views,
)
from parley.identity.domain import Environment, SignInKind, safe_next
from parley.identity.issuers import IssuerDirectory
from parley.tenancy import queries as tenancy
from parley.web import current, typed
from parley.web.fields import Choice, RadioField, Required
from parley.web.forms import BaseForm
from parley.web.lifecycle import SignInNeeded, app_view
from parley.web.problems import problem
from parley.web.runtime import runtime
from parley.web.shell import current_frame
from parley.web.sites import Audience

_BEFORE_SIGN_IN = "nobody is signed in yet; this is where they do"
#: Keys change rarely, and an issuer that asks each time should not reach the database each time.
_KEYS_SECONDS = 300

#: Says how an invited contact comes back: there is no door but the link in their mail.
INVITED_PAGE = "/invited"

LANDINGS: Mapping[SignInKind, str] = {kind: "/" for kind in SignInKind}


class FamilyDoorForm(BaseForm):
    """How a family wants to go on."""

    choice = RadioField("How do you want to continue?", [Required("Select how you want to continue")])


class ProviderDoorForm(BaseForm):
    """Which organisation somebody works for."""

    organisation = RadioField("Which organisation do you work for?", [Required("Select your organisation")])


def register(app: Flask, *, environ: Mapping[str, str], landings: Mapping[SignInKind, str] = LANDINGS) -> None:
    """Give ``app`` its sign-in: what is needed for it, and the answer to SignInNeeded. Blueprints come apart.

    ``environ`` is where secrets named in signin.toml are looked up; ``landings`` where each kind of person goes first.
    """
    with app.app_context():
        production = runtime().settings.is_production
        doorway.install(
            doorway.SignInParts(
                environment=Environment.LIVE if production else Environment.DEMONSTRATION,
                directory=IssuerDirectory(),
                environ=environ,
                landings={**LANDINGS, **landings},
            )
        )
    app.register_error_handler(SignInNeeded, sign_in_needed)
    confirm_views.register(app)
    back_channel_views.ask_no_form_token(app)


def blueprints() -> list[tuple[Blueprint, Audience]]:
    """Return each audience's sign-in pages; register each with ``subdomain=<audience>``."""
    council = Blueprint("sign_in", __name__, template_folder="templates")
    council.add_url_rule("/sign-in", "choose", choose, methods=["GET", "POST"])
    council.add_url_rule("/sign-in/phone", "phone", phone)
    council.add_url_rule("/sign-in/callback", "family_callback", family_callback)
    council.add_url_rule("/staff/sign-in", "staff", staff, methods=["GET", "POST"])
    council.add_url_rule("/staff/sign-in/callback", "staff_callback", staff_callback)
    council.add_url_rule("/.well-known/jwks.json", "keys", council_keys)
    link_views.add_routes(council)
    provider = Blueprint("provider_sign_in", __name__, template_folder="templates")
    provider.add_url_rule("/sign-in", "choose", choose_organisation, methods=["GET", "POST"])
    provider.add_url_rule("/sign-in/<slug>/callback", "callback", provider_callback)
    provider.add_url_rule("/.well-known/<slug>/jwks.json", "keys", provider_keys)
    operator = Blueprint("operator_sign_in", __name__, template_folder="templates")
    operator.add_url_rule("/sign-in", "choose", operators, methods=["GET", "POST"])
    operator.add_url_rule("/sign-in/callback", "callback", operator_callback)
    operator.add_url_rule("/.well-known/jwks.json", "keys", operator_keys)
    back_channel_views.add_routes(council, provider, operator)
    passkey_views.add_provider_routes(provider)
    passkey_views.add_operator_routes(operator)
    member_views.add_routes(provider)
    pairs = [(council, Audience.COUNCIL), (provider, Audience.PROVIDER), (operator, Audience.OPERATOR)]
    for blueprint, _audience in pairs:
        session_views.add_routes(blueprint)
        confirm_views.add_routes(blueprint)
    return pairs


def sign_in_needed(_error: SignInNeeded) -> ResponseReturnValue:
    """Lead to the right sign-in page and back; what was typed into a form waits on the page until it can be sent."""
    if request.path.startswith("/api/"):
        return problem(401)
    page = _page_for_view()
    if request.method in {"GET", "HEAD"}:
        wanted = request.full_path if request.query_string else request.path
        return redirect(f"{page}?{urlencode({'next': safe_next(wanted, '/')})}", 303)
    # Another site's form must not become ours by a click.
    kept, written = (typed.typed_values(), typed.written()) if typed.sent_from_here() else ([], [])
    return render_template("identity/needed.html", page=page, typed=kept, written=written), 401


@public(_BEFORE_SIGN_IN)
def choose() -> ResponseReturnValue:
    """Ask a family how they want to go on: with the council's account, by an e-mailed link, or by phone."""
    door = doorway.family_door()
    config = queries.door(current.session(), door.realm.id, door.kind, doorway.parts().environment)
    form = FamilyDoorForm()
    form.choice.choices = tuple(_family_choices(config.label if config else None))
    wanted = _wanted(SignInKind.FAMILY)
    if not form.validate_on_submit():
        return render_template("identity/choose.html", form=form, next=wanted), 422 if form.was_sent else 200
    if form.choice.data == "account":
        return doorway.go_to_issuer(door, wanted)
    page = {"link": "/sign-in/email", "phone": "/sign-in/phone"}[str(form.choice.data)]
    return redirect(f"{page}?{urlencode({'next': wanted})}", 303)


@public("a phone number; nobody needs to sign in to ring")
def phone() -> ResponseReturnValue:
    """Say whom to ring instead of signing in."""
    return render_template("identity/phone.html")


@public(_BEFORE_SIGN_IN)
def family_callback() -> ResponseReturnValue:
    """Take the answer of the families' issuer."""
    return doorway.come_back(doorway.family_door())


@public(_BEFORE_SIGN_IN)
def staff() -> ResponseReturnValue:
    """Sign in the council's staff."""
    return _single_door(doorway.staff_door(), current.site().council.name)


@public(_BEFORE_SIGN_IN)
def staff_callback() -> ResponseReturnValue:
    """Take the answer of the staff issuer."""
    return doorway.come_back(doorway.staff_door())


@public(_BEFORE_SIGN_IN)
def choose_organisation() -> ResponseReturnValue:
    """Ask provider staff which organisation they work for; with one only, just offer its sign-in."""
    organisations = tenancy.providers(current.session())
    form = ProviderDoorForm()
    form.organisation.choices = tuple(Choice(value=one.slug, text=one.name) for one in organisations)
    wanted = _wanted(SignInKind.PROVIDER)
    if form.validate_on_submit():
        return _go_in(doorway.provider_door(str(form.organisation.data)), wanted)
    if len(organisations) == 1 and not form.was_sent:
        (only,) = organisations
        return _door_page(doorway.provider_door(only.slug), only.name, wanted, organisation=only.slug)
    page = render_template("identity/organisation.html", form=form, next=wanted, organisations=organisations)
    return page, 422 if form.was_sent else 200


@public(_BEFORE_SIGN_IN)
def provider_callback(slug: str) -> ResponseReturnValue:
    """Take the answer of a provider's issuer."""
    return doorway.come_back(doorway.provider_door(slug))


@public(_BEFORE_SIGN_IN)
def operators() -> ResponseReturnValue:
    """Sign in operators of the platform."""
    return _single_door(doorway.operator_door(), "the platform’s operators")


@public(_BEFORE_SIGN_IN)
def operator_callback() -> ResponseReturnValue:
    """Take the answer of the operators' issuer."""
    return doorway.come_back(doorway.operator_door())


@public("public keys: issuers check our proofs with them")
def council_keys() -> ResponseReturnValue:
    """Publish the council realm's public keys."""
    return _keys(doorway.family_door())


@public("public keys: issuers check our proofs with them")
def provider_keys(slug: str) -> ResponseReturnValue:
    """Publish a provider realm's public keys."""
    return _keys(doorway.provider_door(slug))


@public("public keys: issuers check our proofs with them")
def operator_keys() -> ResponseReturnValue:
    """Publish the platform realm's public keys."""
    return _keys(doorway.operator_door())


def _single_door(door: doorway.Door, whose: str) -> ResponseReturnValue:
    wanted = _wanted(door.kind)
    if request.method == "POST":
        return _go_in(door, wanted)
    return _door_page(door, whose, wanted)


def _door_page(door: doorway.Door, whose: str, wanted: str, *, organisation: str = "") -> str:
    """Return the page of a door with one way in, named after what people sign in with there."""
    doorway.leave_transaction()
    with runtime().database.begin(door.scope) as session:
        by_passkey = passkey_views.door_of(session, door)
        config = queries.door(session, door.realm.id, door.kind, doorway.parts().environment)
    means = "passkey" if by_passkey else config.label if config else None
    return render_template("identity/single.html", means=means, whose=whose, next=wanted, organisation=organisation)


def _go_in(door: doorway.Door, wanted: str) -> ResponseReturnValue:
    """Lead on to what proves who somebody is at this door: their passkey, or its issuer."""
    doorway.leave_transaction()
    with runtime().database.begin(door.scope) as session:
        by_passkey = passkey_views.door_of(session, door)
    return passkey_views.ask_for_passkey(door, wanted) if by_passkey else doorway.go_to_issuer(door, wanted)


def _keys(door: doorway.Door) -> Response:
    doorway.leave_transaction()
    with runtime().database.begin(door.scope) as session:
        published = service.published_keys(
            session,
            realm_id=door.realm.id,
            environment=doorway.parts().environment,
            environ=doorway.parts().environ,
            at=current.now(),
        )
        answer = jsonify(keys=published)
    answer.mimetype = "application/jwk-set+json"
    answer.cache_control.public = True
    answer.cache_control.max_age = _KEYS_SECONDS
    return answer


def _family_choices(account: str | None) -> list[Choice]:
    council = current.site().council.name
    contact = current_frame().contact
    choices = []
    if account:
        seen = f"{council} will see that you signed in to this service, not what you write here."
        choices.append(Choice(value="account", text=f"Sign in with your {account}", hint=seen))
    choices.append(
        Choice(
            value="link",
            text="Get a link by email",
            hint="You do not need an account. We send you an email with a link that works once.",
        )
    )
    if contact and contact.phone:
        choices.append(
            Choice(
                value="phone",
                text="Ask by phone instead",
                hint=f"{contact.name} can write down your request for you. You do not need to sign in.",
            )
        )
    return choices


def _wanted(kind: SignInKind) -> str:
    return safe_next(request.values.get("next"), doorway.parts().landings[kind])


def _page_for_view() -> str:
    """Return the sign-in page for the people whom the wanted view is for."""
    mark = access_mark(app_view(request.endpoint))
    permission = mark.permission if mark else None
    if permission in PERMISSIONS[Role.INVITED]:
        return INVITED_PAGE
    for_families = permission is None or permission in PERMISSIONS[Role.FAMILY]
    on_council_site = current.site().audience is Audience.COUNCIL
    return "/staff/sign-in" if on_council_site and not for_families else "/sign-in"
