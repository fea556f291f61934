"""What rewritten code calls: the operators, bound to how the code was converted.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from minitf.api.framework import name_scope
from minitf.autograph import calls, conditions, iterating, logic, loops, state, tensor_lists
from minitf.autograph.status import Options


class Operators:
    """The operators, under the names by which rewritten code calls them.

    Args:
        options: how the code was converted; functions that it calls are converted so too.
    """

    UNDEFINED = state.UNDEFINED
    values = staticmethod(state.values)
    if_stmt = staticmethod(conditions.if_stmt)
    if_exp = staticmethod(conditions.if_exp)
    while_stmt = staticmethod(loops.while_stmt)
    loop_options = staticmethod(loops.loop_options)
    for_stmt = staticmethod(iterating.for_stmt)
    and_ = staticmethod(logic.and_)
    or_ = staticmethod(logic.or_)
    not_ = staticmethod(logic.not_)
    eq = staticmethod(logic.eq)
    not_eq = staticmethod(logic.not_eq)
    assert_stmt = staticmethod(logic.assert_stmt)
    list_append = staticmethod(tensor_lists.list_append)
    list_pop = staticmethod(tensor_lists.list_pop)
    set_item = staticmethod(tensor_lists.set_item)
    name_scope = staticmethod(name_scope)

    def __init__(self, options: Options) -> None:
        self.options = options

    def converted(self, target: Any) -> Any:
        """Return what is called in place of a function."""
        return calls.converted(target, self.options, self)

    @staticmethod
    def returned(has_returned: Any, result: Callable[[], Any]) -> Any:
        """Return what a function returns that does not always come by a `return`.

        Raises:
            ValueError: if that depends on a tensor.
        """
        if state.is_tensor(has_returned):
            raise ValueError(
                "the else branch must also have a return statement. If a value is returned from "
                "one branch of a conditional on a tensor, a value must be returned from all."
            )
        return result() if has_returned else None


@functools.cache
def operators(options: Options) -> Operators:
    """Return the operators for code that is converted in some way."""
    return Operators(options)
