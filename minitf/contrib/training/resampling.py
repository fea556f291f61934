"""Examples by chance: more of some, fewer of others, in batches of unknown size or of one size.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.array import squeeze
from minitf.api.assertions import assert_greater_equal, assert_less_equal
from minitf.api.casting import cast
from minitf.api.comparison import less
from minitf.api.control import identity, stop_gradient
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.gathering import gather
from minitf.api.math import div_no_nan
from minitf.api.random import random_poisson, random_uniform
from minitf.api.reductions import reduce_mean
from minitf.api.repeating import repeat
from minitf.api.sequences import range as range_of
from minitf.api.sizes import shape
from minitf.api.static_checks import assert_same_float_dtype
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, int32
from minitf.tensor import Tensor
from minitf.train.input_batching import batch, maybe_batch
from minitf.train.moving_averages import assign_moving_average
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, variable_scope


def rejection_sample(
    tensors: Sequence[Any],
    accept_prob_fn: Callable[[list[Tensor]], Tensor],
    batch_size: int,
    queue_threads: int = 1,
    enqueue_many: bool = False,
    prebatch_capacity: int = 16,
    prebatch_threads: int = 1,
    runtime_checks: bool = False,
    name: str | None = None,
) -> list[Tensor]:
    """Return batches of examples, each of which was accepted with its own probability.

    Args:
        tensors: one example, or a batch of them.
        accept_prob_fn: function of the tensors of one example: its probability, a scalar in [0, 1].
        batch_size: how many accepted examples make a batch.
        queue_threads: how many threads fill the queue of accepted examples.
        enqueue_many: whether the tensors are a batch.
        prebatch_capacity: how many examples of batches wait to be asked about.
        prebatch_threads: how many threads take batches apart.
        runtime_checks: whether a probability outside [0, 1] is an error.
        name: name scope of the operations.

    Returns:
        The tensors, with a first dimension of the batch.
    """
    with variable_scope(name, "rejection_sample", list(tensors)):
        each = [convert_to_tensor(tensor) for tensor in tensors]
        if enqueue_many:
            singles = batch(
                each,
                batch_size=1,
                num_threads=prebatch_threads,
                capacity=prebatch_capacity,
                enqueue_many=True,
            )
            singles = singles if isinstance(singles, list) else [singles]
            each = [squeeze(tensor, [0]) for tensor in singles]
        probability = accept_prob_fn(each)
        if runtime_checks:
            text = "Accept probabilities should be in [0, 1]"
            one = cast(1, probability.dtype)
            checks = [
                assert_less_equal(probability, one, message=text),
                assert_greater_equal(probability, cast(0, probability.dtype), message=text),
            ]
            with control_dependencies(checks):
                probability = identity(probability)
        keep = less(random_uniform([], dtype=probability.dtype), probability)
        found = maybe_batch(each, keep, batch_size, num_threads=queue_threads)
        return found if isinstance(found, list) else [found]


def resample_at_rate(
    inputs: Sequence[Any],
    rates: Any,
    scope: str | None = None,
    seed: int | None = None,
    back_prop: bool = False,
) -> list[Tensor]:
    """Return rows of tensors, each as often as its rate says on average.

    How often a row appears is drawn from a Poisson distribution; its copies stand together.

    Args:
        inputs: tensors of N rows each.
        rates: float[N], not negative.
        scope: name scope of the operations.
        seed: of the random numbers.
        back_prop: whether gradients flow to the inputs.

    Returns:
        The tensors, of an unknown number of rows.
    """
    with name_scope(scope, "resample_at_rate", [*inputs, rates]):
        rates = convert_to_tensor(rates, name="rates")
        times = cast(random_poisson(rates, [], seed=seed, dtype=rates.dtype), int32)
        rows = repeat(range_of(shape(rates)[0]), times, 0)
        found = [gather(each, rows) for each in inputs]
        return found if back_prop else [stop_gradient(each) for each in found]


def weighted_resample(
    inputs: Sequence[Any],
    weights: Any,
    overall_rate: Any,
    scope: str | None = None,
    mean_decay: float = 0.999,
    seed: int | None = None,
) -> tuple[list[Tensor], Tensor]:
    """Return rows of tensors by their weights, `overall_rate` as many as there are on average.

    What the weights are divided by is their mean so far, a moving average.

    Args:
        inputs: tensors of N rows each.
        weights: float[N], not negative.
        overall_rate: how many rows come out for each that goes in.
        scope: name of the variable scope.
        mean_decay: how much of the mean remains with each batch.
        seed: of the random numbers.

    Returns:
        resampled: the tensors, of an unknown number of rows.
        rates: of each row in them, at which rate it was drawn.
    """
    with variable_scope(scope, "weighted_resample", [*inputs, weights]):
        weights = convert_to_tensor(weights, name="weights")
        dtype = assert_same_float_dtype([weights], weights.dtype) or float32
        mean = get_variable("mean_weight", [], dtype, Zeros(), trainable=False)
        so_far = assign_moving_average(mean, reduce_mean(weights), mean_decay)
        rates = div_no_nan(weights * overall_rate, so_far)
        *found, found_rates = resample_at_rate([*inputs, rates], rates, seed=seed)
        return found, found_rates
