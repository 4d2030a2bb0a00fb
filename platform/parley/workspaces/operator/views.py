"""The operators' one page. What it shows comes through a login that cannot read a case."""

import datetime as dt

from flask import Blueprint, render_template

from parley.access.domain import Permission, requires
from parley.identity.looking import troubles_found
from parley.jobs.queries import queue
from parley.kernel.clock import london_date
from parley.notifications.domain import Trouble
from parley.notifications.queries import troubles_since
from parley.plugin_host.queries import PluginStanding, standings
from parley.policy.queries import VersionInForce, policy_of_version, versions_in_force, waiting_versions
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority
from parley.web import current
from parley.web.sites import Audience
from parley.workspaces.operator.attention import (
    RUNBOOK,
    CouncilStanding,
    Finding,
    of_council,
    of_files,
    of_queue,
    of_sign_in,
)

#: How many days back troubles are counted, today included.
DAYS = 7


def blueprint() -> Blueprint:
    """Return the operators' pages."""
    pages = Blueprint("operator", __name__, subdomain=Audience.OPERATOR, template_folder="templates")
    pages.add_url_rule("/", "overview", overview)
    return pages


@requires(Permission.PLATFORM_OPERATE)
def overview() -> str:
    """Show what needs attention and its next step, each council, and the queue."""
    session, now = current.session(), current.now()
    today = london_date(now)
    work = queue(session, now=now)
    versions, plugins = versions_in_force(session, today), standings(session)
    waiting = waiting_versions(session)
    troubles = troubles_since(session, today - dt.timedelta(days=DAYS - 1))
    councils = [
        _standing(
            council,
            versions.get(council.id),
            plugins.get(council.id, []),
            waiting=waiting.get(council.id),
            mails_failed=troubles.get((council.id, Trouble.MAIL_FAILED), 0),
            clocks_missed=troubles.get((council.id, Trouble.CLOCK_MISSED), 0),
        )
        for council in tenancy.directory(session)
    ]
    findings: list[Finding] = [
        *of_queue(work, now),
        *(of_files(trouble) for trouble in tenancy.file_troubles(session)),
        *(of_sign_in(who, found) for who, found in troubles_found(session).items()),
        *(found for council in councils for found in of_council(council)),
    ]
    return render_template(
        "operator/overview.html", findings=findings, councils=councils, queue=work, now=now, days=DAYS, runbook=RUNBOOK
    )


def _standing(
    council: Authority,
    version: VersionInForce | None,
    plugins: list[PluginStanding],
    *,
    waiting: int | None,
    mails_failed: int,
    clocks_missed: int,
) -> CouncilStanding:
    policy = policy_of_version(current.session(), council.id, version.id) if version else None
    return CouncilStanding(
        name=council.name,
        slug=council.slug,
        state=council.state,
        policy_number=version.number if version else None,
        policy_since=version.since if version else None,
        waiting=waiting,
        can_send=policy.can_send if policy else None,
        provider=policy.provider.name if policy and policy.provider else "",
        plugins=plugins,
        mails_failed=mails_failed,
        clocks_missed=clocks_missed,
    )
