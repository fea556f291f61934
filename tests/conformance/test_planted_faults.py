"""The kit finds faults: ops with one planted mistake each, of the kinds that people make."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from minitf import graph_def, ops, testing
from minitf.attr_value import attr_value
from minitf.op_def import Kernel
from minitf.ops.elementwise.rows import conjugate
from minitf.shapes import UNKNOWN, Shape
from minitf.testing.op_catalogue import catalogue
from minitf.testing.properties import gradients, graph_defs, kernels, shapes
from minitf.testing.properties import tensorflow as oracle

EXAMPLES = 200

pytestmark = pytest.mark.thorough


def finds(law, name):
    """Tell whether a law is broken by an op."""
    try:
        law.run(name, EXAMPLES, shrink=False)
    except (AssertionError, ValueError):  # a ValueError where wrong shapes no longer fit
        return True
    return False


def with_kernel(name, function):
    """Give an op one kernel, for all types."""
    return patch.object(catalogue()[name], "kernels", [Kernel("CPU", function, {}, ())])


def with_rule(name, field, rule):
    """Give an op another rule or body."""
    return patch.object(catalogue()[name], field, rule)


# --- kernels ----------------------------------------------------------------------------------


def body(name):
    return catalogue()[name].body


def rounded(*arrays):
    return [x.astype(np.float32) if x.dtype == np.float64 else x for x in arrays]


KERNELS = {
    "Sum: adds up along the wrong axis": (
        "Sum",
        lambda x, axes, *, keep_dims=False: body("Sum")(
            x, x.ndim - 1 - axes % max(x.ndim, 1), keep_dims=keep_dims
        ),
    ),
    "MatMul: adds up doubles in single precision": (
        "MatMul",
        lambda a, b, **attrs: body("MatMul")(*rounded(a, b), **attrs).astype(a.dtype),
    ),
    "Maximum: swallows NaN": ("Maximum", np.fmax),
    "FloorDiv: rounds towards zero": (
        "FloorDiv",
        lambda x, y: np.trunc(np.true_divide(x, y)).astype(x.dtype),
    ),
    "ArgMax: takes the last of equals": (
        "ArgMax",
        lambda x, axis, *, output_type: (
            x.shape[axis] - 1 - body("ArgMax")(np.flip(x, axis), axis, output_type=output_type)
        ),
    ),
    "Softmax: overflows, as it does not subtract the maximum": (
        "Softmax",
        lambda logits: np.exp(logits * 300) / np.exp(logits * 300).sum(-1, keepdims=True),
    ),
    "Pad: puts the zeros of the end before the beginning": (
        "Pad",
        lambda x, paddings: body("Pad")(x, np.flip(paddings, 1)),
    ),
    "Neg: writes into its input": ("Neg", lambda x: np.negative(x, out=x if x.ndim else None)),
    "Cumsum: gives the right values in the wrong type": (
        "Cumsum",
        lambda x, axis, **attrs: body("Cumsum")(x, axis, **attrs).astype(np.float32),
    ),
}


@pytest.mark.parametrize("fault", KERNELS)
def test_a_wrong_kernel_is_found(fault):
    name, function = KERNELS[fault]
    with with_kernel(name, function):
        assert finds(kernels.AGREES, name)


# --- rules ------------------------------------------------------------------------------------


def conv_shape(input, filter, *, padding, **attrs):
    """One row more than there are windows, where there is padding."""
    found = CONV_SHAPE(input, filter, padding=padding, **attrs)
    if padding != "SAME" or found.dims is None or found[1] is UNKNOWN:
        return found
    return Shape([found[0], found[1] + 1, *found[2:]])


CONV_SHAPE = ops.conv2d_op.shape_rule
RULES = {
    "Mul: the gradient forgets to add up what was broadcast": (
        gradients.FIRST,
        "Mul",
        "gradient_rule",
        lambda op, grad: [grad * conjugate(op.inputs[1]), grad * conjugate(op.inputs[0])],
    ),
    "Sigmoid: the gradient has the wrong sign": (
        gradients.FIRST,
        "Sigmoid",
        "gradient_rule",
        lambda op, grad: [-ops.sigmoid_grad_op(op.outputs[0], grad)],
    ),
    "Tanh: the gradient is right, but the gradient of the gradient is not": (
        gradients.SECOND,
        "TanhGrad",
        "gradient_rule",
        lambda op, grad: [grad * op.inputs[1], ops.tanh_grad_op(op.inputs[0], grad)],
    ),
    "Conv2D: the shape rule is off by one where there is padding": (
        shapes.KNOWN,
        "Conv2D",
        "shape_rule",
        conv_shape,
    ),
    "Concat: the shape rule claims a size that it cannot know": (
        shapes.HIDDEN,
        "ConcatV2",
        "shape_rule",
        lambda values, axis: values[0],
    ),
    "Add: the value of the graph under construction is off by one": (
        shapes.STATIC_VALUE,
        "AddV2",
        "value_rule",
        lambda op: None if (x := op.inputs[0].op.attrs.get("value")) is None else x + 1,
    ),
}


@pytest.mark.parametrize("fault", RULES)
def test_a_wrong_rule_is_found(fault):
    law, name, field, rule = RULES[fault]
    seen = "Tanh" if name == "TanhGrad" else name
    with with_rule(name, field, rule):
        assert finds(law, seen)


def test_an_attribute_that_is_written_wrong_is_found():
    def written(value, dtype=None):
        return attr_value(not value if value is True else value, dtype)

    kept = graph_def._kept  # bytes of attributes: what is planted neither finds nor leaves any
    with (
        patch("minitf.graph_def.attr_value", written),
        patch.object(graph_def, "_kept", kept.__wrapped__),
    ):
        assert finds(graph_defs.ROUND_TRIP, "MatMul")


@pytest.mark.tensorflow
def test_a_body_that_means_something_else_is_found(tensorflow):
    with with_rule("Rint", "body", lambda x: np.floor(x + 0.5)):  # halves up, not to even
        assert finds(oracle.RESULTS, "Rint")


# --- foreign functions ------------------------------------------------------------------------

FUNCTIONS = {
    "MatMul": lambda a, b: a @ b.T if a.shape == b.shape else a @ b,
    "Relu": np.abs,
    "Sum": lambda x, axes, *, keep_dims: np.sum(x, tuple(axes.flat)),
}


@pytest.mark.parametrize("op", FUNCTIONS)
def test_a_wrong_foreign_function_is_found(op):
    with pytest.raises((AssertionError, ValueError)):
        testing.assert_conforms(FUNCTIONS[op], op)


@pytest.mark.parametrize("name", sorted({name for name, _ in KERNELS.values()}))
def test_what_is_found_is_the_fault_alone(name):
    with with_kernel(name, body(name)):
        assert not finds(kernels.AGREES, name)
