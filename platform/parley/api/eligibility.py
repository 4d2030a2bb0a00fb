"""The check by program: the same answers, the same result as on the pages and by the command."""

from flask import Response, request
from flask_smorest import Blueprint

from parley.access.domain import public
from parley.api.bodies import answered, sent_document
from parley.api.schemas import AssessmentSchema
from parley.eligibility.check import check
from parley.eligibility.schemas import AnswersSchema, dump_assessment
from parley.kernel.errors import Invalid
from parley.policy.queries import current_policy
from parley.web import current
from parley.web.fair_use import Counted, counts

TRACE = "trace"


def blueprint() -> Blueprint:
    """Return the operations of the check."""
    resource = Blueprint("eligibility", __name__, description="Whether disagreement resolution fits, and what else may")
    described = resource.doc(
        operationId="checkEligibility",
        parameters=[
            {
                "name": TRACE,
                "in": "query",
                "description": "Whether the answer has a trace: every rule that was tried, and the one that decided",
                "schema": {"type": "boolean", "default": False},
            }
        ],
        requestBody={"required": True, "content": {"application/json": {"schema": AnswersSchema}}},
        responses={
            "400": "BAD_REQUEST",
            "413": "REQUEST_ENTITY_TOO_LARGE",
            "415": "UNSUPPORTED_MEDIA_TYPE",
            "422": "UNPROCESSABLE_ENTITY",
            "429": "TOO_MANY_REQUESTS",
        },
    )(resource.response(200, AssessmentSchema)(check_answers))
    resource.add_url_rule("/eligibility", view_func=described, methods=["POST"])
    return resource


@counts(Counted.API)
@public("a check needs no sign-in and no name, and nothing of it is kept")
def check_answers() -> Response:
    """Check whether this council's disagreement resolution fits.

    Takes what a family would answer, and returns for every disagreement what this council's published rules and the
    law say, why, what would change it, the dates that run regardless, and where else to go. Nothing that was sent is
    kept. A body may hold 64 kB. Fields and values that are not known are errors that name the field.
    """
    is_traced = _is_traced()
    document = sent_document()
    today = current.today()
    policy = current_policy(current.session(), current.authority_id(), today).policy
    checked = check(document, policy, today)
    return answered(dump_assessment(checked.assessment, checked.explained() if is_traced else None))


def _is_traced() -> bool:
    """Tell whether the trace was asked for. Raises Invalid for what is neither true nor false."""
    wanted = request.args.get(TRACE, "false")
    if wanted not in ("true", "false"):
        raise Invalid({TRACE: ["Must be true or false."]})
    return wanted == "true"
