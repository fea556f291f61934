"""Decorators of `tensorflow.python.framework.test_util`: in which modes a test runs, and where.

There is one mode here, that of graphs: tests for both run in it, and tests of eager execution are
skipped.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import unittest
from collections import OrderedDict
from collections.abc import Callable
from itertools import product
from typing import Any

from minitf.compat.internal import forward_compatibility
from minitf.compat.test_support import is_gpu_available
from minitf.contexts import toggles
from minitf.tensor import Tensor

Decorator = Callable[[Any], Any]

# --- modes ---------------------------------------------------------------------------------------


def run_in_graph_and_eager_modes(
    func: Any = None,
    config: Any = None,
    use_gpu: bool = True,
    reset_test: bool = True,
    assert_no_eager_garbage: bool = False,
) -> Any:
    """Run a test in its session.

    Args:
        func: the test; without it, a decorator is returned.
        config: the session's ConfigProto.
        use_gpu: whether operations may be placed on a GPU.
        reset_test: accepted, as there is no second mode.
        assert_no_eager_garbage: accepted, as there is no second mode.

    Raises:
        ValueError: if it is given a class.
    """
    if isinstance(func, type):
        raise ValueError(
            "`run_in_graph_and_eager_modes` only supports test methods. Did you mean to use "
            "`run_all_in_graph_and_eager_modes`?"
        )

    def decorator(test: Any) -> Any:
        @functools.wraps(test)
        def decorated(self: Any, *args: Any, **kwargs: Any) -> None:
            with self.test_session(use_gpu=use_gpu, config=config):
                test(self, *args, **kwargs)

        return decorated

    return decorator if func is None else decorator(func)


def run_all_in_graph_and_eager_modes(cls: type) -> type:
    """Decorate each test of a class with `run_in_graph_and_eager_modes`."""
    return for_all_test_methods(run_in_graph_and_eager_modes)(cls)  # type: ignore[no-any-return]


def for_all_test_methods(decorator: Decorator, *args: Any, **kwargs: Any) -> Decorator:
    """Return a decorator of classes that decorates each of their tests.

    Args:
        decorator: what decorates a test; given further arguments, it returns what does.
        *args: its arguments.
        **kwargs: its arguments by name.
    """

    def decorate(cls: Any) -> Any:
        for name in dir(cls):
            test = getattr(cls, name)
            if callable(test) and name.startswith("test") and name != "test_session":
                actual = decorator(*args, **kwargs) if args or kwargs else decorator
                setattr(cls, name, actual(test))
        return cls

    return decorate


def run_deprecated_v1(func: Any = None) -> Any:
    """Return a test, or a class of tests, of graphs as it is."""
    return _unchanged if func is None else func


def run_v1_only(reason: str, func: Any = None) -> Any:
    """Return a test, or a class of tests, of TensorFlow 1.x as it is.

    Args:
        reason: why 2.x cannot run it.
        func: the test; without it, a decorator is returned.
    """
    return _unchanged if func is None else func


def run_v2_only(func: Any = None) -> Any:
    """Skip a test of TensorFlow 2.x."""
    decorator = unittest.skip("Test is only compatible with v2")
    return decorator if func is None else decorator(func)


def build_as_function_and_v1_graph(func: Any) -> Any:
    """Return a test of graphs and functions of TensorFlow 2.x as it is: it runs in a graph."""
    return func


def with_forward_compatibility_horizons(*horizons: Any) -> Decorator:
    """Return a decorator that runs a test once for each day of which releases must read graphs.

    Args:
        *horizons: triples (year, month, day), or None for the day of 1.15.
    """

    def decorator(test: Any) -> Any:
        @functools.wraps(test)
        def decorated(*args: Any, **kwargs: Any) -> None:
            for horizon in horizons:
                day: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
                if horizon is not None:
                    day = forward_compatibility.forward_compatibility_horizon(*horizon)
                with day:
                    test(*args, **kwargs)

        return decorated

    return decorator


def enable_control_flow_v2(fn: Any) -> Any:
    """Return a test in which branches and loops become functions."""

    @functools.wraps(fn)
    def decorated(*args: Any, **kwargs: Any) -> None:
        before = toggles.control_flow_v2_enabled()
        toggles.enable_control_flow_v2()
        try:
            fn(*args, **kwargs)
        finally:
            if not before:
                toggles.disable_control_flow_v2()

    return decorated


def disable_control_flow_v2(unused_msg: str) -> Decorator:
    """Return a decorator that `with_control_flow_v2` leaves out.

    Args:
        unused_msg: why.
    """

    def decorator(func: Any) -> Any:
        vars(func)["_disable_control_flow_v2"] = True
        return func

    return decorator


def with_control_flow_v2(cls: Any) -> Any:
    """Add to each test of a class one in which branches and loops become functions."""
    for name, value in vars(cls).copy().items():
        is_test = callable(value) and name.startswith(unittest.TestLoader.testMethodPrefix)
        if is_test and not getattr(value, "_disable_control_flow_v2", False):
            setattr(cls, f"{name}WithControlFlowV2", enable_control_flow_v2(value))
    return cls


also_run_as_tf_function = build_as_function_and_v1_graph
py_func_if_in_function = build_as_function_and_v1_graph


def eager_only(func: Any) -> Any:
    """Skip a test of what eager execution leaves behind."""
    return unittest.skip("Test is of eager execution")(func)


def _unchanged(func: Any) -> Any:
    return func


def unchanged(*_: Any, **__: Any) -> Decorator:
    """Return a decorator that changes nothing: of tests for compilers that there are not."""
    return _unchanged


# --- conditions ----------------------------------------------------------------------------------


def skip_if(condition: Any) -> Decorator:
    """Return a decorator of tests that run unless a condition holds.

    Args:
        condition: a value, or a function that is asked when the test is to run.
    """

    def decorator(test: Any) -> Any:
        @functools.wraps(test)
        def decorated(self: Any, *args: Any, **kwargs: Any) -> Any:
            if condition() if callable(condition) else condition:
                self.skipTest("Its condition for not running holds")
            return test(self, *args, **kwargs)

        return decorated

    return decorator


def run_gpu_only(func: Any = None) -> Any:
    """Skip a test if this process has no GPU."""
    decorator = skip_if(lambda: not is_gpu_available())
    return decorator if func is None else decorator(func)


def assert_no_new_tensors(f: Any) -> Any:
    """Decorate a test: it fails if Tensors that it made are still alive when it ends."""

    @functools.wraps(f)
    def decorated(self: Any, **kwargs: Any) -> None:
        before = {id(each) for each in _tensors()}
        self._close_cached_session()
        f(self, **kwargs)
        self._close_cached_session()
        gc.collect()
        left = [each for each in _tensors() if id(each) not in before]
        if left:
            raise AssertionError(f"{len(left)} Tensors not deallocated after test: {left}")

    return decorated


def _tensors() -> list[Tensor]:
    # by type: a weak proxy whose object is gone cannot be asked
    return [each for each in gc.get_objects() if issubclass(type(each), Tensor)]


# --- parameters ----------------------------------------------------------------------------------


def generate_combinations_with_testcase_name(**kwargs: Any) -> list[OrderedDict[str, Any]]:
    """Return all choices of one value for each name, each with a name for its test.

    Args:
        **kwargs: name -> the values to choose from.
    """
    names = sorted(kwargs)
    found = []
    for values in product(*(kwargs[name] for name in names)):
        chosen = OrderedDict(zip(names, values, strict=True))
        parts = ("".join(filter(str.isalnum, f"{name}_{each}")) for name, each in chosen.items())
        chosen["testcase_name"] = "".join(f"_{part}" for part in parts)
        found.append(chosen)
    return found
