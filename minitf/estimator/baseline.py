"""Canned models that look at the labels alone: what another model has to beat.

    classifier = tf.estimator.BaselineClassifier(n_classes=3)
    classifier.train(input_fn)
    classifier.predict(input_fn)        # the share of each class among the labels, for any example

The logits are a vector that is learned, `baseline/bias`; of the features only their number counts.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf.api.assertions import assert_equal
from minitf.api.constants import ones
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, convert_to_tensor_or_sparse_tensor
from minitf.api.losses import Reduction
from minitf.api.sizes import shape
from minitf.composite import SparseTensor
from minitf.estimator.class_heads import class_head
from minitf.estimator.estimators import Estimator
from minitf.estimator.heads import Head
from minitf.estimator.model_spec import EstimatorSpec
from minitf.estimator.optimizers import optimizer_of
from minitf.estimator.regression_head import RegressionHead
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, variable_scope

_LEARNING_RATE = 0.3


def _batch_size(features: Mapping[str, Any]) -> Tensor:
    """Return how many examples there are; a step fails if features differ in that.

    Raises:
        ValueError: if there is no feature, or one that has no examples.
    """
    sizes = []
    for key, feature in features.items():
        value = convert_to_tensor_or_sparse_tensor(feature)
        if value.get_shape().ndims == 0:
            raise ValueError(f"Feature {key!r} is a scalar: it has no examples. Given: {value}")
        lengths = value.dense_shape if isinstance(value, SparseTensor) else shape(value)
        sizes.append((key, lengths[0]))
    if not sizes:
        raise ValueError("There must be a feature: it tells how many examples there are.")
    _, first = sizes[0]
    checks = [
        assert_equal(size, first, message=f"Feature {key!r} has another number of examples")
        for key, size in sizes[1:]
    ]
    with control_dependencies(checks):
        found: Tensor = identity(first)
    return found


def _model_fn_of(head: Head, optimizer: Any) -> Callable[..., EstimatorSpec]:
    """Return the model function."""

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        if not isinstance(features, Mapping):
            raise ValueError(
                f"features should be a dictionary of `Tensor`s. Given type: {features}"
            )
        size = _batch_size(features)
        with variable_scope("baseline"):
            dimension = head.logits_dimension
            bias = get_variable("bias", [dimension], initializer=Zeros)
            logits = ones([size, dimension]) * bias
        train = optimizer_of(optimizer, _LEARNING_RATE)
        return head.spec(features, mode, labels, logits, train)

    return model_fn


class BaselineClassifier(Estimator):
    """A model that tells the share of each class among the labels.

    Args:
        model_dir: the folder of checkpoints and summaries.
        n_classes: how many classes there are.
        weight_column: the key of the examples' weights, or a numeric column.
        label_vocabulary: the labels, where they are text.
        optimizer: an Optimizer, a function that makes one, or a name.
        config: RunConfig.
        loss_reduction: how losses of examples become one.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        loss_reduction: str = Reduction.SUM,
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(_model_fn_of(head, optimizer), model_dir, config)


class BaselineRegressor(Estimator):
    """A model that tells the mean of the labels.

    Args:
        model_dir: the folder of checkpoints and summaries.
        label_dimension: how many numbers an example has.
        weight_column: the key of the examples' weights, or a numeric column.
        optimizer: an Optimizer, a function that makes one, or a name.
        config: RunConfig.
        loss_reduction: how losses of examples become one.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        loss_reduction: str = Reduction.SUM,
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        super().__init__(_model_fn_of(head, optimizer), model_dir, config)
