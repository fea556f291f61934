"""MetaGraphs: collections, parts of graphs, files; TensorFlow reads them and is read."""

from pathlib import Path

import numpy as np
import pytest
from google.protobuf import text_format
from hypothesis import given

import minitf as tf
from minitf import collection_def, dtypes, ops, protos
from minitf.api.graph_io import export_meta_graph, write_graph
from minitf.collection_def import prepend_name_scope, register_proto_function, strip_name_scope
from minitf.message_files import read_message
from minitf.meta_graph import import_meta_graph
from minitf.testing.random_graphs import as_plain, build_ours, programs


def placeholder(name="x"):
    return ops.placeholder_op(dtype=dtypes.float32, name=name)


def read_back(message, **options):
    """Return a new graph with what a MetaGraphDef holds."""
    graph = tf.Graph()
    import_meta_graph(graph, protos.MetaGraphDef.FromString(message.SerializeToString()), **options)
    return graph


@pytest.mark.paper("W-01")
@given(program=programs())
def test_a_meta_graph_holds_the_graph(program):
    graph, _ = build_ours(program)
    again = read_back(export_meta_graph(graph=graph))

    assert as_plain(again.as_graph_def()) == as_plain(graph.as_graph_def())


# --- collections ------------------------------------------------------------------------------

ITEMS = {
    "tensors": lambda x: [x, x],
    "operations": lambda x: [x.op],
    "numbers": lambda x: [1, -2, 2**40],
    "rates": lambda x: [0.5, 0.25],
    "texts": lambda x: [b"a\xff", b""],
}


def fill(api, x):
    for key, items in ITEMS.items():
        for item in items(x):
            api.add_to_collection(key, item)


def plain(items):
    return [getattr(item, "name", item) for item in items]


@pytest.mark.parametrize("key", sorted(ITEMS))
def test_a_collection_comes_back_as_it_was(key):
    fill(tf, placeholder())
    again = read_back(export_meta_graph())

    assert plain(again.get_collection(key)) == plain(tf.get_collection(key))


@pytest.mark.parametrize("scope", [None, "net"])
@pytest.mark.tensorflow
def test_tensorflow_reads_the_collections_that_we_write_as_we_do(tensorflow, scope):
    fill(tf, placeholder())
    tf.get_default_graph().clear_collection("texts")
    tf.add_to_collection("texts", "x:0")
    message = export_meta_graph()
    theirs = tensorflow.Graph()
    with theirs.as_default():
        tensorflow.train.import_meta_graph(
            tensorflow.MetaGraphDef.FromString(message.SerializeToString()), import_scope=scope
        )
    ours = read_back(message, import_scope=scope)

    for key in ITEMS:
        assert plain(ours.get_collection(key)) == plain(theirs.get_collection(key))


@pytest.mark.tensorflow
def test_we_read_the_collections_that_tensorflow_writes(tensorflow):
    with tensorflow.Graph().as_default() as theirs:
        fill(tensorflow, tensorflow.placeholder(tensorflow.float32, name="x"))
        message = tensorflow.train.export_meta_graph()
    ours = read_back(message)

    for key in ITEMS:
        assert plain(ours.get_collection(key)) == plain(theirs.get_collection(key))


def test_collections_to_write_can_be_chosen():
    fill(tf, placeholder())
    message = export_meta_graph(collection_list=["rates"])

    assert list(message.collection_def) == ["rates"]


def test_what_cannot_be_written_is_left_out_with_a_warning():
    tf.add_to_collection("odd", object())
    tf.add_to_collection("mixed", 1)
    tf.add_to_collection("mixed", "a")

    with pytest.warns(UserWarning, match="Issue encountered when serializing (odd|mixed)"):
        message = export_meta_graph()
    assert not message.collection_def


class Recipe:
    """Something that refers to an operation and knows its message."""

    def __init__(self, op):
        self.op = op

    @property
    def name(self):
        return self.op.name

    def to_proto(self, export_scope=None):
        return protos.QueueRunnerDef(queue_name=strip_name_scope(self.op.name, export_scope))

    @staticmethod
    def from_proto(message, import_scope=None):
        name = prepend_name_scope(message.queue_name, import_scope)
        return Recipe(tf.get_default_graph().get_operation_by_name(name))


@pytest.fixture
def recipes(monkeypatch):
    """Register two collections of Recipes for the test."""
    monkeypatch.setattr(collection_def, "_REGISTERED", dict(collection_def._REGISTERED))
    for key in ("recipes", "best_recipes"):
        register_proto_function(key, "QueueRunnerDef", Recipe.to_proto, Recipe.from_proto)


@pytest.mark.usefixtures("recipes")
def test_objects_travel_by_the_functions_that_are_registered():
    recipe = Recipe(placeholder("a/x").op)
    tf.add_to_collections(["recipes", "best_recipes"], recipe)
    again = read_back(export_meta_graph(), import_scope="net")
    (found,) = again.get_collection("recipes")

    assert found.op is again.get_operation_by_name("net/a/x")
    assert again.get_collection("best_recipes") == [found]  # one object, as before


