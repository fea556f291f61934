"""SimpleRNN, GRU and LSTM: the kinds of cells, run along time.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any, Self

from minitf.keras.layers.arguments import described
from minitf.keras.layers.cells import GRUCell, LSTMCell, SimpleRNNCell
from minitf.keras.layers.recurrent import OF_RNN, RNN
from minitf.layers.arguments import passed_on

_OF_LAYER = {
    "batch_input_shape",
    "batch_size",
    "dtype",
    "dynamic",
    "input_dim",
    "input_length",
    "input_shape",
    "name",
    "trainable",
    "weights",
    "zero_output_for_mask",
}


class OfCell(RNN):
    """A layer for one kind of cell, whose arguments it has."""

    kind: type[Any]

    def set_up(self, arguments: dict[str, Any]) -> None:
        """Make the cell of arguments, and take the others.

        Args:
            arguments: what `locals()` of the constructor holds.
        """
        given = passed_on(arguments)
        own = {name: given.pop(name) for name in OF_RNN if name in given}
        of_layer = {
            name: given.pop(name)
            for name in list(given)
            if name in _OF_LAYER or name == "activity_regularizer"
        }
        cell = self.kind(**given, dtype=of_layer.get("dtype"))
        RNN.__init__(self, cell, **own, **of_layer)

    def __getattr__(self, name: str) -> Any:
        """Find arguments of the cell, such as `units`, as the layer's own."""
        cell = vars(self).get("cell")
        if cell is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(cell, name)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = super().get_config()
        of_cell = config.pop("cell")["config"]
        inner = {key: each for key, each in of_cell.items() if key not in _OF_LAYER}
        return {**inner, **config, **described(self, "activity_regularizer")}

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Any = None,  # noqa: ARG003 - as of RNN
    ) -> Self:
        """Return the layer that `get_config` describes."""
        data = dict(config)
        if data.get("implementation") == 0:
            data["implementation"] = 1
        return cls(**data)


class SimpleRNN(OfCell):
    """h = activation(inputs kernel + h recurrent_kernel + bias), along time.

    Args:
        units: see `SimpleRNNCell`, and so are those that are not named here.
        activity_regularizer: of the outputs; see `tf.keras.regularizers`.
        return_sequences: see `RNN`, and so are the following ones.
        **kwargs: see `RNN`.
    """

    kind = SimpleRNNCell

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        **kwargs: Any,
    ) -> None:
        self.set_up(locals())


class GRU(OfCell):
    """A gated recurrent unit along time.

    Args:
        units: see `GRUCell`, and so are those that are not named here.
        activity_regularizer: of the outputs; see `tf.keras.regularizers`.
        return_sequences: see `RNN`, and so are the following ones.
        **kwargs: see `RNN`.
    """

    kind = GRUCell

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = False,
        **kwargs: Any,
    ) -> None:
        self.set_up(locals())


class LSTM(OfCell):
    """A long short-term memory along time.

    Args:
        units: see `LSTMCell`, and so are those that are not named here.
        activity_regularizer: of the outputs; see `tf.keras.regularizers`.
        return_sequences: see `RNN`, and so are the following ones.
        **kwargs: see `RNN`.
    """

    kind = LSTMCell

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        **kwargs: Any,
    ) -> None:
        self.set_up(locals())
