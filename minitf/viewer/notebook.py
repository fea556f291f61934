"""What graphs, operations and tensors show of themselves in a notebook.

A graph is one SVG without scripts: operations as boxes in layers, name scopes as boxes around
them, control dependencies as dashed lines; pointing at a box shows the rest.  Every text is
escaped: names and source lines come from the user's program or from a file.

Source: 2015 §9.1 (TensorBoard's pictures of graphs).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np

from minitf import source
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.viewer.layout import LEAF_HEIGHT, PADDING, corner, place
from minitf.viewer.scope_tree import Box, scope_tree

MOST_BOXES = 150  # a drawing with more says less: scopes are closed instead
_LONGEST_TEXT = 120
_COLOURS = {
    "Placeholder": "#cfe8ff",
    "PlaceholderWithDefault": "#cfe8ff",
    "Const": "#eeeeee",
    "VariableV2": "#ffe3b3",
    "VarHandleOp": "#ffe3b3",
}
_OTHER_COLOUR = "#ffffff"
_STATEFUL_COLOUR = "#ffd9d9"
_CLOSED_COLOUR = "#e5def5"

Line = tuple[Box, Box, bool]  # from, to, whether it is a control dependency


def graph_html(graph: Graph) -> str:
    """Return a drawing of a graph with a line about it."""
    operations = graph.get_operations()
    root, leaf_of = scope_tree(operations, MOST_BOXES)
    lines = {
        (leaf_of[before], leaf_of[op], is_control)
        for op in operations
        for before, is_control in _inputs(op)
        if before in leaf_of and leaf_of[before] is not leaf_of[op]
    }
    place(root, [(start, end) for start, end, _ in lines])
    about = f"Graph: {len(operations)} operations"
    if any(box.operation is None for box in root.leaves()):
        about += "; scopes with a number in brackets are closed"
    return (
        f'<div><div style="font-family:monospace">{escape(about)}</div>'
        f'<div style="overflow:auto;max-height:600px">{_svg(root, lines)}</div></div>'
    )


def operation_html(operation: Operation) -> str:
    """Return a table of what an operation is."""
    rows = [("operation", operation.name), ("type", operation.type)]
    rows += [("input", str(tensor)) for tensor in operation.inputs]
    rows += [("runs after", op.name) for op in operation.control_inputs]
    rows += [("output", str(tensor)) for tensor in operation.outputs]
    rows += [(f"attribute {name}", _shown(value)) for name, value in operation.attrs.items()]
    if operation.device:
        rows.append(("device", operation.device))
    return _table([*rows, ("created at", source.describe(operation.site))])


def tensor_html(tensor: Tensor) -> str:
    """Return a table of what a tensor is, and how to get its value."""
    return _table(
        [
            ("tensor", tensor.name),
            ("type", tensor.dtype.name),
            ("shape", str(tensor.shape)),
            ("output of", f"{tensor.op.name} ({tensor.op.type})"),
            ("created at", source.describe(tensor.op.site)),
            ("its value", f"session.run({tensor.name!r}), or .eval() in a session"),
        ]
    )


# --- tables -------------------------------------------------------------------------------------


def _table(rows: Iterable[tuple[str, str]]) -> str:
    body = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left;font-family:monospace">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f"<table>{body}</table>"


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        value = f"{value.dtype}{list(value.shape)} {np.array2string(value, threshold=8)}"
    text = str(value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


# --- the drawing ----------------------------------------------------------------------------------


def _inputs(op: Operation) -> Iterable[tuple[Operation, bool]]:
    yield from ((tensor.op, False) for tensor in op.inputs)
    yield from ((before, True) for before in op.control_inputs)


def _svg(root: Box, lines: Iterable[Line]) -> str:
    width, height = round(root.width), round(root.height)
    parts: list[str] = []
    for child in root.children:
        _draw_scopes(child, parts)
    parts += [_line(*line) for line in sorted(lines, key=_line_key)]
    parts += [_leaf(box) for box in root.leaves()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="monospace" font-size="11">'
        f"{''.join(parts)}</svg>"
    )


def _line_key(line: Line) -> tuple[str, str, bool]:
    return line[0].name, line[1].name, line[2]


def _draw_scopes(box: Box, parts: list[str]) -> None:
    """Draw an open scope, then those inside it on top of it."""
    if not box.is_open:
        return
    x, y = corner(box)
    parts.append(
        f"<g><title>{escape(f'{box.name}: {box.count} operations')}</title>"
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="8" '
        'fill="#8888aa" fill-opacity="0.12" stroke="#8888aa"/>'
        f'<text x="{x + PADDING:.0f}" y="{y + 14:.0f}" fill="#777799">{escape(box.label)}'
        "</text></g>"
    )
    for child in box.children:
        _draw_scopes(child, parts)


def _leaf(box: Box) -> str:
    x, y = corner(box)
    return (
        f"<g><title>{escape(_description(box))}</title>"
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{box.width:.0f}" height="{LEAF_HEIGHT}" rx="4" '
        f'fill="{_colour(box)}" stroke="#666666"/>'
        f'<text x="{x + box.width / 2:.0f}" y="{y + 14:.0f}" text-anchor="middle" fill="#222222">'
        f"{escape(box.label)}</text></g>"
    )


def _line(start: Box, end: Box, is_control: bool) -> str:
    (x1, y1), (x2, y2) = corner(start), corner(end)
    x1, y1, x2 = x1 + start.width / 2, y1 + start.height, x2 + end.width / 2
    bend = max(abs(y2 - y1) / 2, LEAF_HEIGHT)
    dashes = ' stroke-dasharray="3 3"' if is_control else ""
    return (
        f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} '
        f'{x2:.0f} {y2:.0f}" fill="none" stroke="#999999"{dashes}/>'
        f'<circle cx="{x2:.0f}" cy="{y2:.0f}" r="2" fill="#999999"/>'
    )


def _description(box: Box) -> str:
    op = box.operation
    if op is None:
        return f"{box.name}: {box.count} operations"
    outputs = [f"{t.dtype.name}{t.shape}" for t in op.outputs]
    return "\n".join([op.name, op.type, *outputs, source.describe(op.site)])


def _colour(box: Box) -> str:
    if box.operation is None:
        return _CLOSED_COLOUR
    stateful = _STATEFUL_COLOUR if box.operation.definition.is_stateful else _OTHER_COLOUR
    return _COLOURS.get(box.operation.type, stateful)
