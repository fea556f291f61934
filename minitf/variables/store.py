"""Where get_variable finds a variable again: one store per graph, by full name.

**State**: full name -> Variable, full name -> PartitionedVariable.  The store lives in a collection
of its graph, since it lives as long.

Source: OSDI §4.1; TensorFlow 1.15's `get_variable`.
"""

from __future__ import annotations

import enum
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from minitf import source
from minitf.api import array
from minitf.api.framework import colocate_with, control_dependencies, name_scope
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import DType, as_dtype, string
from minitf.errors import house_message
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable
from minitf.variables.initializers import GlorotUniform, Zeros
from minitf.variables.partitioned import PartitionedVariable, part_shapes, partitions_of
from minitf.variables.slices import SaveSliceInfo

_KEY = ("__variable_store",)


class ReuseMode(enum.Enum):
    """How a scope treats a name that is taken, besides True (find) and None (make)."""

    AUTO_REUSE = 1


AUTO_REUSE = ReuseMode.AUTO_REUSE


@dataclass(frozen=True)
class PartitionInfo:
    """Where a part of a variable stands, for initializers that want to know the whole.

    Attributes:
        full_shape: shape of the whole.
        var_offset: where the part begins.
    """

    full_shape: list[int]
    var_offset: list[int]

    def single_offset(self, shape: Any) -> int:
        """Return where a part of a shape begins, on the only axis that is cut; 0 if none is.

        Raises:
            ValueError: if several are.
        """
        axis = self.single_slice_dim(shape)
        return 0 if axis is None else self.var_offset[axis]

    def single_slice_dim(self, shape: Any) -> int | None:
        """Return the only axis that is cut; None if a part of a shape is the whole.

        Raises:
            ValueError: if several are, or the part is not within the whole.
        """
        sizes = [int(each) for each in shape]
        if len(sizes) != len(self.full_shape):
            raise ValueError(
                f"Expected equal length, but received shape={sizes} of length {len(sizes)} while "
                f"self.full_shape={self.full_shape} is of length {len(self.full_shape)}."
            )
        for size, offset, whole in zip(sizes, self.var_offset, self.full_shape, strict=True):
            if offset + size > whole:
                raise ValueError(
                    f"With self.var_offset={self.var_offset}, a partition of shape={sizes} would "
                    f"exceed self.full_shape={self.full_shape}."
                )
        cut = [i for i, size in enumerate(sizes) if size != self.full_shape[i]]
        if len(cut) > 1:
            raise ValueError(
                f"Cannot use single_slice_dim() with shape={sizes} and full_shape="
                f"{self.full_shape} since slice dim could be either dimension {cut[0]} or {cut[1]}."
            )
        return cut[0] if cut else None


@dataclass
class Request:
    """What get_variable was asked for, defaults of the scope filled in.

    Attributes are its arguments; `reuse` is False, True or AUTO_REUSE.
    """

    name: str
    shape: Any
    dtype: DType
    initializer: Any
    regularizer: Any
    reuse: Any
    partitioner: Any
    options: dict[str, Any]


