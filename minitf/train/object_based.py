"""Checkpoints of objects, read by a Saver.

A checkpoint of objects notes of each variable the name under which a Saver would have saved it.
So a Saver whose names it lacks is built again, with the keys of the objects in their place.

Source: TensorFlow 1.15, `training/saver.py`.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf import protos
from minitf.errors import NotFoundError, OpError
from minitf.trackable.base import OBJECT_GRAPH_PROTO_KEY
from minitf.train.checkpoint_reader import CheckpointReader
from minitf.train.saveable import all_saveable_objects, saveables_of

_LOG = logging.getLogger("tensorflow")


def object_graph_key_mapping(checkpoint_path: Any) -> dict[str, str]:
    """Return the keys of a checkpoint of objects by the names that a Saver gives their values.

    Raises:
        NotFoundError: if a Saver wrote it.
    """
    graph = protos.TrackableObjectGraph()
    graph.ParseFromString(CheckpointReader(checkpoint_path).get_tensor(OBJECT_GRAPH_PROTO_KEY))
    return {each.full_name: each.checkpoint_key for node in graph.nodes for each in node.attributes}


def saver_from_object_based_checkpoint(
    checkpoint_path: Any,
    var_list: Any = None,
    builder: Any = None,
    names_to_keys: dict[str, str] | None = None,
    cached_saver: Any = None,
) -> Any:
    """Return a Saver that restores a checkpoint of objects.

    Args:
        checkpoint_path: its path.
        var_list: as of `tf.train.Saver`.
        builder: likewise.
        names_to_keys: what `object_graph_key_mapping` gives; read if None.
        cached_saver: accepted for compatibility: ObjectBased keeps the Saver.

    Raises:
        ValueError: if the checkpoint is a Saver's.
        NotFoundError: if it lacks a variable.
    """
    del cached_saver
    from minitf.train.saver import Saver
    from minitf.train.saver_builder import BulkSaverBuilder

    if names_to_keys is None:
        try:
            names_to_keys = object_graph_key_mapping(checkpoint_path)
        except NotFoundError as error:
            raise ValueError(
                f"Checkpoint in {checkpoint_path} not an object-based checkpoint."
            ) from error
    saveables = saveables_of(all_saveable_objects() if var_list is None else var_list)
    current = {spec.name for each in saveables for spec in each.specs}
    previous = set(names_to_keys)
    missing = current - previous
    if missing:
        few = ", ".join(sorted(missing)[:10])
        raise NotFoundError(
            None,
            None,
            f"Existing variables not in the checkpoint: {few}\n\nVariable names when this "
            f"checkpoint was written which don't exist now: {sorted(previous - current)}\n\n"
            f"({len(missing)} variable name(s) did not match)\n\nCould not find some variables in "
            "the checkpoint (see names above). Saver was attempting to load an object-based "
            "checkpoint (saved using tf.train.Checkpoint or tf.keras.Model.save_weights) using "
            "variable names. If the checkpoint was written with eager execution enabled, it's "
            "possible that variable names have changed (for example missing a '_1' suffix). It's "
            "also possible that there are new variables which did not exist when the checkpoint "
            "was written. You can construct a Saver(var_list=...) with only the variables which "
            "previously existed, and if variable names have changed you may need to make this a "
            "dictionary with the old names as keys.",
        )
    for each in saveables:
        for spec in each.specs:
            spec.name = names_to_keys[spec.name]
    return Saver(saveables, builder=builder or BulkSaverBuilder())


class ObjectBased:
    """Restores checkpoints of objects for a Saver.

    **State**: the Saver that does it, with the keys that it is built for.
    """

    def __init__(self) -> None:
        self._saver: Any = None
        self._names_to_keys: dict[str, str] | None = None

    def restore(self, session: Any, path: str, misfit: OpError, items: Any, builder: Any) -> None:
        """Restore a checkpoint that lacks a Saver's names, if it is one of objects.

        Args:
            session: the session.
            path: the checkpoint.
            misfit: what the Saver says of it, raised if it is none.
            items: its variables, as it was given them.
            builder: likewise.
        """
        if not isinstance(misfit, NotFoundError):
            raise misfit
        try:
            names_to_keys = object_graph_key_mapping(path)
        except NotFoundError:
            raise misfit from None
        _LOG.warning(
            "Restoring an object-based checkpoint using a name-based saver. This may be somewhat "
            "fragile, and will re-build the Saver. Instead, consider loading object-based "
            "checkpoints using tf.train.Checkpoint()."
        )
        if self._names_to_keys != names_to_keys:
            with session.graph.as_default():
                self._saver = saver_from_object_based_checkpoint(
                    path, items, builder, names_to_keys
                )
            self._names_to_keys = names_to_keys
        self._saver.restore(session, path)
