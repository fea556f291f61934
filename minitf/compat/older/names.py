r"""What Python, NumPy and SciPy have dropped since 2015, put back where a program looks for it.

Only what can be given back whole is here: a name that stands for a class or function of today, or
for a few lines.  Methods of built-in types (`array.tostring()`) cannot be, nor can rules that have
changed (NumPy's promotion of scalars, `np.load` without pickles).

**State**: attributes of modules of Python's and NumPy's own, and a finder in `sys.meta_path`, in
this process.

Worked example:

    put_back()
    np.float                         # float
    collections.Mapping              # collections.abc.Mapping
    np.fromstring(b"\x01", np.int8)  # array([1], dtype=int8)

Source: no paper; the release notes of Python 3.8 to 3.11 and of NumPy 1.23 to 2.4.
"""

from __future__ import annotations

import base64
import collections
import collections.abc
import fractions
import html
import html.parser
import inspect
import math
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np


class ArgSpec(NamedTuple):
    """What `inspect.getargspec` told of a function until Python 3.11."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getargspec(func: Callable[..., Any]) -> ArgSpec:
    """Return the arguments of a function without keyword-only ones.

    Raises:
        ValueError: if it has keyword-only arguments.
        TypeError: if it is no function.
    """
    found = inspect.getfullargspec(func)
    if found.kwonlyargs:
        raise ValueError(
            "Function has keyword-only parameters or annotations, use inspect.signature() API "
            "which can support them"
        )
    return ArgSpec(found.args, found.varargs, found.varkw, found.defaults)


_fromstring = np.fromstring


def fromstring(string: Any, dtype: Any = float, count: int = -1, *, sep: str = "") -> Any:
    """Return the array that a text lists, or with `sep=""` the one whose bytes these are."""
    if sep:
        return _fromstring(string, dtype, count, sep=sep)
    return np.frombuffer(string, dtype, count).copy()


def asfarray(a: Any, dtype: Any = np.float64) -> Any:
    """Return an array of floats: of `dtype` if that is inexact, else of float64."""
    return np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64)


_TYPES = {
    "bool8": np.bool_,
    "bytes0": np.bytes_,
    "cfloat": np.complex128,
    "clongfloat": np.clongdouble,
    "complex": complex,
    "complex_": np.complex128,
    "float": float,
    "float_": np.float64,
    "int": int,
    "int0": np.intp,
    "longcomplex": np.clongdouble,
    "longfloat": np.longdouble,
    "object": object,
    "object0": np.object_,
    "singlecomplex": np.complex64,
    "str": str,
    "str0": np.str_,
    "string_": np.bytes_,
    "typeDict": np.sctypeDict,
    "uint0": np.uintp,
    "unicode": str,
    "unicode_": np.str_,
    "void0": np.void,
}
_NUMBERS = {
    "Inf": np.inf,
    "Infinity": np.inf,
    "NINF": -np.inf,
    "NZERO": -0.0,
    "NaN": np.nan,
    "PINF": np.inf,
    "PZERO": 0.0,
    "infty": np.inf,
}
_FUNCTIONS: dict[str, Any] = {
    "alen": len,
    "alltrue": np.all,
    "asfarray": asfarray,
    "asscalar": lambda a: a.item(),
    "cumproduct": np.cumprod,
    "in1d": lambda ar1, ar2, assume_unique=False, invert=False: np.isin(
        np.ravel(ar1), ar2, assume_unique, invert
    ),
    "issubclass_": lambda arg1, arg2: isinstance(arg1, type) and issubclass(arg1, arg2),
    "mat": np.asmatrix,
    "math": math,
    "msort": lambda a: np.sort(a, axis=0),
    "product": np.prod,
    "rank": np.ndim,
    "round_": np.round,
    "sometrue": np.any,
    "trapz": np.trapezoid,
}
_OF_PYTHON: dict[ModuleType | type, dict[str, Any]] = {
    base64: {"decodestring": base64.decodebytes, "encodestring": base64.encodebytes},
    collections: {name: getattr(collections.abc, name) for name in collections.abc.__all__},
    fractions: {"gcd": math.gcd},
    html.parser.HTMLParser: {"unescape": staticmethod(html.unescape)},
    inspect: {"ArgSpec": ArgSpec, "getargspec": getargspec},
    threading.Thread: {"isAlive": threading.Thread.is_alive},
    time: {"clock": time.process_time},
}


_MODULES = {"scipy.misc": "minitf.compat.older.scipy_misc"}


class _Finder(MetaPathFinder, Loader):
    """Finds our modules under the names of those that were dropped."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in _MODULES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return our module, which a program may change as if it were its own."""
        return import_module(_MODULES[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module has run."""


def put_back() -> None:
    """Give the modules of Python and NumPy the names that they lack by now.

    A name that is there keeps its meaning, but for `np.fromstring`, which reads bytes again.
    """
    for owner, names in _OF_PYTHON.items():
        for name, value in names.items():
            if not hasattr(owner, name):
                setattr(owner, name, value)
    for name, value in {**_TYPES, **_NUMBERS, **_FUNCTIONS}.items():
        if name not in vars(np):  # asking for some of them would warn
            setattr(np, name, value)
    setattr(np, "fromstring", fromstring)  # noqa: B010 its stub has overloads
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
