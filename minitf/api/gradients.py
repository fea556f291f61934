"""Derivatives: `tf.gradients`, `tf.hessians` and what declares a gradient.

Source: 2015 §4.1; OSDI §4.1; TensorFlow 1.15, `gradients_impl`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api import control
from minitf.autodiff import backward
from minitf.autodiff.aggregation import AggregationMethod, Gradient
from minitf.autodiff.backward import UnconnectedGradients
from minitf.autodiff.registry import RegisterGradient, not_differentiable
from minitf.default_graph import default_graph
from minitf.tensor import Tensor

__all__ = [
    "AggregationMethod",
    "NoGradient",
    "NotDifferentiable",
    "RegisterGradient",
    "UnconnectedGradients",
    "gradients",
    "hessians",
]


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: UnconnectedGradients = UnconnectedGradients.NONE,
) -> list[Gradient | None]:
    """Build the derivative of the sum of ys with respect to each x.

    Args:
        ys: a Tensor or a list of them.
        xs: a Tensor or Variable, or a list of them.
        grad_ys: a gradient to start with for each y; None stands for ones.
        name: name scope of the operations added.
        colocate_gradients_with_ops: place gradients where the operations are that they belong to.
        gate_gradients: let nobody see a gradient of an operation before all of it are computed.
        aggregation_method: how gradients of one tensor are added, of `tf.AggregationMethod`.
        stop_gradients: Tensors to treat as constants.
        unconnected_gradients: what an x gets on which no y depends: None, or zeros.

    Returns:
        A list with a gradient for each x: a Tensor, IndexedSlices, or None.

    Raises:
        LookupError: if an operation between has no gradient defined.
        TypeError: if a y or its gradient is of an unsuitable type.
        ValueError: if the arguments, or what a gradient function returns, do not fit together.

    Source: 2015 §4.1.
    """
    return backward.gradients(
        ys,
        xs,
        grad_ys,
        name,
        colocate=colocate_gradients_with_ops,
        gate=control.tuple if gate_gradients else None,
        aggregation_method=aggregation_method,
        stop_gradients=stop_gradients,
        unconnected=unconnected_gradients,
    )


def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
) -> list[Tensor]:
    """Build the second derivatives of the sum of ys with respect to the elements of each x.

    The gradient of each element of the first derivative is built by itself, so the graph grows
    with the number of elements of x.

    Args:
        ys: a Tensor or a list of them.
        xs: a Tensor or Variable, or a list of them, of known shapes.
        name: name scope of the operations added.
        colocate_gradients_with_ops: see `gradients`.
        gate_gradients: see `gradients`.
        aggregation_method: see `gradients`.

    Returns:
        A Tensor for each x, of shape x.shape + x.shape.

    Raises:
        ValueError: if no y depends on an x, or the shape of an x is not known.

    Source: 2015 §4.1.
    """

    def derive(ys: Any, xs: Any, unconnected: UnconnectedGradients) -> list[Any]:
        return gradients(
            ys,
            xs,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            unconnected_gradients=unconnected,
        )

    xs = list(xs) if isinstance(xs, (list, tuple)) else [xs]
    made = []
    with default_graph().name_scope(name):
        for first, x in zip(derive(ys, xs, UnconnectedGradients.NONE), xs, strict=True):
            sizes = x.get_shape().as_list() if x.get_shape().is_fully_defined() else None
            if first is None or sizes is None:
                problem = "ys do not depend on it" if first is None else "its shape is not known"
                raise ValueError(f"None values not supported: no Hessian of {x}, as {problem}")
            flat = ops.reshape_op(first, [-1])
            count = int(flat.get_shape()[0])
            rows = [derive(flat[i], x, UnconnectedGradients.ZERO)[0] for i in range(count)]
            made.append(ops.reshape_op(ops.pack_op(rows), sizes + sizes))
    return made


def NotDifferentiable(op_type: str) -> None:
    """Declare that ops of a type have no gradient: `tf.gradients` gives None through them.

    Args:
        op_type: registry name of the op, or a name for `Graph.gradient_override_map`.

    Raises:
        KeyError: if the op has a gradient already.
        TypeError: if `op_type` is no string.
    """
    not_differentiable(op_type)


def NoGradient(op_type: str) -> None:
    """Do the same as `NotDifferentiable`, by its deprecated name."""
    not_differentiable(op_type)
