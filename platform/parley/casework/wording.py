"""A case in plain words: where it stands, what happens next, by when, who holds it, what else can be done. Pure.

Used by every audience's pages and by notifications, so that all sides read the same thing, each from its own side.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from parley.casework import wording_texts as texts
from parley.casework.clocks import nearness
from parley.casework.domain import (
    AnswerValue,
    CaseState,
    ClockBasis,
    ClockCode,
    CloseReason,
    DeclineReason,
    Holder,
    PartyKind,
    Viewer,
)
from parley.casework.timeline import Happening
from parley.casework.views import CaseView, ClockView, PartyView, TimelineView
from parley.casework.wording_codes import INVITED, code_words, with_provider_then
from parley.kernel.sentences import capitalised, listed

#: The bases as ``components/clock.html`` names them.
BASES: Mapping[ClockBasis, str] = {
    ClockBasis.LAW: "law",
    ClockBasis.POLICY: "policy",
    ClockBasis.CONTRACT: "contract",
    ClockBasis.OUR_AIM: "aim",
}
#: The basis of dates that are neither a rule nor an aim of the service: what the council gave in a holding reply, and
#: a meeting's day, which those who come have agreed.
OWN_BASES: Mapping[ClockCode, str] = {
    ClockCode.HOLDING_UNTIL: "promise",
    ClockCode.MEETING_ON: "agreed",
    ClockCode.ACTION_BY: "settled",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Names:
    """What this council and its provider are called, and whom the words are for."""

    council: str
    provider: str
    service: str = "disagreement resolution"
    advice_service: str = "your local SEND advice service (SENDIASS)"
    young_person: str = "the young person"
    family_is_several: bool = False

    def words(self, viewer: Viewer) -> dict[str, str]:
        """Return what fills the braces of a text that ``viewer`` reads."""
        own = viewer is Viewer.FAMILY
        family = "you" if own else "the family"
        by = "You" if own and not self.family_is_several else "The family"
        return {
            "council": self.council,
            "provider": self.provider,
            "service": self.service,
            "advice_service": self.advice_service,
            "young_person": self.young_person,
            "request": "your request" if own else "the request",
            "family": family,
            "Family": capitalised(family),
            "By": by,
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class NextStep:
    """What happens next, by when (a London date, if there is one), who holds it, and a line of explanation."""

    what: str
    by: dt.date | None
    holder: str
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockWords:
    """A due date in words. ``basis`` and ``state`` are the ones of ``components/clock.html``."""

    name: str
    due: dt.date
    basis: str
    state: str
    binds: str
    if_missed: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class HappeningWords:
    """Something that happened, in words: a title, who did it, and perhaps a line more."""

    title: str
    by: str
    text: str | None = None


def state_words(
    state: CaseState, viewer: Viewer, names: Names, close_reason: CloseReason | None = None
) -> tuple[str, str]:
    """Return a state in a few words and its tone, as ``viewer`` reads it."""
    if state is CaseState.CLOSED and close_reason is CloseReason.WITHDRAWN:
        return "Withdrawn", "neutral"
    text, tone = texts.OWN_STATES.get((state, viewer)) or texts.STATES[state]
    return text.format_map(names.words(viewer)), tone


def next_step(view: CaseView, names: Names, on: dt.date) -> NextStep:
    """Return what happens next in the case as its viewer reads it on the London date ``on``."""
    viewer, words = view.viewer, names.words(view.viewer)
    if view.state is CaseState.CLOSED:
        reason = view.close_reason or CloseReason.COMPLETED
        return NextStep(
            what=texts.NEXT[CaseState.CLOSED],
            by=None,
            holder="Nobody",
            note=_fill(texts.CLOSED[reason], words),
        )
    asked = _running(view.clocks, (ClockCode.INFORMATION_BY,))
    if asked is not None and viewer in texts.INFORMATION_NEXT:
        what = _fill(texts.INFORMATION_NEXT[viewer], words)
        return NextStep(what=what, by=asked.due_on, holder=holder_words(Holder.FAMILY, viewer, names))
    if (taken := _taken_over(view)) is not None:
        own = texts.OWN_NEXT.get((CaseState.SENT, viewer))
        what = _fill(own or texts.NEXT[CaseState.SENT], words)
        return NextStep(what=what, by=taken.due_on, holder=holder_words(Holder.PROVIDER, viewer, names))
    due = _due_next(view)
    late = due is not None and due.is_missed(on)
    # A young person who takes their time is not late: what the family needs to know stays the same.
    note = texts.GOING_ON_NOTE if view.on_hold else texts.LATE if late else texts.NOTES.get(view.state, "")
    return NextStep(
        what=_what_next(view, names),
        by=due.due_on if due else None,
        holder=_holder_now(view, names),
        note=_fill(note, words) if viewer is Viewer.FAMILY and not view.waits_for_my_yes else "",
    )


def holder_words(holder: Holder, viewer: Viewer, names: Names) -> str:
    """Return who is to act next, as ``viewer`` calls them."""
    own = {
        Viewer.FAMILY: Holder.FAMILY,
        Viewer.PROVIDER: Holder.PROVIDER,
        Viewer.LOCAL_AUTHORITY: Holder.LOCAL_AUTHORITY,
    }
    if own.get(viewer) is holder:
        return "You"
    return {
        Holder.FAMILY: "The family",
        Holder.YOUNG_PERSON: capitalised(names.young_person),
        Holder.PROVIDER: names.provider,
        Holder.LOCAL_AUTHORITY: names.council,
        Holder.PARTIES: "Everybody who takes part",
        Holder.NOBODY: "Nobody",
    }[holder]


def clock_words(clock: ClockView, viewer: Viewer, names: Names, on: dt.date) -> ClockWords:
    """Return a due date in words, as ``viewer`` reads it on the London date ``on``."""
    words = {**names.words(viewer), "party": clock.party or INVITED}
    missed = texts.IF_MISSED.get(clock.code) if viewer is Viewer.FAMILY and clock.is_running() else None
    return ClockWords(
        name=clock_name(clock.code, viewer, words, binds=clock.binds),
        due=clock.due_on,
        basis=OWN_BASES.get(clock.code) or BASES[clock.basis],
        state="met" if clock.met_on is not None else nearness(clock.due_on, on),
        binds=_binds(clock, viewer, names),
        # It goes on a sentence, and so keeps its small first letter.
        if_missed=missed.format_map(words) if missed else None,
    )


def clock_name(code: ClockCode, viewer: Viewer, words: Mapping[str, str], *, binds: Viewer) -> str:
    """Return what is due, as ``viewer`` reads it; ``words`` are those of ``Names``, with the "party" it may be of."""
    for_all, own = texts.CLOCKS[code]
    return _fill(own if binds is viewer else for_all, words)


def due_dates(clocks: Iterable[ClockView], viewer: Viewer, names: Names, on: dt.date) -> list[ClockWords]:
    """Return the due dates that count, in words: what is still to be done before what was done, each by date."""
    said = [clock_words(clock, viewer, names, on) for clock in clocks if not clock.stopped]
    return sorted(said, key=lambda one: (one.state == "met", one.due))


def happening_words(
    happening: str,
    viewer: Viewer,
    names: Names,
    *,
    by: Viewer | None,
    codes: Mapping[str, str],
    parties: Mapping[str, str],
) -> HappeningWords:
    """Return something that happened in words for ``viewer``.

    ``happening`` is a value of Happening; one of a newer version is said as "The case was updated". ``parties`` gives
    the name of each party by its id.
    """
    known = _known(happening)
    if known is None:
        return HappeningWords(title="The case was updated", by=_by_words(by, viewer, names))
    words = names.words(viewer)
    words |= code_words(codes, words, parties)
    said = texts.HAPPENINGS[known]
    explained = texts.EXPLAINED.get(known) if viewer is Viewer.FAMILY else None
    return HappeningWords(
        title=_fill(said.get(viewer) or said[None], words),
        by=_automatically(known, viewer) or _by_words(by, viewer, names),
        text=_fill(explained, words) if explained else None,
    )


def timeline_words(view: CaseView, names: Names) -> list[tuple[TimelineView, HappeningWords]]:
    """Return the case's timeline in words, the newest first."""
    parties = {**view.providers, **{str(party.id): party_name(party, names) for party in view.parties}}
    said = []
    for entry, provider in with_provider_then(view.timeline, view.providers, names.provider):
        then = dataclasses.replace(names, provider=provider)
        words = happening_words(entry.happening, view.viewer, then, by=entry.by, codes=entry.codes, parties=parties)
        said.append((entry, words))
    return said[::-1]


