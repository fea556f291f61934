"""Random programs of structured control flow, as Python source, and how they are run."""

from __future__ import annotations

import itertools
import linecache

from hypothesis import strategies as st

_NUMBER = itertools.count()
_VARIABLES = ("a", "b", "c")
_PARAMETERS = ("p", "q")  # never bound: tensors throughout, where they are given as such
_INDENT = "    "


def defined(source, name="f", **names):
    """Define a function of source text, which tools can read as if it stood in a file."""
    filename = f"<program {next(_NUMBER)}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = len(source), None, lines, filename
    exec(compile(source, filename, "exec"), names)
    return names[name]


@st.composite
def programs(draw):
    """Source of a function `f(p, q)` of small ints that returns an int."""
    lines = ["def f(p, q):", "    a, b, c = p, q, 1"]
    lines += _block(draw, 1, 2, loops=0, counter=itertools.count())
    lines.append("    return a + 20 * b + 400 * c")
    return "\n".join(lines) + "\n"


def _block(draw, depth, budget, *, loops, counter):
    made = []
    for _ in range(draw(st.integers(1, 2))):
        made += _statement(draw, depth, budget, loops=loops, counter=counter)
    return made


def _statement(draw, depth, budget, *, loops, counter):
    pad = _INDENT * depth
    kinds = ["assign", "add", "choose"]
    if budget:
        kinds += ["if", "if", "while", "for"]
    if depth > 1:
        kinds.append("return")
    if loops:
        kinds += ["break", "continue"]
    kind = draw(st.sampled_from(kinds))
    inner = {"counter": counter}
    match kind:
        case "assign":
            return [f"{pad}{draw(_variable)} = ({draw(_expression)}) % 19"]
        case "add":
            name = draw(_variable)
            return [f"{pad}{name} += {draw(_term)}", f"{pad}{name} %= 19"]
        case "choose":
            chosen = f"{draw(_term)} + 0 if {draw(_conditions)} else {draw(_term)} * 1"
            return [f"{pad}{draw(_variable)} = {chosen}"]
        case "return":
            return [f"{pad}return {draw(_expression)}"]
        case "break" | "continue":
            return [f"{pad}if {draw(_conditions)}:", f"{pad}{_INDENT}{kind}"]
        case "if":
            made = [f"{pad}if {draw(_conditions)}:"]
            made += _block(draw, depth + 1, budget - 1, loops=loops, **inner)
            if draw(st.booleans()):
                made.append(f"{pad}else:")
                made += _block(draw, depth + 1, budget - 1, loops=loops, **inner)
            return made
        case "while":
            count = f"n{next(counter)}"
            made = [f"{pad}{count} = 0", f"{pad}while {count} < 4 and {draw(_conditions)}:"]
            made.append(f"{pad}{_INDENT}{count} += 1")
            return made + _rest_of_loop(draw, depth, budget, loops=loops + 1, **inner)
    index = f"i{next(counter)}"
    made = [f"{pad}for {index} in range({draw(_parameter)}):"]
    made.append(f"{pad}{_INDENT}{draw(_variable)} = ({draw(_expression)} + {index}) % 19")
    return made + _rest_of_loop(draw, depth, budget, loops=loops + 1, **inner)


def _rest_of_loop(draw, depth, budget, *, loops, counter):
    pad = _INDENT * depth
    made = _block(draw, depth + 1, budget - 1, loops=loops, counter=counter)
    if draw(st.integers(0, 3)) == 0:
        made.append(f"{pad}else:")
        made += _block(draw, depth + 1, budget - 1, loops=loops - 1, counter=counter)
    return made


_variable = st.sampled_from(_VARIABLES)
_parameter = st.sampled_from(_PARAMETERS)
_term = st.sampled_from([*_VARIABLES, *_PARAMETERS, "1", "2", "3"])
_expression = st.builds("{} {} {}".format, _term, st.sampled_from(["+", "-", "*"]), _term)
_comparison = st.one_of(
    st.builds("{} {} {}".format, _term, st.sampled_from(["<", ">", "<=", "==", "!="]), _term),
    st.builds("{} < {} <= {}".format, _term, _variable, _term),
)
_conditions = st.one_of(
    _comparison,
    st.builds("{} and {}".format, _comparison, _comparison),
    st.builds("({} or not {})".format, _comparison, _comparison),
)
