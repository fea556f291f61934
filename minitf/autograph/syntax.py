"""Syntax trees in few words.

Source: no paper; Python's `ast`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

RUNTIME = "ag__"  # the name by which rewritten code knows `minitf.autograph.operators`


def load(name: str) -> ast.Name:
    """Return the value of a variable."""
    return ast.Name(name, ast.Load())


def runtime(name: str) -> ast.Attribute:
    """Return an operator."""
    return ast.Attribute(load(RUNTIME), name, ast.Load())


def operator(name: str, *args: ast.expr) -> ast.Call:
    """Return the call of an operator."""
    return ast.Call(runtime(name), list(args), [])


def thunk(value: ast.expr) -> ast.Lambda:
    """Return a function without arguments that gives a value."""
    return ast.Lambda(parameters(), value)


def parameters(*names: str) -> ast.arguments:
    """Return parameters without defaults."""
    args = [ast.arg(name) for name in names]
    return ast.arguments(
        posonlyargs=[], args=args, vararg=None, kwonlyargs=[], kw_defaults=[], defaults=[]
    )


def assign(name: str, value: ast.expr) -> ast.Assign:
    """Return the binding of a variable."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def define(name: str, takes: Sequence[str], body: list[ast.stmt]) -> ast.FunctionDef:
    """Return the definition of a function."""
    made = ast.FunctionDef(name, parameters(*takes), body or [ast.Pass()], [])
    made.type_params = []  # type: ignore[attr-defined, unused-ignore]  # from Python 3.12 on
    return made


def declare(name: str) -> ast.AnnAssign:
    """Return a statement that makes a name a variable of its function, and leaves it unbound."""
    return ast.AnnAssign(ast.Name(name, ast.Store()), ast.Constant(None), None, 1)


def texts(values: Iterable[str]) -> ast.Tuple:
    """Return a tuple of strings."""
    return ast.Tuple([ast.Constant(each) for each in values], ast.Load())


def negation(value: ast.expr) -> ast.expr:
    """Return `not value`."""
    return ast.UnaryOp(ast.Not(), value)


def none_of(flags: Sequence[str]) -> ast.expr:
    """Return the condition that no flag is set."""
    parts = [negation(load(flag)) for flag in flags]
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)


def at(made: Node, node: ast.AST) -> Node:
    """Return a new node with the place of an old one; of a statement with a body, of its head.

    Python says of a method's call that spans lines that it stands on the last.
    """
    ast.copy_location(made, node)
    first = getattr(made, "lineno", None)
    if first is not None and getattr(made, "end_lineno", first) != first:
        head = getattr(node, "test", None) or getattr(node, "iter", None)
        ends_here = getattr(head, "end_lineno", None) == first
        made.end_lineno = first  # type: ignore[attr-defined]
        made.end_col_offset = (  # type: ignore[attr-defined]
            head.end_col_offset if ends_here else made.col_offset + 1  # type: ignore[union-attr, attr-defined]
        )
    return made
