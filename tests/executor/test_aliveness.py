"""Operations that are dead in the same cases, and only those, have the same conditions."""

from executor.clustered import CPU, optimized
from executor.toy_ops import toy

import minitf as tf
from minitf.dtypes import ANY
from minitf.errors import NotFoundError
from minitf.executor.aliveness import Aliveness
from minitf.executor.fusion import _in_order, find_clusters
from minitf.op_def import at_least
from minitf.ops import find_op
from minitf.shapes import Shape
from minitf.symbols import List, N, T, int32
from minitf.symbols import bool as boolean


def control_flow() -> list:
    """Return the ops of branches and loops; where the catalogue has none, some of the same form."""
    names = ("Switch", "Merge", "Enter", "Exit", "NextIteration")
    try:
        return [find_op(name) for name in names]
    except NotFoundError:
        pass

    @toy("Switch", T=ANY, outputs=("output_false", "output_true"))
    def switch(data: T, pred: boolean) -> tuple[T, T]: ...

    @toy("Merge", T=ANY, N=at_least(1), outputs=("output", "value_index"))
    def merge(inputs: List[T, N]) -> tuple[T, int32]: ...

    @toy("Enter", T=ANY)
    def enter(data: T, *, frame_name: str, is_constant: bool = False) -> T: ...

    @toy("Exit", T=ANY)
    def exit_(data: T) -> T: ...

    @toy("NextIteration", T=ANY)
    def next_iteration(data: T) -> T: ...

    switch.shape(lambda data, pred: (data, data))
    merge.shape(lambda inputs: (inputs[0], Shape(())))
    return [switch, merge, enter, exit_, next_iteration]


switch, merge, enter, exit_, next_iteration = control_flow()


def conditions_of(fetches, feeds):
    subgraph = optimized(fetches, feeds)
    alive = Aliveness(subgraph, _in_order(subgraph))
    return lambda tensor: alive.of(subgraph.source(tensor).op)


def conditional():
    x, p = tf.placeholder(tf.float32, [4]), tf.placeholder(tf.bool, [])
    outside = tf.negative(x)
    no, yes = switch(outside, p)
    inside = tf.square(yes) + 1.0
    mixed = inside * outside
    other = tf.square(no)
    merged = merge([other, mixed])[0]
    return x, p, outside, inside, mixed, other, tf.nn.relu(merged)


def test_a_branch_is_one_domain_and_what_follows_the_merge_another():
    with tf.Graph().as_default():
        x, p, outside, inside, mixed, other, after = conditional()
        of = conditions_of([after], [x, p])

    assert of(inside) == of(mixed) == {(p, 1)}
    assert of(other) == {(p, 0)}
    assert of(outside) == of(after) == frozenset()


def test_a_branch_joins_nothing_outside():
    with tf.Graph().as_default():
        x, p, outside, inside, mixed, _, after = conditional()
        subgraph = optimized([after * 2.0, outside + 1.0], [x, p])
        clusters = find_clusters(subgraph, CPU.fuses)
        alive = Aliveness(subgraph, _in_order(subgraph))

    assert {frozenset(alive.of(op) for op in c.members) for c in clusters} == {
        frozenset({frozenset({(p, 1)})}),
        frozenset({frozenset()}),
    }
    (branch,) = (c for c in clusters if mixed.op in c.members)
    assert inside.op in branch.members
    assert outside in branch.inputs


def test_the_rounds_of_a_loop_are_one_domain_and_its_results_belong_outside():
    with tf.Graph().as_default():
        x, limit = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
        entered = [enter(tf.negative(x), frame_name="loop") for _ in range(2)]
        rounds = [merge([each, each])[0] for each in entered]
        goes_on = tf.less(rounds[0], enter(limit, frame_name="loop", is_constant=True))
        switched = [switch(each, goes_on) for each in rounds]
        bodies = [tf.square(each[1]) + switched[0][1] for each in switched]
        for each, body in zip(rounds, bodies, strict=True):
            each.op._update_input(1, next_iteration(body))
        result = exit_(switched[1][0]) + 1.0
        of = conditions_of([result], [x, limit])

    assert of(bodies[0]) == of(bodies[1])
    assert of(bodies[0]) - of(goes_on) == {(goes_on, 1)}
    assert of(result) == frozenset()
    assert of(goes_on) == of(rounds[0]) != frozenset()
