"""A site holds at most half of a process's threads, counted by the threads themselves."""

import threading

import pytest

from parley.web.fair_use import SharedThreads, SiteBusy


def test_a_site_holds_half_of_the_threads_and_no_more() -> None:
    shared = SharedThreads(5)
    shared.take("derby")
    shared.take("derby")
    with pytest.raises(SiteBusy) as refused:
        shared.take("derby")
    assert refused.value.retry_after == 1
    shared.take("staffordshire")
    shared.give_back("derby")
    shared.take("derby")


def test_a_process_with_one_thread_serves_every_site() -> None:
    shared = SharedThreads(1)
    shared.take("derby")
    shared.take("staffordshire")
    with pytest.raises(SiteBusy):
        shared.take("derby")


def test_threads_that_come_at_once_are_counted_one_by_one() -> None:
    shared, through = SharedThreads(8), []
    together = threading.Barrier(16)

    def come() -> None:
        together.wait()
        try:
            shared.take("derby")
            through.append(True)
        except SiteBusy:
            through.append(False)

    threads = [threading.Thread(target=come) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(through) == [False] * 12 + [True] * 4


def test_what_was_given_back_is_there_again_and_nothing_more() -> None:
    shared = SharedThreads(4)
    for _ in range(100):
        shared.take("derby")
        shared.give_back("derby")
    shared.take("derby")
    shared.take("derby")
    with pytest.raises(SiteBusy):
        shared.take("derby")
