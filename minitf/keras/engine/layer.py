"""Layer: an object that makes its variables at its first call, and remembers its calls as nodes.

    layer = tf.keras.layers.Dense(3)       no variable yet
    y = layer(x)                           dense/kernel, dense/bias; a node from x to y
    layer.get_weights()                    arrays; Keras starts the variables if nobody did

Layers and variables that are attributes of a layer, or in lists and dicts that are, belong to it.

**State**: nodes of the calls; see `minitf.layers.holdings` for variables, losses and updates.

**Invariants**
1. `build` runs once, before the first `call`, in the name scope of that call.
2. A variable is a resource, and Keras starts it (`minitf.keras.backend.sessions`).
3. Inner layers are found where they are kept, so that a list may grow after it became an attribute.

Source: TensorFlow 1.15's `tf.keras.layers.Layer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from minitf import nest
from minitf.api.casting import cast
from minitf.api.control import identity
from minitf.api.framework import convert_to_tensor, init_scope, name_scope
from minitf.api.sizes import shape as shape_of
from minitf.autograph.convert import handed_on
from minitf.dtypes import as_dtype
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.backend.config import floatx
from minitf.keras.backend.sessions import (
    batch_get_value,
    batch_set_value,
    made_inputs,
    track_variable,
    unique_object_name,
)
from minitf.keras.engine.calls import Arguments, call_with, training_of_call
from minitf.keras.engine.inner import Inner
from minitf.keras.engine.nodes import Node, give_history
from minitf.keras.mixed_precision.autocast import AutoCastVariable, casting_to
from minitf.keras.mixed_precision.policy import global_policy, policy_of
from minitf.layers.base import as_tensor
from minitf.layers.input_spec import check_inputs
from minitf.layers.masks import mask_of, masks_of, set_mask
from minitf.layers.own_names import snake_case
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable
from minitf.variables.options import VariableAggregation, VariableSynchronization, is_trainable

_OF_INPUTS = {"batch_input_shape", "batch_size", "input_dim", "input_shape", "autocast", "weights"}


class Layer(Inner):
    """An object with variables; subclasses define `build` and `call`.

    Args:
        trainable: whether optimizers change its variables.
        name: its name; by default that of its class, and a number if that is taken.
        dtype: type of its variables, or a Policy (`tf.keras.mixed_precision`); by default that of
            its first inputs, or the default type, unless a policy is set.
        dynamic: accepted for compatibility: a layer makes a graph.
        **kwargs: `input_shape` or `batch_input_shape`, what a Sequential model begins with;
            `batch_size`, where only the first is given; `weights`, the first values of the
            variables; `activity_regularizer`, a function of each output whose mean over the batch
            is a loss.

    Attributes:
        built: whether there are variables.
        input_spec: None, or an InputSpec for each input.
        supports_masking: whether the mask of the inputs is that of the outputs.
        stateful: whether states outlive a batch.

    Raises:
        TypeError: if there is another keyword.
    """

    supports_masking = False
    stateful = False
    _keeps_precision = False  # whether a mixed policy leaves it its variables' type

    def __init__(
        self,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        dynamic: bool = False,
        **kwargs: Any,
    ) -> None:
        regularizer = kwargs.pop("activity_regularizer", None)
        unknown = set(kwargs) - _OF_INPUTS
        if unknown:
            raise TypeError("Keyword argument not understood:", min(unknown))
        name = name or unique_object_name(snake_case(type(self).__name__), zero_based=True)
        policy = policy_of(dtype) or global_policy()
        super().__init__(trainable, name, policy.variable_dtype)
        self._policy = policy
        self._autocast = bool(kwargs.get("autocast", True))
        self.activity_regularizer = regularizers.get(regularizer)
        self._first_weights = kwargs.get("weights")
        batch_shape = kwargs.get("batch_input_shape")
        given = kwargs.get("input_shape")
        if "input_dim" in kwargs and given is None:
            given = (kwargs["input_dim"],)
        if batch_shape is None and given is not None:
            batch_shape = (kwargs.get("batch_size"), *tuple(given))
        self._batch_input_shape = None if batch_shape is None else tuple(batch_shape)

    # --- calls -----------------------------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Make the variables if there are none yet, and return the outputs.

        Args:
            inputs: a tensor or array, or a structure of them.
            *args: what else `call` takes.
            **kwargs: likewise.

        Raises:
            ValueError: if the inputs are not what the layer expects, or `call` returns None.
        """
        inputs = nest.map_structure(as_tensor, inputs)
        takes = Arguments(self.call)
        asked = takes.by_name(args, kwargs)
        masks = masks_of(inputs)
        if takes.takes("mask") and takes.given("mask", args, kwargs) is None:
            kwargs["mask"] = masks
        training = takes.given("training", args, kwargs)
        if training is None:
            training = training_of_call()
            if takes.takes("training") and training is not None:
                kwargs["training"] = training
        with name_scope(self._scope_of_call()), call_with(training):
            check_inputs(self.input_spec, inputs, self.name)
            outer, self._inputs = self._inputs, nest.flatten(inputs)
            try:
                self._build_once(inputs)
                outputs = self._computed(inputs, *args, **kwargs)
                if outputs is None:
                    raise ValueError(
                        "A layer's `call` method should return a Tensor or a list of Tensors, "
                        f"not None (layer: {self.name})."
                    )
                outputs = _own(outputs, inputs)
                self._regularize_activity(inputs, outputs)
            finally:
                self._inputs = outer
        self._set_masks(inputs, outputs, kwargs.get("mask", masks))
        self._remember_call(inputs, outputs, asked)
        return outputs

    def _computed(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return what `call` does, in the type that the policy tells."""
        if not self._policy.should_cast_variables:
            with casting_to(None):
                return handed_on(self.call)(inputs, *args, **kwargs)
        with casting_to(self._compute_dtype):
            outputs = handed_on(self.call)(self._cast(inputs, self._compute_dtype), *args, **kwargs)
        computes = self._policy.compute_dtype
        return self._cast(outputs, computes) if self._keeps_precision else outputs

    @property
    def _compute_dtype(self) -> Any:
        """The type in which it computes; None before it is known."""
        named = self._policy.compute_dtype
        if self._keeps_precision or named is None:
            return self._dtype
        return as_dtype(named)

    def _cast(self, values: Any, dtype: Any) -> Any:
        """Return a structure with its tensors of floats in another type."""

        def of(each: Any) -> Any:
            if not isinstance(each, Tensor) or not each.dtype.is_floating:
                return each
            return cast(each, dtype)

        return nest.map_structure(of, values) if self._autocast and dtype else values

    def _scope_of_call(self) -> str:
        return self.name

    def _build_once(self, inputs: Any) -> None:
        if self.built:
            return
        first = nest.flatten(inputs)[:1]
        if self._dtype is None and first:
            of_input = first[0].dtype.base_dtype
            self._dtype = of_input if of_input.is_floating else as_dtype(floatx())
        shapes = nest.map_structure(lambda each: TensorShape(each.shape), inputs)
        if nest.is_nested(inputs) and len(first) == 1 and len(nest.flatten(inputs)) == 1:
            shapes = nest.flatten(shapes)[0]
        self.build(shapes)
        self.built = True
        if self._first_weights is not None:
            self.set_weights(self._first_weights)
            self._first_weights = None

    def _regularize_activity(self, inputs: Any, outputs: Any) -> None:
        if self.activity_regularizer is None:
            return
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = convert_to_tensor(self.activity_regularizer(output))
                self.add_loss(loss / cast(shape_of(output)[0], loss.dtype), inputs)

    def _set_masks(self, inputs: Any, outputs: Any, masks: Any) -> None:
        flat = nest.flatten(outputs)
        if any(mask_of(each) is not None for each in flat):
            return
        found = self.compute_mask(inputs, masks)
        of_outputs = [None] * len(flat) if found is None else nest.flatten(found)
        for output, mask in zip(flat, of_outputs, strict=False):
            set_mask(output, mask)

    def _remember_call(self, inputs: Any, outputs: Any, asked: dict[str, Any]) -> None:
        self._calls.append((inputs, outputs))
        if _known(nest.flatten(inputs)):
            arguments = {name: value for name, value in asked.items() if value is not None}
            give_history(Node(self, inputs, outputs, arguments))

    # --- variables -------------------------------------------------------------------------------

    def add_weight(  # type: ignore[override]
        self,
        name: Any = None,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        partitioner: Any = None,
        use_resource: bool | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        **kwargs: Any,
    ) -> Any:
        """Return a variable of the layer.

        Args:
            name: its name in the layer's scope.
            shape: its shape.
            dtype: its type; by default the layer's, or the default type.
            initializer: see `tf.keras.initializers`; by default Glorot's for floats, else zeros.
            regularizer: a function of the variable, whose result is a loss of the layer.
            trainable: whether optimizers change it, if they change the layer's.
            constraint: what optimizers apply to its value after each update.
            partitioner: accepted for compatibility: variables of Keras are whole.
            use_resource: see `tf.Variable`; True by default.
            synchronization: recorded only.
            aggregation: recorded only.

        Raises:
            TypeError: if there is another keyword.
            ValueError: if `trainable` and `synchronization` contradict each other.
        """
        unknown = set(kwargs) - {"getter", "collections", "experimental_autocast"}
        if unknown:
            raise TypeError("Unknown keyword argument:", min(unknown))
        if isinstance(name, (tuple, list)):  # the order of old: shape first
            name, shape = (shape, name) if isinstance(shape, str) else (None, name)
        kind = as_dtype(dtype or self._dtype or floatx())
        if initializer is None:
            initializer = "glorot_uniform" if kind.is_floating else "zeros"
        start = initializers.get(initializer)
        sizes = TensorShape(() if shape is None else shape).as_list()
        wanted = is_trainable(trainable, synchronization)
        casts = self._policy.should_cast_variables and kind.is_floating
        casts = casts and kwargs.get("experimental_autocast", True)
        make, own_scope = (AutoCastVariable, init_scope()) if casts else (Variable, nullcontext())
        with own_scope, casting_to(None):  # a layer around this one may compute in another type
            made = make(
                lambda: start(sizes, dtype=kind),
                trainable=wanted,
                name=name,
                dtype=kind,
                constraint=constraints.get(constraint),
                use_resource=True if use_resource is None else use_resource,
                synchronization=synchronization,
                aggregation=aggregation,
            )
        track_variable(made)
        penalty = regularizers.get(regularizer)
        if penalty is not None:
            with name_scope(f"{name or 'Variable'}/Regularizer"), casting_to(None):
                self.add_loss(penalty(made))
        group = self._trainable_weights if wanted else self._non_trainable_weights
        group.append(made)
        self._track_trackable(made, name or "Variable", overwrite=True)
        return made

    def get_weights(self) -> list[Any]:
        """Return the values of all variables, the trainable ones first."""
        return batch_get_value(self.weights)

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Give all variables values, the trainable ones first.

        Raises:
            ValueError: if there are more or fewer values than variables, or one has another shape.
        """
        variables = self.weights
        if len(variables) != len(weights):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self.name}" with a  weight list of '
                f"length {len(weights)}, but the layer was expecting {len(variables)} weights. "
                f"Provided weights: {str(weights)[:50]}..."
            )
        for variable, value in zip(variables, weights, strict=True):
            if not variable.shape.is_compatible_with(np.shape(value)):
                raise ValueError(
                    f"Layer weight shape {variable.shape} not compatible with provided weight "
                    f"shape {np.shape(value)}"
                )
        batch_set_value(list(zip(variables, weights, strict=True)))

    # --- other attributes ------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor, in a form that JSON can hold."""
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable}
        if self._batch_input_shape is not None:
            config["batch_input_shape"] = self._batch_input_shape
        config["dtype"] = None if self._dtype is None else self._dtype.name
        if self._policy.should_cast_variables:
            config["dtype"] = self._policy.name
        return config


def _known(inputs: list[Any]) -> bool:
    """Tell whether a call is one of a model's, whose inputs layers make; see that all have."""
    if not made_inputs():
        return False
    from minitf.keras.engine.operations import follow_from_layers, wrap

    tensors = [each for each in inputs if isinstance(each, Tensor)]
    if len(tensors) < len(inputs) or not follow_from_layers(tensors):
        return False
    wrap(tensors)
    return True


def _own(outputs: Any, inputs: Any) -> Any:
    """Return the outputs, copies of those that are inputs, whose history is another one."""
    given = {id(each) for each in nest.flatten(inputs)}
    return nest.map_structure(
        lambda each: identity(each) if id(each) in given and isinstance(each, Tensor) else each,
        outputs,
    )
