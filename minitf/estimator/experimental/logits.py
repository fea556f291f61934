"""Functions that build the logits of canned models, for model functions of one's own.

    logit_fn = tf.estimator.experimental.dnn_logit_fn_builder(
        units=10, hidden_units=[32], feature_columns=columns, activation_fn=tf.nn.relu,
        dropout=None, input_layer_partitioner=None, batch_norm=False)
    logits = logit_fn(features=features, mode=mode)

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf.estimator.input_functions import arguments_of
from minitf.estimator.networks import deep_logits, linear_logits
from minitf.feature_column.columns import as_columns
from minitf.tensor import Tensor


def dnn_logit_fn_builder(
    units: int,
    hidden_units: Sequence[int],
    feature_columns: Any,
    activation_fn: Callable[[Any], Any] | None,
    dropout: float | None,
    input_layer_partitioner: Any,
    batch_norm: bool,
) -> Callable[..., Tensor]:
    """Return a function of `features` and `mode` that returns the logits of a deep network.

    Args:
        units: how many logits an example has.
        hidden_units: the sizes of the hidden layers.
        feature_columns: dense columns.
        activation_fn: what follows each hidden layer.
        dropout: how many of its outputs are left out in training.
        input_layer_partitioner: cuts the variables of the columns.
        batch_norm: whether hidden layers are normalized.

    Raises:
        ValueError: if `units` is no whole number, or a column is none.
    """
    _check_units(units)
    columns = as_columns(feature_columns)

    def dnn_logit_fn(features: Mapping[str, Any], mode: str) -> Tensor:
        return deep_logits(
            *(features, mode, units, hidden_units, columns),
            *(activation_fn, dropout, input_layer_partitioner, batch_norm),
        )

    return dnn_logit_fn


def linear_logit_fn_builder(
    units: int, feature_columns: Any, sparse_combiner: str = "sum"
) -> Callable[..., Tensor]:
    """Return a function of `features` that returns the logits of a linear model.

    Args:
        units: how many logits an example has.
        feature_columns: dense or categorical columns.
        sparse_combiner: how the weights of an example's ids are combined.

    Raises:
        ValueError: if `units` is no whole number, or a column is none.
    """
    _check_units(units)
    columns = as_columns(feature_columns)

    def linear_logit_fn(features: Mapping[str, Any]) -> Tensor:
        return linear_logits(features, units, columns, sparse_combiner)

    return linear_logit_fn


def _check_units(units: Any) -> None:
    if not isinstance(units, int):
        raise ValueError(f"units must be an int.  Given type: {type(units)}")


def call_logit_fn(
    logit_fn: Callable[..., Any], features: Any, mode: str, params: Any, config: Any
) -> Any:
    """Return what a function returns for those of the arguments that it takes.

    Args:
        logit_fn: the function; its first argument is `features`.
        features: the features.
        mode: a key of ModeKeys.
        params: parameters.
        config: RunConfig.

    Raises:
        ValueError: if it returns neither a Tensor nor a dict from strings to Tensors.
    """
    wanted = arguments_of(logit_fn)
    values = {"mode": mode, "params": params, "config": config}
    found = logit_fn(features=features, **{key: values[key] for key in values if key in wanted})
    what = "logit_fn should return a Tensor or a dictionary mapping strings to Tensors."
    if isinstance(found, dict):
        for key, value in found.items():
            if not isinstance(key, str) or not isinstance(value, Tensor):
                raise ValueError(f"{what}  logit_fn returned: {found}")
    elif not isinstance(found, Tensor):
        raise ValueError(f"{what}  logit_fn returned: {found}")
    return found
