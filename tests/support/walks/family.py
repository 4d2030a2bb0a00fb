"""What a family does on its council's pages, from the first question to the end."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping

from support.running import link_in
from support.walker import (
    Answer,
    Walker,
    all_of,
    as_it_stands,
    choose,
    choose_in,
    date,
    skip,
    type_in,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sent:
    """A request that was sent: what people call it, and the path of its page on the council's site."""

    reference: str
    path: str

    @property
    def case_id(self) -> str:
        """The case's id, as addresses have it."""
        return self.path.rpartition("/")[2]


#: The check of a parent whose child's plan says what the school does not give, and who has a letter with it.
CHECK: Mapping[str, Answer] = {
    "Is anyone at risk of harm right now?": choose("No"),
    "Who are you?": choose("A parent or carer"),
    "Does the child or young person live": choose("Yes"),
    "Are there special educational needs?": choose("Yes"),
    "What is the child’s or young person’s date of birth?": date(dt.date(2016, 2, 29)),
    "What stage are things at?": choose("There is a final plan, and no review at the moment"),
    "When did this begin?": skip,
    "Have you appealed to the SEND Tribunal?": choose("Not yet, but I am thinking about it"),
    "Who do you disagree with?": choose("A school", "The council"),
    "What is the disagreement about?": choose("Special educational support"),
    "Is this support written in the plan?": choose("Yes"),
    "Where does education take place?": choose("School"),
    "Who do you think should give this support?": choose("The nursery, school or college"),
    "What is the date on the mediation certificate?": skip,
    "What have you tried so far?": choose("I have talked to the service directly"),
}

#: The request of the same parent. Whatever must not cross to another side is a text of its own.
REQUEST: Mapping[str, Answer] = {
    "How can you be reached safely?": all_of(
        choose("Email"), type_in({"Are there times when it is safe, or not safe? (optional)": "Weekdays after 6pm"})
    ),
    "Is there anybody who must not learn of this request?": choose("No"),
    "Would any of these help you feel safe?": choose("None of these"),
    "Who are you?": choose("A parent or carer"),
    "What is your name?": type_in({"What is your name?": "Ash Marsh"}),
    "How can Global Mediation reach you?": type_in({"Email address": "parent1@families.example"}),
    "Who is the request about?": all_of(type_in({"Full name": "Rowan Marsh"}), date(dt.date(2016, 2, 29))),
    "Where does": type_in({"Address (optional)": "1 Quiet Lane, Derby"}),
    "Where is": type_in({"Nursery, school or college (optional)": "Oak Hill School"}),
    "What is the disagreement about?": choose("Special educational support"),
    "Where are you with an assessment or a plan?": choose("There is a final plan, and no review at the moment"),
    "Who is the disagreement with?": choose("Derby City Council", "The nursery, school or college"),
    "Who may be asked to take part?": choose_in({"May Global Mediation ask Oak Hill School to take part?": "Yes"}),
    "Do you have a letter": choose("No"),
    "Has a mediation adviser given you a certificate?": choose("No"),
    "These dates run whatever you do here": choose(
        "I know that sending this request does not contact the mediation adviser for me"
    ),
    "Your story": type_in({"What has happened? (optional)": "The help in section F stopped in September."}),
    "What you wish for": type_in({"What would you like to come out of this? (optional)": "The help, each week."}),
    "What Rowan Marsh says": type_in({"What do they think? (optional)": "I like it when somebody sits with me."}),
    "Do you need any of these to take part?": choose("Breaks during a meeting"),
    "If there is a meeting": choose("In person", "By video"),
    "Will somebody come with you to support you?": all_of(choose("Yes"), type_in({"Who?": "My sister"})),
    "Do you have reports or other documents to add?": choose("No"),
    "Who may read your own words?": choose_in({"Who may read what you wish for?": "Derby City Council"}),
}

AGREES = "I agree that Global Mediation tells Derby City Council that I have asked"
CHECKED = "Check your answers before you send"
ADVISER_IS_SEPARATE = "This request does not contact a mediation adviser and does not extend the time to appeal."

