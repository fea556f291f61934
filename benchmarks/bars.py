"""The bars that MiniTF's speed is held to, and what RESULTS.md shows of each: the README's table.

    python benchmarks/bars.py            writes the table into README.md
    python benchmarks/bars.py --check    fails if README.md has another one

RESULTS.md is the only source: no figure of the README is written by hand.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
README = ROOT / "README.md"
MARKS = "<!-- bars -->\n", "<!-- end of bars -->\n"
FASTER = "MiniTF is faster by"
SIGNS = {">=": "at least", "<=": "at most"}

Table = dict[str, dict[str, str]]  # row -> column -> cell


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        figure: what is measured, for readers.
        section: whose tables of RESULTS.md are read.
        row: a pattern that the rows' names match; the row that is farthest from the bar counts.
        column: the column, or "one / other" for the ratio of two.
        sign: ">=" or "<=".
        bar: the number.
        unit: what stands behind numbers.
        table: a pattern that the title of the table matches.
        summary: makes one number of the rows instead of taking the worst.
    """

    figure: str
    section: str
    row: str
    column: str
    sign: str
    bar: float
    unit: str = "x"
    table: str = ""
    summary: Callable[[Iterable[float]], float] | None = None

    def measured(self, tables: dict[str, Table]) -> float:
        """Return the figure that the tables of the section show."""
        found = [
            _number(cells, self.column)
            for title, table in tables.items()
            if re.search(self.table, title)
            for name, cells in table.items()
            if re.fullmatch(self.row, name)
        ]
        assert found, f"RESULTS.md has no row {self.row!r} in {self.section}"
        worst = min if self.sign == ">=" else max
        return (self.summary or worst)(found)

    def is_met(self, measured: float) -> bool:
        """Tell whether a figure reaches the bar."""
        return measured >= self.bar if self.sign == ">=" else measured <= self.bar


BARS = (
    Bar("building graphs", "graph", ".*", FASTER, ">=", 5),
    Bar("`Session.run`: a constant", "session", "fetch a constant", FASTER, ">=", 20),
    Bar("`Session.run`: a scalar fed, x + 1", "session", "feed a scalar.*", FASTER, ">=", 20),
    Bar("training step of a 10-16-1 perceptron", "training", ".*perceptron.*", FASTER, ">=", 10),
    Bar("training loop of a softmax regression", "training", "softmax.*", FASTER, ">=", 3),
    Bar("Adam on 10⁷ parameters", "training", "Adam.*", FASTER, ">=", 1),
    Bar(
        *("operations executed one by one: a chain", "dispatch", "chain of Identity"),
        *("MiniTF", ">=", 8e6, "/s", "one by one"),
    ),
    Bar(
        *("operations executed one by one: side by side", "dispatch", "Identity side by side"),
        *("MiniTF", ">=", 15e6, "/s", "one by one"),
    ),
    Bar("both beside TensorFlow", "dispatch", ".*Identity.*", FASTER, ">=", 2, "x", "one by one"),
    Bar("the same of NoOp", "dispatch", ".*NoOp.*", FASTER, ">=", 0.8, "x", "one by one"),
    Bar(
        *("10 cheap ops or a GELU, 10³ to 10⁷ floats, 1 and 2 threads", "fusion"),
        *("(cheap10|gelu10) 1e.*", "times TensorFlow", ">=", 3),
    ),
    Bar(
        *("the same beside jax.jit: geometric mean", "fusion", "(cheap10|gelu10) 1e.*"),
        *("times JAX", ">=", 1.5, "x", "", statistics.geometric_mean),
    ),
    Bar(
        *("the same beside jax.jit: least", "fusion", "(cheap10|gelu10) 1e.*"),
        *("times JAX", ">=", 0.9),
    ),
    Bar(
        *("10 cheap ops on 10⁷ floats, beside a copy of them", "fusion", r"cheap10 1e\+07"),
        *("kept / copy", "<=", 1.3, "x", "1 thread"),
    ),
    Bar(
        *("a GELU on 10⁷ floats, beside a copy of them", "fusion", r"gelu10 1e\+07"),
        *("kept / copy", "<=", 2, "x", "1 thread"),
    ),
    Bar(
        *("softmax cross entropy, layer norm, batch norm with gradients", "fusion"),
        *("(sparse xent|layer norm|batch norm) gradient.*", "times TensorFlow", ">=", 1),
    ),
    Bar(
        *("exp, log, tanh, sigmoid, erf on 10⁵ floats", "elementwise"),
        *("exp|log|tanh|sigmoid|erf", FASTER, ">=", 1),
    ),
    Bar("an iteration of two scalars", "control_flow", ".*two scalars", FASTER, ">=", 5),
    Bar("an iteration with a 16x16 matmul", "control_flow", ".*matmul", FASTER, ">=", 3),
    Bar(
        *("BasicRNNCell along 100 steps, 32x64, gradient too", "rnn", "BasicRNNCell, loop.*"),
        *(FASTER, ">=", 2),
    ),
    Bar(
        *("dequeue of scalars that 4 threads enqueue", "queues", "4 runner threads.* scalars"),
        *(FASTER, ">=", 3),
    ),
    Bar(
        *("reading a record of 10 kB (200 MB/s)", "records", "read records of 10 kB"),
        *("MiniTF", "<=", 50, " us"),
    ),
    Bar(
        *("saving 1 GB of variables, in memory and to a disk", "checkpoint"),
        *("save to (memory|a disk)", FASTER, ">=", 1.5, "x", "MiB"),
    ),
    Bar(
        *("restoring them", "checkpoint", "restore from (memory|a disk)"),
        *(FASTER, ">=", 1.5, "x", "MiB"),
    ),
    Bar(
        *("process start to 50 training steps, code cached", "start", "50 steps done"),
        *("MiniTF, cached", "<=", 1.2, " s"),
    ),
    Bar(
        *("session to first step, nothing cached", "start", "from the session.*"),
        *("MiniTF, empty cache", "<=", 0.5, " s"),
    ),
    Bar(
        *("live tensors of a small VGG's training step", "memory", "live tensors"),
        *("MiniTF / TensorFlow", "<=", 1),
    ),
    Bar(
        *("growth of its process over 20 steps", "memory", "all steps"),
        *("MiniTF / TensorFlow", "<=", 1),
    ),
)


