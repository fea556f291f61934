"""Functions as ops: calls, captured tensors, gradients, and their form in a GraphDef."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import minitf as tf
from minitf.functional.defun import Defun


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


@Defun(tf.float32, tf.float32)
def weighted(x, y):
    """Return x * x * y and x + y."""
    return x * x * y, x + y


@pytest.mark.paper("W-58")
def test_a_call_is_one_operation_that_computes_the_function():
    x = tf.constant([1.0, 2.0])
    product, total = weighted(x, 3.0)

    assert product.op is total.op
    assert product.op.type.startswith("weighted_")
    assert [op.type for op in tf.get_default_graph().get_operations()] == [
        "Const",
        "Const",
        product.op.type,
    ]
    for got, want in zip(run([product, total]), [[3, 12], [4, 5]], strict=True):
        assert got.tolist() == want


@pytest.mark.paper("W-58")
def test_a_function_is_called_any_number_of_times():
    first, _ = weighted(1.0, 2.0)
    second, _ = weighted(first, 3.0)

    assert first.op.type == second.op.type
    assert first.op.name != second.op.name
    assert run(second) == 12


@pytest.mark.paper("W-58")
def test_a_call_has_the_gradient_of_its_body():
    x, y = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    product, total = weighted(x, y)
    grads = tf.gradients(product * 2.0 + total, [x, y])

    assert run(grads, {x: 3, y: 5}) == [2 * 30 + 1, 2 * 9 + 1]


def test_a_call_has_derivatives_of_any_order():
    @Defun(tf.float32)
    def cubed(x):
        return x * x * x

    x = tf.placeholder(tf.float32, [])
    y = cubed(x)
    orders = []
    for _ in range(3):
        (y,) = tf.gradients(y, x)
        orders.append(y)

    assert run(orders, {x: 2}) == [12, 12, 6]


def test_a_function_may_have_a_gradient_of_its_own():
    @Defun(tf.float32, tf.float32)
    def twice_the_slope(x, grad):
        return grad * 2.0

    @Defun(tf.float32, grad_func=twice_the_slope)
    def by_function(x):
        return x * 1.0

    @Defun(tf.float32, python_grad_func=lambda op, grad: grad * op.inputs[0] * 5.0)
    def by_python(x):
        return x * 1.0

    x = tf.constant(3.0)

    assert run(tf.gradients(by_function(x), x)) == [2]
    assert run(tf.gradients(by_python(x), x)) == [15]
    with pytest.raises(ValueError, match="Gradient defined twice"):
        Defun(tf.float32, grad_func=twice_the_slope, python_grad_func=lambda *_: None)


def test_what_a_body_takes_from_outside_is_an_argument_of_each_call():
    w = tf.placeholder(tf.float32, [])
    v = tf.get_variable("v", initializer=2.0, use_resource=True)

    @Defun(tf.float32)
    def scaled(x):
        return x * w * v

    y = scaled(3.0)
    grads = tf.gradients(y, [w, v])

    assert len(y.op.inputs) == 3
    assert run([y, *grads], {w: 5}) == [30, 6, 15]


def test_a_reference_to_a_variable_is_not_taken_in():
    v = tf.Variable(1.0)

    @Defun(tf.float32)
    def changed(x):
        return tf.assign_add(v, x)

    with pytest.raises(ValueError, match=r"A function cannot take .* by reference"):
        changed(1.0)


def test_functions_call_functions_branches_and_loops():
    @Defun(tf.float32)
    def halved(x):
        return x / 2.0

    @Defun(tf.float32)
    def until_small(x):
        return tf.while_loop(lambda y: y > 1.0, halved, [x])

    @Defun(tf.float32)
    def positive(x):
        return tf.cond(x > 0.0, lambda: until_small(x), lambda: -x)

    assert run([positive(12.0), positive(-3.0)]) == [0.75, 3]


def test_a_function_is_called_in_a_loop_and_differentiated():
    @Defun(tf.float32)
    def squared(x):
        return x * x

    def body(i, s):
        y = squared(s)
        y.set_shape([])  # a call tells the shape of no argument
        return i + 1, y

    x = tf.constant(1.5)
    _, y = tf.while_loop(lambda i, _: i < 3, body, [0, x])

    np.testing.assert_allclose(run([y, *tf.gradients(y, x)]), [1.5**8, 8 * 1.5**7], rtol=1e-6)


def test_what_has_an_effect_runs_although_no_result_needs_it():
    ran = []

    @Defun(tf.float32)
    def noted(x):
        tf.py_func(ran.append, [x], [])
        return x

    y = noted(3.0)

    assert run(y) == 3
    assert ran == [3]


def test_what_has_an_effect_in_a_loop_runs_as_often_as_the_loop_does():
    ran = []

    @Defun(tf.float32)
    def noted(x):
        def body(s):
            tf.py_func(ran.append, [s], [])
            return s * 2.0

        return tf.while_loop(lambda s: s < 8.0, body, [x])

    assert run(noted(1.0)) == 8
    assert ran == [1, 2, 4]


def test_what_has_an_effect_in_a_branch_runs_if_the_branch_does():
    ran = []

    @Defun(tf.float32)
    def noted(x):
        def positive():
            tf.py_func(ran.append, [x], [])
            return x

        return tf.cond(x > 0.0, positive, lambda: -x)

    assert run([noted(1.0), noted(-2.0)]) == [1, 2]
    assert ran == [1]


def test_loops_of_a_body_take_what_is_outside():
    w = tf.constant(3.0)

    @Defun(tf.float32)
    def tripled(x):
        return tf.while_loop(lambda y: y < 50.0, lambda y: y * w, [x])

    x = tf.constant(1.0)
    y = tripled(x)

    assert run([y, *tf.gradients(y, [x, w])]) == [81, 81, 4 * 27]


def test_functions_of_equal_bodies_take_what_each_found_outside():
    def plus(v):
        @Defun(tf.float32)
        def sum_(x):
            return x + v

        return sum_(1.0)

    one, two = plus(tf.constant(1.0)), plus(tf.constant(2.0))

    assert one.op.type != two.op.type
    assert run([one, two]) == [2, 3]


def test_a_function_without_results_is_an_operation():
    @Defun(tf.float32)
    def nothing(x):
        return None

    done = nothing(1.0)

    assert isinstance(done, tf.Operation)
    assert run(done) is None


def test_types_may_be_left_to_the_call():
    @Defun()
    def doubled(x):
        return x + x

    whole, real = doubled(3), doubled(1.5)

    assert whole.op.type != real.op.type
    assert run([whole, real]) == [6, 3]


def test_an_error_inside_tells_both_operations():
    @Defun(tf.float32)
    def factored(x):
        return tf.cholesky(x)

    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"Cholesky(.|\n)*in op '.*' \(factored_"
    ):
        run(factored([[-1.0]]))


def test_each_call_draws_numbers_of_its_own():
    @Defun(tf.float32)
    def noisy(x):
        return x + tf.random_uniform([], seed=3)

    one, other = noisy(0.0), noisy(1.0)
    with tf.Session() as session:
        first, second = session.run([one, other]), session.run([one, other])

    assert first[0] != second[0]
    assert first[1] - 1 == pytest.approx(first[0], abs=1e-6)


def test_a_function_goes_with_its_graph():
    with tf.Graph().as_default():
        x = tf.constant(3.0)
        y = weighted(x, 1.0)[0]
        with tf.Session() as session:
            assert session.run([y, *tf.gradients(y, x)]) == [9, 6]
    alive = weakref.ref(y.op.definition)
    del x, y, session
    gc.collect()

    assert alive() is None


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="Expected number of arguments: 2, received: 1"):
        weighted(1.0)
    with pytest.raises(ValueError, match="fewer arguments than the number of specified"):
        Defun(tf.float32, tf.float32)(lambda x: x)
    with pytest.raises(ValueError, match="more arguments than the number of specified"):
        Defun(tf.float32)(lambda x, y: x)
    with pytest.raises(ValueError, match="keyword arguments are not supported"):
        Defun(tf.float32)(lambda **k: 1)
    with pytest.raises(ValueError, match="Unknown keyword arguments: other"):
        Defun(tf.float32, other=1)


def test_names_may_be_chosen():
    @Defun(tf.float32, func_name="Named", out_names=["left", "right"])
    def function(x):
        return x, -x

    left, _ = function(1.0, name="call")

    assert left.op.name == "call"
    assert left.op.type == "Named"
    assert [arg.name for arg in left.op.definition.outputs] == ["left", "right"]
    assert function.name == "Named"


# --- messages -------------------------------------------------------------------------------------


def graph_with_functions():
    @Defun(tf.float32, func_name="Inner")
    def inner(x):
        return tf.split(x, 2)[1] * 2.0

    @Defun(tf.float32, tf.float32, func_name="Outer")
    def outer(x, y):
        return inner(x) + y, y

    x = tf.placeholder(tf.float32, [4], name="x")
    result, other = outer(x, 1.0)
    tf.identity(result, name="result")
    tf.identity(other, name="other")


@pytest.mark.paper("W-58")
def test_a_graph_def_holds_the_functions_that_are_called():
    graph_with_functions()
    library = tf.get_default_graph().as_graph_def().library

    assert [each.signature.name for each in library.function] == ["Inner", "Outer"]
    nodes = library.function[0].node_def
    assert [node.op for node in nodes] == ["Const", "Split", "Const", "Mul"]
    assert list(nodes[3].input) == ["split:output:1", "mul/y:output:0"]
    assert dict(library.function[1].ret) == {"add": "add:z:0", "y": "y"}


@pytest.mark.paper("W-58")
def test_functions_are_read_again():
    graph_with_functions()
    message = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as again:
        tf.import_graph_def(message, name="")
        assert again.as_graph_def() == message
        with tf.Session() as session:
            got = session.run(["result:0", "other:0"], {"x:0": [1, 2, 3, 4]})

    assert got[0].tolist() == [7, 9]
    assert got[1] == 1


def test_a_function_called_here_and_in_a_function_is_written_once():
    @Defun(tf.float32, func_name="Inner")
    def inner(x):
        return x * 2.0

    @Defun(tf.float32, func_name="Outer")
    def outer(x):
        return inner(x) + 1.0

    inner(outer(1.0))
    library = tf.get_default_graph().as_graph_def().library

    assert sorted(each.signature.name for each in library.function) == ["Inner", "Outer"]


def imported(*functions, gradients=()):
    """A graph with these FunctionDefs and a call of the first, `y`."""
    message = tf.GraphDef()
    for each in functions:
        message.library.function.add().CopyFrom(each)
    for name, gradient in gradients:
        message.library.gradient.add(function_name=name, gradient_func=gradient)
    message.node.add(name="x", op="Placeholder").attr["dtype"].type = tf.float32.as_datatype_enum
    message.node.add(name="y", op=functions[0].signature.name, input=["x"])
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(message, name="")
    return graph


def defined(name, function, *types):
    """A FunctionDef."""
    with tf.Graph().as_default() as graph:
        Defun(*types, func_name=name)(function)(*[1.0] * len(types))
        (message,) = graph.as_graph_def().library.function
    return message


def test_the_gradient_of_the_library_differentiates_calls():
    square = defined("Square_", lambda x: x * x, tf.float32)
    slope = defined("Slope", lambda x, grad: 2.0 * x * grad, tf.float32, tf.float32)
    graph = imported(square, slope, gradients=[("Square_", "Slope")])

    with graph.as_default():
        y, x = graph.get_tensor_by_name("y:0"), graph.get_tensor_by_name("x:0")
        grad = tf.gradients(y, x)
        assert run(grad, {"x:0": 5}) == [10]


def test_a_gradient_of_its_own_comes_back_with_a_function():
    @Defun(tf.float32, tf.float32)
    def twice_the_slope(x, grad):
        return grad * 2.0

    @Defun(tf.float32, grad_func=twice_the_slope)
    def same(x):
        return x * 1.0

    tf.identity(same(tf.placeholder(tf.float32, [], name="x")), name="y")
    message = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(message, name="")
        y, x = graph.get_tensor_by_name("y:0"), graph.get_tensor_by_name("x:0")

        assert run(tf.gradients(y, x), {x: 3}) == [2]
    assert graph.as_graph_def().library == message.library


def test_a_function_that_calls_itself_is_refused():
    message = defined("Endless", lambda x: -x, tf.float32)
    message.node_def[0].op = "Endless"
    del message.node_def[0].attr["T"]
    message.ret["neg"] = "Neg:neg:0"

    with pytest.raises(ValueError, match="Function Endless calls itself"):
        imported(message)


def test_the_only_tensor_of_an_output_may_go_without_its_number():
    message = defined("Negative", lambda x: -x, tf.float32)
    message.ret[message.signature.output_arg[0].name] = "Neg:y"

    with imported(message).as_default():
        assert run("y:0", {"x:0": 5}) == -5


@pytest.mark.parametrize("wrong", ["Neg:y:1", "Neg:z:0", "None:y:0", "x:y:0", "Neg:y:-1"])
def test_a_result_that_is_not_there_is_refused(wrong):
    message = defined("Negative", lambda x: -x, tf.float32)
    message.ret[message.signature.output_arg[0].name] = wrong

    with pytest.raises(ValueError, match=r"is not found|no tensor of its type"):
        imported(message)


def test_an_import_that_fails_leaves_no_function_behind():
    message = tf.GraphDef()
    message.library.function.add().CopyFrom(defined("F", lambda x: x, tf.float32))
    message.node.add(name="y", op="F")
    graph = tf.get_default_graph()

    with pytest.raises(ValueError, match="y"):
        tf.import_graph_def(message, name="")

    assert not graph.has_function("F")
    assert not graph.as_graph_def().library.function


@pytest.mark.thorough
@pytest.mark.tensorflow
def test_tensorflow_reads_and_runs_our_functions(tensorflow):
    graph_with_functions()
    message = tf.get_default_graph().as_graph_def()
    with tensorflow.Graph().as_default() as there:
        theirs = tensorflow.GraphDef.FromString(message.SerializeToString())
        tensorflow.import_graph_def(theirs, name="")
        with tensorflow.Session(graph=there) as session:
            got = session.run(["result:0", "other:0"], {"x:0": [1, 2, 3, 4]})

    assert got[0].tolist() == [7, 9]
    assert got[1] == 1


@pytest.mark.thorough
@pytest.mark.tensorflow
def test_we_read_and_run_tensorflows_functions(tensorflow):
    from tensorflow.python.framework import function

    with tensorflow.Graph().as_default() as there:

        @function.Defun(tensorflow.float32, func_name="Theirs")
        def theirs(x):
            return tensorflow.reduce_sum(x * x), x + 1.0

        x = tensorflow.placeholder(tensorflow.float32, [3], name="x")
        total, more = theirs(x)
        tensorflow.identity(total, name="total")
        tensorflow.identity(more, name="more")
        message = there.as_graph_def()
    with tf.Graph().as_default():
        tf.import_graph_def(tf.GraphDef.FromString(message.SerializeToString()), name="")
        with tf.Session() as session:
            total, more = session.run(["total:0", "more:0"], {"x:0": [1, 2, 3]})

    assert total == 14
    assert more.tolist() == [2, 3, 4]
