"""`tf.case` and `tf.switch_case`: one of many functions, as conds inside each other.

    tf.case([(p, f), (q, g)], default=h)    cond(p, f, lambda: cond(q, g, h))

Source: 2015 §4.4; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import collections
import functools
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from minitf import dtypes, ops
from minitf.api.array import stack
from minitf.api.casting import cast
from minitf.api.checks import Assert
from minitf.api.constants import constant
from minitf.api.framework import (
    control_dependencies,
    convert_to_tensor,
    get_default_graph,
    name_scope,
)
from minitf.api.reductions import reduce_sum
from minitf.contexts.toggles import makes_functions
from minitf.control_flow.cond import cond
from minitf.operation import Operation
from minitf.tensor import Tensor

Branch = Callable[[], Any]


def case(
    pred_fn_pairs: Any,
    default: Branch | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """Return what the first function gives whose predicate is true.

    Args:
        pred_fn_pairs: pairs of a bool scalar and a function without arguments, or a dict of them;
            a plain dict is tried in the order of the predicates' names.
        default: function whose result is returned if no predicate is true; without it that fails
            when the graph runs.
        exclusive: fail when the graph runs if more than one predicate is true.
        strict: keep a list or tuple of one as it is; else its element is returned.
        name: name of the scope.

    Raises:
        TypeError: if these are not pairs of a bool Tensor and a function.
    """
    predicates, functions = checked_pairs(pred_fn_pairs, exclusive, name)
    choose = functools.partial(cond, strict=strict)
    return of_conds(choose, predicates, functions, default, exclusive, name)


def of_conds(
    choose: Callable[..., Any],
    predicates: Sequence[Any],
    functions: Sequence[Branch],
    default: Branch | None,
    exclusive: bool,
    name: str,
) -> Any:
    """Return what the first function gives whose predicate is true.

    Args:
        choose: `choose(pred, true_fn, false_fn)` chooses between two.
    """
    with name_scope(name, "case", predicates):
        if default is None:
            default, predicates, functions = _last_as_default(predicates, functions)
        chosen = default
        for pred, function in reversed(list(zip(predicates, functions, strict=True))):
            chosen = functools.partial(choose, pred, function, chosen)
        if not exclusive:
            return chosen()
        with control_dependencies([_at_most(predicates, 1, "Input error: exclusive=True")]):
            return chosen()


def checked_pairs(
    pairs: Any, exclusive: bool, name: str, allow_python_preds: bool = False
) -> tuple[Sequence[Any], Sequence[Branch]]:
    """Return the predicates and the functions.

    Raises:
        TypeError: if these are not pairs of a bool Tensor, or a bool if that is allowed, and a
            function.
    """
    if not isinstance(pairs, (list, tuple, dict)):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(pairs, collections.OrderedDict):
        pairs = list(pairs.items())
    elif isinstance(pairs, dict):
        pairs = sorted(pairs.items(), key=lambda pair: pair[0].name)
        if not exclusive:
            warnings.warn(
                f"{name}: An unordered dictionary of predicate/fn pairs was provided, but "
                "exclusive=False. The order of conditional tests is deterministic but not "
                "guaranteed.",
                stacklevel=3,
            )
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        pred, function = pair
        if isinstance(pred, Tensor):
            if pred.dtype is not dtypes.bool_:
                raise TypeError(f"pred must be Tensor of type bool: {pred.name}")
        elif not allow_python_preds:
            raise TypeError(f"pred must be Tensor, got: {pred}")
        elif not isinstance(pred, bool):
            raise TypeError(f"pred must be a Tensor or a Python bool, got: {pred}")
        if not callable(function):
            raise TypeError(f"fn for pred {getattr(pred, 'name', pred)} must be callable.")
    predicates, functions = zip(*pairs, strict=True)
    return predicates, functions


def _last_as_default(
    predicates: Sequence[Tensor], functions: Sequence[Branch]
) -> tuple[Branch, Sequence[Tensor], Sequence[Branch]]:
    """Take the last function for the default, behind a check that its predicate is true."""

    def default() -> Any:
        last = len(predicates) - 1
        others = (
            f"Implementation error: selected default action #{last} was called, but some of other "
            "predicates are True: "
        )
        nothing = (
            "Input error: None of conditions evaluated as True:",
            stack(predicates, name="preds_c"),
        )
        checks = [_at_most(predicates[:-1], 0, others), Assert(predicates[-1], nothing)]
        with control_dependencies(checks):
            return functions[-1]()

    return default, predicates[:-1], functions[:-1]


def _at_most(predicates: Sequence[Tensor], most: int, message: str) -> Operation:
    """Return an operation that fails if more than `most` predicates are true."""
    together = stack(predicates, name="preds_c")
    count = reduce_sum(cast(together, dtypes.int32), name="num_true_conds")
    holds = ops.less_equal_op(count, constant(most, name="n_true_conds"), name="LessEqual")
    names = ", ".join(getattr(pred, "name", str(pred)) for pred in predicates)
    return Assert(
        holds,
        [f"{message}: more than {most} conditions ({names}) evaluated as True:", together],
        summarize=len(predicates),
    )


# --- switch_case ----------------------------------------------------------------------------------


def switch_case(
    branch_index: Any, branch_fns: Any, default: Branch | None = None, name: str = "switch_case"
) -> Any:
    """Return what the function of that number gives.

    Args:
        branch_index: an int32 scalar.
        branch_fns: functions without arguments, a dict from numbers to them, or pairs of a number
            and a function; the numbers are 0 to n - 1, each once.
        default: function for other numbers; the last one if None.
        name: name of the scope.

    Raises:
        TypeError: if these are no functions or numbers, or `branch_index` is no int32.
        ValueError: if there is no function, or the numbers are not 0 to n - 1.
    """
    functions = _numbered(branch_fns, default)
    if not isinstance(branch_index, Tensor):
        raise TypeError(f"branch_index must be a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"branch_index must be an integer Tensor, got {branch_index.dtype}")
    if makes_functions(get_default_graph()):
        from minitf.control_flow.cond_v2 import indexed_case  # other programs do not load it

        return indexed_case(branch_index, functions, name)
    with name_scope(name, "switch_case", [branch_index]):
        number = convert_to_tensor(branch_index, dtypes.int32)
        chosen = functions[-1]
        for i, function in reversed(list(enumerate(functions[:-1]))):
            chosen = functools.partial(cond, ops.equal_op(number, i), function, chosen)
        return chosen()


def _numbered(branch_fns: Any, default: Branch | None) -> list[Branch]:
    """Return the functions by their number, that for all other numbers last."""
    if not isinstance(branch_fns, (list, tuple, dict)):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    if not branch_fns:
        raise ValueError("Must provide at least one item in branch_fns")
    pairs: Iterable[Any] = branch_fns.items() if isinstance(branch_fns, dict) else branch_fns
    pairs = list(pairs)
    if all(callable(each) for each in pairs):
        pairs = list(enumerate(pairs))
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        number, function = pair
        if not isinstance(number, int):
            raise TypeError("key must be a Python `int`")
        if not callable(function):
            raise TypeError(f"fn for key {number} must be callable.")
    numbers = sorted(number for number, _ in pairs)
    if numbers != list(range(len(numbers))):
        raise ValueError(
            f"branch indices must form contiguous range of [0 to {len(numbers)}) but found "
            f"{{{','.join(map(str, numbers))}}}"
        )
    functions = [function for _, function in sorted(pairs, key=lambda pair: pair[0])]
    if default is not None:
        functions.append(default)
    return functions
