"""What a coordinator's task says: whom to tell, what, and why not by e-mail. Pure."""

from collections.abc import Mapping

from parley.notifications.decisions import MessageCode
from parley.notifications.domain import RecipientKind, TaskReason

WHOM: Mapping[RecipientKind, str] = {
    RecipientKind.FAMILY: "Tell the family",
    RecipientKind.YOUNG_PERSON: "Ask the young person",
    RecipientKind.COUNCIL: "Tell the council",
    RecipientKind.INVITED: "Tell the invited person",
}

WHY: Mapping[TaskReason, str] = {
    TaskReason.NO_EMAIL: "We have no email address for them.",
    TaskReason.NOT_BY_EMAIL: "They asked not to be emailed. Look at their safe ways and times first.",
    TaskReason.MAIL_FAILED: "The email to them could not be delivered.",
}

#: What to tell. Every message that can reach a person of a party, or a council without a mailbox, has its words here.
SAY: Mapping[MessageCode, str] = {
    MessageCode.REQUEST_SENT: "their request has arrived; give the reference, what is next, and any dates in law",
    MessageCode.REQUEST_ENTERED: "their request is entered; give the reference, what is next, and any dates in law",
    MessageCode.YOUNG_PERSON_WAITING: "the request waits for the young person's own yes; give any dates in law",
    MessageCode.YOUNG_PERSON_ASKED: "whether they agree that the request goes ahead; it is their decision",
    MessageCode.YOUNG_PERSON_AGREED: "the young person has agreed, so the request has gone ahead",
    MessageCode.YOUNG_PERSON_DECLINED: "the young person said no, so the request has ended",
    MessageCode.YOUNG_PERSON_LATE: "the young person has not answered yet",
    MessageCode.OWN_CHOICE_SOON: "from when the choice is the young person's own, and what happens then",
    MessageCode.OWN_CHOICE_BEGAN: "the choice is the young person's own now; ask how to reach them",
    MessageCode.YOUNG_PERSON_GOES_ON: "the young person has said yes, so the case goes on",
    MessageCode.CLAIMED: "the request can now be followed online; ask whether that was them",
    MessageCode.ACKNOWLEDGED: "we have their request and what is next",
    MessageCode.INFORMATION_ASKED: "we have a question for them",
    MessageCode.INFORMATION_LATE: "we still have a question for them",
    MessageCode.SIGNPOSTED: "another way is the right one, which, and that the request is closed",
    MessageCode.CONFLICT_OF_INTEREST: "we may not be neutral, and the service manager decides who takes over",
    MessageCode.TAKEN_OVER: "another provider has taken over their request, which, and why",
    MessageCode.NOT_PLACED: "no provider could take their request, and the council was asked for one",
    MessageCode.CHANGE_ASKED: "who goes on with their request; open it, read the question out and record the answer",
    MessageCode.CHANGE_STILL_ASKED: "who goes on with their request, which they have not said yet",
    MessageCode.CHANGE_ENDED: "they need not say who goes on with their request, which stays where it is",
    MessageCode.COUNCIL_TOLD: "the council has been told, and by when it should answer",
    MessageCode.ANSWERED: "what a party answered, with its reason",
    MessageCode.HOLDING_REPLY: "a party cannot answer yet, and by when it will",
    MessageCode.BODY_INVITED: "a school or health body has been invited",
    MessageCode.BODY_REMOVED: "a party no longer takes part, and the case goes on with the others",
    MessageCode.EVERYONE_AGREED: "everybody has agreed, and a meeting is to be arranged",
    MessageCode.OTHERS_LATE: "something is late, what, and what else they can do; no date in law changes",
    MessageCode.MEETING_PROPOSED: "the times suggested for a meeting, and ask which suit",
    MessageCode.MEETING_FIXED: "when and where the meeting is, and ask what they need",
    MessageCode.MEETING_MOVED: "the meeting has moved, and to when",
    MessageCode.MEETING_PLACE_CHANGED: "where they go to the meeting, or when they arrive, has changed",
    MessageCode.MEETING_CANCELLED: "the meeting is cancelled",
    MessageCode.MEETING_HELD: "the meeting is recorded as held, and what is next",
    MessageCode.OUTCOME_RECORDED: "the outcome is recorded, and how to read it",
    MessageCode.ACTION_DONE: "something agreed is marked as done; ask whether that is right",
    MessageCode.ACTION_DISPUTED: "somebody says that something was not done as agreed",
    MessageCode.ACTION_DUE: "something that they agreed to do is due soon, and what",
    MessageCode.ACTION_LATE: "something agreed is late; ask whether it was done",
    MessageCode.WITHDRAWN: "the request is withdrawn and closed",
    MessageCode.CLOSED: "the request is closed, why, and what else they can do",
    MessageCode.DATE_REMINDER: "a date in law is near; this service does not stop or extend it",
    MessageCode.PRIVATE_MESSAGE: "we have written to them privately, and what",
    MessageCode.PARTY_PRIVATE_MESSAGE: "we have written to it privately",
    MessageCode.DRAFT_TO_CHECK: "there is a draft to check after the meeting; read it to them and record their answer",
    MessageCode.PARTY_DRAFT_TO_CHECK: "there is a draft to check after the meeting, on its own page",
    MessageCode.COUNCIL_NEW_REQUEST: "there is a request to answer, and by when",
    MessageCode.COUNCIL_ANSWER_LATE: "its answer is late",
    MessageCode.COUNCIL_TO_PLACE: "a request waits for it to say which provider takes it",
    MessageCode.COUNCIL_PLACE_LATE: "a request still waits for it to say which provider takes it",
    MessageCode.PARTY_EVERYONE_AGREED: "everybody has agreed, and a meeting is to be arranged",
    MessageCode.PARTY_MEETING_PROPOSED: "the times suggested for a meeting, and ask which suit",
    MessageCode.PARTY_MEETING_FIXED: "when and where the meeting is",
    MessageCode.PARTY_MEETING_MOVED: "the meeting has moved, and to when",
    MessageCode.PARTY_MEETING_PLACE_CHANGED: "where they go to the meeting, or when they arrive, has changed",
    MessageCode.PARTY_MEETING_CANCELLED: "the meeting is cancelled",
    MessageCode.PARTY_OUTCOME_RECORDED: "the outcome is recorded, and what was agreed",
    MessageCode.PARTY_ACTION_DISPUTED: "somebody says that something was not done as agreed",
    MessageCode.PARTY_ACTION_DUE: "something that they agreed to do is due soon, and what",
    MessageCode.PARTY_ACTION_LATE: "something agreed is late; ask whether it was done",
    MessageCode.PARTY_ENDED: "the request has ended",
    MessageCode.PARTY_NOT_EXPECTED: "they are no longer expected at the meeting",
}


def task_words(recipient: RecipientKind, message: MessageCode) -> str:
    """Return what the task asks of the coordinator, as one sentence without a full stop."""
    return f"{WHOM[recipient]}: {SAY[message]}"


def why_by_hand(recipient: RecipientKind, reason: TaskReason, *, to_a_person: bool) -> str:
    """Return in a sentence why mail does not tell them; ``to_a_person`` and not to an organisation's own mailbox."""
    if recipient is RecipientKind.COUNCIL and reason is TaskReason.NO_EMAIL and not to_a_person:
        return "No mailbox of its team is set up here."
    return WHY[reason]
