"""Slots: variables that belong to another variable, e.g. its momentum.

A slot is called after its variable and lives where it does: `layer1/w/Momentum`.  The slot of a
part of a partitioned variable is the same part of a partitioned slot.

Source: OSDI §4.1 (optimizers keep their state in variables).
"""

from __future__ import annotations

import contextlib
from typing import Any

from minitf.api.constants import zeros
from minitf.api.framework import colocate_with
from minitf.api.sizes import shape as shape_of
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.initializers import Zeros
from minitf.variables.resource import ResourceVariable
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


def create_slot(
    primary: Any, val: Tensor, name: str, colocate_with_primary: bool = True
) -> Variable:
    """Make a slot with an initial value.

    Args:
        primary: the variable (or Tensor) that it belongs to.
        val: its initial value, of any shape.
        name: its name after the primary's.
        colocate_with_primary: whether to place it with the primary.
    """
    validate_shape = val.shape.is_fully_defined()
    return _create(primary, name, colocate_with_primary, validate_shape, initializer=val)


def create_slot_with_initializer(
    primary: Any,
    initializer: Any,
    shape: Any,
    dtype: Any,
    name: str,
    colocate_with_primary: bool = True,
) -> Variable:
    """Make a slot whose initial value an initializer makes; see `create_slot`."""
    return _create(
        primary,
        name,
        colocate_with_primary,
        shape.is_fully_defined(),
        initializer=initializer,
        shape=shape if callable(initializer) else None,
        dtype=dtype,
    )


def create_zeros_slot(
    primary: Any, name: str, dtype: Any = None, colocate_with_primary: bool = True
) -> Variable:
    """Make a slot of zeros of the primary's shape, and of its type by default."""
    dtype = (primary.dtype if dtype is None else dtype).base_dtype
    shape = primary.shape
    if shape.is_fully_defined():
        return create_slot_with_initializer(
            primary, Zeros(dtype), shape, dtype, name, colocate_with_primary
        )
    value = primary.initialized_value() if isinstance(primary, Variable) else primary
    return create_slot(primary, zeros(shape_of(value), dtype), name, colocate_with_primary)


def _create(
    primary: Any, name: str, colocated: bool, validate_shape: bool, **options: Any
) -> Variable:
    owner = primary.op.name
    use_resource = isinstance(primary, ResourceVariable) if isinstance(primary, Variable) else None
    place = colocate_with(primary) if colocated else contextlib.nullcontext()
    with variable_scope(None, f"{owner}/{name}"), place:
        # parts come from the primary: a partitioner would cut its part again
        get_variable_scope().set_partitioner(None)
        slot: Variable = get_variable(
            "",
            trainable=False,
            use_resource=use_resource,
            validate_shape=validate_shape,
            **options,
        )
    _note_part(primary, slot)
    return slot


def _note_part(primary: Any, slot: Variable) -> None:
    """Say of a slot which part of the whole slot it is, if its primary is a part."""
    info = getattr(primary, "save_slice_info", None)
    if info is None or slot.shape.rank == 0:
        return
    rank = slot.shape.rank
    # TensorFlow cuts by length: inside a variable scope the slot's name does not begin so, and what
    # is left is what its checkpoints say
    own_name = slot.op.name[len(f"{primary.op.name}/") :]
    slot.save_slice_info = Variable.SaveSliceInfo(
        f"{info.full_name}/{own_name}",
        info.full_shape[:rank],
        info.var_offset[:rank],
        info.var_shape[:rank],
    )
