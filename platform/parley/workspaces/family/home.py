"""The first page of a council's site: what the service is, who runs it, how to ask, what else there is."""

from flask import render_template

from parley.access.domain import public
from parley.workspaces.family.council import council


@public("says what the service is, before anybody says who they are")
def home() -> str:
    """Show the council's first page, from its own policy."""
    known = council()
    policy = known.policy
    sources = {signpost.contact: policy.contacts[signpost.contact] for signpost in policy.signposts}
    return render_template(
        "family/home.html",
        council=known,
        policy=policy,
        words=policy.words,
        areas=[area for area in policy.areas.listed if area.evidence.shown],
        steps=[step for step in policy.route.steps.shown or () if step.evidence.shown],
        signposts=[
            (signpost, way)
            for signpost in policy.signposts
            if signpost.evidence.shown and (way := next(iter(sources[signpost.contact].shown_ways), None))
        ],
    )
