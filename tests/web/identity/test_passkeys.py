"""Members: invited by mail, joined with a passkey, signed in with it, and out for good when their access ends."""

import dataclasses
import html
import re
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.db.scope import Login, Scope
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.identity.member_jobs import tasks
from parley.identity.membership import INVITATION_LIFETIME, OutgoingMembershipInvitation
from parley.identity.models import Membership, SignInSession
from parley.jobs.domain import Attempt
from parley.tenancy.domain import ProviderOrganisation
from support.authenticator import PRESENT, Authenticator
from support.factories import Factory
from support.memberships import PasskeyRealm
from support.sign_in import MovedClock, Visitor, csrf_token, heading

Visit = Callable[..., Visitor]
HOST = "providers.localhost"
EVERYTHING = (Role.PROVIDER_ADMINISTRATOR, Role.COORDINATOR)


@dataclasses.dataclass
class Office:
    """A provider whose people come in by passkey, with what runs its mail."""

    make: Factory
    clock: MovedClock
    provider: ProviderOrganisation
    visit: Visit
    sent: list[OutgoingMembershipInvitation] = dataclasses.field(default_factory=list)

    @property
    def scope(self) -> Scope:
        return Scope(login=Login.WORKER, realm_id=self.provider.id)

    @property
    def realm(self) -> PasskeyRealm:
        return PasskeyRealm(self.make, self.provider.id, SignInKind.PROVIDER)

    def invite(self, *roles: Role, **who: str) -> uuid.UUID:
        """Invite somebody; return their membership."""
        return self.realm.invite(*roles, **who)

    def mail(self, membership_id: uuid.UUID) -> str:
        """Run the job that mails the invitation, as the worker would; return the path of its link."""
        (job,) = tasks(
            self.make.database,
            self.clock,
            site_url=lambda _kind, path: f"http://{HOST}{path}",
            send_mail=self.sent.append,
        )
        before = len(self.sent)
        job.run(Attempt(number=1, is_last=False), realm_id=str(self.provider.id), membership_id=str(membership_id))
        assert len(self.sent) == before + 1
        return urlsplit(self.sent[-1].url).path

    def arrive(self) -> tuple[Visitor, Authenticator]:
        """Return somebody's browser on the providers' host, and a device for it."""
        visitor = self.visit(HOST)
        return visitor, Authenticator(origin=visitor.base_url, rp_id=HOST)

    def joined(self, *roles: Role, **who: str) -> tuple[Visitor, Authenticator, uuid.UUID]:
        """Return somebody who was invited and has joined."""
        membership_id = self.invite(*roles, **who)
        visitor, device = self.arrive()
        answer = join(visitor, device, self.mail(membership_id))
        assert answer.status_code == 303
        return visitor, device, membership_id

    def sessions(self) -> int:
        """Return how many sessions there are that have not ended."""
        with self.make.database.begin(self.scope) as session:
            statement = select(func.count()).where(
                SignInSession.realm_id == self.provider.id, SignInSession.ended_at.is_(None)
            )
            return session.scalar(statement) or 0

    def audited(self, action: str) -> list[dict[str, object]]:
        """Return the codes of the audit events of ``action``."""
        with self.make.database.begin(self.scope) as session:
            statement = select(AuditEvent.codes).where(
                AuditEvent.realm_id == self.provider.id, AuditEvent.action == action
            )
            return list(session.scalars(statement))


@pytest.fixture
def office(database: Database, clock: MovedClock, visit: Visit) -> Office:
    make = Factory(database, clock)
    opened = Office(make, clock, make.provider(), visit)
    opened.realm.open_door()
    return opened


def test_somebody_who_is_invited_joins_and_signs_in_again(office: Office) -> None:
    visitor, device, _ = office.joined(Role.COORDINATOR, name="Casey Field")
    assert "coordinator Casey Field" in visitor.get("/mine").text
    elsewhere = office.visit(HOST)
    assert sign_in(office, elsewhere, device).location == "/mine"
    assert "coordinator Casey Field" in elsewhere.get("/mine").text


def test_an_invitation_shows_whom_and_what_it_is_for_and_opening_it_uses_nothing(office: Office) -> None:
    link = office.mail(office.invite(Role.MEDIATOR, Role.SAFEGUARDING_LEAD, name="Robin Vale"))
    scanner = office.visit(HOST)
    for _ in range(3):
        page = scanner.get(link)
        assert page.status_code == 200
        assert "Robin Vale" in page.text
        assert "Mediator. Holds meetings" in page.text
    visitor, device = office.arrive()
    assert join(visitor, device, link).status_code == 303


def test_an_invitation_works_once_and_the_newest_alone(office: Office) -> None:
    membership_id = office.invite(Role.MEDIATOR)
    first = office.mail(membership_id)
    second = office.mail(membership_id)
    visitor, device = office.arrive()
    assert visitor.get(first).status_code == 410
    assert join(visitor, device, second).status_code == 303
    again = office.visit(HOST).get(second)
    assert (again.status_code, heading(again)) == (410, "This invitation does not work")


