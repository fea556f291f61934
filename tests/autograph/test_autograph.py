"""`tf.autograph`: what is converted, what stays Python, and what errors say."""

# Programs of users, which are converted, are written as users write them.
# ruff: noqa: F821, F841, PLW0108, RET503, RET504, SIM108, SIM113, T201

from __future__ import annotations

import functools
import inspect
import logging
import traceback

import numpy as np
import pytest
from autograph_programs import defined

import minitf as tf

Feature = tf.autograph.experimental.Feature


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def both(function, *args):
    """What a function gives in a graph and as a `tf.function`, on tensors of some values."""
    tensors = [tf.constant(each) for each in args]
    return [run(tf.autograph.to_graph(function)(*tensors)), run(tf.function(function)(*tensors))]


# --- what is converted ----------------------------------------------------------------------------


def factorial(n):
    return 1 if n < 2 else n * halved_or_not(n - 1, factorial)


def halved_or_not(n, then):
    if n < 0:
        return n / 2
    return then(n) if callable(then) else n


def test_functions_that_are_called_are_converted_and_python_values_stay_python():
    def count(n, x):
        return factorial(n) + halved_or_not(x, tf.identity)

    converted = tf.autograph.to_graph(count)

    assert converted(5, -2.0) == 119
    assert run(converted(5, tf.constant(-2.0))) == 119


def test_recursive_false_leaves_called_functions_as_they_are():
    def outer(x):
        return halved_or_not(x, tf.identity)

    with pytest.raises(TypeError, match="Python `bool`"):
        tf.autograph.to_graph(outer, recursive=False)(tf.constant(1.0))
    assert run(tf.autograph.to_graph(outer)(tf.constant(-1.0))) == -0.5


def test_closures_and_globals_are_the_programs_own():
    seen = 0

    def counting(x):
        nonlocal seen
        seen += 1
        if x > 0:
            x = x * seen
        return x

    converted = tf.autograph.to_graph(counting)
    found = [converted(tf.constant(1)) for _ in range(3)]

    assert run(found) == [1, 2, 3]
    assert seen == 3


def test_variables_of_functions_around_live_longer_than_the_function():
    def total(x):
        sum_ = tf.constant(0)

        def add(value):
            nonlocal sum_
            if value > 1:
                sum_ = sum_ + value

        add(x)
        add(x - 3)
        add(x + 1)
        return sum_

    assert both(total, 3) == [7, 7]


class Doubler:
    """Names of a class are private to it, and `super()` is of it."""

    def __init__(self, times):
        self.__times = times
        self.total = 0

    def __call__(self, x):
        for _ in range(self.__times):
            x = x * 2 if x < 100 else x
        return x

    def sum_to(self, n):
        while self.total < n:
            self.total = self.total + 3
        return self.total


class Quadrupler(Doubler):
    def __call__(self, x):
        if x > 0:
            x = super().__call__(x)
        return super().__call__(x)


def test_methods_objects_and_partial_functions_are_converted():
    assert both(lambda x: Quadrupler(1)(x), 3) == [12, 12]
    assert both(lambda x: functools.partial(halved_or_not, then=Doubler(2))(x), 3.0) == [12, 12]


def test_an_attribute_is_a_variable_of_a_loop():
    assert both(lambda n: Doubler(1).sum_to(n), 7) == [9, 9]


def test_a_method_that_is_a_function_is_converted_for_each_object():
    class Model:
        def __init__(self, k):
            self.k = k

        @tf.function
        def __call__(self, x):
            if x > 0:
                return x * self.k
            return x

    x = tf.constant(2)

    assert run([Model(3)(x), Model(5)(x), Model(5)(-x)]) == [6, 10, -2]


def test_functions_of_datasets_and_of_map_fn_are_converted():
    def odd_part(x):
        while tf.equal(x % 2, 0) and x > 0:
            x = x // 2
        return x

    halved = tf.data.Dataset.range(1, 8).map(odd_part)

    found = run(halved.reduce(tf.constant(0, tf.int64), lambda s, x: s * 10 + x))
    assert found == 1131537
    assert run(tf.map_fn(odd_part, tf.constant([6, 7, 8]))).tolist() == [3, 7, 1]


def test_layers_of_the_program_are_converted():
    class Clipped(tf.keras.layers.Layer):
        def call(self, x):
            if tf.reduce_max(x) > 1.0:
                x = x / tf.reduce_max(x)
            return x

    assert run(Clipped()(tf.constant([1.0, 2.0]))).tolist() == [0.5, 1]


