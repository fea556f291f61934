"""Show how much of what TensorFlow's programs use is here, and what is not.

    python tools/used_symbols.py          the shares by kind, and what is missing
    python tools/used_symbols.py --ops    the 300 most used symbols too, with the ops behind them

A use is one file that uses a symbol.  Exits with 1 if a share is below its bar, or if a symbol of
TensorFlow's public API that 5 files use is missing without a reason.
"""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import minitf as tf  # noqa: E402 the checkout's own package, not an installed one
from minitf import explain, ops  # noqa: E402
from minitf.compat.import_paths import is_folder, own_module  # noqa: E402
from minitf.compat.inner_names import with_inner_names  # noqa: E402
from minitf.errors import NotFoundError  # noqa: E402
from minitf.testing.properties import tensorflow as oracle  # noqa: E402

SYMBOLS = ROOT / "tests" / "data" / "used_symbols.tsv"
MOST = 300  # symbols that are shown with their ops
COMMON = 5  # files that make a missing symbol worth a line
BARS = {"v1": 0.99, "all": 0.85}

REASONS = {
    "tf.Varial": "a slip of the pen in a program",
    "tf.batch_svd": "gone since TensorFlow 0.12",
    "tf.contrib": "contributed code that MiniTF has not",
    "tf.contrib.all_reduce": "several GPUs or machines; MiniTF runs on one CPU",
    "tf.contrib.boosted_trees": "trees, whose ops MiniTF has not",
    "tf.contrib.compiler": "XLA, which MiniTF has not",
    "tf.contrib.cudnn_rnn": "a GPU's library",
    "tf.contrib.eager.Iterator": "eager execution, which MiniTF has not",
    "tf.contrib.keras": "tf.keras under an older path",
    "tf.contrib.nccl": "several GPUs; MiniTF runs on the CPU",
    "tf.contrib.stat_summarizer": "a C++ class of TensorFlow's",
    "tf.contrib.summary": "summaries of eager execution",
    "tf.contrib.tensor_forest": "trees, whose ops MiniTF has not",
    "tf.core": "internal",
    "tf.estimator": "an estimator that MiniTF has not",
    "tf.examples": "an example beside TensorFlow, not part of it",
    "tf.feature_column": "an estimator that MiniTF has not",
    "tf.g3doc": "an example beside TensorFlow, not part of it",
    "tf.keras": "a part of tf.keras that MiniTF has not",
    "tf.models": "an example beside TensorFlow, not part of it",
    "tf.nn.rnn_cell._linear": "internal",
    "tf.python": "internal",
    "tf.saved_model": "a part of SavedModel that MiniTF has not",
    "tf.tools": "scripts beside TensorFlow",
    "tf.train.ClusterSpec": "many machines; MiniTF runs on one",
    "tf.train.SyncReplicasOptimizer": "many machines; MiniTF runs on one",
    "tf.train.replica_device_setter": "many machines; MiniTF runs on one",
}
"""Why what begins so is missing, where it is."""


class Use(NamedTuple):
    """How many files use a symbol, and of which kind it is."""

    files: int
    kind: str
    symbol: str


