"""What contributed layers share: names of outputs, collections of variables, sizes, their getter.

A layer's outputs join collections under the name of its scope, an **alias**, so that a network can
give its parts by name:

    y = slim.conv2d(x, 8, 3, scope="conv1", outputs_collections="ends")
    slim.utils.convert_collection_to_dict("ends")                        {"conv1": y}

**State** of a tensor: its `aliases`, if it has some.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from minitf import static_value
from minitf.api.framework import add_to_collections, get_collection, get_default_graph
from minitf.contrib.framework.variables import model_variable
from minitf.control_flow.cond import cond
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable

# --- outputs -------------------------------------------------------------------------------------


def collect_named_outputs(collections: Any, alias: str, outputs: Any) -> Any:
    """Add outputs to collections under an alias, and return them.

    Args:
        collections: names of collections, or one; None or nothing for no alias either.
        alias: another name of the outputs.
        outputs: a tensor.
    """
    if collections:
        append_tensor_alias(outputs, alias)
        add_to_collections(collections, outputs)
    return outputs


def append_tensor_alias(tensor: Any, alias: str) -> Any:
    """Give a tensor one more alias, without the slash that ends the name of a scope."""
    tensor.aliases = [*getattr(tensor, "aliases", ()), alias.removesuffix("/")]
    return tensor


def get_tensor_aliases(tensor: Any) -> list[str]:
    """Return a tensor's aliases; that of one without any is its name, or its operation's."""
    return getattr(tensor, "aliases", None) or [tensor.name.removesuffix(":0")]


def gather_tensors_aliases(tensors: Iterable[Any]) -> list[str]:
    """Return the aliases of several tensors."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def convert_collection_to_dict(collection: str, clear_collection: bool = False) -> dict[str, Any]:
    """Return the tensors of a collection by their aliases, in order.

    Args:
        collection: its name.
        clear_collection: whether it is emptied.
    """
    found = {
        alias: tensor
        for tensor in get_collection(collection)
        for alias in get_tensor_aliases(tensor)
    }
    if clear_collection:
        get_default_graph().clear_collection(collection)
    return found


# --- variables -----------------------------------------------------------------------------------


def get_variable_collections(variables_collections: Any, name: str) -> Any:
    """Return the collections of one kind of variable: a dict has some for each kind."""
    if isinstance(variables_collections, Mapping):
        return variables_collections.get(name)
    return variables_collections


def joined(variable: Any, variables_collections: Any, name: str) -> None:
    """Add a variable, or the parts of one, to the collections of its kind."""
    wanted = get_variable_collections(variables_collections, name)
    if variable is None or not wanted:
        return
    for part in variable if hasattr(variable, "as_tensor") else [variable]:
        add_to_collections(wanted, part)


def getter_of_model_variables(**names: str) -> Callable[..., Any]:
    """Return a custom getter whose variables are model variables.

    Args:
        **names: name that a layer gives a variable -> name that it has.
    """

    def get(getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        scope, slash, own = name.rpartition("/")
        kept = {key: value for key, value in kwargs.items() if key in _TAKEN}
        renamed = f"{scope}{slash}{names.get(own, own)}"
        return model_variable(renamed, *args, **kept, custom_getter=getter)

    return get


_TAKEN = {
    *("shape", "dtype", "initializer", "regularizer", "trainable", "collections"),
    *("caching_device", "partitioner", "use_resource", "synchronization", "aggregation"),
}


# --- sizes ---------------------------------------------------------------------------------------


def _dimension(shape: Any, dim: int, min_rank: int) -> int:
    known = TensorShape(shape)
    if known.ndims is None:
        raise ValueError("dims of shape must be known but is None")
    if known.ndims < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {known.ndims}")
    value = known[dim].value
    if value is None:
        raise ValueError(f"dimension {dim} of shape must be known but is None: {shape}")
    return int(value)


def channel_dimension(shape: Any, data_format: str, min_rank: int = 1) -> int:
    """Return how many channels there are.

    Args:
        shape: of images or the like.
        data_format: "channels_first" or "channels_last".
        min_rank: how many axes there must be at least.

    Raises:
        ValueError: if there are fewer, or the size is not known.
    """
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


def last_dimension(shape: Any, min_rank: int = 1) -> int:
    """Return the last size; see `channel_dimension`."""
    return _dimension(shape, -1, min_rank)


def two_element_tuple(int_or_tuple: Any) -> tuple[int, int]:
    """Return two numbers: the two that are given, or one for both.

    Raises:
        ValueError: if it is neither one number nor two.
    """
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, (list, tuple)):
        if len(int_or_tuple) != 2:
            raise ValueError(f"Must be a list with 2 elements: {int_or_tuple}")
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    if isinstance(int_or_tuple, TensorShape) and int_or_tuple.ndims == 2:
        return _dimension(int_or_tuple, 0, 2), _dimension(int_or_tuple, 1, 2)
    raise ValueError("Must be an int, a list with 2 elements or a TensorShape of length 2")


def n_positive_integers(n: int, value: Any) -> tuple[int, ...]:
    """Return n positive numbers: those that are given, or one n times.

    Raises:
        ValueError: if there is another number of them, or one is not positive.
    """
    if n < 1:
        raise ValueError("n must be a positive integer")
    try:
        given = [int(value)] * n
    except (TypeError, ValueError):
        given = [int(each) for each in value]
    if len(given) != n:
        raise ValueError(f"Expected sequence of length 1 or {n}, but got {len(given)}")
    if any(each < 1 for each in given):
        raise ValueError(f"expected positive integers, but got {given}")
    return tuple(given)


# --- branches ------------------------------------------------------------------------------------


def constant_value(value_or_tensor_or_var: Any, dtype: Any = None) -> Any:
    """Return a value if it is known while the graph is built, else None.

    Args:
        value_or_tensor_or_var: a value, a Tensor or a Variable.
        dtype: the type that it must have, if it is one of the latter.

    Raises:
        ValueError: if there is no value, or its type is another one.
    """
    value = value_or_tensor_or_var
    if value is None:
        raise ValueError("value_or_tensor_or_var cannot be None")
    if not isinstance(value, (Tensor, Variable)):
        return value
    if dtype and value.dtype != dtype:
        raise ValueError(f"It has the wrong type {value.dtype} instead of {dtype}")
    return None if isinstance(value, Variable) else static_value.constant_value(value)


def static_cond(pred: Any, fn1: Callable[[], Any], fn2: Callable[[], Any]) -> Any:
    """Call the first function if the predicate, a bool, is true, else the second.

    Raises:
        TypeError: if one of them can not be called.
    """
    for which, each in (("fn1", fn1), ("fn2", fn2)):
        if not callable(each):
            raise TypeError(f"{which} must be callable.")
    return fn1() if pred else fn2()


def smart_cond(
    pred: Any, fn1: Callable[[], Any], fn2: Callable[[], Any], name: str | None = None
) -> Any:
    """Call one function if it is known which, else build `tf.cond` of both."""
    known = constant_value(pred)
    if known is not None:
        return static_cond(known, fn1, fn2)
    return cond(pred, true_fn=fn1, false_fn=fn2, name=name)
