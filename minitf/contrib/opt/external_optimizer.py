"""Minimising a loss by an algorithm outside the graph, which asks the graph for loss and gradient.

    loss = tf.reduce_sum(tf.square(vector - 1))
    optimizer = tf.contrib.opt.ScipyOptimizerInterface(loss, options={"maxiter": 100})
    optimizer.minimize(session)              # L-BFGS-B; `vector` then holds the minimum

All variables are one vector to the algorithm.  Each time it wants the loss at some point, they take
that value for one run, without being written; at the end they are written once.

Source: OSDI §4.1 (L-BFGS); TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from minitf.api.array import concat, reshape
from minitf.api.constants import placeholder, zeros_like
from minitf.api.gradients import gradients
from minitf.api.state import trainable_variables
from minitf.compat import logging
from minitf.session.session import get_default_session
from minitf.tensor import Tensor
from minitf.variables.resource import ResourceVariable

Array = np.ndarray[Any, Any]


class ExternalOptimizerInterface:
    """The base of interfaces to such algorithms; a subclass supplies `_minimize`.

    Args:
        loss: a scalar Tensor.
        var_list: the variables to change; all trainable ones by default.
        equalities: scalar Tensors to be held at 0.
        inequalities: scalar Tensors to be held at 0 or above.
        var_to_bounds: variable -> (low, high), each a number or an array that broadcasts to it.
        optimizer_kwargs: other arguments of the algorithm.

    Raises:
        ValueError: if there are no variables.

    Source: TensorFlow 1.15's tf.contrib.opt.ExternalOptimizerInterface.
    """

    def __init__(
        self,
        loss: Tensor,
        var_list: Iterable[Any] | None = None,
        equalities: Sequence[Tensor] | None = None,
        inequalities: Sequence[Tensor] | None = None,
        var_to_bounds: Mapping[Any, tuple[Any, Any]] | None = None,
        **optimizer_kwargs: Any,
    ) -> None:
        self._loss = loss
        self._equalities = list(equalities or ())
        self._inequalities = list(inequalities or ())
        self._vars = trainable_variables() if var_list is None else list(var_list)
        if not self._vars:
            raise ValueError("No variables to optimize.")
        self._packed_bounds = _packed_bounds(self._vars, var_to_bounds)
        self._update_placeholders = [placeholder(var.dtype.base_dtype) for var in self._vars]
        self._var_updates = [
            var.assign(reshape(value, _shape_of(var)))
            for var, value in zip(self._vars, self._update_placeholders, strict=True)
        ]
        self._packed_loss_grad = self._gradient(loss)
        self._packed_equality_grads = [self._gradient(each) for each in self._equalities]
        self._packed_inequality_grads = [self._gradient(each) for each in self._inequalities]
        self.optimizer_kwargs = optimizer_kwargs
        self._packed_var = _packed(self._vars)
        ends = np.cumsum([0, *[math.prod(_shape_of(var)) for var in self._vars]]).tolist()
        self._packing_slices = list(map(slice, ends[:-1], ends[1:]))

    def minimize(
        self,
        session: Any = None,
        feed_dict: Mapping[Any, Any] | None = None,
        fetches: Sequence[Any] | None = None,
        step_callback: Callable[[Array], Any] | None = None,
        loss_callback: Callable[..., Any] | None = None,
        **run_kwargs: Any,
    ) -> None:
        """Minimise the loss and write the result to the variables.

        Args:
            session: the session that holds the variables; the default one if None is given.
            feed_dict: what to feed besides the variables.
            fetches: what to fetch besides loss and gradient, for `loss_callback`.
            step_callback: called after each step of the algorithm with all variables as a vector.
            loss_callback: called whenever loss and gradient were computed, with the fetched values.
            run_kwargs: arguments of the `session.run` that writes the result.
        """
        session = session or get_default_session()
        others = dict(feed_dict or {})

        def evaluator(wanted: Sequence[Tensor], callback: Any = None) -> Callable[[Array], Any]:
            """Return a function from all variables as a vector to the wanted values."""

            def evaluate(x: Array) -> list[Any]:
                feeds = {**self._moved(session, x), **others}
                values = session.run([*wanted, *(fetches or ())], feed_dict=feeds)
                if callback is not None:
                    callback(*values[len(wanted) :])
                return list(values[: len(wanted)])

            return evaluate

        def each(tensors: Sequence[Tensor]) -> list[Callable[[Array], Any]]:
            return [evaluator([tensor]) for tensor in tensors]

        found = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=evaluator([self._loss, self._packed_loss_grad], loss_callback),
            equality_funcs=each(self._equalities),
            equality_grad_funcs=each(self._packed_equality_grads),
            inequality_funcs=each(self._inequalities),
            inequality_grad_funcs=each(self._packed_inequality_grads),
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda xk: None),
            optimizer_kwargs=self.optimizer_kwargs,
        )
        parts = [found[each] for each in self._packing_slices]
        values = dict(zip(self._update_placeholders, parts, strict=True))
        session.run(self._var_updates, feed_dict=values, **run_kwargs)

    def _minimize(
        self,
        initial_val: Array,
        loss_grad_func: Callable[[Array], Any],
        equality_funcs: list[Callable[[Array], Any]],
        equality_grad_funcs: list[Callable[[Array], Any]],
        inequality_funcs: list[Callable[[Array], Any]],
        inequality_grad_funcs: list[Callable[[Array], Any]],
        packed_bounds: list[tuple[float, float]] | None,
        step_callback: Callable[[Array], Any],
        optimizer_kwargs: Mapping[str, Any],
    ) -> Array:
        """Return the vector that minimises the loss: what a subclass supplies.

        Args:
            initial_val: the variables as a vector.
            loss_grad_func: from a vector to loss and gradient.
            equality_funcs: from a vector to what must be 0.
            equality_grad_funcs: their gradients.
            inequality_funcs: from a vector to what must be 0 or above.
            inequality_grad_funcs: their gradients.
            packed_bounds: low and high of each element, or None.
            step_callback: to be called after each step with the vector.
            optimizer_kwargs: the constructor's other arguments.
        """
        raise NotImplementedError(
            "To use ExternalOptimizerInterface, subclass from it and implement the _minimize() "
            "method."
        )

    def _gradient(self, tensor: Tensor) -> Tensor:
        grads = gradients(tensor, self._vars)
        pairs = zip(grads, self._vars, strict=True)
        return _packed([zeros_like(var) if grad is None else grad for grad, var in pairs])

    def _moved(self, session: Any, x: Array) -> dict[Any, Array]:
        """Return feeds that put variables at a point; those that cannot be fed are written."""
        feeds, updates, values = {}, [], {}
        for var, part, update, value in zip(
            *(self._vars, self._packing_slices, self._var_updates, self._update_placeholders),
            strict=True,
        ):
            if isinstance(var, ResourceVariable):
                updates.append(update)
                values[value] = x[part]
            else:
                feeds[var] = x[part].reshape(_shape_of(var))
        if updates:
            session.run(updates, feed_dict=values)
        return feeds


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """Minimises by `scipy.optimize.minimize`, by L-BFGS-B unless `method` says otherwise.

    SciPy is imported when `minimize` is called; it is not among what MiniTF installs.
    Arguments as of ExternalOptimizerInterface; `method`, `options`, `tol` are SciPy's.

    Source: TensorFlow 1.15's tf.contrib.opt.ScipyOptimizerInterface.
    """

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(
        self,
        initial_val: Array,
        loss_grad_func: Callable[[Array], Any],
        equality_funcs: list[Callable[[Array], Any]],
        equality_grad_funcs: list[Callable[[Array], Any]],
        inequality_funcs: list[Callable[[Array], Any]],
        inequality_grad_funcs: list[Callable[[Array], Any]],
        packed_bounds: list[tuple[float, float]] | None,
        step_callback: Callable[[Array], Any],
        optimizer_kwargs: Mapping[str, Any],
    ) -> Array:
        """Call SciPy.

        Raises:
            ImportError: if SciPy is not installed.
            ValueError: if an argument is given that is set here.
        """
        options = dict(optimizer_kwargs)
        method = options.pop("method", self._DEFAULT_METHOD)
        if "bounds" in options:
            raise ValueError("Bounds must be set using the var_to_bounds argument")
        for name in ("jac", "callback", "constraints"):
            if name in options:
                raise ValueError(
                    f"Optimizer keyword arg '{name}' is set automatically and cannot be injected "
                    "manually"
                )

        def constraints(kind: str, functions: Any, grads: Any) -> list[dict[str, Any]]:
            return [
                {"type": kind, "fun": _doubles(function), "jac": _doubles(grad)}
                for function, grad in zip(functions, grads, strict=True)
            ]

        result = _scipy_minimize()(
            lambda x: [each.astype(np.float64) for each in loss_grad_func(x)],
            initial_val.astype(np.float64),
            jac=True,
            callback=step_callback,
            method=method,
            constraints=[
                *constraints("eq", equality_funcs, equality_grad_funcs),
                *constraints("ineq", inequality_funcs, inequality_grad_funcs),
            ],
            bounds=packed_bounds,
            **options,
        )
        lines = [
            "Optimization terminated with:",
            f"  Message: {result.message}",
            f"  Objective function value: {result.fun:f}",
        ]
        for name, what in (("nit", "iterations"), ("nfev", "functions evaluations")):
            if hasattr(result, name):
                lines.append(f"  Number of {what}: {getattr(result, name)}")
        logging.info("\n".join(lines))
        found: Array = result.x
        return found


def _scipy_minimize() -> Callable[..., Any]:
    try:
        module = import_module("scipy.optimize")
    except ImportError as error:
        raise ImportError(
            "ScipyOptimizerInterface needs SciPy, which is not installed: `pip install scipy`"
        ) from error
    minimize: Callable[..., Any] = module.minimize
    return minimize


def _doubles(function: Callable[[Array], Any]) -> Callable[[Array], Array]:
    """Return a function that gives its one value in the type that SciPy wants."""
    return lambda x: np.asarray(function(x)[0], np.float64)


def _packed(tensors: Sequence[Any]) -> Tensor:
    """Return all elements of several Tensors as one vector."""
    flat = [reshape(each, [-1]) for each in tensors]
    return flat[0] if len(flat) == 1 else concat(flat, 0)


def _packed_bounds(
    variables: Sequence[Any], bounds: Mapping[Any, tuple[Any, Any]] | None
) -> list[tuple[float, float]] | None:
    if bounds is None:
        return None
    pairs: list[tuple[float, float]] = []
    for variable in variables:
        limits = bounds.get(variable, (-np.inf, np.inf))
        low, high = [
            np.broadcast_to(default if limit is None else limit, _shape_of(variable)).ravel()
            for limit, default in zip(limits, (-np.inf, np.inf), strict=True)
        ]
        pairs += zip(low.tolist(), high.tolist(), strict=True)
    return pairs


def _shape_of(variable: Any) -> tuple[int, ...]:
    return tuple(variable.get_shape().as_list())
