"""The questions of a request in their order: which apply, what they say, what comes before and after.

Safety comes first, before any contact detail. Touches nothing but forms and the draft it is handed.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from parley.casework.consent_texts import ASKING, consent_text
from parley.casework.domain import Capacity, PartyKind, StatementKind
from parley.casework.wording import Names
from parley.eligibility.question_texts import QUESTION_TEXTS
from parley.web.fields import Choice
from parley.workspaces.family import matter_forms as matter
from parley.workspaces.family import people_forms as people
from parley.workspaces.family.draft import Around, Draft, Raw
from parley.workspaces.family.step_form import StepForm

SAFETY, YOU, CHILD = "Keeping you safe", "About you", "About the child or young person"
MATTER, DATES, WORDS, MEETING = "The disagreement", "Letters and dates", "In your own words", "Meeting"

Applies = Callable[[Draft], bool]
Configure = Callable[[Any, Draft], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One question. ``heading`` stands above several fields; texts may name {child}, {provider}, {council}.

    ``own_heading`` and ``own_lead`` speak to a young person who asks for themselves.
    """

    slug: str
    section: str
    form: type[StepForm]
    heading: str | None = None
    own_heading: str | None = None
    lead: str | None = None
    own_lead: str | None = None
    applies: Applies = lambda draft: True
    configure: Configure = lambda form, draft: None


def _bodies(form: matter.BodiesForm, draft: Draft) -> None:
    texts = {
        PartyKind.LOCAL_AUTHORITY: (draft.around.council, None),
        PartyKind.SETTING: ("The nursery, school or college", draft.get("setting", "setting")),
        PartyKind.ICB: ("The NHS", draft.around.icb),
    }
    form.bodies.choices = tuple(
        Choice(value=kind.value, text=texts[kind][0], hint=texts[kind][1]) for kind in matter.BODY_KINDS
    )


def _invite(form: matter.InviteForm, draft: Draft) -> None:
    names = Names(council=draft.around.council, provider=draft.around.provider)
    for kind in (PartyKind.SETTING, PartyKind.ICB):
        if kind in draft.kinds:
            form[kind.value].label.text = f"May {draft.around.provider} ask {draft.party_name(kind)} to take part?"
            form[kind.value].description = consent_text(ASKING[kind], names, body=draft.party_name(kind))
        else:
            del form[kind.value]


def _about(form: matter.AboutForm, draft: Draft) -> None:
    form.about.choices = _choices_of("about", draft)


def _stage(form: matter.StageForm, draft: Draft) -> None:
    form.stage.choices = _choices_of("stage", draft)


def _choices_of(field: str, draft: Draft) -> tuple[Choice, ...]:
    """Return the choices of a question of the check, in the council's words."""
    filled = [(option, draft.around.words) for option in QUESTION_TEXTS[field].options]
    return tuple(
        Choice(value=option.value, text=option.label.format_map(words), hint=option.hint.format_map(words) or None)
        for option, words in filled
    )


def labels_of(field: str, values: Iterable[str | None], words: Mapping[str, str]) -> list[str]:
    """Return the labels of a question of the check that stand for ``values``, in the council's words."""
    chosen = set(values)
    return [option.label.format_map(words) for option in QUESTION_TEXTS[field].options if option.value in chosen]


def _young_person(form: people.YoungPersonForm, draft: Draft) -> None:
    form.own_email = str(draft.get("contact", "email") or "")


def _sharing(form: matter.SharingForm, draft: Draft) -> None:
    parties = [PartyKind.LOCAL_AUTHORITY, *(kind for kind in draft.kinds if kind is not PartyKind.LOCAL_AUTHORITY)]
    choices = tuple(Choice(value=kind.value, text=_sentence(draft.party_name(kind))) for kind in parties)
    boxes = {
        StatementKind.STORY: form.story,
        StatementKind.WISH: form.wish,
        StatementKind.CHILD_VIEWS: form.child_views,
    }
    for kind, box in boxes.items():
        if kind in draft.statements:
            box.choices = choices
        else:
            del form[kind.value]


def _contact(form: people.ContactForm, draft: Draft) -> None:
    safe = draft.get("safe-ways", "ways") or []
    if "any" not in safe and not {"phone", "text"} & set(safe):
        form.phone.description = "You said that calls are not safe, so we do not ring this number."
    if "any" not in safe and "email" not in safe:
        form.email.description = "You said that email is not safe, so we do not write to this address."


def _own(draft: Draft) -> bool:
    return draft.asks_for_self


def _not_own(draft: Draft) -> bool:
    return not draft.asks_for_self


def _no_check(draft: Draft) -> bool:
    return draft.check is None


