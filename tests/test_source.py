"""Where an operation was made: the user's line, however deep the library stands between."""

import functools
import inspect
import threading

import minitf as tf
from minitf import dtypes, ops, source


def line_after() -> int:
    """Return the number of the line after the caller's."""
    return inspect.currentframe().f_back.f_lineno + 1


def test_the_site_is_the_innermost_frame_outside_the_package():
    expected = line_after()
    x = ops.placeholder_op(dtype=dtypes.float32)
    filename, number, function, text = source.lines(x.op.site)[0]

    assert filename == __file__
    assert number == expected
    assert function == "test_the_site_is_the_innermost_frame_outside_the_package"
    assert text == "x = ops.placeholder_op(dtype=dtypes.float32)"
    assert source.describe(x.op.site) == f"{__file__}:{expected}: {text}"


def test_public_functions_leave_no_frame_of_their_own():
    expected = line_after()
    y = tf.reduce_mean(tf.placeholder(tf.float32) * 2.0)
    ancestors = [op for op in tf.get_default_graph().get_operations() if op is not y.op]

    for op in [y.op, *ancestors]:
        assert source.lines(op.site)[0][:2] == (__file__, expected)


def test_the_traceback_lists_the_users_frames_outermost_first():
    def layer():
        return ops.no_op_op()

    op = layer()
    functions = [function for _, _, function, _ in op.traceback]

    assert functions[-2:] == [
        "test_the_traceback_lists_the_users_frames_outermost_first",
        "layer",
    ]
    assert not any(
        "minitf/" in filename for filename, *_ in op.traceback if "tests" not in filename
    )


def test_a_statement_over_several_lines_is_named_by_the_line_of_the_call():
    start = line_after()
    x = (
        ops.no_op_op(
            name="x",
        ),
        ops.no_op_op(name="y"),
    )

    assert [source.lines(op.site)[0][1] for op in x] == [start + 1, start + 4]


def test_comprehensions_lambdas_and_partials_are_frames_of_the_user():
    expected = line_after()
    made = [ops.no_op_op() for _ in range(2)]
    list(map(lambda name: made.append(ops.no_op_op(name=name)), "a"))  # noqa: C417 the subject
    made.append(functools.partial(ops.no_op_op, name="z")())

    assert [source.lines(op.site)[0][1] - expected for op in made] == [0, 0, 1, 2]


def test_code_without_a_file_is_named_all_the_same():
    names = {"ops": ops}
    exec(compile("made = ops.no_op_op()", "<notebook cell>", "exec"), names)

    assert source.describe(names["made"].site) == "<notebook cell>:1"
    assert source.describe(()) == "<unknown>"


def test_threads_have_their_own_lines():
    made = []

    def work():
        made.append(ops.no_op_op())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert source.lines(made[0].site)[0][2] == "work"


def test_a_site_is_cheap_to_keep_however_deep_the_program():
    def deep(levels):
        return ops.no_op_op() if not levels else deep(levels - 1)

    site = deep(100).site

    assert len(source.frames(site)) <= 8
    assert all(type(offset) is int for _, offset in source.frames(site))


def test_an_imported_operation_was_made_where_it_was_imported():
    ops.no_op_op(name="x")
    message = tf.get_default_graph().as_graph_def()
    expected = line_after()
    tf.import_graph_def(message)
    op = tf.get_default_graph().get_operation_by_name("import/x")

    assert source.lines(op.site)[0][:2] == (__file__, expected)
