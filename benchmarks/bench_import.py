"""Importing: processor seconds that a fresh Python takes, beside NumPy and TensorFlow.

python benchmarks/bench_import.py

Processor time of the whole process, less that of one that imports nothing: what else the machine
does counts little.  Median of interleaved rounds.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

from rich.console import Console
from rich.table import Table

ROUNDS = 9
NOTHING, NUMPY = "pass", "import numpy"
PROGRAMS = {
    NOTHING: NOTHING,
    NUMPY: NUMPY,
    "import minitf": "import minitf",
    "... and build x + 1": "import minitf as tf; tf.placeholder(tf.float32) + 1.0",
    "... and run it": (
        "import minitf as tf; x = tf.placeholder(tf.float32); tf.Session().run(x + 1.0, {x: 1.0})"
    ),
    "import tensorflow.compat.v1": "import tensorflow.compat.v1",
}


def processor_seconds(program: str) -> float:
    """Return the processor time that a fresh Python takes to run a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure every program and print the table."""
    seconds: dict[str, list[float]] = {what: [] for what in PROGRAMS}
    for program in PROGRAMS.values():
        processor_seconds(program)  # so that all bytecode is compiled
    for _ in range(ROUNDS):
        for what, program in PROGRAMS.items():
            seconds[what].append(processor_seconds(program))
    start = statistics.median(seconds.pop(NOTHING))
    cost = {what: statistics.median(values) - start for what, values in seconds.items()}
    table = Table("", "processor ms", "times `import numpy`", title="Importing")
    for what, each in cost.items():
        table.add_row(what, f"{1e3 * each:.0f}", f"{each / cost[NUMPY]:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
