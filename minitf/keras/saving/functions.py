"""The functions of a model that `tf.saved_model.save` writes: its call, and what servers ask.

Source: TensorFlow 1.15, `keras/saving/saving_utils.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf import nest
from minitf.functional.def_function import function
from minitf.tensor_spec import TensorSpec


def functions_of(model: Any) -> dict[str, Any]:
    """Return a model's functions by name; none of a model whose inputs are not known.

    Args:
        model: a model.

    Returns:
        `__call__` of (inputs, training, mask), traced for inputs as the model's own and outside of
        training; `_default_save_signature`, which returns the outputs by name.
    """
    if not model.inputs:
        return {}
    specs = [
        TensorSpec(each.shape, each.dtype.base_dtype, name)
        for each, name in zip(model.inputs, model.input_names, strict=True)
    ]
    given: Any = specs[0] if len(specs) == 1 else specs

    def call(inputs: Any, training: bool = False, mask: Any = None) -> Any:
        return (
            model(inputs, training=training, mask=mask)
            if mask is not None
            else model(inputs, training=training)
        )

    def signature(*inputs: Any) -> dict[str, Any]:
        outputs = nest.flatten(call(inputs[0] if len(inputs) == 1 else list(inputs)))
        return dict(zip(model.output_names, outputs, strict=True))

    made = {
        "__call__": function(call),
        "_default_save_signature": function(signature, input_signature=specs),
    }
    with _unchanged(model):
        made["__call__"].get_concrete_function(given)
        made["_default_save_signature"].get_concrete_function()
    return made


@contextmanager
def _unchanged(model: Any) -> Iterator[None]:
    """Let layers forget the calls of the block, with the losses and updates that these made."""
    before = [
        (each, list(each._calls), list(each._losses), list(each._updates))  # noqa: SLF001 one of us
        for each in _with_inner(model)
    ]
    try:
        yield
    finally:
        for each, calls, losses, updates in before:
            each._calls[:], each._losses[:], each._updates[:] = calls, losses, updates  # noqa: SLF001


def _with_inner(layer: Any) -> Iterator[Any]:
    yield layer
    for each in layer._inner():  # noqa: SLF001 one of us
        yield from _with_inner(each)
