"""The gated recurrent unit as one op.

    [r, u] = sigmoid([x, h_prev] w_ru + b_ru)
    c = tanh([x, h_prev r] w_c + b_c)
    h = u h_prev + (1 - u) c

Shape letters: B batch, I inputs, C cells.

Source: Cho et al. 2014; TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.nn.block_lstm import sigmoid
from minitf.shapes import Shape
from minitf.symbols import B, C, G, H, I, T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
_FLOAT32 = types("float32")


def _check_sizes(x: Array, h_prev: Array, w_ru: Array, w_c: Array, b_ru: Array, b_c: Array) -> None:
    batch, inputs = x.shape
    cells = h_prev.shape[1]
    for name, found, wanted in (
        ("h_prev.dim_size(0)", len(h_prev), batch),
        ("w_ru.dim_size(0)", len(w_ru), inputs + cells),
        ("w_ru.dim_size(1)", w_ru.shape[1], 2 * cells),
        ("w_c.dim_size(0)", len(w_c), inputs + cells),
        ("w_c.dim_size(1)", w_c.shape[1], cells),
        ("b_ru.dim_size(0)", len(b_ru), 2 * cells),
        ("b_c.dim_size(0)", len(b_c), cells),
    ):
        if found != wanted:
            raise invalid(f"{name} must be {wanted}: {found} vs. {wanted}")


# --- GRUBlockCell --------------------------------------------------------------------------------


@op("GRUBlockCell", T=_FLOAT32, outputs=("r", "u", "c", "h"))
def gru_block_cell_op(
    x: T[B, I], h_prev: T[B, C], w_ru: T[H, G], w_c: T[H, C], b_ru: T[G], b_c: T[C]
) -> tuple[T[B, C], T[B, C], T[B, C], T[B, C]]:
    """Compute one step of the gated recurrent unit; see the head of this file.

    Args:
        x: float32[B, I].
        h_prev: float32[B, C], the outputs before.
        w_ru: float32[I + C, 2 C], weights of the gates r and u.
        w_c: float32[I + C, C], weights of c.
        b_ru: float32[2 C].
        b_c: float32[C].

    Returns:
        r, u, c, h: float32[B, C] each.

    Raises:
        InvalidArgumentError: if sizes do not fit.

    Source: TensorFlow's op of the same name.
    """
    _check_sizes(x, h_prev, w_ru, w_c, b_ru, b_c)
    r, u = np.split(sigmoid(np.concatenate([x, h_prev], 1) @ w_ru + b_ru), 2, 1)
    c = np.tanh(np.concatenate([x, h_prev * r], 1) @ w_c + b_c)
    return r, u, c, u * h_prev + (1 - u) * c


@gru_block_cell_op.shape
def gru_block_cell_shape(x: Shape, h_prev: Shape, *_: Shape) -> list[Shape]:
    return [Shape([x[0], h_prev[1]])] * 4


@gru_block_cell_op.gradient
def gru_block_cell_gradient(op: Operation, *grads: Tensor | None) -> Gradients:
    """Give the gradients by way of that of h alone."""
    x, h_prev, *_ = op.inputs
    r, u, c, h = op.outputs
    of_h = ops.zeros_like_op(h) if grads[3] is None else grads[3]
    of_x, of_h_prev, of_c, of_ru = ops.gru_block_cell_grad_op(*op.inputs, r, u, c, of_h)
    xh, xhr = ops.concat_v2_op([x, h_prev], 1), ops.concat_v2_op([x, h_prev * r], 1)
    of_w_ru = ops.mat_mul_op(xh, of_ru, transpose_a=True)
    of_w_c = ops.mat_mul_op(xhr, of_c, transpose_a=True)
    return [
        of_x,
        of_h_prev,
        of_w_ru,
        of_w_c,
        ops.bias_add_grad_op(of_ru),
        ops.bias_add_grad_op(of_c),
    ]


# --- GRUBlockCellGrad ----------------------------------------------------------------------------


@op(
    "GRUBlockCellGrad",
    T=_FLOAT32,
    outputs=("d_x", "d_h_prev", "d_c_bar", "d_r_bar_u_bar"),
)
def gru_block_cell_grad_op(
    x: T[B, I],
    h_prev: T[B, C],
    w_ru: T[H, G],
    w_c: T[H, C],
    b_ru: T[G],
    b_c: T[C],
    r: T[B, C],
    u: T[B, C],
    c: T[B, C],
    d_h: T[B, C],
) -> tuple[T[B, I], T[B, C], T[B, C], T[B, G]]:
    """Give the gradients of one step of the gated recurrent unit.

    Args:
        x: as GRUBlockCell's, and so on to `b_c`.
        h_prev: likewise.
        w_ru: likewise.
        w_c: likewise.
        b_ru: likewise.
        b_c: likewise.
        r: what GRUBlockCell gave, and so on to `c`.
        u: likewise.
        c: likewise.
        d_h: float32[B, C], the gradient of its `h`.

    Returns:
        The gradients of x, float32[B, I]; of h_prev, float32[B, C]; of c before it is squashed,
        float32[B, C]; of [r, u] before they are, float32[B, 2 C].

    Source: TensorFlow's op of the same name.
    """
    depth = x.shape[1]
    of_c = d_h * (1 - u) * (1 - c * c)
    of_u = d_h * (h_prev - c) * u * (1 - u)
    of_xhr = of_c @ w_c.T
    of_hr = of_xhr[:, depth:]
    of_ru = np.concatenate([of_hr * h_prev * r * (1 - r), of_u], 1)
    of_xh = of_ru @ w_ru.T
    of_h_prev = of_hr * r + of_xh[:, depth:] + d_h * u
    return of_xhr[:, :depth] + of_xh[:, :depth], of_h_prev, of_c, of_ru


@gru_block_cell_grad_op.shape
def gru_block_cell_grad_shape(x: Shape, h_prev: Shape, w_ru: Shape, *_: Shape) -> list[Shape]:
    batch, cells = x[0], h_prev[1]
    return [x, Shape([batch, cells]), Shape([batch, cells]), Shape([batch, w_ru[1]])]


gru_block_cell_grad_op.no_gradient("TensorFlow defines none", refuse=True)
