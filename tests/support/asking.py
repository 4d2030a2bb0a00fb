"""A family that writes a request in its browser: an answer to every question, and the way from first to last."""

import uuid
from typing import Any

from support.family import Family, words

#: By question, as the boxes are named; a dash in a name is written with two lines.
ANSWERS: dict[str, dict[str, Any]] = {
    "safe-ways": {"ways": ["email"], "times": "after 6pm"},
    "must-not-learn": {"anybody": "yes", "who": "my former partner"},
    "apart": {"needs": ["hide_address", "wait_apart"]},
    "who-you-are": {"capacity": "parent_carer"},
    "your-name": {"name": "Zoë 🌻 Ní Bhriain"},
    "contact": {"email": "zoe@family.example", "phone": ""},
    "child": {"name": "محمد الأمين", "born__day": "29", "born__month": "feb", "born__year": "2016"},
    "home": {"address": "1 Hidden Lane"},
    "setting": {"setting": "Oak Hill School"},
    "about": {"about": "educational_provision"},
    "stage": {"stage": "plan_in_force"},
    "bodies": {"bodies": ["local_authority", "setting"]},
    "invite": {"setting": "yes"},
    "young-person": {"email": "young@person.example"},
    "acting": {"ground": "parent"},
    "letter": {"has_letter": "yes", "letter__day": "2", "letter__month": "10", "letter__year": "2026"},
    "certificate": {"has_certificate": "no"},
    "dates": {"knows": "yes"},
    "story": {"story": "It began in September."},
    "wish": {"wish": "A quiet room."},
    "views": {"views": ""},
    "access": {"needs": ["interpreter"], "language": "Polski"},
    "meeting": {"modes": ["video"], "availability": ""},
    "supporter": {"has_supporter": "yes", "supporter": "my sister"},
    "reports": {"add": "no"},
    "sharing": {"wish": ["local_authority"]},
}


def begin(person: Family, *, question: bool = False) -> str:
    """Begin a request; return the address of its first question."""
    page = f"/requests/before{'?question=yes' if question else ''}"
    return str(person.post("/requests/new", page=page).headers["Location"])


def fill(person: Family, path: str, **changed: dict[str, Any]) -> str:
    """Answer the questions as they come, until all are; return the address of "check your answers"."""
    answers = ANSWERS | {slug.replace("__", "-"): form for slug, form in changed.items()}
    for _ in range(40):
        slug = path.rpartition("/")[2].partition("?")[0]
        if slug == "answers":
            return path
        path = person.follow_path(path, answers[slug])
    raise AssertionError(f"the request does not end: {path}")


def send(person: Family, **changed: dict[str, Any]) -> uuid.UUID:
    """Write a request and send it; return the case's id."""
    answers = fill(person, begin(person), **changed)
    sent = person.post(answers, tell_council="yes")
    assert sent.status_code == 303, words(sent)
    return uuid.UUID(sent.headers["Location"].split("/")[2])
