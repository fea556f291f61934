"""`tf.cond`, `tf.case`, `tf.switch_case`: what they run, give and refuse."""

from __future__ import annotations

import collections

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


def choice():
    return tf.placeholder(tf.bool, [])


@pytest.mark.paper("W-32", "O-15")
@given(taken=st.booleans())
def test_only_the_branch_that_is_taken_runs(taken):
    tf.reset_default_graph()
    ran = []
    p = choice()

    def branch(name, value):
        return tf.py_func(lambda: ran.append(name) or np.float32(value), [], tf.float32)

    y = tf.cond(p, lambda: branch("on", 1), lambda: branch("off", 2))

    assert run(y, {p: taken}) == (1 if taken else 2)
    assert ran == ["on" if taken else "off"]


def test_what_a_branch_takes_from_outside_is_computed_either_way():
    ran = []
    p = choice()
    outside = tf.py_func(lambda: ran.append(1) or np.float32(3), [], tf.float32)
    y = tf.cond(p, lambda: outside, lambda: tf.constant(0.0))

    assert run(y, {p: False}) == 0
    assert ran == [1]


@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize("taken", [True, False])
def test_a_branch_reads_and_writes_variables(taken, use_resource):
    p = choice()
    w = tf.get_variable("w", initializer=1.0, use_resource=use_resource)

    def assign_and_read():
        with tf.control_dependencies([tf.assign(w, 5.0)]):
            return tf.identity(w) * 2.0

    y = tf.cond(p, assign_and_read, lambda: w + 0.5)
    with tf.control_dependencies([y]):
        after = w.read_value() if use_resource else tf.identity(w)

    assert run([y, after], {p: taken}) == ([10, 5] if taken else [1.5, 1])


@pytest.mark.parametrize("taken", [True, False])
def test_a_variable_is_read_when_the_reader_fires_also_on_a_branch(taken):
    w = tf.Variable(1.0)
    with tf.control_dependencies([tf.assign(w, 2.0)]):
        p = tf.constant(taken)
        y = tf.cond(p, lambda: w, lambda: -w)  # `w` is the same snapshot rule as outside

    assert run(y) == (2 if taken else -2)


@pytest.mark.parametrize("taken", [True, False])
def test_summaries_prints_and_assertions_work_on_a_branch(taken, capsys):
    p = choice()
    x = tf.constant(3.0)

    def shown():
        with tf.control_dependencies([tf.Assert(x > 0, [x])]):
            return tf.Print(x, [x], "on the branch: ")

    y = tf.cond(p, shown, lambda: x * 2)

    assert run(y, {p: taken}) == (3 if taken else 6)
    assert ("on the branch" in capsys.readouterr().err) == taken


def test_an_assertion_on_the_branch_that_is_taken_aborts():
    p = choice()
    x = tf.constant(-3.0)

    def checked():
        with tf.control_dependencies([tf.Assert(x > 0, ["x is", x])]):
            return tf.identity(x)

    y = tf.cond(p, checked, lambda: x)

    assert run(y, {p: False}) == -3
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[x is\] \[-3\]"):
        run(y, {p: True})


def test_a_group_on_a_branch_runs_all_its_members():
    p = choice()
    a, b = tf.Variable(0), tf.Variable(0)
    done = tf.cond(p, lambda: tf.group(tf.assign_add(a, 1), tf.assign_add(b, 2)), tf.no_op)
    with tf.control_dependencies([done]):
        values = [tf.identity(a), tf.identity(b)]

    assert run(values, {p: True}) == [1, 2]
    assert run(values, {p: False}) == [0, 0]


@pytest.mark.parametrize("taken", [True, False])
def test_indexed_slices_and_sparse_tensors_come_out_whole(taken):
    p = choice()

    def sparse(scale):
        return tf.SparseTensor([[0, 1]], tf.constant([2.0]) * scale, [2, 2])

    def slices(scale):
        return tf.IndexedSlices(tf.constant([[1.0]]) * scale, tf.constant([3]), tf.constant([5, 1]))

    one, other = tf.cond(
        p, lambda: (sparse(1.0), slices(1.0)), lambda: (sparse(-1.0), slices(-1.0))
    )
    values, rows = run([one, other], {p: taken})

    assert isinstance(one, tf.SparseTensor)
    assert isinstance(other, tf.IndexedSlices)
    assert values.values == ([2] if taken else [-2])
    assert rows.values == ([[1]] if taken else [[-1]])
    assert rows.indices == [3]


