"""After an early end each family says who goes on; a case that moves takes its open side along, and nothing else."""

import pathlib

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework import queries, worklists
from parley.casework.allocation import AllocatedBecause
from parley.casework.change_over import AT_CHANGE, GOES_ON, AtChange, ProviderChoice
from parley.casework.changing import change_counts
from parley.casework.domain import (
    AnswerValue,
    CaseState,
    ClockCode,
    ConsentKind,
    ConsentMeans,
    PassedOnBecause,
    ReferralState,
    Viewer,
)
from parley.casework.jobs import CaseworkJobs
from parley.casework.models import Answer, CaseClock, ChangeOver, Consent, FormerHolding, Party, Referral
from parley.casework.service import changing_over, referral
from parley.casework.service.record import begin_act
from parley.casework.timeline import ProviderNotice
from parley.compartment import drafts
from parley.compartment.models import DraftAgreement
from parley.db.scope import Side, provider_case_scope, provider_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id
from parley.outcomes.queries import outcomes
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.gateway import Gateway
from parley.tenancy.domain import EarlyEndBecause
from support.changing_over import ChangingOver
from support.factories import NOW, Factory, MadeCase, acting
from support.family import council_of_several
from support.outcomes import held_meeting, run_releases
from support.staff import start_clock

STAY, MOVE = ProviderChoice.STAY, ProviderChoice.MOVE


@pytest.fixture
def changing(database: Database, make: Factory) -> ChangingOver:
    """A council with a provider whose contract ends early, and one that can take over."""
    council, (former, taker) = council_of_several(make, "rota")
    return ChangingOver(database, council, former, taker)


def a_case(changing: ChangingOver, make: Factory, state: CaseState = CaseState.COUNCIL_TOLD, **values) -> MadeCase:
    """Make a case of the provider whose contract ends."""
    told = None if state in {CaseState.SENT, CaseState.ACKNOWLEDGED} else NOW
    return make.case(
        changing.authority,
        provider=changing.former,
        state=state,
        council_told_at=told,
        policy_version_id=changing.council.policy_version_id,
        **values,
    )


def asked(changing: ChangingOver, because: EarlyEndBecause = EarlyEndBecause.ENDED) -> None:
    changing.ends(because)
    changing.asks()


def moved(changing: ChangingOver, case: MadeCase):
    """Have the family say that its case moves; return the case when it did."""
    changing.says(case.id, case.parent_identity, MOVE)
    return changing.moves(case.id)


def running(changing: ChangingOver, case: MadeCase) -> set[ClockCode]:
    with changing.database.begin(changing.scope) as session:
        return set(
            session.scalars(
                sa.select(CaseClock.code).where(
                    CaseClock.case_id == case.id, CaseClock.met_at.is_(None), CaseClock.stopped_at.is_(None)
                )
            )
        )