# --- what RESULTS.md says -------------------------------------------------------------------------


def sections(text: str) -> dict[str, dict[str, Table]]:
    """Return name of a section -> title of a table -> the table."""
    parts = re.split(r"^## (\w+)\n", text, flags=re.MULTILINE)[1:]
    return {name: dict(_tables(body)) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _tables(body: str) -> Iterator[tuple[str, Table]]:
    """Read the tables that rich has drawn."""
    title, columns, rows = "", [], {}
    name = ""
    before = ""
    for line in body.splitlines():
        match line[:1]:
            case "┏":
                title, columns, rows = before.strip(), [], {}
            case "┃":
                cells = [cell.strip() for cell in line.strip("┃").split("┃")]
                above = columns or [""] * len(cells)
                columns = [" ".join(pair).strip() for pair in zip(above, cells, strict=True)]
            case "│":
                cells = [cell.strip() for cell in line.strip("│").split("│")]
                if any(cells[1:]):
                    name = cells[0]
                    rows[name] = dict(zip(columns[1:], cells[1:], strict=True))
                else:  # the rest of a name that was too long for a line
                    rows[f"{name} {cells[0]}"] = rows.pop(name)
                    name = f"{name} {cells[0]}"
            case "└":
                yield title, rows
        before = line


def _number(cells: dict[str, str], column: str) -> float:
    if column in cells:
        return float(cells[column].rstrip("x").replace(",", ""))
    one, other = (float(cells[each].replace(",", "")) for each in column.split(" / "))
    return one / other


# --- what the README says -------------------------------------------------------------------------


def table(text: str) -> str:
    """Return the README's table, of the text of RESULTS.md."""
    found = sections(text)
    lines = ["| figure | bar | measured |", "|---|---|---|"]
    for bar in BARS:
        goal = f"{SIGNS[bar.sign]} {_shown(bar.bar, bar.unit)}"
        lines.append(f"| {bar.figure} | {goal} | {_seen(bar, found.get(bar.section))} |")
    return "\n".join(lines) + "\n"


def _seen(bar: Bar, tables: dict[str, Table] | None) -> str:
    if tables is None:
        return "not measured"
    measured = bar.measured(tables)
    return _shown(measured, bar.unit) + ("" if bar.is_met(measured) else ", missed")


def _shown(number: float, unit: str) -> str:
    return f"{number / 1e6:.3g} M{unit}" if number >= 1e6 else f"{number:.3g}{unit}"


def main(arguments: list[str]) -> int:
    """Write the table, or compare it."""
    readme = README.read_text(encoding="utf-8")
    before, old, after = re.split("|".join(map(re.escape, MARKS)), readme)
    new = table(RESULTS.read_text(encoding="utf-8"))
    if "--check" in arguments:
        if old != new:
            print("README.md shows other figures than RESULTS.md: run `python benchmarks/bars.py`")
        return old != new
    README.write_text(MARKS[0].join((before, new)) + MARKS[1] + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
