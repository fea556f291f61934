"""`tf.custom_gradient`: a function together with the gradient that its author knows.

The function's results, arguments and variables pass through one IdentityN, whose gradient is the
author's function; so nothing inside is ever differentiated.

Source: OSDI §4.1 (users write gradients); TensorFlow 1.15, `custom_gradient`.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.autodiff.backward import gradients
from minitf.autodiff.between import carries_gradients
from minitf.autodiff.registry import register_in
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import resource
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function its own gradient.

        @tf.custom_gradient
        def log1pexp(x):
            e = tf.exp(x)
            return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    Args:
        f: takes Tensors; returns (results, grad_fn).  `grad_fn(*gradients of results)` returns the
            gradients of the arguments; if `f` uses variables, which must be ResourceVariables, it
            takes `variables=` too and returns (gradients of the arguments, gradients of those).

    Returns:
        A function of the same arguments that returns the results.
    """

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise ValueError(
                "The custom_gradient decorator currently supports keywords arguments only when "
                f"eager execution is enabled: pass {', '.join(kwargs)} by position."
            )
        return _called(f, [convert_to_tensor(each) for each in args])

    return decorated


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function the gradient of identity: what comes back at its results goes on.

    Args:
        f: takes as many Tensors as it returns.
    """

    @functools.wraps(f)
    def decorated(*args: Any) -> Any:
        def passing(*given: Tensor) -> Any:
            def grad(*grads: Any, variables: Any = ()) -> Any:
                return (grads, [None] * len(variables)) if variables else grads

            return f(*given), grad

        return _called(passing, [convert_to_tensor(each) for each in args], checks=False)

    return decorated


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function's gradient compute once more what it needs, and keep nothing for it.

    Args:
        f: takes Tensors and returns Tensors; what it makes of random numbers or of variables that
            it creates would differ the second time.
    """

    @functools.wraps(f)
    def decorated(*args: Any) -> Any:
        def again(*given: Tensor) -> Any:
            def grad(*grads: Any, variables: Any = ()) -> Any:
                with default_graph().control_dependencies(grads):
                    copies = [ops.identity_op(each) for each in given]
                    results = [convert_to_tensor(each) for each in nest.flatten(f(*copies))]
                found = gradients(results, [*copies, *variables], list(grads))
                if not variables:
                    return found
                return found[: len(given)], found[len(given) :]

            return f(*given), grad

        return _called(again, [convert_to_tensor(each) for each in args], checks=False)

    return decorated


def _called(f: Callable[..., Any], args: list[Tensor], *, checks: bool = True) -> Any:
    graph = default_graph()
    before = {id(each) for each in _variables()}
    result, grad_fn = f(*args)
    if any(id(each) not in before and not _is_resource(each) for each in _variables()):
        raise TypeError(
            "All variables used by a function wrapped with @custom_gradient must be "
            "`ResourceVariable`s. Ensure that no `variable_scope` is created with "
            "`use_resource=False`."
        )
    results = [convert_to_tensor(each) for each in nest.flatten(result)]
    used = _used_variables(results, args)
    if checks:
        _check_signature(grad_fn, used)

    def gradient(op: Any, *grads: Any) -> list[Any]:
        out = grads[: len(results)]
        if not used:
            return [*[None] * len(results), *nest.flatten(grad_fn(*out))]
        of_args, of_variables = grad_fn(*out, variables=used)
        if len(of_variables) != len(used):
            raise ValueError(
                "Must return gradient for each variable from @custom_gradient grad_fn."
            )
        return [*[None] * len(results), *nest.flatten(of_args), *of_variables]

    with graph.gradient_override_map({"IdentityN": register_in(graph, gradient)}):
        made = ops.identity_n_op([*results, *args, *used])
    return nest.pack_sequence_as(result, made[: len(results)])


def _check_signature(grad_fn: Callable[..., Any], used: Sequence[Any]) -> None:
    """Check that a gradient function takes variables just if there are any."""
    parameters = inspect.signature(grad_fn).parameters
    takes_any = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values())
    takes_variables = takes_any or "variables" in parameters
    if used and not takes_variables:
        names = ", ".join(each.name for each in used)
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then grad_fn must "
            f"accept a 'variables' keyword argument.\n  variables: {names}"
        )
    if takes_variables and not used:
        warnings.warn(
            "@custom_gradient grad_fn has 'variables' in signature, but no ResourceVariables were "
            "used on the forward pass.",
            stacklevel=4,
        )


def _variables() -> list[Any]:
    graph = default_graph()
    return [
        variable
        for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES)
        for variable in graph.get_collection(key)
    ]


def _is_resource(variable: Any) -> bool:
    return getattr(getattr(variable, "handle", None), "dtype", None) is resource


def _used_variables(results: Sequence[Tensor], args: Sequence[Tensor]) -> list[Any]:
    """Return the resource variables that results depend on otherwise than through args."""
    seen, stack = set(args), list(results)
    while stack:
        tensor = stack.pop()
        if tensor not in seen and carries_gradients(tensor.dtype):
            seen.add(tensor)
            stack.extend(tensor.op.inputs)
    found = {v.name: v for v in _variables() if _is_resource(v) and v.handle in seen}
    return [found[name] for name in sorted(found)]
