"""break, continue and return as assignments to flags, so that statements only ever end.

    for x in xs:                      ag__break = False
        if x < 0:                     for x in xs (while not ag__break):
            break                         if x < 0:
        s = s + x                             ag__break = True
                                          else:
                                              s = s + x

What stands behind an `if` one of whose branches always jumps is moved into the other branch;
behind anything else that may jump it is guarded by the flags that it may have set.

**State**: the flags of the loop that is being looked at, and which flags are ever asked.

Source: no paper; structured programs without jumps (Boehm and Jacopini, 1966).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from minitf.autograph import syntax
from minitf.autograph.names import GuardedFor

RETURNS, RESULT = "ag__return", "ag__result"
BREAKS, CONTINUES = "ag__break", "ag__continue"

Block = list[ast.stmt]

_JUMPS = (ast.Return, ast.Break, ast.Continue)


class _Loop(NamedTuple):
    breaks: str
    continues: str


def without_jumps(body: Sequence[ast.stmt]) -> Block:
    """Return the statements of a function without jumps but a `return` at their end."""
    body = list(body)
    always = _always_jumps(body)
    last = body[-1:] if isinstance(body[-1], ast.Return) else []
    rest = body[: len(body) - len(last)]
    if _may(rest, (ast.Return,)):
        rest, last = body, []
    lowering = _Lowering()
    made, flags = lowering.block(rest, None)
    if RETURNS not in flags:
        return [*lowering.stripped(made), *last]
    found: ast.expr = syntax.load(RESULT)
    if not always:
        lowering.asked.add(RETURNS)
        found = syntax.operator("returned", syntax.load(RETURNS), syntax.thunk(found))
    start = syntax.assign(RETURNS, ast.Constant(False))
    end = syntax.at(ast.Return(found), body[-1])
    return lowering.stripped([syntax.at(start, body[0]), *made, end])


def _may(body: Sequence[ast.stmt], kinds: tuple[type[ast.stmt], ...]) -> bool:
    """Tell whether there are statements of some kinds in this function, not one defined in it."""
    return any(
        isinstance(node, kinds) or any(_may(block, kinds) for _, _, block in _blocks(node))
        for node in body
    )


def _blocks(node: ast.stmt) -> Iterator[tuple[ast.AST, str, Block]]:
    """Walk the blocks of a statement: what they are of, the field they are, their statements."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    for part in (node, *getattr(node, "handlers", []), *getattr(node, "cases", [])):
        for field in ("body", "orelse", "finalbody"):
            if getattr(part, field, None):
                yield part, field, getattr(part, field)


