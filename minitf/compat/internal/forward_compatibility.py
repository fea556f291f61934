"""`tensorflow.python.compat.compat`: may graphs have what releases before 1.15 cannot read?

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

_horizon = [dt.date(2019, 10, 10)]  # of TensorFlow 1.15


def forward_compatible(year: int, month: int, day: int) -> bool:
    """Tell whether what came with a release of that day may be used by now."""
    return _horizon[-1] > dt.date(year, month, day)


@contextlib.contextmanager
def forward_compatibility_horizon(year: int, month: int, day: int) -> Iterator[None]:
    """Let `forward_compatible` answer in the block as if that day were today."""
    _horizon.append(dt.date(year, month, day))
    try:
        yield
    finally:
        _horizon.pop()