def party_name(party: PartyView, names: Names) -> str:
    """Return what a party is called in the middle of a sentence: its own name where the family gave one."""
    return party.name or kind_name(party.kind, names)


def kind_name(kind: PartyKind, names: Names) -> str:
    """Return what a kind of party is called in the middle of a sentence."""
    return texts.PARTIES[kind].format(council=names.council)


def answer_words(party: PartyView, *, closed: bool = False) -> tuple[str, str]:
    """Return what a party answered in a few words, and the tone (``components/status.html``).

    In a ``closed`` case nobody waits for an answer that was not given.
    """
    if party.removed:
        return "Not taking part", "neutral"
    match party.answer:
        case AnswerValue.AGREED:
            return "Agreed to take part", "good"
        case AnswerValue.DECLINED:
            return "Said no", "bad"
        case None if not party.asked:
            told = "told" if party.kind is PartyKind.LOCAL_AUTHORITY else "invited"
            return f"Was not {told}" if closed else f"Not {told} yet", "neutral"
        case _ if closed:
            return "Need not answer any more", "neutral"
        case AnswerValue.HOLDING:
            return "Needs more time", "waiting"
        case None:
            return "No answer yet", "neutral"


def decline_words(reason: DeclineReason | None, names: Names) -> str:
    """Return why a party said no, in one sentence for the family; "" when it named no reason."""
    return _fill(texts.DECLINED[reason], names.words(Viewer.FAMILY)) if reason else ""