STEPS: tuple[Step, ...] = (
    Step(
        slug="safe-ways",
        section=SAFETY,
        form=people.SafeWaysForm,
        heading="How can you be reached safely?",
        lead="We ask this before anything else. Only {provider} sees your answers.",
    ),
    Step(slug="must-not-learn", section=SAFETY, form=people.MustNotLearnForm),
    Step(slug="apart", section=SAFETY, form=people.ApartForm),
    Step(slug="who-you-are", section=YOU, form=people.RoleForm),
    Step(slug="your-name", section=YOU, form=people.NameForm),
    Step(
        slug="contact",
        section=YOU,
        form=people.ContactForm,
        heading="How can {provider} reach you?",
        lead="Give at least one. Only {provider} sees these, and uses only the ways you said are safe.",
        configure=_contact,
    ),
    Step(
        slug="child",
        section=CHILD,
        form=people.ChildForm,
        heading="Who is the request about?",
        applies=_not_own,
    ),
    Step(slug="your-birth", section=CHILD, form=people.OwnBirthForm, applies=_own),
    Step(
        slug="home",
        section=CHILD,
        form=people.HomeForm,
        heading="Where does {child} live?",
        own_heading="Where do you live?",
        lead="Only {provider} sees the address. You can leave it empty and tell {provider} later.",
    ),
    Step(
        slug="setting",
        section=CHILD,
        form=people.SettingForm,
        heading="Where is {child} educated?",
        own_heading="Where are you educated?",
        lead="Leave this empty if there is none at the moment.",
    ),
    Step(slug="about", section=MATTER, form=matter.AboutForm, applies=_no_check, configure=_about),
    Step(slug="stage", section=MATTER, form=matter.StageForm, applies=_no_check, configure=_stage),
    Step(slug="bodies", section=MATTER, form=matter.BodiesForm, configure=_bodies),
    Step(
        slug="invite",
        section=MATTER,
        form=matter.InviteForm,
        heading="Who may be asked to take part?",
        lead="{council} is told of every request. Anybody else is told only if you say yes here, and may say no.",
        applies=lambda draft: bool({PartyKind.SETTING, PartyKind.ICB} & set(draft.kinds)),
        configure=_invite,
    ),
    Step(
        slug="young-person",
        section=CHILD,
        form=people.YoungPersonForm,
        heading="{child} has to agree too",
        lead=(
            "{child} has reached school leaving age, so the law gives the choice to them. We ask them for their own "
            "yes by email. Where you give only a phone number, somebody at {provider} rings them, and is told their "
            "name and number for that and nothing else. Until they say yes, nothing is sent on."
        ),
        applies=lambda draft: draft.needs_young_persons_yes,
        configure=_young_person,
    ),
    Step(
        slug="acting",
        section=CHILD,
        form=people.ActingForm,
        heading="Acting for a young person",
        applies=lambda draft: draft.capacity is Capacity.ALTERNATIVE_PERSON,
    ),
    Step(slug="letter", section=DATES, form=matter.LetterForm),
    Step(
        slug="certificate",
        section=DATES,
        form=matter.CertificateForm,
        applies=lambda draft: draft.letter_date is not None,
    ),
    Step(
        slug="dates",
        section=DATES,
        form=matter.DatesForm,
        heading="These dates run whatever you do here",
        applies=lambda draft: draft.letter_date is not None,
    ),
    Step(
        slug="story",
        section=WORDS,
        form=matter.StoryForm,
        heading="Your story",
        lead=(
            "Tell it in your own words, in any language. {provider} reads it; {council} and others do not, unless you "
            "share it. You can leave this empty and tell {provider} by phone."
        ),
    ),
    Step(
        slug="wish",
        section=WORDS,
        form=matter.WishForm,
        heading="What you wish for",
        lead="You do not need to know the solution. It helps {provider} to see what matters most to you.",
    ),
    Step(
        slug="views",
        section=WORDS,
        form=matter.ViewsForm,
        heading="What {child} says",
        lead="In their own words if you can, or how you can tell what they think. A drawing can be brought later.",
        applies=_not_own,
    ),
    Step(slug="access", section=MEETING, form=matter.AccessForm),
    Step(
        slug="meeting",
        section=MEETING,
        form=matter.MeetingForm,
        heading="If there is a meeting",
    ),
    Step(slug="supporter", section=MEETING, form=matter.SupporterForm),
    Step(slug="reports", section=WORDS, form=matter.ReportsForm),
    Step(
        slug="sharing",
        section=WORDS,
        form=matter.SharingForm,
        heading="Who may read your own words?",
        lead=(
            "{provider} reads all of it. Nobody else does unless you tick them here. You can also share later, and you "
            "can stop sharing at any time; what was read before cannot be unread."
        ),
        applies=lambda draft: bool(draft.statements),
        configure=_sharing,
    ),
)

