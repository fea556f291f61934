"""Generated functions, compiled: one per text, and for each one entry per types of arguments.

A generated function promises what loops written by hand do not: arrays that it writes to overlap no
others (`noalias`), so LLVM vectorises without comparing addresses, however many arrays there are.
It is called by its *entry*, which checks nothing but the size of elements and costs 0.1 us less:
whoever calls it vouches for types and ranks.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from typing import Any

from minitf.kernels_cpu import jit
from minitf.kernels_cpu.fusion.source import Text
from minitf.kernels_cpu.kernel_cache import KernelCache

_LOCK = threading.Lock()
_MADE: dict[str, Generated] = {}


class Generated(jit.Loops):
    """A generated function and its entries, by types of arguments."""

    def __init__(self, text: Text) -> None:
        space = {"__name__": __name__, **text.names}
        exec(compile(text.source, "<fused>", "exec"), space)  # noqa: S102 written by this package
        super().__init__(space["fused"], (), {})
        self.source = text.source
        self._entries: dict[tuple[Any, ...], Any] = {}

    def entry(self, types: tuple[Any, ...]) -> Any:
        """Return the function compiled for Numba's types of its arguments."""
        with self._lock:
            found = self._entries.get(types)
            if found is None:
                found = self._entries[types] = self._compiled(types)
        return found

    def _compiled(self, types: tuple[Any, ...]) -> Any:
        dispatcher = self._dispatcher()
        if not hasattr(dispatcher, "compile"):  # Numba is disabled: plain Python
            return dispatcher
        dispatcher._cache = KernelCache(self.digest)  # noqa: SLF001 no public way
        jit.compile_for(dispatcher, types)
        return dispatcher.get_overload(types)

    @property
    def digest(self) -> str:
        """A digest of the code, of all that it calls, and of the flags."""
        return hashlib.sha256(f"{super().digest} noalias".encode()).hexdigest()

    @property
    def options(self) -> dict[str, Any]:
        """How it is compiled."""
        return {**super().options, "pipeline_class": _pipeline()}


@cache
def _pipeline() -> Any:
    """Return Numba's compiler with arrays promised not to overlap."""
    from numba.core.compiler import CompilerBase, DefaultPassBuilder

    class Apart(CompilerBase):
        def define_pipelines(self) -> list[Any]:
            self.state.flags.noalias = True
            return [DefaultPassBuilder.define_nopython_pipeline(self.state)]

    return Apart


def generated(text: Text) -> Generated:
    """Return the function of a text; equal texts share one."""
    with _LOCK:
        found = _MADE.get(text.source)
        if found is None:
            found = _MADE[text.source] = Generated(text)
        return found
