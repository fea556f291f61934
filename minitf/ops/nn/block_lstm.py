"""The long short-term memory as one op: a step (LSTMBlockCell), and a whole sequence (BlockLSTM).

With xh = [x, h_prev] and [i, ci, f, o] = xh w + b:

    i = sigmoid(i + wci cs_prev)            f = sigmoid(f + forget_bias + wcf cs_prev)
    ci = tanh(ci)                           cs = clip(ci i + cs_prev f)
    o = sigmoid(o + wco cs)                 co = tanh(cs)        h = co o

The "peephole" weights wci, wcf and wco count only if `use_peephole`; the memory cs is clipped to
[-cell_clip, cell_clip] if that is positive, of which gradients know nothing.

Shape letters: t steps, B batch, I inputs, C cells.

Source: Hochreiter and Schmidhuber 1997; Gers and Schmidhuber 2000; TensorFlow's ops of these names.
"""

from typing import Any, NamedTuple

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import Shape
from minitf.symbols import B, C, G, H, I, T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
_NARROW = types("float16", "float32")
STEP = ("i", "cs", "f", "o", "ci", "co", "h")


class Gates(NamedTuple):
    """What a step computes, in the order of the ops' outputs."""

    i: Array
    cs: Array
    f: Array
    o: Array
    ci: Array
    co: Array
    h: Array


class Peepholes(NamedTuple):
    """Weights by which the gates see the memory; zeros where they do not."""

    wci: Any
    wcf: Any
    wco: Any


BLIND = Peepholes(0, 0, 0)


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + e^-x), of any size of x."""
    return np.tanh(x * 0.5) * 0.5 + 0.5


def step(
    xh: Array, cs_prev: Array, w: Array, b: Array, seen: Peepholes, bias: float, clip: float
) -> Gates:
    """Compute one step from inputs and last outputs, side by side."""
    i, ci, f, o = np.split(xh @ w + b, 4, -1)
    i = sigmoid(i + seen.wci * cs_prev)
    f = sigmoid(f + bias + seen.wcf * cs_prev)
    ci = np.tanh(ci)
    cs = ci * i + cs_prev * f
    if clip > 0:
        cs = np.clip(cs, -clip, clip)
    o = sigmoid(o + seen.wco * cs)
    co = np.tanh(cs)
    return Gates(i, cs, f, o, ci, co, co * o)


def step_back(
    gates: Gates, cs_prev: Array, seen: Peepholes, of_cs: Array, of_h: Array
) -> tuple[Array, Array, Peepholes]:
    """Return the gradients of the memory before, of [i, ci, f, o] before them, of the peepholes."""
    i, cs, f, o, ci, co, _ = gates
    of_o = of_h * co * o * (1 - o)
    of_cs = of_cs + of_h * o * (1 - co * co) + of_o * seen.wco
    of_ci = of_cs * i * (1 - ci * ci)
    of_i = of_cs * ci * i * (1 - i)
    of_f = of_cs * cs_prev * f * (1 - f)
    of_cs_prev = of_cs * f + of_i * seen.wci + of_f * seen.wcf
    of_gates = np.concatenate([of_i, of_ci, of_f, of_o], -1)
    of_seen = Peepholes((of_i * cs_prev).sum(0), (of_f * cs_prev).sum(0), (of_o * cs).sum(0))
    return of_cs_prev, of_gates, of_seen


def check_sizes(x: Array, cs_prev: Array, h_prev: Array, w: Array, b: Array) -> None:
    """Check that inputs, memory, weights and biases belong together."""
    batch, inputs = x.shape
    cells = cs_prev.shape[1]
    for name, found, wanted in (
        ("cs_prev.dim_size(0)", len(cs_prev), batch),
        ("h_prev.dim_size(0)", len(h_prev), batch),
        ("h_prev.dim_size(1)", h_prev.shape[1], cells),
        ("w.dim_size(0)", len(w), inputs + cells),
        ("w.dim_size(1)", w.shape[1], 4 * cells),
        ("b.dim_size(0)", len(b), 4 * cells),
    ):
        if found != wanted:
            raise invalid(f"{name} != {wanted}: {found}")


# --- LSTMBlockCell, LSTMBlockCellGrad ------------------------------------------------------------


@op("LSTMBlockCell", T=_NARROW, outputs=STEP)
def lstm_block_cell_op(
    x: T[B, I],
    cs_prev: T[B, C],
    h_prev: T[B, C],
    w: T[H, G],
    wci: T[C],
    wcf: T[C],
    wco: T[C],
    b: T[G],
    *,
    forget_bias: float = 1.0,
    cell_clip: float = 3.0,
    use_peephole: bool = False,
) -> tuple[T[B, C], T[B, C], T[B, C], T[B, C], T[B, C], T[B, C], T[B, C]]:
    """Compute one step of the long short-term memory; see the head of this file.

    Args:
        x: float[B, I].
        cs_prev: float[B, C], the memory before.
        h_prev: float[B, C], the outputs before.
        w: float[I + C, 4 C], weights of i, ci, f and o.
        wci: float[C], peephole of i.
        wcf: float[C], peephole of f.
        wco: float[C], peephole of o.
        b: float[4 C].
        forget_bias: added to f.
        cell_clip: bound of the memory; none if it is not positive.
        use_peephole: whether the gates see the memory.

    Returns:
        i, cs, f, o, ci, co, h: float[B, C] each.

    Raises:
        InvalidArgumentError: if sizes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check_sizes(x, cs_prev, h_prev, w, b)
    seen = Peepholes(wide(wci), wide(wcf), wide(wco)) if use_peephole else BLIND
    xh = np.concatenate([wide(x), wide(h_prev)], 1)
    made = step(xh, wide(cs_prev), wide(w), wide(b), seen, forget_bias, cell_clip)
    return tuple(each.astype(x.dtype, copy=False) for each in made)  # type: ignore[return-value]


