"""CPU kernel of the CTC loss: both passes of the dynamic programme in compiled loops.

Examples are independent: parts of the batch run on different threads.  All is in double precision,
as in the body.

Source: Graves et al. (2006); docs/kernels.md has the figures.
"""

from __future__ import annotations

import math

import numpy as np

from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.nn.ctc import checked_paths, ctc_loss_op, log_probabilities, moves

COST = 60  # simple operations per step and state: six exponentials or logarithms


@ctc_loss_op.kernel("CPU")
def ctc_loss(
    inputs,
    labels_indices,
    labels_values,
    sequence_length,
    *,
    preprocess_collapse_repeated=False,
    ctc_merge_repeated=True,
    ignore_longer_outputs_than_inputs=False,
):
    """Compute -log P(labels | inputs) of each example, and its gradient."""
    paths = list(
        checked_paths(
            inputs,
            (labels_indices, labels_values, sequence_length),
            collapses=preprocess_collapse_repeated,
            skips_longer=ignore_longer_outputs_than_inputs,
        )
    )
    steps, batch, classes = inputs.shape
    # an example's steps lie together: [N, T, C]
    log_y = np.ascontiguousarray(log_probabilities(inputs).transpose(1, 0, 2))
    loss, gradient = np.zeros(batch), np.zeros((batch, steps, classes))

    def work(first, last):
        for example, path in paths[first:last]:
            own = int(sequence_length[example])
            stays, skips = moves(path, classes - 1, merges=ctc_merge_repeated)
            scratch = np.empty((3, own, len(path)))
            parts = loss[example : example + 1], gradient[example, :own]
            path_loops(log_y[example, :own], path, stays, skips, scratch, *parts)

    cost = COST * steps * max((len(path) for _, path in paths), default=1)
    threads.split(work, len(paths), cost=cost)
    return loss.astype(inputs.dtype), gradient.transpose(1, 0, 2).astype(inputs.dtype)


@loops
def path_loops(log_y, path, stays, skips, out_scratch, out_loss, out_gradient):
    """Fill one example's loss and gradient; `out_scratch` holds emitted, alpha and beta."""
    emitted, alpha, beta = out_scratch[0], out_scratch[1], out_scratch[2]
    for t in range(log_y.shape[0]):
        for u in range(path.size):
            emitted[t, u] = log_y[t, path[u]]
    forward_loops(emitted, stays, skips, alpha)
    backward_loops(emitted, stays, skips, beta)
    total = -np.inf
    for u in range(path.size):
        total = log_sum(total, alpha[0, u] + beta[0, u], -np.inf)
    out_loss[0] = -total
    for t in range(log_y.shape[0]):
        for c in range(log_y.shape[1]):
            out_gradient[t, c] = math.exp(log_y[t, c])
        if total > -np.inf:
            for u in range(path.size):
                out_gradient[t, path[u]] -= math.exp(alpha[t, u] + beta[t, u] - total)


@loops
def forward_loops(emitted, stays, skips, out):
    """Fill alpha[t, u]: from the state itself, the one before, and over a blank."""
    steps, states = emitted.shape
    for u in range(states):
        out[0, u] = emitted[0, u] if u < 2 else -np.inf
    for t in range(1, steps):
        for u in range(states):
            a = out[t - 1, u] if stays[u] else -np.inf
            b = out[t - 1, u - 1] if u >= 1 else -np.inf
            c = out[t - 1, u - 2] if skips[u] else -np.inf
            out[t, u] = emitted[t, u] + log_sum(a, b, c)


@loops
def backward_loops(emitted, stays, skips, out):
    """Fill beta[t, u]: to the state itself, the next one, and over a blank."""
    steps, states = emitted.shape
    for u in range(states):
        out[steps - 1, u] = 0.0 if u >= states - 2 else -np.inf
    for t in range(steps - 2, -1, -1):
        for u in range(states):
            a = out[t + 1, u] + emitted[t + 1, u] if stays[u] else -np.inf
            b = out[t + 1, u + 1] + emitted[t + 1, u + 1] if u + 1 < states else -np.inf
            over = u + 2 < states and skips[u + 2]
            c = out[t + 1, u + 2] + emitted[t + 1, u + 2] if over else -np.inf
            out[t, u] = log_sum(a, b, c)


@loops
def log_sum(a, b, c):
    """Return log(e^a + e^b + e^c)."""
    if a < b:
        a, b = b, a
    if a < c:
        a, c = c, a
    if a == -np.inf:
        return a
    return a + math.log1p(math.exp(b - a) + math.exp(c - a))
