"""Dense layers, dropout, and tensors made flat.

    dense      [N, ..., C] -> [N, ..., units]     activation(inputs kernel + bias)
    dropout    any shape                          zeros at random, in training
    flatten    [N, a, b, ...] -> [N, a b ...]

Source: 2015 Figure 1 (a dense layer); TensorFlow 1.15's functions and classes of the same names in
tf.layers.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api import array, nn_layers
from minitf.api.casting import cast
from minitf.api.control import identity
from minitf.api.matmul import tensordot
from minitf.api.sizes import shape
from minitf.api.sparse_math import sparse_tensor_dense_matmul
from minitf.composite import SparseTensor
from minitf.dtypes import as_dtype, float32
from minitf.layers.arguments import applied
from minitf.layers.base import Layer
from minitf.layers.input_spec import InputSpec
from minitf.layers.named import activation_of, constraint_of, initializer_of, regularizer_of
from minitf.layers.phase import decided
from minitf.layers.utils import normalize_data_format, smart_cond
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.initializers import Zeros

_ZEROS = Zeros()

# --- dense ---------------------------------------------------------------------------------------


class Dense(Layer):
    """activation(inputs kernel + bias), over the last axis.

    Args:
        units: how many outputs there are.
        activation: a function, or its name; none by default.
        use_bias: whether there is a bias.
        kernel_initializer: of the kernel; that of the variable scope by default.
        bias_initializer: of the bias.
        kernel_regularizer: a function of the kernel whose result is a loss.
        bias_regularizer: likewise of the bias.
        activity_regularizer: likewise of the outputs.
        kernel_constraint: what optimizers apply to the kernel after each update.
        bias_constraint: likewise to the bias.
        trainable: whether optimizers change kernel and bias.
        name: name of the layer and of its variable scope.
        **kwargs: `dtype`.
    """

    DESCRIBED = (
        "units activation use_bias kernel_initializer bias_initializer kernel_regularizer "
        "bias_regularizer activity_regularizer kernel_constraint bias_constraint"
    )

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = _ZEROS,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.units = int(units)
        self.activation = activation_of(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializer_of(kernel_initializer)
        self.bias_initializer = initializer_of(bias_initializer)
        self.kernel_regularizer = regularizer_of(kernel_regularizer)
        self.bias_regularizer = regularizer_of(bias_regularizer)
        self.kernel_constraint = constraint_of(kernel_constraint)
        self.bias_constraint = constraint_of(bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape: Any) -> None:
        """Make kernel and bias.

        Raises:
            TypeError: if the type is not floating-point.
            ValueError: if the last size of the inputs is not known.
        """
        dtype = as_dtype(self.dtype or float32)
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(f"Unable to build `Dense` layer with non-floating point dtype {dtype}")
        depth = TensorShape(input_shape)[-1].value
        if depth is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: depth})
        self.kernel = self.add_weight(
            "kernel",
            [depth, self.units],
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                [self.units],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        outputs = self._product(inputs)
        if self.use_bias:
            outputs = nn_layers.bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def _product(self, inputs: Any) -> Tensor:
        if isinstance(inputs, SparseTensor):
            return sparse_tensor_dense_matmul(inputs, self.kernel)
        rank = inputs.shape.ndims
        if rank > 2:
            outputs = tensordot(inputs, self.kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
            return outputs
        return ops.mat_mul_op(cast(inputs, self._compute_dtype or float32), self.kernel)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs.

        Raises:
            ValueError: if the last size of the inputs is not known.
        """
        sizes = TensorShape(input_shape).with_rank_at_least(2)
        if sizes[-1].value is None:
            raise ValueError(
                f"The innermost dimension of input_shape must be defined, but saw: {input_shape}"
            )
        return sizes[:-1].concatenate(self.units)


def dense(
    inputs: Any,
    units: int,
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = _ZEROS,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """Return activation(inputs kernel + bias), over the last axis; see `tf.layers.Dense`.

    Args:
        inputs: a tensor of rank 2 or more, or a matrix as a SparseTensor.
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(Dense, locals())


# --- dropout -------------------------------------------------------------------------------------


class Dropout(Layer):
    """Sets elements to 0 at random in training, and scales the others; see `tf.nn.dropout`.

    Args:
        rate: the probability that an element is set to 0.
        noise_shape: shape of the random choices, broadcast to the inputs; that of the inputs by
            default.
        seed: of the random numbers; see `tf.set_random_seed`.
        name: name of the layer.
        **kwargs: `trainable`, `dtype`.
    """

    DESCRIBED = "rate noise_shape seed"

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Any, training: Any = False) -> Tensor:
        """Return the outputs.

        Args:
            inputs: a floating-point tensor.
            training: whether anything is set to 0: a bool or a Tensor; None for the learning phase.
        """
        return smart_cond(
            decided(training), lambda: self._dropped(inputs), lambda: identity(inputs)
        )

    def _dropped(self, inputs: Any) -> Tensor:
        sizes = self._get_noise_shape(inputs)
        return nn_layers.dropout(inputs, noise_shape=sizes, seed=self.seed, rate=self.rate)

    def _get_noise_shape(self, inputs: Any) -> Any:
        """Return the shape of the random choices; None in it stands for a size of the inputs."""
        given, own = self.noise_shape, inputs.shape.as_list()
        if not isinstance(given, (list, tuple)):
            return given
        sizes = [b if a is None else a for a, b in zip(given, own, strict=True)]
        if None in sizes:
            computed = shape(inputs)
            sizes = [computed[i] if size is None else size for i, size in enumerate(sizes)]
        return sizes

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: that of the inputs."""
        return TensorShape(input_shape)


def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: int | None = None,
    training: Any = False,
    name: str | None = None,
) -> Tensor:
    """Set elements to 0 at random in training, and scale the others to the same sum.

    Args:
        inputs: a Tensor of floats.
        rate: the share that is set to 0, from 0 to 1.
        noise_shape: the shape of the random choices, which is broadcast to the inputs'.
        seed: of the random choices.
        training: whether it does anything: a bool, or a Tensor of one.
    """
    return Dropout(rate, noise_shape, seed, name).apply(inputs, training=training)


# --- flatten -------------------------------------------------------------------------------------


class Flatten(Layer):
    """Makes one axis of all but the batch.

    Args:
        data_format: "channels_first" to move the channels, which are second, to the end before.
        **kwargs: `name`, `trainable`, `dtype`.
    """

    DESCRIBED = "data_format"

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        made = inputs
        if self.data_format == "channels_first":
            made = array.transpose(inputs, [0, *range(2, inputs.shape.ndims), 1])
        batch = inputs.shape[0].value or shape(made)[0]
        outputs = array.reshape(made, (batch, -1))
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        batch, *sizes = TensorShape(input_shape).as_list()
        return TensorShape([batch, None if None in sizes else math.prod(sizes)])


def flatten(inputs: Any, name: str | None = None, data_format: str = "channels_last") -> Tensor:
    """Make one axis of all but the batch; see `tf.layers.Flatten`."""
    return Flatten(data_format, name=name).apply(inputs)
