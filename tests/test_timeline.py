"""A Timeline is the picture that TensorFlow draws of the same step."""

from __future__ import annotations

import json
import warnings

import pytest

import minitf as tf
from minitf.timeline import Timeline


def traced(library, config=None):
    """Return the StepStats of one step of a small graph, with a variable, in some library."""
    with library.Graph().as_default(), library.Session(config=config) as sess:
        w = library.Variable(library.ones([4, 3]))
        parts = library.split(
            library.placeholder_with_default(library.ones([5, 4]), [5, 4]) @ w, 3, 1
        )
        total = library.add_n(parts)
        sess.run(w.initializer)
        metadata = library.RunMetadata()
        options = library.RunOptions(trace_level=library.RunOptions.FULL_TRACE)
        sess.run(total, options=options, run_metadata=metadata)
    return metadata.step_stats


@pytest.mark.tensorflow
@pytest.mark.thorough
@pytest.mark.parametrize("origin", ["minitf", "tensorflow"])
@pytest.mark.parametrize("show_memory", [False, True])
@pytest.mark.parametrize("show_dataflow", [False, True])
def test_the_picture_is_tensorflows(tensorflow, origin, show_memory, show_dataflow):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tensorflow.core.framework.step_stats_pb2 import StepStats
        from tensorflow.python.client import timeline
    stats = traced(tf if origin == "minitf" else tensorflow)
    theirs = StepStats.FromString(stats.SerializeToString())
    ours = tf.RunMetadata(step_stats=_ours(stats)).step_stats
    options = {"show_dataflow": show_dataflow, "show_memory": show_memory}

    drawn = json.loads(Timeline(ours).generate_chrome_trace_format(**options))

    expected = timeline.Timeline(theirs).generate_chrome_trace_format(**options)
    assert drawn == json.loads(expected)


def _ours(stats):
    from minitf import protos

    return protos.StepStats.FromString(stats.SerializeToString())


def test_operations_at_one_time_stand_in_different_lanes_with_arrows_between_them():
    from minitf import protos

    stats = protos.StepStats()
    device = stats.dev_stats.add(device="/device:CPU:0")
    for name, start_us, elapsed_us in [("a", 10, 5), ("b", 12, 5), ("c", 16, 1)]:
        label = f"{name} = Neg({'b' if name == 'c' else ''})"
        row = device.node_stats.add(node_name=name, timeline_label=label)
        row.all_start_micros, row.all_end_rel_micros = start_us, elapsed_us
        row.output.add()

    events = json.loads(Timeline(stats).generate_chrome_trace_format())["traceEvents"]

    lanes = {event["args"]["name"]: event["tid"] for event in events if event["ph"] == "X"}
    assert lanes == {"a": 0, "b": 1, "c": 0}
    arrow = [(e["ph"], e["name"], e["tid"], e["ts"]) for e in events if e["ph"] in "st"]
    assert arrow == [("s", "b", 1, 17), ("t", "b", 0, 16)]
