"""Functions as messages of a SavedModel's objects: what they take, return and capture.

Source: TensorFlow 1.15, `saved_model/function_serialization.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from minitf import nest, protos
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.def_function import Function
from minitf.grammar import Function as FunctionName
from minitf.saved_model.structured_values import NotEncodableError, decoded, encoded
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import CompositeTensor


class FullArgSpec(NamedTuple):
    """What a Python function takes, as `inspect.getfullargspec` tells it."""

    args: list[str]
    varargs: str | None
    varkw: str | None
    defaults: tuple[Any, ...] | None
    kwonlyargs: list[str]
    kwonlydefaults: dict[str, Any] | None
    annotations: dict[str, Any]


_KIND = inspect.Parameter


def function_record(function: Function, concrete: Iterable[ConcreteFunction]) -> Any:
    """Return a SavedFunction.

    Args:
        function: the function.
        concrete: those of its graphs that are written.
    """
    record = protos.SavedFunction(concrete_functions=[each.name for each in concrete])
    spec = record.function_spec
    with _named(function):
        spec.fullargspec.CopyFrom(encoded(_full_arg_spec(function.function_spec)))
        spec.input_signature.CopyFrom(encoded(function.input_signature))
    return record


def concrete_record(concrete: ConcreteFunction, bound_inputs: Iterable[int]) -> Any:
    """Return a SavedConcreteFunction.

    Args:
        concrete: the graph of a function.
        bound_inputs: the numbers of the objects that it captured.
    """
    record = protos.SavedConcreteFunction(bound_inputs=bound_inputs)
    with _named(concrete):
        args, kwargs = concrete.structured_input_signature
        inside = iter(concrete.inputs)
        named = (
            nest.map_structure(lambda leaf: _with_name(leaf, inside), tuple(args)),
            {key: nest.map_structure(lambda leaf: _with_name(leaf, inside), kwargs[key])
             for key in sorted(kwargs)},
        )  # fmt: skip
        record.canonicalized_input_signature.CopyFrom(encoded(named))
        record.output_signature.CopyFrom(encoded(_described(concrete.structured_outputs)))
    return record


def bare_record(concrete: ConcreteFunction) -> Any:
    """Return a SavedBareConcreteFunction: called by the names of its arguments."""
    keywords = concrete.keywords
    return protos.SavedBareConcreteFunction(
        concrete_function_name=concrete.name,
        argument_keywords=keywords,
        allowed_positional_arguments=len(keywords),
    )


def signature_of(spec: Any) -> inspect.Signature:
    """Return the signature that a FunctionSpec message tells of."""
    full = FullArgSpec(*decoded(spec.fullargspec))
    defaults = full.defaults or ()
    names = full.args
    start = len(names) - len(defaults)
    positional = [
        _KIND(name, _KIND.POSITIONAL_OR_KEYWORD, default=_default(defaults, number - start))
        for number, name in enumerate(names)
    ]
    if spec.is_method:
        del positional[0]
    parameters = positional
    if full.varargs:
        parameters.append(_KIND(full.varargs, _KIND.VAR_POSITIONAL))
    given = full.kwonlydefaults or {}
    parameters += [
        _KIND(name, _KIND.KEYWORD_ONLY, default=given.get(name, _KIND.empty))
        for name in full.kwonlyargs
    ]
    if full.varkw:
        parameters.append(_KIND(full.varkw, _KIND.VAR_KEYWORD))
    return inspect.Signature(parameters)


def names_in(attrs: Mapping[str, Any]) -> list[str]:
    """Return the functions that attributes of an operation name."""
    found = []
    for value in attrs.values():
        several = value if isinstance(value, (tuple, list)) else (value,)
        found += [each.name for each in several if isinstance(each, FunctionName)]
    return found


# --- parts ----------------------------------------------------------------------------------------


def _default(defaults: Any, number: int) -> Any:
    return defaults[number] if number >= 0 else _KIND.empty


def _full_arg_spec(signature: inspect.Signature) -> FullArgSpec:
    by_kind: dict[Any, list[inspect.Parameter]] = {}
    for each in signature.parameters.values():
        kind = each.kind
        by_kind.setdefault(
            _KIND.POSITIONAL_OR_KEYWORD if kind is _KIND.POSITIONAL_ONLY else kind, []
        ).append(each)
    positional = by_kind.get(_KIND.POSITIONAL_OR_KEYWORD, [])
    keyword_only = by_kind.get(_KIND.KEYWORD_ONLY, [])
    defaults = tuple([each.default for each in positional if each.default is not _KIND.empty])
    by_name = {each.name: each.default for each in keyword_only if each.default is not _KIND.empty}
    return FullArgSpec(
        [each.name for each in positional],
        next((each.name for each in by_kind.get(_KIND.VAR_POSITIONAL, ())), None),
        next((each.name for each in by_kind.get(_KIND.VAR_KEYWORD, ())), None),
        defaults or None,
        [each.name for each in keyword_only],
        by_name or None,
        {},
    )


def _with_name(leaf: Any, inside: Any) -> Any:
    """Return the description of an argument with the name of what stands for it in the graph."""
    if isinstance(leaf, CompositeTensor):
        for _ in nest.flatten(leaf, expand_composites=True):
            next(inside)
        return leaf
    if not isinstance(leaf, TensorSpec):
        return leaf
    return TensorSpec(leaf.shape, leaf.dtype, next(inside).op.name)


def _described(outputs: Any) -> Any:
    """Return a function's results as specs."""

    def of(leaf: Any) -> Any:
        if leaf is None or isinstance(leaf, CompositeTensor):
            return leaf
        return TensorSpec(leaf.shape, leaf.dtype.base_dtype)

    return nest.map_structure(of, outputs)


class _named:  # noqa: N801 used as a function, in `with`
    """Say of which function something cannot be written."""

    def __init__(self, function: Any) -> None:
        self._name = getattr(function, "name", None) or getattr(function, "__name__", "?")

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, error: BaseException | None, *_: object) -> None:
        """Add the function's name."""
        if isinstance(error, NotEncodableError):
            raise NotEncodableError(f"Function {self._name}: {error}") from None
