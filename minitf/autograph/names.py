"""What statements read and bind, and what of it is needed behind them.

A *name* is that of a variable, or says where a value is kept: `self.total`, `row[0]`, `row[i]`.
Statements of rewritten functions do not jump (see `jumps`), so what is needed before a statement
follows from what is needed behind it; a loop is gone through until nothing is added.

    x = 1                needed before: {}
    while x < n:         needed at its head: {x, n, y}
        t = x * 2        t is needed nowhere but in the body: no value of the loop
        x = t
        y = x
    return y

Source: no paper; live variables as in any book on compilers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

_Parted = ast.Try | ast.TryStar | ast.With | ast.Match


class GuardedFor(ast.For):
    """A `for` that goes on only while a condition is true.

    Attributes:
        extra_test: the condition, looked at before each element.
    """

    _fields = (*ast.For._fields, "extra_test")
    extra_test: ast.expr


def place(node: ast.expr) -> str | None:
    """Return the name of where a value is kept, None if it has none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        holder = place(node.value)
        return None if holder is None else f"{holder}.{node.attr}"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Name, ast.Constant)):
        holder = place(node.value)
        return None if holder is None else f"{holder}[{ast.unparse(node.slice)}]"
    return None


def variables_of(name: str) -> set[str]:
    """Return the variables that a name consists of."""
    tree = ast.parse(name, mode="eval")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


