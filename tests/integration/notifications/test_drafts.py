"""A draft is told of to those who have a copy, and to the provider when it is answered, with no word of it."""

from parley.casework.domain import CaseState
from parley.casework.models import Case
from parley.compartment.drafts import settle
from parley.db.scope import Side, release_scope
from parley.db.session import Database
from parley.outcomes.service import release
from support.factories import NOW
from support.outcomes import ALL, CANARY, held_meeting, worker_scope
from support.post_office import PARENT, PostOffice


def test_each_side_hears_of_its_copy_and_the_provider_of_each_answer(post: PostOffice, database: Database) -> None:
    held = held_meeting(post.make, database)
    held.write()
    with post.open():
        post.run_due()
        family, council = post.inbox(PARENT), post.inbox(held.case.authority.profile["team_mailbox"])
        assert len(family) == len(council) == 1
        assert "something for you to read and check" in family[0].text
        held.confirm(Side.COUNCIL)
        post.run_due()
    (answered,) = post.inbox(held.case.provider.profile["mailbox"])
    assert "answered their copy of a draft" in answered.text


def test_nobody_is_told_to_check_a_draft_that_was_settled_meanwhile(post: PostOffice, database: Database) -> None:
    held = held_meeting(post.make, database)
    held.write()
    with database.begin(held.case.authority_scope) as session:
        session.get_one(Case, (held.case.authority.id, held.case.id)).state = CaseState.CLOSED
        session.commit()
    with post.open():
        post.run_due()
    assert post.inbox() == ()


def test_no_mail_holds_a_word_of_a_draft_before_or_after_its_release(post: PostOffice, database: Database) -> None:
    held = held_meeting(post.make, database)
    draft_id = held.write()
    held.confirm(*ALL)
    with database.begin(release_scope(held.case.authority.id, held.case.id)) as session:
        agreement = settle(session, at=NOW, draft_id=draft_id)
    assert agreement is not None
    with post.database.begin(worker_scope(held.case)) as session:
        release(
            session,
            actor=held.coordinator,
            at=NOW,
            authority_id=held.case.authority.id,
            case_id=held.case.id,
            agreement=agreement,
        )
    with post.open():
        post.run_due()
    assert any("The outcome of your request" in message.text for message in post.inbox(PARENT))
    assert CANARY not in post.sources()
