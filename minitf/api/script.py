"""Functions of the program in the graph.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.dtypes import as_dtype
from minitf.ops.script import PythonFunction


def py_func(
    func: Callable[..., Any], inp: Any, Tout: Any, stateful: bool = True, name: str | None = None
) -> Any:
    """Call a function of the program while the graph runs.

    It gets arrays (NumPy scalars for scalars, bytes for a string) and returns arrays or numbers of
    exactly the types that are said.  It has no gradient; a graph with it runs in this process only.

    Args:
        func: the function.
        inp: Tensors or values that it is called with.
        Tout: the type of what it returns, or a list of types, or [] if it returns nothing.
        stateful: whether equal calls may differ; if not, they may be merged.
        name: name of the operation.

    Returns:
        A Tensor of unknown shape, a list of them for a list of types, the Operation for [].

    Raises:
        ValueError: if `func` is no function.
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    many = isinstance(Tout, (list, tuple))
    types = tuple(as_dtype(each) for each in (Tout if many else [Tout]))
    held = PythonFunction(func)
    call = ops.py_func_op if stateful else ops.py_func_stateless_op
    made = call(inp, token=held.token, Tout=types, name=name)
    (made[0] if types else made).graph.functions.append(held)
    return made if many else made[0]


def numpy_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:
    """Call a function of the program while the graph runs; see `py_func`."""
    return py_func(func, inp, Tout, stateful=True, name=name)


def my_fact() -> Any:
    """Return a fact about factorials."""
    return ops.fact_op()
