"""Saver: variables to checkpoints and back, and which checkpoints are kept.

    saver = tf.train.Saver()                                        adds Save and Restore operations
    saver.save(session, "model/net.ckpt", global_step=1000)          -> "model/net.ckpt-1000"
    saver.restore(session, tf.train.latest_checkpoint("model"))

**State**: the names of the operations (`saver_def`); (path, time) of the checkpoints that it wrote
and that are not deleted; those about to be deleted; when the next one is to be kept for good; those
that are on their way to the disk.

**Invariants**
1. Of the checkpoints written here at most `max_to_keep` exist, besides those kept for good: one for
   each `keep_checkpoint_every_n_hours`.
2. A checkpoint that does not fit the graph is refused before any variable is changed.
3. When `save` returns the system has the checkpoint: any program reads it, whatever becomes of
   this one.  The disk gets it behind the program (`minitf.train.commits`), and before another
   checkpoint is deleted, one that stays is there: a power cut leaves one that is whole.

Source: 2015 §3.3; OSDI §4.3 (the policy is user-level code); TensorFlow 1.15's tf.train.Saver.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from minitf.api.graph_io import export_meta_graph
from minitf.collection_def import register_proto_function, strip_name_scope
from minitf.errors import AlreadyExistsError, FailedPreconditionError, NotFoundError
from minitf.graph_keys import GraphKeys
from minitf.io.bundle_files import replaced
from minitf.io.checkpoints import opened
from minitf.train import checkpoint_state, object_based
from minitf.train.commits import Commits
from minitf.train.restore_report import Fit
from minitf.train.saveable import all_saveable_objects
from minitf.train.saver_builder import BulkSaverBuilder
from minitf.train.saver_def import checked, moved, names
from minitf.train.training_util import global_step as value_of_step

_FOR_EVER_H = 10000.0
_STEP_DIGITS = 8
_HOUR_S = 3600


class Saver:
    """Saves variables to checkpoints and restores them.

    Args:
        var_list: variables and saveable objects, or a dict from names in the file to them; by
            default all global variables and what is in the collection SAVEABLE_OBJECTS.
        reshape: whether what is read is brought into a variable's shape.
        sharded: whether each device writes a file of its own.
        max_to_keep: how many checkpoints are kept, the youngest; None or 0 keeps all.
        keep_checkpoint_every_n_hours: one of them for each such time is kept for good.
        name: name scope of the operations.
        restore_sequentially: whether variables are restored one after the other.
        saver_def: a SaverDef whose operations are in the graph: nothing is added then.
        builder: what adds the operations.
        defer_build: whether they are added only by `build()`.
        allow_empty: whether there may be nothing to save; then it does nothing.
        write_version: SaverDef.V2, or V1 for the first format.
        pad_step_number: whether step numbers in names have eight digits.
        save_relative_paths: whether the file `checkpoint` has paths relative to its folder.
        filename: the path if none is fed.

    Raises:
        TypeError: if `var_list` holds something else.
        ValueError: if there is nothing to save, or names are not unique.

    Source: OSDI §4.3; TensorFlow 1.15's tf.train.Saver.
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = _FOR_EVER_H,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = 2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. "
                "Either set defer_build=False or var_list=None."
            )
        self._var_list = var_list
        self._build_options: dict[str, Any] = {
            "reshape": reshape,
            "sharded": sharded,
            "max_to_keep": max_to_keep,
            "keep_checkpoint_every_n_hours": keep_checkpoint_every_n_hours,
            "name": name,
            "restore_sequentially": restore_sequentially,
            "filename": filename,
        }
        self._name = name
        self._builder = builder
        self._write_version = write_version
        self._allow_empty = allow_empty
        self._is_empty = self._is_built = False
        self._pad_step_number = pad_step_number
        self._save_relative_paths = save_relative_paths
        self._last_checkpoints: list[tuple[str, float]] = []
        self._to_delete: list[tuple[str, float]] = []
        self._next_kept_at = math.inf
        self._commits = Commits()
        self._fit, self._objects = Fit(), object_based.ObjectBased()
        self.saver_def = saver_def
        if not defer_build:
            self.build()

    # --- the operations --------------------------------------------------------------------------

    def build(self) -> None:
        """Add the operations, once.

        Raises:
            ValueError: if there is nothing to save, or the SaverDef is incomplete.
        """
        if self._is_built:
            return
        self._is_built = True
        if self.saver_def is None:
            items = all_saveable_objects() if self._var_list is None else self._var_list
            if not items:
                if not self._allow_empty:
                    raise ValueError("No variables to save")
                self._is_empty = True
                return
            builder = self._builder or BulkSaverBuilder(self._write_version)
            self.saver_def = builder.build(items, **self._build_options)
        elif self._name:
            self.saver_def = moved(self.saver_def, lambda name: f"{self._name}/{name}")
        self.saver_def = checked(self.saver_def)
        self._write_version = self.saver_def.version
        self._next_kept_at = time.time() + self._kept_every_s

    @property
    def _kept_every_s(self) -> float:
        return float(self.saver_def.keep_checkpoint_every_n_hours) * _HOUR_S

    # --- saving ----------------------------------------------------------------------------------

    def save(
        self,
        sess: Any,
        save_path: Any,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Write a checkpoint; return its path, which `restore` takes.

        Args:
            sess: the session that holds the variables.
            save_path: the path, without endings.
            global_step: a number, or a Tensor or its name, that is put behind the path.
            latest_filename: another name for the file `checkpoint`.
            meta_graph_suffix: how the file of the MetaGraph ends.
            write_meta_graph: whether to write it.
            write_state: whether to note the checkpoint in the file `checkpoint`, and to delete what
                is old.
            strip_default_attrs: whether the MetaGraph leaves out attributes with their defaults.
            save_debug_info: accepted and without effect.

        Returns:
            The path; None if there is nothing to save.

        Raises:
            TypeError: if `sess` is no session.
            ValueError: if names collide, or the folder cannot be.
            RuntimeError: if the operations were not built.
            OpError: if files cannot be written, or an earlier checkpoint could not get to the disk.
        """
        if not self._is_built:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        _check_session(sess)
        state_name = latest_filename or "checkpoint"
        if Path(state_name).name != state_name:
            raise ValueError("'latest_filename' must not contain path components")
        save_path = os.fsdecode(save_path)
        path = self._numbered(sess, save_path, global_step)
        if path == save_path and Path(path).name == state_name and not self._is_sharded:
            raise ValueError(
                f"'latest_filename' collides with 'save_path': '{state_name}' and '{save_path}'"
            )
        written = None
        with self._commits.begun(path):
            if not self._is_empty:
                written = self._written(sess, path)
                if write_state:
                    self._note(written, os.path.dirname(save_path), state_name)  # noqa: PTH120 "" is here
                    self._delete_old(meta_graph_suffix)
            if write_meta_graph:
                with sess.graph.as_default():
                    self.export_meta_graph(
                        checkpoint_state.meta_graph_filename(path, meta_graph_suffix),
                        strip_default_attrs=strip_default_attrs,
                        save_debug_info=save_debug_info,
                    )
        return written

    def sync(self) -> None:
        """Return when all checkpoints that were saved are on the disk.

        TensorFlow has no such method; it leaves that to the system.

        Raises:
            OpError: if one could not get there.
        """
        self._commits.wait()

    def _numbered(self, sess: Any, save_path: str, global_step: Any) -> str:
        if global_step is None:
            return save_path
        if not isinstance(global_step, (int, np.integer)):
            global_step = value_of_step(sess, global_step)
        digits = _STEP_DIGITS if self._pad_step_number else 1
        return f"{save_path}-{global_step:0{digits}d}"

    def _written(self, sess: Any, path: str) -> str:
        folder = Path(path).parent
        try:
            written = sess.run(
                self.saver_def.save_tensor_name, {self.saver_def.filename_tensor_name: path}
            )
        except (AlreadyExistsError, FailedPreconditionError, NotFoundError):
            if not folder.is_dir():
                raise ValueError(f"Parent directory of {path} doesn't exist, can't save.") from None
            raise
        return os.fsdecode(written)

    @property
    def _is_sharded(self) -> bool:
        return bool(self.saver_def is not None and self.saver_def.sharded)

    def _note(self, path: str, folder: str, state_name: str) -> None:
        """Write the file `checkpoint` with a new one; find those that are too many."""
        if self.saver_def.max_to_keep:
            kept = [each for each in self._last_checkpoints if each[0] != path]
            self._last_checkpoints = [*kept, (path, time.time())]
            if len(self._last_checkpoints) > self.saver_def.max_to_keep:
                self._to_delete.append(self._last_checkpoints.pop(0))
        state = checkpoint_state.generate_checkpoint_state_proto(
            folder, path, self.last_checkpoints
        )
        if self._save_relative_paths:
            state = checkpoint_state.relative_state(state, folder)
        checkpoint_state.write_state(folder, state, state_name)

    def _delete_old(self, meta_graph_suffix: str) -> None:
        if not self._to_delete:
            return
        path, written_at = self._to_delete.pop(0)
        if written_at > self._next_kept_at:
            self._next_kept_at += self._kept_every_s
            return
        self._commits.wait_for_one_of(self.last_checkpoints)
        self._commits.hold(path)
        checkpoint_state.remove_checkpoint(path, self.saver_def.version, meta_graph_suffix)

    def export_meta_graph(
        self,
        filename: Any = None,
        collection_list: Any = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> Any:
        """Return the default graph with this Saver as a MetaGraphDef; write it if a file is named.

        Arguments as of `tf.train.export_meta_graph`.
        """
        return export_meta_graph(
            filename=filename,
            saver_def=self.saver_def,
            collection_list=collection_list,
            as_text=as_text,
            export_scope=export_scope,
            clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs,
            save_debug_info=save_debug_info,
        )

    # --- restoring -------------------------------------------------------------------------------

    def restore(self, sess: Any, save_path: Any) -> None:
        """Give variables the values of a checkpoint; they need not be initialized.

        Args:
            sess: the session that holds the variables.
            save_path: what `save` or `tf.train.latest_checkpoint` returned.

        Raises:
            ValueError: if there is no checkpoint.
            NotFoundError: if it lacks a variable; InvalidArgumentError: if types or shapes differ.
                All that does not fit is told, and no variable is changed.
            DataLossError: if it is damaged.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        path = os.fsdecode(save_path)
        if not checkpoint_state.checkpoint_exists(path):
            kept = replaced(path)
            hint = f" (but there is {kept})" if checkpoint_state.checkpoint_exists(kept) else ""
            raise ValueError(f"The passed save_path is not a valid checkpoint: {path}{hint}")
        restore_all = sess.graph.get_operation_by_name(self.saver_def.restore_op_name)
        with opened(path) as files:
            if (error := self._fit.misfit(restore_all, files)) is not None:
                self._objects.restore(sess, path, error, self._var_list, self._builder)
                return
            sess.run(self.saver_def.restore_op_name, {self.saver_def.filename_tensor_name: path})

    # --- the checkpoints that it wrote ------------------------------------------------------------

    @property
    def last_checkpoints(self) -> list[str]:
        """Paths of the checkpoints that are not deleted, from old to new."""
        return [path for path, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints: list[str]) -> None:
        """Say which checkpoints there are, from old to new."""
        assert isinstance(last_checkpoints, list)
        self._last_checkpoints = [(path, math.inf) for path in last_checkpoints]

    def set_last_checkpoints_with_time(
        self, last_checkpoints_with_time: list[tuple[str, float]]
    ) -> None:
        """Say which checkpoints there are, from old to new: (path, seconds since 1970)."""
        assert isinstance(last_checkpoints_with_time, list)
        self._last_checkpoints = last_checkpoints_with_time

    def recover_last_checkpoints(self, checkpoint_paths: Sequence[str]) -> None:
        """Take over checkpoints of an earlier program, those that exist, with their times."""
        existing = [p for p in checkpoint_paths if checkpoint_state.checkpoint_exists(p)]
        times = checkpoint_state.get_checkpoint_mtimes(existing)
        self.set_last_checkpoints_with_time(list(zip(existing, times, strict=True)))

    # --- messages --------------------------------------------------------------------------------

    def as_saver_def(self) -> Any:
        """Return the SaverDef."""
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return the SaverDef without a name scope; None if it is outside of it."""
        if export_scope is None:
            return self.saver_def
        if not all(name.startswith(export_scope) for name in names(self.saver_def)):
            return None
        return moved(self.saver_def, lambda name: strip_name_scope(name, export_scope))

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """Return a Saver whose operations are in the graph, inside a name scope if one is given."""
        return Saver(saver_def=saver_def, name=import_scope)


def _check_session(sess: Any) -> None:
    if not hasattr(sess, "sess_str"):  # what a session has, and nothing that wraps one
        raise TypeError(f"'sess' must be a Session; {sess}")


register_proto_function(
    GraphKeys.SAVERS, "SaverDef", to_proto=Saver.to_proto, from_proto=Saver.from_proto
)
