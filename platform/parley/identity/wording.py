"""What a person reads when a sign-in did not happen: what happened, what to do. No page says more than it must."""

import dataclasses
from collections.abc import Mapping

from parley.access.domain import Role
from parley.identity.domain import SignInReason
from parley.identity.membership import INVITATION_LIFETIME


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefusalWords:
    """The words and the status of a refusal's page. ``again`` offers to start over at the same door."""

    status: int
    title: str
    happened: str
    to_do: str
    again: bool = True


_NOT_PROVED = RefusalWords(
    status=400,
    title="We could not sign you in",
    happened="The answer we got from the sign-in service was not one we can trust, so we did not use it.",
    to_do="Nothing was sent and nothing is lost. Try again, or continue another way.",
)

REFUSALS: Mapping[SignInReason, RefusalWords] = {
    SignInReason.NOT_SET_UP: RefusalWords(
        status=503,
        title="This way to sign in is not available",
        happened="It has not been set up here yet, or is switched off for now.",
        to_do="You can continue another way.",
        again=False,
    ),
    SignInReason.ISSUER_UNREACHABLE: RefusalWords(
        status=503,
        title="The sign-in service is not answering",
        happened="We could not reach the service that checks your account. It is run separately from this one.",
        to_do="Try again in a few minutes, or continue another way. Nothing that you saved is lost.",
    ),
    SignInReason.ISSUER_MISTAKEN: dataclasses.replace(_NOT_PROVED, status=502),
    SignInReason.ISSUER_MISMATCH: _NOT_PROVED,
    SignInReason.CODE_REFUSED: _NOT_PROVED,
    SignInReason.PROOF_REFUSED: _NOT_PROVED,
    SignInReason.ATTEMPT_UNKNOWN: RefusalWords(
        status=400,
        title="This sign-in has ended",
        happened="It took longer than 10 minutes, was finished already, or was begun in another browser.",
        to_do="Nothing is lost. Start again from here.",
    ),
    SignInReason.DECLINED: RefusalWords(
        status=400,
        title="You did not finish signing in",
        happened="The sign-in service told us that the sign-in was stopped.",
        to_do="You can try again, or continue another way.",
    ),
    SignInReason.ASSURANCE: RefusalWords(
        status=403,
        title="This service needs a stronger sign-in",
        happened="You signed in, but the sign-in service did not confirm what is asked for here, such as a code sent to"
        " your phone or proof of who you are.",
        to_do="Start again and follow every step that the sign-in service asks for, or continue another way."
        " Nothing that you saved is lost.",
    ),
    SignInReason.PROOF_OLD: RefusalWords(
        status=403,
        title="We could not confirm that it is you",
        happened="The sign-in service did not ask you to show again who you are, so we cannot show you what is"
        " confidential. You are still signed in, and nothing is lost.",
        to_do="Sign out of this service and of your account, then sign in again. If that does not help, ring us.",
        again=False,
    ),
    SignInReason.OTHER_PERSON: RefusalWords(
        status=403,
        title="That is another account",
        happened="You are signed in here with one account and confirmed with another. You are still signed in with the"
        " first.",
        to_do="Go back and confirm with the account that you are signed in with, or sign out and start again.",
        again=False,
    ),
    SignInReason.NO_ROLE: RefusalWords(
        status=403,
        title="Your account does not have access to this service",
        happened="You signed in, but your organisation has not given your account a role here.",
        to_do="Ask the person who manages accounts in your organisation to add you to a group for this service.",
        again=False,
    ),
    SignInReason.TOO_MANY: RefusalWords(
        status=429,
        title="Too many tries in a short time",
        happened="To protect people, this service limits how often a sign-in can be tried.",
        to_do="Wait an hour, then try again, or continue another way. Nothing that you saved is lost.",
        again=False,
    ),
    SignInReason.LINK_UNKNOWN: RefusalWords(
        status=410,
        title="This link or code does not work",
        happened="A link works once, for 15 minutes, in the browser that asked for it.",
        to_do="Ask for a new link.",
        again=False,
    ),
    SignInReason.PASSKEY_REFUSED: RefusalWords(
        status=403,
        title="This passkey does not open this service",
        happened="It may have been replaced, your access may have ended, or the device did not confirm that it is you.",
        to_do="Try again. If it does not help, ask the person who invited you to send you a new invitation.",
    ),
    SignInReason.INVITATION_UNKNOWN: RefusalWords(
        status=410,
        title="This invitation does not work",
        happened=f"An invitation works once, for {INVITATION_LIFETIME.days} days; a newer one makes it void.",
        to_do="Ask the person who invited you to send you a new one. If you joined already, sign in with your passkey.",
    ),
}

_ROLES: Mapping[Role, tuple[str, str]] = {
    Role.COORDINATOR: ("Coordinator", "Receives requests, tells councils, arranges meetings"),
    Role.MEDIATOR: ("Mediator", "Holds meetings, keeps notes, records outcomes"),
    Role.PROVIDER_ADMINISTRATOR: ("Administrator", "Sees what is late, invites colleagues and ends their access"),
    Role.SAFEGUARDING_LEAD: ("Safeguarding lead", "Reads concerns for somebody’s safety"),
    Role.OPERATOR: ("Operator", "Sees counts, states and errors of the platform, never a case"),
}


def role_name(role: Role) -> str:
    """Return what somebody in ``role`` is called, for those that an invitation can give."""
    return _ROLES[role][0]


def role_words(role: Role) -> str:
    """Return what somebody in ``role`` does, for those that an invitation can give."""
    return _ROLES[role][1]