class VariableStore:
    """The variables of a graph that get_variable made, by full name.

    Source: TensorFlow 1.15's `get_variable`.
    """

    def __init__(self) -> None:
        self._variables: dict[str, Variable] = {}
        self._partitioned: dict[str, PartitionedVariable] = {}

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The variables by full name, parts of partitioned ones by their own."""
        return self._variables

    def add(self, name: str, variable: Variable) -> None:
        """Hold a variable that was made elsewhere."""
        self._variables[name] = variable

    def get(self, request: Request) -> Any:
        """Return the variable that is asked for, found or made.

        Raises:
            ValueError: if it exists and must not, or the other way round, or does not fit.
        """
        request.dtype = as_dtype(request.dtype).base_dtype
        is_scalar = isinstance(request.shape, Sequence) and not request.shape
        if request.partitioner is not None and not is_scalar:
            if not callable(request.partitioner):
                raise ValueError(
                    f"Partitioner must be callable, but received: {request.partitioner}"
                )
            return self._get_partitioned(request)
        name = request.name
        if request.reuse is True and request.partitioner is None and name in self._partitioned:
            return self._get_partitioned(request)
        if f"{name}/part_0" in self._variables:
            raise ValueError(
                "No partitioner was provided, but a partitioned version of the variable was found: "
                f"{name}/part_0. Perhaps a variable of the same name was already created with "
                "partitioning?"
            )
        return self._get_single(request)

    # --- one variable ----------------------------------------------------------------------------

    def _get_single(self, request: Request, part: PartitionInfo | None = None) -> Variable:
        is_value = request.initializer is not None and not callable(request.initializer)
        if is_value and request.shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        shape = TensorShape(request.shape)
        found = self._variables.get(request.name)
        if found is not None:
            _check_found(found, request, shape, "variable")
            return found
        if request.reuse is True:
            raise ValueError(
                f"Variable {request.name} does not exist, or was not created with "
                "tf.get_variable(). Did you mean to set reuse=tf.AUTO_REUSE in VarScope?"
                f"{self._alike(request.name)}"
            )
        make, dtype = _initial_value(request, shape, part)
        made = Variable(make, name=request.name, dtype=dtype, **request.options)
        self._variables[request.name] = made
        if request.regularizer:
            _regularize(made, request)
        return made

    def _alike(self, name: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(name, self._variables, 3)
        return f"\n  hint: it holds {', '.join(close)}" if close else ""

    # --- a variable in parts ---------------------------------------------------------------------

    def _get_partitioned(self, request: Request) -> PartitionedVariable:
        name, initializer = request.name, request.initializer
        if name in self._variables:
            raise ValueError(
                "A partitioner was provided, but an unpartitioned version of the variable was "
                f"found: {name}.  Perhaps a variable of the same name was already created without "
                "partitioning?"
            )
        shape = TensorShape(request.shape)
        if isinstance(initializer, Tensor):
            shape = shape.merge_with(initializer.shape)
        partitions = None
        if request.partitioner is not None:
            partitions = partitions_of(request.partitioner, shape, request.dtype)
        found = self._partitioned.get(name)
        if found is not None:
            _check_found(found, request, shape, "partitioned variable")
            have = found._get_partitions()  # noqa: SLF001 TensorFlow's name of it
            if partitions is not None and have != partitions:
                raise ValueError(
                    f"Trying to reuse partitioned variable {name}, but specified partitions "
                    f"{partitions} and found partitions {have}."
                )
            return found
        if request.reuse is True or partitions is None:
            raise ValueError(
                f"PartitionedVariable {name} does not exist, or was not created with "
                "tf.get_variable(). Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in "
                "VarScope?"
            )
        whole = [size for size in shape.as_list() if size is not None]
        parts = []
        for i, (offset, size) in enumerate(part_shapes(whole, partitions)):
            part = _part_request(request, f"{name}/part_{i}", offset, size)
            variable = self._get_single(part, PartitionInfo(whole, offset))
            variable.save_slice_info = SaveSliceInfo(name, whole, offset, size)
            parts.append(variable)
        made = PartitionedVariable(name, whole, request.dtype, parts, partitions)
        self._partitioned[name] = made
        return made


def variable_store() -> VariableStore:
    """Return the default graph's store."""
    held = default_graph().get_collection_ref(_KEY)
    if not held:
        held.append(VariableStore())
    return held[0]  # type: ignore[no-any-return]


@contextmanager
def used_store(store: VariableStore) -> Iterator[None]:
    """Let a store be the default graph's within a block."""
    held = default_graph().get_collection_ref(_KEY)
    before = list(held)
    held[:] = [store]
    try:
        yield
    finally:
        held[:] = before


# --- found ---------------------------------------------------------------------------------------


def _check_found(found: Any, request: Request, shape: TensorShape, kind: str) -> None:
    """Check that a variable which exists may be had again, and is what is asked for."""
    name = request.name
    if request.reuse is False:
        raise ValueError(_already_exists(found, name, kind))
    what = f"Trying to {'share' if kind == 'variable' else 'reuse'} {kind} {name}, but specified"
    if not shape.is_compatible_with(found.shape):
        raise ValueError(f"{what} shape {shape} and found shape {found.shape}.{_made(found)}")
    if not request.dtype.is_compatible_with(found.dtype):
        raise ValueError(
            f"{what} dtype {request.dtype.name} and found dtype {found.dtype.name}.{_made(found)}"
        )


