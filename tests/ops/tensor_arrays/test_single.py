"""TensorArrays: one element and many, in order by flows, and what is refused."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes
from minitf.ops.tensor_arrays.elements import Elements
from minitf.shapes import Shape

A = tf.TensorArray


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def hidden(value):
    """Return a tensor of which no shape is known while the graph is built."""
    return tf.placeholder_with_default(np.asarray(value, np.float32), None)


# --- laws -----------------------------------------------------------------------------------------


@given(values=st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=6), data=st.data())
def test_what_is_written_is_read(values, data):
    tf.reset_default_graph()
    order = data.draw(st.permutations(range(len(values))))
    array = A(tf.float32, len(values), clear_after_read=False)
    for i in order:
        array = array.write(i, values[i])
    picked = data.draw(st.lists(st.sampled_from(order), min_size=1))

    together, one, some = run([array.stack(), array.read(order[0]), array.gather(picked)])
    wanted = np.array(values, np.float32)
    np.testing.assert_array_equal(together, wanted)
    assert one == wanted[order[0]]
    np.testing.assert_array_equal(some, wanted[picked])


def test_text_is_kept_too():
    array = A(tf.string, 2).write(0, "a").write(1, "b")

    assert run(array.stack()).tolist() == [b"a", b"b"]


def test_a_dynamic_array_grows():
    array = A(tf.float32, 0, dynamic_size=True).write(4, 7.0)

    assert run([array.size(), array.read(4)]) == [5, 7]
    scattered = A(tf.float32, 1, dynamic_size=True).scatter([3, 0], [1.0, 2.0])
    assert run(scattered.stack()).tolist() == [2, 0, 0, 1]
    assert run(A(tf.float32, 0, dynamic_size=True).split([1.0, 2.0], [1, 1]).size()) == 2


def test_an_element_that_was_not_written_is_zero_if_its_shape_is_known():
    assert run(A(tf.float32, 2, element_shape=[2]).read(1)).tolist() == [0, 0]
    assert run(A(tf.float32, 3).write(1, [5.0]).stack()).tolist() == [[0], [5], [0]]
    assert run(A(tf.string, 1, element_shape=[1]).read(0)).tolist() == [b""]


def test_each_firing_makes_an_array_of_its_own():
    def body(i, s):
        array = A(tf.int32, 1).write(0, i)
        return i + 1, s + array.read(0)

    assert run(tf.while_loop(lambda i, _: i < 5, body, [0, 0])[1]) == 10


def test_many_threads_write_into_one_array():
    elements = Elements("", dtypes.int32, 200)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: elements.write(i, np.array(i)), range(200)))

    assert [int(value) for value in elements.read_many(range(200))] == list(range(200))


# --- gradients ------------------------------------------------------------------------------------


def test_what_is_written_to_a_gradient_is_added():
    array = A(tf.float32, 3).write(0, [1.0, 2.0])
    grads = array.grad("gradients")
    twice = grads.write(0, [3.0, 4.0]).write(0, [10.0, 20.0])

    assert run(twice.read(0)).tolist() == [13, 24]
    assert run(grads.read(0)).tolist() == [0, 0]
    assert run(array.grad("other").size()) == 3


def test_a_gradient_of_one_source_is_one_array():
    array = A(tf.float32, 2).unstack([1.0, 2.0])
    written = array.grad("gradients").write(1, 5.0)
    again = array.grad("gradients", flow=written.flow)

    assert run(again.read(1)) == 5
    assert run(array.grad("gradients_1", flow=written.flow).read(1)) == 0


def test_a_gradient_may_have_more_dimensions_in_front():
    array = A(tf.float32, 1).write(0, [1.0, 2.0])
    handle, flow = tf.raw_ops.TensorArrayGradWithShape(
        handle=array.handle, flow_in=array.flow, shape_to_prepend=[3], source="s"
    )
    grads = A(tf.float32, handle=handle, flow=flow)

    assert run(grads.read(0)).shape == (3, 2)


def weights(n):
    return tf.constant(np.arange(1, n + 1, dtype=np.float32))


GRADIENTS = {
    "write and read": lambda x: (A(tf.float32, 2).write(0, x[0]).write(1, x[2])).read(1) * 5.0,
    "read twice": lambda x: sum(
        A(tf.float32, 1, clear_after_read=False).write(0, x * x).read(0)[i] * i for i in range(3)
    ),
    "unstack and stack": lambda x: A(tf.float32, 3).unstack(x * x).stack() * weights(3),
    "scatter and gather": lambda x: (
        A(tf.float32, 4).scatter([3, 0, 1], x).gather([0, 3]) * weights(2)
    ),
    "split and concat": lambda x: (
        A(tf.float32, 2, infer_shape=False).split(x, [1, 2]).concat() * weights(3)
    ),
    "write and concat": lambda x: (
        A(tf.float32, 2, infer_shape=False).write(0, x[:2]).write(1, x).concat() * weights(5)
    ),
}


@pytest.mark.paper("O-18")
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_go_through_arrays(name):
    x = tf.placeholder(tf.float32, [3])
    y = tf.reduce_sum(GRADIENTS[name](x))
    (grad,) = tf.gradients(y, x)
    at = np.array([1, -2, 3], np.float32)
    with tf.Session() as session:
        got = session.run(grad, {x: at})
        for i in range(3):
            step = np.zeros(3, np.float32)
            step[i] = 0.5  # exact for what is at most quadratic
            ends = [session.run(y, {x: at + sign * step}) for sign in (1, -1)]
            assert got[i] == ends[0] - ends[1]


def test_a_gradients_scope_must_tell_that_it_is_one():
    x = tf.constant([1.0])
    y = A(tf.float32, 1).unstack(x).stack()

    with pytest.raises(ValueError, match="Expected op/tensor name to start with gradients"):
        tf.gradients(y, x, name="slopes")


# --- refusals when the graph runs -----------------------------------------------------------------

REFUSED = {
    "Tried to read from index 5 but array size is: 3": lambda: A(tf.float32, 3).read(5),
    "Could not read from TensorArray index 0.  Furthermore, the element shape is not fully": (
        lambda: A(tf.float32, 3).read(0)
    ),
    "Tried to write to index 5 but array is not resizeable and size is: 3": (
        lambda: A(tf.float32, 3).write(5, 1.0).flow
    ),
    "Tried to write to index -1": lambda: A(tf.float32, 3, dynamic_size=True).write(-1, 1.0).flow,
    "index 1 because it has already been written to.": (
        lambda: A(tf.float32, 3).write(1, 1.0).write(1, 2.0).flow
    ),
    "because the value shape is [1] which is incompatible with the TensorArray's inferred": (
        lambda: A(tf.float32, 3, element_shape=[2]).write(0, hidden([1])).flow
    ),
    "TensorArray dtype is float but Op requested dtype int32.": lambda: (
        tf.raw_ops.TensorArrayReadV3(
            handle=A(tf.float32, 1).handle, index=0, flow_in=0.0, dtype=tf.int32
        )
    ),
    "TensorArray dtype is float but Op is trying to write dtype int32.": lambda: (
        tf.raw_ops.TensorArrayWriteV3(handle=A(tf.float32, 1).handle, index=0, value=1, flow_in=0.0)
    ),
    "Size should be >= 0": lambda: A(tf.float32, -1).flow,
    "Trying to access resource of the wrong type": lambda: tf.raw_ops.TensorArraySizeV3(
        handle=tf.get_variable("v", [], use_resource=True).handle, flow_in=0.0
    ),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_does_not_fit_is_told(phrase):
    with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(phrase)):
        run(REFUSED[phrase]())


@pytest.mark.parametrize(
    ("clears", "again", "phrase"),
    [
        (True, lambda a: a.read(0), "Could not read index 0 twice because it was cleared"),
        (True, lambda a: a.write(0, 2.0).flow, "because it has already been read"),
        (False, lambda a: a.write(0, 2.0).flow, "because it has already been read"),
        (False, lambda a: a.grad("s").write(0, [1.0]).flow, "Could not aggregate to TensorArray"),
    ],
)
def test_an_element_is_written_once_and_read_once_if_it_is_cleared(clears, again, phrase):
    array = A(tf.float32, 1, clear_after_read=clears, infer_shape=False).write(0, 1.0)
    with tf.control_dependencies([array.read(0)]):
        y = again(array)

    with pytest.raises(tf.errors.InvalidArgumentError, match=phrase):
        run(y)


def test_an_array_that_is_closed_is_not_used_any_more():
    array = A(tf.float32, 1)
    with tf.control_dependencies([array.close()]):
        y = array.write(0, 1.0).flow

    with pytest.raises(tf.errors.InvalidArgumentError, match="has already been closed"):
        run(y)


def test_an_array_does_not_grow_once_it_has_a_gradient():
    array = A(tf.float32, 1, dynamic_size=True).write(0, 1.0)
    with tf.control_dependencies([array.grad("gradients").flow]):
        y = array.write(1, 1.0).flow

    with pytest.raises(tf.errors.InvalidArgumentError, match="array is not resizeable"):
        run(y)


# --- the class ------------------------------------------------------------------------------------


def test_static_shapes_follow_from_the_first_write():
    array = A(tf.float32, 4).write(0, tf.ones([2, 3]))

    assert array.element_shape.as_list() == [2, 3]
    assert array.stack().shape.as_list() == [4, 2, 3]
    assert array.gather([0]).shape.as_list() == [1, 2, 3]
    assert array.concat().shape.as_list() == [None, 3]
    assert array.read(0).shape.as_list() == [2, 3]
    with pytest.raises(ValueError, match=r"Inconsistent shapes: saw \(3,\) but expected \(2, 3\)"):
        array.write(1, tf.ones([3]))


def test_a_value_of_another_type_is_refused_at_once():
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"TensorArray dtype is float but Op is trying to write dtype int32",
    ):
        A(tf.float32, 1).write(0, tf.constant(1))


@pytest.mark.parametrize(
    ("arguments", "error", "phrase"),
    [
        ({}, ValueError, "Size must be provided"),
        ({"handle": 3}, TypeError, "Handle must be a Tensor"),
        ({"handle": "h", "size": 3}, ValueError, "both a handle and size"),
        ({"handle": "h", "dynamic_size": True}, ValueError, "both a handle and dynamic_size"),
        ({"handle": "h", "element_shape": [1]}, ValueError, "both a handle and element_shape"),
        ({"handle": "h", "tensor_array_name": "n"}, ValueError, "both a handle and tensor_array"),
        ({"handle": "h", "clear_after_read": True}, ValueError, "both a handle and clear_after"),
        ({"handle": "h"}, ValueError, "flow must not be None"),
    ],
)
def test_an_array_is_new_or_stands_for_one(arguments, error, phrase):
    if arguments.get("handle") == "h":
        arguments = {**arguments, "handle": A(tf.float32, 1).handle}
    with pytest.raises(error, match=phrase):
        A(tf.float32, **arguments)


def test_an_array_tells_what_it_is():
    array = A(tf.float32, tf.placeholder(tf.int32, []), dynamic_size=True)

    assert array.dtype is tf.float32
    assert array.dynamic_size
    assert array.handle.dtype is tf.resource
    assert array.element_shape.ndims is None
    assert array.with_flow(array.flow).handle is array.handle
    assert array.graph is tf.get_default_graph()


def test_elements_know_their_shape_when_they_are_of_one():
    elements = Elements("", dtypes.float32, 2, Shape([None, 3]), identical_shapes=True)
    elements.write(0, np.zeros((2, 3), np.float32))

    assert elements.shape == Shape([2, 3])
    assert elements.read(1).shape == (2, 3)
