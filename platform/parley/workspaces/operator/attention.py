"""What an operator should do something about, each with its next step. Pure."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from parley.jobs.queries import Queue
from parley.plugin_host.domain import BreakerState, EnablementState
from parley.plugin_host.queries import PluginStanding
from parley.tenancy.domain import SHARED_FILES, AuthorityState, FileTrouble

#: A job that is due waits a second or two; this long means that nobody takes it.
OVERDUE = dt.timedelta(minutes=5)

#: Where every one of these is explained.
RUNBOOK = "docs/operate.md, “When something is wrong”"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that needs attention, and what to do: a sentence, and a command where one helps."""

    what: str
    to_do: str
    command: str = ""
    details: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilStanding:
    """A council as operators see it. ``can_send`` is None where it has no policy in force."""

    name: str
    slug: str
    state: AuthorityState
    policy_number: int | None
    policy_since: dt.date | None
    waiting: int | None
    can_send: bool | None
    provider: str
    plugins: Sequence[PluginStanding]
    mails_failed: int
    clocks_missed: int

    @property
    def address(self) -> str:
        """Where on the page the council stands."""
        return f"council-{self.slug}"


def of_queue(queue: Queue, now: dt.datetime) -> Iterator[Finding]:
    """Say what is wrong with background work."""
    if not queue.workers:
        yield Finding(
            what="No worker is alive. Mail, deliveries and reminders wait; none is lost.",
            to_do="Start one. Jobs are taken as soon as it lives.",
            command="parley worker",
        )
    elif queue.oldest_due is not None and now - queue.oldest_due > OVERDUE:
        yield Finding(
            what="Jobs that are due are not taken.",
            to_do="Look at the worker’s log, and start another worker beside it if it only has too much to do.",
            command="parley doctor",
        )
    if queue.failed:
        named = ", ".join(f"{task} ({count})" for task, count in queue.failed_by_task)
        yield Finding(
            what=f"Jobs were tried as often as they may be and failed: {named}.",
            to_do="The worker’s log has each one’s id and the class of its error.",
            command="parley doctor",
        )


def of_files(trouble: FileTrouble) -> Finding:
    """Say that files were kept out at the last load, and what is wrong with them."""
    whose = f"The files of {trouble.slug}" if trouble.slug != SHARED_FILES else "Files that councils share"
    return Finding(
        what=f"{whose} have problems. What was loaded before stays; the other councils were loaded.",
        to_do="Mend what is named here, and load the files again.",
        command="parley authority load",
        details=trouble.problems,
    )


def of_sign_in(who: str, troubles: Sequence[str]) -> Finding:
    """Say what last night's look at a sign-in found to mend."""
    return Finding(
        what=f"The sign-in of {who} has something to mend, or soon will.",
        to_do="Other ways in go on. See whether it still is so, and who can mend it.",
        command=f"parley signin check {who}",
        details=troubles,
    )


def of_council(council: CouncilStanding) -> Iterator[Finding]:
    """Say what is wrong at one council."""
    if council.state is AuthorityState.SUSPENDED:
        yield Finding(
            what=f"{council.name} is suspended: its families see a page with numbers to ring.",
            to_do="Let it go on when what it was suspended for is over.",
            command=f"parley authority resume {council.slug}",
        )
    if council.policy_number is None:
        yield Finding(
            what=f"{council.name} has no policy in force: its family pages cannot answer.",
            to_do="Load its files; problems in them are named.",
            command="parley authority load",
        )
    if council.waiting is not None:
        yield Finding(
            what=f"Version {council.waiting} of the rules of {council.name} waits for a second person.",
            to_do="Somebody other than its author reads it, and agrees.",
            command=f"parley policy approve {council.slug} {council.waiting}",
        )
    if council.can_send and not council.plugins:
        yield Finding(
            what=f"{council.name} names a provider and no plugin delivers to it: requests wait in the provider’s list.",
            to_do="Enable the provider’s plugin in the council’s providers.toml, and load its files.",
            command="parley authority load",
        )
    for plugin in council.plugins:
        yield from _of_plugin(council, plugin)
    if council.mails_failed:
        yield Finding(
            what=f"{council.name}: mail could not be delivered for good ({council.mails_failed}).",
            to_do="The provider has a task to tell each person instead. Many at once mean the mail server: look at it.",
            command="parley doctor",
        )


def _of_plugin(council: CouncilStanding, plugin: PluginStanding) -> Iterator[Finding]:
    if plugin.stopped_at is not None:
        yield Finding(
            what=f"{plugin.plugin} is stopped for {council.name} by an operator. Referrals wait.",
            to_do="Let it go on when what it was stopped for is over.",
            command=f"parley plugins resume {council.slug} {plugin.plugin}",
        )
    elif plugin.state is EnablementState.SUSPENDED:
        yield Finding(
            what=f"{plugin.plugin} is suspended in {council.name}’s own file. Referrals wait.",
            to_do="Ask the council; then set its state to live in providers.toml and load its files.",
            command="parley authority load",
        )
    elif plugin.breaker is not BreakerState.CLOSED:
        yield Finding(
            what=f"{plugin.plugin} fails for {council.name} and is given rest. Referrals wait and are tried again.",
            to_do="Look whether the provider’s system is reachable; nothing else is needed once it is.",
            command="parley plugins list",
        )