def test_an_invitation_runs_out(office: Office) -> None:
    link = office.mail(office.invite(Role.MEDIATOR))
    office.clock.by += INVITATION_LIFETIME
    assert office.visit(HOST).get(link).status_code == 410


def test_a_made_up_invitation_and_one_of_another_provider_read_the_same(office: Office, make: Factory) -> None:
    link = office.mail(office.invite(Role.MEDIATOR))
    other = make.provider()
    PasskeyRealm(make, other.id, SignInKind.PROVIDER).open_door()
    carried = office.visit(HOST).get(link.replace(office.provider.slug, other.slug))
    made_up = office.visit(HOST).get(f"/sign-in/{other.slug}/join/made-up")
    assert carried.status_code == made_up.status_code == 410
    assert without_tokens(carried) == without_tokens(made_up)


def wrong_site(device: Authenticator) -> None:
    device.origin = "http://providers.localhost.example"


def wrong_host(device: Authenticator) -> None:
    device.rp_id = "localhost"


def nobody_confirmed(device: Authenticator) -> None:
    device.flags = PRESENT


def nobody_there(device: Authenticator) -> None:
    device.flags = 0


def another_key(device: Authenticator) -> None:
    device.key = Authenticator(origin="", rp_id="").key


def another_passkey(device: Authenticator) -> None:
    device.credential_id = b"made up, of sixteen"


def another_person(device: Authenticator) -> None:
    device.user = uuid.uuid4().bytes


def no_person(device: Authenticator) -> None:
    device.user = b""


def a_copied_device(device: Authenticator) -> None:
    device.count, device.counts = 1, False


