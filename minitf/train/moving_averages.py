"""Exponential moving averages: of variables, of what Tensors give from run to run.

    ema = tf.train.ExponentialMovingAverage(0.999)
    with tf.control_dependencies([train_op]):
        train_op = ema.apply()                      # averages of all trainable variables
    saver = tf.train.Saver(ema.variables_to_restore())      # for a program that evaluates

An average moves by (1 - decay) of its distance from the value.  One that begins at 0 is too small
by a factor of 1 - decay^updates; with `zero_debias` it is divided by that.

Source: OSDI §4.1 (such updates are user-level code); Kingma and Ba 2015, section 3 (the bias);
TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.api.casting import cast
from minitf.api.control import group
from minitf.api.framework import (
    add_to_collection,
    colocate_with,
    control_dependencies,
    get_default_graph,
    name_scope,
)
from minitf.api.math import div, minimum, pow, truediv
from minitf.api.state import (
    assign,
    assign_sub,
    global_variables,
    moving_average_variables,
    trainable_variables,
)
from minitf.convert import convert_to_tensor
from minitf.dtypes import FLOATS, float32
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.train import slot_creator
from minitf.variables.base import Variable
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope

_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


class ExponentialMovingAverage:
    """Keeps averages of variables and Tensors in variables of its own.

    Args:
        decay: how much of an average remains at each update; a number or a scalar Tensor.
        num_updates: how many updates there were, a variable as a rule: the decay is then at most
            (1 + num_updates) / (10 + num_updates), so that averages move faster at the start.
        zero_debias: whether averages of Tensors, which begin at 0, are divided by their bias.
        name: what is put after a variable's name for that of its average; a name scope.

    Source: TensorFlow 1.15's tf.train.ExponentialMovingAverage.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Variable] = {}

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    def apply(self, var_list: Iterable[Any] | None = None) -> Any:
        """Return an operation that moves averages towards the present values.

        Averages are made at the first call; those of variables begin at their initial values.

        Args:
            var_list: variables and Tensors; all trainable variables by default.

        Raises:
            TypeError: if one is not of floats.
        """
        var_list = trainable_variables() if var_list is None else list(var_list)
        begin_at_0 = set()
        for var in var_list:
            if var.dtype.base_dtype not in FLOATS:
                raise TypeError(f"The variables must be half, float, or double: {var.name}")
            if var not in self._averages:
                with control_dependencies(None):
                    self._averages[var] = self._begun(var)
                if not isinstance(var, Variable):
                    begin_at_0.add(var)
        with name_scope(self._name) as scope:
            decay = convert_to_tensor(self._decay, name="decay")
            if self._num_updates is not None:
                count = cast(self._num_updates, float32, name="num_updates")
                decay = minimum(decay, (1.0 + count) / (10.0 + count))
            updates = [
                assign_moving_average(
                    self._averages[var], var, decay, self._zero_debias and var in begin_at_0
                )
                for var in var_list
            ]
            return group(*updates, name=scope)

    def _begun(self, var: Any) -> Variable:
        if isinstance(var, Variable):
            average = slot_creator.create_slot(var, var.initialized_value(), self._name)
            add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
            return average
        is_variable = var.op.type in _VARIABLES
        return slot_creator.create_zeros_slot(var, self._name, colocate_with_primary=is_variable)

    def average(self, var: Any) -> Any:
        """Return the variable that holds an average, or None."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """Return the name of the variable that holds the average, or that will hold it."""
        if var in self._averages:
            return self._averages[var].op.name
        return get_default_graph().unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Iterable[Any] | None = None) -> Any:
        """Return for a Saver which name in the file each variable is to be read from.

        Args:
            moving_avg_variables: those to be read from their averages; by default the trainable
                ones, and those whose averages were made.

        Returns:
            A dict from the name in the file to the variable: all of them.
        """
        if moving_avg_variables is None:
            moving_avg_variables = [*trainable_variables(), *moving_average_variables()]
        averaged = dict.fromkeys(moving_avg_variables)
        found = {self.average_name(each): each for each in averaged}
        names = {each.name for each in averaged}
        for each in global_variables():
            if each.name not in names and each.op.name not in found:
                found[each.op.name] = each
        return found


def assign_moving_average(
    variable: Any, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Any:
    """Return the new value of a variable that is moved towards a value.

    variable -= (1 - decay) * (variable - value)

    Args:
        variable: the average.
        value: of the variable's shape.
        decay: how much of the average remains.
        zero_debias: whether to keep the sum elsewhere and put it in `variable` divided by
            1 - decay^updates, which is right if it began at 0.
        name: name of the operation.
    """
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        dtype = variable.dtype.base_dtype
        share = cast(convert_to_tensor(1.0 - decay, name="decay"), dtype)
        if zero_debias:
            return _unbiased(variable, value, share)
        return assign_sub(variable, (variable - value) * share, name=scope)


def weighted_moving_average(
    value: Tensor,
    decay: Any,
    weight: Tensor,
    truediv: bool = True,
    collections: Any = None,
    name: str | None = None,
) -> Tensor:
    """Return the moving average of `value * weight` divided by that of `weight`, both updated.

    Args:
        value: the Tensor to average.
        decay: how much of the averages remains.
        weight: how much the present value counts; can be multiplied by `value`.
        truediv: whether whole numbers are divided as floats.
        collections: of the two variables; the global variables by default.
        name: variable scope of the operations; "WeightedMovingAvg" by default.
    """
    collections = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
    with variable_scope(name, "WeightedMovingAvg", [value, weight, decay]) as scope:
        sums = [
            get_variable(
                name,
                each.get_shape(),
                each.dtype,
                Zeros(),
                trainable=False,
                collections=collections,
            )
            for name, each in (("value_x_weight", value), ("weight", weight))
        ]
        above = assign_moving_average(sums[0], value * weight, decay, zero_debias=False)
        below = assign_moving_average(sums[1], weight, decay, zero_debias=False)
        divide = _truediv if truediv else div
        average: Tensor = divide(above, below, name=scope.name)
        return average


_truediv = truediv  # an argument above has TensorFlow's name


def _unbiased(variable: Any, value: Any, share: Tensor) -> Any:
    """Move the sum that belongs to an average; put it there, divided by its bias."""
    owner = variable.name.removesuffix(":0")
    with (
        variable_scope(owner, values=[variable, value, share]),
        control_dependencies(None),
        colocate_with(variable),
    ):
        shape, dtype = variable.get_shape(), variable.dtype.base_dtype
        biased = get_variable(_unused("biased"), shape, dtype, Zeros(), trainable=False)
        count = get_variable(_unused("local_step"), [], dtype, Zeros(), trainable=False)
    moved = assign_sub(biased, (biased - value) * share)
    updates = count.assign_add(1)
    bias = 1 - pow(1.0 - share, updates)
    return assign(variable, moved / bias, name=f"{get_default_graph().get_name_scope()}/")


def _unused(name: str) -> str:
    """Return a name that no variable of the present scope has, or the name itself to reuse it."""
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = {variable.op.name for variable in scope.global_variables()}
    found, number = name, 0
    while f"{scope.name}/{found}" in taken:
        number += 1
        found = f"{name}_{number}"
    return found
