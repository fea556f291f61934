"""Signatures of an object: functions that take tensors by name and return tensors by name.

Source: TensorFlow 1.15, `saved_model/signature_serialization.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from minitf.function_library import unique_function_name
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.def_function import Function
from minitf.functional.tracing import func_graph_from_py_func
from minitf.saved_model.object_view import Signatures, functions_of
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec

_DEFAULT = "_default_save_signature"


class SignatureMap(Mapping[str, Any]):
    """The signatures of an object that was loaded, by name; none can be added.

    Args:
        signatures: the functions by name.

    Source: TensorFlow 1.15.
    """

    def __init__(self, signatures: Mapping[str, Any]) -> None:
        self._signatures = dict(signatures)

    def __getitem__(self, key: str) -> Any:
        return self._signatures[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._signatures)

    def __len__(self) -> int:
        return len(self._signatures)

    def __repr__(self) -> str:
        return f"_SignatureMap({self._signatures})"


def signatures_for(root: Any, signatures: Any) -> Signatures:
    """Return what is written as the signatures of an object.

    Args:
        root: the object.
        signatures: a function, functions by name, or None for the one function with a signature
            that the object has.

    Raises:
        ValueError: if something is no function with a signature, or its results have no names.
    """
    if signatures is None:
        found = _only_function(root)
        signatures = {} if found is None else found
    if not isinstance(signatures, Mapping):
        signatures = {DEFAULT_SERVING_SIGNATURE_DEF_KEY: signatures}
    made = Signatures()
    for name, given in signatures.items():
        concrete = _concrete(given)
        if concrete is None:
            raise ValueError(
                "Expected a TensorFlow function to generate a signature for, but got "
                f"{given!r}. Only `tf.functions` with an input signature or concrete functions can "
                "be used as a signature."
            )
        made[name] = _by_names(concrete, name)
    return made


def _only_function(root: Any) -> ConcreteFunction | None:
    functions = functions_of(root)
    if _DEFAULT in functions:
        return _concrete(functions[_DEFAULT])
    possible = [_concrete(each) for each in functions.values()]
    found = [each for each in possible if each is not None and _has_names(each)]
    return found[0] if len(found) == 1 else None


def _has_names(concrete: ConcreteFunction) -> bool:
    """Tell whether a function's results can be those of a signature."""
    try:
        _normalized(concrete.structured_outputs, concrete.name, "")
    except ValueError:
        return False
    return True


def _concrete(given: Any) -> ConcreteFunction | None:
    if isinstance(given, Function):
        return None if given.input_signature is None else given.get_concrete_function()
    return given if isinstance(given, ConcreteFunction) else None


def _by_names(concrete: ConcreteFunction, name: str) -> ConcreteFunction:
    """Return a function that takes and returns tensors by name."""

    def wrapper(**given: Any) -> dict[str, Any]:
        found = concrete.call_flat([given[key] for key in concrete.keywords])
        return _normalized(found, concrete.name, name)

    taken = dict(zip(concrete.keywords, concrete.inputs, strict=False))
    if len(taken) < len(concrete.keywords):
        raise ValueError(
            f"Got non-flat/non-unique argument names for SavedModel signature '{name}': more than "
            f"one argument to '{concrete.name}' is named as another is: {concrete.keywords}. "
            "Signatures have one Tensor per named input, so to have predictable names Python "
            "functions used to generate these signatures should avoid *args and Tensors in nested "
            "structures unless unique names are specified for each. Use tf.TensorSpec(..., "
            "name=...) to provide a name for a Tensor input."
        )
    specs = {key: TensorSpec(each.shape, each.dtype, key) for key, each in taken.items()}
    graph = func_graph_from_py_func(
        unique_function_name("__inference_signature_wrapper"), wrapper, (), specs
    )
    return ConcreteFunction(graph)


def _normalized(outputs: Any, function: str, name: str) -> dict[str, Any]:
    """Return the results of a function by name.

    Raises:
        ValueError: if a result has no name, or is no tensor.
    """
    if not isinstance(outputs, Mapping):
        several = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        outputs = {f"output_{number}": each for number, each in enumerate(several)}
    for key, value in outputs.items():
        if not isinstance(key, str):
            raise ValueError(
                f"Got a dictionary with a non-string key {key!r} in the output of the function "
                f"{function} used to generate the SavedModel signature {name!r}."
            )
        if not isinstance(value, Tensor):
            raise ValueError(
                f"Got a non-Tensor value {value!r} for key {key!r} in the output of the function "
                f"{function} used to generate the SavedModel signature {name!r}. Outputs for "
                "functions used as signatures must be a single Tensor, a sequence of Tensors, or a "
                "dictionary from string to Tensor."
            )
    return dict(outputs)
