"""tf.profiler: totals as TensorFlow counts them, views, options, output."""

import numpy as np
import pytest

import minitf as tf
from minitf import protos

BUILDER = tf.profiler.ProfileOptionBuilder
FLOATS = BUILDER(BUILDER.float_operation()).with_empty_output().build()


@pytest.fixture
def graph():
    return tf.get_default_graph()


@pytest.fixture
def network(graph):
    """Return input and loss of a network of a convolution and a dense layer."""
    x = tf.placeholder(tf.float32, [4, 8, 8, 3], name="x")
    with tf.variable_scope("conv"):
        weights = tf.get_variable("w", [3, 3, 3, 6])
        h = tf.nn.bias_add(
            tf.nn.conv2d(x, weights, [1, 2, 2, 1], "SAME"), tf.get_variable("b", [6])
        )
        pooled = tf.nn.max_pool(tf.nn.relu(h), [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    with tf.variable_scope("fc"):
        y = tf.matmul(tf.reshape(pooled, [4, 24]), tf.get_variable("w", [24, 10]), name="y")
    return x, tf.reduce_mean(tf.nn.softmax(y))


@pytest.fixture
def metadata(network):
    """Return what a step of the network reported."""
    x, loss = network
    metadata = tf.RunMetadata()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        sess.run(loss, {x: np.zeros([4, 8, 8, 3])}, options=options, run_metadata=metadata)
    return metadata


def test_float_operations_are_those_that_tensorflow_counts(network, graph, capsys):
    profile = tf.profiler.profile(graph, options=BUILDER.float_operation())
    assert profile.total_float_ops == 24483  # as TensorFlow 2.21 says of this graph
    assert profile.name == "_TFProfRoot"
    names = [each.name for each in profile.children]
    assert names[:4] == ["conv/Conv2D", "fc/y", "fc/w/Initializer/random_uniform", "conv/BiasAdd"]
    assert profile.children[0].float_ops == 20736
    assert profile.children[2].total_float_ops == 481
    printed = capsys.readouterr().out
    assert "\n_TFProfRoot (--/24.48k flops)\n  conv/Conv2D (20.74k/20.74k flops)\n" in printed


def test_parameters_are_counted_by_scope(network, graph, capsys):
    model_analyzer = tf.contrib.tfprof.model_analyzer
    profile = model_analyzer.print_model_analysis(
        graph, tfprof_options=model_analyzer.TRAINABLE_VARS_PARAMS_STAT_OPTIONS
    )
    assert profile.total_parameters == 3 * 3 * 3 * 6 + 6 + 24 * 10
    assert (
        "_TFProfRoot (--/408 params)\n"
        "  conv (--/168 params)\n"
        "    conv/b (6, 6/6 params)\n"
        "    conv/w (3x3x3x6, 162/162 params)\n"
        "  fc (--/240 params)\n"
        "    fc/w (24x10, 240/240 params)\n"
    ) in capsys.readouterr().out


def test_types_stand_in_a_row_each_with_what_is_left(network, graph, tmp_path):
    path = tmp_path / "profile.txt"
    options = BUILDER(BUILDER.float_operation()).with_file_output(str(path)).build()
    profile = tf.profiler.profile(graph, cmd="op", options=options)
    first = profile.children[0]
    assert (first.name, first.float_ops, first.total_float_ops) == ("Conv2D", 20736, 24483)
    second = first.children[0]
    assert (second.name, second.total_float_ops) == ("MatMul", 3747)
    assert [each.name for each in second.graph_nodes] == ["fc/y"]
    assert "MatMul                    1.92k float_ops (15.30%, 7.84%)" in path.read_text()


@pytest.mark.parametrize("kind", ["scope", "graph", "op", "code"])
def test_every_view_has_the_time_and_memory_of_the_step(kind, graph, metadata):
    profiler = tf.profiler.Profiler(graph)
    profiler.add_step(7, metadata)
    show = {
        "scope": profiler.profile_name_scope,
        "graph": profiler.profile_graph,
        "op": profiler.profile_operations,
        "code": profiler.profile_python,
    }[kind]
    options = BUILDER().with_empty_output()
    profile = show(options.build())
    stats = [node for device in metadata.step_stats.dev_stats for node in device.node_stats]
    known = {op.name for op in graph.get_operations()}
    ours = [node for node in stats if node.node_name in known]
    assert profile.total_exec_micros == sum(max(node.all_end_rel_micros, 1) for node in ours)
    assert profile.total_cpu_exec_micros == profile.total_exec_micros
    assert profile.total_requested_bytes > 0
    assert show(options.with_step(7).build()) == profile
    with pytest.raises(ValueError, match="no step 3"):
        show(options.with_step(3).build())


def test_an_operation_stands_above_its_inputs(graph):
    x = tf.placeholder(tf.float32, [2], name="x")
    tf.negative(tf.square(x, name="square"), name="minus")
    options = BUILDER().with_empty_output().build()
    profile = tf.profiler.profile(cmd="graph", options=options)
    minus = profile.children[0]
    assert [minus.name, minus.children[0].name] == ["minus", "square"]
    assert minus.children[0].children[0].name == "x"
    assert minus.total_float_ops == 4


def test_lines_of_python_stand_below_their_callers(graph):
    def build():
        return tf.square(tf.ones([3]), name="square")

    build()
    profile = tf.profiler.profile(cmd="code", options=FLOATS)
    entry = profile
    while entry.children:
        entry = entry.children[0]
    assert entry.name.startswith("test_profile.py:")
    assert entry.name.endswith(":build")
    assert "square" in [each.name for each in entry.graph_nodes]


def test_names_say_where_a_profile_starts_what_it_hides_and_where_it_ends(network, graph):
    def names(**regexes):
        options = BUILDER(FLOATS).with_node_names(**regexes).build()
        return {each.name for each in tf.profiler.profile(graph, options=options).children}

    assert names(start_name_regexes=["fc.*"]) == {"fc/y", "fc/w/Initializer/random_uniform"}
    assert names(show_name_regexes=[".*Conv2D"]) == {"conv/Conv2D"}
    assert "conv/Conv2D" not in names(hide_name_regexes=[".*Conv2D"])
    assert "fc/y" not in names(trim_name_regexes=["fc"])


def test_hidden_operations_count_unless_only_what_is_shown_does(network, graph):
    shown = BUILDER(FLOATS).with_node_names(show_name_regexes=[".*Conv2D"])
    assert tf.profiler.profile(graph, options=shown.build()).total_float_ops == 20736
    everything = shown.account_displayed_op_only(False).build()
    assert tf.profiler.profile(graph, options=everything).total_float_ops == 24483


def test_types_choose_what_is_accounted(network, graph):
    options = BUILDER(FLOATS).with_accounted_types(["MatMul"]).build()
    assert tf.profiler.profile(graph, options=options).total_float_ops == 1920


def test_a_log_of_operations_adds_counts_and_types(graph):
    tf.placeholder(tf.float32, name="mine")
    log = tf.profiler.OpLogProto()
    log.log_entries.add(name="mine", float_ops=42, types=["custom"])
    options = BUILDER(FLOATS).with_accounted_types(["custom"]).build()
    assert tf.profiler.profile(graph, op_log=log, options=options).total_float_ops == 42


def test_a_deep_graph_is_no_deep_stack(graph):
    x = tf.ones([1])
    for _ in range(1500):
        x = tf.negative(x)
    assert tf.profiler.profile(cmd="graph", options=FLOATS).total_float_ops == 1500


def test_a_written_log_has_counts_and_traces(graph, tmp_path):
    tf.square(tf.ones([3]), name="square")
    tf.profiler.write_op_log(graph, str(tmp_path))
    log = tf.profiler.OpLogProto.FromString((tmp_path / "tfprof_log").read_bytes())
    entry = next(each for each in log.log_entries if each.name == "square")
    assert entry.float_ops == 3
    innermost = entry.code_def.traces[-1]
    assert log.id_to_string[innermost.file_id] == __file__
    assert "tf.square" in log.id_to_string[innermost.line_id]


def test_all_that_a_profiler_knows_can_be_kept(graph, metadata):
    profiler = tf.profiler.Profiler(graph)
    profiler.add_step(7, metadata)
    kept = protos.ProfileProto.FromString(profiler.serialize_to_string())
    nodes = {node.name: node for node in kept.nodes.values()}
    assert list(kept.steps) == [7]
    assert set(nodes) == {op.name for op in graph.get_operations()}
    product = nodes["fc/y"]
    assert (product.op, product.float_ops) == ("MatMul", 1920)
    assert list(product.output_shapes[0].int64_values) == [4, 10]
    assert kept.nodes[product.inputs[0]].name == "fc/Reshape"
    assert sum(node.execs[7].run_count for node in nodes.values() if 7 in node.execs) > 0
    ran = next(node.execs[7] for node in nodes.values() if 7 in node.execs)
    (times,) = ran.cpu_execs.values()
    start, micros = times.times[0].int64_values
    assert ran.all_start_micros <= start < start + micros <= ran.latest_end_micros


def test_advice_names_what_takes_the_most_time(graph, metadata, capsys):
    advice = tf.profiler.advise(graph, metadata)
    assert set(advice.checkers) == {
        "ExpensiveOperationChecker",
        "AcceleratorUtilizationChecker",
        "OperationChecker",
    }
    reports = advice.checkers["ExpensiveOperationChecker"].reports
    assert reports[0].startswith("top 1 operation type: ")
    assert reports[0] in capsys.readouterr().out
    with pytest.raises(ValueError, match="no check"):
        tf.profiler.advise(graph, metadata, {"JobChecker": {}})


def test_a_timeline_is_written_for_each_step(graph, metadata, tmp_path):
    options = BUILDER().with_timeline_output(str(tmp_path / "t")).build()
    tf.profiler.profile(graph, metadata, cmd="graph", options=options)
    assert "traceEvents" in (tmp_path / "t_0").read_text()


def test_options_that_cannot_be_are_refused(network, graph):
    with pytest.raises(ValueError, match="unknown cmd: 'tree'"):
        tf.profiler.profile(graph, cmd="tree")
    with pytest.raises(ValueError, match="Cannot order by 'size'"):
        tf.profiler.profile(graph, options=BUILDER(FLOATS).order_by("size").build())
    with pytest.raises(ValueError, match="Cannot select"):
        tf.profiler.profile(graph, options=BUILDER().select(["size"]).build())
    with pytest.raises(tf.errors.UnimplementedError, match="pprof"):
        tf.profiler.profile(graph, options=BUILDER().with_pprof_output("x").build())
    with pytest.raises(ValueError, match="unknown output"):
        tf.profiler.profile(graph, options={"output": "printer"})
