"""Statements of rewritten code: what they consist of becomes functions that share variables.

    while x < n:          def get_state(): return ag__.values(lambda: x)
        x = x * 2         def set_state(ag__values): nonlocal x; x, = ag__values; ...
                          def loop_body(): nonlocal x; x = x * 2
                          def loop_test(): return x < n
                          ag__.while_stmt(loop_test, loop_body, {}, get_state, set_state, ("x",))

The *state* of a statement: the variables that it binds and that are needed behind it (of a loop: or
by a later iteration), and places in objects that it binds, as `self.total`.

**Invariants**

1. Each function declares its variables before anything else, so that functions inside may say
   `nonlocal`; a declaration binds nothing.
2. An unbound variable has the value UNDEFINED in a state; to set it is to unbind it.

Source: no paper; TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from minitf.autograph import lists, syntax
from minitf.autograph.expressions import Expressions
from minitf.autograph.features import Feature
from minitf.autograph.jumps import without_jumps
from minitf.autograph.names import GuardedFor, Liveness, Usage, place, variables_of

_VALUES = "ag__values"
_ELEMENT = "ag__element"

Block = list[ast.stmt]


class Statements(Expressions):
    """Rewrites the body of one function.

    **State**: variables of the module and of functions around, which are declared again inside;
    how many functions were made, for their names.
    """

    def __init__(self, features: frozenset[Feature], first: str | None) -> None:
        super().__init__(features, first)
        self._global: set[str] = set()
        self._number = 0

    def function(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Rewrite a function; decorators, defaults and annotations are its caller's affair."""
        body = node.body
        if self.uses(Feature.LISTS):
            body = lists.rewritten(body)
        documentation = body[:1] if ast.get_docstring(node, clean=False) is not None else []
        body = without_jumps(body[len(documentation) :] or [syntax.at(ast.Pass(), node)])
        usage = Usage(body)
        Liveness(body, usage.outer)
        declared = _declarations(body)
        self._global = {
            name for each in declared if isinstance(each, ast.Global) for name in each.names
        }
        own = [name for name in usage.variables if name not in usage.outer]
        rewritten = self._block(body)
        node.body = [
            *documentation,
            *declared,
            *[syntax.at(syntax.declare(name), node) for name in own],
            *rewritten,
        ]
        return node

    def _block(self, body: Sequence[ast.stmt]) -> Block:
        made: Block = []
        for node in body:
            found = self.visit(node)
            made += found if isinstance(found, list) else [found] if found is not None else []
        return made

    # --- functions inside ------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:  # noqa: N802
        """Rewrite a function that is defined inside, unless it is a generator."""
        if _is_generator(node):
            return node
        every = [*node.args.posonlyargs, *node.args.args]
        first = every[0].arg if every else None
        return Statements(self.features, first).function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:  # noqa: N802
        """Leave a coroutine as it is."""
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:  # noqa: N802
        """Leave a class as it is: its methods are converted where they are called."""
        return node

    # --- declarations ----------------------------------------------------------------------------

    def visit_Global(self, node: ast.Global) -> ast.stmt:  # noqa: N802
        """Leave out what is declared at the beginning."""
        return syntax.at(ast.Pass(), node)

    visit_Nonlocal = visit_Global  # type: ignore[assignment] # noqa: N815

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:  # noqa: N802
        """Leave out an annotation: a variable that has one cannot be `nonlocal`."""
        if node.value is None:
            return syntax.at(ast.Pass(), node)
        self.generic_visit(node)
        return syntax.at(ast.Assign([node.target], node.value), node)

    # --- control flow ----------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> Block:  # noqa: N802
        """Rewrite `if`."""
        usage = Usage([*node.body, *node.orelse])
        state = _state(usage, node.live_out)  # type: ignore[attr-defined]
        used = _state(usage, node.live_in)  # type: ignore[attr-defined]
        test = self.visit(node.test)
        body, orelse = self._fresh("if_body"), self._fresh("else_body")
        functions = [
            syntax.define(body, (), [*self._shared(node.body), *self._block(node.body)]),
            syntax.define(orelse, (), [*self._shared(node.orelse), *self._block(node.orelse)]),
        ]
        call = syntax.operator("if_stmt", test, syntax.load(body), syntax.load(orelse))
        restored = [name for name in used if name not in state]
        return self._statement(node, functions, call, state, restored)

    def visit_While(self, node: ast.While) -> Block:  # noqa: N802
        """Rewrite `while`."""
        usage = Usage([*node.body, node.test])
        needed = node.live_in  # type: ignore[attr-defined]
        state = _state(usage, needed)
        options, statements = self._options(node.body)
        test, body = self._fresh("loop_test"), self._fresh("loop_body")
        found: ast.stmt = ast.Return(self.visit(node.test))
        functions = [
            syntax.define(body, (), [*self._shared(statements), *self._block(statements)]),
            syntax.define(test, (), [*self._shared([node.test]), found]),
        ]
        call = syntax.operator("while_stmt", syntax.load(test), syntax.load(body), options)
        return self._statement(node, functions, call, state, behind=node.live_out)  # type: ignore[attr-defined]

    def visit_For(self, node: ast.For) -> Block:  # noqa: N802
        """Rewrite `for`."""
        usage = Usage([*node.body, node.target])
        needed = node.live_in | node.live_out  # type: ignore[attr-defined]
        state = _state(usage, needed)
        options, statements = self._options(node.body)
        iterated = self.visit(node.iter)
        body = self._fresh("loop_body")
        start = syntax.at(ast.Assign([node.target], syntax.load(_ELEMENT)), node)
        inside = [start, *statements]
        functions = [
            syntax.define(body, (_ELEMENT,), [*self._shared(inside), *self._block(inside)])
        ]
        goes_on: ast.expr = ast.Constant(None)
        if isinstance(node, GuardedFor):
            goes_on = syntax.thunk(self.visit(node.extra_test))
        call = syntax.operator("for_stmt", iterated, goes_on, syntax.load(body), options)
        return self._statement(node, functions, call, state, behind=node.live_out)  # type: ignore[attr-defined]

    visit_GuardedFor = visit_For  # noqa: N815

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:  # noqa: N802
        """Rewrite `assert` if the program asks for it."""
        self.generic_visit(node)
        if not self.uses(Feature.ASSERT_STATEMENTS):
            return node
        message = node.msg or ast.Constant("Assertion error")
        call = syntax.operator("assert_stmt", node.test, syntax.thunk(message))
        return syntax.at(ast.Expr(call), node)

    # --- parts -----------------------------------------------------------------------------------

    def _fresh(self, stem: str) -> str:
        self._number += 1
        return f"{syntax.RUNTIME}{stem}_{self._number}"

    def _shared(self, code: Iterable[ast.AST]) -> Block:
        """Return what declares the variables that code binds as those of the function around."""
        return self._declared(Usage(code).variables)

    def _declared(self, variables: Sequence[str]) -> Block:
        made: Block = []
        outer = [name for name in variables if name in self._global]
        shared = [name for name in variables if name not in self._global]
        if outer:
            made.append(ast.Global(outer))
        if shared:
            made.append(ast.Nonlocal(shared))
        return made

    def _options(self, body: Block) -> tuple[ast.expr, Block]:
        """Return what `set_loop_options` is given in a loop, and the other statements."""
        given = [each for each in body if _is_directive(each)]
        if not given:
            return ast.Dict([], []), body
        call = given[-1].value  # type: ignore[attr-defined]
        options = ast.Call(syntax.runtime("loop_options"), call.args, call.keywords)
        rest = [each for each in body if not _is_directive(each)]
        return options, rest or [syntax.at(ast.Pass(), body[0])]

    def _statement(
        self,
        node: ast.stmt,
        functions: Sequence[ast.stmt],
        call: ast.Call,
        state: Sequence[str],
        restored: Sequence[str] = (),
        behind: Iterable[str] | None = None,
    ) -> Block:
        """Return the functions and the call that stand for a statement.

        Args:
            node: the statement.
            functions: what it consists of.
            call: of the operator, without the state.
            state: its state.
            restored: other variables, which each branch finds as they were before it.
            behind: of a loop, names that are needed behind it.
        """
        made: Block = list(functions)
        every = [*state, *restored]
        if every:
            get, put = self._fresh("get_state"), self._fresh("set_state")
            made += [_get_state(get, every), self._set_state(put, every)]
            call.args += [syntax.load(get), syntax.load(put), syntax.texts(state)]
            if behind is not None:
                call.args.append(syntax.texts(name for name in state if name in set(behind)))
        made.append(ast.Expr(call))
        return [syntax.at(each, node) for each in made]

    def _set_state(self, name: str, state: Sequence[str]) -> ast.FunctionDef:
        body = self._declared([each for each in state if each.isidentifier()])
        for i, each in enumerate(state):
            value: ast.expr = ast.Subscript(syntax.load(_VALUES), ast.Constant(i), ast.Load())
            put: ast.stmt = ast.Assign([_target(each, ast.Store())], value)
            is_variable = each.isidentifier()
            test = ast.Compare(
                value,
                [ast.Is() if is_variable else ast.IsNot()],
                [syntax.runtime("UNDEFINED")],
            )
            if is_variable:  # bound first, for what is unbound cannot be deleted
                body += [put, ast.If(test, [ast.Delete([_target(each, ast.Del())])], [])]
            else:
                body.append(ast.If(test, [put], []))
        return syntax.define(name, (_VALUES,), body)


