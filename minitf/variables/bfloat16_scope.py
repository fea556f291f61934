"""bfloat16_scope: variables that a model reads as bfloat16 are kept as float32.

    with tf.tpu.bfloat16_scope():
        logits = tf.layers.dense(tf.cast(x, tf.bfloat16), 10)       # its kernel is float32
    logits = tf.cast(logits, tf.float32)

Source: TensorFlow 1.15's `tf.tpu.bfloat16_scope`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minitf.api.casting import cast
from minitf.dtypes import as_dtype, bfloat16, float32
from minitf.variables.sharing import variable_scope


def _kept_as_float32(getter: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return a variable, of bfloat16 a float32 one's value."""
    dtype = kwargs.get("dtype")
    if dtype is None or as_dtype(dtype) is not bfloat16:
        return getter(*args, **kwargs)
    kwargs["dtype"] = float32
    return cast(getter(*args, **kwargs), bfloat16)


@contextmanager
def bfloat16_scope() -> Iterator[Any]:
    """Open a variable scope in which variables of bfloat16 are float32 ones, read as bfloat16.

    Yields:
        The VariableScope.

    Source: TensorFlow 1.15.
    """
    with variable_scope("", custom_getter=_kept_as_float32) as scope:
        yield scope
