"""The graph's own functions, and variables, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from typing import Any

import numpy as np

from minitf.api import array, constants, framework, random
from minitf.dtypes import float32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables import base
from minitf.variables.creation import create
from minitf.variables.options import VariableAggregation, VariableSynchronization

# --- tensors -------------------------------------------------------------------------------------


def convert_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Tensor:
    """Return a value as a Tensor.

    Args:
        value: a Tensor, an array, numbers, or whatever has a registered conversion.
        dtype: the type that it must have.
        dtype_hint: the type that it gets if it can have it.
        name: name of a constant.
    """
    return framework.convert_to_tensor(value, dtype, name, preferred_dtype=dtype_hint)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Tensor:
    """Return a constant; one number alone fills its shape, several are never filled up.

    Args:
        value: numbers, strings or an array.
        dtype: its type.
        shape: its shape.
        name: name of the operation.

    Raises:
        TypeError: if there are several numbers, but not one for each place of the shape.
    """
    if shape is not None:
        count, wanted = np.size(value), TensorShape(shape)
        if count not in (1, wanted.num_elements()):
            raise TypeError(f"Expected Tensor's shape: {wanted}, got {np.shape(value)}.")
    return constants.constant(value, dtype, shape, name)


def expand_dims(input: Any, axis: Any, name: str | None = None) -> Tensor:
    """Insert an axis of size 1."""
    return array.expand_dims(input, axis, name)


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Tensor:
    """Take axes of size 1 out."""
    return array.squeeze(input, axis, name)


# --- scopes --------------------------------------------------------------------------------------


def device(device_name: Any) -> AbstractContextManager[Any]:
    """Request a device for operations made inside.

    Raises:
        RuntimeError: for a function of operations, which TensorFlow 1 takes here.
    """
    if callable(device_name):
        raise RuntimeError("tf.device does not support functions.")
    return framework.device(device_name)


class name_scope:  # noqa: N801 TensorFlow's class has this name
    """Names operations made inside a `with` block; entered again it makes another scope.

    Args:
        name: of the scope; made unique, unless it ends with "/".

    Raises:
        ValueError: if it is no string.
    """

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise ValueError("name for name_scope must be a string.")
        self._name = name
        self._entered: list[ExitStack] = []

    @property
    def name(self) -> str:
        """The name as given."""
        return self._name

    def __enter__(self) -> str:
        stack = ExitStack()
        name: str = stack.enter_context(framework.get_default_graph().name_scope(self._name))
        self._entered.append(stack)
        return name

    def __exit__(self, *_: object) -> None:
        self._entered.pop().close()


# --- variables -----------------------------------------------------------------------------------


class _ResourceVariableMaker(type):
    """Makes `Variable(...)` a ResourceVariable; every variable is an instance of it."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return create_variable(*args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, base.Variable)


class Variable(metaclass=_ResourceVariableMaker):
    """A variable behind a resource handle; see `create_variable` for the arguments."""

    SaveSliceInfo = base.Variable.SaveSliceInfo


def create_variable(
    initial_value: Any = None,
    trainable: bool | None = None,
    validate_shape: bool = True,
    caching_device: Any = None,
    name: str | None = None,
    variable_def: Any = None,
    dtype: Any = None,
    import_scope: str | None = None,
    constraint: Any = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
    shape: Any = None,
) -> Any:
    """Make a variable as `minitf.Variable` does, with a resource handle whatever the scope says."""
    return create(
        initial_value,
        trainable=trainable,
        validate_shape=validate_shape,
        caching_device=caching_device,
        name=name,
        variable_def=variable_def,
        dtype=dtype,
        import_scope=import_scope,
        constraint=constraint,
        use_resource=True,
        synchronization=synchronization,
        aggregation=aggregation,
        shape=shape,
    )


# --- random numbers ------------------------------------------------------------------------------


def set_seed(seed: int | None) -> None:
    """Set the seed of the graph, from which operations without a seed derive theirs."""
    random.set_random_seed(seed)


def random_poisson(
    shape: Any,
    lam: Any,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw whole numbers from Poisson distributions."""
    return random.random_poisson(lam, shape, dtype, seed, name)
