"""Layer: an object that makes its variables at its first call and uses them at each.

    layer = tf.layers.Dense(3)     no variable yet
    y = layer(x)                   dense/kernel, dense/bias; `built` is true from here on
    z = layer(y)                   the same variables

**State**: `built`; the variable scope that was opened first, None before; see `Holdings` and
`Members` for the rest.

**Invariants**
1. A layer opens its variable scope once, and enters it again at each call.
2. `build` runs once, inside that scope, before the first `call`.

Source: TensorFlow 1.15's base class of `tf.layers`.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from minitf import nest
from minitf.api.casting import cast
from minitf.api.framework import convert_to_tensor, get_collection_ref, name_scope
from minitf.api.sizes import shape as shape_of
from minitf.autograph.convert import handed_on
from minitf.dtypes import as_dtype, float32
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.layers.experimental import check_arguments, held_variable, is_keras_style
from minitf.layers.input_spec import check_inputs
from minitf.layers.members import Members
from minitf.layers.named import initializer_of, regularizer_of
from minitf.layers.own_names import snake_case, unique
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable
from minitf.variables.options import VariableAggregation, VariableSynchronization, is_trainable
from minitf.variables.partitioned import PartitionedVariable
from minitf.variables.scope import VariableScope
from minitf.variables.sharing import get_variable, variable_scope

# Parts of a graph: a copy of a layer has the same ones.
_SHARED = (Graph, Operation, Tensor, Variable, PartitionedVariable, VariableScope)


class Layer(Members):
    """An object with variables; subclasses define `build` and `call`.

    Args:
        trainable: whether optimizers change its variables.
        name: its name, which its variable scope has too; by default that of its class.
        dtype: type of its variables; by default that of its first inputs.
        **kwargs: `activity_regularizer`, a function of each output whose mean over the batch is a
            loss; `_scope`, a variable scope to open at once; `_reuse`, whether to find variables
            that exist.

    Attributes:
        built: whether there are variables.
        input_spec: None, or an InputSpec for each input.

    Raises:
        TypeError: if there is another keyword.
    """

    activity_regularizer: Any = None
    input_spec: Any = None

    def __init__(
        self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        self._keras_style = is_keras_style()
        self.activity_regularizer = regularizer_of(kwargs.pop("activity_regularizer", None))
        if kwargs:
            raise TypeError(f"Keyword argument not understood: {next(iter(kwargs))}")
        of_class = snake_case(type(self).__name__)
        given = name.name if isinstance(name, VariableScope) else name
        self._base_name: str = given or of_class
        super().__init__(trainable, name if isinstance(name, str) and name else unique(of_class))
        if self._keras_style:
            check_arguments(scope=scope, reuse=self._reuse)
        self._dtype = None if dtype is None else as_dtype(dtype)
        self._scope: VariableScope | None = None
        if scope:
            with variable_scope(scope) as self._scope:
                pass

    # --- what a subclass defines ----------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make the variables; called once, with the shape of the first inputs."""
        self.built = True

    if TYPE_CHECKING:
        call: Callable[..., Any]  # what follows the inputs is a subclass's own affair
    else:

        def call(self, inputs: Any, **kwargs: Any) -> Any:
            """Return the outputs."""
            return inputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs for one of the inputs."""
        raise NotImplementedError

    # --- calls -----------------------------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Make the variables if there are none yet, and return the outputs.

        Args:
            inputs: a tensor, or a structure of tensors.
            *args: what else `call` takes.
            **kwargs: likewise; `scope` is the variable scope to open at the first call.

        Raises:
            ValueError: if the inputs are not what the layer expects, or `call` returns None.
        """
        scope = kwargs.pop("scope", None)
        if self._keras_style:
            check_arguments(scope=scope)
            with name_scope(self.name):
                return self._called(inputs, *args, **kwargs)
        self._set_scope(scope)
        with self._entered() as entered:
            if "scope" in inspect.signature(self.call).parameters:
                kwargs["scope"] = entered
            with name_scope(entered.original_name_scope):
                outputs = self._called(inputs, *args, **kwargs)
        collected = get_collection_ref(GraphKeys.UPDATE_OPS)
        collected += [each for each in self.updates if each not in collected]
        return outputs

    def _called(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the outputs, in the scopes of the call."""
        inputs = nest.map_structure(as_tensor, inputs)
        check_inputs(self.input_spec, inputs, self.name)
        outer, self._inputs = self._inputs, nest.flatten(inputs)
        try:
            self._build_once(inputs)
            outputs = handed_on(self.call)(inputs, *args, **kwargs)
            if outputs is None:
                raise ValueError(
                    "A layer's `call` method should return a Tensor or a list of Tensors, "
                    f"not None (layer: {self.name})."
                )
            self._regularize_activity(inputs, outputs)
        finally:
            self._inputs = outer
        self._calls.append((inputs, outputs))
        return outputs

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Call the layer."""
        return self(inputs, *args, **kwargs)

    def _set_scope(self, scope: Any = None) -> None:
        """Open the layer's variable scope, unless it is open."""
        if self._scope is None:
            given = self._base_name if scope is None and self._reuse else scope
            with variable_scope(given, self._base_name) as self._scope:
                pass

    def _entered(self) -> variable_scope:
        """Return the layer's scope, to be entered: it finds variables once they are built."""
        return variable_scope(
            self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False
        )

    def _build_once(self, inputs: Any) -> None:
        if self.built:
            return
        first = nest.flatten(inputs)[:1]
        if self._dtype is None and first:
            self._dtype = first[0].dtype.base_dtype
        self.build(nest.map_structure(lambda each: each.shape, inputs))
        self.built = True

    def _regularize_activity(self, inputs: Any, outputs: Any) -> None:
        if not self.activity_regularizer:
            return
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = convert_to_tensor(self.activity_regularizer(output))
                self.add_loss(loss / cast(shape_of(output)[0], loss.dtype), inputs)

    # --- variables -------------------------------------------------------------------------------

    def add_weight(
        self,
        name: str,
        shape: Any,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        partitioner: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Return a variable of the layer, made in its scope; see `tf.get_variable`.

        Args:
            name: its name in the layer's scope.
            shape: its shape.
            dtype: its type; by default the layer's.
            initializer: a function of shape and type, or the name of one; by default the scope's.
            regularizer: a function of the variable, whose result is a loss of the layer.
            trainable: whether optimizers change it, if they change the layer's.
            constraint: see `tf.get_variable`, and so are the others.

        Raises:
            TypeError: if there is another keyword.
            ValueError: if `trainable` and `synchronization` contradict each other.
        """
        if kwargs:
            raise TypeError(f"Unknown keyword argument: {next(iter(kwargs))}")
        wanted = is_trainable(trainable, synchronization) and self.trainable
        if self._keras_style:
            held = held_variable(
                name,
                shape,
                as_dtype(dtype or self._dtype or float32),
                initializer_of(initializer),
                trainable=wanted,
                constraint=constraint,
                use_resource=use_resource is not False,
                synchronization=synchronization,
                aggregation=aggregation,
            )
            self._penalize(regularizer, [held], name)
            self._remember(held, wanted)
            return held
        known = {id(each) for each in get_collection_ref(GraphKeys.GLOBAL_VARIABLES)}
        self._set_scope()
        with self._entered() as entered, name_scope(entered.original_name_scope):
            made = get_variable(
                name,
                shape,
                dtype=dtype or self._dtype or float32,
                initializer=initializer_of(initializer),
                trainable=wanted,
                constraint=constraint,
                use_resource=use_resource,
                synchronization=synchronization,
                aggregation=aggregation,
                partitioner=partitioner,
            )
            parts = list(made) if isinstance(made, PartitionedVariable) else [made]
            if not any(id(part) in known for part in parts):
                self._penalize(regularizer, parts, name)
        self._remember(made, wanted)
        if isinstance(made, Variable):
            self._track_trackable(made, name, overwrite=True)
        return made

    def _penalize(self, regularizer: Any, variables: list[Any], name: str) -> None:
        """Count what a regularizer makes of new variables as losses."""
        if not regularizer:
            return
        for each in variables:
            with name_scope(f"{name}/Regularizer"):
                loss = regularizer(each)
            self.add_loss(loss)

    def add_variable(self, *args: Any, **kwargs: Any) -> Any:
        """Return a variable of the layer: an older name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    # --- other attributes ------------------------------------------------------------------------

    @property
    def dtype(self) -> Any:
        """The type of its variables; None before it is known."""
        return self._dtype

    @property
    def _compute_dtype(self) -> Any:
        """The type in which it computes; None before it is known."""
        return self._dtype

    @property
    def dynamic(self) -> bool:
        """Whether `call` must run at each step: never, since it makes a graph."""
        return False

    @property
    def graph(self) -> None:
        """Nothing: a layer makes operations in the graph that is the default at a call."""

    @property
    def scope_name(self) -> str:
        """The name of its variable scope.

        Raises:
            ValueError: if the layer was not called yet.
        """
        if self._scope is None:
            raise ValueError(
                f'No name available for layer scope because the layer "{self.name}" has not been '
                "used yet. The scope name is determined the first time the layer instance is "
                "called. You must therefore call the layer before querying `scope_name`."
            )
        return self._scope.name

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy the layer, with the same variables if it has made them."""
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for key, value in vars(self).items():
            parts = nest.flatten(value)
            memo.update((id(each), each) for each in parts if isinstance(each, _SHARED))
            setattr(made, key, copy.deepcopy(value, memo))
        return made


def as_tensor(value: Any) -> Any:
    """Return a tensor for an array or a number, and others as they are."""
    return convert_to_tensor(value) if isinstance(value, (np.ndarray, float, int)) else value
