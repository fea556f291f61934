"""An op's card: where its meaning, rules, kernels, public functions and cases stand.

    $ minitf explain Softmax

Everything is found in the code itself: the lines of rules and kernels from their functions, the
public functions from the calls in `minitf/api` and its like, the cases from the tree that mirrors
`minitf/ops`.  So a card cannot be stale.

Source: no paper; "where is this op's kernel" should take a reader no search.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import Any

from rich.markup import escape

import minitf
from minitf import ops
from minitf.errors import NotFoundError
from minitf.kernels_cpu.device import import_mirror
from minitf.op_def import OpDef

_PACKAGE = Path(str(minitf.__file__)).parent
_CLIENTS = (
    *("api", "losses", "metrics", "nn", "variables", "distributions", "image", "sparse"),
    *("contexts", "control_flow", "functional"),
)


@dataclass(frozen=True)
class Card:
    """Where to find all there is about an op.

    Attributes:
        name: its registry name.
        summary: what it computes, the first line of its documentation.
        places: what (meaning, shape, value, gradient, CPU kernel, cases, tests) -> file:line, or
            why there is none.
        functions: public names that call it -> file:line.
    """

    name: str
    summary: str
    places: dict[str, str]
    functions: dict[str, str]


def card(name: str) -> Card:
    """Return the card of an op.

    Args:
        name: its registry name, such as "Conv2D".

    Raises:
        NotFoundError: if no op of that name is registered; similar names are listed.
    """
    try:
        op_def = ops.find_op(name)
    except NotFoundError:
        import difflib

        close = difflib.get_close_matches(name, ops.names(), n=3, cutoff=0.5)
        hint = f"\n  hint: {', '.join(close)}" if close else ""
        raise NotFoundError(None, None, f"No op named {name!r} is registered{hint}") from None
    return Card(
        name,
        (op_def.__doc__ or "").split("\n")[0],
        {
            "meaning": _definition(op_def),
            "shape": _line_of(op_def.shape_rule, op_def) if op_def.shape_rule else "no outputs",
            "value": _value(op_def),
            "gradient": _gradient(op_def),
            "CPU kernel": _kernel(op_def),
            "cases": _cases(op_def),
            "tests": _tests(op_def),
        },
        dict(_callers().get(op_def.__name__, ())),
    )


def laws(op_def: OpDef) -> dict[str, str]:
    """Return law -> why it is not checked on an op, "checked" if it is.

    Raises:
        NotFoundError: if Hypothesis is not installed.
    """
    try:
        from minitf.testing.properties import PROPERTIES
    except ModuleNotFoundError as error:
        raise NotFoundError(
            None, None, f"{error}\n  hint: pip install 'minitf[testing]' for the checked laws"
        ) from error
    return {each.name: each.not_for(op_def) or "checked" for each in PROPERTIES}


def families() -> dict[str, list[OpDef]]:
    """Return the ops of each family, "nn/softmax" -> OpDefs in the order of their file."""
    ops.import_all()
    found: dict[str, list[OpDef]] = {}
    for name in ops.names():
        op_def = ops.find_op(name)
        family = op_def.__module__.removeprefix("minitf.ops.").replace(".", "/")
        found.setdefault(family, []).append(op_def)
    for members in found.values():
        members.sort(key=lambda each: int(_definition(each).rpartition(":")[2]))
    return dict(sorted(found.items()))


# --- shown on a terminal --------------------------------------------------------------------------


def show(name: str) -> None:
    """Print an op's card.

    Args:
        name: the op's registry name.

    Raises:
        NotFoundError: if no op of that name is registered.
    """
    from rich.console import Console
    from rich.table import Table

    found = card(name)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for what, place in found.places.items():
        table.add_row(what, place)
    for public, place in found.functions.items():
        table.add_row("public", f"{place}  {public}")
    for law, outcome in laws(ops.find_op(name)).items():
        table.add_row(f"law: {law}", outcome)
    console = Console(highlight=False)
    console.print(f"[bold]{found.name}[/]  {escape(found.summary)}")
    console.print(table)


def show_all(area: str = "") -> None:
    """Print the table of the ops.

    Args:
        area: only those of families whose name begins so, "nn" or "nn/softmax".

    Raises:
        NotFoundError: if there is no such family.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("op", "computes", "gradient", "CPU kernel"):
        table.add_column(title, overflow="fold")
    chosen = {name: found for name, found in families().items() if name.startswith(area)}
    if not chosen:
        areas = sorted({name.partition("/")[0] for name in families()})
        raise NotFoundError(None, None, f"no area {area!r}; there are {', '.join(areas)}")
    for family, members in chosen.items():
        table.add_section()
        table.add_row(f"[bold]{family}[/]")
        for op_def in members:
            table.add_row(*[escape(cell) for cell in row(op_def)])
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"{sum(map(len, chosen.values()))} ops; `minitf explain OP` shows where one stands"
    )


def row(op_def: OpDef) -> tuple[str, str, str, str]:
    """Return an op's line in the tables: name, what it computes, gradient, CPU kernel."""
    gradient = _gradient(op_def)
    import_mirror(op_def.__module__)
    return (
        op_def.name,
        (op_def.__doc__ or "").split("\n")[0],
        "yes" if op_def.gradient_rule else gradient,
        "Numba" if op_def.kernels else "",
    )


# --- the op's own files ---------------------------------------------------------------------------


def _file(module: str) -> Path:
    return Path(str(import_module(module).__file__))


def _shown(path: Path, line: int | None = None) -> str:
    root = _PACKAGE.parent
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return shown.as_posix() + (f":{line}" if line else "")