def variables_of(api):
    """Make variables of both kinds, the first known as the global step too."""
    with api.variable_scope("net"):
        step = api.get_variable("step", [], api.int32, trainable=False)
        api.get_variable("w", [2, 3], use_resource=True)
        api.get_variable("local", [2], collections=[api.GraphKeys.LOCAL_VARIABLES])
    api.add_to_collection(api.GraphKeys.GLOBAL_STEP, step)


def described(graph, keys):
    return {
        key: [
            (v.name, v.initializer.name, v.op.type, v.shape.as_list(), v.trainable)
            for v in graph.get_collection(key)
        ]
        for key in keys
    }


VARIABLE_KEYS = ("variables", "trainable_variables", "local_variables", "global_step")


@pytest.mark.paper("W-09")
@pytest.mark.parametrize("scope", [None, "copy"])
def test_variables_come_back_and_one_variable_stays_one(scope):
    variables_of(tf)
    again = read_back(export_meta_graph(), import_scope=scope)
    prefix = f"{scope}/" if scope else ""
    (step,) = again.get_collection("global_step")

    assert step in again.get_collection("variables")
    assert step.name == f"{prefix}net/step:0"
    if not scope:
        assert described(again, VARIABLE_KEYS) == described(tf.get_default_graph(), VARIABLE_KEYS)
    with tf.Session(graph=again) as session:
        session.run([v.initializer for v in again.get_collection("variables")])
        session.run(step.assign(3))

        assert session.run(step) == 3


@pytest.mark.tensorflow
def test_tensorflow_finds_our_variables_and_we_find_tensorflows(tensorflow):
    variables_of(tf)
    ours = tf.get_default_graph()
    with tensorflow.Graph().as_default() as theirs:
        variables_of(tensorflow)
        from_them = read_back(tensorflow.train.export_meta_graph())
    with tensorflow.Graph().as_default() as again:
        content = export_meta_graph(graph=ours).SerializeToString()
        tensorflow.train.import_meta_graph(tensorflow.MetaGraphDef.FromString(content))

    assert described(again, VARIABLE_KEYS) == described(ours, VARIABLE_KEYS)
    assert described(from_them, VARIABLE_KEYS) == described(theirs, VARIABLE_KEYS)


@pytest.mark.usefixtures("recipes")
def test_a_collection_is_registered_once():
    with pytest.raises(ValueError, match="collection 'recipes' is registered already"):
        register_proto_function("recipes", "QueueRunnerDef", Recipe.to_proto, Recipe.from_proto)


def test_a_failed_import_leaves_the_graph_as_it_was():
    placeholder()
    tf.add_to_collection("numbers", 3)
    message = export_meta_graph()
    message.collection_def["zz"].node_list.value.append("nobody:0")
    graph = tf.Graph()

    with pytest.raises(KeyError, match="nobody"):
        import_meta_graph(graph, message)
    assert graph.get_operations() == []
    assert graph.collections == []


# --- parts of a graph ---------------------------------------------------------------------------


def two_scopes():
    """Build a/x, and in b a loopless net that takes it."""
    x = placeholder("a/x")
    with tf.name_scope("b"), tf.device("/cpu:0"):
        y = ops.neg_op(x, name="y")
        with tf.control_dependencies([x]), tf.colocate_with(y):
            z = ops.neg_op(y, name="z")
    tf.add_to_collection("outputs", z)
    tf.add_to_collection("outputs", x)
    return x, z


@pytest.mark.tensorflow
def test_a_part_of_a_graph_is_cut_out_as_tensorflow_cuts_it(tensorflow):
    two_scopes()
    ours = export_meta_graph(export_scope="b")
    with tensorflow.Graph().as_default():
        whole = tf.get_default_graph().as_graph_def().SerializeToString()
        tensorflow.import_graph_def(tensorflow.GraphDef.FromString(whole), name="")
        tensorflow.add_to_collection("outputs", tensorflow.get_default_graph().get_operations()[-1])
        from tensorflow.python.framework import meta_graph as oracle

        theirs, _ = oracle.export_scoped_meta_graph(export_scope="b")

    def part(message):
        return [
            (node.name, list(node.input), node.attr["_class"].list.s[:])
            for node in message.graph_def.node
        ]

    assert part(ours) == part(theirs)
    assert set(ours.collection_def["unbound_inputs"].bytes_list.value) == set(
        theirs.collection_def["unbound_inputs"].bytes_list.value
    )


