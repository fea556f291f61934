"""List the 300 most used TensorFlow symbols: what each is here, and how its ops are checked.

Exits with 1 if one is missing that is not of a later chapter (training, data, RNNs, ...).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import minitf as tf  # noqa: E402 the checkout's own package, not an installed one
from minitf import explain, ops  # noqa: E402
from minitf.errors import NotFoundError  # noqa: E402
from minitf.testing.properties import tensorflow as oracle  # noqa: E402

SYMBOLS = ROOT / "tests" / "data" / "used_symbols.txt"


def read(path: Path) -> list[tuple[int, str, str]]:
    """Return (files that use it, symbol, later chapter or "") by falling use."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line[:1].isdigit()]
    rows = [[*line.split("\t"), ""][:3] for line in lines]
    return [(int(files), symbol, chapter) for files, symbol, chapter in rows]


def find(symbol: str) -> Any:
    """Return what a symbol stands for.

    Raises:
        AttributeError: if MiniTF does not have it.
    """
    found: Any = tf
    for part in symbol.split(".")[1:]:
        found = getattr(found, part)
    return found


def check_of(name: str) -> str:
    """Return how an op is compared with TensorFlow's."""
    return oracle.RESULTS.not_for(ops.find_op(name)) or "compared"


def main() -> int:
    """Print the list; return 1 if a symbol is missing."""
    calls = explain.ops_of_functions()
    table = Table(box=None, pad_edge=False)
    for title in ("files", "symbol", "ops"):
        table.add_column(title, overflow="fold")
    missing: list[str] = []
    called: set[str] = set()
    for files, symbol, chapter in read(SYMBOLS):
        names = calls.get(symbol, [])
        called.update(names)
        shown = ", ".join(names)
        try:
            find(symbol)
        except (AttributeError, NotFoundError):
            shown = f"later: {chapter}" if chapter else "[bold]MISSING[/]"
            missing += [] if chapter else [symbol]
        table.add_row(str(files), symbol, shown)
    console = Console(highlight=False)
    console.print(table)
    how = Counter(check_of(name) for name in called)
    for reason, count in how.most_common():
        console.print(f"{count:4} of their ops: {reason}")
    console.print(f"{len(missing)} missing{': ' if missing else ''}{', '.join(missing)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