def _line_with(path: Path, text: str) -> str:
    """Return the first line of a file that contains a text."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if text in line:
            return _shown(path, number)
    return _shown(path)


def _definition(op_def: OpDef) -> str:
    path = _file(op_def.__module__)
    text = path.read_text(encoding="utf-8")
    for match in ops.DEFINITION.finditer(text):
        if op_def.name in (match["name"], match["row_name"]):
            return _shown(path, text.count("\n", 0, match.start()) + 2)
    return _shown(path, op_def.body.__code__.co_firstlineno)  # a user's op


def _line_of(function: Callable[..., Any], op_def: OpDef) -> str:
    code = function.__code__
    if code is op_def.body.__code__:
        return _definition(op_def)
    return _shown(Path(code.co_filename), code.co_firstlineno)


def _value(op_def: OpDef) -> str:
    if op_def.value_rule is None:
        return "not known before the run"
    return _line_of(op_def.value_rule, op_def)


def _gradient(op_def: OpDef) -> str:
    if op_def.gradient_rule is not None:
        return _line_of(op_def.gradient_rule, op_def)
    how = "refused" if op_def.refuses_gradient else "none"
    return f"{how}: {op_def.gradient_reason}"


def _kernel(op_def: OpDef) -> str:
    import_mirror(op_def.__module__)
    if not op_def.kernels:
        return "the body runs"
    code = op_def.kernels[-1].function.__code__
    mirror = _file(op_def.__module__.replace("minitf.ops", "minitf.kernels_cpu"))
    if Path(code.co_filename) == mirror:
        return _shown(mirror, code.co_firstlineno)
    return _line_with(mirror, op_def.__name__)  # made of the scalar in its row


def _cases(op_def: OpDef) -> str:
    mirror = op_def.__module__.replace("minitf.ops", "minitf.testing.cases")
    try:
        found = util.find_spec(mirror)
    except ModuleNotFoundError:
        found = None
    if found is None or found.origin is None:
        return "none: no function of its inputs alone"
    return _line_with(Path(found.origin), f'"{op_def.name}"')


def _tests(op_def: OpDef) -> str:
    *folders, family = op_def.__module__.removeprefix("minitf.ops.").split(".")
    shared = _PACKAGE.parent.joinpath("tests", "ops", *folders)
    path = shared / f"test_{family}.py"
    if path.exists():
        return _shown(path)
    return f"those of {_shown(shared)}" if shared.exists() else "not in this installation"


# --- public functions -----------------------------------------------------------------------------


@cache
def _callers() -> dict[str, list[tuple[str, str]]]:
    """Return op function -> (public names, file:line) of the public functions that call it.

    The function of the op's own name comes first, then the one that calls the fewest other ops.
    """
    public = _public_names()
    found: dict[str, list[tuple[bool, int, str, str]]] = {}
    for path in sorted(path for room in _CLIENTS for path in (_PACKAGE / room).rglob("*.py")):
        module = ".".join(path.relative_to(_PACKAGE.parent).with_suffix("").parts)
        body = ast.parse(path.read_text(encoding="utf-8")).body
        functions = {each.name: each for each in body if isinstance(each, ast.FunctionDef)}
        for name, function in functions.items():
            names = public.get((module, name))
            if not names:
                continue
            place = _shown(path, function.lineno)
            called = _ops_in(function, functions)
            for each in called:
                is_other = f"{name}_op" != each
                found.setdefault(each, []).append((is_other, len(called), ", ".join(names), place))
    return {each: [at[2:] for at in sorted(places)] for each, places in found.items()}


def ops_of_functions() -> dict[str, list[str]]:
    """Return public name -> registry names of the ops that its function itself calls."""
    names = {ops.find_op(name).__name__: name for name in ops.names()}
    found: dict[str, list[str]] = {}
    for called, places in _callers().items():
        for public, _ in places:
            for each in public.split(", "):
                found.setdefault(each, []).append(names[called])
    return {public: sorted(called) for public, called in found.items()}


def _ops_in(function: ast.AST, private: dict[str, ast.FunctionDef]) -> set[str]:
    """Return the op functions that a function calls, `ops.conv2d_op`, by private helpers too."""
    waiting, seen, found = [function], {function}, set()
    while waiting:
        for node in ast.walk(waiting.pop()):
            if isinstance(node, ast.Attribute) and node.attr.endswith("_op"):
                found.add(node.attr)
            helper = private.get(node.id) if isinstance(node, ast.Name) else None
            if helper and helper.name.startswith("_") and helper not in seen:
                seen.add(helper)
                waiting.append(helper)
    return found


def _public_names() -> dict[tuple[str, str], list[str]]:
    """Return (module, function) -> its public names, `tf.nn.softmax`."""
    found: dict[tuple[str, str], list[str]] = {}
    for prefix, namespace in _namespaces("tf", minitf):
        for module, names in vars(namespace)["_NAMES"].items():
            for entry in names.split():
                public, _, own = entry.partition("=")
                found.setdefault((module, own or public), []).append(f"{prefix}.{public}")
    return found


def _namespaces(prefix: str, module: Any) -> Iterator[tuple[str, Any]]:
    yield prefix, module
    for entry in getattr(module, "_SUBMODULES", "").split():
        public, _, own = entry.partition("=")
        inner = import_module(f"{module.__name__}.{own or public}")
        if hasattr(inner, "_NAMES") and inner is not minitf and public != "compat":
            yield from _namespaces(f"{prefix}.{public}", inner)
