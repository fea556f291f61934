"""Every optimizer with the arguments that tests give it, and its formula in textbook form."""

from __future__ import annotations

from typing import Any

import numpy as np


def step_of(tf: Any) -> Any:
    return tf.train.get_or_create_global_step()


# name -> (module `tf`, type `n` of numbers) -> optimizer
OPTIMIZERS = {
    "descent": lambda tf, n=float: tf.train.GradientDescentOptimizer(n(0.1)),
    "momentum": lambda tf, n=float: tf.train.MomentumOptimizer(n(0.1), n(0.9)),
    "nesterov": lambda tf, n=float: tf.train.MomentumOptimizer(n(0.1), n(0.9), use_nesterov=True),
    "adam": lambda tf, n=float: tf.train.AdamOptimizer(n(0.1), n(0.8), n(0.95), n(1e-3)),
    "adagrad": lambda tf, n=float: tf.train.AdagradOptimizer(n(0.3), n(0.2)),
    "adagrad_da": lambda tf, n=float: tf.train.AdagradDAOptimizer(
        n(0.3), step_of(tf), n(0.2), n(0.01), n(0.02)
    ),
    "adadelta": lambda tf, n=float: tf.train.AdadeltaOptimizer(n(0.5), n(0.9), n(1e-3)),
    "rms_prop": lambda tf, n=float: tf.train.RMSPropOptimizer(n(0.05), n(0.9), n(0.5), n(1e-3)),
    "centered": lambda tf, n=float: tf.train.RMSPropOptimizer(
        n(0.05), n(0.9), n(0.5), n(1e-3), centered=True
    ),
    "ftrl": lambda tf, n=float: tf.train.FtrlOptimizer(n(0.5), n(-0.5), n(0.1), n(0.01), n(0.02)),
    "ftrl_shrinkage": lambda tf, n=float: tf.train.FtrlOptimizer(
        n(0.5),
        n(-0.7),
        n(0.1),
        n(0.01),
        n(0.02),
        accum_name="Squares",
        linear_name="Losses",
        l2_shrinkage_regularization_strength=n(0.03),
    ),
    "proximal": lambda tf, n=float: tf.train.ProximalGradientDescentOptimizer(
        n(0.1), n(0.01), n(0.02)
    ),
    "proximal_adagrad": lambda tf, n=float: tf.train.ProximalAdagradOptimizer(
        n(0.3), n(0.2), n(0.01), n(0.02)
    ),
}

# --- formulas: (variable, gradient, number of the step from 0, state) -> variable -----------------


def descent(w, g, t, state):
    return w - 0.1 * g


def momentum(w, g, t, state):
    state["m"] = 0.9 * state.get("m", 0) + g
    return w - 0.1 * state["m"]


def nesterov(w, g, t, state):
    state["m"] = 0.9 * state.get("m", 0) + g
    return w - 0.1 * (g + 0.9 * state["m"])


def adam(w, g, t, state):
    state["m"] = 0.8 * state.get("m", 0) + 0.2 * g
    state["v"] = 0.95 * state.get("v", 0) + 0.05 * g**2
    rate = 0.1 * np.sqrt(1 - 0.95 ** (t + 1)) / (1 - 0.8 ** (t + 1))
    return w - rate * state["m"] / (np.sqrt(state["v"]) + 1e-3)


def adagrad(w, g, t, state):
    state["a"] = state.get("a", 0.2) + g**2
    return w - 0.3 * g / np.sqrt(state["a"])


def adagrad_da(w, g, t, state):
    state["g"] = state.get("g", 0) + g
    state["a"] = state.get("a", 0.2) + g**2
    left = np.maximum(np.abs(state["g"]) - (t + 1) * 0.01, 0)
    return -0.3 * np.sign(state["g"]) * left / (np.sqrt(state["a"]) + (t + 1) * 0.3 * 0.02)


def adadelta(w, g, t, state):
    state["a"] = 0.9 * state.get("a", 0) + 0.1 * g**2
    update = g * np.sqrt(state.get("u", 0) + 1e-3) / np.sqrt(state["a"] + 1e-3)
    state["u"] = 0.9 * state.get("u", 0) + 0.1 * update**2
    return w - 0.5 * update


def rms_prop(w, g, t, state):
    state["s"] = 0.9 * state.get("s", 1) + 0.1 * g**2
    state["m"] = 0.5 * state.get("m", 0) + 0.05 * g / np.sqrt(state["s"] + 1e-3)
    return w - state["m"]


def centered(w, g, t, state):
    state["g"] = 0.9 * state.get("g", 0) + 0.1 * g
    state["s"] = 0.9 * state.get("s", 1) + 0.1 * g**2
    deviation = np.sqrt(state["s"] - state["g"] ** 2 + 1e-3)
    state["m"] = 0.5 * state.get("m", 0) + 0.05 * g / deviation
    return w - state["m"]


def ftrl(w, g, t, state, power=0.5, shrinkage=0.0):
    """Minimise z w + (sum of 1/rate changes) / 2 w^2 + l1 |w| + l2 w^2 in closed form."""
    before = state.get("n", 0.1)
    state["n"] = before + g**2
    sigma = (state["n"] ** power - before**power) / 0.5
    state["z"] = state.get("z", 0) + g + 2 * shrinkage * w - sigma * w
    found = -(state["z"] - np.sign(state["z"]) * 0.01) / (state["n"] ** power / 0.5 + 2 * 0.02)
    return np.where(np.abs(state["z"]) <= 0.01, 0, found)


def ftrl_shrinkage(w, g, t, state):
    return ftrl(w, g, t, state, power=0.7, shrinkage=0.03)


def shrunk(w, rate):
    return np.sign(w) * np.maximum(np.abs(w) - rate * 0.01, 0) / (1 + rate * 0.02)


def proximal(w, g, t, state):
    return shrunk(w - 0.1 * g, 0.1)


def proximal_adagrad(w, g, t, state):
    state["a"] = state.get("a", 0.2) + g**2
    rate = 0.3 / np.sqrt(state["a"])
    return shrunk(w - rate * g, rate)


FORMULAS = {name: globals()[name] for name in OPTIMIZERS}
