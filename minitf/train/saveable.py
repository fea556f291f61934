"""What a Saver saves: SaveableObjects, and the ones that stand for variables.

A SaveableObject says which tensors go into the file under which names, and how what is read back is
put in its place.  A variable is one tensor; of a partitioned one each part is a box of the whole.
Other stateful things (lookup tables) bring a SaveableObject of their own, in the collection
SAVEABLE_OBJECTS.

Source: OSDI §4.3; TensorFlow 1.15, `saveable_object.py`, `saveable_object_util.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf import ops
from minitf.api.array import reshape
from minitf.api.control import identity
from minitf.api.framework import device, get_collection
from minitf.api.state import assign
from minitf.dtypes import DType
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.partitioned import PartitionedVariable
from minitf.variables.resource import ResourceVariable

_REFS = ("Variable", "VariableV2")
_READS = ("ReadVariableOp", "ResourceGather")


class SaveSpec:
    """One tensor of a SaveableObject.

    Args:
        tensor: the tensor, or a function that makes it when the graph is built.
        slice_spec: which box of a larger tensor it is, `10 20 0,5:-`; "" if it is whole.
        name: its name in the file.
        dtype: its type, if a function makes it.
        device: where it is, if a function makes it.
    """

    def __init__(
        self,
        tensor: Any,
        slice_spec: str,
        name: str,
        dtype: DType | None = None,
        device: str | None = None,
    ) -> None:
        self._tensor = tensor
        self.slice_spec = slice_spec
        self.name = name
        is_function = callable(tensor)
        if is_function and (dtype is None or device is None):
            raise AssertionError(
                "When passing a callable `tensor` to a SaveSpec, an explicit "
                "dtype and device must be provided."
            )
        self.dtype = tensor.dtype if dtype is None else dtype
        self.device = tensor.device if device is None else device

    @property
    def tensor(self) -> Any:
        """The tensor."""
        return self._tensor() if callable(self._tensor) else self._tensor


class SaveableObject:
    """Something that a Saver saves and restores; a subclass says how to restore.

    Args:
        op: what it stands for; a Saver takes each thing once.
        specs: the tensors.
        name: its name.
    """

    def __init__(self, op: Any, specs: Sequence[SaveSpec], name: str) -> None:
        self.op = op
        self.specs = list(specs)
        self.name = name

    @property
    def device(self) -> str:
        """Where its tensors are."""
        return self.specs[0].device

    def restore(
        self, restored_tensors: Sequence[Tensor], restored_shapes: Sequence[Any] | None
    ) -> Any:
        """Return an operation that puts what was read in its place.

        Args:
            restored_tensors: a tensor for each spec.
            restored_shapes: a shape for each to be brought into, or None.
        """
        raise NotImplementedError


class RefVariableSaveable(SaveableObject):
    """A variable behind a ref.

    Args:
        ref: the ref; of a part of a variable, the variable.
        slice_spec: which box it is.
        name: its name in the file.
    """

    def __init__(self, ref: Any, slice_spec: str, name: str) -> None:
        super().__init__(ref, [SaveSpec(ref, slice_spec, name)], name)

    def restore(
        self, restored_tensors: Sequence[Tensor], restored_shapes: Sequence[Any] | None
    ) -> Any:
        """Return an operation that writes the variable."""
        (value,) = restored_tensors
        if restored_shapes is not None:
            value = reshape(value, restored_shapes[0])
        known = restored_shapes is None and self.op.get_shape().is_fully_defined()
        return assign(self.op, value, validate_shape=known)


class ResourceVariableSaveable(SaveableObject):
    """A variable behind a resource handle.

    Args:
        variable: a read of it; of a part of a variable, the variable.
        slice_spec: which box it is.
        name: its name in the file.
    """

    def __init__(self, variable: Any, slice_spec: str, name: str) -> None:
        self._device, self._shape = variable.device, variable.shape
        tensor = variable
        if isinstance(variable, Tensor):
            self._handle = variable.op.inputs[0]
        else:
            self._handle, tensor = variable.handle, lambda: _read_on_cpu(variable)
        spec = SaveSpec(tensor, slice_spec, name, variable.dtype, variable.device)
        super().__init__(variable, [spec], name)

    def restore(
        self, restored_tensors: Sequence[Tensor], restored_shapes: Sequence[Any] | None
    ) -> Any:
        """Return an operation that writes the variable."""
        (value,) = restored_tensors
        if restored_shapes is not None:
            value = reshape(value, restored_shapes[0])
        with device(self._device):
            value = identity(value)
            self._shape.assert_is_compatible_with(value.shape)
            return ops.assign_variable_op_op(self._handle, value)


def _read_on_cpu(variable: Any) -> Any:
    with device(variable.device):
        value = variable.read_value()
        with device("/device:CPU:0"):
            return identity(value)


# --- from what a program passes -------------------------------------------------------------------


def all_saveable_objects(scope: str | None = None) -> list[Any]:
    """Return all global variables and saveable objects, or those of a name scope."""
    return [
        *get_collection(GraphKeys.GLOBAL_VARIABLES, scope),
        *get_collection(GraphKeys.SAVEABLE_OBJECTS, scope),
    ]


def saveables_of(var_list: Any) -> list[SaveableObject]:
    """Return SaveableObjects for a list or a dict, sorted by name.

    Args:
        var_list: variables, refs, parts of variables, SaveableObjects; or a dict from names in the
            file to them.

    Raises:
        TypeError: if there is something else among them.
        ValueError: if two have one name, or one has two.
    """
    by_name = dict(var_list) if isinstance(var_list, Mapping) else by_names(var_list)
    found: list[SaveableObject] = []
    seen: set[int] = set()
    for name, item in sorted(by_name.items()):
        if not isinstance(name, str):
            raise TypeError(
                "names_to_saveables must be a dict mapping string names to trackable operations. "
                f"Name is not a string: {name}"
            )
        for each in _saveables_for(item, name):
            if id(each.op) in seen:
                raise ValueError(f"The same saveable will be restored with two names: {each.name}")
            seen.add(id(each.op))
            found.append(each)
    return found


def by_names(items: Any) -> dict[str, Any]:
    """Return variables and saveable objects by name; parts of one variable are a list.

    Raises:
        TypeError: if they do not come in a list, or one is no variable.
        ValueError: if two have one name.
    """
    if not isinstance(items, (list, tuple, set)):
        raise TypeError(f"Variables to save should be passed in a dict or a list: {items}")
    found: dict[str, Any] = {}
    for item in sorted(items, key=lambda each: each.name):
        if isinstance(item, Variable) and item.save_slice_info is not None:
            name = str(item.save_slice_info.full_name)
            parts = found.setdefault(name, [])
            if not isinstance(parts, list):
                raise ValueError(f"Mixing slices and non-slices with the same name: {name}")
            parts.append(item)
            continue
        name, value = _named(item)
        if name in found:
            raise ValueError(f"At least two variables have the same name: {name}")
        found[name] = value
    return found


def _named(item: Any) -> tuple[str, Any]:
    """Return the name under which something is saved, and what stands for it."""
    if isinstance(item, (SaveableObject, PartitionedVariable)):
        return item.name, item
    element = _element(item)
    handle = element.op.inputs[0] if element.op.type in _READS else element
    return handle.op.name, element


def _element(item: Any) -> Tensor:
    """Return a variable's ref, or the read that stands for it.

    Raises:
        TypeError: if it is no variable.
    """
    element = item.graph.as_graph_element(item) if isinstance(item, Variable) else item
    if not isinstance(element, Tensor) or element.op.type not in (*_REFS, *_READS):
        raise TypeError(f"Variable to save is not a Variable: {item}")
    return element


def _saveables_for(item: Any, name: str) -> list[SaveableObject]:
    if isinstance(item, SaveableObject):
        return [item]
    if isinstance(item, (list, tuple, PartitionedVariable)):
        return [_part_saveable(part, name) for part in _checked_parts(list(item))]
    element = _element(item)
    make: Callable[..., SaveableObject] = (
        RefVariableSaveable if element.op.type in _REFS else ResourceVariableSaveable
    )
    return [make(element, "", name)]


def _checked_parts(parts: list[Any]) -> list[Any]:
    """Check that variables are parts of one; each is then saved as a box of it."""
    for part in parts:
        if not isinstance(part, Variable):
            raise ValueError(f"Slices must all be Variables: {part}")
        if part.save_slice_info is None:
            raise ValueError(f"Slices must all be slices: {part}")
    names = [part.save_slice_info.full_name for part in parts]
    for name in names[1:]:
        if name != names[0]:
            raise ValueError(f"Slices must all be from the same tensor: {names[0]} != {name}")
    return parts


def _part_saveable(part: Any, name: str) -> SaveableObject:
    spec = part.save_slice_info.spec
    if isinstance(part, ResourceVariable):
        return ResourceVariableSaveable(part, spec, name)
    return RefVariableSaveable(part, spec, name)
