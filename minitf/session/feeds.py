"""What a run feeds: each value becomes an array of the tensor's type, and is checked.

**Invariants**
1. A C-contiguous array of the right type is passed on as it is: it is not copied.
2. Whatever is wrong with any of the feeds is said in one error, which begins with what TensorFlow
   says of the first.

Source: 2015 §4.2 (any edge may be fed); TensorFlow 1.15's Session.run.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from minitf import dtypes, source
from minitf.convert import first_leaf, to_array
from minitf.errors import InternalError, OpError
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.session.conversions import conversion_of
from minitf.shapes import UNKNOWN, Shape
from minitf.tensor import Tensor
from minitf.type_spec import CompositeTensor, components_of

Array = np.ndarray[Any, Any]


_warned: weakref.WeakSet[Tensor] = weakref.WeakSet()  # said once that a feed lost fractions


class Feed:
    """A tensor that is fed: converts and checks its values.

    Attributes:
        tensor: the tensor.
        position: where its value stands among the values of the request.
    """

    __slots__ = ("_accepted", "_dtype", "_is_text", "_scalar", "_shape", "position", "tensor")

    def __init__(self, tensor: Tensor, position: int) -> None:
        self.tensor = tensor
        self.position = position
        self._dtype = tensor.dtype.base_dtype.numpy
        self._scalar = None if self._dtype.kind == "O" else self._dtype.type
        self._is_text = tensor.dtype.base_dtype is dtypes.string
        self._look_at(tensor.static_shape)

    def _look_at(self, shape: Shape) -> None:
        """Note a shape, which `set_shape` may have made better known since the last run."""
        self._shape = shape
        self._accepted: tuple[int, ...] | None = None  # the sizes that came last

    def converted(self, value: Any) -> Array:
        """Return a value as an array that the tensor may have.

        Raises:
            TypeError: if it cannot be of the tensor's type.
            ValueError: if it has another shape.
        """
        if type(value) is self._scalar:
            value = np.array(value)
        elif type(value) is not np.ndarray or value.dtype is not self._dtype or self._is_text:
            value = self._typed(value)  # arrays of objects may hold str, which becomes bytes
        shape = self.tensor.static_shape
        if shape is not self._shape:
            self._look_at(shape)
        if value.shape != self._accepted:
            if not shape.accepts(value.shape):
                raise ValueError(wrong_shape(self.tensor, value.shape))
            self._accepted = value.shape
        return value if value.flags.c_contiguous else np.ascontiguousarray(value)

    def fetched(self, value: Any, array: Array) -> Array:
        """Return what a fetch of the fed tensor gives: the value as it was given, in an own array.

        A scalar stays an array, and a str is not encoded.

        Args:
            value: what was fed.
            array: what it was converted to.
        """
        return np.array(value if self._is_text else array, self._dtype)

    def _typed(self, value: Any) -> Array:
        tensor = self.tensor
        dtype = tensor.dtype.base_dtype
        if isinstance(value, (Tensor, Operation)):
            raise TypeError(
                "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include "
                "Python scalars, strings, lists, numpy ndarrays, or TensorHandles. For "
                f"reference, the tensor object was {value} which was passed to the feed with key "
                f"{tensor}."
                "\n  hint: session.run() of the tensor gives an array to feed"
            )
        if not dtype.is_numpy_compatible:
            return value  # type: ignore[no-any-return]  # a handle
        try:
            array = self._text(value) if dtype is dtypes.string else np.asarray(value, self._dtype)
        except OverflowError:
            raise self._incompatible(value) from None
        except (TypeError, ValueError) as error:
            raise type(error)(f"{error}\n{fed_tensor(tensor)}") from None
        if isinstance(value, int) and array != value:
            raise self._incompatible(value)
        if self._dtype.kind in "iu" and tensor not in _warned:
            self._warn_of_lost_fractions(value, array)
        return array

    def _text(self, value: Any) -> Array:
        if isinstance(value, int):
            raise self._incompatible(value)
        try:
            return to_array(value, dtypes.string)
        except TypeError:
            kind = type(first_leaf(value)).__name__
            raise InternalError(
                None, None, f"Unsupported object type {kind}\n{fed_tensor(self.tensor)}"
            ) from None

    def _incompatible(self, value: Any) -> TypeError:
        return TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible with Tensor "
            f"type {self.tensor.dtype.as_numpy_dtype}. Try explicitly setting the type of the feed "
            f"tensor to a larger type (e.g. int64).\n{fed_tensor(self.tensor)}"
        )

    def _warn_of_lost_fractions(self, value: Any, array: Array) -> None:
        given = np.asarray(value)
        if given.dtype.kind != "f" or np.array_equal(given, array):
            return
        _warned.add(self.tensor)
        worst = given.flat[int(np.argmax(given.ravel() != array.ravel()))]
        warnings.warn(
            f"A feed of {self.tensor.name!r} lost fractions: {worst} became {int(worst)}, as its "
            f"type is {self.tensor.dtype.name}\n  created at "
            f"{source.describe(self.tensor.op.site)}",
            stacklevel=2,
        )


def converted_feeds(feeds: Sequence[Feed], values: Iterable[Any]) -> list[Array]:
    """Return the values of all feeds as arrays, in the order of the request.

    Raises:
        TypeError, ValueError, InternalError: if some do not fit; all of them are listed.
    """
    arrays: list[Any] = [None] * len(feeds)
    problems: list[Exception] = []
    for feed, value in zip(feeds, values, strict=True):
        try:
            arrays[feed.position] = feed.converted(value)
        except (TypeError, ValueError, OpError) as error:
            problems.append(error)
    if problems:
        raise _all_of(problems)
    return arrays


def _all_of(problems: list[Exception]) -> Exception:
    first = problems[0]
    if len(problems) == 1:
        return first
    texts = "\n".join(str(problem) for problem in problems)
    message = f"{texts}\n  {len(problems)} of the fed values do not fit"
    return type(first)(None, None, message) if isinstance(first, OpError) else type(first)(message)


# --- keys ----------------------------------------------------------------------------------------


def flat_feeds(graph: Graph, feed_dict: Mapping[Any, Any]) -> list[tuple[Tensor, Any]]:
    """Return the Tensors and values that a feed_dict names, composite ones taken apart.

    Of several keys for one Tensor the last counts.

    Raises:
        TypeError: if a key is no Tensor of the graph.
        ValueError: if a tensor may not be fed.
    """
    found: dict[Tensor, Any] = {}
    for key, value in _entries(feed_dict):
        for part, part_value in _parts(key, value):
            found[_tensor(graph, part)] = part_value
    return list(found.items())


def _entries(feed_dict: Mapping[Any, Any]) -> Iterable[tuple[Any, Any]]:
    for key, value in feed_dict.items():
        if isinstance(key, tuple):
            if len(key) != len(value):
                raise ValueError(
                    f"Could not flatten dictionary. Key had {len(key)} elements, but value had "
                    f"{len(value)} elements. Key: {key}, value: {value}."
                )
            yield from _entries(dict(zip(key, value, strict=True)))
        else:
            yield key, value


def _parts(key: Any, value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(key, CompositeTensor):
        return zip(components_of(key), _values_of(key, value), strict=True)
    conversion = conversion_of(key)
    if conversion is not None and conversion.feed is not None:
        return conversion.feed(key, value)
    return ((key, value),)


def _values_of(key: CompositeTensor, value: Any) -> Iterable[Any]:
    """Return the values of what a composite key is made of."""
    if isinstance(value, tuple):
        return [each for each in value if each is not None]
    return key._type_spec._to_components(value)  # type: ignore[no-any-return]  # noqa: SLF001 TensorFlow's protocol


def _tensor(graph: Graph, key: Any) -> Tensor:
    try:
        tensor = graph.as_graph_element(key, allow_operation=False)
    except (KeyError, TypeError, ValueError) as error:
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {error.args[0]}") from None
    assert isinstance(tensor, Tensor)
    if not graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor} may not be fed.")
    return tensor


# --- messages ------------------------------------------------------------------------------------


def wrong_shape(tensor: Tensor, fed: tuple[int, ...]) -> str:
    """Say that a fed value has the wrong shape, where it differs, and what may mend it."""
    what = f"Tensor {tensor.name!r}, which has shape {str(tensor.shape)!r}"
    lines = [f"Cannot feed value of shape {fed} for {what}"]
    dims = tensor.static_shape.dims or ()
    if len(dims) != len(fed):
        lines.append(f"  rank: {len(fed)} fed, {len(dims)} wanted")
    else:
        lines += [
            f"  axis {axis}: {size} fed, {dim} wanted"
            for axis, (dim, size) in enumerate(zip(dims, fed, strict=True))
            if dim is not UNKNOWN and dim != size
        ]
    lines += [fed_tensor(tensor), *_repair(tuple(dims), fed)]
    return "\n".join(lines)


def fed_tensor(tensor: Tensor) -> str:
    """Say which tensor a feed was for, and where it was made."""
    what = f"{tensor.dtype.base_dtype.name}{tensor.static_shape}"
    return f"  {tensor.name}: {what}, created at {source.describe(tensor.op.site)}"


def _repair(dims: tuple[Any, ...], fed: tuple[int, ...]) -> Iterable[str]:
    """Suggest to reshape, where the number of elements fits."""
    unknown = [axis for axis, dim in enumerate(dims) if dim is UNKNOWN]
    row = int(np.prod([dim for dim in dims if dim is not UNKNOWN]))
    total = int(np.prod(fed))
    if not dims or len(unknown) > 1 or not row or total % row or (not unknown and total != row):
        return
    wanted = tuple(-1 if dim is UNKNOWN else dim for dim in dims)
    if unknown == [0] and fed and fed[0] and total // fed[0] == row:
        yield f"  hint: {fed} has {row} per row: reshape to {wanted}"
    else:
        yield f"  hint: {fed} has {total} elements: reshape to {wanted}"


def keys_and_values(fetches: Any, feed_dict: Any) -> tuple[tuple[Any, ...], Any]:
    """Return the keys of a feed_dict, and its values in their order.

    Raises:
        TypeError: if it is none.
    """
    if isinstance(feed_dict, Mapping):
        return tuple(feed_dict), feed_dict.values()
    if isinstance(feed_dict, Tensor):
        raise TypeError(
            "Using a `tf.Tensor` as a Python `bool` is not allowed: the second argument of run() "
            "is feed_dict\n"
            f"  hint: did you mean sess.run([{_shown(fetches)}, {_shown(feed_dict)}])?"
        )
    raise TypeError(
        f"The second argument of run() is feed_dict, a mapping of Tensors to values, not "
        f"{type(feed_dict).__name__}: several fetches go in one list, sess.run([a, b])"
    )


def is_plain(key: Any) -> bool:
    """Tell whether a key of a feed_dict stands for one tensor, the same in each call."""
    return isinstance(key, (Tensor, str))


def _shown(fetch: Any) -> str:
    return fetch.name if hasattr(fetch, "name") else repr(fetch)
