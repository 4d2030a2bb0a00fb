"""The sentences themselves: states, next steps, due dates, happenings, for each side that reads them. Pure.

Names in braces are filled by ``wording``: {provider}, {council}, {request} ("your request" for the family, "the
request" for others), {family} ("you" or "the family"), {party} (a side of the case), {service}. A text of the side that
has to act speaks to it as "you".
"""

from collections.abc import Mapping

from parley.casework.domain import (
    CaseState,
    ClockCode,
    CloseReason,
    DeclineReason,
    PartyKind,
    StatementKind,
    Viewer,
)
from parley.casework.timeline import Happening

FAMILY, PROVIDER = Viewer.FAMILY, Viewer.PROVIDER
COUNCIL, INVITED = Viewer.LOCAL_AUTHORITY, Viewer.INVITED

#: A state in two to four words, and its tone (``components/status.html``), as everybody reads it.
STATES: Mapping[CaseState, tuple[str, str]] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: ("Waiting for the young person’s yes", "waiting"),
    CaseState.SENT: ("Sent to {provider}", "waiting"),
    CaseState.ACKNOWLEDGED: ("With {provider}", "waiting"),
    CaseState.UNPLACED: ("Looking for a provider", "waiting"),
    CaseState.COUNCIL_TOLD: ("Waiting for answers", "waiting"),
    CaseState.AGREED: ("Everybody agreed", "good"),
    CaseState.MEETING_ARRANGED: ("Meeting arranged", "good"),
    CaseState.MEETING_HELD: ("Meeting held", "good"),
    CaseState.OUTCOME_RECORDED: ("Outcome recorded", "good"),
    CaseState.CLOSED: ("Closed", "neutral"),
}

#: The same where it is the reader who has to act.
OWN_STATES: Mapping[tuple[CaseState, Viewer], tuple[str, str]] = {
    (CaseState.SENT, PROVIDER): ("New: acknowledge", "action"),
    (CaseState.ACKNOWLEDGED, PROVIDER): ("Tell the council", "action"),
    (CaseState.AGREED, PROVIDER): ("Arrange a meeting", "action"),
    (CaseState.MEETING_HELD, PROVIDER): ("Record the outcome", "action"),
}

CLOSED: Mapping[CloseReason, str] = {
    CloseReason.COMPLETED: "Everything that was agreed is done, or there is nothing left to do here.",
    CloseReason.WITHDRAWN: "{By} withdrew {request}. A new one can be made at any time.",
    CloseReason.NOT_PROCEEDING: "The case could not go on, because not everybody it needs would take part.",
    CloseReason.SIGNPOSTED: "Another way is the right one. {provider} told {family} which.",
    CloseReason.YOUNG_PERSON_SAID_NO: "The young person said no, and the choice is theirs. Nobody else was told.",
}

#: What happens next, as those read it who wait for it.
NEXT: Mapping[CaseState, str] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: "{young_person} says whether they agree that you ask",
    CaseState.SENT: "{provider} reads {request} and confirms that it has it",
    CaseState.ACKNOWLEDGED: "{provider} tells {council} that {family} asked",
    CaseState.UNPLACED: "{council} says which provider takes {request}",
    CaseState.COUNCIL_TOLD: "{waiting_for} whether to take part",
    CaseState.AGREED: "{provider} arranges a meeting with everybody",
    CaseState.MEETING_ARRANGED: "The meeting is held",
    CaseState.MEETING_HELD: "{provider} writes down what came of the meeting, and everybody who was there checks it",
    CaseState.OUTCOME_RECORDED: "What was agreed is done, and checked off here",
    CaseState.CLOSED: "Nothing more happens here",
}

#: The same to the side that has to do it.
OWN_NEXT: Mapping[tuple[CaseState, Viewer], str] = {
    (CaseState.SENT, PROVIDER): "Read the request and acknowledge it",
    (CaseState.ACKNOWLEDGED, PROVIDER): "Tell {council} that the family asked",
    (CaseState.COUNCIL_TOLD, COUNCIL): "Answer whether the council takes part",
    (CaseState.COUNCIL_TOLD, INVITED): "Answer whether you take part",
    (CaseState.AGREED, PROVIDER): "Arrange a meeting",
    (CaseState.MEETING_HELD, PROVIDER): "Record the outcome",
}

