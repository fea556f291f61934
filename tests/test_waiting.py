"""Operations wait in lines without a thread: in order, at most once, and none for ever."""

from __future__ import annotations

import gc
import threading
from collections import deque
from concurrent.futures import CancelledError as FutureCancelled

import pytest

from minitf.errors import AbortedError
from minitf.waiting import Attempt, Monitor, Turn, Waiting, give_way


class Seat(Monitor):
    """Room for one."""

    def __init__(self):
        self.line = deque()
        super().__init__(self.line)
        self.sits = None

    def sit(self, who):
        return self.ask(self.line, Sit(self, who))

    def leave(self):
        with self.changing():
            self.sits = None


class Sit(Attempt):
    def __init__(self, seat, who):
        super().__init__()
        self.seat, self.who = seat, who

    def advance(self):
        if self.who == "nobody":
            raise AbortedError(None, None, "nobody sits")
        if self.seat.sits not in (None, self.who):
            return Turn.STUCK
        self.seat.sits = self.who
        return Turn.OVER

    def undo(self):
        if self.seat.sits == self.who:
            self.seat.sits = None

    def outputs(self):
        return f"{self.who} sits"

    def reason(self):
        return f"{self.seat.sits} sits"


def test_who_need_not_wait_gets_the_outputs_at_once():
    assert Seat().sit("a") == "a sits"


def test_those_who_wait_are_served_in_order():
    seat = Seat()
    seat.sit("a")
    b, c = seat.sit("b"), seat.sit("c")

    assert b.reason == "a sits"
    assert not b.done()
    seat.leave()
    assert b.result() == "b sits"
    assert not c.done()
    seat.leave()
    assert c.result() == "c sits"


def test_nobody_overtakes_those_who_wait():
    seat = Seat()
    seat.sit("a")
    held = seat.sit("b")
    seat.sits = None  # free, but the line has not been served
    late = seat.sit("c")

    assert held.result() == "b sits"
    assert not late.done()


def test_an_error_is_raised_at_once_or_brought():
    seat = Seat()
    with pytest.raises(AbortedError):
        seat.sit("nobody")
    seat.sit("a")
    b, waiting = seat.sit("b"), seat.sit("nobody")
    seat.leave()

    assert b.done()
    with pytest.raises(AbortedError, match="nobody sits"):
        waiting.result()


def test_who_is_cancelled_leaves_the_line_and_the_next_goes_on():
    seat = Seat()
    seat.sit("a")
    b, c = seat.sit("b"), seat.sit("c")

    assert b.cancel()
    assert list(seat.line) == [c._attempt]
    with pytest.raises(FutureCancelled):
        b.result()
    seat.leave()
    assert c.result() == "c sits"


def test_who_is_cancelled_when_the_outputs_have_come_gives_back_what_was_taken():
    seat = Seat()
    seat.sit("a")
    b, c = seat.sit("b"), seat.sit("c")
    seat.leave()

    assert b.done()
    assert not b.cancel()
    with pytest.raises(FutureCancelled):
        b.result()
    assert c.result() == "c sits"


def test_who_has_the_outputs_keeps_them():
    seat = Seat()
    seat.sit("a")
    b = seat.sit("b")
    seat.leave()

    assert b.result() == "b sits"
    assert not b.cancel()
    assert seat.sits == "b"


def test_cancelling_twice_changes_nothing_more():
    seat = Seat()
    seat.sit("a")
    b = seat.sit("b")
    b.cancel()
    seat.leave()
    b.cancel()

    assert seat.sit("c") == "c sits"


def test_whom_nobody_waits_for_any_more_is_dropped():
    seat = Seat()
    seat.sit("a")
    lost, c = seat.sit("b"), seat.sit("c")  # an interrupt may lose a Waiting on its way
    del lost
    gc.collect()
    seat.leave()

    assert c.result() == "c sits"


def test_an_attempt_that_is_over_but_was_left_in_the_line_is_no_obstacle():
    seat = Seat()
    seat.sit("a")
    b, c = seat.sit("b"), seat.sit("c")
    seat.leave()
    seat.line.appendleft(b._attempt)  # as if an interrupt had come before it left
    with seat.changing():
        pass
    assert len(seat.line) == 1
    seat.leave()

    assert (b.result(), c.result()) == ("b sits", "c sits")


def test_callbacks_run_without_the_lock():
    seat = Seat()
    seat.sit("a")
    seen = []
    seat.sit("b").add_done_callback(lambda future: seen.append(seat.lock.locked()))
    held = seat.sit("c")
    held.add_done_callback(lambda future: seen.append(seat.lock.locked()))
    gc.collect()
    seat.leave()
    held.cancel()

    assert seen == [False] * len(seen)
    assert seen


def test_a_change_that_fails_keeps_the_lock_free():
    seat = Seat()
    with pytest.raises(ZeroDivisionError), seat.changing():
        raise ZeroDivisionError

    assert not seat.lock.locked()


def test_many_threads_share_a_seat_one_after_the_other():
    seat = Seat()
    times, sat = 200, []

    def work(name):
        for _ in range(times):
            made = seat.sit(name)
            sat.append(made.result() if isinstance(made, Waiting) else made)
            assert seat.sits == name
            seat.leave()

    threads = [threading.Thread(target=work, args=[f"t{i}"]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sat) == 4 * times
    assert not seat.line


# --- giving way -----------------------------------------------------------------------------------


def test_who_gives_way_goes_on_when_the_lock_is_free_or_held_for_long():
    lock = threading.Lock()
    give_way(lock)
    with lock:
        give_way(lock)  # it does not wait for ever: whoever takes the lock then does

        assert lock.locked()
