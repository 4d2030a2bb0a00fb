"""Who hears of what: everything is decided, and nobody hears what is not theirs."""

import itertools

import pytest

from parley.casework.domain import ClockCode, Viewer
from parley.casework.timeline import Happening, viewers_of
from parley.notifications.decisions import (
    DECISIONS,
    DRAFTS,
    MISSED,
    NOT_EXPECTED,
    OWN_ACTION,
    PLACE_CHANGED,
    PRIVATE_MESSAGES,
    SIDES,
    TOLD_ANYWAY,
    ByPhone,
    Cell,
    MessageCode,
    Silence,
    messages_for,
)
from parley.notifications.domain import MISSABLE, RecipientKind
from parley.notifications.wording import SAY, WHOM, task_words

ONE_OFFS = {
    MessageCode.SIGN_IN_LINK,
    MessageCode.INVITATION_MEMBER,
    MessageCode.INVITATION_YOUNG_PERSON,
    MessageCode.INVITATION_BODY,
    MessageCode.INVITATION_CODE,
    MessageCode.DATE_REMINDER,
    MessageCode.PROVIDER_NOTICE,
    *(code for _, code in PRIVATE_MESSAGES.values()),
    *(code for _, code in DRAFTS.values()),
    *(code for _, code in PLACE_CHANGED.values()),
    NOT_EXPECTED,
    MessageCode.PROVIDER_CONCERN_RAISED,
    *(code for _, *codes in OWN_ACTION.values() for code in codes if code is not None),
}


def code_of(cell: Cell) -> MessageCode | None:
    if isinstance(cell, ByPhone):
        return cell.code
    return cell if isinstance(cell, MessageCode) else None


@pytest.mark.parametrize("happening", Happening)
def test_everything_that_can_happen_is_decided_for_every_recipient(happening: Happening) -> None:
    cells = DECISIONS[happening].cells()
    assert cells.keys() == set(RecipientKind)
    assert all(isinstance(cell, (MessageCode, ByPhone, Silence)) for cell in cells.values())


def test_every_clock_that_can_be_missed_is_decided_and_no_other() -> None:
    assert MISSED.keys() == MISSABLE


def test_the_familys_own_dates_in_law_are_never_called_missed() -> None:
    assert MISSABLE.isdisjoint({ClockCode.ADVISER_BY, ClockCode.APPEAL_BY})


@pytest.mark.parametrize("happening", Happening)
def test_nobody_is_told_of_what_is_not_written_for_their_side(happening: Happening) -> None:
    for row in MISSED.values() if happening is Happening.CLOCK_MISSED else [DECISIONS[happening]]:
        for kind, cell in row.cells().items():
            if code_of(cell) is not None:
                assert SIDES[kind] in viewers_of(happening), kind


def test_only_young_people_hear_as_family() -> None:
    for row in (*DECISIONS.values(), *MISSED.values()):
        assert {kind for kind, cell in row.cells().items() if cell is Silence.AS_FAMILY} <= {RecipientKind.YOUNG_PERSON}


@pytest.mark.parametrize(("happening", "by"), list(itertools.product(Happening, [None, *Viewer])))
def test_until_the_council_is_told_nobody_outside_hears_anything(happening: Happening, by: Viewer | None) -> None:
    clocks = MISSED if happening is Happening.CLOCK_MISSED else [None]
    for clock in clocks:
        told = messages_for(happening, by=by, council_knows=False, clock=clock)
        outside = {kind: code_of(told[kind]) for kind in (RecipientKind.COUNCIL, RecipientKind.INVITED) if kind in told}
        # That a request has no provider, by its reference alone: nobody but the council can find one.
        assert set(outside.values()) <= TOLD_ANYWAY
        assert not outside or happening is Happening.NOT_PLACED or clock is ClockCode.PLACE_BY


def test_who_acted_is_not_told_of_their_own_act() -> None:
    told = messages_for(Happening.ACTION_DONE, by=Viewer.FAMILY, council_knows=True)
    assert RecipientKind.FAMILY not in told
    told = messages_for(Happening.ACTION_DONE, by=Viewer.LOCAL_AUTHORITY, council_knows=True)
    assert told[RecipientKind.FAMILY] is MessageCode.ACTION_DONE


def test_a_family_gets_its_request_confirmed() -> None:
    told = messages_for(Happening.REQUEST_SENT, by=Viewer.FAMILY, council_knows=False)
    assert told == {RecipientKind.FAMILY: MessageCode.REQUEST_SENT}


def test_a_late_answer_is_told_to_the_family_the_council_and_the_coordinators() -> None:
    told = messages_for(
        Happening.CLOCK_MISSED, by=Viewer.LOCAL_AUTHORITY, council_knows=True, clock=ClockCode.ANSWER_BY
    )
    assert told == {
        RecipientKind.FAMILY: MessageCode.OTHERS_LATE,
        RecipientKind.COUNCIL: MessageCode.COUNCIL_ANSWER_LATE,
        RecipientKind.PROVIDER: MessageCode.PROVIDER_OTHERS_LATE,
    }


@pytest.mark.parametrize("clock", [ClockCode.ACKNOWLEDGE_BY, ClockCode.TELL_COUNCIL_BY])
def test_what_the_provider_owes_and_misses_reaches_its_administrator_and_the_family(clock: ClockCode) -> None:
    told = messages_for(Happening.CLOCK_MISSED, by=Viewer.PROVIDER, council_knows=False, clock=clock)
    assert told == {
        RecipientKind.FAMILY: MessageCode.OTHERS_LATE,
        RecipientKind.ADMINISTRATOR: MessageCode.ADMINISTRATOR_LATE,
    }


def test_every_message_has_somebody_who_gets_it() -> None:
    rows = (*DECISIONS.values(), *MISSED.values())
    sent = {code_of(cell) for row in rows for cell in row.cells().values()} - {None}
    assert sent | ONE_OFFS == set(MessageCode)


def test_every_message_to_a_person_or_a_council_can_be_told_by_a_coordinator() -> None:
    for row in (*DECISIONS.values(), *MISSED.values()):
        for kind, cell in row.cells().items():
            code = code_of(cell)
            if code is not None and kind in WHOM:
                assert task_words(kind, code)
    assert {MessageCode.DATE_REMINDER, NOT_EXPECTED} <= SAY.keys()
