"""Cells in NumPy, and a loop over steps: what recurrent networks are compared with."""

from __future__ import annotations

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rnn(weights, x, h):
    kernel, bias = weights
    h = np.tanh(np.hstack([x, h]) @ kernel + bias)
    return h, (h,)


def gru(weights, x, h):
    kernel, bias, candidate_kernel, candidate_bias = weights
    r, u = np.split(sigmoid(np.hstack([x, h]) @ kernel + bias), 2, axis=1)
    c = np.tanh(np.hstack([x, r * h]) @ candidate_kernel + candidate_bias)
    h = u * h + (1 - u) * c
    return h, (h,)


def lstm(weights, x, c, h, forget_bias=1.0):
    kernel, bias = weights
    i, j, f, o = np.split(np.hstack([x, h]) @ kernel + bias, 4, axis=1)
    c = sigmoid(f + forget_bias) * c + sigmoid(i) * np.tanh(j)
    h = sigmoid(o) * np.tanh(c)
    return h, (c, h)


def along_time(step, weights, x, states, lengths=None):
    """Return the outputs [batch, time, ...] and the last states of a cell run on x."""
    outputs = []
    for time in range(x.shape[1]):
        y, following = step(weights, x[:, time], *states)
        if lengths is not None:
            ended = (time >= np.asarray(lengths))[:, None]
            y = np.where(ended, 0, y)
            following = [np.where(ended, *each) for each in zip(states, following, strict=True)]
        outputs.append(y)
        states = following
    return np.stack(outputs, 1), states
