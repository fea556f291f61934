"""What queues do, in any order of puts, takes, closes and cancels, is what plain lists do."""

from __future__ import annotations

from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from ops.queue.models import CANCELLED, CLOSED, OUT_OF_RANGE, WAITS, Model

from minitf import dtypes
from minitf.errors import CancelledError, OutOfRangeError
from minitf.ops.queue.elements import Spec
from minitf.ops.queue.fifo import FIFOQueue
from minitf.ops.queue.padding_fifo import PaddingFIFOQueue
from minitf.ops.queue.priority import PriorityQueue
from minitf.ops.queue.random_shuffle import RandomShuffleQueue
from minitf.shapes import Shape
from minitf.waiting import Waiting

VALUES = st.integers(0, 9)


class Wish:
    """One operation, asked of the queue and of the model."""

    def __init__(self, ask, ask_model):
        try:
            self.made = ask()
        except (OutOfRangeError, CancelledError) as error:
            self.made = error
        self.model = ask_model()

    @property
    def is_done_late(self):
        return isinstance(self.made, Waiting) and self.made.done()

    def outcome(self):
        made = self.made
        if isinstance(made, Waiting):
            if not made.done():
                return WAITS
            try:
                Future.result(made)  # to look is not to take: the outputs may still be undone
                made = made._attempt.outputs()
            except (OutOfRangeError, CancelledError, FutureCancelled) as error:
                made = error
        if isinstance(made, OutOfRangeError):
            return OUT_OF_RANGE
        if isinstance(made, FutureCancelled) or "operation was cancelled" in str(made):
            return CANCELLED
        if isinstance(made, CancelledError):
            return CLOSED
        return None if made is None else np.asarray(made[0]).ravel().tolist()


class Queues(RuleBasedStateMachine):
    """A queue of int64 numbers beside its model."""

    wishes = Bundle("wishes")

    def queue_and_model(self, capacity):
        spec = Spec(FIFOQueue, (dtypes.int64,), (Shape(()),), capacity)
        return FIFOQueue("q", spec), Model(capacity)

    @initialize(capacity=st.integers(1, 4))
    def make(self, capacity):
        self.queue, self.model = self.queue_and_model(capacity)
        self.all = []

    def noted(self, ask, ask_model):
        self.all.append(Wish(ask, ask_model))
        return self.all[-1]

    @rule(target=wishes, value=VALUES)
    def enqueue(self, value):
        return self.noted(
            lambda: self.queue.enqueue([np.int64(value)]), lambda: self.model.put([value])
        )

    @rule(target=wishes, values=st.lists(VALUES, min_size=1, max_size=6))
    def enqueue_many(self, values):
        batch = np.array(values, np.int64)
        return self.noted(lambda: self.queue.enqueue_many([batch]), lambda: self.model.put(values))

    @rule(target=wishes)
    def dequeue(self):
        return self.noted(self.queue.dequeue, lambda: self.model.take(1))

    @rule(target=wishes, count=st.integers(1, 6), at_most=st.booleans())
    def dequeue_many(self, count, at_most):
        return self.noted(
            lambda: self.queue.dequeue_many(count, at_most=at_most),
            lambda: self.model.take(count, at_most=at_most),
        )

    @rule(target=wishes, cancel=st.booleans())
    def close(self, cancel):
        return self.noted(
            lambda: self.queue.close(cancel_pending_enqueues=cancel),
            lambda: self.model.close(cancel=cancel),
        )

    @rule(wish=wishes)
    def cancel(self, wish):
        if wish in self.all and wish.outcome() == WAITS:
            wish.made.cancel()
            self.model.cancel(wish.model)

    @rule(wish=wishes)
    def take_back(self, wish):
        """A step is aborted although the outputs have come: a take is undone."""
        if wish.is_done_late and wish in self.all and isinstance(wish.outcome(), list):
            self.all.remove(wish)
            wish.made.cancel()
            self.model.give_back(wish.model)

    @invariant()
    def each_operation_is_where_the_model_has_it(self):
        if hasattr(self, "all"):
            assert [w.outcome() for w in self.all] == [w.model["outcome"] for w in self.all]

    @invariant()
    def size_and_state_are_the_models(self):
        if hasattr(self, "all"):
            assert self.queue.size() == len(self.model.elements)
            assert self.queue.is_closed == self.model.is_closed


class PaddingQueues(Queues):
    def queue_and_model(self, capacity):
        spec = Spec(PaddingFIFOQueue, (dtypes.int64,), (Shape(()),), capacity)
        return PaddingFIFOQueue("q", spec), Model(capacity)


class PriorityQueues(Queues):
    def queue_and_model(self, capacity):
        spec = Spec(PriorityQueue, (dtypes.int64,), (Shape(()),), capacity)
        return PriorityQueue("q", spec), Model(capacity, order=lambda e: e.index(min(e)))


class ShuffleQueues(Queues):
    """With a minimum of all but one element, the model chooses as the queue did."""

    def queue_and_model(self, capacity):
        keep = capacity - 1
        spec = Spec(RandomShuffleQueue, (dtypes.int64,), (Shape(()),), capacity, keep, (1, 2))
        queue = Following("q", spec)
        return queue, Model(capacity, order=queue.position_in, keep=keep)


class Following(RandomShuffleQueue):
    """A shuffling queue whose choices a model can follow: it notes the elements taken."""

    def __init__(self, name, spec):
        super().__init__(name, spec)
        self.taken = []

    def take(self):
        self.taken.append(int(super().take()[0]))
        return (np.int64(self.taken[-1]),)

    def position_in(self, elements):
        return elements.index(self.taken.pop(0))


@pytest.mark.paper("W-37", "O-09")
@pytest.mark.thorough
@pytest.mark.parametrize("machine", [Queues, PaddingQueues, PriorityQueues, ShuffleQueues])
def test_a_queue_does_what_lists_do(machine):
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=20))
