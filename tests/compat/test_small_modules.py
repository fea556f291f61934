"""Small modules of TensorFlow's insides: registries, stacks, locks, decorators."""

import json
import threading
import unittest

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import (
    decorator_utils,
    is_in_graph_mode,
    keyword_args,
    lazy_loader,
    lock_util,
    protobuf_compare,
    registry,
    serialization,
    traceable_stack,
)

# --- registries and stacks -----------------------------------------------------------------------


def test_a_registry_has_each_name_once():
    table = registry.Registry("things")

    def named():
        pass

    table.register(named)
    table.register(7, "seven")

    assert table.lookup("seven") == table.lookup(b"seven") == 7
    assert list(table.list()) == ["named", "seven"]
    with pytest.raises(KeyError, match=r"Registering two things with name 'seven'.*Previous"):
        table.register(8, "seven")
    with pytest.raises(LookupError, match="things registry has no entry for: eight"):
        table.lookup("eight")


def test_a_stack_knows_the_lines_that_pushed():
    stack = traceable_stack.TraceableStack()

    def push():
        return stack.push_obj("outer", offset=1)

    assert stack.push_obj("inner") == traceable_stack.TraceableObject.SUCCESS
    push()
    top, bottom = stack.peek_traceable_objs()

    assert bottom.filename == top.filename == __file__
    assert top.lineno == bottom.lineno + 1
    assert stack.peek_objs() == ["outer", "inner"]
    assert stack.peek_top_obj() == stack.copy().pop_obj() == "outer"
    assert len(stack) == 2
    assert (top.copy_metadata().obj, top.copy_metadata().lineno) == (None, top.lineno)


def test_a_line_too_far_out_is_the_outermost():
    found = traceable_stack.TraceableObject("x").set_filename_and_line_from_caller(10_000)

    assert found == traceable_stack.TraceableObject.HEURISTIC_USED


# --- decorators ----------------------------------------------------------------------------------


def test_arguments_by_position_are_refused():
    @keyword_args.keyword_args_only
    def double(x):
        return 2 * x

    assert double(x=3) == 6
    with pytest.raises(ValueError, match="only accepts keyword arguments"):
        double(3)
    with pytest.raises(ValueError, match="is not a function"):
        keyword_args.keyword_args_only(3)


def test_a_notice_stands_behind_the_first_line():
    added = decorator_utils.add_notice_to_docstring(
        "First.\n\n    More.\n    ", "Do so.", "Nothing.", "(old)", ["Notice."]
    )
    alone = decorator_utils.add_notice_to_docstring(
        None, "Do so.", "Nothing.", "(old)", ["Notice."]
    )

    assert added == "First. (old)\n\nNotice.\nDo so.\n\nMore."
    assert alone == "Nothing.\n\nNotice.\nDo so."


def test_names_tell_of_the_classes_around_a_function():
    class Outer:
        @decorator_utils.classproperty
        def kind(self):
            return self.__name__

        def inner(self):
            pass

    assert decorator_utils.get_qualified_name(Outer.inner).endswith("Outer.inner")
    assert Outer.kind == "Outer"


# --- locks ---------------------------------------------------------------------------------------


def test_members_of_one_group_hold_a_lock_together_and_others_wait():
    lock = lock_util.GroupLock(2)
    entered = threading.Event()

    def other():
        with lock.group(1):
            entered.set()

    thread = threading.Thread(target=other)
    with lock.group(0), lock.group(0):
        thread.start()
        assert not entered.is_set()
    thread.join(60)

    assert entered.is_set()


def test_a_lock_has_the_groups_that_it_was_made_with():
    with pytest.raises(ValueError, match="num_groups must be a positive integer"):
        lock_util.GroupLock(0)
    lock = lock_util.GroupLock(1)
    for change in (lock.acquire, lock.release):
        with pytest.raises(ValueError, match="group_id must be between 0 and num_groups - 1"):
            change(1)


# --- modules, messages and JSON ------------------------------------------------------------------


def test_a_lazy_module_takes_its_place_when_it_is_used():
    names = {}
    names["c"] = lazy_loader.LazyLoader("c", names, "colorsys")

    assert "rgb_to_hsv" in dir(names["c"])
    assert names["c"].rgb_to_hsv(1, 0, 0) == (0, 1, 1)
    assert type(names["c"]) is type(json)
    other = lazy_loader.LazyLoader("c", names, "colorsys")
    assert other.hsv_to_rgb(0, 1, 1) == (1, 0, 0)


def test_what_json_does_not_know_is_written():
    class Layer:
        def get_config(self):
            return {"units": np.int64(3)}

    given = [Layer(), np.arange(2), np.float32(0.5), tf.TensorShape([None, 2]), tf.float32]
    given += [tf.Dimension(4), len, int]

    assert json.loads(json.dumps(given, default=serialization.get_json_type)) == [
        {"class_name": "Layer", "config": {"units": 3}},
        [0, 1],
        0.5,
        [None, 2],
        "float32",
        4,
        "len",
        "int",
    ]
    with pytest.raises(TypeError, match="Not JSON Serializable"):
        serialization.get_json_type(object())


class Case(protobuf_compare.ProtoAssertions, unittest.TestCase):
    """A test case that compares messages."""


def test_messages_are_compared_as_texts():
    one = tf.ConfigProto(intra_op_parallelism_threads=3)
    one.gpu_options.per_process_gpu_memory_fraction = 0.1 + 1e-12
    other = tf.ConfigProto(intra_op_parallelism_threads=3)
    other.gpu_options.per_process_gpu_memory_fraction = 0.1
    case = Case()

    case.assertProtoEqual(
        "intra_op_parallelism_threads: 3", tf.ConfigProto(intra_op_parallelism_threads=3)
    )
    case.assertProtoEqual(one, other, normalize_numbers=True)
    assert not protobuf_compare.ProtoEq(one, other)
    with pytest.raises(AssertionError, match="what it is for"):
        case.assertProtoEqual(one, other, msg="what it is for")
    many = tf.train.Feature(float_list=tf.train.FloatList(value=[0.12345678]))
    protobuf_compare.NormalizeNumberFields(many)
    assert many.float_list.value[0] == np.float32(0.123457)
    counts = tf.ConfigProto(device_count={"CPU": 2})
    assert protobuf_compare.NormalizeNumberFields(counts).device_count["CPU"] == 2


def test_operations_go_to_a_graph():
    assert is_in_graph_mode.IS_IN_GRAPH_MODE()


def test_a_status_is_raised_at_the_end_of_its_block():
    with tf.errors.raise_exception_on_not_ok_status() as status:
        assert status.code == 0
    with (
        pytest.raises(tf.errors.NotFoundError, match="no such thing"),
        tf.errors.raise_exception_on_not_ok_status() as status,
    ):
        status.code, status.message = tf.errors.NOT_FOUND, "no such thing"


def test_a_library_that_is_no_file_is_not_found():
    with pytest.raises(tf.errors.NotFoundError, match="cannot open shared object file"):
        tf.load_file_system_library("/nowhere.so")


def test_generated_modules_have_the_functions_of_raw_ops_too():
    from minitf.compat.internal import gen_ops

    assert gen_ops.MatMul is tf.raw_ops.MatMul
    with pytest.raises(AttributeError, match="Magic"):
        _ = gen_ops.Magic
