"""`tensorflow.python.framework.combinations`: a test once for each combination of arguments.

    @combinations.generate(combinations.combine(mode=["graph"], size=[1, 3]))
    def testSum(self, size): ...       # testSum_test_mode_graph_size_1, ..._size_3

Combinations of eager execution, and of TensorFlow 2 where its behaviour is not enabled, are
skipped.  A test class has `absl.testing.parameterized.TestCase` among its bases.

Source: TensorFlow 1.15's modules `combinations` and `test_combinations`.
"""

from __future__ import annotations

import functools
import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from itertools import product
from typing import Any

from minitf.compat.internal import tf2
from minitf.graph import Graph

_Combination = OrderedDict[str, Any]


class TestCombination:
    """What else a combination means for a test: whether it runs, in which contexts."""

    __test__ = False  # pytest looks for classes that are called so

    def should_execute_combination(self, kwargs: dict[str, Any]) -> tuple[bool, str | None]:
        """Return whether a test runs with these arguments, and why not."""
        return True, None

    def parameter_modifiers(self) -> list[ParameterModifier]:
        """Return what changes the arguments before the test gets them."""
        return []

    def context_managers(self, kwargs: dict[str, Any]) -> list[AbstractContextManager[Any]]:
        """Return the contexts in which a test runs with these arguments."""
        return []


class ParameterModifier:
    """Changes arguments before the test gets them.

    Args:
        parameter_name: the argument that it is about.
    """

    DO_NOT_PASS_TO_THE_TEST = object()

    def __init__(self, parameter_name: str | None = None) -> None:
        self._parameter_name = parameter_name

    def modified_arguments(
        self, kwargs: dict[str, Any], requested_parameters: Sequence[str]
    ) -> dict[str, Any]:
        """Return the arguments that change; those that a test does not get are marked."""
        return {}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self._parameter_name))


class OptionalParameter(ParameterModifier):
    """An argument that a test gets only if it asks for it."""

    def modified_arguments(
        self, kwargs: dict[str, Any], requested_parameters: Sequence[str]
    ) -> dict[str, Any]:
        """Mark the argument if the test does not ask for it."""
        name = self._parameter_name
        if name is None or name in requested_parameters:
            return {}
        return {name: self.DO_NOT_PASS_TO_THE_TEST}


class EagerGraphCombination(TestCombination):
    """The argument `mode`: "graph" runs in a graph of its own, "eager" is skipped."""

    def should_execute_combination(self, kwargs: dict[str, Any]) -> tuple[bool, str | None]:
        """Run what is not eager."""
        if kwargs.get("mode") == "eager":
            return False, "MiniTF runs graphs: there is no eager execution"
        return True, None

    def parameter_modifiers(self) -> list[ParameterModifier]:
        """Pass `mode` only to tests that ask for it."""
        return [OptionalParameter("mode")]

    def context_managers(self, kwargs: dict[str, Any]) -> list[AbstractContextManager[Any]]:
        """Return the graph."""
        return [_new_graph()] if kwargs.get("mode") == "graph" else []


class TFVersionCombination(TestCombination):
    """The argument `tf_api_version`: 2 runs only where the behaviour of TensorFlow 2 is enabled."""

    def should_execute_combination(self, kwargs: dict[str, Any]) -> tuple[bool, str | None]:
        """Compare the version with what is enabled."""
        version = kwargs.get("tf_api_version")
        if version == 1 and tf2.enabled():
            return False, "Skipping a TF1.x test when TF2 is enabled."
        if version == 2 and not tf2.enabled():
            return False, "Skipping a TF2 test when TF2 is not enabled."
        return True, None

    def parameter_modifiers(self) -> list[ParameterModifier]:
        """Pass `tf_api_version` only to tests that ask for it."""
        return [OptionalParameter("tf_api_version")]


@contextmanager
def _new_graph() -> Iterator[None]:
    with Graph().as_default():
        yield


class NamedObject:
    """An argument with a name for the test's name: it answers as the object does.

    Args:
        name: the name.
        obj: the object.
    """

    def __init__(self, name: str, obj: Any) -> None:
        self._name = name
        self._obj = obj

    def __getattr__(self, name: str) -> Any:
        return getattr(self._obj, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object."""
        return self._obj(*args, **kwargs)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._obj)

    def __repr__(self) -> str:
        """Return the name."""
        return self._name


def combine(**kwargs: Any) -> list[_Combination]:
    """Return all combinations of values, sorted by the arguments' names.

    Args:
        kwargs: argument -> its values, a list or a tuple, or the one that it has.
    """
    names = sorted(kwargs)
    values = [
        each if isinstance(each, (list, tuple)) else [each] for each in map(kwargs.get, names)
    ]
    # the first name is that which changes slowest in TensorFlow
    return [OrderedDict(zip(names, chosen, strict=True)) for chosen in product(*values)]


def times(*combined: list[_Combination]) -> list[_Combination]:
    """Return each combination of the first list with each of the others.

    Raises:
        ValueError: if two of them have an argument in common.
    """
    if not combined:
        return []
    made = []
    for chosen in product(*combined):
        together: dict[str, Any] = {}
        for each in chosen:
            if together.keys() & each.keys():
                raise ValueError(f"Keys need to not overlap: {together.keys()} vs {each.keys()}")
            together.update(each)
        made.append(OrderedDict(sorted(together.items())))
    return made


def generate(
    combinations: Iterable[_Combination],
    test_combinations: Sequence[TestCombination] = (
        EagerGraphCombination(),
        TFVersionCombination(),
    ),
) -> Callable[[Any], Any]:
    """Return a decorator that makes a test for each combination.

    Args:
        combinations: as `combine` and `times` return them.
        test_combinations: what else arguments mean.

    Raises:
        ModuleNotFoundError: when it decorates a test and the package `absl-py` is not installed.
    """
    named = [
        OrderedDict([*each.items(), ("testcase_name", _test_name(each))]) for each in combinations
    ]

    def decorate(function: Any) -> Any:
        parameterized = import_module("absl.testing.parameterized")
        return parameterized.named_parameters(*named)(_within(function, test_combinations))

    return decorate


def _test_name(combination: _Combination) -> str:
    """Return what a combination adds to a test's name: `_test_mode_graph_size_1`."""
    parts = [
        "".join(filter(str.isalnum, str(each))) for pair in combination.items() for each in pair
    ]
    return "_".join(["_test", *parts])


def _within(function: Any, meanings: Sequence[TestCombination]) -> Any:
    """Return a test that is skipped, gets its arguments, and runs as the meanings say."""
    asked = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def test(self: Any, **kwargs: Any) -> None:
        for meaning in meanings:
            runs, reason = meaning.should_execute_combination(dict(kwargs))
            if not runs:
                self.skipTest(reason)
        given = dict(kwargs)
        for modifier in (each for meaning in meanings for each in meaning.parameter_modifiers()):
            given.update(modifier.modified_arguments(dict(kwargs), asked))
        passed = {
            name: value
            for name, value in given.items()
            if value is not ParameterModifier.DO_NOT_PASS_TO_THE_TEST
        }
        with ExitStack() as contexts:
            for meaning in meanings:
                for each in meaning.context_managers(dict(kwargs)):
                    contexts.enter_context(each)
            function(self, **passed)

    return test
