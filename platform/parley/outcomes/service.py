"""Use cases on outcomes, each in one transaction on the open side."""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.agreement import ActionText, AgreementText, ConfirmedAgreement, OutcomeKind
from parley.casework.clocks import NewClock, response_clock
from parley.casework.domain import (
    CaseState,
    ClockBasis,
    ClockCode,
    CloseReason,
    PartyKind,
    ReferralState,
    Viewer,
)
from parley.casework.service.record import Act, begin_act, case_for_update
from parley.casework.service.referral import current_referral
from parley.casework.timeline import Happening
from parley.casework.views import CaseView
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.outcomes import queries
from parley.outcomes.domain import (
    ACTS_AS,
    LEADS_TO,
    LONGEST_DISPUTE,
    ActionChange,
    ActionFacts,
    ActionState,
    is_complete,
    state_after,
)
from parley.outcomes.models import AgreedAction, AgreedPoint, Agreement, Outcome, RemainingIssue
from parley.policy.domain import Policy

_HAPPENED = {
    ActionChange.DONE: Happening.ACTION_DONE,
    ActionChange.CONFIRM: Happening.ACTION_CONFIRMED,
    ActionChange.DISPUTE: Happening.ACTION_DISPUTED,
    ActionChange.TAKE_BACK: Happening.ACTION_TAKEN_BACK,
}


def release(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    agreement: ConfirmedAgreement,
) -> bool:
    """Put what every side confirmed onto the open side, and move the case on; tell whether that was done now. Commits.

    Twice changes nothing, and neither does a case that waits for no outcome (any more): what its parties said then
    stays where it is. Runs on the worker's login, the only one that may write an agreement.
    """
    case = case_for_update(session, authority_id, case_id)
    known = session.get(Outcome, (authority_id, agreement.draft_id))
    if known is not None or case.state is not CaseState.MEETING_HELD:
        return False
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    outcome = _outcome(act, agreement.meeting_id, agreement.text.kind, draft_id=agreement.draft_id)
    session.add(
        Agreement(
            authority_id=authority_id,
            case_id=case_id,
            outcome_id=outcome.id,
            version=agreement.version,
            confirmed={
                str(said.party_id): {"at": said.at.isoformat(), "spoken": said.spoken}
                for said in sorted(agreement.confirmations, key=lambda said: said.at)
            },
        )
    )
    _add_words(act, outcome, agreement.text)
    act.move(CaseState.OUTCOME_RECORDED)
    act.happened(Happening.OUTCOME_RECORDED, subject_id=outcome.id, kind=outcome.kind.value)
    session.commit()
    return True


def record_nothing_agreed(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    meeting_id: uuid.UUID | None,
) -> uuid.UUID:
    """Record that a meeting was held and nothing was agreed, with no word of what was said; return its id. Commits.

    The provider's act. Raises Conflict unless the case waits for the outcome of a meeting.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    outcome = _outcome(act, meeting_id, OutcomeKind.NONE)
    act.move(CaseState.OUTCOME_RECORDED)
    act.happened(Happening.OUTCOME_RECORDED, subject_id=outcome.id, kind=outcome.kind.value)
    session.commit()
    return outcome.id


def say_of_action(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    case: CaseView,
    action_id: uuid.UUID,
    change: ActionChange,
    words: str = "",
) -> None:
    """Say of an agreed action that it is done, that it is not, or take that back; for whom ``case`` was read. Commits.

    ``words`` say what is missing: every side reads them. Twice changes nothing. When the last action of a full
    agreement is confirmed, the case closes. Raises NotFound for an action of another case, Invalid for a dispute that
    says nothing, Conflict for what the person may not say of it, or not any more.
    """
    row = case_for_update(session, case.authority_id, case.id)
    action = session.get(AgreedAction, (case.authority_id, action_id), populate_existing=True)
    if action is None or action.case_id != row.id:
        raise NotFound
    kinds = {party.id: party.kind for party in case.parties}
    facts = queries.facts_of(action, kinds)
    if facts.by is case.viewer and facts.state is LEADS_TO.get(change):
        # Two clicks of one person: said once.
        return
    if row.state is not case.state or change not in queries.changes_of(facts, action.owner_id, case, at):
        raise Conflict("This has changed since the page was opened. Look at how it stands now.", code="action-moved-on")
    if change is ActionChange.DISPUTE:
        if not words.strip() or len(words) > LONGEST_DISPUTE:
            raise Invalid({"words": [_dispute_problem(words)]})
        action.disputed = words.strip()
    act = Act(session=session, case=row, actor=actor, by=case.viewer, at=at)
    _set(act, action, facts, change)
    # The date that was its own says, beside whose action it is, which one: messages about it are settled by that.
    of_action = {"about_clock": str(action.clock_id)} if action.clock_id is not None else {}
    act.happened(_HAPPENED[change], subject_id=action.id, party=facts.owner or Viewer.PROVIDER, **of_action)
    _close_when_complete(act, action, kinds)
    session.commit()


def close_case(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """Close a case whose outcome is recorded. Commits. The provider's act; Conflict in any other state."""
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    _require_outcome(act)
    _close(act)
    session.commit()


