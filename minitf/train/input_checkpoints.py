"""Checkpoints of where input pipelines stand, with the variables or by themselves.

    saveable = tf.data.experimental.make_saveable_from_iterator(iterator)
    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, saveable)
    saver = tf.train.Saver()        # saves where the iterator stands too

Source: TensorFlow 1.15, `tf.data.experimental.CheckpointInputPipelineHook`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.framework import get_collection
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.train.checkpoint_saver_hook import CheckpointSaverHook
from minitf.train.checkpoint_state import latest_checkpoint
from minitf.train.saveable import SaveableObject, SaveSpec
from minitf.train.saver import Saver
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)


class IteratorSaveable(SaveableObject):
    """Where an iterator stands.

    Args:
        iterator_resource: the iterator's handle.
        name: its name in the file; that of the handle if None.
    """

    def __init__(self, iterator_resource: Tensor, name: str | None = None) -> None:
        state = ops.serialize_iterator_op(iterator_resource)
        own_name = iterator_resource.name if name is None else name
        spec = SaveSpec(state, "", f"{own_name}-state")
        super().__init__(iterator_resource, [spec], own_name)

    def restore(
        self, restored_tensors: Sequence[Tensor], restored_shapes: Sequence[Any] | None
    ) -> Operation:
        """Return an operation that brings the iterator to where it stood."""
        with self.op.graph.colocate_with(self.op.op):
            made: Operation = ops.deserialize_iterator_op(self.op, restored_tensors[0])
        return made


def make_saveable_from_iterator(iterator: Any) -> IteratorSaveable:
    """Return what a Saver saves of an iterator: where it stands."""
    return IteratorSaveable(iterator._iterator_resource)


class CheckpointInputPipelineHook(SessionRunHook):
    """Saves where the iterators of the collection "iterators" stand, every so often.

    The first run of a session brings them to where the last checkpoint says.

    Args:
        estimator: says in which folder and how often.
    """

    def __init__(self, estimator: Any) -> None:
        config = estimator.config
        prefix = "input"
        if getattr(config, "num_worker_replicas", 1) > 1:
            prefix += f"_{config.task_type}_{config.task_id}"
        self._folder = estimator.model_dir
        self._state_name = f"checkpoint_{prefix}"
        self._hook = CheckpointSaverHook(
            self._folder,
            save_secs=config.save_checkpoints_secs,
            save_steps=config.save_checkpoints_steps,
            checkpoint_basename=f"{prefix}.ckpt",
        )
        self._is_first_run = True

    def begin(self) -> None:
        """Find the iterators."""
        saveables = [IteratorSaveable(each) for each in get_collection("iterators")]
        self._hook._saver = _OwnState(saveables, self._state_name)
        self._hook.begin()

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Restore the last checkpoint, or save a first one, before the first run."""
        if self._is_first_run:
            self._restore_or_save(run_context.session)
            self._is_first_run = False
        return self._hook.before_run(run_context)

    def _restore_or_save(self, session: Any) -> None:
        path = latest_checkpoint(self._folder, self._state_name)
        if path:
            self._hook._found_saver().restore(session, path)
            return
        step = int(session.run(self._hook._step))
        self._hook._save(session, step)
        self._hook._timer.update_last_triggered_step(step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Save if it is due."""
        self._hook.after_run(run_context, run_values)

    def end(self, session: Any) -> None:
        """Save the last state."""
        self._hook.end(session)


class _OwnState(Saver):
    """A Saver whose file of the last checkpoints has a name of its own."""

    def __init__(self, var_list: Any, state_name: str) -> None:
        super().__init__(var_list)
        self._state_name = state_name

    def save(self, sess: Any, save_path: Any, *args: Any, **kwargs: Any) -> Any:
        """Save as a Saver does."""
        kwargs.setdefault("latest_filename", self._state_name)
        return super().save(sess, save_path, *args, **kwargs)