def test_the_structure_of_the_result_is_that_of_the_branches():
    Pair = collections.namedtuple("Pair", "a b")  # noqa: PYI024 as users write
    p = choice()
    made = tf.cond(p, lambda: {"k": Pair(1, [2.0])}, lambda: {"k": Pair(3, [4.0])})

    assert run(made, {p: True}) == {"k": Pair(1, [2])}
    assert run(made, {p: False}) == {"k": Pair(3, [4])}


def test_a_single_result_is_unpacked_unless_strict():
    p = choice()

    assert isinstance(tf.cond(p, lambda: [1], lambda: [2]), tf.Tensor)
    assert isinstance(tf.cond(p, lambda: [1], lambda: [2], strict=True), list)


def test_a_branch_of_an_operation_gives_a_truth_value():
    p = choice()
    done = tf.cond(p, tf.no_op, tf.no_op)

    assert done.dtype is tf.bool
    assert run(done, {p: True}) is np.True_
    assert run(done, {p: False}) is np.False_


def test_the_old_names_of_the_functions_are_taken():
    p = choice()
    y = tf.cond(p, fn1=lambda: 1, fn2=lambda: 2)

    assert run(y, {p: True}) == 1
    with pytest.raises(TypeError, match="'true_fn' and 'fn1' may not be set simultaneously"):
        tf.cond(p, lambda: 1, lambda: 2, fn1=lambda: 1)


@pytest.mark.parametrize(
    ("on", "off", "error", "phrase"),
    [
        (None, lambda: 1, TypeError, "'true_fn' argument required"),
        (lambda: 1, None, TypeError, "'false_fn' argument required"),
        (3, lambda: 1, TypeError, "true_fn must be callable"),
        (lambda: 1, 3, TypeError, "false_fn must be callable"),
        (lambda: None, lambda: 1, ValueError, "true_fn must have a return value"),
        (lambda: 1, lambda: None, ValueError, "false_fn must have a return value"),
        (list, list, ValueError, "must return at least one result"),
        (lambda: (1, 2), lambda: [1, 2], TypeError, "Incompatible return types of true_fn"),
        (lambda: [1, 2], lambda: [1, 2, 3], ValueError, "Incompatible return values of true_fn"),
        (lambda: 1, lambda: 1.0, ValueError, "must have the same type: int32, float32"),
    ],
)
def test_branches_must_fit_together(on, off, error, phrase):
    with pytest.raises(error, match=phrase):
        tf.cond(choice(), on, off)


def test_the_predicate_is_a_scalar_truth_value_of_the_graph():
    with pytest.raises(TypeError, match="pred must not be a Python bool"):
        tf.cond(True, lambda: 1, lambda: 2)
    with pytest.raises(TypeError, match="does not match expected type of bool"):
        tf.cond(tf.constant(1), lambda: 1, lambda: 2)
    with pytest.raises(ValueError, match="must be rank 0"):
        tf.cond(tf.constant([True]), lambda: 1, lambda: 2)


def test_what_is_on_a_branch_is_not_fetched():
    inside = []
    tf.cond(choice(), lambda: inside.append(tf.constant(1)) or 1, lambda: 2)

    with pytest.raises(ValueError, match="has been marked as not fetchable"):
        run(inside[0])


def test_a_failing_branch_leaves_the_graph_outside_of_it():
    with pytest.raises(ZeroDivisionError):
        tf.cond(choice(), lambda: 1 / 0, lambda: 2)

    assert tf.constant(1).op.control_inputs == []
    assert tf.get_default_graph()._get_control_flow_context() is None


def test_stepping_out_of_a_branch_makes_what_runs_always():
    p = choice()
    ran = []

    def branch():
        with tf.control_dependencies(None):
            return tf.py_func(lambda: ran.append(1) or np.int32(7), [], tf.int32)

    y = tf.cond(p, branch, lambda: 0)

    assert run(y, {p: False}) == 0
    assert ran == [1]


def test_a_variable_made_on_a_branch_is_initialized_outside():
    p = choice()
    y = tf.cond(p, lambda: tf.get_variable("w", initializer=3.0) * 2.0, lambda: 0.0)

    assert run(y, {p: True}) == 6
    assert run(y, {p: False}) == 0


