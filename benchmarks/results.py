"""Run the benchmarks and write what they print to benchmarks/RESULTS.md, with what ran them.

python benchmarks/results.py [words]     only scripts whose name contains one of them

Then `bars.py` makes the README's table of it.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import subprocess
import sys
import time
from importlib.metadata import distributions, version
from pathlib import Path

import bars
from rich.progress import track

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PACKAGES = ("numpy", "numba", "llvmlite", "tensorflow-cpu", "jax", "torch")
HEAD = """# Benchmark results

Written by `make bench`, which runs `python benchmarks/results.py`; do not edit.  Each table is what
one script printed: medians of interleaved rounds, MiniTF and TensorFlow's compat.v1 in one process,
TensorFlow in its default configuration and, where a column says so, in the calling thread.  Trust
the ratios; times depend on what else the machine does, which the load before each script tells.
"""


def facts() -> str:
    """Return what the machine and the packages are."""
    names = re.findall(r"model name\s*: (.*)", _text(Path("/proc/cpuinfo")))
    processor = names[0] if names else platform.processor()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES if _is_installed(name))
    return f"{processor}, {os.cpu_count()} cores; Python {platform.python_version()}, {packages}."


def _is_installed(name: str) -> bool:
    return next(distributions(name=name), None) is not None


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def section(script: Path) -> str:
    """Run a script and return its section."""
    title = (ast.get_docstring(ast.parse(script.read_text())) or "").partition("\n")[0]
    load, began_s = os.getloadavg()[0], time.time()
    run = subprocess.run(
        [sys.executable, "-W", "ignore", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "150"},
    )
    day = time.strftime("%Y-%m-%d", time.gmtime(began_s))
    how = f"{day}, {time.time() - began_s:.0f} s, load {load:.1f} before it."
    printed = "\n".join(line.rstrip() for line in run.stdout.strip("\n").splitlines())
    return f"## {script.stem.removeprefix('bench_')}\n\n{title} {how}\n\n```\n{printed}\n```\n"


def sections_of(text: str) -> dict[str, str]:
    """Return the sections that were written before, by name."""
    found = re.findall(r"^## (\w+)\n.*?(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return dict(zip(found, (part.rstrip("\n") + "\n" for part in parts), strict=True))


def main(words: list[str]) -> None:
    """Run the scripts that are asked for and write the file."""
    made = sections_of(_text(RESULTS))
    scripts = sorted(HERE.glob("bench_*.py"))
    wanted = [s for s in scripts if not words or any(word in s.stem for word in words)]
    names = [script.stem.removeprefix("bench_") for script in scripts]
    for script in track(wanted, "benchmarks"):
        made[script.stem.removeprefix("bench_")] = section(script)
        text = "\n".join([HEAD, facts(), "", *(made[name] for name in names if name in made)])
        RESULTS.write_text(text.rstrip("\n") + "\n")  # what is measured is kept, whatever comes
    bars.main([])


if __name__ == "__main__":
    main(sys.argv[1:])