def _made(found: Any) -> str:
    first = next(iter(found)) if isinstance(found, PartitionedVariable) else found
    return f"\n  it was created at {source.describe(first.op.site)}"


def _already_exists(found: Any, name: str, kind: str) -> str:
    """Say where the name was taken, and which repair fits."""
    if kind != "variable":
        return house_message(
            f"Partitioned variable with name {name} already exists. Did you mean to set reuse=True "
            f"or reuse=tf.AUTO_REUSE in VarScope?{_made(found)}"
        )
    first, second = source.lines(found.op.site)[:1], source.lines(source.creation_site())[:1]
    place = "".join(f"{file}:{line}, in {where}\n    {text}" for file, line, where, text in first)
    if _in_notebook() and [each[2] for each in (*first, *second)] == ["<module>"] * 2:
        hint = "this cell ran before: call tf.reset_default_graph() at its beginning"
    elif first and first[0][:2] == second[0][:2]:
        hint = (
            "the same line made it: to share it, enter the scope with reuse=tf.AUTO_REUSE; to make "
            "another one, enter a tf.variable_scope of another name"
        )
    else:
        hint = (
            "to share it, enter the scope with reuse=True; for another variable take another name "
            "or another tf.variable_scope"
        )
    return house_message(
        f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
        f"reuse=tf.AUTO_REUSE in VarScope? Originally defined at:\n\n  {place}\n",
        hint=hint,
    )


def _in_notebook() -> bool:
    """Tell whether this is an IPython session, without importing IPython."""
    shell = sys.modules.get("IPython")
    return shell is not None and shell.get_ipython() is not None


# --- made ----------------------------------------------------------------------------------------


def _initial_value(
    request: Request, shape: TensorShape, part: PartitionInfo | None
) -> tuple[Any, DType | None]:
    """Return the initial value (or the function that makes it), and the type to convert it to."""
    initializer = request.initializer
    if initializer is None:
        initializer = _default_initializer(request)
    if not callable(initializer):
        return initializer, None
    if inspect.isclass(initializer):
        initializer = initializer()
    parameters = inspect.signature(initializer).parameters
    dtype = request.dtype
    if shape.is_fully_defined():
        options = {"partition_info": part} if "partition_info" in parameters else {}
        return lambda: initializer(shape.as_list(), dtype=dtype, **options), dtype
    if all(each.default is not each.empty for each in parameters.values()):
        return initializer, None
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no arguments and the "
        "shape should not be provided or an instance of `tf.initializers.*` and `shape` should be "
        f"fully defined.\n  Shape of a new variable ({request.name}) must be fully defined, but "
        f"instead was {shape}."
    )


def _default_initializer(request: Request) -> Callable[..., Tensor]:
    dtype = request.dtype
    if dtype.is_floating:
        return GlorotUniform()
    if dtype.is_integer or dtype.is_bool or dtype is string:
        return Zeros()
    raise ValueError(f"An initializer for variable {request.name} of {dtype} is required")


def _regularize(variable: Variable, request: Request) -> None:
    """Add the variable's loss to the collection of regularization losses."""
    with (
        colocate_with(variable.op),
        name_scope(f"{request.name}/Regularizer/"),
        control_dependencies(None),
    ):
        loss = request.regularizer(variable)
    if loss is not None:
        default_graph().add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)


def _part_request(request: Request, name: str, offset: list[int], size: list[int]) -> Request:
    """Return the request for one part of a variable."""
    initializer = request.initializer
    if initializer is None or callable(initializer):
        return replace(request, name=name, shape=size)
    with name_scope(f"{name}/PartitionedInitializer"):
        if not isinstance(initializer, Tensor):
            initializer = convert_to_tensor(initializer, request.dtype)
        value = array.slice(initializer, offset, size)
    return replace(request, name=name, shape=None, initializer=value, dtype=value.dtype)
