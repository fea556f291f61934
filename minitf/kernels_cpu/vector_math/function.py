"""A function of this room: what loops call by its name, and what computes without a compiler."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, cached_property
from types import ModuleType
from typing import Any, TypeVar, cast

from minitf.kernels_cpu import jit
from minitf.kernels_cpu.vector_math.lanes import FLOAT32, FLOAT64, Lanes
from minitf.kernels_cpu.vector_math.machines import Llvm, NumPy

N = TypeVar("N")


@cache
def room_digest() -> str:
    """Return a digest of all files of this room: whichever changes, loops are compiled anew."""
    from importlib.resources import files

    digest = hashlib.sha256()
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith((".py", ".pyc")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


class Function(jit.Callee):
    """A function of numbers of one type, float32 or float64; the result is of that type.

    Called with numbers or arrays it computes in NumPy, without a compiler; loops that call it get
    its instructions in place of the call.

    Args:
        steps: the same as a function of Lanes.
    """

    is_strict = True

    def __init__(self, steps: Callable[..., Lanes]) -> None:
        self.steps = steps
        self.__name__ = steps.__name__
        self.__doc__ = steps.__doc__

    def __call__(self, *numbers: N) -> N:
        """Compute with NumPy; or, among the steps of another function, take these steps too."""
        given: Any = numbers
        if isinstance(numbers[0], Lanes):
            return cast("N", self.steps(*given))
        machine = NumPy()
        return cast("N", self.steps(*(Lanes(machine, each, each.dtype) for each in given)).value)

    @property
    def digest(self) -> str:
        """A digest of its name and of this room."""
        return f"{self.__name__} {room_digest()}"

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic, which takes the steps where it is called."""
        from numba import types
        from numba.core import config
        from numba.extending import intrinsic

        if config.DISABLE_JIT:  # type: ignore[attr-defined]
            return self
        kinds: dict[Any, Any] = {types.float32: FLOAT32, types.float64: FLOAT64}

        def typing(*given):
            return given[0](*given) if given[0] in kinds and len({*given}) == 1 else None, generate

        def generate(context, builder, signature, values):
            machine, kind = Llvm(context, builder), kinds[signature.return_type]
            return self.steps(*(Lanes(machine, each, kind) for each in values)).value

        if self.steps.__code__.co_argcount == 1:
            return intrinsic(lambda context, x: typing(x))
        return intrinsic(lambda context, x, y: typing(x, y))


class Namespace(jit.Callee):
    """Functions that loops call as attributes of one name, `scalar_math.exp(x)`.

    Args:
        functions: by name; functions of this room, or any that Numba knows.
    """

    is_strict = True

    def __init__(self, functions: dict[str, Any]) -> None:
        self.functions = functions

    @property
    def digest(self) -> str:
        """A digest of this room."""
        return room_digest()

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: a module."""
        module = ModuleType("scalar_math")
        for name, function in self.functions.items():
            setattr(module, name, getattr(function, "inner", function))
        return module
