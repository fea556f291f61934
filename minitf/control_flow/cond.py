"""`tf.cond`: one of two functions, chosen when the graph runs.

    y = tf.cond(p, lambda: x + 1, lambda: -x)

    cond/Switch      (p, p)           switch_t, switch_f: the pivots of the branches
    cond/add         (Switch(x), 1)   1 waits for switch_t
    cond/Neg         (Switch(x))
    cond/Merge       (Neg, add)       lets the branch through that is alive

Source: 2015 §4.4; OSDI §3.4; TensorFlow 1.15's `tf.cond`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest, ops, source
from minitf.api.control import after
from minitf.api.framework import add_to_collection, get_default_graph, name_scope
from minitf.contexts.branch import BranchContext
from minitf.contexts.primitives import merge, switch
from minitf.contexts.toggles import makes_functions
from minitf.control_flow.values import as_leaf, packed, tensors
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor

Branch = Callable[[], Any]


def cond(
    pred: Any,
    true_fn: Branch | None = None,
    false_fn: Branch | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Branch | None = None,
    fn2: Branch | None = None,
) -> Any:
    """Return what `true_fn` gives where the predicate is true, else what `false_fn` gives.

    Only operations made inside a function run conditionally; what it takes from outside is computed
    either way.

    Args:
        pred: a bool scalar.
        true_fn: function without arguments, called once, now; returns Tensors, IndexedSlices,
            SparseTensors, TensorArrays or Operations, or a nested structure of them.
        false_fn: likewise; must return the same structure of the same types.
        strict: keep a list or tuple of one as it is; else its element is returned.
        name: name of the scope.
        fn1: deprecated name of `true_fn`.
        fn2: deprecated name of `false_fn`.

    Raises:
        TypeError: if a function is missing, is none, or they return different kinds of structure;
            if `pred` is a Python bool.
        ValueError: if they return nothing, or different numbers or types of values.
    """
    true_fn = _function(true_fn, fn1, "true_fn", "fn1")
    false_fn = _function(false_fn, fn2, "false_fn", "fn2")
    if makes_functions(get_default_graph()):
        from minitf.control_flow.cond_v2 import cond_v2  # other programs do not load it

        return cond_v2(pred, true_fn, false_fn, name or "cond")
    with name_scope(name, "cond", [pred]):
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool")
        on, off, pred = _pivots(pred)
        context_on, original_on, results_on = _built(true_fn, "true_fn", pred, on, 1)
        context_off, original_off, results_off = _built(false_fn, "false_fn", pred, off, 0)
        if not strict:
            original_on, original_off = _single(original_on), _single(original_off)
        _check_same(original_on, original_off, results_on, results_off)
        pairs = zip(results_off, results_on, strict=True)
        merged = [merge(pair)[0] for pair in pairs]
        if context_on.outer is None:
            add_to_collection(GraphKeys.COND_CONTEXT, context_on)
            add_to_collection(GraphKeys.COND_CONTEXT, context_off)
        made = packed(original_on, merged)
        return made if strict else _single(made)


def _function(function: Any, old: Any, name: str, old_name: str) -> Branch:
    if old is not None:
        if function is not None:
            raise TypeError(f"cond(): '{name}' and '{old_name}' may not be set simultaneously.")
        function = old
    elif function is None:
        raise TypeError(f"cond(): '{name}' argument required")
    if not callable(function):
        raise TypeError(f"{name} must be callable.")
    checked: Branch = function
    return checked


def _pivots(pred: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Return the pivots of the true and the false branch, and the predicate as branches use it."""
    graph = get_default_graph()
    off, on = switch(pred, pred)
    pivot_on: Tensor = ops.identity_op(on, name="switch_t")
    pivot_off: Tensor = ops.identity_op(off, name="switch_f")
    pred_id: Tensor = ops.identity_op(pred, name="pred_id")
    for each in (off, pivot_on, pivot_off, pred_id):
        graph.prevent_fetching(each.op)
    return pivot_on, pivot_off, pred_id


def _built(
    function: Branch, name: str, pred: Tensor, pivot: Tensor, branch: int
) -> tuple[BranchContext, Any, list[Tensor]]:
    """Build a branch; returns its context, what its function returned, and that as tensors."""
    graph = get_default_graph()
    context = BranchContext(graph, pred, pivot, branch, graph.unique_name("cond_text"))
    with context.entered():
        original = function()
        if original is None:
            raise ValueError(f"{name} must have a return value.")
        results = [
            context.let_result_out(tensor)
            for leaf in nest.flatten(original)
            for tensor in tensors(_result(leaf, pivot))
        ]
        context.results_go_out(results)
    return context, original, results


def _result(leaf: Any, pivot: Tensor) -> Any:
    """Return a value for each leaf: what comes after an Operation is the pivot, true."""
    return after([leaf], pivot) if isinstance(leaf, Operation) else as_leaf(leaf)


def _single(value: Any) -> Any:
    """Return the element of a list or tuple of one, anything else as it is."""
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value


def _check_same(
    original_on: Any, original_off: Any, results_on: list[Tensor], results_off: list[Tensor]
) -> None:
    """Check that both branches give the same structure of the same types."""
    try:
        nest.assert_same_structure(original_on, original_off, expand_composites=True)
    except TypeError as error:
        raise TypeError(f"Incompatible return types of true_fn and false_fn: {error}") from None
    except ValueError as error:
        raise ValueError(f"Incompatible return values of true_fn and false_fn: {error}") from None
    if not results_on:
        raise ValueError("true_fn and false_fn must return at least one result.")
    for on, off in zip(results_on, results_off, strict=True):
        if on.dtype.base_dtype is not off.dtype.base_dtype:
            raise ValueError(
                "Outputs of true_fn and false_fn must have the same type: "
                f"{on.dtype.name}, {off.dtype.name}"
                f"\n  true_fn: {on.name}, created at {source.describe(on.op.site)}"
                f"\n  false_fn: {off.name}, created at {source.describe(off.op.site)}"
            )
