"""Metrics as objects: state that batches are added to, and a result.

    m = Mean()
    m.update_state(x)      an operation that adds a batch
    m.result()             a tensor: the mean of all batches
    m(x)                   the mean, this batch included

**Invariants**
1. State starts as zeros, and `reset_states` makes it zeros again.

Source: TensorFlow 1.15's `tf.keras.metrics`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from minitf.api.casting import cast
from minitf.api.control import group, identity
from minitf.api.elementary import sqrt
from minitf.api.framework import control_dependencies, convert_to_tensor, name_scope
from minitf.api.math import div_no_nan, squared_difference
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import broadcast_to, shape, size
from minitf.api.state import assign_add
from minitf.dtypes import as_dtype
from minitf.keras import initializers
from minitf.keras.backend.config import floatx
from minitf.keras.backend.sessions import batch_set_value, track_variable, unique_object_name
from minitf.keras.loss_functions import sparse_categorical_crossentropy
from minitf.keras.metrics import functions
from minitf.keras.utils.weighting import laid_upon, matched
from minitf.layers.own_names import snake_case
from minitf.tensor import Tensor
from minitf.trackable.auto import AutoTrackable
from minitf.variables.base import Variable

# labels of these are numbers of classes, so that they have an axis less
_OF_CLASSES = (
    functions.sparse_categorical_accuracy,
    functions.sparse_top_k_categorical_accuracy,
    sparse_categorical_crossentropy,
)


class Metric(AutoTrackable):
    """State that batches are added to; subclasses define `update_state` and `result`.

    Args:
        name: of the metric.
        dtype: type of the state and of the result.
    """

    _UNTRACKED = AutoTrackable._UNTRACKED | {  # noqa: SLF001 one of us
        *("_fn_kwargs", "_held", "_levels", "thresholds", "weights"),
    }

    def __init__(self, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        given = name or unique_object_name(snake_case(type(self).__name__), zero_based=True)
        self.name = given
        self.dtype = as_dtype(dtype or floatx())
        self.weights: list[Any] = []
        self.stateful = True

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        """Return the result, a batch included."""
        with name_scope(self.name):
            update = self.update_state(*args, **kwargs)
            with control_dependencies([update]):
                made: Tensor = identity(self.result())
        vars(made)["_metric_obj"] = self
        return made

    def add_weight(
        self,
        name: str,
        shape: Any = (),
        aggregation: Any = None,
        synchronization: Any = None,
        initializer: Any = "zeros",
        dtype: Any = None,
    ) -> Any:
        """Return a variable of the state.

        Args:
            name: its name in the metric's scope.
            shape: its shape.
            aggregation: accepted for compatibility, and so is `synchronization`.
            initializer: see `tf.keras.initializers`.
            dtype: its type, by default the metric's.
        """
        kind = as_dtype(dtype or self.dtype)
        start = initializers.get(initializer)
        made = Variable(
            lambda: start(shape, dtype=kind),
            trainable=False,
            collections=[],
            name=f"{self.name}/{name}",
            dtype=kind,
            use_resource=True,
        )
        track_variable(made)
        self.weights.append(made)
        self._track_trackable(made, name, overwrite=True)
        return made

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Return an operation that adds a batch."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def result(self) -> Tensor:
        """Return a tensor: the metric of all batches."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def reset_states(self) -> None:
        """Forget all batches."""
        batch_set_value([(each, np.zeros(each.shape.as_list())) for each in self.weights])

    @property
    def variables(self) -> list[Any]:
        """The state."""
        return list(self.weights)

    def get_config(self) -> dict[str, Any]:
        """Return name and type."""
        return {"name": self.name, "dtype": self.dtype.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the metric that `get_config` describes."""
        return cls(**config)


class _Total(Metric):
    """A weighted sum, over a count if there is one."""

    count: Any = None

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.total = self.add_weight("total")

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Add values.

        Args:
            values: of the rows or cells of a batch.
            sample_weight: factors of them, broadcast to them.
        """
        values = cast(values, self.dtype)
        count = cast(size(values), self.dtype)
        if sample_weight is not None:
            weights = broadcast_to(laid_upon(values, sample_weight), shape(values))
            values, count = values * weights, reduce_sum(weights)
        steps = [assign_add(self.total, reduce_sum(values))]
        if self.count is not None:
            steps.append(assign_add(self.count, count))
        return group(*steps)


class Sum(_Total):
    """The sum of weighted values.

    Args:
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(name, dtype)

    def result(self) -> Tensor:
        """Return the sum."""
        return identity(self.total)


class Mean(_Total):
    """The mean of weighted values.

    Args:
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.count = self.add_weight("count")

    def result(self) -> Tensor:
        """Return the mean."""
        return div_no_nan(self.total, self.count)


class MeanMetricWrapper(Mean):
    """The mean of a function of labels and predictions.

    Args:
        fn: (y_true, y_pred, **kwargs) -> values of rows.
        name: of the metric.
        dtype: type of the state.
        **kwargs: what the function takes besides.
    """

    def __init__(
        self, fn: Callable[..., Any], name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(name, dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> Any:
        """Add a batch.

        Args:
            y_true: labels.
            y_pred: predictions.
            sample_weight: factors of the rows.
        """
        y_true, y_pred = convert_to_tensor(y_true), convert_to_tensor(y_pred)
        y_pred, y_true = matched(y_pred, y_true, sparse=self._fn in _OF_CLASSES)
        values = self._fn(y_true, y_pred, **self._fn_kwargs)
        return super().update_state(values, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **self._fn_kwargs}


class RootMeanSquaredError(Mean):
    """The root of the mean square error.

    Args:
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name, dtype)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> Any:
        """Add a batch; see `MeanMetricWrapper.update_state`."""
        y_pred, y_true = matched(cast(y_pred, self.dtype), cast(y_true, self.dtype))
        return super().update_state(squared_difference(y_pred, y_true), sample_weight)

    def result(self) -> Tensor:
        """Return the root."""
        return sqrt(super().result())
