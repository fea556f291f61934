"""The threads that partitions run on: as many as are needed, and none is left behind."""

from __future__ import annotations

import threading

from minitf.executor.crew import Team


def test_a_thread_that_is_busy_when_the_team_closes_ends_when_it_is_done():
    """What it does may take longer than whoever closes the team, and keeps it, can wait."""
    team = Team()
    threads: list[threading.Thread] = []
    begun, may_end = threading.Event(), threading.Event()

    def work():
        threads.append(threading.current_thread())
        begun.set()
        may_end.wait()

    team.start(work)
    begun.wait()
    team.close()
    assert threads[0].is_alive()
    may_end.set()
    threads[0].join()


def test_threads_that_are_done_work_again():
    """None is started while one has nothing to do."""
    team = Team()
    threads = set()
    for _ in range(100):
        done = threading.Event()

        def work(done=done):
            threads.add(threading.current_thread())
            done.set()

        team.start(work)
        done.wait()
        while not team._idle:
            threading.Event().wait(0.001)
    assert len(threads) == 1
    team.close()
    threads.pop().join()


def test_a_closed_team_still_works_but_keeps_no_thread():
    team = Team()
    team.close()
    threads = []
    team.start(lambda: threads.append(threading.current_thread()))
    while not threads:
        threading.Event().wait(0.001)
    threads[0].join()
