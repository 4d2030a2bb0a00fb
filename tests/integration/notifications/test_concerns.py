"""A provider's safeguarding lead hears that there is a concern, and nobody learns here what, about whom or where."""

from parley.access.domain import Role
from parley.compartment.safeguarding import TELL_OF_CONCERN
from parley.db.scope import Login, authority_scope, provider_scope
from parley.jobs.service import enqueue
from parley.kernel.ids import new_id
from parley.notifications.lead import lead_has_looked
from parley.notifications.tasks import lead_untold
from support.factories import acting

LEAD = "lead@provider.invalid"
SAID_OF_A_CASE = ("Rowan", "Ash Marsh", "/cases/")


def raised(post, **profile):
    """Let a concern be raised in a case of a provider with this profile; return the case."""
    provider = post.make.provider(**profile)
    council = post.make.authority()
    post.make.commission(council, provider)
    case = post.make.case(council, provider=provider)
    with post.database.begin(authority_scope(council.id, login=Login.WORKER)) as session:
        enqueue(session, TELL_OF_CONCERN, authority_id=council.id, provider_id=provider.id, notice_id=new_id())
        session.commit()
    return case


def untold(post, case):
    with post.database.begin(provider_scope(case.provider.id)) as session:
        return lead_untold(session, provider_id=case.provider.id)


def test_the_lead_is_mailed_that_there_is_one_and_nothing_else_is_kept_or_said(post):
    case = raised(post, safeguarding_mailbox=LEAD)
    with post.open():
        post.run_due()
    (letter,) = post.inbox(LEAD)
    assert "https://providers.example/concerns" in letter.text
    source = post.sources()
    assert not any(part in source for part in (*SAID_OF_A_CASE, case.reference, str(case.id)))
    assert post.notifications(case) == []
    assert untold(post, case) is None


def test_where_no_mailbox_is_known_colleagues_tell_the_lead_until_the_log_was_opened(post):
    case = raised(post)
    post.run_due()
    since, why = untold(post, case)
    assert (since, why) == (post.clock.now(), "We have no email address for them.")
    assert post.tasks(case) == []
    with post.database.begin(provider_scope(case.provider.id)) as session:
        lead = acting(Role.SAFEGUARDING_LEAD, case.provider)
        lead_has_looked(session, actor=lead, at=post.clock.now(), provider_id=case.provider.id)
    assert untold(post, case) is None


def test_a_mailbox_that_refuses_leaves_it_to_colleagues(post):
    case = raised(post, safeguarding_mailbox=LEAD)
    with post.refusing("550 no such mailbox"):
        post.run_due()
    assert untold(post, case)[1] == "The email to them could not be delivered."
