"""Small programs with branches and loops, each built with either library."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np

Pair = collections.namedtuple("Pair", ["j", "k"])  # noqa: PYI024 as TensorFlow's users write


def inputs(tf: Any) -> tuple[Any, Any, Any]:
    """Return a float scalar, a float vector and a truth value, fed."""
    x = fed(tf, np.float32(3))
    v = fed(tf, np.array([1, 2], np.float32))
    p = fed(tf, np.bool_(True))
    return x, v, p


def fed(tf: Any, value: Any, shape: Any = None) -> Any:
    made = tf.placeholder(value.dtype, value.shape if shape is None else shape)
    tf.add_to_collection("feeds", (made, value))
    return made


def cond_of_two(tf):
    x, _, p = inputs(tf)
    return tf.cond(p, lambda: x + 1.0, lambda: -x)


def cond_of_constants(tf):
    _, _, p = inputs(tf)
    return tf.cond(p, lambda: 1.0, lambda: tf.constant(2.0))


def cond_of_outer_values(tf):
    x, v, p = inputs(tf)
    return tf.cond(p, lambda: x, lambda: tf.reduce_sum(v))


def cond_of_structures(tf):
    x, v, p = inputs(tf)
    made = tf.cond(
        p,
        lambda: {"a": x, "b": [v, Pair(x * x, v)]},
        lambda: {"a": -x, "b": [v + v, Pair(x, x * v)]},
    )
    return [made["a"], made["b"][0], made["b"][1].j, made["b"][1].k]


def cond_of_one_in_a_list(tf):
    x, _, p = inputs(tf)
    return tf.cond(p, lambda: [x], lambda: [-x])


def cond_strict(tf):
    x, _, p = inputs(tf)
    return tf.cond(p, lambda: [x], lambda: [-x], strict=True)


def cond_in_cond(tf):
    x, _, p = inputs(tf)
    q = x > 5.0
    return tf.cond(
        p,
        lambda: tf.cond(q, lambda: x + 1.0, lambda: x * 2.0),
        lambda: tf.cond(q, lambda: x - 1.0, lambda: -x),
    )


def cond_of_operations(tf):
    x, _, p = inputs(tf)
    return tf.cond(p, lambda: tf.group(x + 1.0), tf.no_op)


def cond_with_control_dependencies(tf):
    x, v, p = inputs(tf)
    before = tf.identity(v)

    def branch():
        with tf.control_dependencies([before, tf.identity(x)]):
            return tf.constant(5.0) + x

    with tf.control_dependencies([v]):
        return tf.cond(p, branch, lambda: x)


def cond_of_a_ref_variable(tf):
    _, _, p = inputs(tf)
    w = tf.get_variable("w", initializer=1.0)
    return tf.cond(p, lambda: tf.assign_add(w, 2.0), lambda: tf.assign(w, 7.0)).op.name and p


def cond_of_a_resource_variable(tf):
    _, _, p = inputs(tf)
    w = tf.get_variable("w", initializer=1.0, use_resource=True)
    tf.cond(p, lambda: w + 1.0, lambda: tf.identity(w.assign(7.0)))
    return p


def cond_on_a_device(tf):
    x, _, p = inputs(tf)
    with tf.device("/cpu:0"):
        return tf.cond(p, lambda: x + 1.0, lambda: -x)


def case_of_three(tf):
    x, _, _ = inputs(tf)
    return tf.case([(x < 1.0, lambda: x), (x < 4.0, lambda: -x)], default=lambda: x * x)


def case_exclusive(tf):
    x, _, _ = inputs(tf)
    return tf.case([(x < 1.0, lambda: x), (x < 4.0, lambda: -x)], exclusive=True)


def loop_of_a_counter(tf):
    return tf.while_loop(lambda i: i < 10, lambda i: i + 1, [0])


def loop_of_two(tf):
    x, _, _ = inputs(tf)
    return tf.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s * x), [0, 1.0])


def loop_of_structures(tf):
    i, pair = tf.while_loop(
        lambda i, p: i < 4, lambda i, p: (i + 1, Pair(p.j + p.k, p.j - p.k)), (0, Pair(1, 2))
    )
    return [i, pair.j, pair.k]


def loop_of_a_dict(tf):
    made = tf.while_loop(
        lambda d: d["i"] < 3, lambda d: [{"i": d["i"] + 1, "s": d["s"] * 2.0}], [{"i": 0, "s": 1.0}]
    )
    return [made[0]["i"], made[0]["s"]]


def loop_with_options(tf):
    x, _, _ = inputs(tf)
    return tf.while_loop(
        lambda i, s: i < 4,
        lambda i, s: (i + 1, s * x),
        [0, 1.0],
        parallel_iterations=3,
        swap_memory=True,
        back_prop=False,
        name="named",
    )


def loop_with_a_limit(tf):
    x, _, _ = inputs(tf)
    return tf.while_loop(lambda s: s < 1000.0, lambda s: s * x, [x], maximum_iterations=3)


def loop_of_two_with_a_limit(tf):
    x, _, _ = inputs(tf)
    return tf.while_loop(
        lambda i, s: s < 1000.0, lambda i, s: [i + 1, s * x], [0, x], maximum_iterations=3
    )


def loop_that_grows(tf):
    _, v, _ = inputs(tf)
    return tf.while_loop(
        lambda i, m: i < 3,
        lambda i, m: [i + 1, tf.concat([m, m], axis=0)],
        [0, v],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )


def loop_in_loop(tf):
    x, _, _ = inputs(tf)

    def outer(i, s):
        _, t = tf.while_loop(lambda j, _: j < i, lambda j, t: (j + 1, t + x), [0, s])
        return i + 1, t

    return tf.while_loop(lambda i, _: i < 4, outer, [0, 0.0])


def cond_in_loop(tf):
    x, _, p = inputs(tf)
    return tf.while_loop(
        lambda i, s: i < 5,
        lambda i, s: (
            i + 1,
            tf.cond(tf.logical_and(p, i < 2), lambda: s + x, lambda: s * 2.0),
        ),
        [0, 0.0],
    )


def loop_in_cond(tf):
    x, _, p = inputs(tf)
    return tf.cond(
        p,
        lambda: tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s * x), [0, x])[1],
        lambda: x,
    )


def loop_with_control_dependencies(tf):
    x, v, _ = inputs(tf)
    before = tf.identity(v)

    def body(i, s):
        with tf.control_dependencies([before, s]):
            one = tf.constant(1)
        with tf.control_dependencies([before]):
            return i + one, s * x

    with tf.control_dependencies([v]):
        return tf.while_loop(lambda i, s: i < 3, body, [0, 1.0])


def loop_that_makes_constants_of_invariants(tf):
    x, _, _ = inputs(tf)
    return tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s + x * x), [0, 0.0])


def loop_that_returns_invariants(tf):
    x, _, _ = inputs(tf)
    return tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, x), [0, 0.0])


def loop_of_a_ref_variable(tf):
    inputs(tf)
    w = tf.get_variable("w", initializer=1.0)

    def body(i):
        with tf.control_dependencies([tf.assign_add(w, 2.0)]):
            return i + 1

    return tf.while_loop(lambda i: i < 3, body, [0]).op.inputs[0].op.name and tf.constant(0)


def loop_that_steps_out(tf):
    inputs(tf)

    def body(i):
        with tf.control_dependencies(None):
            outside = tf.constant(1) + 0
        return i + outside

    return tf.while_loop(lambda i: i < 3, body, [0])


def loop_that_writes_an_array(tf):
    x, _, _ = inputs(tf)
    array = tf.TensorArray(tf.float32, size=4)
    _, array = tf.while_loop(
        lambda i, a: i < 4, lambda i, a: (i + 1, a.write(i, tf.cast(i, tf.float32) * x)), [0, array]
    )
    return array.stack()


def arrays_of_all_kinds(tf):
    _, v, _ = inputs(tf)
    one = tf.TensorArray(tf.float32, size=2, clear_after_read=False).unstack(v)
    two = tf.TensorArray(tf.float32, size=0, dynamic_size=True, infer_shape=False)
    two = two.write(0, v).write(1, v)
    three = tf.TensorArray(tf.float32, 2, element_shape=[1], colocate_with_first_write_call=False)
    three = three.split(v, [1, 1])
    four = tf.TensorArray(tf.float32, 3, tensor_array_name="four", name="named")
    four = four.scatter([2, 0], v).write(1, 5.0).identity()
    read = one.read(0)
    return [
        read,
        one.gather([1, 0]),
        two.concat(),
        two.size(),
        three.stack(),
        four.stack(),
        one.size(),
    ]


def array_in_cond(tf):
    x, _, p = inputs(tf)
    array = tf.TensorArray(tf.float32, size=1)
    array = tf.cond(p, lambda: array.write(0, x), lambda: array.write(0, -x))
    return array.read(0)


def map_of_one(tf):
    _, v, _ = inputs(tf)
    return tf.map_fn(lambda e: e * e, v)


def map_of_structures(tf):
    _, v, _ = inputs(tf)
    made = tf.map_fn(
        lambda e: {"x": e[0] * e[1], "y": (e[1], tf.cast(e[0], tf.int32))},
        (v, v + 1.0),
        dtype={"x": tf.float32, "y": (tf.float32, tf.int32)},
    )
    return [made["x"], *made["y"]]


def map_of_an_unknown_size(tf):
    v = fed(tf, np.array([1, 2, 3], np.float32), [None])
    return tf.map_fn(lambda e: e + 1.0, v, parallel_iterations=2, infer_shape=False, name="named")


def map_with_a_variable(tf):
    _, v, _ = inputs(tf)

    def multiplied(e):
        return e * tf.get_variable("w", initializer=2.0)

    made = tf.map_fn(multiplied, v)
    tf.add_to_collection("initializers", tf.global_variables_initializer())
    return made


def foldl_of_a_vector(tf):
    _, v, _ = inputs(tf)
    return tf.foldl(lambda a, e: a * 2.0 + e, v)


def foldl_from_a_value(tf):
    x, v, _ = inputs(tf)
    return tf.foldl(lambda a, e: a + e[0] * e[1], (v, v), initializer=x)


def foldr_of_a_vector(tf):
    _, v, _ = inputs(tf)
    return tf.foldr(lambda a, e: a * 2.0 + e, v)


def foldr_from_a_value(tf):
    x, v, _ = inputs(tf)
    return tf.foldr(lambda a, e: a * 2.0 + e, v, initializer=x)


def scan_of_a_vector(tf):
    _, v, _ = inputs(tf)
    return tf.scan(lambda a, e: a * 2.0 + e, v)


def scan_in_reverse(tf):
    x, v, _ = inputs(tf)
    return [
        tf.scan(lambda a, e: a * 2.0 + e, v, reverse=True),
        tf.scan(lambda a, e: a * 2.0 + e, v, initializer=x, reverse=True),
    ]


def scan_of_structures(tf):
    x, v, _ = inputs(tf)
    made = tf.scan(lambda a, e: {"s": a["s"] + e, "n": a["n"] + 1}, v, initializer={"s": x, "n": 0})
    return [made["s"], made["n"]]


def scan_of_an_unknown_size(tf):
    v = fed(tf, np.array([[1, 2], [3, 4]], np.float32), [None, 2])
    return tf.scan(lambda a, e: a * e, v, infer_shape=False)


PROGRAMS = {
    name: made
    for name, made in list(globals().items())
    if name.startswith(("cond", "case", "loop", "array", "map", "fold", "scan"))
}
OTHER_NODES = ("case_exclusive",)  # TensorFlow guards its assertions by a branch


def gradient_of(make):
    """Return the program that differentiates the results of another by what is fed."""

    def differentiated(tf):
        made = make(tf)
        results = list(made) if isinstance(made, (list, tuple)) else [made]
        ys = [each for each in results if each.dtype.is_floating]
        xs = [x for x, _ in tf.get_collection("feeds") if x.dtype.is_floating]
        ones = [tf.ones_like(y) for y in ys]  # TensorFlow 2 makes other nodes of its own ones
        return [grad for grad in tf.gradients(ys, xs, grad_ys=ones) if grad is not None]

    return differentiated