YOUNG_PERSONS_NEXT = "You say whether you agree to this request"
#: The same of a case on hold, to its young person, to those who wait for them, and what that means to the family.
YOUNG_PERSONS_GOING_ON = "You say whether this goes on"
GOING_ON_NEXT = "{young_person} says whether this goes on"
GOING_ON_NOTE = (
    "They have reached school leaving age, so the choice is theirs now. Until they say yes nothing new is shared and "
    "no meeting is arranged. What was agreed before stays, and you can still read what you could read. They can also "
    "say it by phone to {provider}, with the reference and their name."
)
INFORMATION_NEXT = {
    FAMILY: "Answer the question that {provider} asked you",
    PROVIDER: "The family answers your question",
}
#: Beside it, while a body that the family wants asked has no invitation.
INVITE_NEXT: Mapping[Viewer | None, str] = {PROVIDER: "you invite {uninvited}", None: "{provider} invites {uninvited}"}
DECLINED_NEXT = "{provider} asks those who agreed whether to go on without {declined}, or ends the case"

#: A line below the next step: what it means, and what if it does not come.
NOTES: Mapping[CaseState, str] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: (
        "They have reached school leaving age, so the choice is theirs. Nothing is sent on until they say yes. They "
        "can also say it by phone to {provider}, with the reference and their name."
    ),
    CaseState.SENT: "You need not do anything. If you have not heard by then, ring {provider}.",
    CaseState.ACKNOWLEDGED: "{council} does not know of {request} until {provider} tells it.",
    CaseState.UNPLACED: (
        "The provider that had {request} cannot take it. Nothing of what you sent is lost, and you need not send it "
        "again. {council} is told its reference and nothing of what you wrote. Ring the council if you have not heard "
        "by then."
    ),
    CaseState.COUNCIL_TOLD: (
        "Taking part is voluntary for everybody. No answer is not a no: {provider} asks again and tells you."
    ),
    CaseState.AGREED: "You are asked which times and ways to meet suit you, before anything is fixed.",
    CaseState.MEETING_ARRANGED: "You can bring somebody to support you. Nobody can object to whom you choose.",
    CaseState.MEETING_HELD: "Nothing counts as agreed until you have confirmed your own copy.",
    CaseState.OUTCOME_RECORDED: "If something that was agreed is not done in time, say so here or ring {provider}.",
}
LATE = "This date has passed. Ring {provider} to ask where it stands; you lose nothing by asking."

#: Which due dates belong to the next step of a state; the first to come counts.
STATE_CLOCKS: Mapping[CaseState, tuple[ClockCode, ...]] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: (ClockCode.YOUNG_PERSON_BY,),
    CaseState.SENT: (ClockCode.ACKNOWLEDGE_BY,),
    CaseState.ACKNOWLEDGED: (ClockCode.TELL_COUNCIL_BY,),
    CaseState.UNPLACED: (ClockCode.PLACE_BY,),
    CaseState.COUNCIL_TOLD: (
        ClockCode.INVITE_BY,
        ClockCode.ANSWER_BY,
        ClockCode.HOLDING_UNTIL,
        ClockCode.INVITATION_BY,
    ),
    CaseState.AGREED: (ClockCode.ARRANGE_BY,),
    CaseState.MEETING_ARRANGED: (ClockCode.MEETING_ON,),
    CaseState.OUTCOME_RECORDED: (ClockCode.ACTION_BY,),
}

