"""What is loaded when: `import minitf` brings little, and each further thing at its first use.

How long it takes is measured by `benchmarks/bench_import.py`.
"""

import subprocess
import sys

import pytest

HEAVY = (
    *("numba", "llvmlite", "hypothesis", "multiprocessing", "google.protobuf", "tensorflow"),
    *("scipy", "pandas", "rich", "msgpack", "threadpoolctl", "asyncio", "http", "unittest"),
)


def loaded(program: str) -> set[str]:
    """Run a program in a fresh Python and return the modules that it has loaded."""
    code = f"{program}\nimport sys; print('|'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split("|"))


def own(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "minitf"}


def test_importing_minitf_loads_a_table_of_names_and_nothing_else():
    modules = loaded("import minitf as tf")

    assert not modules & set(HEAVY)
    assert own(modules) == {"minitf", "minitf.lazy"}
    assert "numpy" not in modules


PROGRAMS = {
    "types": ("tf.float32, tf.TensorShape([1, None]), tf.errors.NotFoundError", 15),
    "scopes": ("tf.name_scope('a').__enter__(); tf.device('/cpu:0').__enter__(); tf.no_op()", 40),
    "a graph": ("tf.placeholder(tf.float32, [None, 3]) + 1.0", 53),
}


@pytest.mark.parametrize("what", sorted(PROGRAMS))
def test_building_loads_what_it_uses(what):
    program, most = PROGRAMS[what]
    modules = loaded(f"import minitf as tf; {program}")

    assert not modules & set(HEAVY)
    assert len(own(modules)) <= most


def test_a_session_loads_no_compiler_and_no_protobuf():
    modules = loaded(
        "import minitf as tf; x = tf.placeholder(tf.float32); tf.Session().run(x + 1, {x: 1.0})"
    )

    assert not modules & {"numba", "llvmlite", "google.protobuf", "multiprocessing", "scipy"}


def test_messages_load_protobuf_and_nothing_of_tensorflow():
    modules = loaded("import minitf as tf; tf.constant(1.0); tf.get_default_graph().as_graph_def()")

    assert "google.protobuf" in modules
    assert not modules & {"tensorflow", "numba", "multiprocessing"}


@pytest.mark.tensorflow
def test_both_libraries_live_in_one_process(tensorflow):
    import minitf

    content = minitf.Graph().as_graph_def().SerializeToString()

    assert tensorflow.GraphDef.FromString(content).versions.producer == 134


@pytest.mark.parametrize("value", ["tf.float32", "tf.string", "tf.TensorShape([2, None])"])
def test_types_and_shapes_survive_pickling_into_another_process(value):
    program = (
        "import pickle, minitf as tf\n"
        f"value = {value}; again = pickle.loads(pickle.dumps(value))\n"
        "assert str(again) == str(value), again\n"
        "assert not isinstance(value, tf.DType) or again is value"
    )

    assert "pickle" in loaded(program)
