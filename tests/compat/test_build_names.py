"""Names of builds and of executors, functions of pywrap_tensorflow, parts of MetaGraphs."""

from collections import OrderedDict, namedtuple

import pytest

import minitf as tf
from minitf import meta_graph
from minitf.compat.inner_names import INNER
from minitf.compat.internal import meta_graph as inner_meta_graph
from minitf.compat.internal import platform_info
from minitf.compat.internal import pywrap_tensorflow as pywrap


@pytest.mark.parametrize("name", ["get_include", "get_lib", "get_compile_flags", "get_link_flags"])
def test_there_is_nothing_to_build_with(name):
    with pytest.raises(tf.errors.UnimplementedError, match="MiniTF is Python and has no"):
        getattr(tf.sysconfig, name)()
    assert tf.sysconfig.CXX11_ABI_FLAG == tf.CXX11_ABI_FLAG


def test_graphs_are_not_rewritten_for_few_bits():
    with pytest.raises(tf.errors.UnimplementedError, match="fake_quant_with_min_max_vars"):
        tf.train.do_quantize_training_on_graphdef(tf.GraphDef(), 8)


def test_functions_may_run_in_the_callers_graph():
    seen = []

    @tf.function
    def twice(x):
        seen.append(tf.get_default_graph())
        return 2.0 * x

    tf.config.experimental_run_functions_eagerly(True)
    try:
        with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
            made = twice(tf.constant(3.0))
    finally:
        tf.config.experimental_run_functions_eagerly(False)
    twice(tf.constant(3.0))
    assert [each is tf.get_default_graph() for each in seen] == [True, False]
    assert made.op.type == "Mul"


def test_structures_have_their_old_names():
    ragged = tf.data.experimental.RaggedTensorStructure(tf.int32, [2, None], 1)
    assert ragged == tf.RaggedTensorSpec([2, None], tf.int32, 1)
    arrays = tf.data.experimental.TensorArrayStructure(tf.int32, [2], True, False)
    assert arrays == tf.TensorArraySpec([2], tf.int32, True, False)


def test_kinds_of_values_are_told_apart():
    pair = namedtuple("Pair", "a b")  # noqa: PYI024 a namedtuple is what it is about

    class Further(pair):
        pass

    assert pywrap.IsNamedtuple(pair(1, 2), True)
    assert pywrap.IsNamedtuple(Further(1, 2), False)
    assert not pywrap.IsNamedtuple(Further(1, 2), True)
    assert not pywrap.IsNamedtuple((1, 2), False)
    assert pywrap.SameNamedtuples(pair(1, 2), pair(3, 4))
    assert pywrap.IsMapping(OrderedDict())
    assert pywrap.IsMappingView({}.keys())
    assert pywrap.IsTensor(tf.constant(1))
    assert not pywrap.IsTensor(1)
    assert pywrap.IsCompositeTensor(tf.SparseTensor([[0]], [1], [1]))
    assert not pywrap.IsAttrs(1)
    assert pywrap.TF_bfloat16_type() is tf.bfloat16.as_numpy_dtype
    assert not pywrap.IsGoogleCudaEnabled()
    assert callable(pywrap.NewCheckpointReader)
    assert b"CPU" in pywrap.list_devices()[0]


@pytest.mark.parametrize("module", INNER["tensorflow.python.pywrap_tensorflow"])
def test_every_name_of_pywrap_leads_to_something(module):
    loaded = __import__(module, fromlist=["name"])
    for entry in INNER["tensorflow.python.pywrap_tensorflow"][module].split():
        assert hasattr(loaded, entry.rpartition("=")[2])


def test_attributes_with_their_defaults_are_left_out():
    tf.matmul(tf.ones([2, 2]), tf.ones([2, 2]), transpose_b=True, name="product")
    message = tf.train.export_meta_graph()
    meta_graph.strip_graph_default_valued_attrs(message)
    node = next(each for each in message.graph_def.node if each.name == "product")
    assert "transpose_a" not in node.attr
    assert node.attr["transpose_b"].b
    assert message.meta_info_def.stripped_default_attrs


def test_elements_of_an_imported_meta_graph_are_returned():
    with tf.Graph().as_default():
        tf.Variable(1.0, name="v")
        tf.constant(2.0, name="c")
        message = tf.train.export_meta_graph()
    variables, (op, tensor) = inner_meta_graph.import_scoped_meta_graph_with_return_elements(
        message, import_scope="inside", return_elements=["c", "c:0"]
    )
    assert list(variables) == ["v"]
    assert (op.name, tensor.name) == ("inside/c", "inside/c:0")


def test_divisors_are_found_before_a_run_or_in_it():
    assert tf.contrib.util.constant_value(platform_info.gcd(12, 18)) == 6
    a = tf.placeholder(tf.int32, [])
    made = platform_info.gcd(a, 36)
    with tf.Session() as sess:
        assert [sess.run(made, {a: each}) for each in (24, 35, 36)] == [12, 1, 36]
    with pytest.raises(ValueError, match="must be scalars"):
        platform_info.gcd([1], 2)
    with pytest.raises(ValueError, match="must be integers"):
        platform_info.gcd(1.0, 2.0)


def test_what_has_no_meaning_here_does_nothing():
    emptied = OrderedDict(a=1)
    platform_info.dismantle_ordered_dict(emptied)
    assert not emptied
    with platform_info.fft_kernel_label_map():
        platform_info.preload_check()
    assert platform_info.get_default_communication_protocol() == "grpc"
    assert not platform_info.is_cuda_build
