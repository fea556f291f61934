"""The long short-term memory over a whole sequence as one op; see `minitf.ops.nn.block_lstm`.

BlockLSTM has the columns of its weights in the order i, ci, f, o, BlockLSTMV2 in the order i, f,
ci, o, which is that of cuDNN.  From step `seq_len_max` on outputs and gradients are zeros.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.nn.block_lstm import BLIND, STEP, Gates, Peepholes, check_sizes, step, step_back
from minitf.ops.precision import wide
from minitf.shapes import Shape
from minitf.symbols import B, C, G, H, I, T, int64, t
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]
_NARROW = types("float16", "float32")
_GRADIENTS = (
    *("x_grad", "cs_prev_grad", "h_prev_grad", "w_grad"),
    *("wci_grad", "wcf_grad", "wco_grad", "b_grad"),
)


def _swapped(columns: Array) -> Array:
    """Exchange the second and the third fourth of the last axis: i, ci, f, o and i, f, ci, o."""
    first, second, third, fourth = np.split(columns, 4, -1)
    return np.concatenate([first, third, second, fourth], -1)


def _forwards(
    inputs: tuple[Array, ...], use_peephole: bool, bias: float, clip: float
) -> tuple[Array, ...]:
    """Run the steps of a sequence, weights in the order i, ci, f, o."""
    count, x, cs, h, w, *seen, b = inputs
    steps, batch, _ = x.shape
    if steps:
        check_sizes(x[0], cs, h, w, b)
    found = Peepholes(*map(wide, seen)) if use_peephole else BLIND
    cs, h, w, b = map(wide, (cs, h, w, b))
    out = Gates(*np.zeros((7, steps, batch, cs.shape[1]), x.dtype))
    for at in range(min(int(count), steps)):
        gates = step(np.concatenate([wide(x[at]), h], 1), cs, w, b, found, bias, clip)
        for each, value in zip(out, gates, strict=True):
            each[at] = value
        cs, h = gates.cs, gates.h
    return out


def _backwards(inputs: tuple[Array, ...], use_peephole: bool) -> tuple[Array, ...]:
    """Run the steps of a sequence from the last one, weights in the order i, ci, f, o."""
    count, x, cs_prev, h_prev, w, wci, wcf, wco, b, *made, of_cs, of_h = inputs
    steps, _, depth = x.shape
    seen = Peepholes(*map(wide, (wci, wcf, wco))) if use_peephole else BLIND
    gates = Gates(*map(wide, made))
    weights, cs_prev, h_prev = wide(w), wide(cs_prev), wide(h_prev)
    of_x = np.zeros_like(wide(x))
    of_w, of_b = np.zeros_like(weights), np.zeros_like(wide(b))
    of_seen = [np.zeros_like(wide(each)) for each in (wci, wcf, wco)]
    back_cs, back_h = np.zeros_like(cs_prev), np.zeros_like(h_prev)
    for at in reversed(range(min(int(count), steps))):
        before = (gates.cs[at - 1], gates.h[at - 1]) if at else (cs_prev, h_prev)
        now = Gates(*[each[at] for each in gates])
        back_cs, of_gates, of_now = step_back(
            now, before[0], seen, wide(of_cs[at]) + back_cs, wide(of_h[at]) + back_h
        )
        of_xh = of_gates @ weights.T
        of_x[at], back_h = of_xh[:, :depth], of_xh[:, depth:]
        of_w += np.concatenate([wide(x[at]), before[1]], 1).T @ of_gates
        of_b += of_gates.sum(0)
        if use_peephole:
            of_seen = [total + each for total, each in zip(of_seen, of_now, strict=True)]
    found = (of_x, back_cs, back_h, of_w, *of_seen, of_b)
    return tuple(each.astype(x.dtype, copy=False) for each in found)


# --- BlockLSTM, BlockLSTMV2 ----------------------------------------------------------------------


@op("BlockLSTM", T=_NARROW, outputs=STEP)
def block_lstm_op(
    seq_len_max: int64[()],
    x: T[t, B, I],
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
) -> tuple[T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C]]:
    """Run the long short-term memory along a sequence.

    Args:
        seq_len_max: scalar, how many steps to run.
        x: float[t, B, I].
        cs_prev: float[B, C], the memory at first.
        h_prev: float[B, C], the outputs at first.
        w: float[I + C, 4 C], weights of i, ci, f and o.
        wci: float[C], peephole of i.
        wcf: float[C], peephole of f.
        wco: float[C], peephole of o.
        b: float[4 C].
        forget_bias: added to f.
        cell_clip: bound of the memory; none if it is not positive.
        use_peephole: whether the gates see the memory.

    Returns:
        i, cs, f, o, ci, co, h: float[t, B, C] each.

    Raises:
        InvalidArgumentError: if sizes do not fit.

    Source: TensorFlow's op of the same name.
    """
    inputs = (seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b)
    return _forwards(inputs, use_peephole, forget_bias, cell_clip)  # type: ignore[return-value]


@op("BlockLSTMV2", T=_NARROW, outputs=STEP)
def block_lstmv2_op(
    seq_len_max: int64[()],
    x: T[t, B, I],
    cs_prev: T[B, C],
    h_prev: T[B, C],
    w: T[H, G],
    wci: T[C],
    wcf: T[C],
    wco: T[C],
    b: T[G],
    *,
    cell_clip: float = 0.0,
    use_peephole: bool = False,
) -> tuple[T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C], T[t, B, C]]:
    """Run the long short-term memory along a sequence, weights in another order, no extra bias.

    Args:
        seq_len_max: as BlockLSTM's, and so on.
        x: likewise.
        cs_prev: likewise.
        h_prev: likewise.
        w: float[I + C, 4 C], weights of i, f, ci and o.
        wci: as BlockLSTM's.
        wcf: likewise.
        wco: likewise.
        b: float[4 C], in the order of `w`.
        cell_clip: bound of the memory; none if it is not positive.
        use_peephole: whether the gates see the memory.

    Returns:
        i, cs, f, o, ci, co, h: float[t, B, C] each.

    Raises:
        InvalidArgumentError: if sizes do not fit.

    Source: TensorFlow's op of the same name.
    """
    inputs = (seq_len_max, x, cs_prev, h_prev, _swapped(w), wci, wcf, wco, _swapped(b))
    return _forwards(inputs, use_peephole, 0.0, cell_clip)  # type: ignore[return-value]


@block_lstm_op.shape
def block_lstm_shape(seq_len_max: Shape, x: Shape, cs_prev: Shape, *_: Shape, **__: Any) -> Any:
    return [Shape([*x[:2], cs_prev[1]])] * 7


block_lstmv2_op.shape(block_lstm_shape)


def _gradient(grad_op: Any, op: Operation, grads: tuple[Tensor | None, ...]) -> Gradients:
    zeros = ops.zeros_like_op(op.outputs[1])
    of_cs, of_h = (zeros if grads[at] is None else grads[at] for at in (1, 6))
    made = grad_op(*op.inputs, *op.outputs, of_cs, of_h, use_peephole=op.attrs["use_peephole"])
    return [None, *made]


@block_lstm_op.gradient
def block_lstm_gradient(op: Operation, *grads: Tensor | None) -> Gradients:
    return _gradient(ops.block_lstm_grad_op, op, grads)


@block_lstmv2_op.gradient
def block_lstmv2_gradient(op: Operation, *grads: Tensor | None) -> Gradients:
    return _gradient(ops.block_lstm_grad_v2_op, op, grads)


# --- BlockLSTMGrad, BlockLSTMGradV2 --------------------------------------------------------------


@op("BlockLSTMGrad", T=_NARROW, outputs=_GRADIENTS)
def block_lstm_grad_op(
    seq_len_max: int64[()],
    x: T[t, B, I],
    cs_prev: T[B, C],
    h_prev: T[B, C],
    w: T[H, G],
    wci: T[C],
    wcf: T[C],
    wco: T[C],
    b: T[G],
    i: T[t, B, C],
    cs: T[t, B, C],
    f: T[t, B, C],
    o: T[t, B, C],
    ci: T[t, B, C],
    co: T[t, B, C],
    h: T[t, B, C],
    cs_grad: T[t, B, C],
    h_grad: T[t, B, C],
    *,
    use_peephole: bool,
) -> tuple[T[t, B, I], T[B, C], T[B, C], T[H, G], T[C], T[C], T[C], T[G]]:
    """Give the gradients of the long short-term memory along a sequence.

    Args:
        seq_len_max: as BlockLSTM's, and so on to `b`.
        x: likewise.
        cs_prev: likewise.
        h_prev: likewise.
        w: likewise.
        wci: likewise.
        wcf: likewise.
        wco: likewise.
        b: likewise.
        i: what BlockLSTM gave, and so on to `h`.
        cs: likewise.
        f: likewise.
        o: likewise.
        ci: likewise.
        co: likewise.
        h: likewise.
        cs_grad: float[t, B, C], the gradient of the memory.
        h_grad: float[t, B, C], that of the outputs.
        use_peephole: whether the gates see the memory.

    Returns:
        The gradients of x, cs_prev, h_prev, w, wci, wcf, wco and b.

    Source: TensorFlow's op of the same name.
    """
    inputs = (seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b)
    made = (i, cs, f, o, ci, co, h)
    return _backwards((*inputs, *made, cs_grad, h_grad), use_peephole)  # type: ignore[return-value]


@op("BlockLSTMGradV2", T=_NARROW, outputs=_GRADIENTS)
def block_lstm_grad_v2_op(
    seq_len_max: int64[()],
    x: T[t, B, I],
    cs_prev: T[B, C],
    h_prev: T[B, C],
    w: T[H, G],
    wci: T[C],
    wcf: T[C],
    wco: T[C],
    b: T[G],
    i: T[t, B, C],
    cs: T[t, B, C],
    f: T[t, B, C],
    o: T[t, B, C],
    ci: T[t, B, C],
    co: T[t, B, C],
    h: T[t, B, C],
    cs_grad: T[t, B, C],
    h_grad: T[t, B, C],
    *,
    use_peephole: bool,
) -> tuple[T[t, B, I], T[B, C], T[B, C], T[H, G], T[C], T[C], T[C], T[G]]:
    """Give the gradients of BlockLSTMV2: those of BlockLSTM, weights in another order.

    Args:
        seq_len_max: as BlockLSTMV2's, and so on to `b`.
        x: likewise.
        cs_prev: likewise.
        h_prev: likewise.
        w: likewise.
        wci: likewise.
        wcf: likewise.
        wco: likewise.
        b: likewise.
        i: what BlockLSTMV2 gave, and so on to `h`.
        cs: likewise.
        f: likewise.
        o: likewise.
        ci: likewise.
        co: likewise.
        h: likewise.
        cs_grad: float[t, B, C], the gradient of the memory.
        h_grad: float[t, B, C], that of the outputs.
        use_peephole: whether the gates see the memory.

    Returns:
        The gradients of x, cs_prev, h_prev, w, wci, wcf, wco and b.

    Source: TensorFlow's op of the same name.
    """
    inputs = (seq_len_max, x, cs_prev, h_prev, _swapped(w), wci, wcf, wco, _swapped(b))
    made = (i, cs, f, o, ci, co, h)
    found = _backwards((*inputs, *made, cs_grad, h_grad), use_peephole)
    of_x, of_cs, of_h, of_w, *of_seen, of_b = found
    return (of_x, of_cs, of_h, _swapped(of_w), *of_seen, _swapped(of_b))  # type: ignore[return-value]


@block_lstm_grad_op.shape
def block_lstm_grad_shape(seq_len_max: Shape, *inputs: Shape, use_peephole: bool) -> list[Shape]:
    return list(inputs[:8])


block_lstm_grad_v2_op.shape(block_lstm_grad_shape)
block_lstm_grad_op.no_gradient("TensorFlow defines none", refuse=True)
block_lstm_grad_v2_op.no_gradient("TensorFlow defines none", refuse=True)
