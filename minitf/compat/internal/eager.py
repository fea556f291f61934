"""`tensorflow.python.eager.backprop`: tapes, which work on graphs too.

Functions that compute gradients at once are of eager execution; a test that uses them is skipped,
see `minitf.compat.internal.context`.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import NoReturn

from minitf.compat.internal.context import NoEagerModeError
from minitf.functional.def_function import function as defun
from minitf.functional.tape import GradientTape

__all__ = [
    "GradientTape",
    "defun",
    "gradients_function",
    "implicit_grad",
    "implicit_val_and_grad",
    "make_vjp",
    "val_and_grad_function",
]


def gradients_function(*_: object, **__: object) -> NoReturn:
    """Refuse.

    Raises:
        NoEagerModeError: always.
    """
    raise NoEagerModeError("MiniTF computes gradients when a graph runs: use tf.GradientTape")


implicit_grad = implicit_val_and_grad = gradients_function
make_vjp = val_and_grad_function = gradients_function
