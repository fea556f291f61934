"""`tensorflow.python.util.lock_util`: a lock that the members of one group may share.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["GroupLock"]


class GroupLock:
    """A lock for several groups: as many members as like of one at a time, and none of another.

    Args:
        num_groups: how many groups there are.

    Raises:
        ValueError: if there is none.
    """

    def __init__(self, num_groups: int = 2) -> None:
        if num_groups < 1:
            raise ValueError(f"num_groups must be a positive integer, Got num_groups: {num_groups}")
        self._changed = threading.Condition(threading.Lock())
        self._members = [0] * num_groups

    @contextmanager
    def group(self, group_id: int) -> Iterator[None]:
        """Hold the lock in a block, as a member of a group."""
        self.acquire(group_id)
        try:
            yield
        finally:
            self.release(group_id)

    def acquire(self, group_id: int) -> None:
        """Wait until no other group holds the lock, and hold it.

        Raises:
            ValueError: if there is no such group.
        """
        self._check(group_id)
        with self._changed:
            self._changed.wait_for(lambda: not self._is_held_by_others(group_id))
            self._members[group_id] += 1

    def release(self, group_id: int) -> None:
        """Hold it no longer.

        Raises:
            ValueError: if there is no such group.
        """
        self._check(group_id)
        with self._changed:
            self._members[group_id] -= 1
            if not self._members[group_id]:
                self._changed.notify_all()

    def _is_held_by_others(self, group_id: int) -> bool:
        return any(count for i, count in enumerate(self._members) if i != group_id)

    def _check(self, group_id: int) -> None:
        if not 0 <= group_id < len(self._members):
            raise ValueError(
                f"group_id must be between 0 and num_groups - 1 ({len(self._members) - 1}), got "
                f"{group_id}"
            )
