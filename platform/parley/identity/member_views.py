"""Who works at a provider: colleagues are invited, given what they may do, and their access is ended.

Where an issuer is behind the provider's door, these pages say where it is decided instead, and change nothing. The
platform's operators have no such pages: their login writes no jobs, so they are invited by command.
"""

import dataclasses
import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, Role, requires
from parley.identity import doorway, members, queries
from parley.identity.domain import ROLES_OF_KIND, SignInConfig, SignInKind
from parley.identity.membership import INVITATION_LIFETIME
from parley.identity.queries import Member
from parley.identity.wording import role_name, role_words
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.web import current
from parley.web.fields import CheckboxesField, Choice, EmailField, Required, TextField
from parley.web.forms import BaseForm

_BOTH = ("GET", "POST")


class RolesForm(BaseForm):
    """What somebody may do."""

    roles = CheckboxesField("What will this person do?", [Required("Select what this person will do")])


class InviteForm(RolesForm):
    """Whom to invite, and what for."""

    name = TextField("Full name", [Required("Enter the person’s name")], max_length=120, autocomplete="off")
    email = EmailField(
        "Work email address",
        [Required("Enter the person’s work email address")],
        hint="The invitation goes there. Use an address that only this person reads.",
        autocomplete="off",
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One member as the list shows them."""

    member: Member
    roles: str
    waits: bool
    has_run_out: bool


def add_routes(blueprint: Blueprint) -> None:
    """Add these pages to the providers'."""
    blueprint.add_url_rule("/people", "people", people)
    blueprint.add_url_rule("/people/invite", "invite", invite, methods=_BOTH)
    blueprint.add_url_rule("/people/<uuid:membership_id>", "person", person, methods=_BOTH)
    blueprint.add_url_rule("/people/<uuid:membership_id>/invite-again", "invite_again", invite_again, methods=["POST"])
    blueprint.add_url_rule("/people/<uuid:membership_id>/end", "end", end, methods=_BOTH)


@requires(Permission.MEMBERS_ADMINISTER)
def people() -> str:
    """List who works here, or say where that is decided."""
    now = current.now()
    lines = [
        Line(
            member=member,
            roles=", ".join(role_name(role) for role in member.roles),
            waits=member.joined_at is None,
            has_run_out=member.joined_at is None and member.invitation_ends_at <= now,
        )
        for member in queries.members_of(current.session(), _realm_id())
    ]
    return render_template("identity/people.html", lines=lines, issuer=_issuer(), groups=_groups(_issuer()))


@requires(Permission.MEMBERS_ADMINISTER)
def invite() -> ResponseReturnValue:
    """Invite a colleague."""
    _by_passkey()
    form = InviteForm()
    form.roles.choices = _choices()
    if form.validate_on_submit():
        try:
            members.invite(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                realm_id=_realm_id(),
                kind=SignInKind.PROVIDER,
                name=form.name.data or "",
                mailbox=str(form.email.data),
                roles=_roles(form),
            )
        except Invalid as invalid:
            form.take_errors(invalid)
        except Conflict as conflict:
            form.email.errors = [conflict.message]
        else:
            flash("The invitation is on its way")
            return redirect(url_for(".people"), 303)
    page = render_template(
        "identity/invite.html", form=form, order=("name", "email", "roles"), days=INVITATION_LIFETIME.days
    )
    return page, 422 if form.was_sent else 200


@requires(Permission.MEMBERS_ADMINISTER)
def person(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Change what a colleague may do; from here they are invited again, or their access is ended."""
    member = _member(membership_id)
    form = RolesForm(data={"roles": [role.value for role in member.roles]})
    form.roles.choices = _choices()
    if form.validate_on_submit():
        try:
            members.change_roles(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                realm_id=_realm_id(),
                membership_id=membership_id,
                roles=_roles(form),
            )
        except Conflict as conflict:
            form.roles.errors = [conflict.message]
        else:
            flash("What this person may do is changed")
            return redirect(url_for(".people"), 303)
    return render_template("identity/person.html", form=form, member=member), 422 if form.was_sent else 200


@requires(Permission.MEMBERS_ADMINISTER)
def invite_again(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Send a colleague a new invitation: they lost the last one, or the device with their passkey."""
    _by_passkey()
    members.invite_again(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        realm_id=_realm_id(),
        membership_id=membership_id,
    )
    flash("A new invitation is on its way. The passkey they have works until they make a new one")
    return redirect(url_for(".people"), 303)


@requires(Permission.MEMBERS_ADMINISTER)
def end(membership_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether a colleague's access really ends, and end it."""
    member = _member(membership_id)
    form = BaseForm()
    if form.was_sent:
        try:
            members.end_membership(
                current.session(),
                actor=current.actor(),
                at=current.now(),
                realm_id=_realm_id(),
                membership_id=membership_id,
            )
        except Conflict as conflict:
            form.form_errors = [conflict.message]
        else:
            flash("Their access has ended, and they are signed out everywhere")
            return redirect(url_for(".people"), 303)
    return render_template("identity/end_access.html", form=form, member=member), 422 if form.was_sent else 200


def _member(membership_id: uuid.UUID) -> Member:
    _by_passkey()
    return queries.member_by_id(current.session(), _realm_id(), membership_id)


def _by_passkey() -> None:
    """Raise NotFound where it is the organisation's own accounts that say who works here."""
    if queries.passkey_door(current.session(), _realm_id(), SignInKind.PROVIDER, doorway.parts().environment) is None:
        raise NotFound


def _issuer() -> SignInConfig | None:
    return queries.door(current.session(), _realm_id(), SignInKind.PROVIDER, doorway.parts().environment)


def _groups(config: SignInConfig | None) -> list[tuple[str, str]]:
    """Return which groups at the issuer give which role here."""
    given = config.issuer.roles if config else ()
    return [(role_name(role), ", ".join(groups)) for role, groups in given]


def _choices() -> tuple[Choice, ...]:
    roles = sorted(ROLES_OF_KIND[SignInKind.PROVIDER])
    return tuple(Choice(value=role.value, text=role_name(role), hint=role_words(role)) for role in roles)


def _roles(form: RolesForm) -> frozenset[Role]:
    return frozenset(map(Role, form.roles.data))


def _realm_id() -> uuid.UUID:
    return current.actor().realm.id
