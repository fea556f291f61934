"""What libraries on top of TensorFlow ask of it beyond its public names."""

from __future__ import annotations

import collections
import functools
import inspect
import sys
from importlib import import_module

import numpy as np
import pytest

import minitf as tf
from minitf.compat.import_paths import own_module
from minitf.compat.inner_names import with_inner_names
from minitf.compat.internal import tf_decorator


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def inner(monkeypatch):
    """Return a function that gives our module for a path, as an import of it would."""

    def find(path):
        path = f"tensorflow.python.{path}"
        monkeypatch.setitem(sys.modules, path, None)  # forgotten after the test
        return with_inner_names(path, import_module(own_module(path)))

    return find


def test_arguments_are_those_of_the_function_inside(inner):
    inspect_ = inner("util.tf_inspect")

    def inside(a, b: int = 2, *, c=3):
        return a, b, c

    made = tf_decorator.make_decorator(inside, functools.partial(inside))
    stated = inspect_.FullArgSpec(["q"], None, None, None, [], None, {})
    other = tf_decorator.make_decorator(inside, lambda q: q, decorator_argspec=stated)

    assert inspect_.getfullargspec(made) == inspect.getfullargspec(inside)
    assert inspect_.getfullargspec(other) == stated
    assert inspect_.getfullargspec(tf.rank) == inspect.getfullargspec(lambda input, name=None: 0)
    assert inspect_.getargspec(tf.concat).defaults == ("concat",)


def test_reductions_of_the_second_version_have_no_old_arguments(inner):
    spec = inner("util.tf_inspect").getfullargspec
    kinds = ["all", "any", "logsumexp", "max", "mean", "min", "prod", "sum"]

    for function in (getattr(tf.compat.v2, f"reduce_{kind}") for kind in kinds):
        assert spec(function).args == ["input_tensor", "axis", "keepdims", "name"]
        assert spec(function).defaults == (None, False, None)
    assert tf.compat.v2.math.reduce_sum(tf.ones([2, 3]), 1, True).shape.as_list() == [2, 1]


def test_libraries_convert_functions_by_the_inner_api(inner):
    api = inner("autograph.impl.api")

    def negated(x):
        return -x if x > 0 else x

    def called(x):
        return negated(x)

    with tf.Session() as session:
        for convert in (api.convert(), api.convert(recursive=True), api.tf_convert):
            assert session.run(convert(negated)(tf.constant(3))) == -3
        assert session.run(api.convert(recursive=True)(called)(tf.constant(3))) == -3
        assert session.run(api.converted_call(called, (tf.constant(3),), None)) == -3
    with pytest.raises(TypeError, match="Python `bool`"):
        api.convert()(called)(tf.constant(3))


def test_inner_modules_of_autograph_load_and_refuse(inner):
    transformer = inner("autograph.pyct.transformer")
    converter = inner("autograph.core.converter")
    imports = inner("autograph.pyct.inspect_utils").getfutureimports

    class Own(transformer.Base):
        pass

    with pytest.raises(NotImplementedError, match="Own is not part of MiniTF"):
        Own()
    with pytest.raises(NotImplementedError, match="standard_analysis"):
        converter.standard_analysis(None, None)
    with pytest.raises(NotImplementedError, match="parse_entity"):
        inner("autograph.pyct.parser").parse_entity(len)
    with pytest.raises(NotImplementedError, match="transform"):
        inner("autograph.converters.break_statements").transform(None, None)
    assert imports(test_inner_modules_of_autograph_load_and_refuse) == ("annotations",)
    assert imports(len) == ()


def test_shapes_are_read_from_what_is_known(inner):
    read = inner("framework.tensor_util").constant_value_as_shape

    assert read(tf.constant([3, -1])).as_list() == [3, None]
    assert read(tf.constant([], tf.int32)).as_list() == []
    assert read(tf.constant(-1)).ndims is read(tf.placeholder(tf.int32, [None])).ndims is None
    assert read(tf.placeholder(tf.int32, [2])).as_list() == [None, None]
    with pytest.raises(ValueError, match="scalar value '3' as shape"):
        read(tf.constant(3))
    with pytest.raises(ValueError, match="scalar with unknown value"):
        read(tf.placeholder(tf.int32, []))
    with pytest.raises(ValueError, match="must have rank 1"):
        read(tf.constant([[1]]))


def test_conditions_are_tried_in_order_by_ones_own_cond(inner):
    helper = inner("ops.control_flow_ops")._case_helper

    def choose(pred, true_fn, false_fn):
        return true_fn() if pred else false_fn()

    pairs = [(False, lambda: "a"), (True, lambda: "b")]
    assert helper(choose, pairs, lambda: "c", False, "case", allow_python_preds=True) == "b"
    assert helper(choose, pairs[:1], lambda: "c", False, "case", True) == "c"
    with pytest.raises(TypeError, match="pred must be Tensor, got: False"):
        helper(choose, pairs, None, False, "case")
    with pytest.raises(TypeError, match="Tensor or a Python bool"):
        helper(choose, [(1, len)], None, False, "case", True)


