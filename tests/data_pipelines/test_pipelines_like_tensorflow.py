"""Pipelines at random do in MiniTF what they do in TensorFlow, over two iterations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ops.data.elements import END, plain

import minitf as tf

pytestmark = pytest.mark.tensorflow
few, some = st.integers(1, 3), st.integers(0, 4)


def number_of(lib, *parts):
    """One whole number of an element of any structure."""
    part = parts[0]
    while isinstance(part, (tuple, dict)):
        part = part[0] if isinstance(part, tuple) else part[min(part)]
    values = part.values if isinstance(part, lib.SparseTensor) else part
    return lib.reduce_sum(lib.cast(values, lib.int64))


def reducer_of(lib):
    return lib.data.experimental.Reducer(
        lambda key: (key, key * 0),
        lambda state, *parts: (state[0], state[1] + number_of(lib, *parts)),
        lambda *state: state,
    )


SOURCES = {
    "range": lambda lib, n: lib.data.Dataset.range(n + 3),
    "dict": lambda lib, n: lib.data.Dataset.from_tensor_slices(
        {"b": np.arange(3 * n + 3, dtype=np.float32).reshape(-1, 3), "a": np.arange(n + 1)}
    ),
    "nested": lambda lib, n: lib.data.Dataset.from_tensor_slices(
        (np.arange(n + 2), (np.arange(n + 2) * 2.5, [b"word"] * (n + 2)))
    ),
    "sparse": lambda lib, n: lib.data.Dataset.from_tensor_slices(
        lib.SparseTensor([[i, i % 2] for i in range(n + 1)], list(range(n + 1)), [n + 1, 2])
    ),
    "generator": lambda lib, n: lib.data.Dataset.from_generator(
        lambda: ((i, [i] * i) for i in range(n + 1)), (lib.int64, lib.int32), ([], [None])
    ),
}
STEPS = {
    "map": (some, lambda lib, d, p: d.map(lambda *x: {"n": number_of(lib, *x) + p, "x": x})),
    "several": (few, lambda lib, d, p: d.map(lambda *x: number_of(lib, *x) * 2, p)),
    "fail": (
        some,
        lambda lib, d, p: d.map(
            lambda *x: lib.check_numerics(1 / lib.cast(number_of(lib, *x) - p, lib.float32), "oops")
        ),
    ),
    "filter": (few, lambda lib, d, p: d.filter(lambda *x: lib.equal(number_of(lib, *x) % p, 0))),
    "batch": (st.tuples(few, st.booleans()), lambda lib, d, p: d.batch(*p)),
    "unbatch": (few, lambda lib, d, p: d.batch(p).unbatch()),
    "repeat": (few, lambda lib, d, p: d.repeat(p - 1)),
    "take": (st.integers(-1, 4), lambda lib, d, p: d.take(p)),
    "skip": (st.integers(-1, 4), lambda lib, d, p: d.skip(p)),
    "shard": (st.integers(0, 2), lambda lib, d, p: d.shard(3, p)),
    "shuffle": (few, lambda lib, d, p: d.shuffle(p, seed=7)),
    "concatenate": (some, lambda lib, d, p: d.concatenate(d.take(p))),
    "zip": (some, lambda lib, d, p: lib.data.Dataset.zip((d, {"z": lib.data.Dataset.range(p)}))),
    "windows": (
        st.tuples(few, few, few, st.booleans()),
        lambda lib, d, p: (
            d.map(lambda *x: number_of(lib, *x)).window(*p).flat_map(lambda window: window.batch(2))
        ),
    ),
    "interleave": (
        st.tuples(few, few),
        lambda lib, d, p: d.interleave(
            lambda *x: lib.data.Dataset.range(number_of(lib, *x) % 4), *p
        ),
    ),
    "enumerate": (some, lambda lib, d, p: d.enumerate(p)),
    "scan": (
        some,
        lambda lib, d, p: d.apply(
            lib.data.experimental.scan(
                np.int64(p), lambda state, *x: (state + number_of(lib, *x), state)
            )
        ),
    ),
    "prefetch": (some, lambda lib, d, p: d.prefetch(p)),
    "cache": (some, lambda lib, d, p: d.cache()),
    "ignore": (some, lambda lib, d, p: d.apply(lib.data.experimental.ignore_errors())),
    "groups": (
        few,
        lambda lib, d, p: d.apply(
            lib.data.experimental.group_by_window(
                lambda *x: number_of(lib, *x) % 2, lambda key, group: group.batch(p), window_size=p
            )
        ),
    ),
    "reduced": (
        few,
        lambda lib, d, p: d.apply(
            lib.data.experimental.group_by_reducer(
                lambda *x: number_of(lib, *x) % p, reducer_of(lib)
            )
        ),
    ),
    "mapped batches": (
        st.tuples(few, few),
        lambda lib, d, p: d.apply(
            lib.data.experimental.map_and_batch(
                lambda *x: number_of(lib, *x), p[0], num_parallel_calls=p[1]
            )
        ),
    ),
}
steps = st.sampled_from(sorted(STEPS)).flatmap(
    lambda name: st.tuples(st.just(name), STEPS[name][0])
)


def story(lib, source, size, chain):
    """What a pipeline says of its elements, and what two iterations give."""
    with lib.Graph().as_default():
        data = SOURCES[source](lib, size)
        for name, argument in chain:
            data = STEPS[name][1](lib, data, argument)
        iterator = lib.data.make_initializable_iterator(data)
        following = iterator.get_next()
        count = lib.data.experimental.cardinality(data)
        shapes = lib.nest.flatten(lib.data.get_output_shapes(data))
        kinds = lib.nest.flatten(lib.data.get_output_types(data))
        found = [
            [None if each.ndims is None else each.as_list() for each in shapes],
            [each.name for each in kinds],
        ]
        with lib.Session() as session:
            found.append(int(session.run(count)))
            for _ in range(2):
                session.run(iterator.initializer)
                while len(found) < 60:
                    try:
                        found.append(plain(session.run(following)))
                    except lib.errors.OpError as error:
                        found.append(type(error).__name__)
                        if found[-1] == END:
                            break
    return found


@pytest.mark.long
@given(source=st.sampled_from(sorted(SOURCES)), size=some, chain=st.lists(steps, max_size=3))
@settings(max_examples=60)
def test_pipelines_at_random(tensorflow, source, size, chain):
    assert story(tf, source, size, chain) == story(tensorflow, source, size, chain)


@pytest.mark.parametrize("name", STEPS)
def test_each_step_behind_one_that_fails(tensorflow, name):
    argument = {"windows": (2, 1, 2, False), "batch": (2, False)}.get(name, 1)
    if name in ("interleave", "mapped batches"):
        argument = (2, 2)
    chain = [("fail", 2), (name, argument)]
    if name == "batch":  # which TensorFlow would make one with the map
        chain.insert(1, ("prefetch", 1))

    assert story(tf, "range", 3, chain) == story(tensorflow, "range", 3, chain)
