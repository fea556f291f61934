"""The public names are TensorFlow 1.15's, with its signatures; stubs and tables agree."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import minitf as tf
from minitf.dtypes import DType

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).parent / "data" / "signatures_1_15.txt"

# Names of ours that TensorFlow 1.15 does not have.
OWN = {
    "tf.train.export_safetensors",
    "tf.train.import_safetensors",
    *("tf.__compiler_version__", "tf.__cxx11_abi_flag__"),  # 1.15 has them; the table does not
    *("tf.__git_version__", "tf.__monolithic_build__"),
    "tf.lookup.experimental.DenseHashTable",
    "tf.release",
    "tf.datasets",
    "tf.keras",  # which the table leaves out; tests/keras compares it with TensorFlow's
    "tf.debug",
    *(f"tf.debug.{name}" for name in dir(tf.debug)),
    "tf.train.ProgressHook",
    # of TensorFlow before 1.0, which programs of the white paper's time use
    *("tf.audio_summary", "tf.histogram_summary", "tf.image_summary", "tf.merge_all_summaries"),
    *("tf.merge_summary", "tf.scalar_summary", "tf.train.SummaryWriter"),
    *("tf.batch_matmul", "tf.concat_v2", "tf.mul", "tf.neg", "tf.pack", "tf.select", "tf.sub"),
    *("tf.unpack", "tf.nn.deconv2d", "tf.image.per_image_whitening"),
    *("tf.nn.bidirectional_rnn", "tf.nn.rnn", "tf.nn.state_saving_rnn"),
    *(f"tf.nn.seq2seq.{name}" for name in dir(tf.nn.seq2seq)),
    *(f"tf.nn.rnn_cell.{name}ProjectionWrapper" for name in ("Input", "Output")),
    "tf.nn.rnn_cell.EmbeddingWrapper",
}


@cache
def oracle() -> dict[str, list[tuple[str, str]] | None]:
    """TensorFlow 1.15's symbols: (argument, default) pairs of functions, None of other symbols."""
    found = {}
    for line in TABLE.read_text().splitlines()[1:]:
        symbol, _, arguments = line.partition("(")
        found[symbol] = _split(arguments[:-1]) if arguments else None
    return found


def _split(text: str) -> list[tuple[str, str]]:
    """Split `a, b=None, c=[1, 1], d=,` at the commas outside brackets that are no defaults."""
    parts = re.findall(r"(?:(?<==),(?=,)|\[[^\]]*\]|\([^)]*\)|<[^>]*>|[^,\[(<])+", text)
    pairs = (part.lstrip().partition("=") for part in parts if part.strip())
    return [(name, default) for name, _, default in pairs]


@cache
def public() -> dict[str, object]:
    """Our public names with their objects: `tf.nn.relu` -> the function."""
    found: dict[str, object] = {}

    def walk(module, prefix):
        for name in dir(module):
            symbol, value = f"{prefix}.{name}", getattr(module, name)
            found[symbol] = value
            if inspect.ismodule(value) and hasattr(value, "_NAMES") and value not in ends:
                walk(value, symbol)

    root = import_module("minitf")  # tf.compat.v1 is tf again, tf.compat.v2.compat is tf.compat
    ends = root, import_module("minitf.keras"), import_module("minitf.compat.v2")
    walk(root, "tf")
    return found


def own_arguments(function) -> list[tuple[str, str]]:
    found = []
    for parameter in inspect.signature(function).parameters.values():
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = parameter.default
        text = "" if default is parameter.empty else _shown(default)
        found.append((star + parameter.name, text))
    return found


def _shown(default) -> str:
    if isinstance(default, DType) or inspect.isclass(default) or inspect.isfunction(default):
        return str(default)
    if isinstance(default, tuple):
        default = list(default)  # an immutable default for TensorFlow's list
    return str(default).replace("\t", r"\t")


