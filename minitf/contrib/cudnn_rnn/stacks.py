"""CudnnLSTM and its like: layers of cells on whole sequences, forwards or in both directions.

The library keeps all weights in one vector of its own format; a checkpoint has them as the cells of
`minitf.contrib.cudnn_rnn.cells` do:

    rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell/kernel
    stack_bidirectional_rnn/cell_0/bidirectional_rnn/fw/cudnn_compatible_lstm_cell/kernel

Here the variables are these, so that checkpoints fit in both directions.  They stand in the
variable scope around the layer, as TensorFlow saves them; where another layer has taken these names
they stand in the layer's own.

Source: TensorFlow 1.15's tf.contrib.cudnn_rnn; Chetlur et al. 2014.
"""

from __future__ import annotations

from typing import Any, ClassVar

from minitf import nest
from minitf.api.array import stack, transpose, unstack
from minitf.api.state import global_variables
from minitf.contrib.cudnn_rnn.cells import CudnnCompatibleGRUCell, CudnnCompatibleLSTMCell
from minitf.contrib.rnn.stacked import stack_bidirectional_dynamic_rnn
from minitf.dtypes import as_dtype, float32
from minitf.layers.base import Layer
from minitf.layers.input_spec import InputSpec
from minitf.rnn.basic_cells import BasicRNNCell
from minitf.rnn.dropout_wrapper import DropoutWrapper
from minitf.rnn.dynamic import dynamic_rnn
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.rnn.multi_cell import MultiRNNCell
from minitf.tensor_shape import TensorShape
from minitf.variables.sharing import get_variable_scope, variable_scope

_DIRECTIONS = ("unidirectional", "bidirectional")
_FLOATS = ("float16", "float32", "float64")


