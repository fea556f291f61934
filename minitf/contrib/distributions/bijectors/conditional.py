"""ConditionalBijector: one whose hooks take further arguments, by name.

    class Shifted(ConditionalBijector):
        def _forward(self, x, by): return x + by

    Shifted(forward_min_event_ndims=0).forward(x, by=2.0)

Source: TensorFlow 1.15's tf.contrib.distributions.bijectors.ConditionalBijector.
"""

from __future__ import annotations

from typing import Any

from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.tensor import Tensor


class ConditionalBijector(Bijector):
    """A bijector under conditions, which each of its methods passes on to the hooks."""

    def forward(self, x: Any, name: str = "forward", **condition_kwargs: Any) -> Tensor:
        """Return y of x."""
        return self._call_forward(x, name, **condition_kwargs)

    def inverse(self, y: Any, name: str = "inverse", **condition_kwargs: Any) -> Any:
        """Return x of y."""
        return self._call_inverse(y, name, **condition_kwargs)

    def inverse_log_det_jacobian(
        self,
        y: Any,
        event_ndims: Any,
        name: str = "inverse_log_det_jacobian",
        **condition_kwargs: Any,
    ) -> Any:
        """Return log |det dx/dy| of events y."""
        return self._call_inverse_log_det_jacobian(y, event_ndims, name, **condition_kwargs)

    def forward_log_det_jacobian(
        self,
        x: Any,
        event_ndims: Any,
        name: str = "forward_log_det_jacobian",
        **condition_kwargs: Any,
    ) -> Tensor:
        """Return log |det dy/dx| of events x."""
        return self._call_forward_log_det_jacobian(x, event_ndims, name, **condition_kwargs)