def read(path: Path = SYMBOLS) -> list[Use]:
    """Return the symbols by falling use."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Use(int(files), kind, symbol) for files, kind, symbol in rows]


def find(symbol: str) -> Any:
    """Return what a symbol stands for, by attribute or, as `minitf run` does, by import path.

    Raises:
        AttributeError: if MiniTF does not have it.
    """
    parts = symbol.split(".")
    paths = [".".join(["tensorflow", *parts[1:end]]) for end in range(2, len(parts) + 1)]
    found: Any = tf
    with _left_as_it_was(paths):
        for part, path in zip(parts[1:], paths, strict=True):
            own = own_module(path)
            if own is not None:
                found = with_inner_names(path, import_module(own))
            elif hasattr(found, part):
                found = getattr(found, part)
            elif is_folder(path):
                found = None  # a mere folder of such modules
            else:
                raise AttributeError(f"MiniTF has no {symbol}: no {path}")
    return found


@contextlib.contextmanager
def _left_as_it_was(paths: Iterable[str]) -> Iterator[None]:
    """Leave what is loaded under some import paths as it is, whatever the block loads there."""
    before = {path: sys.modules.get(path) for path in paths}
    try:
        yield
    finally:
        for path, module in before.items():
            if module is not None:
                sys.modules[path] = module
            else:
                sys.modules.pop(path, None)


@cache
def exists(symbol: str) -> bool:
    """Tell whether MiniTF has a symbol."""
    try:
        find(symbol)
    except (AttributeError, NotFoundError):
        return False
    return True


def reason(symbol: str) -> str:
    """Return why a symbol is missing; "" where no reason is known."""
    beginnings = [each for each in REASONS if f"{symbol}.".startswith(f"{each}.")]
    return REASONS[max(beginnings, key=len)] if beginnings else ""


def shares(uses: list[Use]) -> dict[str, tuple[int, int]]:
    """Return for each kind, and for all, how many uses find their symbol, of how many."""
    found, total = Counter[str](), Counter[str]()
    for files, kind, symbol in uses:
        for each in (kind, "all"):
            total[each] += files
            found[each] += files * exists(symbol)
    return {kind: (found[kind], total[kind]) for kind in total}


def missing(uses: list[Use], at_least: int = COMMON) -> list[Use]:
    """Return what is not here of the symbols that so many files use."""
    return [use for use in uses if use.files >= at_least and not exists(use.symbol)]


def check_of(name: str) -> str:
    """Return how an op is compared with TensorFlow's."""
    return oracle.RESULTS.not_for(ops.find_op(name)) or "compared"


def show_ops(console: Console, uses: list[Use]) -> None:
    """Print the most used public symbols, the ops behind each, and how these are checked."""
    calls = explain.ops_of_functions()
    table = _table("files", "symbol", "ops")
    called: set[str] = set()
    most = [use for use in uses if use.kind == "v1"][:MOST]
    for files, _, symbol in most:
        names = calls.get(symbol, [])
        called.update(names)
        shown = ", ".join(names) if exists(symbol) else "[bold]MISSING[/]"
        table.add_row(str(files), symbol, shown)
    console.print(table)
    how = Counter(check_of(name) for name in called)
    for said, count in how.most_common():
        console.print(f"{count:4} of their ops: {said}")
    absent = [use.symbol for use in most if not exists(use.symbol)]
    unexplained = [symbol for symbol in absent if not reason(symbol)]
    known = f", but for {', '.join(absent)}" if absent else ""
    console.print(f"{len(unexplained)} missing{known}")


def show_shares(console: Console, uses: list[Use]) -> None:
    """Print which share of the uses find their symbol, and what is missing."""
    table = _table("kind", "uses", "found", "share", "bar")
    for kind, (found, total) in shares(uses).items():
        bar = f"{BARS[kind]:.0%}" if kind in BARS else ""
        table.add_row(kind, str(total), str(found), f"{found / total:.2%}", bar)
    console.print(table)
    console.print(f"\nMissing though {COMMON} files use it:")
    table = _table("files", "symbol", "reason")
    for files, _, symbol in missing(uses):
        table.add_row(str(files), symbol, reason(symbol) or "[bold]NONE[/]")
    console.print(table)


def main(arguments: list[str]) -> int:
    """Print the report; return 1 if a bar is not reached or a public symbol lacks a reason."""
    uses = read()
    console = Console(highlight=False)
    if "--ops" in arguments:
        show_ops(console, uses)
    show_shares(console, uses)
    found = shares(uses)
    reached = all(found[kind][0] >= bar * found[kind][1] for kind, bar in BARS.items())
    unexplained = [use for use in missing(uses) if use.kind == "v1" and not reason(use.symbol)]
    return 0 if reached and not unexplained else 1


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
