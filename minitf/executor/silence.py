"""Silence for NumPy while a step runs: 1 / 0 is inf without a warning, as in TensorFlow.

`np.errstate(all="ignore")` says so in 1.2 us, a tenth of a small step.  It sets a context variable
to an object that it makes anew each time; here the object is made once.

    token = silence()
    try: ...
    finally: restore(token)

Source: no paper; NEP 50 and NumPy's documentation of `errstate` (context-safe since 2.0).
"""

from __future__ import annotations

import contextvars
from typing import Any

import numpy as np


def _state() -> tuple[contextvars.ContextVar[Any], Any]:
    """Return NumPy's context variable and its value while everything is ignored."""
    before = dict(contextvars.copy_context())
    with np.errstate(all="ignore"):
        changed = {v: x for v, x in contextvars.copy_context().items() if before.get(v) is not x}
    assert len(changed) == 1, "np.errstate keeps its state in one context variable"
    return changed.popitem()


_VARIABLE, _IGNORED = _state()


def silence() -> contextvars.Token[Any]:
    """Begin to ignore; return what ends it."""
    return _VARIABLE.set(_IGNORED)


restore = _VARIABLE.reset
