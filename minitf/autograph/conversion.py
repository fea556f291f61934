"""A function's code, rewritten and compiled; and functions made of it, for each closure one.

    def factory():                     compiled with the user's file name, never called
        ag__ = x = None
        def f(y): ...                  its code has the free variables ag__ and x
    FunctionType(code of f, globals of the user's f, closure=(operators, the user's cell of x))

So a global or a variable of a function around is the user's own, in both directions.

**State**: `_CODES`, what was compiled of each code object, for each set of features.

Source: no paper; Python's data model.
"""

from __future__ import annotations
import __future__

import ast
import dis
import functools
import threading
from types import CellType, CodeType, FunctionType
from typing import Any

from minitf.autograph import syntax
from minitf.autograph.features import Feature
from minitf.autograph.sources import NoSourceError, function_node
from minitf.autograph.statements import Statements

_FUTURE = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
_Key = tuple[CodeType, str, frozenset[Feature]]
_CODES: dict[_Key, CodeType | NoSourceError] = {}
_MODULE, _FACTORY, _FUNCTION = "<module>", "ag__factory", "ag__function"
_LOCK = threading.RLock()
_JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
_CALLS = frozenset(
    code for name, code in dis.opmap.items() if name.startswith("CALL") or name == "PRECALL"
)


@functools.cache
def needs_none(code: CodeType, features: frozenset[Feature]) -> bool:
    """Tell whether rewriting would change nothing: code without jumps, calls and functions."""
    if features or any(isinstance(each, CodeType) for each in code.co_consts):
        return False
    return not any(
        each.opcode in _JUMPS
        or each.opcode in _CALLS
        or each.opname in ("UNARY_NOT", "RAISE_VARARGS", "TO_BOOL")
        for each in dis.get_instructions(code)
    )


def is_converted(function: FunctionType) -> bool:
    """Tell whether a function is of rewritten code."""
    return syntax.RUNTIME in function.__code__.co_freevars


def converted_function(
    function: FunctionType, operators: Any, features: frozenset[Feature]
) -> FunctionType:
    """Return a function that does what another does, also where conditions are tensors.

    Args:
        function: written in Python; its source is looked for.
        operators: what rewritten code calls.
        features: what the program asks for beyond what is always done.

    Raises:
        NoSourceError: if the source is not there, or cannot be rewritten.
    """
    code = _converted_code(function, features)
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells[syntax.RUNTIME] = CellType(operators)
    made = FunctionType(
        code,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        tuple([cells[name] for name in code.co_freevars]),
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__, made.__doc__ = function.__qualname__, function.__doc__
    made.__module__ = function.__module__
    made.__annotations__ = function.__annotations__
    return made


def _converted_code(function: FunctionType, features: frozenset[Feature]) -> CodeType:
    code = function.__code__
    key = code, code.co_filename, features
    with _LOCK:
        if key not in _CODES:
            try:
                _CODES[key] = _compiled(function, features)
            except NoSourceError as error:
                _CODES[key] = error
        found = _CODES[key]
    if isinstance(found, NoSourceError):
        raise found.with_traceback(None)
    return found


def _compiled(function: FunctionType, features: frozenset[Feature]) -> CodeType:
    original = function.__code__
    module = _factory(function, rewritten(function, features))
    try:
        code: CodeType = compile(
            module,
            original.co_filename,
            "exec",
            flags=original.co_flags & _FUTURE,
            dont_inherit=True,
        )
    except (SyntaxError, ValueError) as error:
        raise NoSourceError(f"its rewritten code does not compile: {error}") from error
    while code.co_name in (_MODULE, _FACTORY, _holder(original)):
        code = next(each for each in code.co_consts if isinstance(each, CodeType))
    free = set(code.co_freevars) - {syntax.RUNTIME}
    missing = free - set(original.co_freevars)
    if missing:
        raise NoSourceError(f"its source has changed: {', '.join(sorted(missing))}")
    code = _renamed(code, code.co_qualname, original.co_qualname)
    return code.replace(co_firstlineno=original.co_firstlineno, co_name=original.co_name)


def _renamed(code: CodeType, old: str, new: str) -> CodeType:
    """Return code in which functions are called as they were in the user's function."""
    consts = tuple(
        _renamed(each, old, new) if isinstance(each, CodeType) else each for each in code.co_consts
    )
    return code.replace(co_consts=consts, co_qualname=new + code.co_qualname.removeprefix(old))


def rewritten(function: FunctionType, features: frozenset[Feature]) -> ast.FunctionDef:
    """Return the rewritten definition of a function; a lambda's body is its one `return`.

    Raises:
        NoSourceError: if the source is not there.
    """
    node = function_node(function)
    args = node.args
    every = [*args.posonlyargs, *args.args]
    if isinstance(node, ast.Lambda):
        body: list[ast.stmt] = [syntax.at(ast.Return(node.body), node.body)]
        made = syntax.define(_FUNCTION, (), body)
        made.args = args
        node = syntax.at(made, node)
    args.defaults = [ast.Constant(None) for _ in args.defaults]
    args.kw_defaults = [each and ast.Constant(None) for each in args.kw_defaults]
    for each in (*every, *args.kwonlyargs, args.vararg, args.kwarg):
        if each is not None:
            each.annotation = None
    node.decorator_list, node.returns = [], None
    node = Statements(features, every[0].arg if every else None).function(node)
    if Feature.NAME_SCOPES in features or Feature.ALL in features:
        scope = syntax.operator("name_scope", ast.Constant(node.name))
        node.body = [syntax.at(ast.With([ast.withitem(scope)], node.body), node)]
    return node


def _factory(function: FunctionType, node: ast.FunctionDef) -> ast.Module:
    """Return a module with a function that makes the function, inside its class if it has one."""
    original = function.__code__
    node.name = _FUNCTION
    inside: ast.stmt = node
    holder = _holder(original)
    if holder is not None:  # names such as self.__x are of the class
        inside = ast.ClassDef(holder, [], [], [node], [])
        inside.type_params = []  # type: ignore[attr-defined, unused-ignore]
    outer = syntax.define(_FACTORY, (syntax.RUNTIME, *original.co_freevars), [inside])
    module = ast.Module([syntax.at(outer, node)], [])
    return ast.fix_missing_locations(module)


def _holder(code: CodeType) -> str | None:
    """Return the name of the class that a function is defined in, if it is in one."""
    around = code.co_qualname.split(".")[-2:-1]
    return around[0] if around and around[0].isidentifier() else None
