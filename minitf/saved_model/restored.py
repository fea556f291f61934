"""What an object becomes that is loaded from a SavedModel.

Source: TensorFlow 1.15, `saved_model/load.py`, `saved_model/function_deserialization.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from minitf import nest
from minitf.convert import convert_to_tensor
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.def_function import Function
from minitf.functional.tracing import described, is_spec, is_tensor_like
from minitf.tensor import Tensor
from minitf.trackable.auto import AutoTrackable, TrackableResource
from minitf.type_spec import CompositeTensor, TypeSpec
from minitf.variables.base import Variable


def user_object() -> Any:
    """Return an object of a class of its own, which a function `__call__` may be given to."""

    class RestoredObject(AutoTrackable):
        """An object that was loaded; its attributes are what it was written with."""

    return RestoredObject()


def set_part(obj: Any, name: str, part: Any) -> None:
    """Make a part of an object that is loaded."""
    if isinstance(obj, list):
        obj.append(part)
    elif isinstance(obj, dict):
        obj[name] = part
    else:
        setattr(obj, name, part)
        if name == "__call__":  # Python looks it up in the class
            type(obj).__call__ = lambda self, *args, **kwargs: vars(self)["__call__"](
                *args, **kwargs
            )


class RestoredResource(TrackableResource):
    """A table or the like, made and filled by functions that were loaded.

    Args:
        device: the device to make it on, "" for any.
    """

    _create_resource: Any
    _initialize: Any


class RestoredFunction(Function):
    """A function that was loaded: the graphs that it was traced to, and no Python.

    Args:
        name: its name.
        signature: of the Python function.
        input_signature: the descriptions of its arguments that it was made with, if any.
        concrete: its graphs.
    """

    def __init__(
        self,
        name: str,
        signature: inspect.Signature,
        input_signature: Any,
        concrete: Sequence[ConcreteFunction],
    ) -> None:
        def restored(*args: Any, **kwargs: Any) -> Any:
            """Refuse: Python is not saved."""
            raise NotImplementedError(f"The Python code of {name} is not part of the SavedModel.")

        restored.__name__ = restored.__qualname__ = name
        restored.__signature__ = signature  # type: ignore[attr-defined]
        super().__init__(restored, name, input_signature)
        self.concrete_functions = list(concrete)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call of the graph that fits the arguments.

        Raises:
            ValueError: if none does.
        """
        found, tensors = self._matched(args, kwargs)
        return found.call_flat(tensors)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """Return the graph that fits arguments, or `tf.TensorSpec`s that describe them.

        Raises:
            ValueError: if none does.
        """
        if not args and not kwargs and len(self.concrete_functions) == 1:
            return self.concrete_functions[0]
        return self._matched(args, kwargs)[0]

    def _list_all_concrete_functions_for_serialization(self) -> list[ConcreteFunction]:
        return list(self.concrete_functions)

    def _matched(self, args: Any, kwargs: Any) -> tuple[ConcreteFunction, list[Any]]:
        """Return the graph that fits arguments, and the tensors that it takes."""
        bound = self.function_spec.bind(*args, **kwargs)
        bound.apply_defaults()
        for converts in (False, True):
            for each in self.concrete_functions:
                tensors = _fitting(each, bound.args, bound.kwargs, converts=converts)
                if tensors is not None:
                    return each, tensors
        options = "\n\n".join(
            f"Option {number}:\n  Positional arguments: {each.structured_input_signature[0]}\n"
            f"  Keyword arguments: {each.structured_input_signature[1]}"
            for number, each in enumerate(self.concrete_functions, 1)
        )
        raise ValueError(
            "Could not find matching function to call loaded from the SavedModel. Got:\n"
            f"  Positional arguments: {described(bound.args)}\n"
            f"  Keyword arguments: {described(bound.kwargs)}\n\n"
            "Expected these arguments to match one of the following "
            f"{len(self.concrete_functions)} option(s):\n\n{options}"
        )


def _fitting(
    concrete: ConcreteFunction, args: Any, kwargs: Mapping[str, Any], *, converts: bool
) -> list[Any] | None:
    """Return the tensors among arguments if a graph was traced for such; else None."""
    wanted_args, wanted_kwargs = concrete.structured_input_signature
    if set(kwargs) != set(wanted_kwargs):
        return None
    names = sorted(kwargs)
    try:
        pairs = list(
            _paired(
                [list(wanted_args), [wanted_kwargs[name] for name in names]],
                [list(args), [kwargs[name] for name in names]],
            )
        )
    except (TypeError, ValueError, KeyError):
        return None
    tensors: list[Any] = []
    for wanted, given in pairs:
        if isinstance(wanted, TypeSpec) and not is_spec(wanted):
            if not wanted.is_compatible_with(given):
                return None
            tensors += nest.flatten(given, expand_composites=True)
        elif is_spec(wanted):
            tensor = _as_tensor(given, wanted, converts=converts)
            if tensor is None:
                return None
            tensors.append(tensor)
        elif is_tensor_like(given) or not _same(wanted, given):
            return None
    return tensors


def _paired(wanted: Any, given: Any) -> Iterator[tuple[Any, Any]]:
    """Walk two structures, the first of which says where leaves are.

    Raises:
        TypeError, ValueError, KeyError: if they differ.
    """
    if isinstance(wanted, Mapping):
        if set(wanted) != set(given):
            raise KeyError(f"{sorted(wanted)} is not {sorted(given)}")
        for key in sorted(wanted):
            yield from _paired(wanted[key], given[key])
    elif isinstance(wanted, (list, tuple)):
        if not isinstance(given, (list, tuple)):
            raise TypeError(f"{given!r} is no sequence")
        for part, each in zip(wanted, given, strict=True):
            yield from _paired(part, each)
    else:
        yield wanted, given


def _as_tensor(given: Any, wanted: Any, *, converts: bool) -> Any:
    """Return an argument as a tensor of a description, None if it is none of these."""
    if is_spec(given):
        return given if wanted.is_compatible_with(given) else None
    if isinstance(given, CompositeTensor) or (
        not converts and not is_tensor_like(given) and not isinstance(given, Variable)
    ):
        return None
    try:
        tensor: Tensor = convert_to_tensor(given, wanted.dtype)
    except (TypeError, ValueError):
        return None
    return tensor if wanted.is_compatible_with(tensor) else None


def _same(wanted: Any, given: Any) -> bool:
    if is_spec(given):
        return False
    return type(wanted) is type(given) and bool(wanted == given)
