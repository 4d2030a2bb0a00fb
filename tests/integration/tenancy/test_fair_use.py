"""What a council's site takes in a while holds over processes; one council's noise leaves the others their share."""

import subprocess
import sys
import uuid

import psycopg

from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.tenancy.service import lease_requests
from parley.web.fair_use import BLOCKS_IN_A_WINDOW, WINDOW
from support import busy_process
from support.factories import Factory

MOST = busy_process.RATE * WINDOW.seconds
BLOCK = MOST // BLOCKS_IN_A_WINDOW


def busy(url: str, authority_id: uuid.UUID) -> subprocess.Popen[str]:
    """Start a process that takes all it can get."""
    command = [sys.executable, busy_process.__file__, url, str(authority_id)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def through(process: subprocess.Popen[str]) -> int:
    """Return how many requests a process got."""
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return int(said)


def open_window(database: Database, authority_id: uuid.UUID) -> None:
    """Begin a window now, so that the processes start and end within it; nothing of it is leased."""
    with database.begin(authority_scope(authority_id)) as session:
        lease_requests(session, authority_id=authority_id, counted="api", most=MOST, window=6 * WINDOW, block=0)


def test_processes_together_get_what_a_window_holds_and_a_quiet_council_all_of_its_own(
    login_urls: dict[str, str], database: Database, make: Factory
) -> None:
    noisy, quiet = make.authority().id, make.authority().id
    for authority_id in (noisy, quiet):
        open_window(database, authority_id)
    loud = [busy(login_urls["app"], noisy) for _ in range(3)]
    calm = busy(login_urls["app"], quiet)
    taken = sum(map(through, loud))
    # What a process leased and could not use before its time was over is the most that may be lacking.
    assert MOST - 2 * BLOCK <= taken <= MOST
    assert through(calm) == MOST


def test_a_window_that_is_over_begins_anew(database: Database, make: Factory, admin_url: str) -> None:
    authority_id = make.authority().id

    def leased(block: int) -> int:
        with database.begin(authority_scope(authority_id)) as session:
            return lease_requests(
                session, authority_id=authority_id, counted="api", most=10, window=WINDOW, block=block
            ).granted

    assert [leased(4), leased(4), leased(4), leased(4)] == [4, 4, 2, 0]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("UPDATE request_allowance SET window_ends_at = now() WHERE authority_id = %s", [authority_id])
    assert leased(4) == 4


def test_nobody_counts_for_another_council(database: Database, make: Factory) -> None:
    own, other = make.authority().id, make.authority().id
    with database.begin(authority_scope(own)) as session:
        lease_requests(session, authority_id=own, counted="api", most=10, window=WINDOW, block=10)
    with database.begin(authority_scope(other)) as session:
        assert (
            lease_requests(session, authority_id=other, counted="api", most=10, window=WINDOW, block=10).granted == 10
        )