def _state(usage: Usage, needed: Iterable[str]) -> list[str]:
    """Return the state of a statement, sorted so that it does not depend on the run."""
    bound = set(usage.variables)
    needed = set(needed)
    found = [name for name in bound if name in needed]
    places = [name for name in usage.binds if not name.isidentifier()]
    return sorted([*found, *(each for each in places if not variables_of(each) & bound)])


def _get_state(name: str, state: Sequence[str]) -> ast.FunctionDef:
    values = [syntax.thunk(_target(each, ast.Load())) for each in state]
    return syntax.define(name, (), [ast.Return(syntax.operator("values", *values))])


def _target(name: str, context: ast.expr_context) -> ast.expr:
    made = ast.parse(name, mode="eval").body
    made.ctx = context  # type: ignore[attr-defined]
    for node in ast.walk(made):
        for field in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            if hasattr(node, field):
                delattr(node, field)  # they are filled in from what stands around
    return made


def _declarations(body: Sequence[ast.stmt]) -> Block:
    """Return the `global` and `nonlocal` statements of a function, wherever they stand."""
    found: Block = []
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            found.append(node)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)
    return found


def _is_generator(node: ast.FunctionDef) -> bool:
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        each = waiting.pop()
        if isinstance(each, (ast.Yield, ast.YieldFrom, ast.Await)):
            return True
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(each)
    return False


def _is_directive(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    name = place(node.value.func) or ""
    return name.rpartition(".")[2] == "set_loop_options"
