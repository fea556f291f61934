"""Canned linear models.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.losses import Reduction
from minitf.estimator.class_heads import class_head
from minitf.estimator.estimators import Estimator
from minitf.estimator.heads import Head
from minitf.estimator.model_spec import EstimatorSpec
from minitf.estimator.networks import default_partitioner, linear_logits
from minitf.estimator.optimizers import optimizer_of
from minitf.estimator.regression_head import RegressionHead
from minitf.feature_column.columns import as_columns
from minitf.train.ftrl import FtrlOptimizer
from minitf.variables.sharing import variable_scope

_LEARNING_RATE = 0.2


def linear_model_fn(
    head: Head,
    feature_columns: Any,
    optimizer: Any,
    partitioner: Any,
    sparse_combiner: str,
) -> Callable[..., EstimatorSpec]:
    """Return the model function of a linear model.

    Raises:
        ValueError: if a column is none.
    """
    columns = as_columns(feature_columns)

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        if not isinstance(features, dict):
            raise ValueError(
                f"features should be a dictionary of `Tensor`s. Given type: {features}"
            )
        with variable_scope("linear", partitioner=partitioner or default_partitioner(config)):
            logits = linear_logits(features, head.logits_dimension, columns, sparse_combiner)
            train = (
                optimizer_of(optimizer, _LEARNING_RATE)
                if optimizer
                else FtrlOptimizer(min(_LEARNING_RATE, 1 / math.sqrt(len(columns))))
            )
            return head.spec(features, mode, labels, logits, train)

    return model_fn


class LinearClassifier(Estimator):
    """A linear model that tells classes.

    Args:
        feature_columns: dense or categorical columns.
        model_dir: the folder of checkpoints and summaries.
        n_classes: how many classes there are.
        weight_column: the key of the examples' weights, or a numeric column.
        label_vocabulary: the labels, where they are text.
        optimizer: an Optimizer, a function that makes one, or a name.
        config: RunConfig.
        partitioner: cuts the variables.
        warm_start_from: as of Estimator.
        loss_reduction: how losses of examples become one.
        sparse_combiner: how the weights of an example's ids are combined.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = linear_model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearRegressor(Estimator):
    """A linear model that tells numbers; arguments as of LinearClassifier.

    Args:
        feature_columns: dense or categorical columns.
        model_dir: the folder of checkpoints and summaries.
        label_dimension: how many numbers an example has.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        model_fn = linear_model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