def test_nothing_is_converted_inside_what_says_so():
    @tf.autograph.experimental.do_not_convert
    def left(x):
        return tf.map_fn(lambda each: 1 if each is None else each, x) if x is not None else 0

    @tf.autograph.experimental.do_not_convert()
    def branching(x):
        return 1 if x > 0 else 2

    assert both(lambda x: left(x), [1, 2])[0].tolist() == [1, 2]
    with pytest.raises(TypeError, match="Python `bool`"):
        tf.autograph.to_graph(lambda x: branching(x))(tf.constant(1))
    with pytest.raises(TypeError, match="Python `bool`"):
        tf.function(lambda x: 1 if x > 0 else 2, autograph=False)(tf.constant(1))


# --- loops ----------------------------------------------------------------------------------------


def test_a_loop_over_a_dataset_ends_at_a_break():
    def total(limit):
        s = tf.constant(0, tf.int64)
        for i, x in enumerate(tf.data.Dataset.range(10).repeat()):
            if s > limit:
                break
            if x < 2:
                continue
            s += x * i
        return s

    assert both(total, np.int64(20)) == [29, 29]


def test_rows_of_a_tensor_strings_and_ranges_are_iterated():
    def joined(rows, words, n):
        total, text = 0, tf.constant("")
        for row in rows:
            total += tf.reduce_prod(row)
        for word in words:
            text += word
        for i in range(n, -n, -2):
            total += i * len(rows)
        return total, text

    found = both(joined, [[1, 2], [3, 4]], ["a", "b"], 3)

    assert found == [(14 + 2 * 3, b"ab")] * 2


def test_a_loop_that_python_begins_goes_on_in_the_graph():
    def first_power_above(n):
        x = 1
        while True:
            x = x * n
            if x > 50:
                break
        return x

    assert both(first_power_above, 3) == [81, 81]


def test_a_loop_that_only_a_return_leaves_always_returns():
    def first_power_above(n):
        while True:
            if n > 50:
                return n
            n = n * 3

    assert both(first_power_above, 3) == [81, 81]


def test_what_a_walrus_binds_is_a_variable_of_the_loop():
    def double_until(n):
        i = 0
        while (y := i * 2) < n:
            i += 1
        return y

    assert both(double_until, 5) == [6, 6]


def test_loop_options_reach_the_loop():
    def counted(n):
        i = 0
        while i < n:
            tf.autograph.experimental.set_loop_options(maximum_iterations=3, back_prop=False)
            i += 1
        return i

    assert both(counted, 10) == [3, 3]


def test_a_variable_of_a_loop_that_is_never_gone_through_is_missed_when_the_graph_runs():
    def last(n):
        for i in range(n):
            x = i * 2
        return x

    assert both(last, 3) == [4, 4]
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"iterate at least once to init.* x"):
        both(last, 0)


def test_tensor_arrays_are_written_in_branches_of_loops():
    def signs(xs):
        made = tf.TensorArray(tf.int32, 0, dynamic_size=True)
        i = 0
        for x in xs:
            if x > 0:
                made = made.write(i, x)
            else:
                made = made.write(i, -x)
            i += 1
        return made.stack()

    assert [each.tolist() for each in both(signs, [3, -4, 5])] == [[3, 4, 5]] * 2


def test_gradients_go_through_loops_and_branches():
    def cubed_if_small(x):
        y = x
        for _ in range(2):
            if y < 20.0:
                y = y * x
        return tf.gradients(y, x)[0]

    graph, function = both(cubed_if_small, 3.0), both(cubed_if_small, 5.0)
    assert graph == [27, 27]
    assert function == [10, 10]


# --- features -------------------------------------------------------------------------------------


def test_equality_asserts_print_and_names_are_converted_where_asked_for(capfd):
    def checked(x):
        assert x > 0, "too small"
        y = x * 2
        if y == 4:
            y = y + 1
        return y

    def shown(x):
        print("x is", x)
        return x

    convert = functools.partial(tf.autograph.to_graph, experimental_optional_features=Feature.ALL)
    run(
        tf.function(shown, experimental_autograph_options=Feature.BUILTIN_FUNCTIONS)(tf.constant(3))
    )

    made = convert(checked)(tf.constant(2))
    assert run(made) == 5
    assert "checked/mul" in [op.name for op in tf.get_default_graph().get_operations()]
    assert capfd.readouterr().out == "x is 3\n"
    with pytest.raises(tf.errors.InvalidArgumentError, match="too small"):
        run(
            tf.function(checked, experimental_autograph_options=[Feature.ASSERT_STATEMENTS])(
                tf.constant(-2)
            )
        )
    with pytest.raises(TypeError, match=r"Not a tf\.autograph"):
        tf.function(checked, experimental_autograph_options=["ALL"])


