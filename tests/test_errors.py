"""One exception class per status code, with TensorFlow's names, numbers and relations."""

import pickle

import pytest

import minitf as tf
from minitf import dtypes, errors, ops

CLASSES = sorted(
    (
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, Exception)
    ),
    key=lambda each: each.__name__,
)
CODES = {name: value for name, value in vars(errors).items() if isinstance(value, int)}


@pytest.mark.tensorflow
def test_codes_and_classes_are_tensorflows(tensorflow):
    theirs = tensorflow.errors

    assert all(getattr(theirs, name) == code for name, code in CODES.items())
    assert len(CODES) == 17
    for code in set(CODES.values()) - {errors.OK}:
        ours = errors.exception_type_from_error_code(code)
        other = theirs.exception_type_from_error_code(code)
        assert ours.__name__ == other.__name__
        assert errors.error_code_from_exception_type(ours) == code
        assert ours(None, None, "what").error_code == other(None, None, "what").error_code


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_an_error_keeps_its_message_and_travels_without_its_graph(cls):
    op = ops.placeholder_op(dtype=dtypes.float32, name="x").op
    error = cls(None, op, "what happened")
    again = pickle.loads(pickle.dumps(error))

    assert isinstance(error, tf.errors.OpError)
    assert str(error) == error.message == "what happened"
    assert error.op is op
    assert error.node_def.name == "x"
    assert type(again) is cls
    assert (str(again), again.op, again.node_def) == ("what happened", None, None)
    assert again.error_code == error.error_code


def test_an_error_may_bring_its_own_node_and_code():
    node = ops.no_op_op().node_def
    error = errors.OpError(node, None, "what", errors.ABORTED)

    assert error.node_def is node
    assert error.error_code == errors.ABORTED


def test_an_error_while_building_is_both_of_tensorflows():
    error = errors.GraphBuildError(None, None, "what")

    assert isinstance(error, ValueError)
    assert isinstance(error, errors.InvalidArgumentError)
    assert error.error_code == errors.INVALID_ARGUMENT


def test_a_message_is_the_phrase_then_a_line_per_fact_then_the_hint():
    error = errors.invalid(
        "channel counts differ (3 != 1)", hint="filters are [R, S, C, K]", size=3
    )

    assert str(error).split("\n") == [
        "channel counts differ (3 != 1)",
        "  size: 3",
        "  hint: filters are [R, S, C, K]",
    ]
    assert errors.house_message("alone") == "alone"


def test_a_class_that_is_no_error_of_ours_is_unknown():
    assert errors.error_code_from_exception_type(errors.NotFoundError) == errors.NOT_FOUND
    with pytest.warns(UserWarning, match="Unknown class exception"):
        unknown = errors.error_code_from_exception_type(ValueError)
    assert isinstance(unknown, errors.UnknownError)
