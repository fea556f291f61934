"""CheckpointManager: numbered checkpoints in a folder, of which some are kept.

    manager = tf.train.CheckpointManager(checkpoint, "/tmp/model", max_to_keep=3)
    status = checkpoint.restore(manager.latest_checkpoint)
    ...
    manager.save()

**State**: path -> time of the checkpoints that may be deleted, in order; the time of the last one
that is kept for good.  The file `checkpoint` has both, so that a later manager goes on.  And the
checkpoints that are on their way to the disk, which gets them behind the program.

Source: TensorFlow 1.15's `tf.train.CheckpointManager`.
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any

import numpy as np

from minitf.object_checkpoint.sessions import get_session
from minitf.train import checkpoint_state
from minitf.train.commits import Commits
from minitf.train.training_util import global_step
from minitf.variables.creation import variable_creator_scope

_LOG = logging.getLogger("tensorflow")
_HOUR_S = 3600


class CheckpointManager:
    """Saves a Checkpoint again and again, and deletes what is old.

    Args:
        checkpoint: the `tf.train.Checkpoint`.
        directory: the folder.
        max_to_keep: how many are kept, the youngest; None for all.
        keep_checkpoint_every_n_hours: one for each such time is kept besides; None for none.
        checkpoint_name: name of the files, before the number.

    Raises:
        ValueError: if `max_to_keep` is neither None nor positive.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        checkpoint: Any,
        directory: Any,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
    ) -> None:
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(
                f"Expected a positive integer or `None` for `max_to_keep`, got {max_to_keep}."
            )
        self._checkpoint = checkpoint
        self._directory = os.fsdecode(directory)
        self._max_to_keep = max_to_keep
        self._keep_every_h = keep_checkpoint_every_n_hours
        self._prefix = os.path.join(self._directory, checkpoint_name)  # noqa: PTH118 a text of theirs
        self._deletable: dict[str, float] = {}
        self._latest_checkpoint: str | None = None
        self._last_preserved = time.time() - 1  # a manager that follows at once takes all over
        self._counting: Any = None
        self._commits = Commits()
        state = checkpoint_state.get_checkpoint_state(self._directory)
        if state is not None:
            self._take_over(state)

    def _take_over(self, state: Any) -> None:
        """Go on with the checkpoints of an earlier manager, which kept some for good."""
        now = time.time()
        self._latest_checkpoint = state.model_checkpoint_path
        self._last_preserved = state.last_preserved_timestamp
        if now < self._last_preserved:
            _LOG.warning(
                "time.time() returned a value %f seconds behind the last preserved checkpoint "
                "timestamp.",
                self._last_preserved - now,
            )
            self._last_preserved = now
        paths = list(state.all_model_checkpoint_paths)
        times = list(state.all_model_checkpoint_timestamps) or [self._last_preserved] * len(paths)
        for path, written in zip(paths, times, strict=True):
            if min(written, now) > self._last_preserved:
                self._deletable[path] = min(written, now)

    @property
    def directory(self) -> str:
        """The folder."""
        return self._directory

    @property
    def checkpoint(self) -> Any:
        """The Checkpoint."""
        return self._checkpoint

    @property
    def latest_checkpoint(self) -> str | None:
        """The path of the latest checkpoint, or None."""
        return self._latest_checkpoint

    @property
    def checkpoints(self) -> list[str]:
        """The paths of the checkpoints that may be deleted, from old to new.

        Those that are kept for good are not among them.
        """
        return list(self._deletable)

    def save(self, checkpoint_number: Any = None) -> str:
        """Write a checkpoint with the next number, in the default session, and delete what is old.

        Args:
            checkpoint_number: another number for its name; an int, or a variable of one.

        Returns:
            Its path.

        Raises:
            OpError: if files cannot be written, or an earlier one could not get to the disk.
        """
        session = get_session()
        with variable_creator_scope(_starting(session)):
            counter = self._checkpoint.save_counter
        if self._counting is None:
            self._counting = self._checkpoint.save_counter.assign_add(1).op
        session.run(self._counting)
        if checkpoint_number is None:
            checkpoint_number = counter
        if not isinstance(checkpoint_number, (int, np.integer)):
            checkpoint_number = global_step(session, checkpoint_number)
        path = f"{self._prefix}-{checkpoint_number}"
        with self._commits.begun(path):
            self._checkpoint.write(path, session=session)
            self._latest_checkpoint = path
            self._deletable.pop(path, None)  # the youngest stands last
            self._deletable[path] = time.time()
            self._note()  # whoever is interrupted while it deletes has the new one noted
            if self._sweep():
                self._note()
        return path

    def sync(self) -> None:
        """Return when all checkpoints that were saved are on the disk; as `Saver.sync`.

        Raises:
            OpError: if one could not get there.
        """
        self._commits.wait()

    def _note(self) -> None:
        """Write the file `checkpoint`."""
        paths, times = list(self._deletable), list(self._deletable.values())
        state = checkpoint_state.generate_checkpoint_state_proto(
            self._directory,
            str(self._latest_checkpoint),
            paths,
            times,
            self._last_preserved,
        )
        state = checkpoint_state.relative_state(state, self._directory)
        checkpoint_state.write_state(self._directory, state, None)

    def _sweep(self) -> bool:
        """Delete the checkpoints that are too many; tell whether there were any."""
        if self._max_to_keep is None:
            return False
        too_many = list(self._deletable)[: -self._max_to_keep]
        for path in too_many:
            written = self._deletable.pop(path)
            every_h = self._keep_every_h
            if every_h and written - every_h * _HOUR_S >= self._last_preserved:
                self._last_preserved = written
            else:
                self._commits.wait_for_one_of([*self._deletable])
                self._commits.hold(path)
                checkpoint_state.remove_checkpoint(path)
        return bool(too_many)


def _starting(session: Any) -> Any:
    """Return a creator of variables that gives them their first value at once."""

    def creator(next_creator: Any, **arguments: Any) -> Any:
        made = next_creator(**arguments)
        session.run(made.initializer)
        return made

    return creator
