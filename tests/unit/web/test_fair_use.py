"""Requests are counted in memory, leased in blocks, and refused without asking anybody."""

import threading
import uuid

import pytest
from werkzeug.exceptions import TooManyRequests

from parley.tenancy.domain import RequestLease
from parley.web.fair_use import BLOCKS_IN_A_WINDOW, WINDOW, Counted, FairUse

DERBY, STAFFORDSHIRE = uuid.UUID(int=1), uuid.UUID(int=2)
MOST = 10 * WINDOW.seconds
BLOCK = MOST // BLOCKS_IN_A_WINDOW


class Ledger:
    """What the database would keep for one window, and a clock that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0
        self._leased: dict[tuple[uuid.UUID, str, int], int] = {}

    def lease(self, authority_id: uuid.UUID, counted: str, *, most: int, block: int) -> RequestLease:
        """Lease as the database does, with windows that begin at multiples of their length."""
        self.asked += 1
        window = int(self.now // WINDOW.seconds)
        key = (authority_id, counted, window)
        before = self._leased.get(key, 0)
        self._leased[key] = before + block
        seconds = (window + 1) * WINDOW.seconds - self.now
        return RequestLease(granted=max(0, min(block, most - before)), seconds=seconds)


@pytest.fixture
def ledger() -> Ledger:
    """A window of which nothing is used."""
    return Ledger()


def sharing(ledger: Ledger) -> FairUse:
    """Return a process that leases from ``ledger``."""
    return FairUse({Counted.API: 10, Counted.CHECK: 10}, ledger.lease, clock=lambda: ledger.now)


def taken(process: FairUse, times: int, authority: uuid.UUID = DERBY, counted: Counted = Counted.API) -> int:
    """Return how many of ``times`` requests were let through."""
    through = 0
    for _ in range(times):
        try:
            process.take(authority, counted)
            through += 1
        except TooManyRequests:
            continue
    return through


def test_one_lease_serves_a_block_of_requests(ledger: Ledger) -> None:
    assert taken(sharing(ledger), BLOCK) == BLOCK
    assert ledger.asked == 1


def test_what_a_window_holds_is_let_through_and_no_more_over_all_processes(ledger: Ledger) -> None:
    processes = [sharing(ledger), sharing(ledger)]
    assert sum(taken(process, MOST) for process in processes) == MOST


def test_who_is_refused_is_refused_from_memory_and_told_when_to_come_back(ledger: Ledger) -> None:
    process = sharing(ledger)
    ledger.now = 3.5
    taken(process, MOST + 1)
    asked = ledger.asked
    with pytest.raises(TooManyRequests) as refused:
        process.take(DERBY, Counted.API)
    assert refused.value.retry_after == 7
    taken(process, 100)
    assert ledger.asked == asked
    ledger.now = 10.0
    assert taken(process, 1) == 1


def test_what_was_leased_in_one_window_is_not_used_in_the_next(ledger: Ledger) -> None:
    process, other = sharing(ledger), sharing(ledger)
    taken(process, 1)
    ledger.now = 10.0
    assert taken(other, MOST) + taken(process, MOST) == MOST


def test_a_noisy_council_takes_nothing_from_another_and_its_api_nothing_from_its_checks(ledger: Ledger) -> None:
    process = sharing(ledger)
    taken(process, 10 * MOST)
    assert taken(process, MOST, STAFFORDSHIRE) == MOST
    assert taken(process, MOST, DERBY, Counted.CHECK) == MOST


def test_threads_of_one_process_share_what_it_leased(ledger: Ledger) -> None:
    process, through = sharing(ledger), []
    threads = [threading.Thread(target=lambda: through.append(taken(process, MOST))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(through) == MOST


def test_a_limit_below_a_block_for_each_part_of_the_window_still_holds(ledger: Ledger) -> None:
    process = FairUse({Counted.API: 1}, ledger.lease, clock=lambda: ledger.now)
    assert taken(process, 100) == WINDOW.seconds