def _always_jumps(body: Sequence[ast.stmt]) -> bool:
    """Tell whether nothing that stands behind statements is ever reached, but for an error."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, ast.If):
        return _always_jumps(last.body) and _always_jumps(last.orelse)
    if isinstance(last, ast.While):
        forever = isinstance(last.test, ast.Constant) and last.test.value is True
        return forever and not _may(last.body, (ast.Break,))
    return isinstance(last, (ast.Return, ast.Break, ast.Continue, ast.Raise))


def _tested_inside(node: ast.While) -> ast.While:
    """Return a loop whose condition, which binds variables, is looked at in its body."""
    stop = syntax.at(ast.Break(), node.test)
    test = syntax.at(syntax.negation(node.test), node.test)
    leave = syntax.at(ast.If(test, [*node.orelse, stop], []), node.test)
    always = syntax.at(ast.Constant(value=True), node.test)
    return syntax.at(ast.While(always, [leave, *node.body], []), node)


class _Lowering:
    def __init__(self) -> None:
        self.asked: set[str] = set()
        self._loops = 0

    def block(self, body: Sequence[ast.stmt], loop: _Loop | None) -> tuple[Block, set[str]]:
        """Return statements without jumps, and the flags that they may set."""
        made: Block = []
        for i, node in enumerate(body):
            rest = list(body[i + 1 :])
            if isinstance(node, ast.If) and rest:
                if _always_jumps(node.body) and _may(node.body, _JUMPS):
                    node.orelse, rest = [*node.orelse, *rest], []
                elif _always_jumps(node.orelse) and _may(node.orelse, _JUMPS):
                    node.body, rest = [*node.body, *rest], []
                if not rest:
                    found, flags = self._lowered(node, loop)
                    return made + found, flags
            found, flags = self._lowered(node, loop)
            made += found
            if isinstance(node, _JUMPS):
                return made, flags
            if flags:
                behind, more = self.block(rest, loop)
                return made + self._guarded(behind, flags), flags | more
        return made, set()

    def _guarded(self, body: Block, flags: set[str]) -> Block:
        if not body:
            return []
        self.asked |= flags
        made = ast.If(syntax.none_of(sorted(flags)), body, [])
        return [syntax.at(made, body[0])]

    def _lowered(self, node: ast.stmt, loop: _Loop | None) -> tuple[Block, set[str]]:
        def flagged(flag: str, *before: ast.stmt) -> tuple[Block, set[str]]:
            made = [*before, syntax.assign(flag, ast.Constant(True))]
            return [syntax.at(each, node) for each in made], {flag}

        match node:
            case ast.Return():
                value = node.value or syntax.at(ast.Constant(None), node)
                return flagged(RETURNS, syntax.assign(RESULT, value))
            case ast.Break():
                assert loop is not None, "Python has compiled it"
                return flagged(loop.breaks)
            case ast.Continue():
                assert loop is not None, "Python has compiled it"
                return flagged(loop.continues)
            case ast.While() | ast.For():
                return self._loop(node, loop)
            case ast.If():
                return [node], self._if(node, loop)
            case ast.With():
                return [node], self._parts(node, ("body",), loop)
            case ast.Try():
                return [node], self._try(node, loop)
            case ast.Match():
                parts = [self._parts(case, ("body",), loop) for case in node.cases]
                return [node], set().union(*parts)
        return [node], set()

    def _parts(self, node: ast.AST, fields: Sequence[str], loop: _Loop | None) -> set[str]:
        flags: set[str] = set()
        for field in fields:
            if hasattr(node, field):
                body, more = self.block(getattr(node, field), loop)
                setattr(node, field, body)
                flags |= more
        return flags

    def _if(self, node: ast.If, loop: _Loop | None) -> set[str]:
        """Put the branch first that returns something: the other one gives zeros of its type."""
        inside = self._parts(node, ("body",), loop)
        otherwise = self._parts(node, ("orelse",), loop)
        if RETURNS in otherwise - inside:
            node.test = syntax.at(syntax.negation(node.test), node.test)
            node.body, node.orelse = node.orelse, node.body
        return inside | otherwise

    def _try(self, node: ast.Try, loop: _Loop | None) -> set[str]:
        """Guard the `else`: what jumps out of the body does not come by there."""
        inside = self._parts(node, ("body",), loop)
        behind = self._parts(node, ("orelse", "finalbody"), loop)
        if inside and node.orelse:
            node.orelse = self._guarded(node.orelse, inside)
        return inside.union(behind, *(self._parts(e, ("body",), loop) for e in node.handlers))

    def _loop(self, node: ast.While | ast.For, outer: _Loop | None) -> tuple[Block, set[str]]:
        if isinstance(node, ast.While) and any(
            isinstance(each, ast.NamedExpr) for each in ast.walk(node.test)
        ):
            node = _tested_inside(node)
        number = f"_{self._loops}" if self._loops else ""
        self._loops += 1
        loop = _Loop(BREAKS + number, CONTINUES + number)
        body, flags = self.block(node.body, loop)
        stops = sorted(flags & {loop.breaks, RETURNS})
        before: Block = []

        def start(flag: str, at: ast.AST) -> ast.stmt:
            return syntax.at(syntax.assign(flag, ast.Constant(False)), at)

        if loop.breaks in flags:
            before.append(start(loop.breaks, node))
        if loop.continues in flags:
            body.insert(0, start(loop.continues, node.body[0]))
        if stops:
            self.asked |= set(stops)
            goes_on = syntax.at(syntax.none_of(stops), node)
            if isinstance(node, ast.While):
                node.test = syntax.at(ast.BoolOp(ast.And(), [goes_on, node.test]), node)
            else:
                guarded = GuardedFor(node.target, node.iter, node.body, node.orelse)
                guarded.extra_test = goes_on
                node = syntax.at(guarded, node)
        node.body, behind = body, node.orelse
        node.orelse = []
        made, more = self.block(behind, outer)
        after = self._guarded(made, set(stops)) if stops else made
        return [*before, node, *after], flags - set(loop) | more

    def stripped(self, body: Block) -> Block:
        """Return statements without assignments to flags that nobody asks."""
        made = [node for node in body if not self._is_unasked(node)]
        for node in made:
            for part, field, block in list(_blocks(node)):
                kept = self.stripped(block)
                if not kept and field == "body":
                    kept = [syntax.at(ast.Pass(), block[0])]
                setattr(part, field, kept)
        return made

    def _is_unasked(self, node: ast.stmt) -> bool:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            return False
        name = node.targets[0].id
        return name.startswith((RETURNS, BREAKS, CONTINUES)) and name not in self.asked
