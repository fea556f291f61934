"""The few ways in which loops are compiled; every flag is argued here, once.

nogil           executors of different devices, and the pool of `threads`, are threads.  Loops that
                are `brief`, microseconds of work, keep the GIL: where several threads run steps,
                who gives it up waits for it again, up to 5 ms.
error_model     "numpy": x / 0 is inf, as in the bodies; Python's check would hinder vectorisation.
fastmath        off, so that a loop gives the bits of its body; a loop may ask for named flags
                ("contract", "nsz", "arcp"; "reassoc" for a sum), never for "nnan" or "ninf".
parallel        never: it triples the time to compile, and is slow when the cores are busy.
forceinline     for functions of numbers (`inlined`): a call that stays hinders vectorisation.
no_..._wrapper  for what other loops call: nobody calls it from Python, and it halves the time.
read-only       arrays are compiled as read-only unless their parameter is called `out...`: one
                compilation serves constants, variables and fresh arrays, and a loop that writes to
                an input does not compile.

Importing a kernel file compiles nothing and does not import numba: that happens at a loop's first
call, which reads the disk cache first (`kernel_cache`).

    @jit.loops
    def scale_loops(first, last, x, factor, out):
        x, out = x[first:last], out[first:last]  # 0..size: Numba then knows that no index is < 0
        for i in range(out.size):
            out[i] = x[i] * factor

Source: no paper; the figures are in docs/kernels.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from concurrent.futures import Future
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

from minitf.kernels_cpu.kernel_cache import KernelCache

_LOOK_S = 0.2  # how late the main thread may see an interrupt
FASTMATH = frozenset({"contract", "nsz", "arcp", "reassoc"})


class Callee:
    """What loops may call by a global name, beside what Numba knows: loops, functions of numbers.

    Attributes:
        digest: changes with whatever it compiles to.
        inner: what Numba sees in its place.
        is_strict: whether fast-math flags of the loops would spoil it, since it takes them on; an
            `inlined` function without flags keeps them away from it.
    """

    digest: Any
    inner: Any
    is_strict = False


class Loops(Callee):
    """A function of explicit loops that becomes machine code at its first call.

    Args:
        function: takes arrays and scalars, outputs last; returns nothing.  It may call other
            Callees by their global names; it has no closure.
        fastmath: LLVM flags, some of `FASTMATH`.
        names: global names that mean something else in this compilation, e.g. the function that a
            template applies to each element.
        inlined: whether it becomes part of every loop that calls it, however long it is.
        brief: whether it keeps the GIL.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        fastmath: Iterable[str],
        names: dict[str, Any],
        *,
        inlined: bool = False,
        brief: bool = False,
    ) -> None:
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function  # for whoever asks for the source
        self._function = function
        self._fastmath = frozenset(fastmath)
        self._names = names
        self._inlined = inlined
        self._brief = brief
        self._run: Any = self._first_run
        self._lock = threading.RLock()
        assert self._fastmath <= FASTMATH, f"{self.__name__}: flags {self._fastmath - FASTMATH}"
        assert not function.__closure__, f"{self.__name__} has a closure: its code has no digest"

    def __call__(self, *args: Any) -> None:
        """Run the loops, compiled for these types of arguments."""
        if _THREAD.compiles_only:
            self.compile(*args)
            return
        try:
            self._run(*args)
        except (TypeError, RuntimeError) as error:
            # RuntimeError: while another thread compiled for other types, Numba let this one try
            # to, and refused when its turn came.
            if not self._compile_for(args) and isinstance(error, TypeError):
                raise
            self._run(*args)

    def bound(self, **names: Any) -> Loops:
        """Return the same loops with other meanings of some global names."""
        names = {**self._names, **names}
        inlined, brief = self._inlined, self._brief
        return Loops(self._function, self._fastmath, names, inlined=inlined, brief=brief)

    @cached_property
    def digest(self) -> str:
        """A digest of the code, of all that it calls, and of the flags."""
        flags = ("flags", sorted(self._fastmath), self._inlined, self._brief)
        parts = [*_parts_of(self._function.__code__), flags]
        parts += [(name, _identity(value)) for name, value in self._globals().items()]
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def inner(self) -> Any:
        """What Numba sees where other loops call this function."""
        return self._dispatcher(no_cpython_wrapper=True, no_cfunc_wrapper=True)

    def compile(self, *args: Any) -> None:
        """Compile the loops for these types of arguments, if that is still to be done."""
        with self._lock:
            if self._run == self._first_run:
                self._run = self._made_for(args)
        self._compile_for(args)

    def _first_run(self, *args: Any) -> None:
        with self._lock:
            if self._run == self._first_run:
                self._run = self._made_for(args)
        self._run(*args)

    def _made_for(self, args: tuple[Any, ...]) -> Any:
        dispatcher = self._dispatcher()
        if hasattr(dispatcher, "compile"):  # else Numba is disabled: plain Python
            dispatcher._cache = KernelCache(self.digest)  # noqa: SLF001 no public way
            _compile(dispatcher, self._types(args))
        return dispatcher

    def _compile_for(self, args: tuple[Any, ...]) -> bool:
        """Compile for the types of `args`; tell whether that was still to be done."""
        with self._lock:
            overloads = getattr(self._run, "overloads", None)
            if overloads is None or (types := self._types(args)) in overloads:
                return False
            _compile(self._run, types)
        return True

    def _types(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        from numba import typeof, types

        found = []
        for parameter, value in zip(self._function.__code__.co_varnames, args, strict=False):
            kind = typeof(value)
            if isinstance(kind, types.Array) and not parameter.startswith("out"):
                kind = kind.copy(readonly=True)
            found.append(kind)
        return tuple(found)

    def _dispatcher(self, **options: Any) -> Any:
        from numba import njit

        found = self._globals()
        spoilt = [n for n, v in found.items() if isinstance(v, Callee) and v.is_strict]
        assert not (self._fastmath and spoilt), f"{self.__name__}: fast-math would spoil {spoilt}"
        meanings = {n: v.inner if isinstance(v, Callee) else v for n, v in found.items()}
        # A name of its own per content: Numba names machine code after the function.
        name = f"{self.__name__}_{self.digest[:16]}"
        function = FunctionType(self._function.__code__, meanings, name)
        function.__qualname__ = name
        function.__module__ = self._function.__module__
        options = {**self.options, **options}
        return njit(**options)(function)

    @property
    def options(self) -> dict[str, Any]:
        """What Numba is told; the module's docstring argues it."""
        found: dict[str, Any] = {"error_model": "numpy", "fastmath": set(self._fastmath)}
        found["nogil"] = not self._brief
        return found | ({"forceinline": True} if self._inlined else {})

    def _globals(self) -> dict[str, Any]:
        """Return the meaning of every global name that the code uses, in order of use."""
        known = {**self._function.__globals__, **self._names}
        return {name: known[name] for name in _names_in(self._function.__code__) if name in known}


class _Thread(threading.local):
    """Whether loops that this thread calls are compiled instead of run."""

    compiles_only = False


_THREAD = _Thread()


@contextlib.contextmanager
def compiling_only() -> Iterator[None]:
    """Let loops that this thread calls be compiled for their arguments, but not run."""
    before = _THREAD.compiles_only
    _THREAD.compiles_only = True
    try:
        yield
    finally:
        _THREAD.compiles_only = before


def compiles_only() -> bool:
    """Tell whether loops that this thread calls are compiled instead of run."""
    return _THREAD.compiles_only


def _compile(dispatcher: Any, types: tuple[Any, ...]) -> None:
    if dispatcher.overloads:
        dispatcher.disable_compile(val=False)
    compile_for(dispatcher, types)
    # A writable array is taken for a read-only parameter only where the dispatcher may not compile
    # a version of its own.
    dispatcher.disable_compile()


def compile_for(dispatcher: Any, types: tuple[Any, ...]) -> None:
    """Let Numba compile a function for these types of arguments, never in the main thread.

    An interrupt (Ctrl-C) is raised there wherever it is: in what LLVM calls back it would be lost,
    or end the process.  So the main thread waits, and an interrupt ends its waiting.

    Raises:
        NumbaError: if the function is not one that Numba compiles.
    """
    if threading.current_thread() is not threading.main_thread():
        dispatcher.compile(types)
        return
    compiled: Future[None] = Future()

    def work() -> None:
        try:
            dispatcher.compile(types)
        except Exception as error:  # noqa: BLE001 raised where it is waited for
            compiled.set_exception(error)
        else:
            compiled.set_result(None)

    threading.Thread(target=work, name="minitf-compile-for-main").start()
    while not compiled.done():  # an interrupt just before a wait is seen after it only
        futures.wait([compiled], _LOOK_S)
    compiled.result()


def loops(function: Any = None, *, fastmath: Iterable[str] = (), brief: bool = False) -> Any:
    """Compile a function of loops at its first call: `@loops` or `@loops(fastmath={...})`."""
    if function is None:
        return lambda each: Loops(each, fastmath, {}, brief=brief)
    return Loops(function, fastmath, {}, brief=brief)


def inlined(function: Any) -> Any:
    """Make a function of numbers that becomes part of the loops that call it."""
    return Loops(function, (), {}, inlined=True)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names_in(each)


def _parts_of(code: CodeType) -> Iterator[Any]:
    """Walk what a function does, leaving out where it stands."""
    yield code.co_code, code.co_names, code.co_varnames, code.co_argcount
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _parts_of(each)
        else:
            yield type(each).__name__, each


def _identity(value: Any) -> str:
    if isinstance(value, Callee):
        return str(value.digest)
    return value.__name__ if hasattr(value, "__name__") else repr(value)
