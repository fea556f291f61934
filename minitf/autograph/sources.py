"""The syntax tree of a function: that of its file, searched for the lines of its code.

**State**: `_PARSED`, the tree of each file with the text that it was made of.

Source: no paper; Python's `ast` and `linecache`.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
from collections.abc import Iterator
from types import CodeType, FunctionType

FunctionNode = ast.FunctionDef | ast.Lambda

_PARSED: dict[str, tuple[str, ast.Module]] = {}


class NoSourceError(ValueError):
    """A function is not converted: its source is not there, or is none that is rewritten."""


def function_node(function: FunctionType) -> FunctionNode:
    """Return the syntax of a function, with the line numbers of its file.

    Raises:
        NoSourceError: if it cannot be found.
    """
    code = function.__code__
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise NoSourceError("generators are not converted")
    module = _parsed(code.co_filename, function.__globals__)
    found = [each for each in _at_line(module, code.co_firstlineno) if _fits(each, code)]
    if len(found) > 1:
        found = [each for each in found if _holds(each, code)]
    if not found:
        raise NoSourceError(
            f"{code.co_filename}:{code.co_firstlineno} does not show a function {code.co_name}"
        )
    return copy.deepcopy(found[-1])


def _parsed(filename: str, names: dict[str, object]) -> ast.Module:
    text = "".join(linecache.getlines(filename, names))
    if not text:
        raise NoSourceError(f"could not get source code of {filename}")
    known = _PARSED.get(filename)
    if known is not None and known[0] == text:
        return known[1]
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise NoSourceError(f"could not parse {filename}: {error}") from None
    _PARSED[filename] = text, tree
    return tree


def _at_line(node: ast.AST, line: int) -> Iterator[FunctionNode]:
    """Walk the functions that begin on a line."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.expr)):
            decorators = getattr(child, "decorator_list", [])
            first = min([child.lineno, *[each.lineno for each in decorators]])
            if not first <= line <= (child.end_lineno or child.lineno):
                continue
            if isinstance(child, (ast.FunctionDef, ast.Lambda)) and first == line:
                yield child
        yield from _at_line(child, line)


def _fits(node: FunctionNode, code: CodeType) -> bool:
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    count = code.co_argcount + code.co_kwonlyargcount
    taken = [_unmangled(each) for each in code.co_varnames[:count]]
    return name == code.co_name and [_unmangled(each.arg) for each in every] == taken


def _unmangled(name: str) -> str:
    """Return what a private name of a class ends with: `__x` of `_Class__x`."""
    return name[name.find("__") :] if name.startswith("_") and "__" in name else name


def _holds(node: FunctionNode, code: CodeType) -> bool:
    """Tell whether code was compiled from a lambda: its instructions stand inside of it."""
    body = node.body if isinstance(node, ast.Lambda) else node
    assert isinstance(body, ast.AST), "a list is the body of a definition"
    first = body.lineno, body.col_offset
    last = body.end_lineno or 0, body.end_col_offset or 0
    places = [
        ((line, column), (end_line, end_column))
        for line, end_line, column, end_column in code.co_positions()
        if None not in (line, end_line, column, end_column) and (end_line, end_column) != (line, 0)
    ]
    return bool(places) and all(first <= start and end <= last for start, end in places)