@lstm_block_cell_op.shape
def lstm_block_cell_shape(
    x: Shape,
    cs_prev: Shape,
    h_prev: Shape,
    w: Shape,
    wci: Shape,
    wcf: Shape,
    wco: Shape,
    b: Shape,
    **_: Any,
) -> list[Shape]:
    return [Shape([x[0], cs_prev[1]])] * 7


@lstm_block_cell_op.gradient
def lstm_block_cell_gradient(op: Operation, *grads: Tensor | None) -> Gradients:
    """Give the gradients by way of those of the memory and of the outputs alone."""
    x, cs_prev, h_prev, w, wci, wcf, wco, b = op.inputs
    i, cs, f, o, ci, co, h = op.outputs
    of_cs, of_h = (ops.zeros_like_op(h) if grads[at] is None else grads[at] for at in (1, 6))
    of_cs_prev, of_gates, of_wci, of_wcf, of_wco = ops.lstm_block_cell_grad_op(
        *(x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, of_cs, of_h),
        use_peephole=op.attrs["use_peephole"],
    )
    of_xh = ops.mat_mul_op(of_gates, w, transpose_b=True)
    of_w = ops.mat_mul_op(ops.concat_v2_op([x, h_prev], 1), of_gates, transpose_a=True)
    sizes = [ops.shape_op(x), ops.shape_op(h_prev)]
    of_x = ops.slice_op(of_xh, [0, 0], sizes[0])
    at = ops.pack_op([0, ops.strided_slice_op(sizes[0], [1], [2], [1], shrink_axis_mask=1)])
    of_h_prev = ops.slice_op(of_xh, at, sizes[1])
    of_b = ops.bias_add_grad_op(of_gates)
    return [of_x, of_cs_prev, of_h_prev, of_w, of_wci, of_wcf, of_wco, of_b]


@op(
    "LSTMBlockCellGrad",
    T=_NARROW,
    outputs=("cs_prev_grad", "dicfo", "wci_grad", "wcf_grad", "wco_grad"),
)
def lstm_block_cell_grad_op(
    x: T[B, I],
    cs_prev: T[B, C],
    h_prev: T[B, C],
    w: T[H, G],
    wci: T[C],
    wcf: T[C],
    wco: T[C],
    b: T[G],
    i: T[B, C],
    cs: T[B, C],
    f: T[B, C],
    o: T[B, C],
    ci: T[B, C],
    co: T[B, C],
    cs_grad: T[B, C],
    h_grad: T[B, C],
    *,
    use_peephole: bool,
) -> tuple[T[B, C], T[B, G], T[C], T[C], T[C]]:
    """Give the gradients of one step of the long short-term memory.

    Args:
        x: as LSTMBlockCell's, and so on to `b`.
        cs_prev: likewise.
        h_prev: likewise.
        w: likewise.
        wci: likewise.
        wcf: likewise.
        wco: likewise.
        b: likewise.
        i: what LSTMBlockCell gave, and so on to `co`.
        cs: likewise.
        f: likewise.
        o: likewise.
        ci: likewise.
        co: likewise.
        cs_grad: float[B, C], the gradient of the memory.
        h_grad: float[B, C], that of the outputs.
        use_peephole: whether the gates see the memory.

    Returns:
        The gradients of cs_prev, float[B, C]; of [i, ci, f, o] before they are squashed,
        float[B, 4 C]; of wci, wcf and wco, float[C], zeros if the gates do not see the memory.

    Source: TensorFlow's op of the same name.
    """
    seen = Peepholes(wide(wci), wide(wcf), wide(wco)) if use_peephole else BLIND
    gates = Gates(*map(wide, (i, cs, f, o, ci, co, co)))
    made = step_back(gates, wide(cs_prev), seen, wide(cs_grad), wide(h_grad))
    of_cs_prev, of_gates, of_seen = made
    found = (of_cs_prev, of_gates, *_gradients_of(of_seen, use_peephole))
    return tuple(each.astype(x.dtype, copy=False) for each in found)  # type: ignore[return-value]


def _gradients_of(seen: Peepholes, use_peephole: bool) -> list[Array]:
    return [each if use_peephole else np.zeros_like(each) for each in seen]


@lstm_block_cell_grad_op.shape
def lstm_block_cell_grad_shape(
    x: Shape, cs_prev: Shape, *others: Shape, use_peephole: bool
) -> list[Shape]:
    batch, cells = x[0], cs_prev[1]
    return [Shape([batch, cells]), Shape([batch, 4 * cells])] + [Shape([cells])] * 3


lstm_block_cell_grad_op.no_gradient("TensorFlow defines none", refuse=True)
