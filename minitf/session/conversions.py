"""Classes that a program lets `Session.run` fetch and feed.

    register_session_run_conversion_functions(
        Squared,
        lambda squared: ([squared.tensor], lambda values: values[0]),
        lambda squared, value: [(squared.tensor, value)],
        lambda squared: [squared.tensor],
    )

Source: TensorFlow 1.15's function of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from minitf.type_spec import CompositeTensor, components_of

Values = list[Any]


class Conversion(NamedTuple):
    """How instances of a class are fetched and fed.

    Attributes:
        kind: the class.
        fetch: instance -> (what to fetch instead, values -> value); None if it is not fetched.
        feed: (instance, value) -> pairs of what to feed instead; None if it is not fed.
        feed_for_partial_run: instance -> what a partial run is to be told of that it feeds.
    """

    kind: type
    fetch: Callable[[Any], tuple[Values, Callable[[Values], Any]]] | None
    feed: Callable[[Any, Any], Iterable[tuple[Any, Any]]] | None
    feed_for_partial_run: Callable[[Any], Values] | None


_REGISTERED: list[Conversion] = []


def register_session_run_conversion_functions(
    tensor_type: type,
    fetch_function: Any = None,
    feed_function: Any = None,
    feed_function_for_partial_run: Any = None,
) -> None:
    """Say how instances of a class are fetched and fed: see `Conversion`.

    Args:
        tensor_type: the class; instances of classes derived from it are meant too.
        fetch_function: instance -> (what to fetch, values -> value).
        feed_function: (instance, value) -> pairs of what to feed and its value.
        feed_function_for_partial_run: instance -> what is fed.

    Raises:
        ValueError: if the class, or one that it derives from, is registered already.
    """
    if any(issubclass(tensor_type, each.kind) for each in _REGISTERED):
        raise ValueError(f"{tensor_type} has already been registered so ignore it.")
    made = Conversion(tensor_type, fetch_function, feed_function, feed_function_for_partial_run)
    _REGISTERED.insert(0, made)


def conversion_of(value: Any) -> Conversion | None:
    """Return the conversion that is registered for a value, None if there is none."""
    return next((each for each in _REGISTERED if isinstance(value, each.kind)), None)


def parts_to_feed(key: Any) -> Values:
    """Return what a partial run is to be told of for something that it feeds."""
    if isinstance(key, CompositeTensor):
        return components_of(key)
    conversion = conversion_of(key)
    if conversion is None or conversion.feed_for_partial_run is None:
        return [key]
    return list(conversion.feed_for_partial_run(key))