def test_known_values_are_told_without_running(inner):
    known = inner("pywrap_tensorflow").TF_TryEvaluateConstant_wrapper
    two, fed = tf.constant(1) + 1, tf.placeholder(tf.int32)

    assert known(two.graph._c_graph, two._as_tf_output()) == 2
    assert known(fed.graph._c_graph, fed._as_tf_output()) is None
    assert tf.get_static_value([1, 2]) == [1, 2]
    assert tf.get_static_value(tf.Variable(1)) is None


def test_a_convolution_keeps_its_settings(inner):
    kind = inner("ops.nn_ops").Convolution
    images, window = tf.ones([1, 4, 4, 2]), tf.ones([3, 3, 2, 1])
    made = kind(images.shape, window.shape, "VALID", dilation_rate=[1, 1], data_format="NHWC")

    with tf.Session() as session:
        assert session.run(made(images, window)).tolist() == [[[[18.0]] * 2] * 2]
    with pytest.raises(ValueError, match="number of input channels"):
        kind(tf.TensorShape([1, 4, 4, 3]), window.shape, "VALID")


def test_summaries_of_ones_own_are_named_and_collected(inner):
    util = inner("ops.summary_op_util")

    with util.summary_scope("a b", "fam", values=[]) as (tag, scope):
        assert (tag, scope) == ("fam/fam/a_b", "fam/a_b/")
    value = tf.constant(1.0)
    util.collect(value, None, ["A"])
    util.collect(value, [], ["B"])
    assert tf.get_collection("A") == [value]
    assert tf.get_collection("B") == []
    assert not inner("distribute.summary_op_util").skip_summary()


def test_numbers_between_bounds_are_drawn(inner):
    draw = inner("ops.random_ops").parameterized_truncated_normal

    with tf.Session() as session:
        found = session.run(
            draw([2, 50], means=[0.0, 9.0], minvals=[-1.0, 8.0], maxvals=[1.0, 9.0])
        )
    assert (abs(found[0]) <= 1).all()
    assert ((found[1] >= 8) & (found[1] <= 9)).all()


def test_old_names_of_types_and_structures(inner):
    pair = collections.namedtuple("Pair", "a b")  # noqa: PYI024 of untyped programs
    is_namedtuple = inner("util.nest")._is_namedtuple
    registered = inner("keras.utils.tf_utils")

    class Own:
        pass

    assert is_namedtuple(pair(1, 2))
    assert is_namedtuple(pair(1, 2), strict=True)
    assert not is_namedtuple((1, 2))
    assert tf.contrib.framework.nest.flatten([1, [2]]) == [1, 2]
    assert tf.DType(tf.int32.as_datatype_enum) is tf.int32
    assert not registered.is_symbolic_tensor(Own())
    registered.register_symbolic_tensor_type(Own)
    assert registered.is_symbolic_tensor(Own())
    assert registered.is_symbolic_tensor(tf.constant(1))


def test_division_has_the_name_that_it_had_in_python_2():
    a, b = tf.constant([7, -7]), tf.Variable([2, 2])

    with tf.Session() as session:
        session.run(b.initializer)
        assert session.run(a.__div__(b)).tolist() == [3, -4]
        assert session.run(b.__rdiv__(7)).tolist() == [3, 3]
    assert {"__div__", "__rdiv__"} <= tf.Tensor.OVERLOADABLE_OPERATORS


def test_what_a_loop_gets_from_outside_is_known_inside():
    size, shapes = tf.constant(2), []

    def body(i):
        shapes.append(tf.reshape(tf.placeholder(tf.float32), [size, i]).shape.as_list())
        return i + 1

    tf.while_loop(lambda i: i < 3, body, [0])
    assert shapes == [[2, None]]


@pytest.mark.parametrize("draw", [tf.random_gamma, lambda shape, x: tf.random_poisson(x, shape)])
def test_one_draw_for_one_number_is_a_scalar(draw):
    with tf.Session() as session:
        assert np.shape(session.run(draw([], 2.0))) == ()


def test_libraries_of_recurrent_networks_find_what_they_build_on(monkeypatch):
    def inner_of(path):
        path = f"tensorflow.contrib.{path}"
        monkeypatch.setitem(sys.modules, path, None)  # forgotten after the test
        return with_inner_names(path, import_module(own_module(path)))

    cells = inner_of("rnn.python.ops.core_rnn_cell")
    attention = inner_of("seq2seq.python.ops.attention_wrapper")

    assert cells._linear([tf.ones([2, 3]), tf.ones([2, 1])], 5, True, 0.5).shape == (2, 5)
    assert [each.name for each in tf.trainable_variables()] == ["kernel:0", "bias:0"]
    with pytest.raises(ValueError, match="2D arguments"):
        cells._Linear(tf.ones([3]), 5, build_bias=False)
    assert [cells._like_rnncell(each) for each in (tf.nn.rnn_cell.GRUCell(1), object())] == [1, 0]
    assert issubclass(tf.contrib.seq2seq.LuongAttention, attention._BaseAttentionMechanism)
    assert inner_of("seq2seq.python.ops.decoder")._transpose_batch_time


def test_all_names_of_a_module_are_inner_and_public_ones(inner):
    cells = inner("ops.rnn_cell")

    assert {"LayerRNNCell", *tf.nn.rnn_cell.__all__} <= set(cells.__all__)
    assert all(hasattr(cells, name) for name in cells.__all__)
