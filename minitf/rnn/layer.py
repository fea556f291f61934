"""Layer: an object that makes its variables at its first call and uses them at each.

    cell = tf.nn.rnn_cell.GRUCell(3)     no variable yet
    y, s = cell(x, s)                    gru_cell/gates/kernel, ...; `built` is true from here on
    y, s = cell(x, s)                    the same variables

**State**: `built`; the variable scope that was opened first, None before; the variables.

**Invariants**
1. A layer opens its variable scope once, and enters it again at each call.
2. `build` runs once, inside that scope, before the first `call`.

Source: TensorFlow 1.15's base class of `tf.layers`.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from minitf import nest
from minitf.api.framework import convert_to_tensor, get_collection_ref, name_scope
from minitf.dtypes import as_dtype, float32
from minitf.graph_keys import GraphKeys
from minitf.variables.options import VariableAggregation, VariableSynchronization, is_trainable
from minitf.variables.partitioned import PartitionedVariable
from minitf.variables.scope import VariableScope
from minitf.variables.sharing import get_variable, variable_scope

_NAME_COUNTS = ("__layer_names",)


class Layer:
    """An object with variables; subclasses define `build` and `call`.

    Args:
        trainable: whether optimizers change its variables.
        name: its name, which its variable scope has too; by default that of its class.
        dtype: type of its variables; by default that of its first inputs.
        **kwargs: `_scope`, a variable scope to open at once; `_reuse`, whether to find variables
            that exist.

    Raises:
        TypeError: if there is another keyword.
    """

    trainable = True

    def __init__(
        self, trainable: bool = True, name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        if kwargs:
            raise TypeError(f"Keyword argument not understood: {next(iter(kwargs))}")
        self.trainable = trainable
        self.built = False
        self._dtype = None if dtype is None else as_dtype(dtype)
        self._ndim: int | None = None  # the rank that inputs must have
        self._variables: list[tuple[Any, bool]] = []  # with whether optimizers change it
        self._base_name = name or snake_case(type(self).__name__)
        self._name = name or _unique(self._base_name)
        self._scope: VariableScope | None = None
        if scope:
            with variable_scope(scope) as self._scope:
                pass

    # --- what a subclass defines ----------------------------------------------------------------

    def build(self, _: Any) -> None:
        """Make the variables; called once, with the shape of the first inputs."""
        self.built = True

    if TYPE_CHECKING:
        call: Callable[..., Any]  # what follows the inputs is a subclass's own affair
    else:

        def call(self, inputs: Any, **kwargs: Any) -> Any:
            """Return the outputs."""
            return inputs

    # --- calls -----------------------------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Make the variables if there are none yet, and return the outputs.

        Args:
            inputs: a tensor, or a structure of tensors.
            *args: what else `call` takes.
            **kwargs: likewise; `scope` is the variable scope to open at the first call.
        """
        self._open_scope(kwargs.pop("scope", None))
        with self._entered() as entered, name_scope(entered.original_name_scope):
            inputs = nest.map_structure(_as_tensor, inputs)
            first = nest.flatten(inputs)[:1]
            self._check_rank(first)
            if not self.built:
                if self._dtype is None and first:
                    self._dtype = first[0].dtype.base_dtype
                self.build(nest.map_structure(lambda each: each.shape, inputs))
                self.built = True
            if "scope" in inspect.signature(self.call).parameters:
                kwargs["scope"] = entered
            return self.call(inputs, *args, **kwargs)

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Call the layer."""
        return self(inputs, *args, **kwargs)

    def _open_scope(self, scope: Any) -> None:
        if self._scope is None:
            given = self._base_name if scope is None and self._reuse else scope
            with variable_scope(given, self._base_name) as self._scope:
                pass

    def _entered(self) -> variable_scope:
        """Return the layer's scope, to be entered: it finds variables once they are built."""
        return variable_scope(
            self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False
        )

    def _check_rank(self, inputs: list[Any]) -> None:
        rank = inputs[0].shape.ndims if self._ndim and inputs else None
        if rank is not None and rank != self._ndim:
            raise ValueError(
                f"Input 0 of layer {self.name} is incompatible with the layer: expected "
                f"ndim={self._ndim}, found ndim={rank}. Full shape received: "
                f"{inputs[0].shape.as_list()}"
            )

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

        Raises:
            TypeError: if there is another keyword.
            ValueError: if `trainable` and `synchronization` contradict each other.
        """
        if kwargs:
            raise TypeError(f"Unknown keyword argument: {next(iter(kwargs))}")
        wanted = is_trainable(trainable, synchronization) and self.trainable
        self._open_scope(None)
        with self._entered():
            made = get_variable(
                name,
                shape,
                dtype=dtype or self._dtype or float32,
                initializer=initializer,
                regularizer=regularizer,
                trainable=wanted,
                constraint=constraint,
                use_resource=use_resource,
                synchronization=synchronization,
                aggregation=aggregation,
                partitioner=partitioner,
            )
        self._remember(made)
        return made

    def add_variable(self, *args: Any, **kwargs: Any) -> Any:
        """Return a variable of the layer: an older name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def _remember(self, variable: Any) -> None:
        if all(variable is not each for each, _ in self._variables):
            trained = get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
            parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
            self._variables.append((variable, any(parts[0] is each for each in trained)))

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables that optimizers change."""
        return [each for each, trained in self._variables if trained and self.trainable]

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        others = [each for each, trained in self._variables if not trained]
        return others if self.trainable else [each for each, _ in self._variables]

    @property
    def weights(self) -> list[Any]:
        """All variables, the trainable ones first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that optimizers change."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        return self.non_trainable_weights

    @property
    def variables(self) -> list[Any]:
        """All variables, the trainable ones first."""
        return self.weights

    def count_params(self) -> int:
        """Return how many numbers the variables hold.

        Raises:
            ValueError: if there are no variables yet.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't built. You "
                f"can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return sum(math.prod(each.shape.as_list()) for each in self.weights)

    # --- names -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def dtype(self) -> Any:
        """The type of its variables; None before it is known."""
        return self._dtype

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


def snake_case(name: str) -> str:
    """Return the name of a scope for a class: BasicLSTMCell gives basic_lstm_cell."""
    words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
    return f"private{snake}" if snake.startswith("_") else snake


def _unique(name: str) -> str:
    """Return `name_1`, `name_2`, ...: the next one in the default graph."""
    held = get_collection_ref(_NAME_COUNTS)
    if not held:
        held.append({})
    held[0][name] = held[0].get(name, 0) + 1
    return f"{name}_{held[0][name]}"


def _as_tensor(value: Any) -> Any:
    return convert_to_tensor(value) if isinstance(value, (np.ndarray, float, int)) else value
