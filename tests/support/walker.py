"""A person in a real browser of their own, who goes from page to page, and holds every page they see to being good."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from support.browser import DESKTOP, PHONE, problems, screenshot
from support.running import RunningParley

#: What a person does with the fields of a page before they press its button.
Answer = Callable[["Walker"], None]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[A-Za-z0-9_-]{16,}")


#: What differs between any two answers: the page's nonce and its token.
_SECRET = re.compile(r'(nonce|value)="[^"]{20,}"')

_FETCH = """async url => {
  const answer = await fetch(url);
  return {status: answer.status, kind: answer.headers.get("content-type") || "", text: await answer.text()};
}"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer: its status, what kind of content it is, and the content."""

    status: int
    kind: str
    text: str


@dataclasses.dataclass
class Album:
    """The page states that were looked at in this run, so that none is looked at twice."""

    folder: str
    states: dict[str, set[tuple[str, ...]]] = dataclasses.field(default_factory=dict)

    def number_of_new(self, page: str, outline: tuple[str, ...]) -> int | None:
        """Return how many other states of ``page`` were looked at before this one; None when this one was."""
        known = self.states.setdefault(page, set())
        if outline in known:
            return None
        known.add(outline)
        return len(known) - 1


@dataclasses.dataclass
class Walker:
    """One person, one browser. Every page they come to is checked and pictured once, at phone and desktop width."""

    who: str
    page: Page
    parley: RunningParley
    album: Album | None
    width: ViewportSize
    script: bool
    site: str = "derby"

    def open(self, path: str, *, site: str | None = None) -> None:
        """Open a page of the person's site, or of another, by its address."""
        self.page.goto(self.parley.url(self.site if site is None else site, path))
        self.look()

    def follow(self, link: str | re.Pattern[str]) -> None:
        """Follow a link."""
        with self.page.expect_event("load"):
            self.page.get_by_role("link", name=link, exact=isinstance(link, str)).first.click()
        self.look()

    def follow_button(self, name: str) -> None:
        """Follow a link that looks like a button."""
        with self.page.expect_event("load"):
            self.main.get_by_role("button", name=name, exact=True).first.click()
        self.look()

    def press(self, button: str | re.Pattern[str]) -> None:
        """Press a button that sends a form."""
        with self.page.expect_event("load"):
            self.main.get_by_role("button", name=button, exact=isinstance(button, str)).first.click()
        self.look()

    def answer(self, answers: Mapping[str, Answer], *, until_path: str) -> None:
        """Answer pages of questions, known by how their headings begin, as they come, until a path ends so."""
        for _ in range(60):
            if self.path.endswith(until_path):
                return
            title, path = self.heading, self.path
            found = next((answers[known] for known in reversed(answers) if title.startswith(known)), None)
            assert found, f"{self.who} has no answer to {title!r} at {self.page.url}"
            found(self)
            self.press("Skip this question" if found is skip else "Continue")
            assert self.path != path, f"{title}: {self.page.get_by_role('alert').all_inner_texts()}"
        raise AssertionError(f"{until_path!r} never comes")

    def chooses_account(self, account: str) -> None:
        """Sign in at the organisation's own sign-in, which the demonstration stands in for, and come back."""
        self.page.get_by_role("button", name=f"({account})").click()
        expect(self.main).to_be_visible()
        self.look()

    def staff_sign_in(self, account: str) -> None:
        """Sign in on a site for staff."""
        self.open("/sign-in" if self.site in {"providers", "operator"} else "/staff/sign-in")
        self.main.get_by_role("button", name=re.compile("^Sign in with")).click()
        self.chooses_account(account)

    @property
    def main(self) -> Locator:
        """The page's own content, without the frame around it."""
        return self.page.get_by_role("main")

    @property
    def heading(self) -> str:
        """The page's heading."""
        return " ".join(self.page.get_by_role("heading", level=1).first.inner_text().split())

    @property
    def text(self) -> str:
        """What the page says, one space between words."""
        return " ".join(self.main.inner_text().split())

    @property
    def path(self) -> str:
        """The page's path on its site."""
        return urlsplit(self.page.url).path

    def is_at(self, heading: str) -> None:
        """Hold the page to being the one with that heading."""
        assert self.heading == heading, f"{self.who} is at {self.page.url}: {self.text}"

    def reads(self, *texts: str) -> None:
        """Hold the page to saying each of the texts where a person can read it."""
        said = self.text
        for text in texts:
            assert text in said, f"{self.who} does not read {text!r} at {self.page.url}: {said}"

    def does_not_read(self, *texts: str) -> None:
        """Hold the page's whole source to having none of the texts."""
        source = self.page.content()
        for text in texts:
            assert text not in source, f"{self.page.url} has {text!r}"

    def fill(self, fields: Mapping[str, str]) -> None:
        """Type into boxes, known by their labels."""
        for label, text in fields.items():
            self.main.get_by_label(label, exact=True).fill(text)

    def group(self, name: str) -> Locator:
        """Return a question with several fields, such as choices or the parts of a date."""
        return self.main.get_by_role("group", name=name)

    def tab(self) -> "Walker":
        """Return the same person in another tab of the same browser."""
        return dataclasses.replace(self, page=self.page.context.new_page())

    def fetch(self, path: str) -> "Fetched":
        """Return what the person's site answers at ``path``, as bytes on the way would have it, secrets taken out."""
        url = self.parley.url(self.site, path)
        if not self.page.url.startswith(self.parley.url(self.site)):
            self.page.goto(self.parley.url(self.site))
        found = self.page.evaluate(_FETCH, url)
        return Fetched(status=found["status"], kind=found["kind"], text=_SECRET.sub(r'\1=""', found["text"]))

    def look(self) -> None:
        """Keep pictures of the page at both widths, and hold it to being accessible where scripts run.

        Somebody without an album only waits until the page is there.
        """
        self.page.wait_for_load_state()
        if self.album is None:
            return
        host = str(urlsplit(self.page.url).hostname).partition(".")[0]
        slug = _ID.sub("id", urlsplit(self.page.url).path).strip("/").replace("/", "-") or "home"
        name = f"{host}-{slug}{'' if self.script else '-no-script'}"
        # What makes a state of a page: its headings, and what can be done on it. Names and dates do not.
        outline = self.page.locator("h1, h2, h3, main button, main [role=button], main [role=alert]")
        number = self.album.number_of_new(name, tuple(outline.all_inner_texts()))
        if number is None:
            return
        for width, label in ((DESKTOP, "desktop"), (PHONE, "phone")):
            self.page.set_viewport_size(width)
            screenshot(self.page, f"{self.album.folder}/{name}{f'-{number}' if number else ''}-{label}")
            if self.script and width == self.width:
                assert problems(self.page) == [], f"{self.page.url}, {label}"
        self.page.set_viewport_size(self.width)