SECTIONS = tuple(dict.fromkeys(step.section for step in STEPS))
BY_SLUG: Mapping[str, Step] = {step.slug: step for step in STEPS}


def open_draft(sections: Mapping[str, Any], around: Around) -> Draft:
    """Return the draft with the clean values of every question that is done.

    Questions are read in order, because what one says and accepts may depend on those before it; an answer that such a
    change made unusable counts as not done, and is kept as it was typed.
    """
    values: dict[str, Mapping[str, Any]] = {}
    draft = Draft(sections, around, values)
    for step in STEPS:
        if draft.sections.get(step.slug, {}).get("done") and step.applies(draft):
            form = filled_form(step, draft)
            if form.validate():
                values[step.slug] = form.data
    return draft


def asked_form(step: Step, draft: Draft) -> StepForm:
    """Return the question's form for the request at hand: what was sent now, else what was typed before."""
    form = step.form()
    return _configured(form, step, draft) if form.was_sent else filled_form(step, draft)


def filled_form(step: Step, draft: Draft) -> StepForm:
    """Return the question's form filled with what was typed before, not yet judged."""
    form = step.form(MultiDict(draft.raw(step.slug)))
    # What stands in it was typed before; nothing was sent with this request.
    form.was_sent = False
    return _configured(form, step, draft)


def _configured(form: StepForm, step: Step, draft: Draft) -> StepForm:
    form.today = draft.around.today
    step.configure(form, draft)
    return form


def applicable(draft: Draft) -> list[Step]:
    """Return the questions that apply to this request, in order."""
    return [step for step in STEPS if step.applies(draft)]


def unanswered(draft: Draft) -> list[Step]:
    """Return the questions that apply and are not done, in order."""
    return [step for step in applicable(draft) if not draft.is_done(step.slug)]


def step_before(step: Step, draft: Draft) -> Step | None:
    """Return the question before ``step``, or None before the first."""
    index = STEPS.index(step)
    return next((one for one in reversed(STEPS[:index]) if one.applies(draft)), None)


def step_after(step: Step, draft: Draft) -> Step | None:
    """Return the next question after ``step`` that is not done; None when all that follow are."""
    index = STEPS.index(step)
    return next((one for one in STEPS[index + 1 :] if one.applies(draft) and not draft.is_done(one.slug)), None)


def heading_of(step: Step, draft: Draft) -> str | None:
    """Return what stands above the question's fields, or None when its only field's label does."""
    return _said(step.own_heading if draft.asks_for_self and step.own_heading else step.heading, draft)


def lead_of(step: Step, draft: Draft) -> str | None:
    """Return the sentence below the heading."""
    return _said(step.own_lead if draft.asks_for_self and step.own_lead else step.lead, draft)


def prefilled(answers: Mapping[str, Any], bodies: Mapping[str, PartyKind]) -> dict[str, Any]:
    """Return the questions that a check's answers already answer, as sections of a draft. ``bodies`` maps each body
    of the check to the party it belongs to."""
    sections: dict[str, Any] = {}
    if answers.get("asker") in set(Capacity):
        sections["who-you-are"] = _done(capacity=[answers["asker"]])
    named = {bodies[body] for one in answers.get("matters", ()) for body in one["against"] if body in bodies}
    if named:
        sections["bodies"] = _done(bodies=[kind.value for kind in matter.BODY_KINDS if kind in named])
    born = answers.get("date_of_birth")
    if born:
        # The name is still to be asked, so the date stands there and waits for it.
        sections["child"] = {"raw": _date("born", born), "done": False}
        sections["your-birth"] = _done(**_date("born", born))
    letters = [answers, *answers.get("matters", ())]
    letter = next((one["decision_letter_date"] for one in letters if one.get("decision_letter_date")), None)
    certificate = next((one["certificate_date"] for one in letters if one.get("certificate_date")), None)
    if letter:
        sections["letter"] = _done(has_letter=["yes"], **_date("letter", letter))
    if certificate:
        sections["certificate"] = _done(has_certificate=["yes"], **_date("certificate", certificate))
    return sections


def _date(name: str, iso: str) -> Raw:
    year, month, day = iso.split("-")
    return {f"{name}-day": [str(int(day))], f"{name}-month": [str(int(month))], f"{name}-year": [year]}


def _done(**raw: list[str]) -> dict[str, Any]:
    return {"raw": raw, "done": True}


def _said(text: str | None, draft: Draft) -> str | None:
    if text is None:
        return None
    child = draft.child_name or "the child or young person"
    return _sentence(text.format(child=child, provider=draft.around.provider, council=draft.around.council))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
