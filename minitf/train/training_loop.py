"""The loop of a training under a Supervisor.

Source: TensorFlow 1.15's tf.train.basic_train_loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.errors import AbortedError


def basic_train_loop(
    supervisor: Any,
    train_step_fn: Callable[..., Any],
    args: Any = None,
    kwargs: Any = None,
    master: str = "",
) -> None:
    """Call a function again and again until the Supervisor stops; begin anew after AbortedError.

    Args:
        supervisor: the Supervisor.
        train_step_fn: called with the session and the arguments.
        args: its further arguments.
        kwargs: its named arguments.
        master: the target of the session.
    """
    while True:
        try:
            with supervisor.managed_session(master) as sess:
                while not supervisor.should_stop():
                    train_step_fn(sess, *(args or ()), **(kwargs or {}))
        except AbortedError:
            continue
        return
