"""The second versions of functions have TensorFlow 1.15's arguments, and go where they belong."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import minitf.compat.v2 as tf2
from minitf.compat import inner_names
from minitf.compat.inner_names_v2 import SECOND_VERSIONS

TABLE = Path(__file__).parents[1] / "data" / "signatures_v2_1_15.txt"


def arguments_in_table():
    """Path and name -> parameters, each with the text of its default."""
    found = {}
    for line in TABLE.read_text().splitlines():
        path, _, listed = line.removesuffix(")").partition("(")
        arguments = ast.parse(f"def f({listed}): pass").body[0].args
        names = [each.arg for each in arguments.args]
        defaults = [ast.unparse(each) for each in arguments.defaults]
        found[path] = dict.fromkeys(names, "")
        found[path] |= dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    return found


def ours():
    """Path and name -> the function of ours."""
    found = {}
    for path, table in SECOND_VERSIONS.items():
        for module, names in table.items():
            for entry in names.split():
                public, _, own = entry.partition("=")
                found[f"{path}.{public}"] = getattr(import_module(module), own or public)
    return found


def hashable(value):
    return tuple(value) if isinstance(value, list) else value


def is_literal(text):
    try:
        ast.literal_eval(text)
    except ValueError:
        return False
    return True


def test_the_second_versions_have_the_arguments_of_tensorflow():
    functions = ours()
    wrong = {}
    for path, wanted in arguments_in_table().items():
        found = inspect.signature(functions[path]).parameters
        if list(found) != list(wanted):
            wrong[path] = list(found), list(wanted)
        for name, text in wanted.items():
            default = found[name].default
            if not text:
                fits = default is inspect.Parameter.empty
            else:
                fits = not is_literal(text) or default == hashable(ast.literal_eval(text))
            if not fits:
                wrong[path, name] = default, text

    assert wrong == {}


def test_no_table_of_inner_names_hides_a_part_of_the_other():
    for path, table in SECOND_VERSIONS.items():
        own = inner_names._BELOW_PYTHON.get(path, {})

        assert not own.keys() & table.keys(), path


@pytest.mark.parametrize("name", ["", *tf2._SUBMODULES.split()])
def test_every_name_of_the_second_version_can_be_had(name):
    namespace = getattr(tf2, name) if name else tf2

    assert dir(namespace)
    for each in dir(namespace):
        getattr(namespace, each)


def test_what_the_second_version_dropped_is_not_there():
    for gone in ("placeholder", "Session", "get_variable", "to_float", "mod"):
        assert not hasattr(tf2, gone)