def test_lists_are_values_where_asked_for():
    def replaced(x):
        rows = []
        rows.append(x)
        rows.append(x + 1)
        last = rows.pop()
        x[0] = 7
        made = tf.TensorArray(tf.int32, 0, dynamic_size=True)
        made.append(last[0])
        return x, last, made.stack()

    convert = tf.autograph.to_graph(replaced, experimental_optional_features=Feature.LISTS)

    assert [each.tolist() for each in run(convert(tf.constant([1, 2])))] == [[7, 2], [2, 3], [2]]


# --- errors ---------------------------------------------------------------------------------------


def one_sided(x):
    if x > 0:
        y = x
    return y


def half_returning(x):
    if x > 0:
        return x


def other_type(x):
    y = 1 if x > 0 else 2.0
    return y


def growing(x):
    y = tf.constant([1])
    while x > 0:
        y = tf.concat([y, y], 0)
        x -= 1
    return y


def unbound_in_loop(x):
    while x > 0:
        if x < 3:
            x = x - y
        y = 1
    return x


def from_none(x):
    y = None
    while x > 0:
        y = x
        x -= 1
    return y


def none_in_one(x):
    y = None
    if x > 0:
        y = x
    return y


def other_structure(x):
    if x > 0:
        y = [1, 2]
    else:
        y = [1]
    return y


def python_loop(x):
    for i in [1, 2]:
        if i > x:
            break
    return i


def scalar_loop(x):
    for _ in x:
        x += 1
    return x


def no_condition(x):
    if x:
        x += 1
    return x


@pytest.mark.parametrize(
    ("function", "kind", "text"),
    [
        (one_sided, ValueError, "'y' must also be initialized in the else branch"),
        (half_returning, ValueError, "the else branch must also have a return statement"),
        (other_type, TypeError, "dtype int32 in the main branch, but dtype float32 in the else"),
        (growing, ValueError, r"'y' has shape \(1,\) before the loop, but shape \(2,\) after one"),
        (unbound_in_loop, ValueError, "'y' must be defined before the loop"),
        (from_none, ValueError, "'y' is not allowed to be None before the loop"),
        (none_in_one, ValueError, "'y' is None at the end of the else branch"),
        (other_structure, TypeError, "'y' must have the same nested structure in the main and"),
        (python_loop, NotImplementedError, "break and return statements which depend on a TF"),
        (scalar_loop, ValueError, "len requires a non-scalar tensor"),
        (no_condition, ValueError, "condition of if statement expected to be `tf.bool` scalar"),
    ],
)
def test_errors_name_the_variable_and_the_programs_line(function, kind, text):
    for convert in (tf.autograph.to_graph, tf.function):
        with pytest.raises(kind, match=text) as caught:
            convert(function)(tf.constant(2))

        places = [
            (each.filename, each.lineno)
            for each in traceback.extract_tb(caught.value.__traceback__)
        ]
        first = function.__code__.co_firstlineno
        assert any(name == __file__ and first < line < first + 6 for name, line in places)


def test_operations_and_errors_of_the_program_are_of_its_lines():
    def broken(x):
        if x > 0:
            x = tf.matmul(x, x)
        return x

    with pytest.raises(ValueError, match=r"test_autograph\.py:\d+: x = tf\.matmul\(x, x\)|rank"):
        tf.autograph.to_graph(broken)(tf.constant(1.0))
    made = tf.autograph.to_graph(lambda x: -x if x > 0 else x)(tf.constant(1.0))
    (site,) = {tf_line(op) for op in made.graph.get_operations() if op.type == "Neg"}
    assert site.startswith(__file__)


def tf_line(op):
    from minitf import source

    return source.describe(op.site)


def test_a_function_without_source_runs_as_it_is_and_that_is_told_once(caplog):
    names = {}
    exec("def hidden(x):\n    y = abs(x)\n    return y if y is not None else 0\n", names)
    hidden = names["hidden"]

    def caller(x):
        return hidden(x)

    with caplog.at_level(logging.WARNING, logger="tensorflow"):
        assert both(caller, -2) == [2, 2]

    told = [each.getMessage() for each in caplog.records]
    assert len([each for each in told if "hidden" in each]) == 1
    assert "could not be transformed and will be executed as-is" in told[0]
    with pytest.raises(ValueError, match="could not get source code"):
        tf.autograph.to_graph(hidden)
    for wrong in (3, len, Doubler):
        with pytest.raises(ValueError, match="doesn't expose a __code__ object"):
            tf.autograph.to_graph(wrong)