#: What is due: as everybody reads it, and to the side it binds.
CLOCKS: Mapping[ClockCode, tuple[str, str]] = {
    ClockCode.ADVISER_BY: ("The family contacts the mediation adviser", "Contact the mediation adviser"),
    ClockCode.APPEAL_BY: (
        "The family appeals, if it wants to",
        "Appeal to the SEND Tribunal, if you want to",
    ),
    ClockCode.ACKNOWLEDGE_BY: ("{provider} confirms that it has {request}", "Acknowledge the request"),
    ClockCode.TELL_COUNCIL_BY: ("{provider} tells {council}", "Tell {council}"),
    ClockCode.ANSWER_BY: ("{council} answers", "Answer the request"),
    ClockCode.HOLDING_UNTIL: ("{council} said it would answer by then", "Answer, as you said you would"),
    ClockCode.YOUNG_PERSON_BY: ("{young_person} answers", "{young_person} answers"),
    ClockCode.INFORMATION_BY: ("The family answers {provider}’s question", "Answer {provider}’s question"),
    ClockCode.INVITE_BY: ("{provider} invites {party}", "Invite {party}"),
    ClockCode.INVITATION_BY: ("{party} answers", "Answer the invitation"),
    ClockCode.ARRANGE_BY: ("{provider} arranges the meeting", "Arrange the meeting"),
    ClockCode.MEETING_ON: ("The meeting", "The meeting"),
    ClockCode.ACTION_BY: ("An agreed action is done", "Do what you agreed"),
    ClockCode.OWN_CHOICE_ON: (
        "From then on the choice is the young person’s own",
        "From then on the choice is {young_person}’s own",
    ),
    ClockCode.PLACE_BY: ("{council} says which provider takes {request}", "Say which provider takes {request}"),
    ClockCode.CHOOSE_BY: ("The family says who goes on with {request}", "Say who goes on with {request}"),
}

#: What follows when a date goes by, for the family. What has no line here has no consequence worth a worry.
IF_MISSED: Mapping[ClockCode, str] = {
    ClockCode.ADVISER_BY: (
        "it may still be possible to do something. Ask IPSEA or your local SEND advice service straight away"
    ),
    ClockCode.APPEAL_BY: "the SEND Tribunal can be asked to accept a late appeal, with reasons. Get advice first",
    ClockCode.ACKNOWLEDGE_BY: "ring {provider}. What you sent is safe",
    ClockCode.TELL_COUNCIL_BY: "{provider}’s manager and the people who run this website see that it is late",
    ClockCode.ANSWER_BY: "{provider} asks {council} again and tells you",
    ClockCode.HOLDING_UNTIL: "{provider} asks {council} again and tells you",
    ClockCode.INVITE_BY: "{provider}’s manager and the people who run this website see that it is late",
    ClockCode.INVITATION_BY: "the invitation can be sent again",
    ClockCode.PLACE_BY: "ring {council}. What you sent is safe",
    ClockCode.CHOOSE_BY: "your request stays where it is, and you can still say it",
    ClockCode.ACTION_BY: "say so here. You can also complain to whoever agreed to do it",
}

