"""Cases by the ten thousand, as councils have them: some just sent, many with the council, most of them closed.

One council at a time, in its own scope, so that the same works for one council and for all of England's 153.
"""

import dataclasses
import datetime as dt
import random
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from bench.copying import row, write
from bench.plan import FIRST_NAMES, LAST_NAMES, ORDER, SPREAD, CasePlan, Due
from parley.casework.allocation import AllocatedBecause
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    Channel,
    ClockBasis,
    ClockCode,
    CloseReason,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    ItemKind,
    PartyKind,
    ReferralState,
    StatementKind,
    Viewer,
    council_list,
    reference,
)
from parley.casework.models import (
    Answer,
    Case,
    CaseClock,
    Child,
    Consent,
    Party,
    PartyMember,
    Referral,
    Share,
    Statement,
    TimelineEntry,
    WorklistEntry,
)
from parley.casework.timeline import Happening, viewers_of
from parley.db.base import Base
from parley.db.scope import authority_scope
from parley.db.sealed import search_fingerprint
from parley.db.session import Database
from parley.kernel.ids import new_id
from parley.tenancy.domain import Authority

#: Cases written in one transaction.
BATCH = 1_000

#: What people read of a case, by the state that it led to.
_STORY = {
    CaseState.SENT: (Happening.REQUEST_SENT, Viewer.FAMILY),
    CaseState.ACKNOWLEDGED: (Happening.ACKNOWLEDGED, Viewer.PROVIDER),
    CaseState.COUNCIL_TOLD: (Happening.COUNCIL_TOLD, Viewer.PROVIDER),
    CaseState.AGREED: (Happening.EVERYONE_AGREED, Viewer.LOCAL_AUTHORITY),
    CaseState.MEETING_ARRANGED: (Happening.MEETING_FIXED, Viewer.PROVIDER),
    CaseState.MEETING_HELD: (Happening.MEETING_HELD, Viewer.PROVIDER),
    CaseState.CLOSED: (Happening.WITHDRAWN, Viewer.FAMILY),
}

_STORY_SENTENCE = "The help that is written in the plan has not been given since September. We asked twice. "


