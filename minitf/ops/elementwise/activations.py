"""Activations of neural networks, and the ops by which their gradients are computed.

Source: 2015 Table 1, row "Neural-net building blocks": Sigmoid, ReLU.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, REAL_NUMBERS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise import scalar_math
from minitf.ops.elementwise.rows import elementwise
from minitf.ops.precision import wide
from minitf.shapes import Shape, merge
from minitf.symbols import T, float32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _where(condition: Any, chosen: Any, other: Any) -> Array:
    """Choose element by element, in the type of `chosen`."""
    return np.where(condition, chosen, np.asarray(other, chosen.dtype))


# --- Relu --------------------------------------------------------------------------------------

relu_op = elementwise(
    "Relu",
    "max(features, 0)",
    numpy=lambda features: np.maximum(features, features.dtype.type(0)),
    scalar=lambda features: 0.0 if features <= 0.0 else features,  # noqa: FURB136 NaN stays
    types=REAL_NUMBERS | types("qint8"),
    output="activations",
    gradient=lambda op, grad: [ops.relu_grad_op(grad, op.outputs[0])],
)


def relu_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    features = op.inputs[1]
    return [ops.relu_grad_op(grad, features), ops.zeros_like_op(features)]


relu_grad_op = elementwise(
    "ReluGrad",
    "the gradient of max(features, 0): gradients where features > 0, else gradients * 0",
    numpy=lambda gradients, features: gradients * (features > 0),
    scalar=lambda gradients, features: gradients * (1.0 if features > 0.0 else 0.0),
    types=REAL_NUMBERS,
    output="backprops",
    broadcasts=False,
    gradient=relu_grad_gradient,
)

# --- Relu6 -------------------------------------------------------------------------------------

relu6_op = elementwise(
    "Relu6",
    "min(max(features, 0), 6)",
    numpy=lambda x: np.minimum(np.maximum(x, x.dtype.type(0)), x.dtype.type(6)),
    scalar=lambda features: (
        0.0 if features <= 0.0 else (6.0 if features > 6.0 else features)  # noqa: FURB136 NaN stays
    ),
    types=REAL_NUMBERS,
    output="activations",
    gradient=lambda op, grad: [ops.relu6_grad_op(grad, op.outputs[0])],
)


def relu6_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    features = op.inputs[1]
    return [ops.relu6_grad_op(grad, features), ops.zeros_like_op(features)]


relu6_grad_op = elementwise(
    "Relu6Grad",
    "the gradient of min(max(features, 0), 6): gradients where 0 < features < 6, else * 0",
    numpy=lambda gradients, x: gradients * ((x > 0) & (x < 6)),
    scalar=lambda gradients, features: gradients * (1.0 if 0.0 < features < 6.0 else 0.0),
    types=REAL_NUMBERS,
    output="backprops",
    broadcasts=False,
    gradient=relu6_grad_gradient,
)

# --- Elu ---------------------------------------------------------------------------------------


def elu_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    gradients, outputs = op.inputs
    is_negative = ops.less_op(outputs, ops.zeros_like_op(outputs))
    of_outputs = ops.select_op(is_negative, ops.mul_op(grad, gradients), ops.zeros_like_op(grad))
    return [ops.elu_grad_op(grad, outputs), of_outputs]


elu_op = elementwise(
    "Elu",
    "e^features - 1 where features < 0, else features",
    numpy=lambda x: np.where(x < 0, np.expm1(x), x),
    scalar=lambda features: scalar_math.expm1(features) if features < 0.0 else features,
    types=FLOATS,
    output="activations",
    gradient=lambda op, grad: [ops.elu_grad_op(grad, op.outputs[0])],
)

elu_grad_op = elementwise(
    "EluGrad",
    "the gradient of elu by its outputs: gradients * (outputs + 1) where outputs < 0",
    numpy=lambda gradients, y: np.where(y < 0, gradients * (y + y.dtype.type(1)), gradients),
    scalar=lambda gradients, outputs: gradients * (outputs + 1.0) if outputs < 0.0 else gradients,
    types=FLOATS,
    output="backprops",
    broadcasts=False,
    gradient=elu_grad_gradient,
)

# --- Selu --------------------------------------------------------------------------------------

# The fixed point of mean 0 and variance 1 (Klambauer et al. 2017): scale and scale * alpha.
_SCALE = 1.0507009873554804934193349852946
_SCALE_ALPHA = 1.7580993408473768599402175208123


def selu_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    gradients, outputs = op.inputs
    is_negative = ops.less_op(outputs, ops.zeros_like_op(outputs))
    of_outputs = ops.select_op(is_negative, ops.mul_op(grad, gradients), ops.zeros_like_op(grad))
    return [ops.selu_grad_op(grad, outputs), of_outputs]


selu_op = elementwise(
    "Selu",
    "scale * features, or scale * alpha * (e^features - 1) where features < 0",
    numpy=lambda x: np.where(
        x < 0, x.dtype.type(_SCALE_ALPHA) * np.expm1(x), x.dtype.type(_SCALE) * x
    ),
    scalar=lambda features: (
        1.7580993408473768 * scalar_math.expm1(features)
        if features < 0.0
        else 1.0507009873554805 * features
    ),
    types=FLOATS,
    output="activations",
    gradient=lambda op, grad: [ops.selu_grad_op(grad, op.outputs[0])],
)

selu_grad_op = elementwise(
    "SeluGrad",
    "the gradient of selu by its outputs: gradients * (outputs + scale * alpha) where outputs < 0, "
    "else gradients * scale",
    numpy=lambda gradients, y: np.where(
        y < 0, gradients * (y + y.dtype.type(_SCALE_ALPHA)), gradients * y.dtype.type(_SCALE)
    ),
    scalar=lambda gradients, outputs: (
        gradients * (outputs + 1.7580993408473768)
        if outputs < 0.0
        else gradients * 1.0507009873554805
    ),
    types=FLOATS,
    output="backprops",
    broadcasts=False,
    gradient=selu_grad_gradient,
)

# --- Softplus, Softsign ------------------------------------------------------------------------


def softplus_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    gradients, features = op.inputs
    slope = ops.sigmoid_op(features)
    change = ops.sigmoid_grad_op(slope, ops.mul_op(grad, gradients))
    return [ops.softplus_grad_op(grad, features), change]


def _logistic(x: Array) -> Array:
    return x.dtype.type(1) / (x.dtype.type(1) + np.exp(-x))


softplus_op = elementwise(
    "Softplus",
    "log(1 + e^features), without overflow",
    numpy=lambda features: np.logaddexp(features, features.dtype.type(0)),
    scalar=lambda features: scalar_math.softplus(features),
    types=FLOATS,
    output="activations",
    gradient=lambda op, grad: [ops.softplus_grad_op(grad, op.inputs[0])],
)

softplus_grad_op = elementwise(
    "SoftplusGrad",
    "the gradient of softplus: gradients / (1 + e^-features)",
    numpy=lambda gradients, features: gradients * _logistic(features),
    scalar=lambda gradients, features: gradients * scalar_math.sigmoid(features),
    types=FLOATS,
    output="backprops",
    broadcasts=False,
    gradient=softplus_grad_gradient,
)


def softsign_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    gradients, features = op.inputs
    # d/dx (1 + |x|)^-2 = -2 sign(x) (1 + |x|)^-3
    divisor = ops.add_v2_op(1, ops.abs_op(features))
    slope = ops.real_div_op(ops.sign_op(features), ops.mul_op(divisor, ops.square_op(divisor)))
    of_features = ops.mul_op(ops.mul_op(-2, ops.mul_op(grad, gradients)), slope)
    return [ops.softsign_grad_op(grad, features), of_features]


softsign_op = elementwise(
    "Softsign",
    "features / (1 + |features|)",
    numpy=lambda x: x / (x.dtype.type(1) + np.abs(x)),
    scalar=lambda features: features / (1.0 + abs(features)),
    types=FLOATS,
    output="activations",
    gradient=lambda op, grad: [ops.softsign_grad_op(grad, op.inputs[0])],
)

softsign_grad_op = elementwise(
    "SoftsignGrad",
    "the gradient of softsign: gradients / (1 + |features|)^2",
    numpy=lambda gradients, x: gradients / np.square(x.dtype.type(1) + np.abs(x)),
    scalar=lambda gradients, features: gradients / ((1.0 + abs(features)) * (1.0 + abs(features))),
    types=FLOATS,
    output="backprops",
    broadcasts=False,
    gradient=softsign_grad_gradient,
)

# --- LeakyRelu ---------------------------------------------------------------------------------


@op("LeakyRelu", T=FLOATS.default(float32), outputs=("activations",))
def leaky_relu_op(features: T, *, alpha: float = 0.2) -> T:
    """Compute max(features, 0) + alpha * min(features, 0): features, or alpha times them.

    Args:
        features: float[...].
        alpha: the slope below 0.

    Returns:
        float[...] of the same shape.

    Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's op.
    """
    x = wide(features)
    return np.where(x > 0, x, x * x.dtype.type(alpha)).astype(features.dtype, copy=False)


@leaky_relu_op.shape
def leaky_relu_shape(features: Shape, *, alpha: float) -> Shape:
    return features


@leaky_relu_op.gradient
def leaky_relu_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.leaky_relu_grad_op(grad, op.inputs[0], alpha=op.attrs["alpha"])]


@op("LeakyReluGrad", T=FLOATS.default(float32), outputs=("backprops",))
def leaky_relu_grad_op(gradients: T, features: T, *, alpha: float = 0.2) -> T:
    """Compute the gradient of LeakyRelu: gradients, or alpha times them where features <= 0.

    Args:
        gradients: float[...].
        features: float[...], the input (or the output) of LeakyRelu.
        alpha: the slope below 0.

    Returns:
        float[...] of the same shape.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op.
    """
    if gradients.shape != features.shape:
        raise invalid(f"Incompatible shapes: {list(gradients.shape)} vs. {list(features.shape)}")
    g, x = wide(gradients), wide(features)
    return np.where(x > 0, g, g * g.dtype.type(alpha)).astype(gradients.dtype, copy=False)


@leaky_relu_grad_op.shape
def leaky_relu_grad_shape(gradients: Shape, features: Shape, *, alpha: float) -> Shape:
    return merge(gradients, features)


@leaky_relu_grad_op.gradient
def leaky_relu_grad_gradient(op: Operation, grad: Tensor) -> Gradients:
    features = op.inputs[1]
    of_gradients = ops.leaky_relu_grad_op(grad, features, alpha=op.attrs["alpha"])
    return [of_gradients, ops.zeros_like_op(features)]