class _CudnnRNN(Layer):
    """What the kinds share.

    Args:
        num_layers: how many cells stand on each other.
        num_units: the width of each.
        input_mode: "linear_input", or "auto_select", which is the same here.
        direction: "unidirectional" or "bidirectional".
        dropout: the share of outputs between two layers that is left out in training.
        seed: of that choice.
        dtype: of the variables: float16, float32 or float64.
        kernel_initializer: of the kernels; that of the variable scope by default.
        bias_initializer: of the biases; zeros by default.
        name: name of the layer.

    Raises:
        ValueError: if an argument is none of these.
    """

    rnn_mode: ClassVar[str]
    parts_of_state: ClassVar[int] = 1

    def __init__(
        self,
        num_layers: int,
        num_units: int,
        input_mode: str = "linear_input",
        direction: str = "unidirectional",
        dropout: float = 0.0,
        seed: int | None = None,
        dtype: Any = float32,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        if as_dtype(dtype).name not in _FLOATS:
            raise ValueError(f"Only support float16, float32, float64, provided {dtype}")
        if input_mode not in {"linear_input", "auto_select"}:
            raise ValueError(f"Invalid input_mode here: {input_mode}, expecting linear_input")
        if direction not in _DIRECTIONS:
            raise ValueError(f"Invalid direction: {direction}, expecting one of {_DIRECTIONS}")
        self.num_layers = num_layers
        self.num_units = num_units
        self.input_mode = input_mode
        self.direction = direction
        self._dropout = dropout
        self._seed = seed
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer
        self._depth: int | None = None
        self._around: Any = None

    def _cell(self) -> Any:
        raise NotImplementedError

    @property
    def num_dirs(self) -> int:
        """How many directions there are."""
        return 1 + _DIRECTIONS.index(self.direction)

    @property
    def input_size(self) -> int:
        """The width of the inputs.

        Raises:
            ValueError: if the layer was not built yet.
        """
        if self._depth is None:
            raise ValueError("'input_size' is unknown since layer has not been built.")
        return self._depth

    def state_shape(self, batch_size: int) -> tuple[list[int], ...]:
        """Return the shapes of the parts of a state."""
        shape = [self.num_layers * self.num_dirs, batch_size, self.num_units]
        return (shape,) * self.parts_of_state

    # --- variables -------------------------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return outputs and state; see `call`."""
        if self._around is None:
            self._around = get_variable_scope()
        return super().__call__(inputs, *args, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Make the cells, which make their variables when they are called.

        Raises:
            ValueError: if the inputs are no sequences of rows of known width.
        """
        shape = TensorShape(input_shape)
        if shape.ndims != 3:
            raise ValueError(f"Expecting input_shape with 3 dims, got {shape.ndims}")
        self._depth = shape[-1].value
        if self._depth is None:
            raise ValueError(
                "The last dimension of the inputs to `CudnnRNN` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(ndim=3, axes={-1: self._depth})
        self._directions = [
            [self._cell() for _ in range(self.num_layers)] for _ in range(self.num_dirs)
        ]
        first = "rnn/multi_rnn_cell/" if self.num_dirs == 1 else "stack_bidirectional_rnn/"
        around = self._around.name
        prefix = f"{around}/{first}" if around else first
        taken = any(each.op.name.startswith(prefix) for each in global_variables())
        if taken and not self._around.reuse:
            self._around = get_variable_scope()
        self.built = True

    # --- outputs ---------------------------------------------------------------------------------

    def call(
        self,
        inputs: Any,
        initial_state: Any = None,
        sequence_lengths: Any = None,
        time_major: bool = True,
        training: bool = True,
    ) -> Any:
        """Return the outputs of the last layer at all steps, and the last states.

        Args:
            inputs: [T, N, D], or [N, T, D].
            initial_state: (h, c) of an LSTM, (h,) of others, each [layers directions, N, units];
                zeros by default.  Where time is not major, the batch is first.
            sequence_lengths: int[N]: how many steps of each sequence count; all by default.
            time_major: whether the inputs are [T, N, D].
            training: whether outputs between layers are left out.

        Raises:
            TypeError: if the state is no tuple.
        """
        if initial_state is not None and not isinstance(initial_state, tuple):
            raise TypeError(
                f"Invalid initial_state type: {type(initial_state).__name__}, expecting tuple."
            )
        states = self._of_cells(initial_state, time_major)
        cells = [self._dropped(each, training) for each in self._directions]
        given: dict[str, Any] = {
            "dtype": self.dtype,
            "sequence_length": sequence_lengths,
            "time_major": time_major,
        }
        around = variable_scope(
            self._around,
            auxiliary_name_scope=False,
            custom_getter=self._remembering,
            initializer=self._kernel_initializer,
        )
        with around:
            if self.num_dirs == 1:
                state = None if states is None else tuple(states[0])
                outputs, last = dynamic_rnn(
                    MultiRNNCell(cells[0]), inputs, initial_state=state, **given
                )
                after = [list(last)]
            else:
                ahead, back = cells
                of_ahead, of_back = states or (None, None)
                outputs, *both = stack_bidirectional_dynamic_rnn(
                    ahead, back, inputs, of_ahead, of_back, **given
                )
                after = [list(each) for each in both]
        return outputs, self._stacked(after, time_major)

    def _remembering(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        name = kwargs["name"] if "name" in kwargs else args[0]
        if self._bias_initializer is not None and name.endswith("bias"):
            kwargs["initializer"] = self._bias_initializer
        found = getter(*args, **kwargs)
        self._remember(found)
        return found

    def _dropped(self, cells: list[Any], training: bool) -> list[Any]:
        if not training or not self._dropout:
            return cells
        *below, top = cells
        wrapped = [
            DropoutWrapper(each, output_keep_prob=1.0 - self._dropout, seed=self._seed)
            for each in below
        ]
        return [*wrapped, top]

    def _of_cells(self, state: Any, time_major: bool) -> Any:
        """Return the states of the cells in each direction, None if there are none."""
        if state is None:
            return None
        parts = [unstack(each, axis=0 if time_major else 1) for each in state]
        each = [tuple(of_cell) for of_cell in zip(*parts, strict=True)]
        made = [self._of_cell(of_cell) for of_cell in each]
        return [made[i :: self.num_dirs] for i in range(self.num_dirs)]

    def _of_cell(self, parts: tuple[Any, ...]) -> Any:
        return parts[0]

    def _stacked(self, states: list[list[Any]], time_major: bool) -> tuple[Any, ...]:
        """Return the states of all cells as one: [layers directions, N, units] of each part."""
        in_order = [each for layer in zip(*states, strict=True) for each in layer]
        parts = zip(*(self._parts(each) for each in in_order), strict=True)
        whole = (stack(list(part)) for part in parts)
        return tuple(each if time_major else transpose(each, [1, 0, 2]) for each in whole)

    def _parts(self, state: Any) -> list[Any]:
        return nest.flatten(state)


class CudnnLSTM(_CudnnRNN):
    """LSTM cells on each other; its state is (h, c); see `_CudnnRNN` for the arguments."""

    rnn_mode = "lstm"
    parts_of_state = 2

    def _cell(self) -> Any:
        return CudnnCompatibleLSTMCell(self.num_units)

    def _of_cell(self, parts: tuple[Any, ...]) -> Any:
        h, c = parts
        return LSTMStateTuple(c, h)

    def _parts(self, state: Any) -> list[Any]:
        return [state.h, state.c]


class CudnnGRU(_CudnnRNN):
    """Gated recurrent units on each other; its state is (h,); see `_CudnnRNN`."""

    rnn_mode = "gru"

    def _cell(self) -> Any:
        return CudnnCompatibleGRUCell(self.num_units)


class CudnnRNNTanh(_CudnnRNN):
    """Plain cells on each other, with tanh; its state is (h,); see `_CudnnRNN`."""

    rnn_mode = "rnn_tanh"

    def _cell(self) -> Any:
        return BasicRNNCell(self.num_units)


class CudnnRNNRelu(_CudnnRNN):
    """Plain cells on each other, with relu; its state is (h,); see `_CudnnRNN`."""

    rnn_mode = "rnn_relu"

    def _cell(self) -> Any:
        return BasicRNNCell(self.num_units, "relu")
