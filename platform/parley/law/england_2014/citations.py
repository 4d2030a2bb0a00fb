"""Where each rule comes from. A locator is given only where the number itself was verified.

Elsewhere the citation names the document alone. `ours` is for what no law says and Parley decided.
"""

from parley.law.domain import Citation

_CODE_URL = "https://www.gov.uk/government/publications/send-code-of-practice-0-to-25"
_ACT_URL = "https://www.legislation.gov.uk/ukpga/2014/6"
_REGULATIONS_URL = "https://www.legislation.gov.uk/uksi/2014/1530"


def _code(locator: str = "") -> Citation:
    return Citation("SEND Code of Practice 0 to 25", locator, _CODE_URL)


def _act(section: str = "") -> Citation:
    url = f"{_ACT_URL}/section/{section}" if section else _ACT_URL
    return Citation("Children and Families Act 2014", f"section {section}" if section else "Part 3", url)


def _regulations(number: str = "") -> Citation:
    return Citation("SEND Regulations 2014", f"regulation {number}" if number else "", _REGULATIONS_URL)


CITATIONS = {
    "code": _code("chapter 11"),
    "code-0-25": _code(),
    "code-11.6": _code("paragraph 11.6"),
    "code-11.7": _code("paragraph 11.7"),
    "code-11.8": _code("paragraph 11.8"),
    "code-11.6-11.10": _code("paragraphs 11.6 to 11.10"),
    "code-11.13": _code("paragraph 11.13"),
    "code-11.14": _code("paragraph 11.14"),
    "act": _act(),
    "act-24": _act("24"),
    "act-51": _act("51"),
    "act-52": _act("52"),
    "act-55": _act("55"),
    "act-57": _act("57"),
    "act-80": _act("80"),
    "regulations": _regulations(),
    "reg-5": _regulations("5"),
    "reg-8": _regulations("8"),
    "reg-13": _regulations("13"),
    "reg-32": _regulations("32"),
    "reg-33": _regulations("33"),
    "reg-34": _regulations("34"),
    "reg-38": _regulations("38"),
    "reg-42": _regulations("42"),
    "reg-44": _regulations("44"),
    "recommendations": Citation(
        "Special Educational Needs and Disability (First-tier Tribunal Recommendations Power) Regulations 2017"
    ),
    "devon": Citation(
        "R (L, M and P) v Devon County Council [2022] EWHC 493 (Admin)",
        url="https://www.bailii.org/ew/cases/EWHC/Admin/2022/493.html",
    ),
    "moving": Citation("GOV.UK, education, health and care plans when a child or young person moves"),
    "school-age": Citation("Education Act 1996, compulsory school age"),
    "parent": Citation("Education Act 1996", "section 576", "https://www.legislation.gov.uk/ukpga/1996/56/section/576"),
    "discrimination": Citation("Equality Act 2010, disability discrimination in schools"),
    "ours": Citation("Parley: our own rule, not law"),
}
