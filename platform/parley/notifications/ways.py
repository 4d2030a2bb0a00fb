"""What is told otherwise than by plain e-mail: rung through where no mailbox is known, or with a calendar. Pure."""

from parley.notifications.decisions import MessageCode

_M = MessageCode

#: What a council, or one of its people who comes to a meeting, is told by phone where no mailbox is known; the rest
#: waits on its pages.
RUNG_THROUGH = frozenset(
    {
        _M.COUNCIL_NEW_REQUEST,
        _M.COUNCIL_ANSWER_LATE,
        _M.COUNCIL_TO_PLACE,
        _M.COUNCIL_PLACE_LATE,
        _M.PARTY_ACTION_DUE,
        _M.PARTY_ACTION_LATE,
        _M.PARTY_PRIVATE_MESSAGE,
        _M.PARTY_DRAFT_TO_CHECK,
        _M.PARTY_MEETING_FIXED,
        _M.PARTY_MEETING_MOVED,
        _M.PARTY_MEETING_PLACE_CHANGED,
        _M.PARTY_MEETING_CANCELLED,
        _M.PARTY_NOT_EXPECTED,
    }
)

#: With which the reader's own calendar entry comes, if it changed then.
WITH_CALENDAR = frozenset(
    {
        _M.MEETING_FIXED,
        _M.MEETING_MOVED,
        _M.MEETING_PLACE_CHANGED,
        _M.MEETING_CANCELLED,
        _M.PARTY_MEETING_FIXED,
        _M.PARTY_MEETING_MOVED,
        _M.PARTY_MEETING_PLACE_CHANGED,
        _M.PARTY_MEETING_CANCELLED,
        _M.PARTY_NOT_EXPECTED,
        # A case that ends takes its meeting with it.
        _M.WITHDRAWN,
        _M.CLOSED,
        _M.PARTY_ENDED,
    }
)
