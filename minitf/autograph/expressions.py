"""Expressions of rewritten code: calls, `and`, `or`, `not`, `a if b else c`, comparisons.

    f(x, y)             ag__.converted(f)(x, y)
    a and b             ag__.and_(lambda: a, lambda: b)
    not a               ag__.not_(a)
    a if t else b       ag__.if_exp(t, lambda: a, lambda: b)
    a < b < c           ag__.and_(lambda: a < b, lambda: b < c)
    a == b              ag__.eq(a, b), if the program asks for EQUALITY_OPERATORS

What binds a variable by `:=` stays as it is: in a lambda it would bind another one.

Source: no paper; TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import ast
import functools

from minitf.autograph import syntax
from minitf.autograph.features import Feature

# They look at the frame that calls them.
_OF_FRAMES = frozenset(("super", "locals", "globals", "vars", "dir", "eval", "exec"))
_PURE = (ast.Name, ast.Constant)  # may be computed twice


class Expressions(ast.NodeTransformer):
    """Rewrites expressions.

    Args:
        features: what the program asks for beyond what is always done.
        first: the first parameter of the function, which `super()` speaks of.
    """

    def __init__(self, features: frozenset[Feature], first: str | None) -> None:
        self.features = features
        self._first = first

    def uses(self, feature: Feature) -> bool:
        """Tell whether the program asks for something."""
        return feature in self.features or Feature.ALL in self.features

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Let a function be converted before it is called."""
        func = node.func
        self.generic_visit(node)
        if isinstance(func, ast.Name):
            if func.id == "super" and not node.args and self._first is not None:
                node.args = [syntax.load("__class__"), syntax.load(self._first)]
            if func.id in _OF_FRAMES:
                return node
            if func.id == "print" and not self.uses(Feature.BUILTIN_FUNCTIONS):
                return node
        node.func = syntax.at(syntax.operator("converted", node.func), func)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Rewrite `and` and `or`."""
        self.generic_visit(node)
        if _binds(node):
            return node
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        return _joined(name, node.values, node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Rewrite `not`."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return syntax.at(syntax.operator("not_", node.operand), node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Rewrite a conditional expression."""
        self.generic_visit(node)
        if _binds(node.body) or _binds(node.orelse):
            return node
        made = syntax.operator(
            "if_exp", node.test, syntax.thunk(node.body), syntax.thunk(node.orelse)
        )
        return syntax.at(made, node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Take chains apart, and compare tensors by their values if the program asks for it."""
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        if len(node.ops) == 1:
            return self._compared(operands[0], node.ops[0], operands[1], node)
        if _binds(node) or not all(isinstance(each, _PURE) for each in operands[1:-1]):
            return node
        pairs = zip(operands, node.ops, operands[1:], strict=False)
        return _joined("and_", [self._compared(*each, node) for each in pairs], node)

    def _compared(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr, node: ast.Compare
    ) -> ast.expr:
        made: ast.expr = ast.Compare(left, [op], [right])
        if isinstance(op, (ast.Eq, ast.NotEq)) and self.uses(Feature.EQUALITY_OPERATORS):
            name = "eq" if isinstance(op, ast.Eq) else "not_eq"
            made = syntax.operator(name, left, right)
        return syntax.at(made, node)


def _binds(node: ast.AST) -> bool:
    return any(isinstance(each, ast.NamedExpr) for each in ast.walk(node))


def _joined(name: str, values: list[ast.expr], node: ast.expr) -> ast.expr:
    return functools.reduce(
        lambda left, right: syntax.at(
            syntax.operator(name, syntax.thunk(left), syntax.thunk(right)), node
        ),
        values,
    )
