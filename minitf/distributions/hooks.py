"""Hooks that a kind of distribution need not define: what follows from others, and errors.

    _mode = unknown("mode")                         # raises, unless a kind has its own
    first_known(self._variance, lambda: square(self._stddev()))

Source: Dillon et al. 2017, "TensorFlow Distributions"; TensorFlow 1.15.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from minitf.api.elementary import exp, log, log1p
from minitf.tensor import Tensor


def unknown(method: str) -> Callable[..., Any]:
    """Return a hook of a kind of distribution that does not know a method."""

    def hook(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{method} is not implemented: {type(self).__name__}")

    return hook


def first_known(*ways: Callable[[], Tensor]) -> Tensor:
    """Return the result of the first way whose hooks are known; else the first one's error."""
    first: NotImplementedError | None = None
    for way in ways:
        try:
            return way()
        except NotImplementedError as error:
            first = first or error
    assert first is not None
    raise first


def as_drawn(self: Any, drawn: Tensor, **_: Any) -> Tensor:
    """Return what was drawn: it is the samples."""
    return drawn


FROM_OTHERS: Final[dict[str, Callable[[Any, Tensor, dict[str, Any]], Tensor]]] = {
    "log_prob": lambda self, x, given: log(self._prob(x, **given)),
    "prob": lambda self, x, given: exp(self._log_prob(x, **given)),
    "log_cdf": lambda self, x, given: log(self._cdf(x, **given)),
    "cdf": lambda self, x, given: exp(self._log_cdf(x, **given)),
    "log_survival_function": lambda self, x, given: log1p(-self.cdf(x, **given)),
    "survival_function": lambda self, x, given: 1.0 - self.cdf(x, **given),
}
"""Method -> how its value follows from another hook's, given the conditions."""
