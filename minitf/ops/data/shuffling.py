"""A buffer from which elements are drawn at random, in TensorFlow's order for the same seeds.

**State** of a `Shuffler`
- `_buffer`: a ring of `size` places.  The elements of one pass over the input that wait to be drawn
  stand in a row, a *slice* [first, last) of places counted from the very beginning; of several
  passes there may be several slices, one behind the other.
- `_source`: the present pass over the input; None once all are over.

**Invariant**: an element is drawn from the first slice, so that a pass is over before the next
begins; what is drawn swaps places with the first element of its slice.

Source: Knuth's shuffle on a window; TensorFlow 1.15's kernel.
"""

import threading
from collections.abc import Callable, Iterator

from minitf.ops.data.dataset import Element
from minitf.ops.data.draws import Anything, Place, Seeds, draw
from minitf.ops.data.sources import random_words


class SeedsOfPasses:
    """The seeds of one pass after the other.

    Args:
        seed: the dataset's first seed.
        seed2: the second; both 0 for seeds that nobody can repeat.
        anew: whether each pass has seeds of its own.
    """

    def __init__(self, seed: int, seed2: int, *, anew: bool) -> None:
        self._anew = anew
        self._is_given = bool(seed or seed2)
        self._key = (seed, seed2) if self._is_given else Anything().next()
        self._passes = 0
        self._word = random_words(*self._key)
        self._lock = threading.Lock()

    @property
    def place(self) -> Place:
        """The key of its words, and how many passes have their seeds."""
        return *self._key, self._passes

    def go_to(self, place: Place) -> None:
        """Stand elsewhere."""
        with self._lock:
            if place == self.place:
                return
            *key, self._passes = place
            self._key = key[0], key[1]
            self._word = random_words(*self._key)
            if self._anew:
                for _ in range(2 * self._passes):
                    self._word()

    def next(self) -> Seeds:
        """Return the seeds of the next pass."""
        with self._lock:
            self._passes += 1
            if self._anew:
                return self._word(), self._word()
            if self._is_given:
                return self._key
            word = random_words(*self._key)
            return word(), word()


class Shuffler:
    """One iteration over shuffled elements.

    Args:
        begin: begins a pass over the input.
        size: of the buffer.
        seeds: gives the seeds of one pass after the other.
        count: how many passes there are; -1 for without end.
    """

    def __init__(
        self,
        begin: Callable[[], Iterator[Element]],
        size: int,
        seeds: SeedsOfPasses,
        count: int = 1,
    ) -> None:
        self._begin = begin
        self._size = size
        self._count = count
        self._seeds = seeds
        self._word = random_words(*draw(seeds))
        self._buffer: list[Element | None] = []
        self._slices = [[0, 0]]
        self._source: Iterator[Element] | None = begin()
        self._passes = 1
        self._found_any = False

    def step(self) -> Element:
        """Return the next element."""
        self._fill()
        if not self._waiting:
            raise StopIteration
        while self._slices[0][0] == self._slices[0][1]:
            self._slices.pop(0)
            self._word = random_words(*draw(self._seeds))
        first, last = self._slices[0]
        size, buffer = self._size, self._buffer
        drawn = (first + self._word() % (last - first)) % size
        element = buffer[drawn]
        buffer[drawn], buffer[first % size] = buffer[first % size], None
        self._slices[0][0] += 1
        assert element is not None
        return element

    def _fill(self) -> None:
        """Take elements from the input until the buffer is full or all passes are over."""
        while self._source is not None and self._waiting < self._size:
            element = next(self._source, None)
            if element is None:
                self._next_pass()
                continue
            self._found_any = True
            last = self._slices[-1]
            if last[1] < self._size:
                self._buffer.append(element)
            else:
                self._buffer[last[1] % self._size] = element
            last[1] += 1

    @property
    def _waiting(self) -> int:
        return self._slices[-1][1] - self._slices[0][0]

    def _next_pass(self) -> None:
        is_last = self._passes == self._count
        if is_last or not self._found_any:  # an empty input has no elements however often
            self._source = None
            return
        self._source, self._found_any = self._begin(), False
        self._passes += 1
        end = self._slices[-1][1]
        self._slices.append([end, end])