def _what_next(view: CaseView, names: Names) -> str:
    words = names.words(view.viewer)
    if view.waits_for_my_yes:
        return texts.YOUNG_PERSONS_GOING_ON if view.on_hold else texts.YOUNG_PERSONS_NEXT
    if view.on_hold:
        return _fill(texts.GOING_ON_NEXT, words)
    if view.state is CaseState.COUNCIL_TOLD:
        return _waiting_for_answers(view, names)
    own = texts.OWN_NEXT.get((view.state, view.viewer))
    return _fill(own or texts.NEXT[view.state], words)


def _waiting_for_answers(view: CaseView, names: Names) -> str:
    words = names.words(view.viewer)
    own = texts.OWN_NEXT.get((view.state, view.viewer))
    silent, uninvited = _silent(view)
    if own and any(_is_own(view, party) for party in silent):
        return own
    declined = [party for party in view.parties if party.answer is AnswerValue.DECLINED and not party.removed]
    if declined and not silent and not uninvited:
        return _fill(texts.DECLINED_NEXT, words | {"declined": listed(party_name(party, names) for party in declined)})
    verb = "say" if len(silent) > 1 else "says"
    words |= {
        "waiting_for": f"{listed(party_name(party, names) for party in silent) or 'Everybody'} {verb}",
        "uninvited": listed(party_name(party, names) for party in uninvited),
    }
    answers = texts.NEXT[CaseState.COUNCIL_TOLD] if silent or not uninvited else ""
    invites = (texts.INVITE_NEXT.get(view.viewer) or texts.INVITE_NEXT[None]) if uninvited else ""
    return _fill(", and ".join(step for step in (invites, answers) if step), words)


