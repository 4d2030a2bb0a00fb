"""The check by program: the same answers, the same result as on the pages and by the command."""

from flask import Response
from flask_smorest import Blueprint

from parley.access.domain import public
from parley.api.bodies import answered, sent_document
from parley.api.schemas import AssessmentSchema
from parley.eligibility.check import check
from parley.eligibility.schemas import AnswersSchema, dump_assessment
from parley.policy.queries import current_policy
from parley.web import current


def blueprint() -> Blueprint:
    """Return the operations of the check."""
    resource = Blueprint("eligibility", __name__, description="Whether disagreement resolution fits, and what else may")
    described = resource.doc(
        operationId="checkEligibility",
        requestBody={"required": True, "content": {"application/json": {"schema": AnswersSchema}}},
        responses={
            "400": "BAD_REQUEST",
            "413": "REQUEST_ENTITY_TOO_LARGE",
            "415": "UNSUPPORTED_MEDIA_TYPE",
            "422": "UNPROCESSABLE_ENTITY",
        },
    )(resource.response(200, AssessmentSchema)(check_answers))
    resource.add_url_rule("/eligibility", view_func=described, methods=["POST"])
    return resource


@public("a check needs no sign-in and no name, and nothing of it is kept")
def check_answers() -> Response:
    """Check whether this council's disagreement resolution fits.

    Takes what a family would answer, and returns for every disagreement what this council's published rules and the
    law say, why, what would change it, the dates that run regardless, and where else to go. Nothing that was sent is
    kept. A body may hold 64 kB. Fields and values that are not known are errors that name the field.
    """
    document = sent_document()
    today = current.today()
    policy = current_policy(current.session(), current.authority_id(), today).policy
    return answered(dump_assessment(check(document, policy, today)))
