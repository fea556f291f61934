"""Queues in plain Python lists, to compare with: slow, without threads, obviously right."""

from __future__ import annotations

WAITS = "waits"
CLOSED = "closed"
OUT_OF_RANGE = "out of range"
CANCELLED = "cancelled"


class Operation(dict):
    """One operation: what is left of its wish, and `outcome`, what has become of it."""

    __eq__ = object.__eq__  # two of equal content are two
    __hash__ = object.__hash__


class Model:
    """What a queue of numbers does, told by going through all who wait again and again.

    Args:
        capacity: how many elements fit.
        order: (elements) -> the position of the next to leave; the first by default.
        keep: how many stay until it is closed.
    """

    def __init__(self, capacity, order=None, keep=0):
        self.capacity, self.keep = capacity, keep
        self.order = order or (lambda elements: 0)
        self.elements, self.puts, self.takes = [], [], []
        self.is_closed = False

    def put(self, values):
        return self._add(self.puts, Operation(left=list(values), outcome=WAITS))

    def take(self, count, *, at_most=False):
        wish = Operation(count=count, got=[], at_most=at_most, outcome=WAITS)
        return self._add(self.takes, wish)

    def close(self, *, cancel):
        if not cancel:
            return self._add(self.puts, Operation(closes=True, outcome=WAITS))
        self.is_closed = True
        for wish in self.puts:
            wish["outcome"] = CANCELLED
        self.puts.clear()
        self._go_on()
        return Operation(outcome=None)

    def cancel(self, wish):
        for line in (self.puts, self.takes):
            if wish in line:
                line.remove(wish)
                self._give_back(wish)
                wish["outcome"] = CANCELLED
        self._go_on()

    def give_back(self, wish):
        """Undo a take that is over."""
        self._give_back(wish)
        self._go_on()

    def _add(self, line, wish):
        line.append(wish)
        self._go_on()
        return wish

    def _go_on(self):
        while True in [_exhausted(self._put_some), _exhausted(self._take_some)]:
            pass

    def _put_some(self):
        if not self.puts:
            return False
        wish = self.puts[0]
        if "closes" in wish:
            wish["outcome"] = CLOSED if self.is_closed else None
            self.is_closed = True
        elif self.is_closed and wish["left"]:
            wish["outcome"] = CLOSED
        elif wish["left"] and len(self.elements) >= self.capacity:
            return False
        elif wish["left"]:
            self.elements.append(wish["left"].pop(0))
            return True
        else:
            wish["outcome"] = None
        self.puts.remove(wish)
        return True

    def _take_some(self):
        if not self.takes:
            return False
        wish = self.takes[0]
        wanted = wish["count"] - len(wish["got"])
        is_enough = wish["at_most"] and wish["got"] and not self.elements
        if not wanted or (self.is_closed and is_enough):
            wish["outcome"] = wish["got"]
        elif (
            self.is_closed
            and len(self.elements) < wanted
            and not (wish["at_most"] and (wish["got"] or self.elements))
        ):
            self._give_back(wish)
            wish["outcome"] = OUT_OF_RANGE
        elif len(self.elements) > (0 if self.is_closed else self.keep):
            wish["got"].append(self.elements.pop(self.order(self.elements)))
            return True
        else:
            return False
        self.takes.remove(wish)
        return True

    def _give_back(self, wish):
        self.elements[:0] = wish.get("got", [])


def _exhausted(go_on):
    """Call until it says that nothing has changed; tell whether anything has."""
    has_changed = False
    while go_on():
        has_changed = True
    return has_changed
