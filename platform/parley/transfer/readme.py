"""The page in an export that says what is in it, for people who do not have Parley. Pure."""

import textwrap

from parley.kernel.sentences import capitalised
from parley.transfer.bundle import MANIFEST
from parley.transfer.domain import DOCUMENTS, TABLES

_WIDTH = 100

_ABOUT = """\
What Parley holds of the disagreement resolution of {council}, as {council} may read it.
Taken out on {day}.

This is personal data of children and their families. Keep it where your SEND records are kept, and delete copies that
are not needed.

WHAT IS NOT HERE
What families did not share with the council. How families are reached, where they live, and what keeps them safe.
Private messages, including the council's own with its provider, a mediator's notes, drafts, feedback: these belong to
the talks in confidence, which the provider holds. Requests of which the provider has not told the council.

HOW TO READ IT
Each file that ends in .jsonl is a table: one line for each record, each line a JSON object. Spreadsheets and databases
read it ("JSON Lines"). Times are in UTC. Empty values are null or "". What belongs to one case carries its reference.
The folder "{documents}" holds files as they were added; documents.jsonl says what each is. Parley does not look for
viruses in them: do, before you open one.

HOW TO CHECK IT
"{manifest}" has, for each table, how many lines it holds, and for each file its SHA-256 hash. On Linux and macOS
`sha256sum FILE` prints the hash of a file, in Windows `certutil -hashfile FILE SHA256`.

THE TABLES
"""


def readme(council: str, day: str) -> str:
    """Return the page for ``council``; ``day`` is the London date of the export in words."""
    about = _ABOUT.format(council=council, day=day, documents=DOCUMENTS, manifest=MANIFEST)
    return about + "\n".join(_table(name) for name in TABLES)


def _table(name: str) -> str:
    facts = TABLES[name]
    fields = [
        textwrap.fill(f"{field}: {said}", _WIDTH, initial_indent="  ", subsequent_indent="      ")
        for field, said in facts.fields.items()
    ]
    return "\n".join([f"{name}.jsonl", f"  {capitalised(facts.about)}.", *fields, ""])
