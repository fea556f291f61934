"""Losses as objects: a function, and how the losses of rows become one number.

Source: TensorFlow 1.15's `tf.keras.losses`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.math import div_no_nan
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import size
from minitf.keras import loss_functions as functions
from minitf.keras.utils.weighting import matched, weighted
from minitf.tensor import Tensor


class Reduction:
    """How losses of rows become one number: not, as their sum, or as that over their number."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Return all ways."""
        return cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE

    @classmethod
    def validate(cls, key: str) -> None:
        """Check a way.

        Raises:
            ValueError: if it is none.
        """
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


class Loss:
    """A loss as an object; subclasses define `call`.

    Args:
        reduction: how the losses of rows become one number; see `Reduction`.
        name: of the scope.
    """

    def __init__(self, reduction: str = Reduction.AUTO, name: str | None = None) -> None:
        Reduction.validate(reduction)
        self.reduction = reduction
        self.name = name

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """Return the loss.

        Args:
            y_true: what is right.
            y_pred: what is predicted.
            sample_weight: factors of the losses, broadcast to them.
        """
        with name_scope(self.name or type(self).__name__):
            losses = self.call(y_true, y_pred)
            return reduced(losses, sample_weight, self.reduction)

    def call(self, y_true: Any, y_pred: Any) -> Tensor:
        """Return the losses of the rows."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def get_config(self) -> dict[str, Any]:
        """Return reduction and name."""
        return {"reduction": self.reduction, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the loss that `get_config` describes."""
        return cls(**config)


def reduced(losses: Any, weights: Any, reduction: str) -> Tensor:
    """Return weighted losses as one number, or as they are.

    Args:
        losses: of rows or cells.
        weights: factors, broadcast to the losses; None for 1.
        reduction: see `Reduction`; AUTO means SUM_OVER_BATCH_SIZE.
    """
    made = weighted(losses, weights)
    if reduction == Reduction.NONE:
        return made
    total = reduce_sum(made)
    if reduction == Reduction.SUM:
        return total
    return div_no_nan(total, cast(size(made), total.dtype))


class LossFunctionWrapper(Loss):
    """A loss of a function.

    Args:
        fn: (y_true, y_pred, **kwargs) -> losses of rows.
        reduction: see `Loss`.
        name: see `Loss`.
        **kwargs: what the function takes besides.
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: str = Reduction.AUTO,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(reduction, name)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true: Any, y_pred: Any) -> Tensor:
        """Return the losses of the rows."""
        y_pred, y_true = matched(
            y_pred, y_true, self.fn is functions.sparse_categorical_crossentropy
        )
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **self._fn_kwargs}


def _of(class_name: str, function: Callable[..., Any]) -> type[LossFunctionWrapper]:
    """Return the class of a loss that has no further arguments."""

    def make(
        self: Any, reduction: str = Reduction.AUTO, name: str | None = function.__name__
    ) -> None:
        LossFunctionWrapper.__init__(self, function, reduction, name)

    text = f"The loss `{function.__name__}`: arguments `reduction` and `name`, see `Loss`."
    body = {"__init__": make, "__doc__": text, "__module__": __name__}
    return type(class_name, (LossFunctionWrapper,), body)


MeanSquaredError = _of("MeanSquaredError", functions.mean_squared_error)
MeanAbsoluteError = _of("MeanAbsoluteError", functions.mean_absolute_error)
MeanAbsolutePercentageError = _of(
    "MeanAbsolutePercentageError", functions.mean_absolute_percentage_error
)
MeanSquaredLogarithmicError = _of(
    "MeanSquaredLogarithmicError", functions.mean_squared_logarithmic_error
)
Hinge = _of("Hinge", functions.hinge)
SquaredHinge = _of("SquaredHinge", functions.squared_hinge)
CategoricalHinge = _of("CategoricalHinge", functions.categorical_hinge)
Poisson = _of("Poisson", functions.poisson)
LogCosh = _of("LogCosh", functions.logcosh)
KLDivergence = _of("KLDivergence", functions.kullback_leibler_divergence)


class BinaryCrossentropy(LossFunctionWrapper):
    """See `tf.keras.losses.binary_crossentropy`.

    Args:
        from_logits: whether predictions are scores.
        label_smoothing: the share of each label that becomes 1/2.
        reduction: see `Loss`.
        name: see `Loss`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0,
        reduction: str = Reduction.AUTO,
        name: str | None = "binary_crossentropy",
    ) -> None:
        super().__init__(
            functions.binary_crossentropy,
            reduction,
            name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )
        self.from_logits = from_logits


class CategoricalCrossentropy(LossFunctionWrapper):
    """See `tf.keras.losses.categorical_crossentropy`.

    Args:
        from_logits: whether predictions are scores.
        label_smoothing: the share of each label that is spread over all classes.
        reduction: see `Loss`.
        name: see `Loss`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0,
        reduction: str = Reduction.AUTO,
        name: str | None = "categorical_crossentropy",
    ) -> None:
        super().__init__(
            functions.categorical_crossentropy,
            reduction,
            name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """See `tf.keras.losses.sparse_categorical_crossentropy`.

    Args:
        from_logits: whether predictions are scores.
        reduction: see `Loss`.
        name: see `Loss`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str = Reduction.AUTO,
        name: str | None = "sparse_categorical_crossentropy",
    ) -> None:
        super().__init__(
            functions.sparse_categorical_crossentropy, reduction, name, from_logits=from_logits
        )


class Huber(LossFunctionWrapper):
    """See `tf.keras.losses.huber_loss`; the mean over all elements.

    Args:
        delta: the error up to which it is quadratic.
        reduction: see `Loss`.
        name: see `Loss`.
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str = Reduction.AUTO,
        name: str | None = "huber_loss",
    ) -> None:
        super().__init__(functions.huber_loss, reduction, name, delta=delta)


class CosineSimilarity(LossFunctionWrapper):
    """Minus the cosine of the angle between rows.

    Args:
        axis: along which a row lies.
        reduction: see `Loss`.
        name: see `Loss`.
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: str = Reduction.AUTO,
        name: str | None = "cosine_similarity",
    ) -> None:
        super().__init__(functions.cosine_similarity, reduction, name, axis=axis)
