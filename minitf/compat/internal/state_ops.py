"""Functions of `tensorflow.python.ops.state_ops` and `resource_variable_ops` that are not public.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.framework import convert_to_tensor
from minitf.namespaces import raw_ops
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.resource import ResourceVariable


def variable_op_v2(
    shape: Any, dtype: Any, name: str = "Variable", container: str = "", shared_name: str = ""
) -> Tensor:
    """Add the operation that holds a reference variable.

    Args:
        shape: shape of its value.
        dtype: type of its elements.
        name: name of the operation.
        container: where its state is kept.
        shared_name: the name of its state there.
    """
    made: Tensor = raw_ops.VariableV2(
        shape=shape, dtype=dtype, name=name, container=container, shared_name=shared_name
    )
    return made


def variable_op(
    shape: Any,
    dtype: Any,
    name: str = "Variable",
    set_shape: bool = True,
    container: str = "",
    shared_name: str = "",
) -> Tensor:
    """Add the operation that holds a reference variable; arguments as of `variable_op_v2`.

    Args:
        shape: shape of its value.
        dtype: type of its elements.
        name: name of the operation.
        set_shape: whether its shape is to be known.
        container: where its state is kept.
        shared_name: the name of its state there.
    """
    known = shape if set_shape else TensorShape(None)
    made: Tensor = raw_ops.Variable(
        shape=known, dtype=dtype, name=name, container=container, shared_name=shared_name
    )
    return made


def is_resource_variable(var: Any) -> bool:
    """Tell whether something is a resource variable."""
    return isinstance(var, ResourceVariable)


def shape_safe_assign_variable_handle(
    handle: Tensor, shape: Any, value: Any, name: str | None = None
) -> Any:
    """Add an operation that gives a resource variable a value, if that may have its shape.

    Args:
        handle: the variable's handle.
        shape: its shape.
        value: the value.
        name: name of the operation.

    Raises:
        ValueError: if the value has another shape.
    """
    tensor = convert_to_tensor(value)
    TensorShape(shape).assert_is_compatible_with(tensor.shape)
    return raw_ops.AssignVariableOp(resource=handle, value=tensor, name=name)
