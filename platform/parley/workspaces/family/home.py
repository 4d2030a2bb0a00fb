"""The first page of a council's site: what the service is, who runs it, how to ask, what else there is."""

from flask import render_template

from parley.access.domain import public
from parley.eligibility.places import NATIONAL_PLACES, places_of
from parley.kernel.sentences import listed
from parley.tenancy.domain import Service
from parley.workspaces.family.council import council
from parley.workspaces.rule_sections import ALLOCATION


@public("says what the service is, before anybody says who they are")
def home() -> str:
    """Show the council's first page, from its own policy."""
    known = council()
    policy = known.policy
    return render_template(
        "family/home.html",
        council=known,
        policy=policy,
        words=policy.words,
        providers=listed(provider.name for provider in policy.providers_of(Service.DISAGREEMENT_RESOLUTION)),
        allocation=ALLOCATION[policy.allocation],
        areas=policy.family_areas,
        steps=[step for step in policy.route.steps.shown or () if step.evidence.shown],
        supporters=listed(policy.meeting.supporters.shown or (), "or"),
        ladder=[rung for rung in policy.ladder if rung.evidence.shown],
        # The council's own, and of the national ones those that fit any disagreement.
        signposts=[
            place.shown
            for place in places_of(policy)
            if place not in NATIONAL_PLACES or not (place.against or place.about)
        ],
    )
