"""Canned wide and deep models: a linear model and a network whose logits are added.

Source: TensorFlow 1.15's classes of the same names; H. Cheng et al., "Wide & Deep Learning for
Recommender Systems", 2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.control import group
from minitf.api.framework import control_dependencies, get_collection
from minitf.api.losses import Reduction
from minitf.api.nn_activations import relu
from minitf.api.state import assign_add
from minitf.estimator.class_heads import class_head
from minitf.estimator.estimators import Estimator
from minitf.estimator.heads import Head
from minitf.estimator.model_spec import EstimatorSpec
from minitf.estimator.networks import (
    deep_logits,
    default_partitioner,
    linear_logits,
    summarize,
)
from minitf.estimator.optimizers import optimizer_of
from minitf.estimator.regression_head import RegressionHead
from minitf.feature_column.columns import as_columns
from minitf.graph_keys import GraphKeys
from minitf.train.training_util import get_global_step
from minitf.variables.sharing import variable_scope

_DEEP_LEARNING_RATE = 0.001
_LINEAR_LEARNING_RATE = 0.005


def wide_deep_model_fn(
    head: Head,
    linear_columns: Any,
    linear_optimizer: Any,
    deep_columns: Any,
    deep_optimizer: Any,
    hidden_units: Sequence[int] | None,
    activation_fn: Any,
    dropout: float | None,
    input_layer_partitioner: Any,
    batch_norm: bool,
    sparse_combiner: str,
) -> Callable[..., EstimatorSpec]:
    """Return the model function of a linear model and a network, or of one of them.

    Raises:
        ValueError: if there are columns for neither, or columns without layers or the reverse.
    """
    wide = as_columns(linear_columns) if linear_columns else []
    deep = as_columns(deep_columns) if deep_columns else []
    if not wide and not deep:
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
    if deep and not hidden_units:
        raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        if not isinstance(features, dict):
            raise ValueError(
                f"features should be a dictionary of `Tensor`s. Given type: {features}"
            )
        parts: list[tuple[str, Any]] = []
        logits: Any = None
        if deep:
            train = optimizer_of(deep_optimizer, _DEEP_LEARNING_RATE)
            with variable_scope("dnn", partitioner=default_partitioner(config)):
                logits = deep_logits(
                    *(features, mode, head.logits_dimension, hidden_units or (), deep),
                    *(activation_fn, dropout),
                    *(input_layer_partitioner or default_partitioner(config), batch_norm),
                )
            parts.append(("dnn", train))
        if wide:
            rate = min(_LINEAR_LEARNING_RATE, 1 / math.sqrt(len(wide)))
            train = optimizer_of(linear_optimizer, rate)
            partitioner = input_layer_partitioner or default_partitioner(config)
            with variable_scope("linear", partitioner=partitioner):
                found = linear_logits(features, head.logits_dimension, wide, sparse_combiner)
                summarize(found, "linear")
            logits = found if logits is None else logits + found
            parts.append(("linear", train))

        def train_both(loss: Any) -> Any:
            steps = [
                train.minimize(
                    loss, var_list=get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=scope)
                )
                for scope, train in parts
            ]
            with control_dependencies([group(*steps)]):
                return assign_add(get_global_step(), 1).op

        return head.spec(features, mode, labels, logits, train_both)

    return model_fn


class DNNLinearCombinedClassifier(Estimator):
    """A wide and deep model that tells classes.

    Args:
        model_dir: the folder of checkpoints and summaries.
        linear_feature_columns: columns of the linear model.
        linear_optimizer: its optimizer: an Optimizer, a function that makes one, or a name.
        dnn_feature_columns: columns of the network.
        dnn_optimizer: its optimizer, likewise.
        dnn_hidden_units: the sizes of its hidden layers.
        dnn_activation_fn: what follows each.
        dnn_dropout: how many outputs of one are left out in training.
        n_classes: how many classes there are.
        weight_column: the key of the examples' weights, or a numeric column.
        label_vocabulary: the labels, where they are text.
        input_layer_partitioner: cuts the variables of the columns.
        config: RunConfig.
        warm_start_from: as of Estimator.
        loss_reduction: how losses of examples become one.
        batch_norm: whether hidden layers are normalized.
        linear_sparse_combiner: how the weights of an example's ids are combined.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Callable[[Any], Any] | None = relu,
        dnn_dropout: float | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = wide_deep_model_fn(
            *(head, linear_feature_columns, linear_optimizer, dnn_feature_columns, dnn_optimizer),
            *(dnn_hidden_units, dnn_activation_fn, dnn_dropout, input_layer_partitioner),
            *(batch_norm, linear_sparse_combiner),
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedRegressor(Estimator):
    """A wide and deep model that tells numbers; arguments as of DNNLinearCombinedClassifier.

    Args:
        model_dir: the folder of checkpoints and summaries.
        label_dimension: how many numbers an example has.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Callable[[Any], Any] | None = relu,
        dnn_dropout: float | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        model_fn = wide_deep_model_fn(
            *(head, linear_feature_columns, linear_optimizer, dnn_feature_columns, dnn_optimizer),
            *(dnn_hidden_units, dnn_activation_fn, dnn_dropout, input_layer_partitioner),
            *(batch_norm, linear_sparse_combiner),
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
