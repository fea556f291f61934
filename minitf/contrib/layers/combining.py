"""Layers applied again and again, each in a scope with the next number.

    slim.repeat(x, 2, slim.conv2d, 64, 3, scope="conv1")     conv1/conv1_1, conv1/conv1_2
    slim.stack(x, slim.fully_connected, [32, 10])            Stack/fully_connected_1, ..._2

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.custom_gradients import custom_gradient
from minitf.api.framework import convert_to_tensor
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.variables.sharing import variable_scope


@add_arg_scope
def repeat(
    inputs: Any, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Apply a layer to its own outputs, several times.

    Args:
        inputs: of the first one.
        repetitions: how many times.
        layer: a function of the inputs, of `args` and of `kwargs`.
        *args: see `layer`.
        **kwargs: likewise; `scope` names the variable scope and begins those inside it, which the
            layer is given.
    """
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert_to_tensor(inputs)
        inner = scope or _name_of(layer, "repeat")
        for i in range(repetitions):
            outputs = layer(outputs, *args, **kwargs, scope=f"{inner}_{i + 1}")
        return outputs


@add_arg_scope
def stack(inputs: Any, layer: Callable[..., Any], stack_args: Any, **kwargs: Any) -> Any:
    """Apply a layer to its own outputs, each time with other arguments.

    Args:
        inputs: of the first one.
        layer: a function of the inputs, of further arguments and of `kwargs`.
        stack_args: for each application its further argument, or a list of them.
        **kwargs: see `layer` and `repeat`.

    Raises:
        ValueError: if `stack_args` is no list or tuple.
    """
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError("stack_args need to be a list or tuple")
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert_to_tensor(inputs)
        inner = scope or _name_of(layer, "stack")
        for i, given in enumerate(stack_args):
            args = given if isinstance(given, (list, tuple)) else [given]
            outputs = layer(outputs, *args, **kwargs, scope=f"{inner}_{i + 1}")
        return outputs


def _name_of(layer: Any, otherwise: str) -> str:
    """Return the name of a function, or of that which a partial one calls."""
    named = layer if hasattr(layer, "__name__") else getattr(layer, "func", None)
    return str(getattr(named, "__name__", otherwise))


@custom_gradient
def scale_gradient(inputs: Any, gradient_multiplier: Any) -> Any:
    """Return the inputs, whose gradient is multiplied by a factor.

    Args:
        inputs: a floating-point tensor.
        gradient_multiplier: a factor that broadcasts to the inputs.
    """

    def gradient(grad: Any) -> list[Any]:
        return [grad * gradient_multiplier, None]

    return inputs, gradient