#: What is asked of a young person's parent, and where the young person reads their own mail.
YOUNG_PERSONS_EMAIL = "wren@young.example"
UNCHANGED: Mapping[str, Answer] = {}
#: Where nobody but the council has to answer.
WITH_THE_COUNCIL_ALONE: Mapping[str, Answer] = {"Who is the disagreement with?": choose("Derby City Council")}


def reached_at(email: str) -> Mapping[str, Answer]:
    """Return what differs in the request of somebody who reads mail elsewhere than usual."""
    return {"How can Global Mediation reach you?": type_in({"Email address": email})}


def about(name: str, born: dt.date) -> Mapping[str, Answer]:
    """Return what differs in a request about somebody else than usual."""
    return {
        "Who is the request about?": all_of(type_in({"Full name": name}), date(born)),
        f"{name} has to agree too": type_in({"Their own email address": YOUNG_PERSONS_EMAIL}),
        f"What {name} says": as_it_stands,
    }


def checks(person: Walker, changed: Mapping[str, Answer] = UNCHANGED, *, letter: dt.date | None = None) -> None:
    """Go through the check from the council's first page to its result."""
    person.open("/")
    person.follow("Check whether it can help you")
    dated = {"What is the date on the decision letter?": date(letter) if letter else skip}
    person.answer({**CHECK, **dated, **changed}, until_path="/check/result")


def goes_on_to_ask(person: Walker) -> None:
    """Go on from a check's result to where one chooses how to sign in."""
    person.follow("Ask Global Mediation for help")
    person.reads("Your answers from the check go with it")
    person.follow_button("Continue")


def signs_in(person: Walker, account: str) -> None:
    """Sign in through the council's own single sign-on, as one of the people that the demonstration knows."""
    person.main.get_by_label("Sign in with your Derby City Council account", exact=True).check()
    person.main.get_by_role("button", name="Continue", exact=True).click()
    person.chooses_account(account)


def gets_a_link(person: Walker, email: str) -> None:
    """Go on without an account: by a link that is mailed and opened in the same browser."""
    person.main.get_by_label("Get a link by email", exact=True).check()
    person.press("Continue")
    person.fill({"What is your email address?": email})
    person.press("Send the link")
    person.is_at("Check your email")
    person.open(link_in(person.parley.wait_for_mail(email, "/sign-in/link/")))
    person.press("Sign in")


def takes_up_invitation(person: Walker, account: str) -> None:
    """Open the link that asked a young person for their own yes, and sign in as themselves."""
    mail = person.parley.wait_for_mail(YOUNG_PERSONS_EMAIL, "/your-answer/")
    person.open(link_in(mail))
    person.follow_button("Go on")
    signs_in(person, account)
    person.press("Go on")
    person.is_at("It is your choice")


def asks_without_a_check(person: Walker, account: str, changed: Mapping[str, Answer] = UNCHANGED) -> Sent:
    """Go straight to asking, sign in, answer everything and send."""
    person.open("/requests/before")
    person.follow_button("Continue")
    signs_in(person, account)
    writes(person, changed)
    return sends(person)


def asks(person: Walker) -> Sent:
    """Write a request and send it, signed in already."""
    person.open("/requests/before")
    writes(person)
    return sends(person)


def writes(person: Walker, changed: Mapping[str, Answer] = UNCHANGED) -> None:
    """Answer every question of a request, up to where it is checked before it is sent."""
    person.press("Start now")
    person.answer({**REQUEST, **changed}, until_path="/answers")


def sends(person: Walker) -> Sent:
    """Send the request that was checked; return its reference and its page."""
    person.is_at(CHECKED)
    choose(AGREES)(person)
    person.press("Send the request")
    assert person.path.endswith("/sent"), person.text
    found = re.search(r"[A-Z]{3}-\d{4}-\d{5}", person.text)
    assert found, person.text
    return Sent(reference=found[0], path=person.path.removesuffix("/sent"))
