"""Activations, losses, dropout and normalisation of the backend.

Source: TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api import array, elementary, nn_activations, nn_layers, nn_losses, nn_normalisation
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.framework import convert_to_tensor
from minitf.api.gathering import where
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.dtypes import int64
from minitf.keras.backend.config import epsilon, layout
from minitf.keras.backend.tensors import _seed as seed_of
from minitf.tensor import Tensor

# --- activations ---------------------------------------------------------------------------------


def relu(x: Any, alpha: Any = 0.0, max_value: Any = None, threshold: Any = 0) -> Tensor:
    """Return x above a threshold, at most `max_value`; alpha (x - threshold) below it."""
    x = convert_to_tensor(x)
    below: Any = None
    if alpha != 0.0:
        if max_value is None and threshold == 0:
            return nn_activations.leaky_relu(x, alpha=alpha)
        below = nn_activations.relu(threshold - x if threshold else -x)
    limited = max_value is not None
    if threshold != 0:
        x = x * cast(x > threshold, x.dtype)
    elif max_value == 6:
        x, limited = nn_activations.relu6(x), False
    else:
        x = nn_activations.relu(x)
    if limited:
        x = clip_by_value(x, cast(0.0, x.dtype), cast(max_value, x.dtype))
    return x if below is None else x - cast(alpha, x.dtype) * below


def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """Return x above 0, and alpha (exp(x) - 1) below it."""
    made = nn_activations.elu(x)
    return made if alpha == 1 else where(x > 0, made, alpha * made)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """Return exp(x) / sum(exp(x)) along an axis."""
    return nn_losses.softmax(x, axis=axis)


def softplus(x: Any) -> Tensor:
    """Return log(1 + exp(x))."""
    return nn_activations.softplus(x)


def softsign(x: Any) -> Tensor:
    """Return x / (1 + |x|)."""
    return nn_activations.softsign(x)


def sigmoid(x: Any) -> Tensor:
    """Return 1 / (1 + exp(-x))."""
    return elementary.sigmoid(x)


def hard_sigmoid(x: Any) -> Tensor:
    """Return x / 5 + 1 / 2 within [0, 1]."""
    x = convert_to_tensor(x)
    line = x * cast(0.2, x.dtype) + cast(0.5, x.dtype)
    return clip_by_value(line, cast(0.0, x.dtype), cast(1.0, x.dtype))


def tanh(x: Any) -> Tensor:
    """Return the hyperbolic tangent."""
    return elementary.tanh(x)


# --- losses --------------------------------------------------------------------------------------


def _scores(output: Any, activation: str) -> Any:
    """Return what an activation was applied to, None if a value is not its result."""
    op = getattr(output, "op", None)
    return op.inputs[0] if op is not None and op.type == activation else None


def _within(output: Any) -> Tensor:
    return clip_by_value(output, cast(epsilon(), output.dtype), cast(1.0 - epsilon(), output.dtype))


def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Return -sum(target log(output)) along an axis.

    Args:
        target: probabilities.
        output: probabilities, scaled to sum 1; of those that `softmax` made its scores are used.
        from_logits: whether `output` is scores instead.
        axis: of the classes.
    """
    scores = output if from_logits else _scores(output, "Softmax")
    if scores is not None:
        return nn_losses.softmax_cross_entropy_with_logits_v2(
            labels=target, logits=scores, axis=axis
        )
    output = _within(output / reduce_sum(output, axis, keepdims=True))
    return -reduce_sum(target * elementary.log(output), axis)


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Return -log of the output of the class that is the right one.

    Args:
        target: numbers of classes.
        output: probabilities; of those that `softmax` made its scores are used.
        from_logits: whether `output` is scores instead.
        axis: of the classes.
    """
    scores = output if from_logits else _scores(output, "Softmax")
    if scores is None:
        scores = elementary.log(_within(output))
    rank = scores.shape.ndims
    axis %= rank
    if axis != rank - 1:
        scores = array.transpose(scores, [each for each in range(rank) if each != axis] + [axis])
    labels = cast(target, int64)
    if labels.shape.ndims == 1 and rank == 2:
        return nn_losses.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=scores)
    rows = array.reshape(scores, [-1, int(scores.shape.as_list()[-1])])
    made = nn_losses.sparse_softmax_cross_entropy_with_logits(
        labels=array.reshape(labels, [-1]), logits=rows
    )
    return made if rank <= 2 else array.reshape(made, shape(scores)[:-1])


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Tensor:
    """Return -target log(output) - (1 - target) log(1 - output).

    Args:
        target: probabilities.
        output: probabilities; of those that `sigmoid` made its scores are used.
        from_logits: whether `output` is scores instead.
    """
    scores = output if from_logits else _scores(output, "Sigmoid")
    if scores is not None:
        return nn_losses.sigmoid_cross_entropy_with_logits(labels=target, logits=scores)
    output = _within(output)
    right = target * elementary.log(output + epsilon())
    return -(right + (1 - target) * elementary.log(1 - output + epsilon()))


def in_top_k(predictions: Any, targets: Any, k: Any) -> Tensor:
    """Tell of each row whether the target is one of the k greatest predictions."""
    return nn_layers.in_top_k(predictions, targets, k)


# --- layers --------------------------------------------------------------------------------------


def dropout(x: Any, level: Any, noise_shape: Any = None, seed: int | None = None) -> Tensor:
    """Set elements to 0 at random, and scale the others.

    Args:
        x: floats.
        level: the share that is set to 0.
        noise_shape: the shape of the random choices, broadcast to that of `x`.
        seed: of the random choices.
    """
    return nn_layers.dropout(x, noise_shape=noise_shape, seed=seed_of(seed), rate=level)


def l2_normalize(x: Any, axis: Any = None) -> Tensor:
    """Return x / |x| along an axis."""
    return nn_normalisation.l2_normalize(x, axis=axis)


def bias_add(x: Any, bias: Any, data_format: Any = None) -> Tensor:
    """Add a bias to the channels, or one to each cell.

    Args:
        x: float[N, space..., C] or [N, C, space...].
        bias: float[C], or of the rank of a row of `x`.
        data_format: "channels_last" or "channels_first"; by default the default layout.

    Raises:
        ValueError: if the bias has another rank.
    """
    first = layout(data_format) == "channels_first"
    rank, of_bias = x.shape.ndims, len(bias.shape.as_list())
    if of_bias not in {1, rank - 1}:
        raise ValueError(
            f"Unexpected bias dimensions {of_bias}, expect to be 1 or {rank - 1} dimensions"
        )
    if of_bias == 1 and rank > 2:
        return nn_layers.bias_add(x, bias, "NCHW" if first else "NHWC")
    sizes = bias.shape.as_list()
    if first and of_bias > 1:  # TensorFlow reads the elements in this order: it moves no axis
        sizes = [sizes[-1], *sizes[:-1]]
    return x + array.reshape(bias, (1, *sizes))


def batch_normalization(
    x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3
) -> Tensor:
    """Return (x - mean) / sqrt(var + epsilon) gamma + beta."""
    return nn_normalisation.batch_normalization(x, mean, var, beta, gamma, epsilon)


def normalize_batch_in_training(
    x: Any, gamma: Any, beta: Any, reduction_axes: Sequence[int], epsilon: float = 1e-3
) -> tuple[Tensor, Tensor, Tensor]:
    """Return a batch normalised by its own statistics, its means and its variances."""
    axes = list(reduction_axes)
    kept = sorted(axes) != list(range(x.shape.ndims - 1))
    mean, variance = nn_normalisation.moments(x, axes)
    if not kept:
        made = nn_normalisation.batch_normalization(x, mean, variance, beta, gamma, epsilon)
        return made, mean, variance
    sizes = array.stack([1 if i in axes else shape(x)[i] for i in range(x.shape.ndims)])
    parts = [
        None if part is None else array.reshape(part, sizes)
        for part in (mean, variance, beta, gamma)
    ]
    mean_, variance_, beta_, gamma_ = parts
    made = nn_normalisation.batch_normalization(x, mean_, variance_, beta_, gamma_, epsilon)
    return made, mean, variance