def test_code_is_python_and_does_the_same():
    def f(x, k=2):
        """Double a few times."""
        while x < 10:
            x = x * k
        return x

    text = tf.autograph.to_code(f, indentation="    ")

    assert text.splitlines()[1] == '    """Double a few times."""'
    assert "ag__.while_stmt(" in text
    compile(text, "<code>", "exec")


def test_what_is_told_can_be_chosen(caplog, capsys):
    tf.autograph.set_verbosity(1, alsologtostdout=True)
    try:
        both(lambda x: halved_or_not(x, tf.identity), 1.0)
    finally:
        tf.autograph.set_verbosity(0)
    tf.autograph.trace("seen", 3)

    out = capsys.readouterr().out
    assert "Converted call: <function halved_or_not" in out
    assert out.endswith("seen 3\n")


# --- TensorFlow -----------------------------------------------------------------------------------

PROGRAMS = {
    "return in branches": "def f(x, y):\n  if x > y:\n    return x\n  y = y * 2\n  return y\n",
    "while": "def f(x, y):\n  while x < 20 and y > 0:\n    x = x + y\n    y -= 1\n  return x, y\n",
    "for": "def f(x, y):\n  for i in tf.range(y):\n    x += i\n  return x\n",
    "break": (
        "def f(x, y):\n  for i in tf.range(9):\n    if i > y:\n      break\n    x += i\n"
        "  return x\n"
    ),
    "continue": (
        "def f(x, y):\n  for i in tf.range(9):\n    if i < y:\n      continue\n    x += i\n"
        "  return x\n"
    ),
    "conditional": "def f(x, y):\n  return (x, y) if x > y else (y, x + 1)\n",
    "logic": "def f(x, y):\n  return not (x > y or y > 2) and x < 5\n",
    "chain": "def f(x, y):\n  return 1 < x < y\n",
    "builtins": "def f(x, y):\n  return abs(-x), float(y), int(x), range(y), len(tf.stack([x]))\n",
    "places": (
        "def f(x, y):\n  d = {'v': x}\n  while d['v'] < 9:\n    d['v'] = d['v'] + y\n"
        "  return d['v']\n"
    ),
    "dataset": (
        "def f(x, y):\n  for v in tf.data.Dataset.range(6):\n"
        "    x += tf.cast(v, tf.int32) * y\n  return x\n"
    ),
    "nested": (
        "def f(x, y):\n  def g(z):\n    if z > x:\n      return z - x\n    return z\n"
        "  for i in tf.range(4):\n    y += g(i)\n  return y\n"
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS)
def test_programs_compute_what_tensorflow_computes(tensorflow, source):
    def found(tf, x, y):
        f = defined(source, tf=tf)
        with tf.Graph().as_default(), tf.Session() as session:
            made = tf.autograph.to_graph(f)(tf.constant(x), tf.constant(y))
            return session.run(tf.nest.map_structure(tf.convert_to_tensor, made))

    for x, y in ((1, 3), (4, 2)):
        ours, theirs = found(tf, x, y), found(tensorflow, x, y)

        assert tf.nest.map_structure(lambda each: each.tolist(), ours) == tf.nest.map_structure(
            lambda each: each.tolist(), theirs
        )
        assert [each.dtype for each in tf.nest.flatten(ours)] == [
            each.dtype for each in tf.nest.flatten(theirs)
        ]


REFUSED = [one_sided, other_type, growing, none_in_one, other_structure, python_loop]


@pytest.mark.tensorflow
@pytest.mark.parametrize("function", REFUSED, ids=lambda each: each.__name__)
def test_programs_are_refused_that_tensorflow_refuses(tensorflow, function):
    source = inspect.getsource(function)
    kinds = []
    for module in (tf, tensorflow):
        with (
            module.Graph().as_default(),
            pytest.raises((ValueError, TypeError, NotImplementedError)) as caught,
        ):
            module.autograph.to_graph(defined(source, function.__name__, tf=module))(
                module.constant(2)
            )
        kinds.append(type(caught.value))

    assert kinds[0] is kinds[1]
