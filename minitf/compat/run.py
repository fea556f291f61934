"""Run a program that says `import tensorflow` on MiniTF, unchanged.

**State**: an `_Alias` in `sys.meta_path` of this process, and what `minitf.compat.older` puts back
into Python's and NumPy's modules.  Nothing is written anywhere: a TensorFlow that is installed
stays as it is for every other process, child processes included.

**Invariants**
1. No module of MiniTF is loaded twice: a name of TensorFlow's stands for the very module that
   `import minitf...` gives, or for one that adds names to it (`minitf.compat.inner_names`), and
   never falls through to other finders, which would look in MiniTF's folder.
2. What the program sees around it (`sys.argv`, `sys.path[0]`, `__main__`, its tracebacks, its exit
   code) is what `python script.py` would show it.

Worked example:

    alias()
    import tensorflow.compat.v1 as tf            # minitf
    from tensorflow.python.framework import ops  # minitf too: ops.reset_default_graph()

Source: no paper; programs of TensorFlow 1.x are what MiniTF is for.
"""

from __future__ import annotations

import builtins
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, TracebackType

from minitf.compat.import_paths import is_folder, own_module
from minitf.compat.inner_names import with_inner_names
from minitf.compat.older.names import put_back

_INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended
_NOT_THE_USERS = (__file__, "<frozen importlib._bootstrap>")


class _Alias(MetaPathFinder, Loader):
    """Finds MiniTF's modules under TensorFlow's names."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "tensorflow":
            return None
        spec = ModuleSpec(fullname, self, is_package=True)
        spec.loader_state = _ours(fullname)
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Put our module where the import system will look for the one that it made."""
        spec = module.__spec__
        if spec is not None and spec.loader_state is not None:
            sys.modules[spec.name] = spec.loader_state


def _ours(fullname: str) -> ModuleType | None:
    """Return our module for a name of TensorFlow's; None for a mere folder of such modules.

    Raises:
        ModuleNotFoundError: if MiniTF has none.
    """
    found = _found(fullname)
    if found is not None and is_folder(fullname) and not hasattr(found, "__path__"):
        found.__path__ = []  # a file of ours that is a folder of TensorFlow's
    return found


def _found(fullname: str) -> ModuleType | None:
    known = own_module(fullname)
    if known is not None:
        return with_inner_names(fullname, import_module(known))
    parent, _, child = fullname.rpartition(".")
    package = sys.modules[parent]
    public = getattr(package, child, None)
    if isinstance(public, ModuleType):
        return with_inner_names(fullname, public) if is_folder(fullname) else public
    if is_folder(fullname):
        return None
    beside = f"{package.__name__}.{child}"
    if beside.startswith("minitf.") and find_spec(beside) is not None:
        return import_module(beside)
    raise ModuleNotFoundError(f"No module named {fullname!r}: MiniTF has none", name=fullname)


def alias() -> None:
    """Let `import tensorflow` give MiniTF in this process.

    Raises:
        ImportError: if the real TensorFlow is imported already.
    """
    if sys.modules.get("tensorflow", sys.modules["minitf"]) is not sys.modules["minitf"]:
        raise ImportError("TensorFlow is imported already: alias it in a fresh process")
    if not any(isinstance(finder, _Alias) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Alias())


def run(script: str, arguments: Sequence[str]) -> int:
    """Run a script as `python script arguments...` would, with TensorFlow's names for MiniTF.

    What Python, NumPy and `scipy.misc` have dropped since is put back (`minitf.compat.older`).

    Returns:
        The exit code: 0, or 1 after an exception, which is shown as Python shows it.

    Raises:
        OSError: if the script cannot be read.
        SystemExit: if the script raises it.
    """
    with io.open_code(script) as file:
        source = file.read()
    alias()
    put_back()
    main = ModuleType("__main__")
    main.__dict__.update(__file__=script, __builtins__=builtins)
    sys.modules["__main__"] = main
    sys.argv = [script, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = str(Path(script).resolve().parent)
    try:
        exec(compile(source, script, "exec", dont_inherit=True), main.__dict__)  # noqa: S102
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 whatever the script raises is shown as Python would
        error.__traceback__ = _without_ours(error.__traceback__)
        sys.excepthook(type(error), error, error.__traceback__)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return 0


def run_to_end(script: str) -> int:
    """Run a script and return its exit code, also where it raises SystemExit.

    Raises:
        OSError: if the script cannot be read.
    """
    try:
        return run(script, ())
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)  # noqa: T201 as Python does
        return 1


def _without_ours(trace: TracebackType | None) -> TracebackType | None:
    """Leave out the frames of this file and of the import system."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    if trace.tb_frame.f_code.co_filename in _NOT_THE_USERS:
        return rest
    return TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
