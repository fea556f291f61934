"""`tensorflow.python.eager.def_function` and its kin: what makes functions and tapes.

There are none: a test that uses them is skipped, see `minitf.compat.internal.context`.

Source: TensorFlow 1.15's modules of the same names.
"""

from __future__ import annotations

from typing import NoReturn

from minitf.compat.internal.context import NoEagerModeError


def function(*_: object, **__: object) -> NoReturn:
    """Refuse.

    Raises:
        NoEagerModeError: always.
    """
    raise NoEagerModeError("MiniTF has no tf.function and no GradientTape")


defun = GradientTape = wrap_function = function