def test_a_part_is_joined_again_by_input_map():
    x, _ = two_scopes()
    message = export_meta_graph(export_scope="b")
    with tf.Graph().as_default() as graph:
        mine = placeholder("mine")
        made = import_meta_graph(
            graph,
            message,
            import_scope="copy",
            input_map={("$unbound_inputs_a/x", 0): mine, ("$unbound_inputs_a/x", -1): mine.op},
        )

    assert x.name == "a/x:0"
    assert made["y"].name == "copy/y"
    assert list(made["y"].inputs) == [mine]
    assert made["z"].control_inputs == [mine.op]
    assert plain(graph.get_collection("outputs")) == ["copy/z:0"]


def test_unbound_inputs_must_be_supplied():
    two_scopes()
    message = export_meta_graph(export_scope="b")

    with pytest.raises(ValueError, match=r"Graph contains unbound inputs: .*a/x"):
        import_meta_graph(tf.Graph(), message)


def test_devices_can_be_cleared_on_either_side():
    two_scopes()
    kept, cleared = export_meta_graph(), export_meta_graph(clear_devices=True)

    assert {op.device for op in read_back(kept).get_operations()} == {"", "/device:CPU:0"}
    assert {op.device for op in read_back(cleared).get_operations()} == {""}
    assert {op.device for op in read_back(kept, clear_devices=True).get_operations()} == {""}


def test_attributes_with_their_default_can_be_left_out():
    ops.mat_mul_op(placeholder(), placeholder(), name="m")
    message = export_meta_graph(strip_default_attrs=True)
    nodes = {node.name: node for node in message.graph_def.node}

    assert set(nodes["m"].attr) == {"T", "_output_shapes"}
    assert message.meta_info_def.stripped_default_attrs
    assert "transpose_a" in read_back(message).get_operation_by_name("m").attrs


def test_other_savers_can_be_left_out():
    text = "".join(
        f'node {{ name: "{scope}/{name}" op: "{op}" }}'
        for scope in ("save", "other")
        for name, op in (("SaveV2", "SaveV2"), ("restore_all", "NoOp"))
    )
    graph_def = text_format.Parse(text, protos.GraphDef())
    saver_def = protos.SaverDef(
        save_tensor_name="save/SaveV2:0", restore_op_name="save/restore_all"
    )
    tf.add_to_collection("savers", object())
    message = export_meta_graph(
        graph_def=graph_def, saver_def=saver_def, clear_extraneous_savers=True
    )
    (saver,) = message.collection_def["savers"].bytes_list.value

    assert [node.name for node in message.graph_def.node] == ["save/SaveV2", "save/restore_all"]
    assert protos.SaverDef.FromString(saver) == saver_def == message.saver_def


def test_a_meta_graph_tells_its_writer_and_the_ops_that_it_uses():
    ops.neg_op(placeholder())
    tags = protos.MetaGraphDef.MetaInfoDef(tags=["serve"])
    info = export_meta_graph(meta_info_def=tags).meta_info_def

    assert info.tensorflow_version == tf.__version__
    assert [op_def.name for op_def in info.stripped_op_list.op] == ["Neg", "Placeholder"]
    assert list(info.tags) == ["serve"]


@pytest.mark.parametrize(
    ("name", "scope", "full"),
    [("x", "s", "s/x"), ("^x", "s/t", "^s/t/x"), ("loc:@a/x", "s", "loc:@s/a/x"), ("x", None, "x")],
)
def test_scopes_are_put_before_names_and_taken_off_again(name, scope, full):
    assert prepend_name_scope(name, scope) == full
    assert strip_name_scope(full, scope) == name
    assert strip_name_scope("other/x", scope) == "other/x"


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_text", [False, True])
def test_graphs_are_written_to_files_in_both_forms(tmp_path, as_text):
    ops.const_op(value=np.float32([0.1, 3]), dtype=dtypes.float32)
    graph = tf.get_default_graph()
    path = write_graph(graph, tmp_path / "new" / "folder", "graph", as_text=as_text)
    export_meta_graph(tmp_path / "meta", as_text=as_text)

    assert path == str(tmp_path / "new" / "folder" / "graph")
    assert read_message(path, protos.GraphDef) == graph.as_graph_def()
    assert read_message(tmp_path / "meta", protos.MetaGraphDef).graph_def.node[0].name == "Const"
    assert sorted(each.name for each in (tmp_path / "new" / "folder").iterdir()) == ["graph"]


@pytest.mark.tensorflow
def test_tensorflow_reads_the_text_form(tensorflow, tmp_path):
    graph, _ = build_ours([])
    path = write_graph(graph.as_graph_def(), tmp_path, "graph.pbtxt")
    theirs = text_format.Parse(Path(path).read_text(), tensorflow.GraphDef())

    assert theirs.versions.producer == 134


def test_files_that_are_missing_or_torn_are_named(tmp_path):
    (tmp_path / "torn").write_bytes(b"\xff\x00\x01")

    with pytest.raises(OSError, match=r"File .*absent does not exist"):
        read_message(tmp_path / "absent", protos.MetaGraphDef)
    with pytest.raises(OSError, match=r"Cannot parse file .*torn"):
        read_message(tmp_path / "torn", protos.MetaGraphDef)
