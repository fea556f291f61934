"""`tf.contrib.learn.models`: functions that build a model: predictions and loss of x and y.

    def model(x, y):
        return tf.contrib.learn.models.logistic_regression(tf.contrib.learn.ops.dnn(x, [10]), y)

    tf.contrib.learn.TensorFlowEstimator(model, n_classes=3).fit(x, y)

Source: TensorFlow 0.8's and 1.0's `tf.contrib.learn.models`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.array import concat, reverse_sequence, stack, unstack
from minitf.api.framework import get_default_graph
from minitf.api.losses_errors import mean_squared_error
from minitf.api.nn_activations import relu
from minitf.contrib.learn.ops.losses import mean_squared_error_regressor, softmax_classifier
from minitf.contrib.learn.ops.networks import dnn
from minitf.contrib.rnn.attention_cell import AttentionCellWrapper
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.rnn.basic_cells import BasicRNNCell, GRUCell
from minitf.rnn.lstm_cells import BasicLSTMCell
from minitf.rnn.multi_cell import MultiRNNCell
from minitf.rnn.static import static_rnn
from minitf.summary.values import histogram
from minitf.tensor import Tensor
from minitf.variables.initializers import RandomNormal
from minitf.variables.sharing import get_variable, variable_scope

Model = Callable[[Any, Any], tuple[Any, Any]]
"""Function of features and labels that returns predictions and loss."""


def linear_regression(
    x: Any, y: Any, init_mean: float | None = None, init_stddev: float = 1.0
) -> tuple[Tensor, Tensor]:
    """Return x weights + bias, and the mean of its squared errors.

    Args:
        x: float[batch, features].
        y: number[batch] or number[batch, outputs].
        init_mean: mean of the first values, which are normal; by the variable scope if None.
        init_stddev: their deviation.
    """
    with variable_scope("linear_regression") as scope:
        outputs = 1 if y.shape.ndims == 1 else y.shape[1].value
        weights, bias = _variables(scope.name, x, y, outputs, init_mean, init_stddev)
        return mean_squared_error_regressor(x, y, weights, bias)


def linear_regression_zero_init(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Return what `linear_regression` does, from zeros on."""
    return linear_regression(x, y, init_mean=0.0, init_stddev=0.0)


def logistic_regression(
    x: Any,
    y: Any,
    class_weight: Any = None,
    init_mean: float | None = None,
    init_stddev: float = 1.0,
) -> tuple[Tensor, Tensor]:
    """Return softmax(x weights + bias), and its cross entropy to the labels.

    Args:
        x: float[batch, features].
        y: float[batch, classes]: the probability of each class.
        class_weight: float[classes]: factors of the logits; those that an estimator was given, or
            ones, if None.
        init_mean: mean of the first values, which are normal; by the variable scope if None.
        init_stddev: their deviation.
    """
    with variable_scope("logistic_regression") as scope:
        classes = y.shape[-1].value
        weights, bias = _variables(scope.name, x, y, classes, init_mean, init_stddev)
        if class_weight is None:
            class_weight = _class_weight()
        return softmax_classifier(x, y, weights, bias, class_weight=class_weight)


