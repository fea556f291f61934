"""Tools that programs import from `tensorflow.python.tools`."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import freeze_graph, strip_unused


@pytest.fixture
def folder(tmp_path):
    """Hold a graph in every form, with its checkpoint."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [], name="x")
        w = tf.get_variable("w", initializer=2.0)
        v = tf.get_variable("v", initializer=3.0, use_resource=True)
        with tf.device("/cpu:0"):
            y = tf.add(x * w, v, name="y")
        session.run(tf.global_variables_initializer())
        saver = tf.train.Saver()
        saver.save(session, str(tmp_path / "model"))
        tf.train.write_graph(graph, str(tmp_path), "graph.pbtxt")
        tf.train.write_graph(graph, str(tmp_path), "graph.pb", as_text=False)
        (tmp_path / "saver.pb").write_bytes(saver.as_saver_def().SerializeToString())
        tf.saved_model.simple_save(session, str(tmp_path / "saved"), {"x": x}, {"y": y})
    return tmp_path


def frozen(folder, graph="graph.pb", saver="", binary=True, outputs="y", clear=False, **options):
    return freeze_graph.freeze_graph(
        graph and str(folder / graph),
        saver and str(folder / saver),
        binary,
        str(folder / options.pop("checkpoint", "model")),
        outputs,
        "save/restore_all",
        "save/Const:0",
        str(folder / "frozen.pb"),
        clear,
        options.pop("initializers", ""),
        **options,
    )


def y_of(graph_def):
    with tf.Graph().as_default(), tf.Session() as session:
        (y,) = tf.import_graph_def(graph_def, return_elements=["y:0"], name="")
        return session.run(y, {"x:0": 10.0})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"graph": "graph.pbtxt", "binary": False},
        {"saver": "saver.pb", "clear": True},
        {"graph": "", "input_meta_graph": "model.meta"},
        {"graph": "", "input_saved_model_dir": "saved", "checkpoint": ""},
        {"initializers": "w/Assign, v/Assign"},
    ],
)
def test_a_graph_and_its_values_become_one_file(folder, options):
    for name in ("input_meta_graph", "input_saved_model_dir"):
        if name in options:
            options = options | {name: str(folder / options[name])}
    graph_def = frozen(folder, **options)
    written = tf.GraphDef.FromString((folder / "frozen.pb").read_bytes())

    assert y_of(graph_def) == y_of(written) == 23
    assert not {"VariableV2", "VarHandleOp"} & {node.op for node in written.node}
    # simple_save leaves devices out
    is_clear = options.get("clear", False) or "input_saved_model_dir" in options
    assert any(node.device for node in written.node) != is_clear


def test_variables_are_chosen(folder):
    def kept(**options):
        return [
            n.name for n in frozen(folder, **options).node if n.op in ("VariableV2", "VarHandleOp")
        ]

    assert kept(variable_names_whitelist="w") == ["v"]
    assert kept(variable_names_blacklist="w") == ["w"]


def test_what_is_missing_is_said(folder, capsys):
    assert frozen(folder, checkpoint="none") == -1
    assert frozen(folder, graph="none.pb") == -1
    assert frozen(folder, outputs="") == -1
    said = capsys.readouterr().out
    assert "none' doesn't exist!" in said
    assert "none.pb' does not exist!" in said
    assert "supply the name of a node" in said


def stripped(folder, inputs, outputs="y", types=None, source="graph.pb", binary=True):
    return strip_unused.strip_unused_from_files(
        str(folder / source),
        True,
        str(folder / "out" / "stripped"),
        binary,
        inputs,
        outputs,
        tf.float32.as_datatype_enum if types is None else types,
    )


def test_inputs_become_placeholders_and_the_rest_goes(folder):
    with tf.Graph().as_default() as graph:
        a = tf.add(tf.constant(1.0), 2.0, name="a")
        b = tf.add(tf.constant(1), 2, name="b")
        y = tf.multiply(a, tf.cast(b, tf.float32), name="y")
        tf.add(y, 1.0, name="later")
        tf.train.write_graph(graph, str(folder), "sums.pb", as_text=False)
    types = [tf.float32.as_datatype_enum, tf.int32.as_datatype_enum]
    for binary in (True, False):
        assert stripped(folder, "a,b", types=types, source="sums.pb", binary=binary) is None
        content = (folder / "out" / "stripped").read_bytes()
        assert content.startswith(b"node {") != binary
    stripped(folder, "a,b", types=types, source="sums.pb")
    graph_def = tf.GraphDef.FromString((folder / "out" / "stripped").read_bytes())

    assert sorted((node.name, node.op) for node in graph_def.node) == [
        *(("Cast", "Cast"), ("a", "Placeholder"), ("b", "Placeholder"), ("y", "Mul"))
    ]
    with tf.Graph().as_default(), tf.Session() as session:
        (y,) = tf.import_graph_def(graph_def, return_elements=["y:0"], name="")
        assert np.array_equal(session.run(y, {"a:0": [1.5, 2.5], "b:0": 2}), [3, 5])


def test_what_cannot_be_stripped_is_told(folder, capsys):
    with pytest.raises(ValueError, match="appears to refer to a Tensor"):
        stripped(folder, "x:0")
    with pytest.raises(KeyError, match="input nodes were not found"):
        stripped(folder, "none")
    assert stripped(folder, "x", source="none.pb") == -1
    assert stripped(folder, "x", outputs="") == -1
    assert "does not exist!" in capsys.readouterr().out
    assert not (folder / "out").exists()