class Usage(ast.NodeVisitor):
    """What some code reads and binds, in one scope.

    Attributes:
        reads: names, with those that functions defined in it take from around them.
        binds: names, in the order in which they are first bound.
        outer: variables that are declared `global` or `nonlocal`.
        functions: what each local function, by its name, takes from around it.
    """

    def __init__(self, code: ast.AST | Iterable[ast.AST] = ()) -> None:
        self.reads: set[str] = set()
        self.binds: dict[str, None] = {}
        self.outer: set[str] = set()
        self.functions: dict[str, set[str]] = {}
        self.see(code)

    def see(self, code: ast.AST | Iterable[ast.AST]) -> None:
        """Look at more code."""
        for node in [code] if isinstance(code, ast.AST) else code:
            self.visit(node)

    @property
    def variables(self) -> list[str]:
        """The variables that are bound, without places in what they hold."""
        return [name for name in self.binds if name.isidentifier()]

    def _note(self, node: ast.expr, context: ast.expr_context) -> None:
        name = place(node)
        if name is None:
            return
        if isinstance(context, ast.Load):
            self.reads.add(name)
        else:
            self.binds.setdefault(name)
        if isinstance(context, ast.Del):
            self.reads.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        """Note a variable."""
        self._note(node, node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note an attribute, and what it is of."""
        self._note(node, node.ctx)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Note an element, and what it is of."""
        self._note(node, node.ctx)
        self.visit(node.value)
        self.visit(node.slice)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Note that the target is read too."""
        self._note(node.target, ast.Load())
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Look past an annotation."""
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_Global(self, node: ast.Global) -> None:
        """Note variables of the module."""
        self.outer.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        """Note variables of functions around."""
        self.outer.update(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Note the name of an error."""
        if node.name:
            self.binds.setdefault(node.name)
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        """Note what an import binds."""
        self.binds.setdefault(node.asname or node.name.partition(".")[0])

    def _visit_pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self.binds.setdefault(name)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = _visit_pattern  # noqa: N815

    # --- scopes inside ---------------------------------------------------------------------------

    def _visit_function(self, node: ast.FunctionDef | ast.Lambda) -> None:
        args = node.args
        self.see([*args.defaults, *[each for each in args.kw_defaults if each is not None]])
        inner = Usage(node.body)
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        own = {*inner.variables, *[each.arg for each in every if each]} - inner.outer
        taken = _outside(inner.reads | inner.outer, own)
        self.reads |= taken
        if isinstance(node, ast.Lambda):
            return
        self.see(node.decorator_list)
        self.binds.setdefault(node.name)
        self.functions.setdefault(node.name, set()).update(taken)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _visit_function  # type: ignore[assignment] # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        """Note what a lambda takes from around it under its name."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Lambda):
            taken = Usage(node.value).reads
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.functions.setdefault(target.id, set()).update(taken)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Note a class, and what it takes from around it."""
        self.see([*node.decorator_list, *node.bases, *node.keywords])
        self.binds.setdefault(node.name)
        self.reads |= Usage(node.body).reads

    def _visit_comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        inner = Usage(ast.iter_child_nodes(node))
        own = set(Usage(each.target for each in node.generators).binds)
        self.reads |= _outside(inner.reads, own)
        self.binds.update(dict.fromkeys(each for each in inner.binds if each not in own))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension  # noqa: N815


def _outside(names: Iterable[str], own: set[str]) -> set[str]:
    return {name for name in names if not variables_of(name) & own}


class Liveness:
    """Notes on each `if`, `while` and `for` of a function what is needed at it and behind it.

    Args:
        body: the statements of the function.
        outer: variables that live longer than the function.

    Attributes of the statements afterwards: `live_out`, the names that are needed behind it;
    `live_in`: those that a branch needs, or an iteration, or what comes behind it.
    """

    def __init__(self, body: Sequence[ast.stmt], outer: Iterable[str] = ()) -> None:
        self._functions = Usage(body).functions
        self._end = frozenset(outer)
        self.before(body, self._end)

    def _reads(self, code: ast.AST | Iterable[ast.AST]) -> set[str]:
        """Return what code reads, with what the local functions take that it names."""
        found = Usage(code).reads
        waiting = [name for name in found if name in self._functions]
        seen = set(waiting)
        while waiting:
            more = self._functions[waiting.pop()]
            found |= more
            fresh = {name for name in more if name in self._functions} - seen
            seen |= fresh
            waiting += fresh
        return found

    def before(self, body: Sequence[ast.stmt], after: frozenset[str]) -> frozenset[str]:
        """Return what is needed before statements, of what is needed behind them."""
        for statement in reversed(body):
            after = self._before(statement, after)
        return after

    def _before(self, node: ast.stmt, after: frozenset[str]) -> frozenset[str]:
        match node:
            case ast.If():
                node.live_out = after  # type: ignore[attr-defined]
                inside = self.before(node.body, after) | self.before(node.orelse, after)
                node.live_in = inside  # type: ignore[attr-defined]
                return inside | self._reads(node.test)
            case ast.While():
                return self._loop(node, after, self._reads(node.test), set())
            case ast.For():
                targets = Usage(node.target)
                head = targets.reads
                if isinstance(node, GuardedFor):
                    head = head | self._reads(node.extra_test)
                inside = self._loop(node, after, head, set(targets.binds))
                return inside | self._reads(node.iter)
            case ast.Return():
                return self._end | self._reads(node)
            case ast.Try() | ast.TryStar() | ast.With() | ast.Match():
                return self._anything(node, after)
        usage = Usage(node)
        kills = set() if isinstance(node, ast.AugAssign) else set(usage.variables)
        return (after - kills) | self._reads(node)

    def _loop(
        self, node: ast.While | ast.For, after: frozenset[str], head: set[str], targets: set[str]
    ) -> frozenset[str]:
        node.live_out = after  # type: ignore[union-attr]
        needed = after | head
        while True:
            found = needed | (self.before(node.body, needed) - targets)
            if found == needed:
                break
            needed = found
        node.live_in = needed  # type: ignore[union-attr]
        return needed

    def _anything(self, node: _Parted, after: frozenset[str]) -> frozenset[str]:
        """Let every part of a statement come before every other: errors jump, and are caught."""
        needed = after | self._reads(node)
        for block in _blocks(node):
            self.before(block, needed)
        return needed


def _blocks(node: _Parted) -> Iterator[list[ast.stmt]]:
    for part in (node, *getattr(node, "handlers", []), *getattr(node, "cases", [])):
        for field in ("body", "orelse", "finalbody"):
            yield getattr(part, field, [])