def arrange_another(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID, policy: Policy
) -> None:
    """Open the case for another meeting; the outcome so far stays, with its actions. Commits. The provider's act.

    ``policy`` is the version the case began under. Raises Conflict unless an outcome is recorded.
    """
    act = begin_act(session, actor=actor, by=Viewer.PROVIDER, at=at, authority_id=authority_id, case_id=case_id)
    _require_outcome(act)
    act.require_going_on()
    act.move(CaseState.AGREED)
    act.start([response_clock(ClockCode.ARRANGE_BY, policy, london_date(at))])
    act.happened(Happening.ANOTHER_MEETING)
    session.commit()


def _outcome(
    act: Act, meeting_id: uuid.UUID | None, kind: OutcomeKind, *, draft_id: uuid.UUID | None = None
) -> Outcome:
    outcome = Outcome(
        authority_id=act.case.authority_id,
        case_id=act.case.id,
        meeting_id=meeting_id,
        kind=kind,
        was_confirmed=draft_id is not None,
        recorded_at=act.at,
    )
    if draft_id is not None:
        # The draft's own id: however often its release runs, there is one outcome of it.
        outcome.id = draft_id
    act.session.add(outcome)
    return outcome


def _add_words(act: Act, outcome: Outcome, text: AgreementText) -> None:
    of_outcome = {"authority_id": outcome.authority_id, "case_id": outcome.case_id, "outcome_id": outcome.id}
    kinds = queries.party_kinds(act.session, outcome.authority_id, outcome.case_id)
    act.session.add_all(AgreedPoint(words=words, **of_outcome) for words in text.points)
    act.session.add_all(RemainingIssue(words=words, **of_outcome) for words in text.remaining)
    for action in text.actions:
        owner = kinds[action.owner_id] if action.owner_id else None
        clock_id = act.start_beside(_clock(owner, action))
        act.session.add(
            AgreedAction(
                owner_id=action.owner_id,
                what=action.what,
                due_on=action.due_on,
                clock_id=clock_id,
                state=ActionState.OPEN,
                state_since=act.at,
                **of_outcome,
            )
        )


def _set(act: Act, action: AgreedAction, facts: ActionFacts, change: ActionChange) -> None:
    action.state = state_after(facts, change)
    action.state_since, action.state_by = act.at, act.by
    if action.state is ActionState.OPEN:
        action.done_at, action.state_by = None, None
    if action.state in {ActionState.OPEN, ActionState.DISPUTED}:
        if action.clock_id is not None:
            act.reopen_one(action.clock_id)
        return
    action.done_at = action.done_at or act.at
    action.disputed_sealed = None
    if action.clock_id is not None:
        act.meet_one(action.clock_id)


def _clock(owner: PartyKind | None, action: ActionText) -> NewClock:
    # What its owner promised at the meeting: neither law nor an aim of the service.
    return NewClock(
        code=ClockCode.ACTION_BY,
        basis=ClockBasis.POLICY,
        binds=ACTS_AS[owner],
        due_on=action.due_on,
        party_id=action.owner_id,
    )


def _close_when_complete(act: Act, action: AgreedAction, kinds: Mapping[uuid.UUID, PartyKind]) -> None:
    act.session.flush()
    outcome = act.session.get_one(Outcome, (action.authority_id, action.outcome_id))
    actions = queries.actions_of(act.session, action.authority_id, action.outcome_id)
    if is_complete(outcome.kind, [queries.facts_of(one, kinds) for one in actions]):
        _close(act)


def _close(act: Act) -> None:
    act.move(CaseState.CLOSED, because=CloseReason.COMPLETED)
    act.stop_all()
    current_referral(act.session, act.case).state = ReferralState.ENDED
    act.happened(Happening.CLOSED, reason=CloseReason.COMPLETED.value)


def _require_outcome(act: Act) -> None:
    if act.case.state is not CaseState.OUTCOME_RECORDED:
        raise Conflict("This case has no outcome that is still open.", code="case-moved-on")


def _dispute_problem(words: str) -> str:
    if not words.strip():
        return "Say what is not done, or not as agreed"
    return f"What you write must be {LONGEST_DISPUTE:,} characters or fewer"