def _holder_now(view: CaseView, names: Names) -> str:
    """Return who holds the case: while answers are awaited, who was asked for one and who has to ask for one."""
    if view.waits_for_my_yes:
        return "You"
    if view.standing is not CaseState.COUNCIL_TOLD:
        return holder_words(view.holder, view.viewer, names)
    silent, uninvited = _silent(view)
    if not silent:
        return holder_words(Holder.PROVIDER, view.viewer, names)
    own = [party for party in silent if _is_own(view, party)]
    others = [party_name(party, names) for party in silent if party not in own]
    inviter = ["you" if view.viewer is Viewer.PROVIDER else names.provider] if uninvited else []
    return capitalised(listed([*inviter, *(["you"] if own else []), *others]))


def _silent(view: CaseView) -> tuple[list[PartyView], list[PartyView]]:
    """Return the parties whose final answer is still awaited: those that were asked, and those still to be invited."""
    silent = [
        party
        for party in view.parties
        if party.kind is not PartyKind.FAMILY
        and not party.removed
        and party.may_be_invited
        and party.answer in {None, AnswerValue.HOLDING}
    ]
    return [party for party in silent if party.asked], [party for party in silent if not party.asked]


def _is_own(view: CaseView, party: PartyView) -> bool:
    """Tell whether the reader is of this side: a council by its kind, an invited contact by their own place."""
    me = view.me()
    return party.kind.value == view.viewer.value or (me is not None and party.id == me.party_id)


def _due_next(view: CaseView) -> ClockView | None:
    """Return what is due in the next step; while several sides are asked something, a reader's own date first."""
    codes = texts.STATE_CLOCKS.get(view.standing, ())
    own = [clock for clock in view.clocks if clock.binds is view.viewer and view.standing is CaseState.COUNCIL_TOLD]
    return _running(own, codes) or _running(view.clocks, codes)


def _taken_over(view: CaseView) -> ClockView | None:
    """Return the date by which a provider confirms that it took the case over, further on than at its beginning."""
    return None if view.state is CaseState.SENT else _running(view.clocks, (ClockCode.ACKNOWLEDGE_BY,))


def _running(clocks: Iterable[ClockView], codes: tuple[ClockCode, ...]) -> ClockView | None:
    wanted = [clock for clock in clocks if clock.is_running() and clock.code in codes]
    return min(wanted, key=lambda clock: clock.due_on, default=None)


def _binds(clock: ClockView, viewer: Viewer, names: Names) -> str:
    if clock.binds is viewer:
        return capitalised(names.young_person) if clock.code is ClockCode.YOUNG_PERSON_BY else "You"
    return {
        Viewer.FAMILY: "The family",
        Viewer.PROVIDER: names.provider,
        Viewer.LOCAL_AUTHORITY: names.council,
        Viewer.INVITED: capitalised(clock.party or INVITED),
    }[clock.binds]


def _by_words(by: Viewer | None, viewer: Viewer, names: Names) -> str:
    match by:
        case Viewer.FAMILY:
            return names.words(viewer)["By"]
        case Viewer.PROVIDER:
            return "You" if viewer is by else names.provider
        case Viewer.LOCAL_AUTHORITY:
            return names.council
        case Viewer.INVITED:
            return "Somebody invited"
        case None:
            return ""


def _automatically(happening: Happening, viewer: Viewer) -> str:
    """Return what did this where no person did, "" where one did."""
    by = texts.AUTOMATIC.get(happening, {})
    return by.get(viewer) or by.get(None, "")


def _known(happening: str) -> Happening | None:
    try:
        return Happening(happening)
    except ValueError:
        return None


def _fill(text: str, words: Mapping[str, str]) -> str:
    return capitalised(text.format_map(words))
