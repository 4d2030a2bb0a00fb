"""Every message reads well: what happened, what is next, the phone, the page; and its subject tells nothing more."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest

from parley.casework.domain import AnswerValue, ClockCode, PartyKind
from parley.notifications.decisions import MISSED, NOT_EXPECTED, MessageCode
from parley.notifications.letters import Letters, Provider, Subject, html_of, subject_line

PAGE = "https://derby.example/requests/1"
SECRET = "https://derby.example/sign-in/link/a-secret"
ONE_OFFS = {
    MessageCode.SIGN_IN_LINK,
    MessageCode.INVITATION_YOUNG_PERSON,
    MessageCode.INVITATION_BODY,
    MessageCode.INVITATION_CODE,
    MessageCode.INVITATION_MEMBER,
}
NEWS = sorted(set(MessageCode) - ONE_OFFS - {MessageCode.PROVIDER_NOTICE, MessageCode.PROVIDER_CONCERN_RAISED})
TO_FAMILY = [code for code in NEWS if not code.startswith(("party_", "council_", "provider_", "administrator_"))]

EVERY_DATE = {clock: dt.date(2026, 12, 3) for clock in ClockCode}


def about(
    *, codes: dict[str, str] | None = None, due: dict[ClockCode, dt.date] | None = None, url: str = PAGE
) -> Subject:
    return Subject(
        council="Derby City Council",
        provider=Provider.of("Global Mediation", {"phone": "08000644488", "phone_from_mobile": "02084411355"}),
        reference="DER-2026-00001",
        url=url,
        codes={"clock": "adviser_by", "due_on": "2026-12-03"} | (codes or {}),
        due=EVERY_DATE if due is None else due,
        words={
            "minutes": "15",
            "days": "14",
            "code": "BCDFGH",
            "what_to_do": "Acknowledge it.",
            "by_when": "2026-12-04",
            "addressed_to": "SEN team",
            "url": PAGE,
        },
    )


@pytest.fixture(scope="module")
def letters() -> Letters:
    return Letters(demonstration=False)


VARIANTS = [
    *({"party": party.value, "value": value.value} for party in PartyKind for value in AnswerValue),
    *({"clock": clock.value} for clock in MISSED),
    {"reason": "not_proceeding"},
]


@pytest.mark.parametrize("code", MessageCode)
@pytest.mark.parametrize("due", [EVERY_DATE, {}], ids=["dates", "no dates"])
def test_every_message_can_be_written_whatever_the_news_was_about(
    letters: Letters, code: MessageCode, due: dict[ClockCode, dt.date]
) -> None:
    for codes in ({}, *VARIANTS):
        text = letters.text(code, about(codes=codes, due=due))
        assert not re.search(r"[{}]|None|  | \.|\.\.|\n\n\n", text), text
        assert text.startswith("Hello")


@pytest.mark.parametrize("code", NEWS)
def test_news_says_what_happened_what_is_next_and_where_to_see_it(letters: Letters, code: MessageCode) -> None:
    text = letters.text(code, about())
    # Who left the case, or let go of it, has no page of it any more.
    assert (PAGE in text) is (code not in {NOT_EXPECTED, MessageCode.PROVIDER_HANDED_OVER})
    assert "DER-2026-00001" in text
    assert len(text.split("\n\n")) >= 4
    assert re.search(r"What happens next|You do not have to do anything|What (to|you can) do", text)


@pytest.mark.parametrize("code", TO_FAMILY)
def test_a_family_always_reads_a_phone_number(letters: Letters, code: MessageCode) -> None:
    assert "0800 064 4488" in letters.text(code, about())
    assert "020 8441 1355" in letters.text(code, about())


def test_dates_in_law_are_said_to_run_on(letters: Letters) -> None:
    for code in (MessageCode.REQUEST_SENT, MessageCode.REQUEST_ENTERED, MessageCode.YOUNG_PERSON_WAITING):
        text = letters.text(code, about())
        assert "does not stop or extend them" in text
        assert "- 3 December 2026: the last day to contact a mediation adviser\n- 3 December 2026: the last" in text
    reminder = letters.text(MessageCode.DATE_REMINDER, about(codes={"clock": "appeal_by"}))
    assert "3 December 2026 is the last day to appeal" in reminder
    assert "does not stop it, does not extend it" in reminder


@pytest.mark.parametrize("code", MessageCode)
def test_a_subject_holds_council_service_and_reference_at_most(code: MessageCode) -> None:
    subject = subject_line(code, about())
    assert subject.startswith("Derby City Council disagreement resolution: ")
    rest = subject.partition(": ")[2].replace(" DER-2026-00001", "")
    assert rest in {
        "update on your request",
        "update on request",
        "something to do for request",
        "something for you to read",
        "your sign-in link",
        "your answer is needed",
        "an invitation for you",
        "your code",
    }


@pytest.mark.parametrize("code", MessageCode)
def test_the_html_says_the_same_as_the_text(letters: Letters, code: MessageCode) -> None:
    letter = letters.write(code, about(url=SECRET), key="1", to="somebody@family.invalid")
    reader = _Reader()
    reader.feed(letter.html)
    assert reader.language == "en-GB"
    assert _words("".join(reader.body)) == _words(letter.text.replace("\n- ", "\n"))


def test_nothing_that_was_typed_becomes_markup() -> None:
    html = html_of("Ask <script>alert(1)</script>\nhttps://a.example/?x=1&y=<b>\n", "a & b")
    assert "<script>" not in html
    assert '<a href="https://a.example/?x=1&amp;y=&lt;b&gt;">' in html
    assert "<title>a &amp; b</title>" in html


def test_an_address_that_is_longer_than_a_phone_is_wide_is_broken() -> None:
    assert "overflow-wrap: anywhere" in html_of("https://a.example/" + "1" * 200, "a")


def test_a_demonstration_says_that_it_is_one() -> None:
    shown = Letters(demonstration=True)
    for code in MessageCode:
        assert "Derby City Council does not run it" in shown.text(code, about())


class _Reader(HTMLParser):
    """Collects what a reader of the HTML sees."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.body: list[str] = []
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_body = self._in_body or tag == "body"
        self.language = dict(attrs).get("lang") if tag == "html" else self.language
        self.body.append(" ")

    def handle_data(self, data: str) -> None:
        if self._in_body:
            self.body.append(data)


def _words(text: str) -> list[str]:
    return text.split()
