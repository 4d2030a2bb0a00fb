"""What this council publishes: who it is, who runs its service, and how to reach them."""

import dataclasses

from flask import Response
from flask_smorest import Blueprint

from parley.access.domain import public
from parley.api.bodies import answered
from parley.api.schemas import CouncilSchema
from parley.eligibility.places import contact_anyway_of
from parley.policy import queries as policies
from parley.tenancy.domain import Service
from parley.web import current
from parley.web.fair_use import Counted, counts


def blueprint() -> Blueprint:
    """Return the operations of the directory."""
    resource = Blueprint("directory", __name__, description="What this council publishes about its service")
    described = resource.doc(operationId="readCouncil", responses={"429": "TOO_MANY_REQUESTS"})(
        resource.response(200, CouncilSchema)(council)
    )
    resource.add_url_rule("/council", view_func=described, methods=["GET"])
    return resource


@counts(Counted.API)
@public("what a council publishes about itself")
def council() -> Response:
    """Read what this council publishes about its service.

    Says which council this host belongs to, who provides disagreement resolution there, how to reach them, and whether
    a request can be sent online.
    """
    session, authority, today = current.session(), current.site().council, current.today()
    policy = policies.current_policy(session, authority.id, today).policy
    able = policies.receiving(session, authority.id, policy, today)
    providers = [
        {"slug": provider.key, "name": provider.name}
        for provider in policy.providers_of(Service.DISAGREEMENT_RESOLUTION)
    ]
    contact = dataclasses.asdict(contact_anyway_of(policy))
    return answered(
        {
            "slug": authority.slug,
            "name": authority.name,
            "gss_code": authority.gss_code,
            "policy_version": policy.version,
            "provider": next(iter(providers), None),
            "providers": providers,
            "contact": {name: contact[name] for name in ("body", "phone", "hours", "email", "url")},
            "online_requests": policy.can_send and bool(able),
        }
    )
