"""`tf.layers.experimental`: layers and cells that hold their variables, as those of Keras do.

    with tf.layers.experimental.keras_style_scope():
        cell = tf.nn.rnn_cell.GRUCell(3)        each cell has variables of its own: no variable
        other = tf.nn.rnn_cell.GRUCell(3)       scope is opened, nothing is found by its name

**State**: whether layers that are made are of that style: of the process, off at the beginning.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable
from minitf.variables.initializers import GlorotUniform, Zeros

_styles = [False]  # the innermost scope's is the last


def set_keras_style() -> None:
    """Make all layers and cells that are made from here on hold their variables."""
    _styles[:] = [True] * len(_styles)


@contextmanager
def keras_style_scope() -> Iterator[None]:
    """Make the layers and cells that are made in a `with` block hold their variables."""
    _styles.append(True)
    try:
        yield
    finally:
        _styles.pop()


def is_keras_style() -> bool:
    """Tell whether a layer that is made holds its variables."""
    return _styles[-1]


def check_arguments(**arguments: Any) -> None:
    """Check that a layer of that style is given none of some arguments.

    Raises:
        ValueError: if it is.
    """
    for name, value in arguments.items():
        if value is not None:
            raise ValueError(
                f"{name} argument not allowed when keras style layers are enabled, but saw: {value}"
            )


def held_variable(name: str, shape: Any, dtype: Any, initializer: Any, **options: Any) -> Variable:
    """Return a new variable in the name scope that is open.

    Args:
        name: its name.
        shape: its shape.
        dtype: its type.
        initializer: a function of shape and type; Glorot's for floats by default, else zeros.
        **options: what else `tf.Variable` takes.
    """
    sizes = TensorShape(shape).as_list()
    start = initializer or (GlorotUniform() if dtype.is_floating else Zeros())
    start = start() if isinstance(start, type) else start
    return Variable(lambda: start(sizes, dtype=dtype), name=name, dtype=dtype, **options)
