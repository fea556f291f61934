"""Finding gradients by the tensors that they are with respect to."""

from __future__ import annotations

import pytest

import minitf
from minitf import tfdbg
from minitf.tfdbg.gradients import clear_gradient_debuggers, gradient_values_from_dump

tf = minitf


@pytest.fixture(autouse=True)
def graph():
    """Give a new graph, and forget debuggers at the end."""
    with tf.Graph().as_default() as made:
        yield made
    clear_gradient_debuggers()


def test_an_identity_tells_the_gradient():
    u, v = tf.Variable(2.0, name="u"), tf.Variable(3.0, name="v")
    w = tf.multiply(u.value(), v.value(), name="w")
    debugger = tfdbg.GradientsDebugger()
    other = tfdbg.GradientsDebugger()
    y = tf.square(other.identify_gradient(debugger.identify_gradient(w)))
    with debugger:
        tf.gradients(y, [u, v])

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(debugger.gradient_tensor(w)) == 12
    assert list(debugger.gradient_tensors()) == ["w:0"]
    assert other.gradient_tensors() == {}
    with pytest.raises(LookupError, match="x-tensor u:0"):
        debugger.gradient_tensor(u)
    with pytest.raises(TypeError, match="x_tensor must be a str"):
        debugger.gradient_tensor(3)
    with tf.Graph().as_default(), pytest.raises(ValueError, match="graph"):
        debugger.identify_gradient(tf.constant(1.0))


def test_tensors_that_are_read_already_are_watched(graph, tmp_path):
    u, v = tf.Variable(2.0, name="u", use_resource=False), tf.Variable(3.0, name="v")
    w = tf.multiply(u, v, name="w")
    y = w + tf.square(w)
    debugger = tfdbg.GradientsDebugger()
    with debugger.watch_gradients_by_tensors(graph, [w, u]):
        gradients = tf.gradients(y, [u, v])
    options = tf.RunOptions()
    tfdbg.watch_graph(options, graph, debug_urls=f"file://{tmp_path}")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(gradients, options=options) == [39, 26]

    assert sorted(debugger.gradient_tensors()) == ["u:0", "w:0"]
    dump = tfdbg.DebugDumpDir(str(tmp_path))
    assert gradient_values_from_dump(debugger, w, dump) == [13]
    assert gradient_values_from_dump(debugger, "u:0", dump) == [39]
    dump.set_python_graph(tf.Graph())
    with pytest.raises(ValueError, match="not the python graph"):
        gradient_values_from_dump(debugger, w, dump)
