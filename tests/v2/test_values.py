"""The second versions of functions mean what TensorFlow's do."""

import numpy as np
import pytest

import minitf as tf
import minitf.compat.v2 as tf2
from minitf.v2 import ctc


def images(*shape):
    return np.random.RandomState(0).rand(*shape).astype("f")


def sparse(tf):
    return tf.SparseTensor([[0, 1], [1, 0], [1, 2]], [3.0, 4.0, 5.0], [2, 3])


IMAGE, KERNEL = images(2, 6, 6, 3), images(3, 3, 3, 4)
SECOND = {
    "argmax": lambda tf: tf.argmax([[1, 5], [7, 2]]),
    "argmin of an axis": lambda tf: tf.math.argmin([[1, 5], [7, 2]], 1, tf.int32),
    "boolean_mask": lambda tf: tf.boolean_mask([[1, 2], [3, 4]], [True, False], 1),
    "batch_to_space": lambda tf: tf.batch_to_space(IMAGE[:1].repeat(4, 0), 2, [[0, 1], [1, 0]]),
    "bincount": lambda tf: tf.math.bincount([1, 1, 3], minlength=6),
    "case": lambda tf: tf.case([(tf.constant(True), lambda: 1)], lambda: 2),
    "cond keeps a list": lambda tf: tf.cond(tf.constant(True), lambda: [1], lambda: [2]),
    "confusion_matrix": lambda tf: tf.math.confusion_matrix([0, 1], [1, 1], 2, [2, 3]),
    "constant": lambda tf: tf.constant([7], shape=[2, 2]),
    "conv2d": lambda tf: tf.nn.conv2d(IMAGE, KERNEL, 2, "SAME"),
    "conv2d_transpose": lambda tf: tf.nn.conv2d_transpose(
        IMAGE, KERNEL.transpose(0, 1, 3, 2), [2, 12, 12, 4], 2
    ),
    "convolution": lambda tf: tf.nn.convolution(IMAGE, KERNEL, padding="SAME", dilations=2),
    "count_nonzero": lambda tf: tf.math.count_nonzero([[0, 1], [1, 1]], 0, True, tf.int32),
    "crelu": lambda tf: tf.nn.crelu([[1.0, -2.0]], 0),
    "crop_and_resize": lambda tf: tf.image.crop_and_resize(
        IMAGE, [[0.0, 0.1, 0.9, 1.2]], [1], [3, 3], "nearest", 7.0
    ),
    "depthwise_conv2d": lambda tf: tf.nn.depthwise_conv2d(
        IMAGE, KERNEL, [1, 1, 1, 1], "SAME", dilations=[2, 2]
    ),
    "dilation2d": lambda tf: tf.nn.dilation2d(
        IMAGE, KERNEL[..., 0], [1, 1, 1, 1], "SAME", "NHWC", [1, 2, 2, 1]
    ),
    "erosion2d": lambda tf: tf.nn.erosion2d(
        IMAGE, KERNEL[..., 0], [1, 1, 1, 1], "SAME", "NHWC", [1, 2, 2, 1]
    ),
    "decode_csv": lambda tf: tf.io.decode_csv(["1,NA"], [[0], [7]], ",", True, "NA"),
    "decode_raw": lambda tf: tf.io.decode_raw(["ab", "abc"], tf.uint8, True, 4),
    "embedding_lookup": lambda tf: tf.nn.embedding_lookup(KERNEL[0, 0], [2, 0], 0.5),
    "fractional_max_pool": lambda tf: tf.nn.fractional_max_pool(IMAGE, 1.5, True, True, 3),
    "gather": lambda tf: tf.gather([[1, 2], [3, 4]], [1], None, 1),
    "gather_nd": lambda tf: tf.gather_nd([[1, 2], [3, 4]], [[1], [0]], 1),
    "in_top_k": lambda tf: tf.math.in_top_k([1, 0], [[0.1, 0.9], [0.1, 0.9]], 1),
    "l2_normalize": lambda tf: tf.math.l2_normalize([[3.0, 4.0]], 1, 0.5),
    "max_pool_with_argmax": lambda tf: tf.nn.max_pool_with_argmax(
        IMAGE, 2, [2, 2], "SAME", "NHWC", tf.int32, True
    ),
    "moments": lambda tf: tf.nn.moments(IMAGE, [0, 1], None, True),
    "norm": lambda tf: tf.norm([[3.0, 4.0]], "euclidean", 1, True),
    "ones_like": lambda tf: tf.ones_like([1, 2], tf.float32),
    "pad": lambda tf: tf.pad([1, 2], [[1, 1]], "CONSTANT", 9),
    "pool": lambda tf: tf.nn.pool(IMAGE, [2, 2], "AVG", [1, 1], "VALID", None, [2, 2]),
    "reduce_join": lambda tf: tf.strings.reduce_join([["a", "b"]], 1, True, "-"),
    "resize_with_pad": lambda tf: tf.image.resize_with_pad(IMAGE, 5, 9),
    "reverse_sequence": lambda tf: tf.reverse_sequence([[1, 2, 3]], [2], 1, 0),
    "scalar_mul": lambda tf: tf.math.scalar_mul(2.0, tf.constant([1.0])),
    "segment_sqrt_n": lambda tf: tf.sparse.segment_sqrt_n([1.0, 2.0], [0, 1], [0, 2], 4),
    "shape": lambda tf: tf.shape([[1], [2]], tf.int64),
    "softmax_cross_entropy": lambda tf: tf.nn.softmax_cross_entropy_with_logits(
        [[0.2, 0.8]], [[1.0, 2.0]]
    ),
    "space_to_batch": lambda tf: tf.space_to_batch(IMAGE, [2, 3], [[0, 0], [0, 0]]),
    "space_to_depth": lambda tf: tf.nn.space_to_depth(IMAGE, 2, "NHWC"),
    "sparse add": lambda tf: tf.sparse.to_dense(tf.sparse.add(sparse(tf), sparse(tf), 7.0)),
    "sparse concat": lambda tf: tf.sparse.to_dense(tf.sparse.concat(0, [sparse(tf)] * 2)),
    "sparse reduce_max": lambda tf: tf.sparse.reduce_max(sparse(tf), 1, True),
    "sparse reduce_sum": lambda tf: tf.sparse.to_dense(
        tf.sparse.reduce_sum(sparse(tf), 1, True, output_is_sparse=True)
    ),
    "string length": lambda tf: tf.strings.length(["ä"], "UTF8_CHAR"),
    "substr": lambda tf: tf.strings.substr(["ßab"], 1, 2, "UTF8_CHAR"),
    "transpose": lambda tf: tf.transpose([[1 + 2j]], [1, 0], True),
    "tuple": lambda tf: tf.tuple([tf.constant(1), tf.constant(2)]),
    "weighted loss": lambda tf: tf.nn.weighted_cross_entropy_with_logits([0.5], [2.0], 3.0),
    "weighted moments": lambda tf: tf.nn.weighted_moments(IMAGE[0, 0], [0], [1.0, 2.0, 3.0], True),
    "while_loop keeps a list": lambda tf: tf.while_loop(
        lambda i: i < 3, lambda i: [i + 1], [tf.constant(0)]
    ),
    "zeros_like": lambda tf: tf.zeros_like([1, 2], tf.bool),
} | {
    f"resize by {method}{' antialiased' * antialias}": lambda tf, m=method, a=antialias: (
        tf.image.resize(IMAGE, [4, 9], m, antialias=a)
    )
    for method in ("bilinear", "bicubic", "area", "nearest", "lanczos3", "gaussian")
    for antialias in (False, True)
}


