"""CheckpointPosition: where in a checkpoint the values of an object and of its parts stand.

Source: TensorFlow 1.15, `training/tracking/base.py`.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from minitf import ops
from minitf.api.control import identity
from minitf.api.framework import device, init_scope
from minitf.tensor import Tensor
from minitf.trackable.base import VARIABLE_VALUE_KEY, Trackable

_LOG = logging.getLogger("tensorflow")


class SlotToRestore(NamedTuple):
    """A slot of an optimizer, whose variable is known or waited for."""

    optimizer_id: int
    slot_variable_id: int
    slot_name: str


class SlotOfVariable(NamedTuple):
    """A slot of a variable that is known, whose optimizer is waited for."""

    original_variable: Any
    slot_variable_id: int
    slot_name: str


class CheckpointPosition:
    """An object of a checkpoint that is being restored.

    Args:
        checkpoint: the restore as a whole; see `minitf.object_checkpoint.restoring`.
        proto_id: the number of the object in the checkpoint's graph of objects.

    Source: TensorFlow 1.15.
    """

    def __init__(self, checkpoint: Any, proto_id: int) -> None:
        self._checkpoint = checkpoint
        self._proto_id = proto_id

    def at(self, proto_id: int) -> CheckpointPosition:
        """Return the position of another object of the checkpoint."""
        return CheckpointPosition(self._checkpoint, proto_id)

    # --- facts -----------------------------------------------------------------------------------

    @property
    def checkpoint(self) -> Any:
        """The restore as a whole."""
        return self._checkpoint

    @property
    def trackable(self) -> Any:
        """The object of the program that stands for it."""
        return self._checkpoint.object_by_proto_id[self._proto_id]

    @property
    def restore_uid(self) -> int:
        """The number of the restore."""
        number: int = self._checkpoint.restore_uid
        return number

    @property
    def object_proto(self) -> Any:
        """The object as the checkpoint describes it."""
        return self._checkpoint.object_graph_proto.nodes[self._proto_id]

    def is_simple_variable(self) -> bool:
        """Tell whether it is a variable without parts."""
        attributes = self.object_proto.attributes
        return (
            len(attributes) == 1
            and attributes[0].name == VARIABLE_VALUE_KEY
            and not self.object_proto.children
        )

    def value_tensors(self) -> dict[str, Tensor]:
        """Return its values by name, each read when the graph runs."""
        values = {}
        for each in self.object_proto.attributes:
            key = each.checkpoint_key
            with init_scope(), device("/cpu:0"):
                (value,) = ops.restore_v2_op(
                    self._checkpoint.save_path_tensor,
                    [key],
                    [""],
                    dtypes=(self._checkpoint.dtype_of(key),),
                    name=f"{each.name}_checkpoint_read",
                )
                values[each.name] = identity(value)
        return values

    # --- restoring -------------------------------------------------------------------------------

    def restore(self, trackable: Any) -> None:
        """Restore an object of the program, and its parts, from here."""
        with init_scope():
            if self.bind_object(trackable):
                made = trackable._restore_from_checkpoint_position(self)  # noqa: SLF001
                if made:
                    self._checkpoint.new_restore_ops(made)

    def bind_object(self, trackable: Any) -> bool:
        """Let an object of the program stand for this one.

        Returns:
            Whether it is the first: then its parts are to be visited.
        """
        checkpoint = self._checkpoint
        checkpoint.all_python_objects[id(trackable)] = trackable
        checkpoint.matched_proto_ids.add(self._proto_id)
        known = checkpoint.object_by_proto_id.get(self._proto_id)
        if known is not None:
            if known is not trackable:
                _LOG.warning(
                    "Inconsistent references when loading the checkpoint into this object graph. "
                    "Either the Trackable object references in the Python program have changed in "
                    "an incompatible way, or the checkpoint was generated in an incompatible "
                    "program.\n\nTwo checkpoint references resolved to different objects (%s and "
                    "%s).",
                    known,
                    trackable,
                )
            return False
        checkpoint.object_by_proto_id[self._proto_id] = trackable
        for waiting in checkpoint.deferred_slot_restorations.pop(self._proto_id, ()):
            self._restore_slot(trackable, waiting)
        for slot in checkpoint.slot_restorations.pop(self._proto_id, ()):
            found = SlotOfVariable(trackable, slot.slot_variable_id, slot.slot_name)
            optimizer = checkpoint.object_by_proto_id.get(slot.optimizer_id)
            if optimizer is None:
                waiting = checkpoint.deferred_slot_restorations
                waiting.setdefault(slot.optimizer_id, []).append(found)
            else:
                self._restore_slot(optimizer, found)
        return True

    def _restore_slot(self, optimizer: Any, slot: SlotOfVariable) -> None:
        optimizer._create_or_restore_slot_variable(  # noqa: SLF001 TensorFlow's name
            slot_variable_position=self.at(slot.slot_variable_id),
            slot_name=slot.slot_name,
            variable=slot.original_variable,
        )

    def gather_ops_or_named_saveables(self) -> tuple[list[Any], dict[str, Any], list[Any]]:
        """Return what restores the values of the object itself.

        Returns:
            Operations of earlier restores of the same values; what can be restored by the keys in
            the checkpoint; and states of Python, which are restored at once.
        """
        checkpoint = self._checkpoint
        factories = self.trackable._gather_saveables_for_checkpoint()  # noqa: SLF001
        known: list[Any] = []
        tensors: dict[str, Any] = {}
        states: list[Any] = []
        for attribute in self.object_proto.attributes:
            key = attribute.checkpoint_key
            made = checkpoint.restore_ops_by_name.get(key)
            if made is not None:
                known.append(made)
                continue
            factory = factories.get(attribute.name)
            if factory is None:
                if not attribute.optional_restore:
                    unused = checkpoint.unused_attributes.setdefault(id(self.trackable), [])
                    unused.append(attribute.name)
                continue
            takes_name = callable(factory) and not isinstance(factory, Trackable)
            saveable = factory(name=key) if takes_name else factory
            if hasattr(saveable, "python_restore"):
                states.append((key, saveable))
            else:
                tensors[key] = saveable
        return known, tensors, states


class CheckpointInitialValue:
    """A first value of a variable that is read from a checkpoint.

    Args:
        checkpoint_position: where it stands.
        shape: the shape that the variable shall have, or None.

    Attributes:
        wrapped_value: the Tensor.
        checkpoint_position: as given.

    Source: TensorFlow 1.15.
    """

    def __init__(self, checkpoint_position: CheckpointPosition, shape: Any = None) -> None:
        self.wrapped_value = checkpoint_position.value_tensors()[VARIABLE_VALUE_KEY]
        if shape is not None:
            self.wrapped_value.set_shape(shape)
        self.checkpoint_position = checkpoint_position

    @property
    def dtype(self) -> Any:
        """Its type."""
        return self.wrapped_value.dtype

    @property
    def shape(self) -> Any:
        """What is known of its shape."""
        return self.wrapped_value.shape

    def get_shape(self) -> Any:
        """Return what is known of its shape."""
        return self.shape

    @property
    def op(self) -> Any:
        """The operation that makes it."""
        return self.wrapped_value.op
