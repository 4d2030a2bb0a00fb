"""What a council says about the service, rule by rule, with the page each was read on; and what it has not said."""

from flask import render_template

from parley.access.domain import public
from parley.workspaces.family.council import Council, council, council_under
from parley.workspaces.rule_sections import sections_of

_WHY = "what a council publishes about its service is for everybody"


@public(_WHY)
def rules() -> str:
    """Show the rules that hold today."""
    return _page(council(), is_present=True)


@public(_WHY)
def rules_of_version(number: int) -> str:
    """Show the rules of one version, such as the one that a request follows."""
    present, known = council(), council_under(number)
    return _page(known, is_present=known.policy_number == present.policy_number)


def _page(known: Council, *, is_present: bool) -> str:
    return render_template(
        "family/rules.html",
        council=known,
        words=known.policy.words,
        sections=sections_of(known.policy, known.law),
        is_present=is_present,
    )