#: What happened, for each side; a side that is not named reads the entry under None.
HAPPENINGS: Mapping[Happening, Mapping[Viewer | None, str]] = {
    Happening.REQUEST_SENT: {FAMILY: "{By} sent the request", None: "The family asked for {service}"},
    Happening.REQUEST_ENTERED_FOR_CALLER: {
        FAMILY: "{provider} wrote down the request you made by phone and read it back to you",
        None: "A request made by phone was entered",
    },
    Happening.YOUNG_PERSON_ASKED: {None: "The young person was asked whether they agree"},
    Happening.YOUNG_PERSON_AGREED: {None: "The young person agreed"},
    Happening.YOUNG_PERSON_DECLINED: {None: "The young person did not agree"},
    Happening.OWN_CHOICE_SOON: {
        FAMILY: "You were told that the choice is soon {young_person}’s own",
        None: "The family was told that the choice is soon the young person’s own",
    },
    Happening.OWN_CHOICE_BEGAN: {
        FAMILY: "The choice became {young_person}’s own",
        PROVIDER: "The choice became the young person’s own",
        None: "The case began to wait for the young person’s own yes",
    },
    Happening.YOUNG_PERSON_GOES_ON: {None: "The young person said yes, so the case goes on"},
    Happening.ACTS_FOR_YOUNG_PERSON: {
        FAMILY: "A parent acts for {young_person} from now on: {ground}",
        PROVIDER: "A parent said on what ground they act for the young person: {ground}",
        None: "The case goes on",
    },
    Happening.CLAIMED_BY_FAMILY: {
        FAMILY: "You began to follow the request here",
        None: "The family began to follow the request online",
    },
    Happening.SUBMITTED_TO_PROVIDER: {None: "The request reached {provider}"},
    Happening.DELIVERY_NEEDS_ATTENTION: {None: "The request could not be delivered automatically: take it up here"},
    Happening.ACKNOWLEDGED: {None: "{provider} confirmed that it has the request"},
    Happening.INFORMATION_ASKED: {
        FAMILY: "{provider} asked you a question",
        None: "{provider} asked the family a question",
    },
    Happening.INFORMATION_GIVEN: {FAMILY: "You answered {provider}’s question", None: "The family answered"},
    Happening.SIGNPOSTED: {
        FAMILY: "{provider} told you of another way",
        None: "The family was told of another way",
    },
    Happening.CONFLICT_OF_INTEREST: {
        None: "{provider} said that it cannot act independently in this case, and passed it to a manager"
    },
    Happening.PASSED_ON: {None: "{let_go_by} passed the request on{because}"},
    Happening.SENT_ELSEWHERE: {None: "The request goes to another provider, because {let_go_by} takes no new ones"},
    Happening.TAKEN_OVER: {None: "{taken_by} took over the request"},
    Happening.NOT_PLACED: {None: "No other provider could take the request, so {council} was asked for one"},
    Happening.CHANGE_ASKED: {
        FAMILY: "{council} asked you who goes on with the request",
        None: "The family was asked who goes on with the request",
    },
    Happening.CHANGE_ANSWERED: {None: "{Family} said that {goes_on} with the request"},
    Happening.CHANGE_ENDED: {None: "The question who goes on with the request needs no answer any more"},
    Happening.HANDED_OVER: {None: "{let_go_by} let go of the request, as {family} said"},
    Happening.COUNCIL_TOLD: {
        FAMILY: "{provider} told {council} that you asked",
        None: "{provider} told {council} of the request",
    },
    Happening.ASSIGNED: {None: "The case was given to an officer"},
    Happening.ANSWERED: {None: "{party} {answered}"},
    Happening.HOLDING_REPLY: {None: "{party} said that it needs more time"},
    Happening.PARTY_INVITED: {None: "{party} was invited"},
    Happening.INVITATION_RETURNED: {None: "Somebody at {party} said that they are not the right person to ask"},
    Happening.PARTY_REMOVED: {None: "The case goes on without {party}"},
    Happening.EVERYONE_AGREED: {None: "Everybody agreed to take part"},
    Happening.ITEM_SHARED: {FAMILY: "{By} shared {item} with {party}", None: "The family shared {item}"},
    Happening.ITEM_NO_LONGER_SHARED: {
        FAMILY: "{By} stopped sharing {item} with {party}",
        None: "The family stopped sharing {item} with {party}",
    },
    Happening.DOCUMENT_ADDED: {FAMILY: "{By} added a document", None: "The family added a document"},
    Happening.CLOCK_MISSED: {None: "A date passed: “{clock}”"},
    Happening.MEETING_PROPOSED: {None: "Times for a meeting were proposed"},
    Happening.MEETING_FIXED: {None: "The meeting was fixed{for_day}"},
    Happening.MEETING_MOVED: {None: "The meeting was moved{to_day}{at_wish}"},
    Happening.MEETING_CANCELLED: {None: "The meeting was cancelled{at_wish}"},
    Happening.MEETING_HELD: {None: "The meeting was held"},
    Happening.OUTCOME_RECORDED: {None: "The outcome was recorded"},
    Happening.ACTION_DONE: {None: "An agreed action was marked as done"},
    Happening.ACTION_DISPUTED: {None: "{Family} said that an agreed action is not done"},
    Happening.ACTION_CONFIRMED: {None: "{Family} confirmed that an agreed action is done"},
    Happening.ACTION_TAKEN_BACK: {None: "What was said of an agreed action was taken back"},
    Happening.ANOTHER_MEETING: {None: "Another meeting is to be arranged"},
    Happening.WITHDRAWN: {FAMILY: "{By} withdrew the request", None: "The family withdrew the request"},
    Happening.CLOSED: {None: "The case was closed"},
}

