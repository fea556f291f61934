"""Variable: persistent state with a name, an initial value and a place in the graph.

`tf.Variable(...)` makes a RefVariable or, by `use_resource`, a ResourceVariable; both are
Variables, and stand for their value wherever a Tensor is wanted.  A `variable_creator_scope` may
put functions of the user between the call and the making.

Source: 2015 §2 "Variables"; OSDI §3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NoReturn

from minitf import ops
from minitf.api.framework import control_dependencies, get_default_graph, name_scope
from minitf.collection_def import register_proto_function
from minitf.convert import register_tensor_conversion_function
from minitf.dtypes import DType
from minitf.graph import Graph, Operation
from minitf.graph_keys import GraphKeys
from minitf.tensor import Reference, Tensor, hooks
from minitf.tensor_shape import TensorShape
from minitf.trackable.base import VARIABLE_VALUE_KEY, Trackable
from minitf.variables import slices
from minitf.variables.options import (
    VariableAggregation,
    VariableSynchronization,
    checked_collections,
    is_trainable,
)
from minitf.variables.writes import Writable


def _binary(name: str) -> Callable[[Variable, Any], Tensor]:
    def method(self: Variable, other: Any) -> Tensor:
        return getattr(self.value(), name)(other)  # type: ignore[no-any-return]

    method.__doc__ = f"Build the operation of Python's `{name}` on the value."
    return method


def _unary(name: str) -> Callable[[Variable], Tensor]:
    def method(self: Variable) -> Tensor:
        return getattr(self.value(), name)()  # type: ignore[no-any-return]

    method.__doc__ = f"Build the operation of Python's `{name}` on the value."
    return method


class _VariableMaker(type):
    """Makes `Variable(...)` return one of its kinds, through the creators of the scope."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__name__ != "Variable" or cls.__module__ != __name__:
            return super().__call__(*args, **kwargs)
        from minitf.variables.creation import create

        return create(*args, **kwargs)


