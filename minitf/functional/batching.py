"""`tf.nondifferentiable_batch_function`: a function of batches that is called one batch at a time.

TensorFlow joins calls that several sessions make at once into one.  Here each call is a batch: with
the same results, for the function treats the rows of a batch alike.

Source: TensorFlow 1.15, `ops/batch_ops.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.autograph.convert import converted_for_trace
from minitf.convert import convert_to_tensor


def nondifferentiable_batch_function(
    num_batch_threads: int,
    max_batch_size: int,
    batch_timeout_micros: int,
    allowed_batch_sizes: Sequence[int] | None = None,
    max_enqueued_batches: int = 10,
    autograph: bool = True,
) -> Callable[..., Any]:
    """Make a function whose calls may be joined to larger batches.

    Args:
        num_batch_threads, batch_timeout_micros, max_enqueued_batches: accepted: no call waits for
            another.
        max_batch_size: accepted.
        allowed_batch_sizes: growing; the last must be `max_batch_size`.
        autograph: whether `if`, `while` and `for` that depend on tensors become operations.

    Returns:
        A decorator of functions of tensors whose first axis is that of the batch.

    Raises:
        ValueError: if the sizes do not fit.
    """
    if allowed_batch_sizes and allowed_batch_sizes[-1] != max_batch_size:
        raise ValueError("The last entry of allowed_batch_sizes must be max_batch_size")

    def decorator(fn: Callable[..., Any]) -> Callable[..., Any]:
        run = converted_for_trace(fn) if autograph else fn

        @functools.wraps(fn)
        def decorated(*args: Any) -> Any:
            with_limit = "The function of a batch has no gradient"
            found = run(*[convert_to_tensor(each) for each in args])
            return nest.map_structure(
                lambda each: ops.prevent_gradient_op(each, message=with_limit), found
            )

        return decorated

    return decorator


batch_function = nondifferentiable_batch_function
