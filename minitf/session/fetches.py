"""What a run fetches: a nested structure in, the same structure with values out.

    parse(graph, {"loss": loss, "step": [train_op, step]})
        elements: (loss, train_op, step)        each Tensor and Operation once
        build([0.3, 7]) -> {"loss": 0.3, "step": [None, 7]}

Source: 2015 §2 "Sessions"; TensorFlow 1.15's Session.run.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from minitf.graph import Graph
from minitf.operation import Operation
from minitf.session.conversions import conversion_of
from minitf.tensor import Tensor
from minitf.type_spec import CompositeTensor, components_of, made_like

Values = Sequence[Any]
Build = Callable[[Values], Any]


class Fetches:
    """A parsed structure.

    Args:
        graph: whose elements are fetched.
        structure: the fetches.
        session: which handles of tensors are to belong to, None where none are fetched.

    Attributes:
        tensors: the Tensors in it, each once.
        operations: the Operations in it, each once.
        build: makes the structure of the Tensors' values.
    """

    def __init__(self, graph: Graph, structure: Any, session: Any = None) -> None:
        self._graph = graph
        self._session = session
        self._positions: dict[Tensor, int] = {}
        self._operations: dict[Operation, None] = {}
        self.build = self._builder(structure)
        self.tensors = tuple(self._positions)
        self.operations = tuple(self._operations)

    def _builder(self, fetch: Any) -> Build:
        if fetch is None:
            raise TypeError(f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}")
        if isinstance(fetch, (list, tuple)):
            return self._sequence(fetch)
        if isinstance(fetch, Mapping):
            return self._mapping(fetch)
        if hasattr(type(fetch), "__attrs_attrs__"):
            names = [attribute.name for attribute in type(fetch).__attrs_attrs__]
            values = self._sequence([getattr(fetch, name) for name in names])
            return lambda fetched: type(fetch)(*values(fetched))
        if isinstance(fetch, CompositeTensor):
            parts = self._sequence(components_of(fetch))
            return lambda fetched: made_like(fetch, parts(fetched))
        conversion = conversion_of(fetch)
        if conversion is not None and conversion.fetch is not None:
            instead, contracted = conversion.fetch(fetch)
            parts = self._sequence(instead)
            return lambda fetched: contracted(parts(fetched))
        return self._element(fetch)

    def _sequence(self, fetches: Sequence[Any]) -> Build:
        kind = type(fetches)
        builders = [self._builder(fetch) for fetch in fetches]
        if isinstance(fetches, list):
            return lambda values: [build(values) for build in builders]
        if kind is tuple:
            return lambda values: tuple([build(values) for build in builders])
        return lambda values: kind(*[build(values) for build in builders])  # a namedtuple

    def _mapping(self, fetches: Mapping[Any, Any]) -> Build:
        kind: Any = type(fetches)
        if isinstance(fetches, collections.defaultdict):
            factory = fetches.default_factory
            kind = lambda pairs: collections.defaultdict(factory, pairs)  # noqa: E731
        builders = [(key, self._builder(fetch)) for key, fetch in fetches.items()]
        return lambda values: kind([(key, build(values)) for key, build in builders])

    def _element(self, fetch: Any) -> Build:
        try:
            element = self._graph.as_graph_element(fetch)
        except TypeError as error:
            raise TypeError(
                f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}, must be a string or "
                f"Tensor. ({error})"
            ) from None
        except (ValueError, KeyError) as error:
            reason = error.args[0]  # str of a KeyError is quoted
            raise ValueError(
                f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({reason})"
            ) from None
        if not self._graph.is_fetchable(element):
            name = element.op.name if isinstance(element, Tensor) else element.name
            raise ValueError(f"Operation {name!r} has been marked as not fetchable.")
        if isinstance(element, Operation):
            self._operations[element] = None
            return _nothing
        position = self._positions.setdefault(element, len(self._positions))
        if element.op.type == "GetSessionHandle":
            from minitf.session.tensor_handle import TensorHandle

            session, dtype = self._session, element.op.inputs[0].dtype
            return lambda values: TensorHandle(values[position], dtype, session)
        return lambda values: values[position]


def _nothing(_: Values) -> None:
    return None


def cache_key(fetches: Any) -> Hashable:
    """Return what equal structures of the same elements have in common; None if that is unclear."""
    kind = type(fetches)
    if kind is Tensor or kind is Operation or kind is str:
        return fetches  # type: ignore[no-any-return]
    if kind is list or isinstance(fetches, tuple):
        parts = [cache_key(fetch) for fetch in fetches]
        return None if None in parts else (kind, *parts)
    if kind is dict:
        parts = [cache_key(fetch) for fetch in fetches.values()]
        return None if None in parts else (kind, *fetches, *parts)
    if hasattr(fetches, "_as_graph_element"):
        return fetches._as_graph_element()  # type: ignore[no-any-return]  # noqa: SLF001 TensorFlow's protocol
    return None
