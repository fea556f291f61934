"""RNNCell: one step of a recurrent network, (inputs, state) to (outputs, next state).

    class Decay(tf.nn.rnn_cell.RNNCell):                 y = s' = s / 2 + w x
        state_size = output_size = 3

        def call(self, inputs, state):
            w = tf.get_variable("w", [3])
            state = state / 2 + w * inputs
            return state, state

A cell says how wide its state and its outputs are, by a number, a shape, or a structure of them:
batch first, [batch, n], is how the tensors look.

Source: TensorFlow 1.15's `tf.nn.rnn_cell.RNNCell`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api import elementary, nn_activations, nn_losses
from minitf.api.array import concat, expand_dims
from minitf.api.constants import constant, zeros
from minitf.api.control import identity
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.sizes import shape
from minitf.dtypes import as_dtype, int32
from minitf.layers.base import Layer
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.sharing import get_variable_scope, variable_scope


class RNNCell(Layer):
    """A cell; subclasses define `call`, `state_size` and `output_size`.

    Variables that `call` makes by `tf.get_variable` are the cell's: made at the first call, found
    at others.
    """

    _around: variable_scope | None = None  # the scope around the cell's own, kept for later calls

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Run one step.

        Args:
            inputs: a tensor of shape [batch, n], or a structure of them.
            state: a tensor of shape [batch, state_size], or a structure like `state_size`.
            scope: a variable scope, or its name; by default the name of the cell.

        Returns:
            The outputs and the next state.
        """
        if scope is not None:
            with variable_scope(scope, custom_getter=self._remembering) as entered:
                return super().__call__(inputs, state, scope=entered)
        if self._around is None:
            self._around = variable_scope(get_variable_scope(), custom_getter=self._remembering)
        with self._around:
            return super().__call__(inputs, state)

    def build(self, _: Any) -> None:
        """Make no variables: `call` may make them, by `tf.get_variable` or `add_weight`."""
        self.built = True

    def _remembering(self, getter: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        found = getter(*args, **kwargs)
        self._remember(found)
        return found

    @property
    def state_size(self) -> Any:
        """The width of the state, its shape without the batch, or a structure of these."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The width of the outputs, their shape without the batch, or a structure of these."""
        raise NotImplementedError("Abstract method")

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Return a state of zeros.

        Args:
            inputs: a tensor that says how large the batch is, and the type.
            batch_size: how large it is, where there are no inputs.
            dtype: the type, likewise.

        Raises:
            ValueError: if one is not known, or the inputs say otherwise.
        """
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            known = inputs.shape[0].value
            wanted = constant_value(batch_size) if isinstance(batch_size, Tensor) else batch_size
            if batch_size is not None and known != wanted:
                raise ValueError(
                    "batch size from input tensor is different from the input param. Input tensor "
                    f"batch: {known}, batch_size: {batch_size}"
                )
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError(
                    "dtype from input tensor is different from the input param. Input tensor "
                    f"dtype: {inputs.dtype}, dtype: {dtype}"
                )
            batch_size = known or shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return a state of zeros.

        Args:
            batch_size: how many sequences there are: a number, or a tensor.
            dtype: the type.
        """
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return zero_states(self.state_size, batch_size, dtype)


def zero_states(state_size: Any, batch_size: Any, dtype: Any) -> Any:
    """Return zeros for each size of a structure of sizes, a row for each sequence.

    Args:
        state_size: the structure.
        batch_size: how many sequences there are: a number, or a tensor.
        dtype: the type.
    """
    return nest.map_structure(lambda size: _zeros(batch_size, size, dtype), state_size)


def _zeros(batch_size: Any, size: Any, dtype: Any) -> Tensor:
    made = zeros(sizes(batch_size, size), dtype)
    made.set_shape(static_sizes_beside_constants(batch_size, size))
    return made


class LayerRNNCell(RNNCell):
    """A cell that makes its variables in `build`, as layers do: those of the library."""

    def __call__(
        self, inputs: Any, state: Any, scope: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Run one step; see `RNNCell`."""
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)


# --- checks ---------------------------------------------------------------------------------------


NO_CELL_REGEXP = "is not an RNNCell"  # of the message, for programs that match it


def assert_like_rnncell(cell_name: str, cell: Any) -> None:
    """Check that an object can be used as a cell.

    Args:
        cell_name: name of the argument, for the message.
        cell: the object.

    Raises:
        TypeError: if it can not.
    """
    if missing := _missing_of_cell(cell):
        raise TypeError(
            f"The argument {cell_name!r} ({cell}) is not an RNNCell: {', '.join(missing)}."
        )


def is_like_rnncell(cell: Any) -> bool:
    """Tell whether an object can be used as a cell."""
    return not _missing_of_cell(cell)


def _missing_of_cell(cell: Any) -> list[str]:
    """Say what an object lacks of a cell."""
    missing = []
    if not hasattr(cell, "output_size"):
        missing.append("'output_size' property is missing")
    if not hasattr(cell, "state_size"):
        missing.append("'state_size' property is missing")
    if not (hasattr(cell, "zero_state") or hasattr(cell, "get_initial_state")):
        missing.append("either 'zero_state' or 'get_initial_state' method is required")
    if not callable(cell):
        missing.append("is not callable")
    return missing


def check_floating(dtype: Any) -> None:
    """Check that a type is one that gates can compute with.

    Raises:
        ValueError: if it is not.
    """
    kind = None if dtype is None else as_dtype(dtype).base_dtype
    if kind is not None and not (kind.is_floating or kind.is_complex):
        raise ValueError(f"RNN cell only supports floating point inputs, but saw dtype: {kind}")


def known_depth(input_shape: Any) -> int:
    """Return the last size of inputs.

    Raises:
        ValueError: if it is not known.
    """
    depth = TensorShape(input_shape)[-1].value
    if depth is None:
        raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {input_shape}")
    return int(depth)


# --- sizes ----------------------------------------------------------------------------------------


def sizes(first: Any, others: Any) -> Tensor:
    """Return a shape as a tensor: a size, or a vector of them, and those that follow.

    Args:
        first: a number, a shape, or a tensor of either.
        others: likewise.

    Raises:
        ValueError: if one has more dimensions than a shape, or is not known.
    """
    return concat([_as_vector(first, "prefix"), _as_vector(others, "suffix")], 0)


def _as_vector(part: Any, what: str) -> Tensor:
    if not isinstance(part, Tensor):
        known = TensorShape(part)
        if not known.is_fully_defined():
            raise ValueError(f"Provided a prefix or suffix of None: {what} {part}")
        return constant(known.as_list(), int32)
    if part.shape.ndims == 0:
        return expand_dims(part, 0)
    if part.shape.ndims != 1:
        raise ValueError(f"{what} tensor must be either a scalar or vector, but saw tensor: {part}")
    return part


def static_sizes(first: Any, others: Any) -> TensorShape:
    """Return what is known of a shape: a size, or several, and those that follow."""
    return _known(first).concatenate(_known(others))


def static_sizes_beside_constants(first: Any, others: Any) -> TensorShape:
    """Return what is known of a shape, and make the constants of it that TensorFlow makes.

    Nothing uses them, but the seeds of later random operations count operations.
    """
    for part in (first, others):
        if isinstance(part, Tensor) or TensorShape(part).is_fully_defined():
            _as_vector(part, "")
    return static_sizes(first, others)


def _known(part: Any) -> TensorShape:
    if not isinstance(part, Tensor):
        return TensorShape([None]) if part is None else TensorShape(part)
    value = constant_value(part)
    if value is not None:
        return TensorShape(value.tolist())
    rank = part.shape[0].value if part.shape.ndims == 1 else 1
    return TensorShape(None if rank is None else [None] * rank)


# --- activations ----------------------------------------------------------------------------------


def activation_function(activation: Any) -> Callable[[Any], Any]:
    """Return an activation by itself, or by its name; tanh by default.

    Raises:
        ValueError: if there is none of that name.
    """
    if not activation:
        return elementary.tanh
    if callable(activation):
        found: Callable[[Any], Any] = activation
        return found
    if activation not in _ACTIVATIONS:
        raise ValueError(f"Unknown activation function: {activation}")
    return _ACTIVATIONS[activation]


_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "elu": nn_activations.elu,
    "exponential": elementary.exp,
    "linear": identity,
    "relu": nn_activations.relu,
    "selu": nn_activations.selu,
    "sigmoid": elementary.sigmoid,
    "softmax": nn_losses.softmax,
    "softplus": nn_activations.softplus,
    "softsign": nn_activations.softsign,
    "tanh": elementary.tanh,
}
