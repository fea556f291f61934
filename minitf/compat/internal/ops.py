"""Functions of `tensorflow.python.framework.ops` that are not public, and that programs call.

`minitf.compat.inner_names` puts them beside the public ones.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf import protos
from minitf.api.framework import convert_to_tensor
from minitf.autodiff.registry import find_rule
from minitf.collection_def import form_of
from minitf.composite import SparseTensor
from minitf.default_graph import default_graph, default_graphs
from minitf.function_graph import FunctionGraph
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.session.session import Session
from minitf.tensor import Tensor
from minitf.type_spec import CompositeTensor

_IDENTIFIERS = itertools.count()


def uid() -> int:
    """Return a number that this process has not given out yet."""
    return next(_IDENTIFIERS)


@contextlib.contextmanager
def NullContextmanager(*_: Any, **__: Any) -> Iterator[None]:
    """Do nothing, whatever the arguments."""
    yield


def is_dense_tensor_like(t: Any) -> bool:
    """Tell whether a value has a type, a shape and a name, as Tensors and variables have."""
    return isinstance(t, Tensor) or hasattr(t, "initializer")


# --- conversions ---------------------------------------------------------------------------------


def internal_convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    as_ref: bool = False,
    preferred_dtype: Any = None,
    ctx: Any = None,
) -> Tensor:
    """Return a Tensor of a value.

    Args:
        value: what `tf.convert_to_tensor` takes.
        dtype: the type it must have.
        name: the name of a constant that is made.
        as_ref: whether a variable gives its reference.
        preferred_dtype: the type it has if that is possible.
        ctx: accepted, without effect: there is one graph mode.
    """
    if as_ref and hasattr(value, "handle"):
        return value.handle  # type: ignore[no-any-return]
    return convert_to_tensor(value, dtype, name, preferred_dtype)


def convert_n_to_tensor(
    values: Sequence[Any], dtype: Any = None, name: str | None = None, preferred_dtype: Any = None
) -> list[Tensor]:
    """Return a Tensor of each value; constants are called `<name>_0` and so on.

    Raises:
        TypeError: if there is no sequence of values.
    """
    return [
        convert_to_tensor(value, dtype, numbered, preferred_dtype)
        for value, numbered in _numbered(values, name)
    ]


def convert_to_tensor_or_composite(
    value: Any, dtype: Any = None, name: str | None = None
) -> Tensor | CompositeTensor:
    """Return a Tensor of a value, or itself if it is made of Tensors."""
    if isinstance(value, CompositeTensor):
        return value
    return convert_to_tensor(value, dtype, name)


def convert_n_to_tensor_or_indexed_slices(
    values: Sequence[Any], dtype: Any = None, name: str | None = None
) -> list[Any]:
    """Return what `convert_to_tensor_or_composite` does of each value, None of None."""
    return [
        None if value is None else convert_to_tensor_or_composite(value, dtype, numbered)
        for value, numbered in _numbered(values, name)
    ]


def _numbered(values: Sequence[Any], name: str | None) -> list[tuple[Any, str | None]]:
    if not isinstance(values, Sequence):
        raise TypeError("values must be a sequence.")
    return [(value, name and f"{name}_{i}") for i, value in enumerate(values)]


# --- names ---------------------------------------------------------------------------------------


def name_from_scope_name(name: str) -> str:
    """Return a scope's name without the slash at its end."""
    return name.removesuffix("/")


def get_name_scope() -> str:
    """Return the name scope of the default graph, "" outside of all."""
    return default_graph().get_name_scope()


# --- graphs --------------------------------------------------------------------------------------


def inside_function() -> bool:
    """Tell whether operations go to the graph of a function."""
    return isinstance(default_graph(), FunctionGraph)


def executing_eagerly_outside_functions() -> bool:
    """Tell that no operation runs when it is made: always False."""
    return False


def get_all_collection_keys() -> list[str]:
    """Return the names of the usual collections."""
    return [value for name, value in vars(GraphKeys).items() if not name.startswith("_")]


def get_gradient_function(op: Operation) -> Callable[..., Any] | None:
    """Return an operation's gradient rule; None if it has inputs and is declared to have none.

    Raises:
        LookupError: if nobody has said what its gradient is.
    """
    rule = find_rule(op)
    return None if rule is None else rule.function


def set_shapes_for_outputs(op: Operation) -> None:
    """Do nothing: an operation gets its static shapes when it is made."""


# --- collections as messages ---------------------------------------------------------------------


def get_collection_proto_type(collection_name: str) -> Any:
    """Return the class of the messages that stand for a collection's items, None if none is set."""
    form = form_of(collection_name)
    return None if form is None else getattr(protos, form.message_name)


def get_to_proto_function(collection_name: str) -> Any:
    """Return the function that makes messages of a collection's items, None if none is set."""
    form = form_of(collection_name)
    return None if form is None else form.to_proto


def get_from_proto_function(collection_name: str) -> Any:
    """Return the function that makes a collection's items of messages, None if none is set."""
    form = form_of(collection_name)
    return None if form is None else form.from_proto


def register_proto_function(
    collection_name: str, proto_type: Any = None, to_proto: Any = None, from_proto: Any = None
) -> None:
    """Say how the items of a collection become messages and come back.

    Args:
        collection_name: the collection.
        proto_type: the message class.
        to_proto: item -> message.
        from_proto: message -> item.

    Raises:
        TypeError: if a function cannot be called.
        ValueError: if the collection is registered already.
    """
    from minitf import collection_def

    for function, name in ((to_proto, "to_proto"), (from_proto, "from_proto")):
        if function is not None and not callable(function):
            raise TypeError(f"{name} must be callable.")
    kind = proto_type.DESCRIPTOR.name if proto_type is not None else ""
    collection_def.register_proto_function(collection_name, kind, to_proto, from_proto)


# --- what there is no more, or not here ----------------------------------------------------------


class EagerTensor(Tensor):
    """A Tensor that has its value: no Tensor of a graph is one."""


class RegisterShape:
    """A decorator of the shape function of an op, as before 1.0; it changes nothing.

    Args:
        op_type: the op, whose shapes follow from its own rule.
    """

    def __init__(self, op_type: str) -> None:
        self._op_type = op_type

    def __call__(self, f: Any) -> Any:
        """Return the function."""
        return f


def is_sparse(tensor: Any) -> bool:
    """Tell whether a value is a SparseTensor."""
    return isinstance(tensor, SparseTensor)


def numpy_text(tensor: Any, is_repr: bool = False) -> str:
    """Return what stands for the values of a Tensor of a graph in texts.

    Args:
        tensor: the Tensor.
        is_repr: accepted, without effect.
    """
    return "<unprintable>"


def default_session(session: Session) -> contextlib.AbstractContextManager[Session]:
    """Return a context in which a session is the default one."""
    return session.as_default()


def has_default_graph() -> bool:
    """Tell whether a program has opened a graph as the default one."""
    return bool(default_graphs())


def dismantle_graph(graph: Graph) -> None:
    """Take a graph that is used no more; it goes with its last reference."""
