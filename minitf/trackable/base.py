"""Trackable: an object whose parts have names, so that a checkpoint can be written along them.

    class Model(tf.Module):                 model -- "dense" --> layer -- "kernel" --> variable
        def __init__(self):                 saved as dense/kernel/.ATTRIBUTES/VARIABLE_VALUE,
            self.dense = Dense(3)           whatever the variable is called in the graph

A checkpoint may be restored before a part exists.  What is meant for it waits under its name, and
is restored when the part is made known.

**State** of a Trackable, made when it is first wanted:
`_unconditional_checkpoint_dependencies` (parts with their names, in order), the same by name; by
name the positions in checkpoints that wait; `_update_uid`, the number of the last restore.

**Invariants**
1. A name stands for one part.
2. Of several restores the one begun last counts, whatever the order in which parts appear.

Methods have TensorFlow's names, since classes of programs override them.

Source: TensorFlow 1.15, `training/tracking/base.py`.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from minitf.dtypes import float32

if TYPE_CHECKING:
    from minitf.trackable.position import CheckpointPosition

OBJECT_GRAPH_PROTO_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
VARIABLE_VALUE_KEY = "VARIABLE_VALUE"
OBJECT_CONFIG_JSON_KEY = "OBJECT_CONFIG_JSON"


class TrackableReference(NamedTuple):
    """A part with the name under which it is one."""

    name: str
    ref: Any


class Trackable:
    """An object with named parts; see the module.

    Source: TensorFlow 1.15.
    """

    _unconditional_checkpoint_dependencies: list[TrackableReference]
    _unconditional_dependency_names: dict[str, Any]
    _unconditional_deferred_dependencies: dict[str, list[CheckpointPosition]]
    _self_setattr_tracking = True
    _self_update_uid = -1

    def _maybe_initialize_trackable(self) -> None:
        """Make the lists of parts, unless they are made."""
        if "_unconditional_checkpoint_dependencies" in vars(self):
            return
        made: dict[str, Any] = {
            "_unconditional_checkpoint_dependencies": [],
            "_unconditional_dependency_names": {},
            "_unconditional_deferred_dependencies": {},
        }
        vars(self).update(made)

    # --- facts -----------------------------------------------------------------------------------

    @property
    def _object_identifier(self) -> str:
        """What kind of object it is, for a SavedModel of objects."""
        return "_generic_user_object"

    @property
    def _tracking_metadata(self) -> str:
        """What a SavedModel of objects notes besides."""
        return ""

    @property
    def _update_uid(self) -> int:
        """The number of the last restore of its values; -1 before the first."""
        return self._self_update_uid

    @_update_uid.setter
    def _update_uid(self, update_uid: int) -> None:
        vars(self)["_self_update_uid"] = update_uid

    @property
    def _checkpoint_dependencies(self) -> list[TrackableReference]:
        """All parts."""
        self._maybe_initialize_trackable()
        return self._unconditional_checkpoint_dependencies

    @property
    def _deferred_dependencies(self) -> dict[str, list[CheckpointPosition]]:
        """What waits for parts that are not known yet, by their names."""
        self._maybe_initialize_trackable()
        return self._unconditional_deferred_dependencies

    def _lookup_dependency(self, name: str) -> Any:
        """Return the part of a name, or None."""
        self._maybe_initialize_trackable()
        return self._unconditional_dependency_names.get(name)

    def _no_dependency(self, value: Any) -> Any:
        """Return what to keep for an attribute that shall be no part."""
        return value

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        """Return what is saved of the object itself.

        Returns:
            By name: a variable, a SaveableObject, or a function that makes one of `name=`.
        """
        return {}

    def _list_functions_for_serialization(self) -> dict[str, Any]:
        """Return functions by name that a SavedModel holds of it, besides its attributes."""
        return {}

    # --- parts -----------------------------------------------------------------------------------

    def _track_trackable(self, trackable: Any, name: str, overwrite: bool = False) -> Any:
        """Make an object a part, and restore what waits for it.

        Args:
            trackable: the part.
            name: its name.
            overwrite: whether it may take the place of another one.

        Returns:
            The part.

        Raises:
            TypeError: if it is no Trackable.
            ValueError: if there is another part of that name.
        """
        self._maybe_initialize_trackable()
        if not isinstance(trackable, Trackable):
            raise TypeError(
                f"Trackable._track_trackable() passed type {type(trackable)}, not a Trackable."
            )
        if not getattr(self, "_manual_dependency_tracking", True):
            return trackable
        known = self._lookup_dependency(name)
        if known is not None and known is not trackable:
            if not overwrite:
                raise ValueError(
                    f"Called Trackable._track_trackable() with name='{name}', but a Trackable "
                    "with this name is already declared as a dependency. Names must be unique (or "
                    "overwrite=True)."
                )
            self._replace(name, TrackableReference(name, trackable))
        elif known is None:
            self._unconditional_checkpoint_dependencies.append(TrackableReference(name, trackable))
        self._unconditional_dependency_names[name] = trackable
        self._handle_deferred_dependencies(name, trackable)
        return trackable

    def _replace(self, name: str, reference: TrackableReference) -> None:
        held = self._unconditional_checkpoint_dependencies
        for number, (known, _) in enumerate(held):
            if known == name:
                held[number] = reference
                return
        held.append(reference)  # found by a lookup of a subclass's own

    def _untrack_trackable(self, name: str) -> None:
        """Forget a part, if there is one of that name."""
        self._maybe_initialize_trackable()
        self._unconditional_dependency_names.pop(name, None)
        held = self._unconditional_checkpoint_dependencies
        held[:] = [each for each in held if each.name != name]

    def _add_variable_with_custom_getter(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        getter: Callable[..., Any] | None = None,
        overwrite: bool = False,
        **kwargs_for_getter: Any,
    ) -> Any:
        """Return a variable that `getter` makes, as a part.

        Args:
            name: its name, as a variable and as a part.
            shape: its shape.
            dtype: its type; float32 by default.
            initializer: its first value, or what makes it.
            getter: called with these by name.
            overwrite: whether it may take the place of another part.
            **kwargs_for_getter: what else `getter` takes.

        Raises:
            ValueError: if there is a part of that name.
        """
        self._maybe_initialize_trackable()
        if not overwrite and self._lookup_dependency(name) is not None:
            raise ValueError(
                f"A variable named '{name}' already exists in this Trackable, but "
                "Trackable._add_variable called to create another with that name. Variable names "
                "must be unique within a Trackable object."
            )
        assert getter is not None, "somebody must make the variable"
        made = getter(
            name=name,
            shape=shape,
            dtype=float32 if dtype is None else dtype,
            initializer=initializer,
            **kwargs_for_getter,
        )
        if not isinstance(made, Trackable):
            return made
        return self._track_trackable(made, name=name, overwrite=overwrite)

    # --- restoring -------------------------------------------------------------------------------

    def _handle_deferred_dependencies(self, name: str, trackable: Any) -> None:
        """Restore a part from what waits for it, the newest first."""
        self._maybe_initialize_trackable()
        trackable._maybe_initialize_trackable()  # noqa: SLF001 one of us
        waiting = self._deferred_dependencies.pop(name, ())
        for position in sorted(waiting, key=lambda each: -each.restore_uid):
            position.restore(trackable)

    def _restore_from_checkpoint_position(self, checkpoint_position: CheckpointPosition) -> Any:
        """Restore the object and its parts, level by level; return the operations that do."""
        restore_ops: list[Any] = []
        tensors: dict[str, Any] = {}
        states: list[Any] = []
        queue = deque([checkpoint_position])
        while queue:
            position = queue.popleft()
            part = position.trackable
            own_ops, own_tensors, own_states = part._single_restoration_from_checkpoint_position(  # noqa: SLF001
                position, queue
            )
            restore_ops += own_ops
            tensors |= own_tensors
            states += own_states
        return restore_ops + checkpoint_position.checkpoint.restore_saveables(tensors, states)

    def _single_restoration_from_checkpoint_position(
        self, checkpoint_position: CheckpointPosition, visit_queue: deque[CheckpointPosition]
    ) -> tuple[list[Any], dict[str, Any], list[Any]]:
        """Find what restores the object itself; put its parts into the queue, or let them wait."""
        self._maybe_initialize_trackable()
        checkpoint = checkpoint_position.checkpoint
        found: tuple[list[Any], dict[str, Any], list[Any]] = [], {}, []
        if checkpoint.restore_uid > self._update_uid:
            found = checkpoint_position.gather_ops_or_named_saveables()
            self._update_uid = checkpoint.restore_uid
        for child in checkpoint_position.object_proto.children:
            position = checkpoint_position.at(child.node_id)
            part = self._lookup_dependency(child.local_name)
            if part is None:
                self._deferred_dependencies.setdefault(child.local_name, []).append(position)
            elif position.bind_object(part):
                visit_queue.append(position)
        return found


def no_automatic_dependency_tracking(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method set attributes that do not become parts."""

    @functools.wraps(method)
    def untracked(self: Any, *args: Any, **kwargs: Any) -> Any:
        with no_automatic_dependency_tracking_scope(self):
            return method(self, *args, **kwargs)

    return untracked


@contextlib.contextmanager
def no_automatic_dependency_tracking_scope(obj: Any) -> Iterator[None]:
    """Let attributes that are set in the block not become parts.

    Args:
        obj: whose attributes.
    """
    before = getattr(obj, "_setattr_tracking", True)
    obj._setattr_tracking = False  # noqa: SLF001 TensorFlow's name
    try:
        yield
    finally:
        obj._setattr_tracking = before  # noqa: SLF001


_UIDS = itertools.count(1)


def uid() -> int:
    """Return a number greater than all before: that of a restore."""
    return next(_UIDS)
