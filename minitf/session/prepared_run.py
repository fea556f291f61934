"""A call of Session.run with everything done that does not depend on the fed values.

**State**, constant once made: the Step, how to convert each feed, how to put the fetched values
back in the user's structure.  So several threads may use one.

**Invariant**: an array handed out is the user's own.  What may not be written to (a variable's
version, a constant, a view of one) is copied; so is what shares memory with a fed array or with
another fetch.  A tensor that is both fed and fetched gives what was fed.

Source: 2015 §2 "Sessions"; OSDI §3.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from minitf.executor.memory import owner_of
from minitf.executor.prune import Request
from minitf.executor.step import AnyStep, Steps
from minitf.session import fetches
from minitf.session.engine import AnySteps
from minitf.session.feeds import Feed, converted_feeds
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.distributed.session import RemoteStep


class PreparedRun:
    """What is kept of a call of Session.run for the next call with the same fetches and feeds.

    Args:
        steps: where to find the Step.
        wanted: the parsed fetches.
        fed: the tensors that each call brings values for, in the order of the values.
        timeout_s: how long a run may take unless the call says otherwise.

    Attributes:
        is_counted: whether the session counts its runs (`minitf.session.updates`).

    Source: OSDI §3.2.
    """

    __slots__ = ("_build", "_feeds", "_passed", "_timeout_s", "is_counted", "step")

    def __init__(
        self,
        steps: AnySteps,
        wanted: fetches.Fetches,
        fed: Sequence[Tensor],
        timeout_s: float | None = None,
    ) -> None:
        ordered = sorted(fed, key=lambda tensor: (tensor.op.index, tensor.value_index))
        self._feeds = [Feed(tensor, ordered.index(tensor)) for tensor in fed]
        self._passed = [
            (wanted.tensors.index(tensor), i)  # of the fetch, of the feed
            for i, tensor in enumerate(fed)
            if tensor in wanted.tensors and tensor.dtype.is_numpy_compatible
        ]
        self._build = wanted.build
        self._timeout_s = timeout_s
        self.is_counted = False
        self.step: AnyStep | RemoteStep = steps.find(
            Request(wanted.tensors, wanted.operations, tuple(ordered))
        )

    def by(self, steps: Steps) -> PreparedRun:
        """Return the same call, made ready to be run by other Steps."""
        other = copy(self)
        other.step = steps.find(cast("AnyStep", self.step).request)
        return other

    def run(
        self,
        values: Iterable[Any],
        observer: Any = None,
        timeout_s: float | None = None,
    ) -> Any:
        """Run the Step with these fed values and return the fetched structure.

        Raises:
            TypeError, ValueError: if fed values do not fit.
            OpError: if an operation fails.
        """
        given: Any = list(values) if self._passed else values
        arrays = converted_feeds(self._feeds, given) if self._feeds else ()
        fetched = handed_out(self.step.run(arrays, observer, timeout_s or self._timeout_s), arrays)
        for place, i in self._passed:
            feed = self._feeds[i]
            fetched[place] = feed.fetched(given[i], arrays[feed.position])
        return self._build(fetched)


def handed_out(fetched: list[Any], fed: Sequence[Any]) -> list[Any]:
    """Return fetched values as the user's own: scalars, and arrays that nobody else holds."""
    owners: set[int] = set()
    for i, value in enumerate(fetched):
        if type(value) is not np.ndarray:
            continue
        if value.ndim == 0:
            fetched[i] = value[()]
            continue
        owner = id(owner_of(value))
        if not value.flags.writeable or owner in owners or _is_shared(value, fed):
            fetched[i] = value.copy()
        else:
            owners.add(owner)
    return fetched


def _is_shared(value: Any, fed: Sequence[Any]) -> bool:
    """Tell whether an array may share memory with a fed one."""
    return any(
        isinstance(other, np.ndarray)
        # arrays that own their memory share it with views only
        and (value is other or value.base is not None or other.base is not None)
        and np.may_share_memory(value, other)
        for other in fed
    )
