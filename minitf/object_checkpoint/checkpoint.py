"""`tf.train.Checkpoint`: objects to checkpoints and back.

    checkpoint = tf.train.Checkpoint(optimizer=optimizer, model=model)
    path = checkpoint.save("/tmp/training/ckpt", session=sess)       /tmp/training/ckpt-1
    checkpoint.restore(path).assert_consumed().run_restore_ops(sess)

Source: TensorFlow 1.15's `tf.train.Checkpoint`.
"""

from __future__ import annotations

import os
from typing import Any

from minitf.api.framework import colocate_with, device
from minitf.dtypes import float32, int64
from minitf.object_checkpoint.saver import TrackableSaver, saver_with_op_caching
from minitf.object_checkpoint.sessions import get_session
from minitf.trackable.auto import AutoTrackable
from minitf.trackable.base import Trackable, no_automatic_dependency_tracking
from minitf.trackable.structures import NoDependency
from minitf.train import checkpoint_state
from minitf.variables.base import Variable


class Checkpoint(AutoTrackable):
    """A group of objects that are saved and restored together.

    Args:
        **kwargs: the objects, which become attributes; further ones may be set later.

    Raises:
        ValueError: if one cannot be saved.

    Source: TensorFlow 1.15.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        for name, value in sorted(kwargs.items()):
            setattr(self, name, value)
            if not isinstance(getattr(self, name), Trackable):  # a list or dict is by now
                raise ValueError(
                    "`Checkpoint` was expecting a trackable object (an object derived from "
                    f"`TrackableBase`), got {value}. If you believe this object should be "
                    "trackable (i.e. it is part of the TensorFlow Python API and manages state), "
                    "please open an issue."
                )
        self._begin()

    @no_automatic_dependency_tracking
    def _begin(self) -> None:
        self._save_counter: Any = None  # made when it is first wanted
        self._save_assign_op: Any = None
        self._saver: TrackableSaver = saver_with_op_caching(self)

    def _maybe_create_save_counter(self) -> None:
        if self._save_counter is None:
            with device("/cpu:0"):
                self._save_counter = NoDependency(
                    add_variable(
                        self, name="save_counter", initializer=0, dtype=int64, trainable=False
                    )
                )

    @property
    def save_counter(self) -> Any:
        """A variable: how often `save` was called, which numbers the checkpoints."""
        self._maybe_create_save_counter()
        return self._save_counter

    def write(self, file_prefix: Any, session: Any = None) -> str:
        """Write a checkpoint, without a number and without noting it in the file `checkpoint`.

        Args:
            file_prefix: its path.
            session: the session that holds the values; the default one if None is given.

        Returns:
            The path, which `restore` takes.
        """
        path: str = self._saver.save(file_prefix=file_prefix, session=session)
        return path

    def save(self, file_prefix: Any, session: Any = None) -> str:
        """Write a checkpoint with the next number, and note it in the file `checkpoint`.

        Args:
            file_prefix: its path, behind which the number comes.
            session: the session that holds the values; the default one if None is given.

        Returns:
            The path, which `restore` takes.
        """
        session = session or get_session()
        if self._save_counter is None:  # nobody can have given it a value
            session.run(self.save_counter.initializer)
        if self._save_assign_op is None:
            with colocate_with(self.save_counter):
                self._save_assign_op = NoDependency(self.save_counter.assign_add(1))
        number = session.run(self._save_assign_op)
        prefix = os.fsdecode(file_prefix)
        path = self.write(f"{prefix}-{number}", session=session)
        folder = os.path.dirname(prefix)  # noqa: PTH120 "" is the working directory
        state = checkpoint_state.generate_checkpoint_state_proto(folder, path, [path])
        checkpoint_state.write_state(folder, checkpoint_state.relative_state(state, folder), None)
        return path

    def restore(self, save_path: Any) -> Any:
        """Prepare to restore a checkpoint, of objects or of a Saver.

        Values are restored when a method of the returned status runs operations in a session.
        Objects that become parts later are found then, and run with a further call.

        Args:
            save_path: what `save`, `write` or `tf.train.latest_checkpoint` returned; None to have
                `initialize_or_restore` give objects their first values.

        Returns:
            A status, with `assert_consumed`, `assert_existing_objects_matched`,
            `assert_nontrivial_match`, `expect_partial`, `run_restore_ops` and
            `initialize_or_restore`.

        Raises:
            NotFoundError: if there is no checkpoint.
        """
        status = self._saver.restore(save_path=save_path)
        # made here, it gets its value with the other variables
        self._maybe_create_save_counter()
        return status


def add_variable(
    trackable: Any,
    name: str,
    shape: Any = None,
    dtype: Any = float32,
    initializer: Any = None,
    trainable: bool = True,
) -> Any:
    """Return a variable, made as a part of an object.

    Args:
        trackable: the object.
        name: its name, as a variable and as a part.
        shape: its shape, if its first value does not say.
        dtype: its type.
        initializer: its first value, or what makes one of shape and type.
        trainable: whether optimizers change it.
    """
    return trackable._add_variable_with_custom_getter(  # noqa: SLF001 TensorFlow's name
        name=name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        getter=_default_getter,
        trainable=trainable,
    )


def _default_getter(
    name: str, shape: Any, dtype: Any, initializer: Any = None, **kwargs: Any
) -> Any:
    """Make a variable that takes part in no scope of variables."""
    from minitf.variables.initializers import GlorotUniform, Zeros

    if initializer is None:
        initializer = GlorotUniform() if dtype.is_floating else Zeros()
    value = (lambda: initializer(shape, dtype=dtype)) if callable(initializer) else initializer
    return Variable(value, name=name, dtype=dtype, use_resource=True, **kwargs)
