"""Building the operations that save and restore, of which a SaverDef keeps the names.

    save/Const                      the path, fed at each save and restore
    save/SaveV2                     all tensors of a device; per device one if `sharded`
    save/control_dependency         the path, when everything is written
    save/RestoreV2 -> save/Assign, save/Assign_1, ...
    save/restore_all                when everything is assigned

Source: OSDI §4.3 (Save and Restore operations, one Save per task); TensorFlow 1.15, `saver.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from minitf import ops, protos
from minitf.api.constants import constant, placeholder_with_default
from minitf.api.control import group, identity
from minitf.api.framework import colocate_with, control_dependencies, device, name_scope
from minitf.api.sizes import shape as shape_of
from minitf.api.strings import string_join
from minitf.devices import DeviceSpec
from minitf.tensor import Tensor
from minitf.train import saveable as saving

Groups = list[tuple[str, list[saving.SaveableObject]]]


class BaseSaverBuilder:
    """Builds the operations of a Saver.

    Args:
        write_version: SaverDef.V2, or V1 for the first format.
    """

    SaveSpec = saving.SaveSpec
    SaveableObject = saving.SaveableObject
    VariableSaveable = saving.RefVariableSaveable
    ResourceVariableSaveable = saving.ResourceVariableSaveable

    def __init__(self, write_version: int | None = None) -> None:
        self._write_version = protos.SaverDef.V2 if write_version is None else write_version

    def save_op(self, filename_tensor: Tensor, saveables: Iterable[saving.SaveableObject]) -> Any:
        """Return an operation that saves to a file.

        Raises:
            RuntimeError: if the version is unknown.
        """
        names, specs, tensors = [], [], []
        for spec in _specs(saveables):
            names.append(spec.name)
            specs.append(spec.slice_spec)
            tensors.append(spec.tensor)
        if self._write_version == protos.SaverDef.V1:
            return ops.save_slices_op(filename_tensor, names, specs, tensors, name="save")
        if self._write_version == protos.SaverDef.V2:
            return ops.save_v2_op(filename_tensor, names, specs, tensors)
        raise RuntimeError(f"Unexpected write_version: {self._write_version}")

    def bulk_restore(
        self,
        filename_tensor: Tensor,
        saveables: Iterable[saving.SaveableObject],
        preferred_shard: int,
        restore_sequentially: bool,
    ) -> list[Tensor]:
        """Return what is read of a file, a tensor per spec, each by an operation of its own."""
        del preferred_shard
        tensors: list[Tensor] = []
        for each in saveables:
            after = tensors[-1:] if restore_sequentially else []
            with device(_on_cpu(each.device)), control_dependencies(after):
                tensors += self.restore_op(filename_tensor, each, -1)
        return tensors

    def restore_op(
        self, filename_tensor: Tensor, saveable: saving.SaveableObject, preferred_shard: int
    ) -> list[Tensor]:
        """Return what is read of a file for one object."""
        del preferred_shard
        return _restored(filename_tensor, saveable.specs)

    def sharded_filename(self, filename_tensor: Tensor, shard: int, num_shards: Tensor) -> Tensor:
        """Return the path of one file of several."""
        name: Tensor = ops.sharded_filename_op(filename_tensor, shard, num_shards)
        return name

    def build(
        self,
        names_to_saveables: Any,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        filename: str = "model",
    ) -> Any:
        """Add the operations to the graph and return their SaverDef.

        Args:
            names_to_saveables: a list of variables and saveable objects, or a dict.
            reshape: whether what is read is brought into the variables' shapes.
            sharded: whether each device writes a file of its own.
            max_to_keep: for the SaverDef.
            keep_checkpoint_every_n_hours: for the SaverDef.
            name: name scope of the operations.
            restore_sequentially: whether variables are restored one after the other.
            filename: the path if none is fed.
        """
        saveables = saving.saveables_of(names_to_saveables)
        max_to_keep = max_to_keep or 0
        with name_scope(name, "save", [each.op for each in saveables]):
            path = placeholder_with_default(filename or "model", shape=(), name="filename")
            path = placeholder_with_default(path, shape=(), name="Const")
            if sharded:
                groups = _by_device(saveables)
                save = self._saved_by_device(path, groups)
                restore = self._restored_by_device(
                    path, groups, one_by_one=restore_sequentially, reshape=reshape
                )
            else:
                save = self._saved(path, saveables)
                restore = self._assigned(
                    path, saveables, one_by_one=restore_sequentially, reshape=reshape
                )
        return protos.SaverDef(
            filename_tensor_name=path.name,
            save_tensor_name=save.name,
            restore_op_name=restore.name,
            max_to_keep=max_to_keep,
            sharded=sharded,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            version=self._write_version,
        )

    # --- saving ----------------------------------------------------------------------------------

    def _saved(self, path: Tensor, saveables: list[saving.SaveableObject]) -> Tensor:
        """Return the path, when everything is written there."""
        written = self.save_op(path, saveables)
        with (
            name_scope("control_dependency") as scope,
            colocate_with(path),
            control_dependencies([written]),
        ):
            done: Tensor = identity(path, name=scope)
            return done

    def _saved_by_device(self, path: Tensor, groups: Groups) -> Tensor:
        """Return the path, when each device has written and the parts are one checkpoint."""
        is_v2 = self._write_version == protos.SaverDef.V2
        # parts that are never merged must not be taken for a checkpoint
        part = string_join([path, f"_temp_{uuid.uuid4().hex}/part"]) if is_v2 else path
        count = constant(len(groups), name="num_shards")
        parts, saved = [], []
        for shard, (where, saveables) in enumerate(groups):
            with device(_on_cpu(where) if is_v2 else where):
                parts.append(self.sharded_filename(part, shard, count))
                saved.append(self._saved(parts[-1], saveables))
        with control_dependencies(saved):
            if not is_v2:
                pattern: Tensor = ops.sharded_filespec_op(path, count)
                return pattern
            with device(_on_cpu(groups[-1][0])):
                merged = ops.merge_v2_checkpoints_op(parts, path)
                with control_dependencies([merged]):
                    done: Tensor = identity(path)
                    return done

    # --- restoring -------------------------------------------------------------------------------

    def _assigned(
        self,
        path: Tensor,
        saveables: list[saving.SaveableObject],
        *,
        one_by_one: bool,
        reshape: bool,
        shard: int = -1,
        name: str = "restore_all",
    ) -> Any:
        """Return an operation that is done when all variables are restored."""
        tensors = self.bulk_restore(path, saveables, shard, one_by_one)
        assigned: list[Any] = []
        for each in saveables:
            shapes = [_shape_for(spec.tensor) for spec in each.specs] if reshape else None
            own, tensors = tensors[: len(each.specs)], tensors[len(each.specs) :]
            assigned.append(each.restore(own, shapes))
        return group(*assigned, name=name)

    def _restored_by_device(
        self, path: Tensor, groups: Groups, *, one_by_one: bool, reshape: bool
    ) -> Any:
        done = []
        for shard, (where, saveables) in enumerate(groups):
            with device(where):
                done.append(
                    self._assigned(
                        path,
                        saveables,
                        one_by_one=one_by_one,
                        reshape=reshape,
                        shard=shard,
                        name="restore_shard",
                    )
                )
        return group(*done, name="restore_all")


class BulkSaverBuilder(BaseSaverBuilder):
    """Builds one Restore operation for all tensors of a device."""

    def bulk_restore(
        self,
        filename_tensor: Tensor,
        saveables: Iterable[saving.SaveableObject],
        preferred_shard: int,
        restore_sequentially: bool,
    ) -> list[Tensor]:
        """Return what is read of a file, a tensor per spec, by one operation."""
        del preferred_shard, restore_sequentially
        with device("cpu:0"):
            return _restored(filename_tensor, list(_specs(saveables)))


def _specs(saveables: Iterable[saving.SaveableObject]) -> Iterable[saving.SaveSpec]:
    return (spec for each in saveables for spec in each.specs)


def _restored(path: Tensor, specs: Sequence[saving.SaveSpec]) -> list[Tensor]:
    return list(
        ops.restore_v2_op(
            path,
            [spec.name for spec in specs],
            [spec.slice_spec for spec in specs],
            dtypes=tuple(spec.dtype.base_dtype for spec in specs),
        )
    )


def _shape_for(tensor: Any) -> Any:
    """Return a shape to bring a tensor into: the known one, or one that is asked for."""
    shape = tensor.get_shape()
    return shape if shape.is_fully_defined() else shape_of(tensor)


def _by_device(saveables: list[saving.SaveableObject]) -> Groups:
    """Return saveable objects by device, in the order of the devices' names.

    Raises:
        ValueError: if one is on several.
    """
    groups: dict[str, list[saving.SaveableObject]] = {}
    for each in saveables:
        places = {DeviceSpec.from_string(spec.device or "").to_string() for spec in each.specs}
        if len(places) != 1:
            raise ValueError(
                f"All tensors of a saveable object must be on the same device: {each.name}"
            )
        groups.setdefault(places.pop(), []).append(each)
    return sorted(groups.items())


def _on_cpu(place: str) -> str:
    """Return the first CPU of the task that a device belongs to."""
    return DeviceSpec.from_string(place or "").merged("/device:CPU:0").to_string()
