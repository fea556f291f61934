"""Public names are imported when they are first used, and seen before."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import minitf
from minitf import lazy


@pytest.fixture
def namespace(monkeypatch):
    """A namespace module over two modules of the standard library."""
    module = ModuleType("a_namespace")
    monkeypatch.setitem(sys.modules, "a_namespace", module)
    table = {"fractions": "Fraction", "colorsys": "to_hsv=rgb_to_hsv"}
    module.__getattr__, module.__dir__, module.__all__ = lazy.attach("a_namespace", table)
    return module


def test_a_name_is_imported_at_its_first_use_and_kept(namespace, monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert "colorsys" not in sys.modules

    found = namespace.to_hsv

    assert sys.modules["colorsys"].rgb_to_hsv is found
    assert vars(namespace)["to_hsv"] is found


def test_names_are_listed_without_being_imported(namespace, monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)

    assert dir(namespace) == namespace.__all__ == ["Fraction", "to_hsv"]
    assert "colorsys" not in sys.modules


def test_a_list_of_names_that_somebody_changes_stays_as_it_is_inside(namespace):
    dir(namespace).append("more")

    assert dir(namespace) == ["Fraction", "to_hsv"]


@pytest.mark.parametrize("name", ["missing", "rgb_to_hsv", "__path__"])
def test_a_name_that_is_not_there_is_an_attribute_error(namespace, name):
    with pytest.raises(AttributeError, match=f"module 'a_namespace' has no attribute '{name}'"):
        getattr(namespace, name)


def test_a_submodule_may_stand_under_another_name():
    getattr_, names, _ = lazy.attach("minitf", {}, "graph_util=namespaces.graph_util dtypes")

    assert names() == ["dtypes", "graph_util"]
    assert getattr_("dtypes").__name__ == "minitf.dtypes"
    assert getattr_("graph_util").__name__ == "minitf.namespaces.graph_util"


def namespaces():
    """Our lazy namespaces: name -> the folder that holds it."""
    root = Path(minitf.__file__).parent
    folders = [init.parent for init in root.rglob("__init__.py")]
    names = {folder: ".".join(folder.relative_to(root.parent).parts) for folder in folders}
    return {
        name: folder for folder, name in names.items() if hasattr(import_module(name), "_NAMES")
    }


def test_no_file_hides_a_public_name():
    """Importing `train/saver.py` puts a module `saver` into `tf.train`, over a function's name."""
    found = {}
    for name, folder in namespaces().items():
        table = import_module(name)._NAMES
        public = {entry.partition("=")[0] for names in table.values() for entry in names.split()}
        files = {path.stem for path in folder.iterdir()}
        found[name] = public & files

    assert len(found) > 10
    assert not any(found.values()), found
