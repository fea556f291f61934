"""Values become Tensors as in TensorFlow: the same types, or a refusal where it refuses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import minitf as tf
from minitf import convert, dtypes, ops, protos, tensor_proto
from minitf.convert import natural_dtype, register_tensor_conversion_function, to_array
from minitf.testing.strategies import anything, shapes

VALUES = {
    source: eval(source)  # so that a test is called by what it converts
    for source in (
        *("True", "1", "-1", "2**31 - 1", "2**31", "-2**31", "-2**31 - 1", "2**63", "2**64"),
        *("1.5", "1e40", "float('nan')", "float('-inf')", "1j", "'a'", "'é'", "b'a\\0'", "''"),
        *("[]", "[[]]", "[[], []]", "()", "[1, 2]", "(1, 2)", "((1, 2), [3, 4])", "[1, 2.5]"),
        *("[2.5, 1]", "[1, 2**40]", "[2**63]", "[1j, 2]", "[True, False]", "[True, 1]"),
        *("[1, True]", "[1.5, True]", "[[True], [1]]", "[[1, 2], [3, 4.5]]"),
        *("['a', b'b']", "[b'a\\0', '']", "['a', 1]", "[1, 'a']", "[1.5, 'a']", "[['a'], [1]]"),
        *(
            "[[1], [2, 3]]",
            "[[1, 2], 3]",
            "[1, [2, 3]]",
            "[['a'], ['b', 'c']]",
        ),
        *("None", "[None]", "[1, None]", "object()", "[object()]", "set()"),
        *("np.float64(1)", "np.float32(1)", "np.float16(1)", "np.int64(3)", "np.int8(3)"),
        *("np.bool_(True)", "np.complex128(1j)", "np.str_('ab')", "np.bytes_(b'ab')"),
        *("[np.float64(1)]", "[np.float32(1)]", "[np.int64(2)]", "[np.int64(2), 3]"),
        *("[np.float64(2), 3]", "[np.int8(2)]", "[1.0, np.float32(1)]", "[np.bool_(True)]"),
        *("np.array([1, 2])", "np.array([1.5])", "np.array([1.5], np.float16)", "np.array(2.0)"),
        *("np.array([True])", "np.array([1j])", "np.array([1, 2], np.uint32)", "np.array([])"),
        *("np.zeros((0, 3), np.int8)", "np.array(['a', 'bc'])", "np.array([b'a'])"),
        *("np.array(['a', b'b'], object)", "np.array([1, 2], object)", "np.array([1.5], object)"),
        *("np.array([1, 'a'], object)", "np.datetime64('2001-01-01')"),
    )
}
TYPES = (None, "float32", "float64", "float16", "int32", "int64", "int8", "uint8", "bool")
TYPES += ("string", "complex64", "bfloat16")

# TensorFlow wraps numbers that do not fit; NumPy's text and dates are parsed or cast by NumPy.
LOSSY = (
    "2**31",
    "-2**31",
    "-2**31 - 1",
    "2**31 - 1",
    "2**63",
    "2**64",
    "[2**63]",
    "[1, 2**40]",
    "-1",
)
TEXT = ("np.str_('ab')", "np.bytes_(b'ab')", "np.array(['a', 'bc'])", "np.array([b'a'])")
TEXT += ("np.array(['a', b'b'], object)", "np.array([1, 'a'], object)")


TENSORFLOWS_SLIP = "[np.bool_(True)]"  # it does not know what NumPy 2 calls its booleans


def is_stricter(source, dtype):
    """Tell whether we refuse on purpose what TensorFlow converts with a loss."""
    whole = dtype in ("int8", "int32", "int64", "uint8")
    return (whole and source in LOSSY) or (
        dtype not in (None, "string") and (source in TEXT or source == "set()")
    )


def converted(api, value, dtype, preferred=None):
    """Return type, shape, elements and name of the constant made; or that there is none."""
    with api.Graph().as_default():
        try:
            tensor = api.convert_to_tensor(value, dtype, preferred_dtype=preferred)
        except (TypeError, ValueError, OverflowError) as error:
            return type(error).__name__
        message = tensor.op.get_attr("value").SerializeToString()
        elements = tensor_proto.decode(protos.TensorProto.FromString(message)).tolist()
        return tensor.dtype.name, tensor.shape.as_list(), repr(elements), tensor.name


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore:overflow", "ignore:Casting complex")  # both cast by NumPy
@pytest.mark.paper("W-04", "W-14")
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("source", VALUES)
def test_a_value_becomes_the_tensor_that_tensorflow_makes(tensorflow, source, dtype):
    ours, theirs = (converted(api, VALUES[source], dtype) for api in (tf, tensorflow))

    if (source, dtype) == (TENSORFLOWS_SLIP, "bool"):
        assert theirs == "TypeError"
    elif isinstance(ours, str):
        assert isinstance(theirs, str) or is_stricter(source, dtype)
    else:
        assert ours == theirs or (dtype == "bfloat16" and source in LOSSY)


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore:overflow", "ignore:Casting complex")
@pytest.mark.parametrize("preferred", ["float32", "float64", "int64", "string"])
@pytest.mark.parametrize("source", [s for s in VALUES if s not in LOSSY + TEXT])
def test_a_preferred_type_is_taken_where_it_fits(tensorflow, source, preferred):
    value = VALUES[source]
    ours, theirs = (converted(api, value, None, preferred) for api in (tf, tensorflow))

    assert isinstance(ours, str) == isinstance(theirs, str)
    assert isinstance(ours, str) or ours == theirs


@pytest.mark.parametrize(
    ("value", "dtype", "error", "phrase"),
    [
        (None, None, ValueError, "None values not supported"),
        (None, "int32", ValueError, "None values not supported"),
        (
            [[1], [2, 3]],
            None,
            ValueError,
            "Can't convert non-rectangular Python sequence to Tensor",
        ),
        (["a", ["b"]], None, ValueError, "Can't convert non-rectangular Python sequence to Tensor"),
        (1.5, "int32", TypeError, "Expected int32, got 1.5 of type 'float' instead"),
        ("a", "float32", TypeError, "Expected float32, got 'a' of type 'str' instead"),
        (1, "string", TypeError, "Expected string, got 1 of type 'int' instead"),
        ([1, "a"], None, TypeError, "Failed to convert object of type <class 'list'> to Tensor"),
        (object(), None, TypeError, "Failed to convert object of type <class 'object'> to Tensor"),
        (300, "uint8", ValueError, "Tensor value 300 is out of range of uint8"),
        (2**64, "int64", ValueError, "is out of range of int64"),
    ],
)
def test_a_refusal_says_what_does_not_fit(value, dtype, error, phrase):
    with pytest.raises(error, match=phrase):
        tf.convert_to_tensor(value, dtype)
    assert tf.get_default_graph().get_operations() == []


@pytest.mark.paper("W-14")
@given(data=st.data(), name=st.sampled_from(sorted({*dtypes.DTYPES} - {"resource", "variant"})))
def test_an_array_of_any_type_keeps_type_and_elements(data, name):
    dtype = dtypes.as_dtype(name)
    array = data.draw(anything(data.draw(shapes()), dtype))
    made = to_array(array, dtype)

    assert made.dtype == dtype.numpy
    np.testing.assert_array_equal(made, array)
    if not dtype.is_quantized and array.size:  # an array of plain integers is not quantized
        assert natural_dtype(array) is dtype


@given(array=hnp.arrays(np.int32, hnp.array_shapes(min_dims=0)), as_tuple=st.booleans())
def test_nested_lists_and_tuples_convert_as_the_array_they_spell(array, as_tuple):
    spelled = array.tolist()
    if as_tuple and isinstance(spelled, list):
        spelled = tuple(spelled)

    np.testing.assert_array_equal(to_array(spelled, dtypes.int32), array)


@given(texts=st.lists(st.one_of(st.text(), st.binary()), max_size=4))
def test_text_keeps_every_byte(texts):
    expected = [each.encode() if isinstance(each, str) else each for each in texts]

    assert to_array(texts, dtypes.string).tolist() == expected


def test_a_tensor_is_itself_and_never_cast():
    x = ops.placeholder_op(dtype=dtypes.float32)

    assert tf.convert_to_tensor(x) is x
    assert tf.convert_to_tensor(x, tf.float32) is x
    with pytest.raises(ValueError, match="Tensor conversion requested dtype int32 for Tensor with"):
        tf.convert_to_tensor(x, tf.int32)


def test_lists_that_hold_tensors_are_packed():
    x = ops.placeholder_op(dtype=dtypes.float32, shape=tf.TensorShape([]).static_shape)
    packed = tf.convert_to_tensor([[x, 1], [2.0, x]])

    assert packed.dtype is tf.float32
    assert packed.shape.as_list() == [2, 2]


@pytest.mark.tensorflow
@pytest.mark.parametrize("shape", [[], [2], [2, 0], None, [None], [2, None]])
def test_shapes_convert_as_in_tensorflow(tensorflow, shape):
    found = [converted(api, api.TensorShape(shape), None) for api in (tf, tensorflow)]

    assert found[0] == found[1]


def test_dimensions_stand_for_numbers_in_lists():
    assert to_array([-1, tf.Dimension(3)], dtypes.int32).tolist() == [-1, 3]
    assert natural_dtype([tf.Dimension(3)]) is dtypes.int32
    with pytest.raises(TypeError, match="Failed to convert object"):
        tf.convert_to_tensor([-1, tf.Dimension(None)])


# --- registered conversions -------------------------------------------------------------------


class Metres:
    """A number with a unit."""

    def __init__(self, number):
        self.number = number


@pytest.fixture(autouse=True)
def _no_conversions_left(monkeypatch):
    monkeypatch.setattr(convert, "_CONVERSIONS", list(convert._CONVERSIONS))


def as_float(value, dtype=None, name=None, as_ref=False):
    return tf.convert_to_tensor(value.number, dtype or tf.float32, name=name)


def refuse(value, dtype=None, name=None, as_ref=False):
    return NotImplemented


@pytest.mark.paper("W-05")
def test_objects_of_a_registered_type_stand_wherever_a_tensor_is_wanted():
    register_tensor_conversion_function(Metres, as_float)
    x = ops.placeholder_op(dtype=dtypes.float32)
    total = ops.add_v2_op(x, Metres(2))

    assert total.op.inputs[1].op.attrs["value"] == 2.0
    assert total.op.inputs[1].name == "AddV2/y:0"
    assert tf.convert_to_tensor([Metres(1), 2.0]).shape.as_list() == [2]


def test_conversions_are_asked_in_order_of_priority_until_one_answers():
    asked = []

    def note(answer, function):
        return lambda *args, **kwargs: asked.append(answer) or function(*args, **kwargs)

    register_tensor_conversion_function(Metres, note("third", as_float), 101)
    register_tensor_conversion_function(Metres, note("second", refuse))
    register_tensor_conversion_function((str, Metres), note("first", refuse), 1)
    tf.convert_to_tensor(Metres(3))

    assert asked == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("base", "function", "phrase"),
    [
        (3, as_float, "base_type must be a type or a tuple of types"),
        ((int, "Metres"), as_float, "base_type must be a type or a tuple of types"),
        (Metres, 3, "conversion_func must be callable"),
    ],
)
def test_what_cannot_be_a_conversion_is_refused(base, function, phrase):
    with pytest.raises(TypeError, match=phrase):
        register_tensor_conversion_function(base, function)
