"""Statements on lists as assignments, for programs that ask for LISTS: lists of tensors are values.

    xs.append(x)        xs = ag__.list_append(xs, x)
    x = xs.pop()        xs, x = ag__.list_pop(xs)
    xs[i] = x           xs = ag__.set_item(xs, i, x)

Source: no paper; TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from minitf.autograph import syntax


def rewritten(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return statements in which those on lists are assignments."""
    return [_Lists().visit(node) for node in body]


class _Lists(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Rewrite `xs.append(x)` and `xs.pop()`."""
        found = _method_of(node.value)
        if found is None:
            return node
        name, method, args = found
        if method == "append" and len(args) == 1:
            made = syntax.assign(name, syntax.operator("list_append", syntax.load(name), *args))
            return syntax.at(made, node)
        if method == "pop" and len(args) <= 1:
            return syntax.at(_popped(name, args, ast.Name("_", ast.Store())), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """Rewrite `x = xs.pop()` and `xs[i] = x`."""
        target = node.targets[0]
        if len(node.targets) > 1:
            return node
        found = _method_of(node.value)
        if found is not None and found[1] == "pop" and len(found[2]) <= 1:
            return syntax.at(_popped(found[0], found[2], target), node)
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
            return node
        if isinstance(target.slice, ast.Slice):
            return node
        name = target.value.id
        made = syntax.operator("set_item", syntax.load(name), target.slice, node.value)
        return syntax.at(syntax.assign(name, made), node)


def _method_of(node: ast.expr) -> tuple[str, str, list[ast.expr]] | None:
    """Return the variable, the method and the arguments of `variable.method(...)`."""
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    func = node.func
    if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
        return None
    return func.value.id, func.attr, node.args


def _popped(name: str, args: list[ast.expr], target: ast.expr) -> ast.stmt:
    both = ast.Tuple([ast.Name(name, ast.Store()), target], ast.Store())
    return ast.Assign([both], syntax.operator("list_pop", syntax.load(name), *args))