def run(module, build, session):
    with module.Graph().as_default():
        module.random.set_seed(5)
        with session() as running:
            return running.run(build(module))


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", SECOND)
def test_a_second_version_means_what_tensorflows_does(name):
    real = pytest.importorskip("tensorflow")

    found = run(tf2, SECOND[name], tf.Session)
    wanted = run(real, SECOND[name], real.compat.v1.Session)

    assert type(found) is type(wanted) or not isinstance(wanted, list)
    for one, other in zip(flat(found), flat(wanted), strict=True):
        assert one.dtype == other.dtype
        if one.dtype.kind in "fc":
            np.testing.assert_allclose(one, other, rtol=2e-5, atol=2e-6)
        else:
            np.testing.assert_array_equal(one, other)


def flat(value):
    return [np.asarray(each) for each in (value if isinstance(value, (list, tuple)) else [value])]


# --- labels without timing -----------------------------------------------------------------------

SCORES = np.random.RandomState(1).randn(6, 3, 5).astype("f")
LABELS, LENGTHS, STEPS = [[1, 2, 2, 0], [3, 0, 0, 0], [4, 4, 1, 2]], [3, 1, 4], [6, 3, 6]


@pytest.mark.parametrize("blank_index", [0, -1])
@pytest.mark.parametrize("is_unique", [False, True])
def test_the_loss_of_dense_labels_is_that_of_the_same_sparse_ones(blank_index, is_unique):
    with tf.Graph().as_default(), tf.Session() as session:
        scores = tf.constant(SCORES)
        labels = tf.constant(LABELS) if blank_index == 0 else tf.constant(LABELS) % 4
        unique = ctc.ctc_unique_labels(labels) if is_unique else None
        dense = tf2.nn.ctc_loss(labels, scores, LENGTHS, STEPS, True, unique, blank_index)
        listed = ctc.dense_labels_to_sparse(labels, LENGTHS)
        other = tf2.nn.ctc_loss(listed, scores, None, STEPS, blank_index=blank_index)
        pair = [(loss, tf.gradients(loss, scores)[0]) for loss in (dense, other)]
        (loss, slope), (wanted, wanted_slope) = session.run(pair)

    np.testing.assert_allclose(loss, wanted, rtol=1e-5)
    np.testing.assert_allclose(slope, wanted_slope, atol=2e-5)


