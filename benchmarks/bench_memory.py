"""The memory of a training step of a small VGG (batch 8), beside TensorFlow.

python benchmarks/bench_memory.py

Three figures of each library, every one from a process of its own:
- live tensors: the most bytes of tensors that were alive at one moment of a step, in MiniTF by its
  own counter (RunMetadata, the entry "step"), in TensorFlow by the allocations and ends that its
  RunMetadata list; of MiniTF's tiers the worse one counts;
- all steps: how much the most memory of the process (VmHWM) grew from after the initialisation
  to after 20 steps, compilers included;
- later steps: the same from after the 8th step on, when nothing is compiled any more.

SciPy, which the tests' environment has and MiniTF does not ask for, is hidden from MiniTF's
process, since Numba would import it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from beside import backends
from rich.console import Console
from rich.table import Table

BATCH, SIZE = 8, 32
LAYERS = (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool")
STEPS = 20
WARM = 8  # the code for these shapes has been made


def small_vgg(tf: ModuleType) -> tuple[Any, dict[Any, np.ndarray]]:
    """Return a training step and what to feed."""
    x = value = tf.placeholder(tf.float32, [BATCH, SIZE, SIZE, 3])
    labels = tf.placeholder(tf.int32, [BATCH])
    for layer in LAYERS:
        if layer == "pool":
            value = tf.nn.max_pool(value, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
            continue
        shape = [3, 3, int(value.shape[3]), layer]
        kernel = tf.Variable(tf.truncated_normal(shape, stddev=(2 / np.prod(shape[:3])) ** 0.5))
        value = tf.nn.conv2d(value, kernel, strides=[1, 1, 1, 1], padding="SAME")
        value = tf.nn.relu(tf.nn.bias_add(value, tf.Variable(tf.zeros([layer]))))
    value = tf.reshape(value, [BATCH, -1])
    for width in (512, 10):
        w = tf.Variable(tf.truncated_normal([int(value.shape[1]), width], stddev=0.02))
        value = tf.matmul(value, w) + tf.Variable(tf.zeros([width]))
        value = tf.nn.relu(value) if width == 512 else value
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=value)
    train = tf.train.GradientDescentOptimizer(0.01).minimize(tf.reduce_mean(loss))
    random = np.random.RandomState(0)
    images = random.rand(BATCH, SIZE, SIZE, 3).astype(np.float32)
    return train, {x: images, labels: random.randint(0, 10, BATCH).astype(np.int32)}


# --- one process ----------------------------------------------------------------------------------


def measured(name: str) -> dict[str, float]:
    """Return the figures of one library, in MB."""
    if name == "MiniTF":
        sys.modules["scipy"] = None  # type: ignore[assignment]  Python's way to hide a module
    tf = backends(name)[name]
    train, feeds = small_vgg(tf)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        start = resident("VmHWM")
        for _ in range(WARM):
            session.run(train, feeds)
        first_steps = resident("VmHWM")
        for _ in range(STEPS - WARM):
            session.run(train, feeds)
        last_steps = resident("VmHWM")
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        metadata = tf.RunMetadata()
        session.run(train, feeds, options, metadata)
        peaks = [peak_bytes(metadata.step_stats.dev_stats[0].node_stats)]
        if name == "MiniTF":  # a step that has not been run before runs bodies
            with tf.Session() as other:
                other.run(tf.global_variables_initializer())
                other.run(train, feeds, options, metadata)
                peaks.append(peak_bytes(metadata.step_stats.dev_stats[0].node_stats))
    return {
        "live tensors": max(peaks) / 1e6,
        "all steps": (last_steps - start) / 1e6,
        "later steps": (last_steps - first_steps) / 1e6,
    }


def resident(what: str) -> int:
    """Return a size of this process in bytes, as the kernel counts it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (found,) = [line.split()[1] for line in lines if line.startswith(f"{what}:")]
    return 1024 * int(found)


def peak_bytes(nodes: Any) -> int:
    """Return the most bytes of tensors alive at one moment of a step."""
    for entry in nodes[-1].memory:
        if entry.allocator_name == "step":
            return int(entry.peak_bytes)
    records = [
        each for node in nodes for memory in node.memory for each in memory.allocation_records
    ]
    events = sorted((each.alloc_micros, each.alloc_bytes) for each in records)
    return int(np.cumsum([size for _, size in events]).max())


# --- both, beside each other ----------------------------------------------------------------------


def main() -> None:
    """Measure each library in a process of its own and print the ratios."""
    figures = {}
    for name in ("TensorFlow", "MiniTF"):
        command = [sys.executable, __file__, name]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            raise SystemExit(run.stderr)
        figures[name] = json.loads(run.stdout.splitlines()[-1])
    title = f"A training step of a small VGG, batch {BATCH} [MB]"
    table = Table("", *figures, "MiniTF / TensorFlow", title=title)
    for what in figures["MiniTF"]:
        theirs, ours = (found[what] for found in figures.values())
        ratio = f"{ours / theirs:.2f}x" if theirs else ""
        table.add_row(what, f"{theirs:.1f}", f"{ours:.1f}", ratio)
    Console(width=120).print(table)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measured(sys.argv[1])))
    else:
        main()