#: Who did what no person did, for each side; a side that is not named reads it under None.
AUTOMATIC: Mapping[Happening, Mapping[Viewer | None, str]] = {
    Happening.SUBMITTED_TO_PROVIDER: {PROVIDER: "Your integration, automatically", None: "This service, automatically"},
    Happening.DELIVERY_NEEDS_ATTENTION: {None: "This service, automatically"},
    Happening.OWN_CHOICE_SOON: {None: "This service, automatically"},
    Happening.OWN_CHOICE_BEGAN: {None: "By law"},
    Happening.SENT_ELSEWHERE: {None: "This service, automatically"},
    Happening.NOT_PLACED: {None: "This service, automatically"},
    Happening.HANDED_OVER: {None: "This service, automatically"},
    Happening.CLOCK_MISSED: {None: "This service, automatically"},
}

#: A second line below some of them, for the family.
EXPLAINED: Mapping[Happening, str] = {
    Happening.OWN_CHOICE_BEGAN: (
        "It is the last Friday in June of the school year in which they turned 16. The case waits for their own yes."
    ),
    Happening.COUNCIL_TOLD: "{council} knows who asked and what it is about. It does not see what you wrote.",
    Happening.PASSED_ON: "That is no decision about you, and nothing has to be sent again.",
    Happening.TAKEN_OVER: "It reads your request anew. It does not see what you wrote to the one before in confidence.",
    Happening.CHANGE_ASKED: "Nothing moves until you say so.",
    Happening.CHANGE_ENDED: "You need not do anything.",
    Happening.HANDED_OVER: "What you wrote to it in confidence stays there, and nobody else reads it.",
    Happening.NOT_PLACED: "{council} was told the reference of your request, and nothing of what is in it.",
    Happening.SUBMITTED_TO_PROVIDER: "It was delivered. A person there reads it next.",
    Happening.PARTY_REMOVED: "A no takes out only the one who says it.",
    Happening.ITEM_NO_LONGER_SHARED: "From now on it is not shown to them. What was read before cannot be unread.",
}

PARTIES: Mapping[PartyKind, str] = {
    PartyKind.FAMILY: "the family",
    PartyKind.LOCAL_AUTHORITY: "{council}",
    PartyKind.SETTING: "the school or setting",
    PartyKind.ICB: "the NHS body",
}

STATEMENTS: Mapping[StatementKind, str] = {
    StatementKind.STORY: "your story",
    StatementKind.WISH: "what you wish for",
    StatementKind.CHILD_VIEWS: "the child’s or young person’s own views",
    StatementKind.ACTING_FOR: "on what ground you act for the young person",
}

#: A no in one sentence for the family; the party's own words stand beside it.
DECLINED: Mapping[DeclineReason, str] = {
    DeclineReason.OUT_OF_SCOPE: "It thinks this is not something {service} is for.",
    DeclineReason.ALREADY_RESOLVED: "It thinks this has been settled.",
    DeclineReason.OTHER_ROUTE: "It thinks another way is the right one.",
    DeclineReason.NOT_OUR_RESPONSIBILITY: "It thinks somebody else is responsible.",
    DeclineReason.OTHER: "It gave its own reason.",
}

#: What a family can do besides waiting, by who said no; a council's no leaves every one of these open.
ELSE_GOING_ON = (
    "Ask {provider} what it suggests",
    "It can ask the others whether to go on, or begin again later. Ring it.",
)
ELSE_ENDED = (
    "Ask {provider} what it suggests",
    "It can tell you whether and when to ask again. Ring it; you can also just send a new request.",
)
ELSE_ADVICE = (
    "Get free, independent advice",
    "{advice_service} and IPSEA can tell you what else the law gives you. Neither works for the council.",
)
ELSE_BY_PARTY: Mapping[PartyKind, tuple[tuple[str, str], ...]] = {
    PartyKind.LOCAL_AUTHORITY: (
        (
            "Complain to {council}",
            "If you are not happy with its answer to a complaint, the Local Government and Social Care Ombudsman can "
            "look at it.",
        ),
    ),
    PartyKind.SETTING: (("Use its complaints policy", "Every nursery, school and college has to publish one."),),
    PartyKind.ICB: (
        (
            "Complain to the NHS body",
            "If you are not happy with its answer, the Parliamentary and Health Service Ombudsman can look at it.",
        ),
    ),
}
ELSE_WITH_LETTER = (
    "Mediation and appeal",
    "You have a decision letter. A no here changes nothing about mediation, in which the council has to take part, "
    "or about your appeal. Look at the dates on this page.",
)