def comparable(arguments: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop addresses and the differences between ways to print one default."""

    def plain(text):
        text = re.sub(r" at 0x[0-9a-f]+|^[\[(]|,?[\])]$", "", text).strip()
        if text.startswith("<") and not text.startswith("<dtype"):
            return "<object>"
        number = re.fullmatch(r"-?\d+(\.\d*)?(e-?\d+)?", text)
        return str(float(text)) if number else text.replace("'", "").rpartition(".")[2]

    return [(name, plain(default)) for name, default in arguments]


def functions() -> list[str]:
    return sorted(
        name
        for name, value in public().items()
        if oracle().get(name) and not inspect.isclass(value)
    )


@cache
def members() -> dict[str, list[str]]:
    """The members of TensorFlow's classes that we have: `tf.Graph` -> their names."""
    found: dict[str, list[str]] = {
        name: [] for name, value in public().items() if inspect.isclass(value) and name in oracle()
    }
    for symbol in oracle():
        owner, _, member = symbol.rpartition(".")
        if owner in found:
            found[owner].append(member)
    return {owner: sorted(names) for owner, names in found.items() if names}


@pytest.mark.thorough
def test_functions_have_the_signatures_of_tensorflow_1_15():
    names = functions()
    ours = {name: comparable(own_arguments(public()[name])) for name in names}
    theirs = {name: comparable(oracle()[name]) for name in names}

    assert len(names) > 1000
    assert {name: ours[name] for name in names if ours[name] != theirs[name]} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("owner", members())
def test_a_class_has_the_members_of_tensorflow_1_15(owner):
    kind = public()[owner]
    for member in members()[owner]:
        arguments = oracle()[f"{owner}.{member}"]
        if owner.startswith("tf.nn.rnn_cell.") and member in _OF_KERAS:
            continue
        if member == "__init__" and owner in CONSTRUCTORS_OF_OUR_OWN:
            continue
        if member in MISSING.get(kind, ()) or arguments == OF_A_CONTEXT_MANAGER:
            continue
        found = getattr(kind, member, None)

        assert hasattr(kind, member) or f"self.{member}" in inspect.getsource(kind), member
        # by a decorator of TensorFlow's
        hidden = arguments and "*args" in [name for name, _ in arguments[:2]]
        if arguments is not None and not hidden and inspect.isfunction(found):
            wanted = [("self" if name == "instance" else name, text) for name, text in arguments]
            assert comparable(own_arguments(found)) == comparable(wanted), member


# Listed as missing in the README.
_PARTIAL = ("partial_run", "partial_run_setup")
_OF_KERAS = (
    *("add_metric", "compute_mask", "compute_output_signature", "from_config", "get_config"),
    *("get_input_mask_at", "get_output_mask_at", "inbound_nodes", "input_mask", "metrics"),
    *("name_scope", "outbound_nodes", "output_mask", "submodules", "with_name_scope"),
)
_LAYERS = [
    each for each in (getattr(tf.layers, n) for n in dir(tf.layers)) if inspect.isclass(each)
]
MISSING = dict.fromkeys((tf.Session, tf.InteractiveSession), _PARTIAL)
MISSING |= dict.fromkeys(_LAYERS, _OF_KERAS)
# What the table, made with Python 2, shows of a context manager.
OF_A_CONTEXT_MANAGER = [("*args", ""), ("**kwds", "")]
# Made by the library only: users never call them.
CONSTRUCTORS_OF_OUR_OWN = {
    *("tf.Tensor", "tf.Operation", "tf.DType", "tf.data.Dataset"),
    "tf.OpError",  # whose kinds have their codes
}


def test_every_public_name_is_tensorflows_or_listed():
    # The table leaves them out.
    beyond = "tf.compat.", "tf.contrib.", "tf.distribute.", "tf.estimator.", "tf.tpu."
    foreign = {
        name
        for name, value in public().items()
        if not (name in oracle() or inspect.ismodule(value) or name.startswith(beyond))
    }
    classes_and_constants = {symbol.rpartition(".")[0] for symbol in oracle()}

    assert foreign - classes_and_constants - OWN - {f"tf.{n}" for n in ("__version__",)} == set()


def test_every_public_function_and_class_is_documented():
    silent = [
        name
        for name, value in public().items()
        if (inspect.isfunction(value) or inspect.isclass(value)) and not inspect.getdoc(value)
    ]

    assert silent == []


def test_the_stubs_say_what_the_tables_say():
    done = subprocess.run(
        [sys.executable, "tools/stubs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_names_complete_in_a_shell():

    assert {"placeholder", "nn", "train"} <= set(dir(tf))
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = tf.no_such_name
