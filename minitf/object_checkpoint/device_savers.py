"""Savers of saveable objects: a file for each device, all of them one checkpoint.

    MultiDeviceSaver(saveables).save(prefix)        an operation that writes
    MultiDeviceSaver(saveables).restore(prefix)     {name: an operation that restores it}

Source: TensorFlow 1.15, `training/saving/functional_saver.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from minitf import ops, protos
from minitf.api.constants import constant, placeholder
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, device
from minitf.api.strings import string_join
from minitf.devices import DeviceSpec
from minitf.dtypes import string
from minitf.train.saveable import SaveableObject, SaveSpec


class SingleDeviceSaver:
    """Saves and restores objects whose tensors are on one device.

    Args:
        saveable_objects: the SaveableObjects.

    Raises:
        ValueError: if something else is among them.

    Source: TensorFlow 1.15.
    """

    def __init__(self, saveable_objects: Iterable[Any]) -> None:
        self._saveables = _checked(saveable_objects)

    @property
    def _specs(self) -> list[SaveSpec]:
        return [spec for each in self._saveables for spec in each.specs]

    def save(self, file_prefix: Any) -> Any:
        """Return an operation that writes the objects to a file of their own."""
        specs = self._specs
        with device("cpu:0"):
            return ops.save_v2_op(
                file_prefix,
                [spec.name for spec in specs],
                [spec.slice_spec for spec in specs],
                [spec.tensor for spec in specs],
            )

    def restore(self, file_prefix: Any) -> dict[str, Any]:
        """Return for each object, by its name, an operation that restores it."""
        specs = self._specs
        if not specs:
            return {}
        with device("cpu:0"):
            read = iter(
                ops.restore_v2_op(
                    file_prefix,
                    [spec.name for spec in specs],
                    [spec.slice_spec for spec in specs],
                    dtypes=tuple(spec.dtype.base_dtype for spec in specs),
                )
            )
        return {
            each.name: each.restore([next(read) for _ in each.specs], None)
            for each in self._saveables
        }


class MultiDeviceSaver:
    """Saves and restores objects wherever their tensors are.

    Args:
        saveable_objects: the SaveableObjects.

    Raises:
        ValueError: if something else is among them, or the tensors of one are on several devices.

    Source: TensorFlow 1.15.
    """

    def __init__(self, saveable_objects: Iterable[Any]) -> None:
        self._groups: dict[str, list[Any]] = {}
        for each in _checked(saveable_objects):
            places = {_on_cpu(spec.device) for spec in each.specs}
            if len(places) > 1:
                raise ValueError(
                    f"All tensors of a saveable object must be on the same device: {each.name}"
                )
            self._groups.setdefault(places.pop() if places else "", []).append(each)

    def save(self, file_prefix: Any) -> Any:
        """Return an operation that writes all objects.

        Each device writes a file under a name of its own, which no reader takes for a checkpoint;
        then the files become one.
        """
        with device("cpu:0"):
            part = string_join([file_prefix, f"_temp_{uuid.uuid4().hex}/part"])
            count = constant(len(self._groups), name="num_shards")
        parts, saved = [], []
        for number, (place, saveables) in enumerate(sorted(self._groups.items())):
            with device(place):
                parts.append(ops.sharded_filename_op(part, number, count))
                saved.append(SingleDeviceSaver(saveables).save(parts[-1]))
        with control_dependencies(saved), device("cpu:0"):
            return ops.merge_v2_checkpoints_op(parts, file_prefix, delete_old_dirs=True)

    def restore(self, file_prefix: Any) -> dict[str, Any]:
        """Return for each object, by its name, an operation that restores it."""
        done: dict[str, Any] = {}
        for place, saveables in sorted(self._groups.items()):
            with device(place):
                done |= SingleDeviceSaver(saveables).restore(file_prefix)
        return done

    def to_proto(self) -> Any:
        """Add operations that save and restore, and return their SaverDef."""
        prefix = placeholder(string, shape=(), name="saver_filename")
        with control_dependencies([self.save(prefix)]):
            saved = identity(prefix)
        with control_dependencies(list(self.restore(prefix).values())):
            restored = identity(prefix)
        return protos.SaverDef(
            filename_tensor_name=prefix.name,
            save_tensor_name=saved.name,
            restore_op_name=restored.op.name,
            version=protos.SaverDef.V2,
        )


def _checked(saveables: Iterable[Any]) -> list[Any]:
    held = list(saveables)
    for each in held:
        if not isinstance(each, SaveableObject):
            raise ValueError(f"Expected a list of SaveableObjects, got {each}.")
    return held


def _on_cpu(place: str) -> str:
    """Return the first CPU of the task that a device belongs to."""
    return DeviceSpec.from_string(place or "").merged("/device:CPU:0").to_string()