def test_an_early_end_alone_asks_nobody_and_moves_nothing(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    changing.ends()
    changing.sees_to_it()
    with changing.database.begin(changing.scope) as session:
        assert session.scalars(sa.select(ChangeOver)).all() == []
        view = queries.family_view(
            session, authority_id=case.authority.id, case_id=case.id, identity_id=case.parent_identity
        )
    assert (view.change, view.provider.id) == (None, changing.former.id)


def test_each_family_is_asked_once_and_nothing_moves_while_it_says_nothing(
    changing: ChangingOver, make: Factory
) -> None:
    cases = [a_case(changing, make), a_case(changing, make, CaseState.OUTCOME_RECORDED)]
    others = [
        a_case(changing, make, CaseState.CLOSED),
        a_case(changing, make, CaseState.WAITING_FOR_YOUNG_PERSON),
        make.case(changing.authority, provider=changing.taker),
    ]
    asked(changing)
    changing.sees_to_it()
    with changing.database.begin(changing.scope) as session:
        questions = session.scalars(sa.select(ChangeOver.case_id)).all()
        counts = change_counts(session, changing.authority.id, changing.former.id)
    assert sorted(questions) == sorted(case.id for case in cases)
    assert not {case.id for case in others} & set(questions)
    assert (counts.waiting, counts.unasked, counts.moved) == (2, 0, 0)
    assert changing.moves(cases[0].id).provider_id == changing.former.id


def test_a_family_that_stays_stays_and_may_say_otherwise_later(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    asked(changing)
    changing.says(case.id, case.parent_identity, STAY)
    assert changing.moves(case.id).provider_id == changing.former.id
    assert ClockCode.CHOOSE_BY not in running(changing, case)
    assert moved(changing, case).provider_id == changing.taker.id
    with changing.database.begin(changing.scope) as session:
        said = session.execute(
            sa.select(Consent.kind, Consent.state, Consent.means).where(Consent.case_id == case.id).order_by(Consent.id)
        ).all()
    assert [tuple(one) for one in said] == [
        (ConsentKind.CHANGE_PROVIDER, "declined", ConsentMeans.ONLINE),
        (ConsentKind.CHANGE_PROVIDER, "given", ConsentMeans.ONLINE),
    ]


def test_nobody_stays_with_a_provider_that_cannot_go_on(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    asked(changing, EarlyEndBecause.FAILED)
    with pytest.raises(Invalid):
        changing.says(case.id, case.parent_identity, STAY)


def test_only_whoever_holds_the_rights_says_it(changing: ChangingOver, make: Factory) -> None:
    case, other = a_case(changing, make), new_id()
    make.member(case, case.family, name="Kit", identity_id=other, is_rights_holder=False)
    asked(changing)
    for nobody in (other, new_id()):
        with pytest.raises(NotFound):
            changing.says(case.id, nobody, MOVE)


@pytest.mark.parametrize("before", GOES_ON)
def test_the_new_provider_has_it_where_it_goes_on_and_the_former_one_is_shut_out(
    changing: ChangingOver, make: Factory, before: CaseState
) -> None:
    case = a_case(changing, make, before)
    asked(changing)
    now = moved(changing, case)
    assert (now.provider_id, now.state, now.allocated_because) == (
        changing.taker.id,
        GOES_ON[before],
        AllocatedBecause.MOVED,
    )
    with changing.database.begin(provider_case_scope(changing.taker.id, case.authority.id, case.id)) as session:
        view = queries.provider_view(session, authority_id=case.authority.id, case_id=case.id)
        (row,) = worklists.rows_of(
            session, provider_id=changing.taker.id, cases=[(case.authority.id, case.id)]
        ).values()
    assert [statement.body for statement in view.statements] != []
    assert (row.child_name, row.next_due_code) == (case.child_name, ClockCode.ACKNOWLEDGE_BY)
    with changing.database.begin(provider_case_scope(changing.former.id, case.authority.id, case.id)) as session:
        with pytest.raises(NotFound):
            queries.provider_view(session, authority_id=case.authority.id, case_id=case.id)
        assert session.scalars(sa.select(ChangeOver)).all() == []
    with changing.database.begin(provider_scope(changing.former.id)) as session:
        (kept,) = worklists.passed_on(session, provider_id=changing.former.id, most=5)
    assert (kept.reference, kept.because) == (case.reference, PassedOnBecause.CONTRACT_ENDED)


def test_it_moves_once_with_its_record_however_often_the_job_runs(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    asked(changing)
    moved(changing, case)
    changing.moves(case.id)
    with changing.database.begin(changing.scope) as session:
        referrals = session.execute(
            sa.select(Referral.provider_id, Referral.state).where(Referral.case_id == case.id).order_by(Referral.id)
        ).all()
        acts = session.scalars(
            sa.select(AuditEvent.action).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id)
        ).all()
        assert session.scalar(sa.select(sa.func.count()).select_from(FormerHolding)) == 1
    assert [tuple(one) for one in referrals] == [
        (changing.former.id, ReferralState.PASSED_ON),
        (changing.taker.id, ReferralState.PENDING),
    ]
    assert acts == ["case.change_asked", "case.change_answered", "case.handed_over", "case.taken_over"]


def test_what_others_owe_runs_on_and_what_a_provider_owes_begins_anew(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    for code in (ClockCode.ANSWER_BY, ClockCode.APPEAL_BY, ClockCode.INVITE_BY, ClockCode.INFORMATION_BY):
        start_clock(make, case, code, 3)
    asked(changing)
    moved(changing, case)
    with changing.database.begin(changing.scope) as session:
        due = dict(
            session.execute(
                sa.select(CaseClock.code, CaseClock.due_on).where(
                    CaseClock.case_id == case.id, CaseClock.met_at.is_(None), CaseClock.stopped_at.is_(None)
                )
            ).all()
        )
    soon = NOW.date().replace(day=NOW.day + 3)
    assert due[ClockCode.ANSWER_BY] == due[ClockCode.APPEAL_BY] == soon
    assert due.keys() == {ClockCode.ANSWER_BY, ClockCode.APPEAL_BY, ClockCode.INVITE_BY, ClockCode.ACKNOWLEDGE_BY}


def test_the_fate_of_every_due_date_is_decided() -> None:
    assert AT_CHANGE.keys() == set(ClockCode)
    assert {code for code, fate in AT_CHANGE.items() if fate is AtChange.ANEW} == {
        ClockCode.ACKNOWLEDGE_BY,
        ClockCode.TELL_COUNCIL_BY,
        ClockCode.INVITE_BY,
        ClockCode.ARRANGE_BY,
    }


def test_the_new_provider_confirms_that_it_has_it_and_the_case_stays_where_it_stands(
    changing: ChangingOver, make: Factory
) -> None:
    case = a_case(changing, make)
    with changing.database.begin(changing.scope) as session:
        party = session.get_one(Party, (case.authority.id, case.council))
        session.add(
            Answer(
                authority_id=case.authority.id,
                case_id=case.id,
                party_id=party.id,
                value=AnswerValue.AGREED,
                answered_at=NOW,
            )
        )
        session.commit()
    asked(changing)
    moved(changing, case)
    about = {"at": NOW, "authority_id": case.authority.id, "case_id": case.id}
    scope = provider_case_scope(changing.taker.id, case.authority.id, case.id)
    with changing.database.begin(scope) as session:
        done = referral.acknowledge(session, actor=acting(Role.COORDINATOR, changing.taker), **about)
    assert done.state is CaseState.COUNCIL_TOLD
    with changing.database.begin(scope) as session:
        view = queries.provider_view(session, authority_id=case.authority.id, case_id=case.id)
        with pytest.raises(Conflict):
            referral.acknowledge(session, actor=acting(Role.COORDINATOR, changing.taker), **about)
    assert [party.answer for party in view.parties if party.kind == Viewer.LOCAL_AUTHORITY.value] == [
        AnswerValue.AGREED
    ]


def test_a_coordinator_records_what_a_family_says_on_the_phone(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    asked(changing)
    with changing.database.begin(case.provider_scope) as session:
        changing_over.choose(
            session,
            actor=acting(Role.COORDINATOR, changing.former),
            at=NOW,
            authority_id=case.authority.id,
            case_id=case.id,
            choice=MOVE,
            means=ConsentMeans.SPOKEN,
            member_id=case.parent,
        )
    assert changing.moves(case.id).provider_id == changing.taker.id


def test_a_provider_neither_asks_nor_moves_by_itself(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    asked(changing)
    for values in ({"moved_at": NOW}, {"new_provider_id": changing.former.id}, {"ended_at": NOW}):
        with changing.database.begin(case.provider_scope) as session, pytest.raises(DBAPIError, match="denied"):
            session.execute(sa.update(ChangeOver).where(ChangeOver.case_id == case.id).values(**values))


def test_taking_the_early_end_back_ends_the_question_and_is_too_late_once_a_case_moves(
    changing: ChangingOver, make: Factory
) -> None:
    case = a_case(changing, make)
    asked(changing)
    changing.takes_back()
    assert ClockCode.CHOOSE_BY not in running(changing, case)
    with pytest.raises(Conflict):
        changing.says(case.id, case.parent_identity, MOVE)
    asked(changing)
    changing.says(case.id, case.parent_identity, MOVE)
    with pytest.raises(Conflict):
        changing.takes_back()
    assert changing.moves(case.id).provider_id == changing.taker.id


def test_what_was_answered_otherwise_or_closed_meanwhile_does_not_move(changing: ChangingOver, make: Factory) -> None:
    case = a_case(changing, make)
    asked(changing)
    changing.says(case.id, case.parent_identity, MOVE)
    changing.says(case.id, case.parent_identity, STAY)
    assert changing.moves(case.id).provider_id == changing.former.id


def test_a_draft_that_not_everybody_confirmed_stays_behind(
    changing: ChangingOver, make: Factory, database: Database, login_urls: dict[str, str]
) -> None:
    held = held_meeting(make, database, a_case(changing, make, CaseState.MEETING_HELD))
    held.write()
    held.confirm(Side.COUNCIL, Side.INVITED)
    copy_id = held.own_copy(Side.FAMILY)
    asked(changing)
    moved(changing, held.case)
    assert held.draft(Side.FAMILY) is None
    with database.begin(held.scope(Side.FAMILY)) as session, pytest.raises(Conflict):
        drafts.confirm(session, actor=held.actor(Side.FAMILY), at=NOW, copy_id=copy_id)
    run_releases(database, changing.clock, login_urls["worker"])
    with database.begin(changing.scope) as session:
        view = queries.council_view(session, authority_id=changing.authority.id, case_id=held.case.id)
        assert (view.state, list(outcomes(session, view, at=NOW))) == (CaseState.AGREED, [])
    with database.begin(held.scope(Side.PROVIDER)) as session:
        assert session.scalars(sa.select(DraftAgreement.provider_id)).all() == [changing.former.id]


def test_the_new_provider_is_not_told_of_a_date_that_was_stopped_before_it_came(
    changing: ChangingOver, make: Factory, tmp_path: pathlib.Path
) -> None:
    case = a_case(changing, make)
    start_clock(make, case, ClockCode.TELL_COUNCIL_BY, 1, binds=Viewer.PROVIDER)
    with changing.database.begin(changing.scope) as session:
        begin_act(
            session,
            actor=changing.manager,
            by=Viewer.PROVIDER,
            at=NOW,
            authority_id=case.authority.id,
            case_id=case.id,
        ).stop(ClockCode.TELL_COUNCIL_BY)
        session.commit()
    asked(changing)
    moved(changing, case)
    with changing.database.begin(changing.scope) as session:
        newest = sa.select(Referral.id).where(Referral.case_id == case.id).order_by(Referral.id.desc())
        referral_id = session.scalars(newest.limit(1)).one()
    notices: list[ProviderNotice] = []
    changing.database.subscriptions.subscribe(ProviderNotice, lambda _, notice: notices.append(notice))
    jobs = CaseworkJobs(
        changing.database,
        changing.clock,
        PluginDelivery(changing.database, Gateway(tmp_path / "nobody.sock"), changing.clock, {}),
        provider_case_url=lambda *_: "",
        external_url=lambda host, path: f"https://{host}{path}",
        send_invitation=lambda _: None,
    )
    first = Attempt(number=1, is_last=False)
    of = {"authority_id": str(case.authority.id), "case_id": str(case.id), "referral_id": str(referral_id)}
    jobs.deliver_referral(first, **of)
    assert [notice.what_to_do for notice in notices] == ["Acknowledge this request in Parley."]