ATTACKS = [
    wrong_site,
    wrong_host,
    nobody_confirmed,
    nobody_there,
    another_key,
    another_passkey,
    another_person,
    no_person,
    a_copied_device,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_passkey_that_proves_nothing_signs_nobody_in(office: Office, attack: Callable[[Authenticator], None]) -> None:
    _, device, _ = office.joined(Role.COORDINATOR)
    sign_in(office, office.visit(HOST), device)
    before = office.sessions()
    attack(device)
    visitor = office.visit(HOST)
    answer = sign_in(office, visitor, device)
    assert (answer.status_code, heading(answer)) == (403, "This passkey does not open this service")
    assert office.sessions() == before
    assert not visitor.is_signed_in()
    assert office.audited("sign_in.refuse")[-1]["reason"] == "passkey_refused"


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{}", '{"id": 1}', "{" * 9000, "x" * 30_000, '{"rawId": "\\u0000", "response": {}}'],
    ids=range(8),
)
def test_an_answer_that_cannot_be_read_is_refused_and_no_fault(office: Office, answer: str) -> None:
    visitor = office.visit(HOST)
    page = ask(office, visitor)
    assert send(visitor, f"/sign-in/{office.provider.slug}/passkey", page, answer).status_code == 403
    link = office.mail(office.invite(Role.MEDIATOR))
    again = send(visitor, link, visitor.get(link), answer)
    assert again.status_code == 422
    assert "did not confirm" in again.text
    assert visitor.get(link).status_code == 200, "what proves nothing uses nothing up"


def test_an_answer_counts_once_and_in_the_browser_that_asked(office: Office) -> None:
    _, device, _ = office.joined(Role.COORDINATOR)
    path = f"/sign-in/{office.provider.slug}/passkey"
    visitor, thief = office.visit(HOST), office.visit(HOST)
    page = ask(office, visitor)
    answer = device.use(options_in(page))
    stolen = thief.client.post(
        path,
        base_url=thief.base_url,
        data={"csrf_token": csrf_token(thief.get("/sign-in").text), "attempt": attempt_in(page), "passkey": answer},
    )
    assert heading(stolen) == "This sign-in has ended"
    assert send(visitor, path, page, answer).status_code == 303
    assert heading(send(visitor, path, page, answer)) == "This sign-in has ended"


def test_ending_access_signs_out_at_once_and_closes_every_way_in(office: Office) -> None:
    admin, *_ = office.joined(*EVERYTHING, name="Admin", mailbox="admin@provider.example")
    visitor, device, membership_id = office.joined(Role.COORDINATOR)
    page = admin.get(f"/people/{membership_id}/end")
    assert heading(page) == "End the access of Member"
    assert admin.send(f"/people/{membership_id}/end").status_code == 303
    assert not visitor.is_signed_in()
    assert sign_in(office, visitor, device).status_code == 403
    assert admin.get(f"/people/{membership_id}").status_code == 404
    with office.make.database.begin(office.scope) as session:
        assert session.get_one(Membership, (office.provider.id, membership_id)).mailbox == ""


def test_what_somebody_may_do_is_changed_and_they_come_back_with_it(office: Office) -> None:
    admin, *_ = office.joined(*EVERYTHING, name="Admin", mailbox="admin@provider.example")
    visitor, device, membership_id = office.joined(Role.COORDINATOR)
    assert admin.send(f"/people/{membership_id}", roles="mediator").status_code == 303
    assert not visitor.is_signed_in()
    sign_in(office, visitor, device)
    assert "mediator Member" in visitor.get("/mine").text
    assert admin.send(f"/people/{membership_id}").status_code == 422
    assert admin.send(f"/people/{membership_id}", roles="operator").status_code == 422


def test_somebody_always_stays_who_can_let_others_in(office: Office) -> None:
    admin, _, admin_id = office.joined(*EVERYTHING)
    office.invite(Role.PROVIDER_ADMINISTRATOR, mailbox="not-joined-yet@provider.example")
    for answer in (admin.send(f"/people/{admin_id}/end"), admin.send(f"/people/{admin_id}", roles="coordinator")):
        assert answer.status_code == 422
        assert "Invite another administrator first" in answer.text
    assert admin.is_signed_in()


def test_a_new_invitation_after_a_lost_device_puts_another_passkey_in_its_place(office: Office) -> None:
    admin, *_ = office.joined(*EVERYTHING, name="Admin", mailbox="admin@provider.example")
    visitor, lost, membership_id = office.joined(Role.COORDINATOR)
    assert admin.send(f"/people/{membership_id}/invite-again", page=f"/people/{membership_id}").status_code == 303
    assert sign_in(office, office.visit(HOST), lost).status_code == 303, "it works until the new one is made"
    anew, device = office.arrive()
    assert join(anew, device, office.mail(membership_id)).status_code == 303
    assert not visitor.is_signed_in()
    assert sign_in(office, office.visit(HOST), lost).status_code == 403
    assert sign_in(office, office.visit(HOST), device).status_code == 303


def test_an_administrator_invites_a_colleague(office: Office) -> None:
    admin, *_ = office.joined(*EVERYTHING)
    empty = admin.send("/people/invite")
    assert empty.status_code == 422
    for words in ("Enter the person’s name", "Enter the person’s work email address", "Select what this person will"):
        assert words in html.unescape(empty.text)
    wanted = {"name": "Robin Vale", "email": "robin@provider.example", "roles": "mediator"}
    assert admin.send("/people/invite", **wanted).status_code == 303
    listed = admin.get("/people").text
    assert "Robin Vale" in listed
    assert "Has not joined yet" in listed
    twice = admin.send("/people/invite", **wanted | {"email": "ROBIN@provider.example"})
    assert twice.status_code == 422
    assert "is invited already" in twice.text


def test_who_may_not_invite_sees_no_page_for_it(office: Office) -> None:
    _, _, other = office.joined(*EVERYTHING, mailbox="admin@provider.example")
    visitor, *_ = office.joined(Role.COORDINATOR, Role.MEDIATOR)
    for path in ("/people", "/people/invite", f"/people/{other}", f"/people/{other}/end"):
        assert visitor.get(path).status_code == 403


def test_where_an_issuer_is_behind_the_door_it_says_who_works_here_and_nobody_is_invited(
    global_mediation: ProviderOrganisation, visit: Visit
) -> None:
    admin = visit(HOST)
    admin.sign_in("provider_admin1", organisation=global_mediation.slug)
    page = admin.get("/people")
    assert "provider-admins" in page.text
    assert "Invite somebody" not in page.text
    assert admin.get("/people/invite").status_code == 404
    token = csrf_token(admin.get("/account/sign-ins").text)
    path = f"/sign-in/{global_mediation.slug}/passkey"
    refused = admin.client.post(path, base_url=admin.base_url, data={"csrf_token": token})
    assert refused.status_code == 503


def ask(office: Office, visitor: Visitor) -> TestResponse:
    """Choose the provider; return the page that asks for a passkey."""
    page = visitor.send("/sign-in", organisation=office.provider.slug, next="/mine")
    assert heading(page) == "Sign in with your passkey"
    return page


def sign_in(office: Office, visitor: Visitor, device: Authenticator) -> TestResponse:
    """Sign in with the device's passkey; return the answer."""
    page = ask(office, visitor)
    return send(visitor, f"/sign-in/{office.provider.slug}/passkey", page, device.use(options_in(page)))


def join(visitor: Visitor, device: Authenticator, link: str) -> TestResponse:
    """Take up the invitation at ``link``; return the answer."""
    page = visitor.get(link)
    return send(visitor, link, page, device.make(options_in(page)))


def send(visitor: Visitor, path: str, page: TestResponse, answer: str) -> TestResponse:
    """Send what the device answered, as the page's script does."""
    form = {"csrf_token": csrf_token(page.text), "attempt": attempt_in(page), "passkey": answer}
    return visitor.client.post(path, base_url=visitor.base_url, data=form)


def options_in(page: TestResponse) -> str:
    """Return what the page asks the browser for."""
    found = re.search(r'data-options="([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def attempt_in(page: TestResponse) -> str:
    """Return which attempt the page began."""
    found = re.search(r'name="attempt" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def without_tokens(page: TestResponse) -> str:
    """Return the page without what differs from one opening to the next."""
    return re.sub(r'(nonce|value)="[^"]*"', "", page.text)
