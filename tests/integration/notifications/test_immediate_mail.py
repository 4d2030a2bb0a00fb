"""Mail with a secret in it goes out at once, is kept nowhere, and fails loudly so that its job tries again."""

import datetime as dt

import psycopg
import pytest

from parley.casework.domain import InvitationKind
from parley.casework.timeline import OutgoingInvitation
from parley.identity.domain import OutgoingLink
from parley.kernel.ids import new_id
from parley.notifications.immediate import ImmediateMail
from parley.notifications.letters import Letters
from parley.notifications.mailer import CollectingMailer, MailNotTaken
from support.factories import MadeCase
from support.post_office import PostOffice

SECRET = "s3cret-t0ken"
TO = "reader@family.invalid"


def link(case: MadeCase) -> OutgoingLink:
    return OutgoingLink(
        authority_id=case.authority.id,
        link_id=new_id(),
        to=TO,
        url=f"https://{case.authority.host}/sign-in/link/{SECRET}",
        valid_for=dt.timedelta(minutes=15),
    )


def test_a_sign_in_link_is_mailed_and_stored_nowhere(post: PostOffice) -> None:
    case = post.make.case()
    with post.open():
        post.immediate.send_link(link(case))
    (message,) = post.inbox(TO)
    assert f"/sign-in/link/{SECRET}" in message.text
    assert "It works once, for 15 minutes." in message.text
    assert message.subject == f"{case.authority.name} disagreement resolution: your sign-in link"
    with psycopg.connect(post.admin_url) as admin:
        assert admin.execute(
            "SELECT count(*) FROM notification WHERE authority_id = %s", (case.authority.id,)
        ).fetchone() == (0,)
        assert SECRET not in str(admin.execute("SELECT args FROM jobs.procrastinate_jobs").fetchall())


def test_each_try_is_a_mail_of_its_own_since_its_secret_is_another(post: PostOffice) -> None:
    mailer = CollectingMailer()
    immediate = ImmediateMail(post.database, mailer, Letters(demonstration=False))
    case = post.make.case()
    again = link(case)
    for _ in range(2):
        immediate.send_link(again)
    assert len({letter.key for letter in mailer.sent}) == 2


def test_when_mail_is_down_the_job_hears_of_it(post: PostOffice) -> None:
    with pytest.raises(MailNotTaken, match="unreachable"):
        post.immediate.send_link(link(post.make.case()))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (InvitationKind.YOUNG_PERSON, "At your age this is your decision"),
        (InvitationKind.BODY_CONTACT, "invites you to take part"),
    ],
)
def test_an_invitation_says_what_it_is_and_names_no_child(post: PostOffice, kind: InvitationKind, says: str) -> None:
    case = post.make.case(child_name="Canary Wrenfield")
    with post.open():
        post.immediate.send_invitation(
            OutgoingInvitation(
                authority_id=case.authority.id, case_id=case.id, kind=kind, to=TO, url=f"https://a.example/{SECRET}"
            )
        )
    (message,) = post.inbox(TO)
    assert says in message.text
    assert f"https://a.example/{SECRET}" in message.text
    assert "within 14 days" in message.text
    assert case.reference in message.text
    assert "Canary" not in post.sources()


def test_a_code_is_mailed_by_itself(post: PostOffice) -> None:
    case = post.make.case()
    with post.open():
        post.immediate.send_invitation(
            OutgoingInvitation(
                authority_id=case.authority.id, case_id=case.id, kind=InvitationKind.BODY_CONTACT, to=TO, code="BCDFGH"
            )
        )
    (message,) = post.inbox(TO)
    assert "Your code is BCDFGH" in message.text
    assert "BCDFGH" not in message.subject