@pytest.mark.parametrize("size", [1, 4])
def test_conds_within_conds(size):
    x = tf.placeholder(tf.int32, [])

    def count(low, high):
        if low + 1 == high:
            return tf.constant(low)
        middle = (low + high) // 2
        return tf.cond(x < middle, lambda: count(low, middle), lambda: count(middle, high))

    y = count(0, 2**size)
    with tf.Session() as session:
        assert [session.run(y, {x: i}) for i in range(2**size)] == list(range(2**size))


# --- case -----------------------------------------------------------------------------------------


def pairs(x):
    return [(x < 1, lambda: tf.constant(10)), (x < 5, lambda: tf.constant(20))]


def test_case_takes_the_first_that_is_true():
    x = tf.placeholder(tf.int32, [])
    y = tf.case(pairs(x), default=lambda: tf.constant(30))
    with tf.Session() as session:
        assert [session.run(y, {x: value}) for value in (0, 3, 9)] == [10, 20, 30]


def test_case_without_a_default_wants_one_to_be_true():
    x = tf.placeholder(tf.int32, [])
    y = tf.case(pairs(x))

    assert run(y, {x: 3}) == 20
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="None of conditions evaluated as True"
    ):
        run(y, {x: 9})


def test_an_exclusive_case_wants_at_most_one_to_be_true():
    x = tf.placeholder(tf.int32, [])
    y = tf.case(pairs(x), exclusive=True, default=lambda: tf.constant(30))

    assert run(y, {x: 3}) == 20
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"exclusive=True: more than 1 conditions \(Less:0,"
    ):
        run(y, {x: 0})


def test_case_takes_dicts_and_warns_of_plain_ones():
    x = tf.placeholder(tf.int32, [])
    ordered = collections.OrderedDict(pairs(x))

    assert run(tf.case(ordered), {x: 0}) == 10
    assert run(tf.case(dict(pairs(x)), exclusive=True), {x: 3}) == 20
    with pytest.warns(UserWarning, match="unordered dictionary of predicate/fn pairs"):
        tf.case(dict(pairs(x)))


@pytest.mark.parametrize(
    ("wrong", "phrase"),
    [
        (3, "fns must be a list, tuple, or dict"),
        ([3], "Each entry in pred_fn_pairs must be a 2-tuple"),
        ([(True, lambda: 1)], "pred must be Tensor, got: True"),
    ],
)
def test_case_refuses_what_are_no_pairs(wrong, phrase):
    with pytest.raises(TypeError, match=phrase):
        tf.case(wrong)
    with pytest.raises(TypeError, match="pred must be Tensor of type bool"):
        tf.case([(tf.constant(1), lambda: 1)])
    with pytest.raises(TypeError, match=r"fn for pred .* must be callable"):
        tf.case([(tf.constant(True), 1)])


def functions():
    return [lambda: tf.constant(10), lambda: tf.constant(20), lambda: tf.constant(30)]


@pytest.mark.parametrize(
    "make", [list, lambda f: dict(enumerate(f)), lambda f: list(enumerate(f))[::-1]]
)
def test_switch_case_takes_the_function_of_that_number(make):
    i = tf.placeholder(tf.int32, [])
    y = tf.switch_case(i, make(functions()))
    z = tf.switch_case(i, make(functions()), default=lambda: tf.constant(-1))
    with tf.Session() as session:
        assert [session.run(y, {i: n}) for n in (-5, 0, 1, 2, 7)] == [30, 10, 20, 30, 30]
        assert [session.run(z, {i: n}) for n in (-5, 0, 1, 2, 7)] == [-1, 10, 20, 30, -1]


def test_switch_case_refuses_gaps_and_what_is_no_function():
    i = tf.placeholder(tf.int32, [])

    with pytest.raises(ValueError, match=r"contiguous range of \[0 to 2\) but found \{0,2\}"):
        tf.switch_case(i, {0: lambda: 1, 2: lambda: 2})
    with pytest.raises(TypeError, match="must be callable"):
        tf.switch_case(i, {0: 1})
    with pytest.raises(ValueError, match="at least one item in branch_fns"):
        tf.switch_case(i, [])
    with pytest.raises(TypeError, match="must be an integer Tensor"):
        tf.switch_case(tf.constant(1.0), functions())
    with pytest.raises(TypeError, match="branch_index must be a Tensor"):
        tf.switch_case(1, functions())
    with pytest.raises(TypeError, match="must be a list, tuple, or dict"):
        tf.switch_case(i, 3)
