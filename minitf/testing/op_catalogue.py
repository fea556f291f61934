"""The ops and their cases: a strategy per op, in a tree that mirrors `minitf/ops`.

`minitf/testing/cases/<area>/<family>.py` holds `CASES`, registry name -> strategy of Case, of the
ops that `minitf/ops/<area>/<family>.py` defines.  A family's cases are imported when one of its
ops is asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module, util
from typing import Any

from hypothesis.strategies import SearchStrategy

from minitf import ops
from minitf.errors import NotFoundError
from minitf.testing.case import Case

_OPS, _CASES = "minitf.ops", "minitf.testing.cases"


@cache
def catalogue() -> dict[str, Any]:
    """Return MiniTF's own ops by registry name, in order; ops that users define are left out."""
    found = ops.import_all()
    return {n: found[n] for n in sorted(found) if found[n].__module__.startswith(_OPS)}


def cases_of(name: str) -> SearchStrategy[Case]:
    """Return the strategy of an op's cases.

    Args:
        name: the op's registry name.

    Raises:
        NotFoundError: if there is no such op, or it has no cases.
    """
    found = family_cases(ops.find_op(name).__module__)
    if name not in found:
        raise NotFoundError(None, None, f"{name} has no cases: it is no function of its inputs")
    return found[name]


def has_cases(name: str) -> bool:
    """Tell whether an op has cases."""
    return name in family_cases(ops.find_op(name).__module__)


@cache
def family_cases(module: str) -> dict[str, SearchStrategy[Case]]:
    """Return the cases of one family.

    Args:
        module: the dotted name of the file that defines its ops.
    """
    mirror = _CASES + module.removeprefix(_OPS)
    exists = util.find_spec(mirror.rpartition(".")[0]) and util.find_spec(mirror)
    return dict(import_module(mirror).CASES) if exists else {}
