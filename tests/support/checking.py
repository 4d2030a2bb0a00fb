"""A family that answers the check in its browser: an answer to every question, until the result stands there."""

from support.family import Family

PROVISION = {
    "risk_now": "no",
    "asker": "parent_carer",
    "lives_in_area": "yes",
    "send": "yes",
    "date_of_birth": "",
    "stage": "none",
    "matters.0.against": ["school"],
    "matters.0.about": "educational_provision",
    "educated": "school",
    "tried": [],
}


def answer(family: Family, **answers: object) -> str:
    """Answer the check's questions as they come until the result stands there; return the result's path."""
    path = family.get("/check").headers["Location"]
    for _ in range(30):
        if path.endswith("/check/result"):
            return path
        name = path.rpartition("/")[2]
        given = {**PROVISION, **answers}[name]
        form = given if isinstance(given, dict) else {"answer": given} if given else {"skip": "yes"}
        path = family.follow_path(path, form)
    raise AssertionError(f"the check does not end: {path}")
