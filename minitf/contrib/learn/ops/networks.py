"""Layers of the first models of `tf.contrib.learn`.

Source: TensorFlow 0.8's `tf.contrib.learn.ops`, which later releases took out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.array import split, squeeze
from minitf.api.casting import cast
from minitf.api.framework import get_collection, name_scope
from minitf.api.nn_activations import relu
from minitf.api.nn_conv import conv2d as plain_conv2d
from minitf.api.nn_embedding import embedding_lookup as plain_lookup
from minitf.api.nn_layers import dropout as plain_dropout
from minitf.api.sequences import one_hot
from minitf.contrib.layers.batch_normalization import batch_norm
from minitf.contrib.layers.legacy import legacy_fully_connected
from minitf.control_flow.cond import cond
from minitf.convert import convert_to_tensor
from minitf.dtypes import int64
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, variable_scope

IS_TRAINING = "IS_TRAINING"
"""The collection of the one scalar that says whether a step trains."""


def dnn(
    tensor_in: Any,
    hidden_units: Sequence[int],
    activation: Callable[[Any], Any] | None = relu,
    dropout: float | None = None,
) -> Tensor:
    """Return the outputs of a network of dense layers.

    Args:
        tensor_in: float[batch, features].
        hidden_units: the size of each layer.
        activation: what follows each layer; None for nothing.
        dropout: how many outputs of a layer are left out in training.
    """
    with variable_scope("dnn"):
        made = convert_to_tensor(tensor_in)
        for i, units in enumerate(hidden_units):
            with variable_scope(f"layer{i}"):
                made = legacy_fully_connected(
                    made,
                    units,
                    weight_init=None,
                    weight_collections=["dnn_weights"],
                    bias_collections=["dnn_biases"],
                )
                made = made if activation is None else activation(made)
                made = made if dropout is None else _dropped(made, 1.0 - dropout, None)
        return made


def dropout(tensor_in: Any, prob: Any, name: str | None = None) -> Tensor:
    """Leave out elements at random in steps that train, which an estimator tells.

    Args:
        tensor_in: a tensor.
        prob: the share of elements that is kept.
        name: name of the name scope.
    """
    return _dropped(tensor_in, prob, name)


def _dropped(tensor_in: Any, prob: Any, name: str | None) -> Tensor:
    with name_scope(name, "dropout", [tensor_in]):
        trains = _is_training()
        return cond(trains, lambda: plain_dropout(tensor_in, prob), lambda: tensor_in)


def _is_training() -> Tensor:
    """Return whether the step trains; it does where no estimator tells."""
    told = get_collection(IS_TRAINING)
    return told[0] if told else convert_to_tensor(value=True)


def conv2d(
    tensor_in: Any,
    n_filters: int,
    filter_shape: Sequence[int],
    strides: Sequence[int] | None = None,
    padding: str = "SAME",
    bias: bool = True,
    activation: Callable[[Any], Any] | None = None,
    batch_norm: bool = False,
) -> Tensor:
    """Return the convolution of pictures with filters that are trained.

    Args:
        tensor_in: float[batch, height, width, channels].
        n_filters: how many filters there are.
        filter_shape: [height, width] of a filter.
        strides: four steps; 1 each if None.
        padding: "SAME" or "VALID".
        bias: whether a bias is added.
        activation: what follows; None for nothing.
        batch_norm: whether the outputs are normalized.
    """
    with variable_scope("convolution", values=[tensor_in]):
        pictures = convert_to_tensor(tensor_in)
        sizes = [*filter_shape, pictures.shape[3].value, n_filters]
        filters = get_variable("filters", sizes)
        made = plain_conv2d(pictures, filters, list(strides or (1, 1, 1, 1)), padding)
        if bias:
            made = made + get_variable("bias", [1, 1, 1, n_filters], initializer=Zeros())
        if batch_norm:
            made = _normalized(made)
        return made if activation is None else activation(made)


def _normalized(made: Tensor) -> Tensor:
    return batch_norm(
        made, decay=0.9, scale=True, is_training=_is_training(), updates_collections=None
    )


def categorical_variable(tensor_in: Any, n_classes: int, embedding_size: int, name: str) -> Tensor:
    """Return a trained vector for each number of a class.

    Args:
        tensor_in: int[...]: numbers of classes.
        n_classes: how many classes there are.
        embedding_size: the size of a vector.
        name: name of the variable scope; the variable is called `<name>_embeddings`.

    Returns:
        float[..., embedding_size].
    """
    with variable_scope(name):
        return embedding_lookup(
            get_variable(f"{name}_embeddings", [n_classes, embedding_size]), tensor_in
        )


def embedding_lookup(params: Any, ids: Any, name: str = "embedding_lookup") -> Tensor:
    """Return rows by their numbers.

    Args:
        params: T[rows, ...].
        ids: int[...]: numbers of rows.
        name: name of the operation.

    Returns:
        T[*ids, ...].
    """
    return plain_lookup(params, ids, name=name)


def one_hot_matrix(
    tensor_in: Any, num_classes: Any, on_value: Any = 1.0, off_value: Any = 0.0
) -> Tensor:
    """Return a vector for each number, with one value where it points and another elsewhere.

    Args:
        tensor_in: number[...].
        num_classes: the size of a vector.
        on_value: the value where the number points.
        off_value: the value elsewhere.
    """
    return one_hot(cast(tensor_in, int64), num_classes, on_value, off_value)


def split_squeeze(dim: int, num_split: int, tensor_in: Any) -> list[Tensor]:
    """Return the slices of a tensor along an axis.

    Args:
        dim: the axis.
        num_split: its size.
        tensor_in: the tensor.
    """
    return [squeeze(each, [dim]) for each in split(tensor_in, num_split, dim)]
