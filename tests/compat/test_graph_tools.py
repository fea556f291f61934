"""Tools of TensorFlow's that take graphs apart: folding, side effects, layers of sessions."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import protos
from minitf.api.nn_normalisation import fused_batch_norm
from minitf.compat import test_clusters
from minitf.compat.internal import (
    errors_impl,
    forward_compatibility,
    inspect_checkpoint,
    optimize_for_inference,
    plugin_asset,
    saved_model_utils,
    session_wrappers,
    subscribe,
)
from minitf.compat.internal import test_util as tools


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(tensor):
    with tf.Session() as session:
        return session.run(tensor)


# --- a graph for inference -----------------------------------------------------------------------


def normalized(images, kernels, convolve):
    made = convolve(images, kernels, [1, 1, 1, 1], "SAME", name="conv")
    ends = [[0.5, 2.0], [0.1, 0.2], [1.0, 2.0], [0.25, 0.5]]
    return tf.identity(fused_batch_norm(made, *ends, is_training=False)[0], name="out")


def resized(images, kernels, _):
    larger = tf.image.resize_bilinear(images, [6, 8])
    padded = tf.pad(larger, [[0, 0], [1, 1], [2, 2], [0, 0]], mode="REFLECT")
    return tf.nn.conv2d(padded, kernels, [1, 1, 1, 1], "VALID", name="out")


@pytest.mark.parametrize(
    ("make", "convolve", "shape", "gone"),
    [
        (normalized, tf.nn.conv2d, (1, 2, 2, 2), {"FusedBatchNorm", "FusedBatchNormV3"}),
        (
            normalized,
            tf.nn.depthwise_conv2d_native,
            (1, 2, 2, 1),
            {"FusedBatchNorm", "FusedBatchNormV3"},
        ),
        (resized, None, (1, 2, 2, 2), {"ResizeBilinear", "MirrorPad", "Conv2D"}),
    ],
)
def test_a_graph_for_inference_computes_the_same_with_less(make, convolve, shape, gone):
    images = np.arange(24, dtype=np.float32).reshape(1, 3, 4, 2)
    x = tf.placeholder(tf.float32, images.shape, name="x")
    out = make(x, np.arange(np.prod(shape), dtype=np.float32).reshape(shape), convolve)
    message = tf.get_default_graph().as_graph_def()
    with tf.Session() as session:
        wanted = session.run(out, {x: images})

    lean = optimize_for_inference.optimize_for_inference(message, ["x"], ["out"], 1)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(lean, name="")
        got = session.run("out:0", {"x:0": images})

    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)
    assert not gone & {node.op for node in lean.node}
    assert gone & {node.op for node in message.node}


def test_a_convolution_that_others_use_stays_as_it_is():
    x = tf.constant(np.ones([1, 2, 2, 2], np.float32))
    out = normalized(x, np.ones([1, 1, 2, 2], np.float32), tf.nn.conv2d)
    other = tf.identity(out.graph.get_tensor_by_name("conv:0"), name="other")
    wanted = run([out, other])
    lean = optimize_for_inference.fold_batch_norms(out.graph.as_graph_def())

    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(lean, name="")
        got = session.run(["out:0", "other:0"])
    np.testing.assert_allclose(got, wanted, rtol=1e-5)


def test_graphs_that_are_none_are_refused():
    missing = protos.GraphDef(node=[protos.NodeDef(name="a", op="Neg", input=["b"])])
    twice = protos.GraphDef(node=[protos.NodeDef(name="a", op="NoOp")] * 2)

    with pytest.raises(ValueError, match="Input for a not found: b"):
        optimize_for_inference.ensure_graph_is_valid(missing)
    with pytest.raises(ValueError, match="Duplicate node names detected for a"):
        optimize_for_inference.ensure_graph_is_valid(twice)
    with pytest.raises(ValueError, match="No node named 'b' found in map"):
        optimize_for_inference.node_from_map({}, "b")
    with pytest.raises(ValueError, match="should be a Const op"):
        optimize_for_inference.values_from_const(missing.node[0])


# --- side effects --------------------------------------------------------------------------------


def test_side_effects_run_whenever_a_tensor_is_used():
    seen = []
    a = tf.constant(2.0, name="a")
    b = a * a
    with tf.control_dependencies([a]):
        waits = tf.constant(3.0)

    def note(tensor):
        return [tf.py_func(lambda x: seen.append(float(x)) or x, [tensor], tensor.dtype)]

    copy = subscribe.subscribe(a, note)

    assert copy.name == "a/subscription/Identity:0"
    assert subscribe.subscribe({"a": a}, note)["a"] is copy
    assert run(b) == 4
    assert seen == [2, 2]
    assert run(waits) == 3
    assert seen == [2] * 4
    with pytest.raises(TypeError, match="has invalid type"):
        subscribe.subscribe([1], note)


# --- layers of sessions --------------------------------------------------------------------------


def test_a_session_that_is_lost_is_made_anew():
    made = []

    class Flaky:
        closed = False

        def run(self, step):
            if len(made) < step:
                raise tf.errors.AbortedError(None, None, "lost")
            return len(made)

        def close(self):
            self.closed = True

    class Creator:
        def create_session(self):
            made.append(Flaky())
            return made[-1]

    session = session_wrappers.RecoverableSession(Creator())

    assert session.run(3) == 3
    assert [each.closed for each in made] == [True, True, False]


def test_layers_stop_with_what_is_inside():
    with tf.Session() as raw:
        coordinator = tf.train.Coordinator()
        inner = session_wrappers.CoordinatedSession(raw, coordinator)
        outer = session_wrappers.WrappedSession(inner)
        assert outer.run(tf.constant(1)) == 1
        assert outer.graph is raw.graph
        assert not outer.should_stop()
        coordinator.request_stop()
        assert outer.should_stop()
        outer.close()
        outer.close()
        assert outer.should_stop()


def test_hooks_are_asked_around_a_run():
    class Counts(tf.train.SessionRunHook):
        calls = 0

        def before_run(self, run_context):
            return tf.train.SessionRunArgs(run_context.session.graph.get_tensor_by_name("extra:0"))

        def after_run(self, run_context, run_values):
            self.calls += int(run_values.results)
            run_context.request_stop()

    tf.constant(7, name="extra")
    hook = Counts()
    with tf.Session() as raw:
        session = session_wrappers.RunsHooks(raw, [hook])
        assert session.run(tf.constant(1)) == 1
        assert hook.calls == 7
        assert session.should_stop()
        with pytest.raises(RuntimeError, match="even after should_stop"):
            session.run(tf.constant(1))


# --- files ---------------------------------------------------------------------------------------


def test_a_checkpoint_and_a_saved_model_are_looked_into(tmp_path, capsys):
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    tf.get_variable("w/x", initializer=[[3]])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, str(tmp_path / "model"))
        tf.saved_model.simple_save(session, str(tmp_path / "saved"), {"v": v}, {"v": v})

    inspect_checkpoint.print_tensors_in_checkpoint_file(path, None, True, count_exclude_pattern="w")
    whole = capsys.readouterr().out
    inspect_checkpoint.print_tensors_in_checkpoint_file(path, "none", False)
    nothing = capsys.readouterr().out

    assert "tensor: v (float32) [2]\n[1. 2.]\ntensor: w/x (int32) [1, 1]\n[[3]]\n" in whole
    assert "# Excluding 1 tensors (1 params)" in whole
    assert "# Total number of params: 2" in whole
    assert nothing == "Tensor none not found in checkpoint\n"
    assert saved_model_utils.get_saved_model_tag_sets(tmp_path / "saved") == [["serve"]]
    found = saved_model_utils.get_meta_graph_def(str(tmp_path / "saved"), "serve")
    assert "serving_default" in found.signature_def
    with pytest.raises(RuntimeError, match="associated with tag-set 'train' could not be found"):
        saved_model_utils.get_meta_graph_def(str(tmp_path / "saved"), "train")


def test_files_of_plugins_go_beside_the_graph(tmp_path, graph):
    class Asset(plugin_asset.PluginAsset):
        plugin_name = "letters"

        def __init__(self):
            self.kept = {}

        def assets(self):
            return self.kept

    class Other(Asset):
        pass

    found = plugin_asset.get_plugin_asset(Asset)
    found.kept["a.txt"] = "A"
    tf.summary.FileWriter(str(tmp_path), graph).close()

    assert plugin_asset.get_plugin_asset(Asset, graph) is found
    assert plugin_asset.get_all_plugin_assets() == [found]
    assert (tmp_path / "plugins/letters/a.txt").read_text() == "A"
    with pytest.raises(ValueError, match="Collision"):
        plugin_asset.get_plugin_asset(Other)


# --- tools of tests ------------------------------------------------------------------------------


def test_an_error_is_made_of_its_code():
    assert isinstance(
        errors_impl.make_specific_exception(None, None, "x", 3), tf.errors.InvalidArgumentError
    )
    unknown = errors_impl.make_specific_exception(None, None, "x", 99)
    assert isinstance(unknown, tf.errors.UnknownError)
    assert "Unknown error code: 99" in unknown.message


def test_layouts_of_groups_of_channels_lead_back():
    images = tf.reshape(tf.range(48), [1, 2, 3, 8])
    grouped = tools.NHWCToNCHW_VECT_C(images)

    assert grouped.shape.as_list() == tools.NHWCToNCHW_VECT_C([1, 2, 3, 8]) == [1, 2, 2, 3, 4]
    assert tools.NCHW_VECT_CToNHWC([1, 2, 2, 3, 4]) == [1, 2, 3, 8]
    np.testing.assert_array_equal(*run([tools.NCHW_VECT_CToNHWC(grouped), images]))
    with pytest.raises(ValueError, match="multiple of 4"):
        tools.NHWCToNCHW_VECT_C([1, 2, 3, 6])


def test_a_graph_says_which_version_made_it(graph):
    tools.set_producer_version(graph, 7)

    assert graph.graph_def_versions.producer == 7


def test_a_test_runs_for_each_horizon():
    days = []

    @tools.with_forward_compatibility_horizons(None, (2019, 12, 1))
    def body():
        days.append(forward_compatibility.forward_compatible(2019, 11, 1))

    body()

    assert days == [False, True]


def test_servers_of_a_local_cluster_listen_on_ports_of_their_own():
    ports = {test_clusters.pick_unused_port() for _ in range(2)}

    assert all(1024 <= port < 65536 for port in ports)
