"""The council's rules as its staff see them: also what was only inferred, or is doubtful."""

from flask import render_template

from parley.access.domain import Permission, requires
from parley.law.versions import law_on
from parley.policy.queries import current_policy
from parley.web import current
from parley.workspaces.rule_sections import sections_of


@requires(Permission.CASE_READ_OPEN)
def rules() -> str:
    """Show the rules that hold today, each with its page and how it is known."""
    today = current.today()
    found = current_policy(current.session(), current.authority_id(), today)
    return render_template(
        "council/rules.html", version=found, words=found.policy.words, sections=sections_of(found.policy, law_on(today))
    )
