"""How many parameters a model has, and where they are.

    print(tf.debug.count_parameters())

    variable            shape       parameters   made at
    conv1/kernel        (3, 3, 16)         144   model.py:12
    ...
    3 variables, 2,410 parameters, 9.4 KiB; 57 operations

A port of a model begins with these figures: a layer that is left out, shared by mistake or
transposed shows here before anything is trained.

Source: 2015 §6 lesson 1 ("build tools to gain insight into the exact number of parameters").
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from minitf import source
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys


class Row(NamedTuple):
    """One variable: its parameters are None while its shape is not known."""

    name: str
    dtype: str
    shape: tuple[int, ...] | None
    parameters: int | None
    nbytes: int | None
    made_at: str


@dataclass(frozen=True)
class Parameters:
    """The variables of a graph with their sizes; `print` and rich show them as a table.

    Attributes:
        rows: a variable each, in the order in which they were made.
        operations: how many operations the graph has.

    Source: 2015 §6.
    """

    rows: tuple[Row, ...]
    operations: int

    @property
    def total(self) -> int:
        """All parameters whose number is known."""
        return sum(row.parameters or 0 for row in self.rows)

    @property
    def nbytes(self) -> int:
        """The bytes that they take."""
        return sum(row.nbytes or 0 for row in self.rows)

    def __rich__(self) -> Table:
        """Show a row for each variable, and the sums beneath."""
        caption = (
            f"{len(self.rows)} variables, {self.total:,} parameters, {_size(self.nbytes)}; "
            f"{self.operations:,} operations"
        )
        table = Table(box=None, pad_edge=False, caption=caption, caption_justify="left")
        for title in ("variable", "type", "shape"):
            table.add_column(title, overflow="fold")
        table.add_column("parameters", justify="right")
        table.add_column("made at", overflow="fold")
        for row in self.rows:
            shape = "?" if row.shape is None else str(row.shape)
            count = "?" if row.parameters is None else f"{row.parameters:,}"
            table.add_row(row.name, row.dtype, shape, count, row.made_at)
        return table

    def __str__(self) -> str:
        """Show the table as text."""
        text = io.StringIO()
        Console(file=text, width=120, highlight=False).print(self)
        return text.getvalue().rstrip()


def count_parameters(
    graph: Graph | None = None, variables: Sequence[Any] | None = None
) -> Parameters:
    """Return a table of the trainable variables, with their shapes and sizes.

    Args:
        graph: the graph; the default one if None.
        variables: the variables to count instead: `tf.global_variables()` has slots and averages.

    Source: 2015 §6.
    """
    graph = graph or default_graph()
    if variables is None:
        variables = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
    return Parameters(tuple(map(_row, variables)), graph.version)


def _row(variable: Any) -> Row:
    shape = variable.get_shape()
    dtype = variable.dtype.base_dtype
    made_at = source.describe(variable.op.site).partition(": ")[0]
    if not shape.is_fully_defined():
        return Row(variable.op.name, dtype.name, None, None, None, made_at)
    count = shape.num_elements()
    return Row(
        variable.op.name, dtype.name, tuple(shape.as_list()), count, count * dtype.size, made_at
    )


def _size(nbytes: float) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if nbytes < 1024 or unit == "GiB":
            return f"{nbytes:.0f} {unit}" if unit == "bytes" else f"{nbytes:.1f} {unit}"
        nbytes /= 1024
    raise AssertionError  # the last unit takes the rest