def walker(
    browser: Browser,
    parley: RunningParley,
    album: Album | None,
    who: str,
    *,
    site: str = "derby",
    phone: bool = False,
    script: bool = True,
) -> Walker:
    """Return a person with a browser that nobody used before."""
    width = PHONE if phone else DESKTOP
    context = browser.new_context(viewport=width, java_script_enabled=script)
    context.set_default_timeout(20_000)
    return Walker(who=who, page=context.new_page(), parley=parley, album=album, width=width, script=script, site=site)


def choose(*labels: str) -> Answer:
    """Answer by choosing: one radio button, or boxes to tick."""

    def choosing(person: Walker) -> None:
        for label in labels:
            person.main.get_by_label(label, exact=True).check()

    return choosing


def choose_in(groups: Mapping[str, str | Iterable[str]]) -> Answer:
    """Answer several questions on one page, each by choosing."""

    def choosing(person: Walker) -> None:
        for group, labels in groups.items():
            for label in [labels] if isinstance(labels, str) else labels:
                person.group(group).get_by_label(label, exact=True).check()

    return choosing


def write(**fields: str) -> Answer:
    """Answer by typing; underscores in a field's name stand for spaces."""
    return type_in({label.replace("_", " "): text for label, text in fields.items()})


def type_in(fields: Mapping[str, str]) -> Answer:
    """Answer by typing into boxes, known by their labels."""
    return lambda person: person.fill(fields)


def date(day: dt.date, group: str | None = None) -> Answer:
    """Answer with a date, in the group of that name or on the page's only question."""

    def dating(person: Walker) -> None:
        boxes = person.group(group) if group else person.main
        for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(label, exact=True).fill(str(part))

    return dating


def all_of(*answers: Answer) -> Answer:
    """Answer with several things, one after the other."""

    def answering(person: Walker) -> None:
        for one in answers:
            one(person)

    return answering


def as_it_stands(_: Walker) -> None:
    """Leave the page as it is."""


def skip(_: Walker) -> None:
    """Skip the question."""