def test_distinct_labels_come_in_order_with_their_places():
    with tf.Graph().as_default(), tf.Session() as session:
        distinct, places = session.run(tf2.nn.ctc_unique_labels(tf.constant([[3, 4, 3, 3]])))

    assert distinct.tolist() == [[3, 4, 0, 0]]
    assert places.tolist() == [[0, 1, 0, 0]]


def test_sparse_labels_need_to_be_told_the_blank():
    with pytest.raises(ValueError, match="blank_index must be given"):
        tf2.nn.ctc_loss(sparse(tf), SCORES, None, STEPS)


# --- what is more than an order of arguments -----------------------------------------------------


def test_a_variable_has_a_resource_handle_and_all_variables_are_instances():
    with tf.Graph().as_default():
        made = tf2.Variable(1.0, name="v")

        assert type(made).__name__ == "ResourceVariable"
        assert isinstance(tf.Variable(2.0), tf2.Variable)
        assert not isinstance(tf.constant(1.0), tf2.Variable)


def test_creators_make_variables_of_the_second_version_too():
    with tf.Graph().as_default(), tf2.variable_creator_scope(lambda make, **kw: "made"):
        assert tf2.Variable(1.0) == "made"


def test_a_scope_is_entered_more_than_once():
    with tf.Graph().as_default():
        scope = tf2.name_scope("a")
        with scope as first, scope as inner:
            pass

        assert (scope.name, first, inner) == ("a", "a/", "a/a/")
        with pytest.raises(ValueError, match="name for name_scope must be a string"):
            tf2.name_scope(None)


def test_several_numbers_do_not_fill_a_shape():
    with tf.Graph().as_default(), pytest.raises(TypeError, match="Expected Tensor's shape"):
        tf2.constant([1, 2], shape=[3])


def test_a_device_is_no_function():
    with pytest.raises(RuntimeError, match=r"tf\.device does not support functions"):
        tf2.device(lambda operation: "/cpu:0")


def test_a_large_rate_is_warned_of(caplog):
    caplog.set_level("WARNING", "tensorflow")
    with tf.Graph().as_default():
        tf2.nn.dropout([1.0], 0.75)

    assert "Large dropout rate: 0.75" in caplog.text


def test_formats_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="Data formats other than NHWC"):
        tf2.nn.dilation2d(IMAGE, KERNEL[..., 0], [1] * 4, "SAME", "NCHW", [1] * 4)
    with pytest.raises(ValueError, match="Data formats other than 'NHWC'"):
        tf2.nn.max_pool_with_argmax(IMAGE, 2, 2, "SAME", "NCHW")
    with pytest.raises(ValueError, match="Resize method is not implemented"):
        tf2.image.resize(IMAGE, [3, 3], "magic")


def test_assertions_hold_back_nothing_that_is_true():
    with tf.Graph().as_default(), tf.Session() as session:
        session.run(tf2.debugging.assert_equal([1], [1], "same", 3))
        session.run(tf2.debugging.assert_none_equal([1], [2], 3, "other"))
        assert tf2.debugging.assert_integer(tf.constant(1)) is None
        with pytest.raises(tf.errors.InvalidArgumentError, match="not the same"):
            tf2.debugging.assert_equal(tf.constant([1]), tf.constant([2]), "not the same")