class Variable(Writable, Trackable, metaclass=_VariableMaker):
    """State that outlives a run: it has a value once its initializer has run.

    Args:
        initial_value: a value, a Tensor, or a function without arguments that makes one.
        trainable: whether optimizers change it by default: True, unless it is synchronised on read.
        collections: names of the collections that it joins; by default that of global variables.
        validate_shape: whether the shape of `initial_value` must be known and stay.
        caching_device: a device on which readers share a copy.
        name: its name, made unique; "Variable" by default.
        variable_def: a VariableDef to make it from instead; the graph holds its operations.
        dtype: the type wanted.
        expected_shape: deprecated and without effect.
        import_scope: the name scope that the graph of `variable_def` was imported into.
        constraint: what optimizers apply to its value after each update.
        use_resource: whether to make a ResourceVariable; by default what the scope says.
        synchronization: recorded only.
        aggregation: recorded only.
        shape: the shape to declare instead of the initial value's.

    Raises:
        ValueError: if there is no initial value, or its shape is not known and must be.
        TypeError: if `collections` is not a list, tuple or set.

    Source: 2015 §2 "Variables"; OSDI §3.1.
    """

    __array_priority__ = 100  # `ndarray + Variable` calls our __radd__
    __array_ufunc__ = None
    SaveSliceInfo = slices.SaveSliceInfo

    _handle: Tensor
    _initializer: Operation
    _initial_value: Tensor | None
    _snapshot: Tensor  # the read that readers share

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Collection[str] | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        shape: Any = None,
    ) -> None:
        self._constraint = constraint
        self._synchronization, self._aggregation = synchronization, aggregation
        self.save_slice_info: slices.SaveSliceInfo | None = None
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._restore(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        self._trainable = is_trainable(trainable, synchronization)
        joined = checked_collections(collections, trainable=self._trainable)
        values = [] if callable(initial_value) else [initial_value]
        # whoever makes a variable under control dependencies does not mean its initial value
        with control_dependencies(None), name_scope(name, "Variable", values) as scope:
            self._build(scope, initial_value, dtype, shape, validate_shape, caching_device)
            self.graph.add_to_collections(joined, self)

    # --- what each kind supplies -----------------------------------------------------------------

    def _build(
        self,
        scope: str,
        initial_value: Any,
        dtype: Any,
        shape: Any,
        validate_shape: bool,
        caching_device: Any,
    ) -> None:
        """Add its operations, in its own name scope."""
        raise NotImplementedError

    def value(self) -> Tensor:
        """Return its value: the read that its readers share, if it has one."""
        raise NotImplementedError

    def read_value(self) -> Tensor:
        """Return a read of its own, so that control dependencies decide when it reads."""
        raise NotImplementedError

    # --- facts -----------------------------------------------------------------------------------

    @property
    def handle(self) -> Tensor:
        """The ref or the resource handle."""
        return self._handle

    @property
    def name(self) -> str:
        """Its name, as a tensor's: `w:0`."""
        return self._handle.name

    @property
    def op(self) -> Operation:
        """The operation that gives the handle."""
        return self._handle.op

    @property
    def graph(self) -> Graph:
        """The Graph that holds it."""
        return self._handle.graph

    @property
    def device(self) -> str:
        """The device requested for it, "" if none."""
        return self._handle.device

    @property
    def shape(self) -> TensorShape:
        """What is known of its shape."""
        raise NotImplementedError

    def get_shape(self) -> TensorShape:
        """Return what is known of its shape."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Add knowledge about its shape.

        Raises:
            ValueError: if it contradicts what is known.
        """
        raise NotImplementedError

    @property
    def initializer(self) -> Operation:
        """The operation that gives it its initial value."""
        return self._initializer

    @property
    def initial_value(self) -> Tensor | None:
        """The Tensor that its initializer assigns."""
        return self._initial_value

    def start_from(self, value: Tensor, initializer: Operation) -> None:
        """Begin with another value than that of the constructor.

        Args:
            value: the initial value.
            initializer: the operation that writes it.
        """
        self._initial_value, self._initializer = value, initializer

    @property
    def constraint(self) -> Any:
        """What optimizers apply to its value after each update, or None."""
        return self._constraint

    @property
    def trainable(self) -> bool:
        """Whether optimizers change it by default."""
        return self._trainable

    @property
    def synchronization(self) -> VariableSynchronization:
        """As given."""
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        """As given."""
        return self._aggregation

    def experimental_ref(self) -> Any:
        """Return a hashable reference to it."""
        return Reference(self)

    def __repr__(self) -> str:
        """Show name, shape and type as TensorFlow does."""
        return f"<tf.Variable {self.name!r} shape={self.shape} dtype={self.dtype.name}>"

    # --- VariableDef -----------------------------------------------------------------------------

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return a VariableDef: the names of its parts, less `export_scope`.

        None if it is outside that scope.
        """
        from minitf.protos import VariableDef

        def name(element: Any) -> str:
            return element.name.removeprefix(f"{export_scope}/") if element is not None else ""

        if export_scope and not self.name.startswith(export_scope):
            return None
        return VariableDef(
            variable_name=name(self._handle),
            initial_value_name=name(self._initial_value),
            initializer_name=name(self._initializer),
            snapshot_name=name(self._snapshot),
            save_slice_info_def=self.save_slice_info
            and self.save_slice_info.to_proto(export_scope),
            is_resource=not self._handle.dtype.is_ref,
            trainable=self._trainable,
            synchronization=self._synchronization.value,
            aggregation=self._aggregation.value,
        )

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Any:
        """Return the variable whose parts a VariableDef names; the default graph holds them."""
        return Variable(variable_def=variable_def, import_scope=import_scope)

    def _restore(self, variable_def: Any, import_scope: str | None) -> None:
        prefix = f"{import_scope}/" if import_scope else ""
        graph = get_default_graph()

        def element(name: str) -> Any:
            return graph.as_graph_element(prefix + name) if name else None

        self._handle = element(variable_def.variable_name)
        self._initial_value = element(variable_def.initial_value_name)
        self._initializer = element(variable_def.initializer_name)
        self._snapshot = element(variable_def.snapshot_name)
        self._trainable = variable_def.trainable
        self._synchronization = VariableSynchronization(variable_def.synchronization)
        self._aggregation = VariableAggregation(variable_def.aggregation)
        if variable_def.HasField("save_slice_info_def"):
            self.save_slice_info = slices.SaveSliceInfo(
                save_slice_info_def=variable_def.save_slice_info_def, import_scope=import_scope
            )

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        """Return what a checkpoint of objects holds of it: its value."""
        return {VARIABLE_VALUE_KEY: self}

    # --- reading ---------------------------------------------------------------------------------

    def _get_save_slice_info(self) -> slices.SaveSliceInfo | None:
        """Return which part of a larger variable it is, as TensorFlow's private method."""
        return self.save_slice_info

    def _set_save_slice_info(self, save_slice_info: slices.SaveSliceInfo | None) -> None:
        """Say which part of a larger variable it is."""
        self.save_slice_info = save_slice_info

    _save_slice_info = property(_get_save_slice_info, _set_save_slice_info)

    def eval(self, session: Any = None) -> Any:
        """Compute its value in a session (the default one if None is given)."""
        return self.value().eval(session=session)

    def initialized_value(self) -> Tensor:
        """Return its value, to be used in the initial value of another variable."""
        from minitf.variables.initial_value import initialized_value

        return initialized_value(self)

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """Return the rows that `indices` name."""
        rows: Tensor = ops.gather_v2_op(self, indices, 0, name=name)
        return rows

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """Return the parts that the index vectors in `indices` name."""
        parts: Tensor = ops.gather_nd_op(self, indices, name=name)
        return parts

    def __getitem__(self, key: Any) -> Tensor:
        """Index as NumPy does; a slice can be assigned to: `v[2:4].assign(...)`."""
        return self.assignable_slice(hooks.getitem(self.value(), key))

    def assignable_slice(self, value: Tensor) -> Tensor:
        """Return a StridedSlice of its value, able to be assigned to."""
        return slices.VariableSlice.of(value)

    def __iter__(self) -> NoReturn:
        """Refuse: the number of elements is not known before the graph runs."""
        raise TypeError("'Variable' object is not iterable.")

    # Python's operators are the Tensor's, on the value.
    __add__, __radd__ = _binary("__add__"), _binary("__radd__")
    __sub__, __rsub__ = _binary("__sub__"), _binary("__rsub__")
    __mul__, __rmul__ = _binary("__mul__"), _binary("__rmul__")
    __div__, __rdiv__ = _binary("__div__"), _binary("__rdiv__")
    __truediv__, __rtruediv__ = _binary("__truediv__"), _binary("__rtruediv__")
    __floordiv__, __rfloordiv__ = _binary("__floordiv__"), _binary("__rfloordiv__")
    __mod__, __rmod__ = _binary("__mod__"), _binary("__rmod__")
    __pow__, __rpow__ = _binary("__pow__"), _binary("__rpow__")
    __matmul__, __rmatmul__ = _binary("__matmul__"), _binary("__rmatmul__")
    __and__, __rand__ = _binary("__and__"), _binary("__rand__")
    __or__, __ror__ = _binary("__or__"), _binary("__ror__")
    __xor__, __rxor__ = _binary("__xor__"), _binary("__rxor__")
    __lt__, __le__ = _binary("__lt__"), _binary("__le__")
    __gt__, __ge__ = _binary("__gt__"), _binary("__ge__")
    __neg__, __abs__, __invert__ = _unary("__neg__"), _unary("__abs__"), _unary("__invert__")


def _variable_to_tensor(
    variable: Variable, dtype: DType | None = None, name: str | None = None, as_ref: bool = False
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype.base_dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    return variable.handle if as_ref else variable.value()


register_tensor_conversion_function(Variable, _variable_to_tensor)
for _key in (
    *(GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES),
    *(GraphKeys.MODEL_VARIABLES, GraphKeys.METRIC_VARIABLES, GraphKeys.GLOBAL_STEP),
    *(GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.TRAINABLE_RESOURCE_VARIABLES),
):
    register_proto_function(_key, "VariableDef", Variable.to_proto, Variable.from_proto)
