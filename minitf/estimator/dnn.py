"""Canned deep models.

Source: TensorFlow 1.15's classes of the same names; OSDI §2.1 "the network".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.losses import Reduction
from minitf.api.nn_activations import relu
from minitf.estimator.class_heads import class_head
from minitf.estimator.estimators import Estimator
from minitf.estimator.heads import Head
from minitf.estimator.model_spec import EstimatorSpec
from minitf.estimator.networks import deep_logits, default_partitioner
from minitf.estimator.optimizers import optimizer_of
from minitf.estimator.regression_head import RegressionHead
from minitf.feature_column.columns import as_columns
from minitf.variables.sharing import variable_scope

_LEARNING_RATE = 0.05


def deep_model_fn(
    head: Head,
    hidden_units: Sequence[int],
    feature_columns: Any,
    optimizer: Any,
    activation_fn: Any,
    dropout: float | None,
    input_layer_partitioner: Any,
    batch_norm: bool,
) -> Callable[..., EstimatorSpec]:
    """Return the model function of a deep network.

    Raises:
        ValueError: if a column is none.
    """
    columns = as_columns(feature_columns)

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        if not isinstance(features, dict):
            raise ValueError(
                f"features should be a dictionary of `Tensor`s. Given type: {features}"
            )
        with variable_scope("dnn", partitioner=default_partitioner(config)):
            partitioner = input_layer_partitioner or default_partitioner(config)
            logits = deep_logits(
                *(features, mode, head.logits_dimension, hidden_units, columns),
                *(activation_fn, dropout, partitioner, batch_norm),
            )
            return head.spec(
                features, mode, labels, logits, optimizer_of(optimizer, _LEARNING_RATE)
            )

    return model_fn


class DNNClassifier(Estimator):
    """A deep network that tells classes.

    Args:
        hidden_units: the sizes of the hidden layers.
        feature_columns: dense columns.
        model_dir: the folder of checkpoints and summaries.
        n_classes: how many classes there are.
        weight_column: the key of the examples' weights, or a numeric column.
        label_vocabulary: the labels, where they are text.
        optimizer: an Optimizer, a function that makes one, or a name.
        activation_fn: what follows each hidden layer.
        dropout: how many outputs of a hidden layer are left out in training.
        input_layer_partitioner: cuts the variables of the columns.
        config: RunConfig.
        warm_start_from: as of Estimator.
        loss_reduction: how losses of examples become one.
        batch_norm: whether hidden layers are normalized.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Adagrad",
        activation_fn: Callable[[Any], Any] | None = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = deep_model_fn(
            *(head, hidden_units, feature_columns, optimizer, activation_fn, dropout),
            *(input_layer_partitioner, batch_norm),
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNRegressor(Estimator):
    """A deep network that tells numbers; arguments as of DNNClassifier.

    Args:
        hidden_units: the sizes of the hidden layers.
        feature_columns: dense columns.
        model_dir: the folder of checkpoints and summaries.
        label_dimension: how many numbers an example has.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Callable[[Any], Any] | None = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        model_fn = deep_model_fn(
            *(head, hidden_units, feature_columns, optimizer, activation_fn, dropout),
            *(input_layer_partitioner, batch_norm),
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