def logistic_regression_zero_init(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Return what `logistic_regression` does, from zeros on."""
    return logistic_regression(x, y, init_mean=0.0, init_stddev=0.0)


def _class_weight() -> Tensor | None:
    try:
        return get_default_graph().get_tensor_by_name("class_weight:0")
    except KeyError:
        return None


def _variables(
    scope: str, x: Any, y: Any, outputs: int, mean: float | None, stddev: float
) -> tuple[Any, Any]:
    """Return weights and bias, and show all numbers as histograms."""
    kind = x.dtype.base_dtype
    start = None if mean is None else RandomNormal(mean, stddev, dtype=kind)
    weights = get_variable("weights", [x.shape[1].value, outputs], kind, start)
    bias = get_variable("bias", [outputs], kind, start)
    for name, values in (("x", x), ("y", y), ("weights", weights), ("bias", bias)):
        histogram(f"{scope}.{name}", values)
    return weights, bias


def get_dnn_model(
    hidden_units: Sequence[int], target_predictor_fn: Model, dropout: float | None = None
) -> Model:
    """Return a model of dense layers.

    Args:
        hidden_units: the size of each layer.
        target_predictor_fn: the model on top, such as `logistic_regression`.
        dropout: how many outputs of a layer are left out in training.
    """

    def dnn_estimator(x: Any, y: Any) -> tuple[Any, Any]:
        return target_predictor_fn(dnn(x, hidden_units, dropout=dropout), y)

    return dnn_estimator


def get_autoencoder_model(
    hidden_units: Sequence[int],
    target_predictor_fn: Model | None = None,
    activation: Callable[[Any], Any] | None = relu,
    add_noise: Callable[[Any], Any] | None = None,
    dropout: float | None = None,
) -> Callable[..., tuple[Any, Any]]:
    """Return a model that makes its input of a few numbers again.

    Args:
        hidden_units: the size of each layer, down to the few numbers.
        target_predictor_fn: judges the result against the input; by mean squared errors if None.
        activation: what follows each layer.
        add_noise: function of the input that the first layer gets.
        dropout: how many outputs of a layer are left out in training.
    """

    def dnn_autoencoder_estimator(x: Any, y: Any = None) -> tuple[Any, Any]:
        given = x if add_noise is None else add_noise(x)
        with variable_scope("encoder"):
            code = dnn(given, hidden_units, activation, dropout)
        sizes = [*reversed(hidden_units[:-1]), x.shape[1].value]
        with variable_scope("decoder"):
            made = dnn(code, sizes, activation, dropout)
        if target_predictor_fn is None:
            return made, mean_squared_error(x, made)
        return target_predictor_fn(made, x)

    return dnn_autoencoder_estimator


def bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: list[Any],
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: str | None = None,
) -> tuple[list[Tensor], Tensor]:
    """Return outputs and last states of two cells, one of which reads from the end.

    Args:
        cell_fw: the cell that reads from the start.
        cell_bw: the cell that reads from the end.
        inputs: float[batch, depth] of each place.
        initial_state_fw: the first state of `cell_fw`; zeros if None.
        initial_state_bw: the first state of `cell_bw`; zeros if None.
        dtype: of the states.
        sequence_length: int[batch]: how long each sequence is.
        scope: beginning of the names of the variable scopes.

    Raises:
        TypeError: if `inputs` is no list.
        ValueError: if it is empty.
    """
    if not isinstance(inputs, list):
        raise TypeError("inputs must be a list")
    if not inputs:
        raise ValueError("inputs must not be empty")
    name = scope or "BiRNN"
    with variable_scope(f"{name}_FW"):
        ahead, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype, sequence_length)
    with variable_scope(f"{name}_BW"):
        turned = _reversed(inputs, sequence_length)
        back, state_bw = static_rnn(cell_bw, turned, initial_state_bw, dtype, sequence_length)
    back = _reversed(back, sequence_length)
    outputs = [concat(pair, 1) for pair in zip(ahead, back, strict=True)]
    return outputs, concat([state_fw, state_bw], 1)


def _reversed(places: Sequence[Any], lengths: Any) -> list[Any]:
    """Return the places from the end of each sequence on."""
    if lengths is None:
        return list(reversed(places))
    return unstack(reverse_sequence(stack(places), lengths, seq_axis=0, batch_axis=1))


def get_rnn_model(
    rnn_size: int,
    cell_type: str,
    num_layers: int,
    input_op_fn: Callable[[Any], Any],
    bidirectional: bool,
    target_predictor_fn: Model,
    sequence_length: Any,
    initial_state: Any,
    attn_length: int | None = None,
    attn_size: int | None = None,
    attn_vec_size: int | None = None,
) -> Model:
    """Return a model that reads sequences.

    Args:
        rnn_size: the size of a cell.
        cell_type: "rnn", "gru" or "lstm".
        num_layers: how many cells stand on each other.
        input_op_fn: makes a list, float[batch, depth] of each place, of the input.
        bidirectional: whether another cell reads from the end.
        target_predictor_fn: the model on top, such as `logistic_regression`.
        sequence_length: int[batch]: how long each sequence is.
        initial_state: the first state; zeros if None.
        attn_length: to how many of its last outputs each cell attends; to none if None.
        attn_size: see `tf.contrib.rnn.AttentionCellWrapper`.
        attn_vec_size: likewise.

    Raises:
        ValueError: if there is no cell of the type.
    """
    makers: dict[str, Callable[[], Any]] = {
        "rnn": lambda: BasicRNNCell(rnn_size),
        "gru": lambda: GRUCell(rnn_size),
        "lstm": lambda: BasicLSTMCell(rnn_size, state_is_tuple=False),
    }
    if cell_type not in makers:
        raise ValueError(f"cell_type {cell_type} is not supported. ")

    def cell() -> Any:
        made = makers[cell_type]()
        if attn_length is None:
            return made
        return AttentionCellWrapper(
            made, attn_length, attn_size, attn_vec_size, state_is_tuple=False
        )

    def cells() -> Any:
        layers = [cell() for _ in range(num_layers)]
        return MultiRNNCell(layers, state_is_tuple=False)

    def rnn_estimator(x: Any, y: Any) -> tuple[Any, Any]:
        inputs = input_op_fn(x)
        if bidirectional:
            states = initial_state, initial_state
            _, encoding = bidirectional_rnn(
                cells(), cells(), inputs, *states, float32, sequence_length
            )
        else:
            _, encoding = static_rnn(cells(), inputs, initial_state, float32, sequence_length)
        return target_predictor_fn(convert_to_tensor(encoding), y)

    return rnn_estimator