@dataclasses.dataclass(frozen=True, kw_only=True)
class Council:
    """For whom cases are made, and who has them."""

    authority: Authority
    provider_id: uuid.UUID
    policy_version_id: uuid.UUID
    officers: tuple[uuid.UUID, ...]
    coordinators: tuple[uuid.UUID, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Made:
    """A case that was made."""

    id: uuid.UUID
    state: CaseState

    @property
    def told(self) -> bool:
        """Whether its council may open it."""
        return self.state not in {CaseState.SENT, CaseState.ACKNOWLEDGED}


def generate(
    database: Database,
    council: Council,
    count: int,
    *,
    at: dt.datetime,
    parent: uuid.UUID,
    seed: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Made]:
    """Make ``count`` cases of ``council`` as they stand ``at``; return them. ``progress`` hears how many there are.

    Every two-hundredth is the case of ``parent``, an identity of the council's realm. The same seed makes the same
    spread.
    """
    chance, made = random.Random(seed), []  # noqa: S311  no secret is made of it
    for first in range(0, count, BATCH):
        with database.begin(authority_scope(council.authority.id)) as session:
            writer = _Writer(session, council, at, chance)
            for number in range(first, min(first + BATCH, count)):
                made.append(writer.case(number, parent if number % 200 == 0 else new_id()))
            write(session, writer.rows)
            session.commit()
        progress(len(made))
    return made


class _Writer:
    """Makes the rows of one batch."""

    def __init__(self, session: Session, council: Council, at: dt.datetime, chance: random.Random) -> None:
        self._session, self._council, self._at, self._chance = session, council, at, chance
        self.rows: list[Base] = []

    def case(self, number: int, parent: uuid.UUID) -> Made:
        """Make one case and all that hangs on it."""
        chance = self._chance
        (state,) = chance.choices(ORDER, weights=list(SPREAD.values()))
        is_open = state is not CaseState.CLOSED
        age = chance.uniform(1, 60) if is_open else chance.uniform(60, 700)
        case = CasePlan(
            id=new_id(),
            number=number,
            state=state,
            sent=self._at - dt.timedelta(days=age),
            child=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
        )
        parties = {kind: new_id() for kind in (PartyKind.FAMILY, PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING)}
        due = self._clocks(case)
        self._case(case, due)
        asker = self._people(case, parties, parent)
        self._statements(case, parties, asker)
        self._happened(case)
        if case.reached(CaseState.AGREED):
            self._answers(case, parties)
        return Made(id=case.id, state=state)

    def _add(self, model: type[Base], case: CasePlan, **values: Any) -> None:
        if model is not Case and model is not WorklistEntry:
            values["case_id"] = case.id
        self.rows.append(row(self._session, model, authority_id=self._council.authority.id, **values))

    def _case(self, case: CasePlan, due: Due) -> None:
        council, told = self._council, case.reached(CaseState.COUNCIL_TOLD)
        number = reference(council.authority.reference_prefix, case.sent.year, 50_000 + case.number)
        key = f"{case.child}|{case.born}"
        common = {"reference": number, "state": case.state, "channel": Channel.ONLINE}
        self._add(
            WorklistEntry,
            case,
            provider_id=council.provider_id,
            case_id=case.id,
            is_open=case.state is not CaseState.CLOSED,
            received_at=case.sent,
            next_due_on=due.provider_on,
            next_due_code=due.provider_code,
            next_due_basis=ClockBasis.OUR_AIM if due.provider_code else None,
            coordinator_id=self._chance.choice((None, *council.coordinators)),
            name=case.child,
            child_fingerprint=search_fingerprint(self._session, council.provider_id, "provider_worklist.child", key),
            updated_at=case.sent,
            **common,
        )
        self._add(
            Case,
            case,
            id=case.id,
            version=1,
            state_since=case.sent,
            listed=council_list(case.state, told=told),
            close_reason=CloseReason.WITHDRAWN if case.state is CaseState.CLOSED else None,
            closed_at=case.sent + dt.timedelta(days=50) if case.state is CaseState.CLOSED else None,
            policy_version_id=council.policy_version_id,
            law_version="england-2014",
            provider_id=council.provider_id,
            allocated_because=AllocatedBecause.SOLE,
            areas=["A", "B"],
            against=["local_authority", "setting"],
            facts={"stage": "plan_in_force", "decision_letter_date": case.sent.date().isoformat()},
            asked_as_question=self._chance.random() < 0.1,
            sent_at=case.sent,
            council_told_at=case.sent + dt.timedelta(days=2) if told else None,
            assigned_id=self._chance.choice((None, *council.officers)) if told else None,
            next_due_on=due.council_on,
            next_due_code=due.council_code,
            child_name=case.child,
            child_fingerprint=search_fingerprint(self._session, council.authority.id, "case.child_name", case.child),
            **common,
        )

    def _clocks(self, case: CasePlan) -> Due:
        """Add the case's due dates; return those that its two lists sort by."""
        day, asked = case.sent.date(), case.sent + dt.timedelta(days=1)
        told = case.reached(CaseState.COUNCIL_TOLD)
        for code, binds, due_on, met in (
            (
                ClockCode.ACKNOWLEDGE_BY,
                Viewer.PROVIDER,
                day + dt.timedelta(days=2),
                case.reached(CaseState.ACKNOWLEDGED),
            ),
            (ClockCode.TELL_COUNCIL_BY, Viewer.PROVIDER, day + dt.timedelta(days=5), told),
            (ClockCode.ANSWER_BY, Viewer.LOCAL_AUTHORITY, case.answer_by, case.reached(CaseState.AGREED)),
            (ClockCode.APPEAL_BY, Viewer.FAMILY, day + dt.timedelta(days=61), False),
        ):
            if code is ClockCode.ANSWER_BY and not told:
                continue
            self._add(
                CaseClock,
                case,
                code=code,
                basis=ClockBasis.LAW if code is ClockCode.APPEAL_BY else ClockBasis.OUR_AIM,
                binds=binds.value,
                due_on=due_on,
                started_at=case.sent,
                met_at=asked if met else None,
            )
        return Due.of(case)

    def _people(self, case: CasePlan, parties: dict[PartyKind, uuid.UUID], parent: uuid.UUID) -> uuid.UUID:
        names = {PartyKind.FAMILY: "", PartyKind.LOCAL_AUTHORITY: self._council.authority.name}
        for kind, party_id in parties.items():
            self._add(Party, case, id=party_id, kind=kind, name=names.get(kind, case.setting), may_be_invited=True)
        asker = new_id()
        self._add(
            PartyMember,
            case,
            id=asker,
            party_id=parties[PartyKind.FAMILY],
            identity_id=parent,
            capacity=Capacity.PARENT_CARER,
            is_rights_holder=True,
            name=f"Ash {case.child.partition(' ')[2]}",
            email="ash@family.invalid",
            phone="+441632960001",
        )
        self._add(
            PartyMember,
            case,
            party_id=parties[PartyKind.SETTING],
            capacity=Capacity.SETTING_CONTACT,
            is_rights_holder=False,
            name="Sam Field",
            email="office@setting.invalid",
        )
        self._add(Child, case, date_of_birth=case.born, address="4 Hidden Lane", setting=case.setting, given_by=asker)
        for kind in (ConsentKind.TELL_COUNCIL, ConsentKind.TAKE_PART, ConsentKind.ASK_SETTING):
            self._add(
                Consent,
                case,
                member_id=asker,
                kind=kind,
                state=ConsentState.GIVEN,
                means=ConsentMeans.ONLINE,
                text_version="1",
                at=case.sent,
            )
        self._add(
            Referral,
            case,
            provider_id=self._council.provider_id,
            state=ReferralState.SUBMITTED,
            made_at=case.sent,
            submitted_at=case.sent,
        )
        return asker

    def _statements(self, case: CasePlan, parties: dict[PartyKind, uuid.UUID], asker: uuid.UUID) -> None:
        for kind, length in ((StatementKind.STORY, 12), (StatementKind.WISH, 2)):
            statement = new_id()
            self._add(
                Statement,
                case,
                id=statement,
                member_id=asker,
                kind=kind,
                body=_STORY_SENTENCE * length,
                written_at=case.sent,
            )
            if self._chance.random() < 0.5:
                self._add(
                    Share,
                    case,
                    item_kind=ItemKind.STATEMENT,
                    item_id=statement,
                    party_id=parties[PartyKind.LOCAL_AUTHORITY],
                    shared_by=asker,
                    shared_at=case.sent,
                )

    def _happened(self, case: CasePlan) -> None:
        for days, state in enumerate(ORDER[: ORDER.index(case.state) + 1]):
            happening, by = _STORY[state]
            self._add(
                TimelineEntry,
                case,
                at=case.sent + dt.timedelta(days=days),
                code=happening.value,
                by=by.value,
                viewers=sorted(viewers_of(happening)),
                codes={},
            )

    def _answers(self, case: CasePlan, parties: dict[PartyKind, uuid.UUID]) -> None:
        for kind in (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING):
            self._add(
                Answer,
                case,
                party_id=parties[kind],
                value=AnswerValue.AGREED,
                words="We will come and listen.",
                answered_at=case.sent + dt.timedelta(days=3),
            )
