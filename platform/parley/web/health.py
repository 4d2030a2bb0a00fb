"""Two addresses for machines: does this process live, and may it be sent people. They answer under any host name."""

from collections.abc import Callable

import structlog
from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from parley.access.domain import public
from parley.db.keys import KeyFileError
from parley.db.scope import Login, platform_scope
from parley.db.session import UNAVAILABLE, Database, LoginUnavailableError
from parley.db.wrapping import adopted
from parley.web.runtime import runtime
from parley.web.sites import Audience

log = structlog.get_logger(__name__)

#: Returns None when all is well, else a code of ours for what is not.
ReadinessCheck = Callable[[], str | None]


def blueprint() -> Blueprint:
    """Return the blueprint of the health addresses."""
    machine = Blueprint("health", __name__, subdomain=Audience.MACHINE)
    machine.add_url_rule("/healthz", view_func=healthz)
    machine.add_url_rule("/readyz", view_func=readyz)
    return machine


@public("A load balancer has no sign-in; it learns that the process answers and nothing else.")
def healthz() -> Response:
    """Answer: this process lives. A process that does not should be ended and started again."""
    return jsonify(alive=True)


@public("A load balancer has no sign-in; it learns whether the parts answer and nothing else.")
def readyz() -> ResponseReturnValue:
    """Answer 200 when this process can serve people, else 503. One that cannot should be left to mend itself."""
    problems = [problem for check in runtime().readiness if (problem := check()) is not None]
    for problem in problems:
        log.warning("not_ready", code=problem)
    # What exactly is wrong is for the log: this address is open to anybody.
    return jsonify(ready=not problems), 503 if problems else 200


def database_answers(database: Database, login: Login = Login.APP) -> ReadinessCheck:
    """Return a check that ``login`` reaches a database which has been prepared."""

    def check() -> str | None:
        try:
            return None if database.answers(login) else f"database_unreachable_{login.value}"
        except LoginUnavailableError:
            return f"login_{login.value}_missing"

    return check


def master_keys_at_hand(database: Database) -> ReadinessCheck:
    """Return a check that this process has the master keys that wrap keys now, in its key files by now if not before.

    A machine that was forgotten when a master key's place was taken is sent nobody.
    """

    def check() -> str | None:
        try:
            with database.begin(platform_scope(Login.APP)) as session:
                wrapping = {ring: adopted(session, ring) for ring in database.vaults}
            missing = [ring for ring, by in wrapping.items() if by and not database.vaults[ring].holds(by)]
        except KeyFileError:
            return "key_file_unreadable"
        except UNAVAILABLE:
            # That the database does not answer is said by the check for that.
            return None
        return f"master_key_missing_{missing[0].value}" if missing else None

    return check
