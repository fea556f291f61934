"""Hash tables in open addressing, and tables whose values are vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf

EMPTY, DELETED = 0, -9


def table(**changed):
    arguments = {
        "key_dtype": tf.int64,
        "value_dtype": tf.int64,
        "default_value": -1,
        "empty_key": EMPTY,
        "deleted_key": DELETED,
        "initial_num_buckets": 4,
    }
    return tf.lookup.experimental.DenseHashTable(**{**arguments, **changed})


def numbers(*values):
    return tf.constant(values, tf.int64)


def buckets(session, of):
    keys, values = session.run(of.export())
    return keys.ravel().tolist(), values.ravel().tolist()


def test_the_buckets_are_those_worked_out_by_hand():
    made = table()
    with tf.Session() as session:
        session.run(made.insert(numbers(1, 5), numbers(10, 50)))
        assert buckets(session, made) == ([0, 1, 5, 0], [0, 10, 50, 0])
        session.run(made.remove(numbers(1, 77)))
        assert buckets(session, made)[0] == [0, DELETED, 5, 0]
        assert session.run(made.lookup(numbers(5, 1))).tolist() == [50, -1]
        session.run(made.insert(numbers(9), numbers(90)))
        assert buckets(session, made) == ([0, 9, 5, 0], [0, 90, 50, 0])
        assert session.run(made.size()) == 2


def test_a_key_behind_a_deleted_bucket_is_found_again_not_put_in_twice():
    made = table()
    with tf.Session() as session:
        session.run(made.insert(numbers(1, 5), numbers(10, 50)))
        session.run(made.erase(numbers(1)))
        session.run(made.insert_or_assign(numbers(5), numbers(51)))

        assert buckets(session, made)[0] == [0, DELETED, 5, 0]
        assert session.run(made.size()) == 1


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.lists(st.integers(-8, 8).filter(lambda key: key not in (0, -9)), max_size=6),
        ),
        max_size=6,
    )
)
def test_a_table_answers_as_a_dict(steps):
    entries = {}
    with tf.Graph().as_default(), tf.Session() as session:
        made = table()
        for count, (is_insert, keys) in enumerate(steps):
            values = [count * 100 + i for i in range(len(keys))]
            session.run(
                made.insert(numbers(*keys), numbers(*values))
                if is_insert
                else made.remove(numbers(*keys))
            )
            for key, value in zip(keys, values, strict=True):
                if is_insert:
                    entries[key] = value
                else:
                    entries.pop(key, None)
        asked = [key for key in range(-8, 9) if key != 0]
        found = session.run(made.lookup(numbers(*asked))).tolist()
        keys, _ = buckets(session, made)

        assert found == [entries.get(key, -1) for key in asked]
        assert session.run(made.size()) == len(entries)
        assert sorted(key for key in keys if key not in (0, -9)) == sorted(entries)


@pytest.mark.tensorflow
def test_buckets_lie_where_tensorflows_do(tensorflow):
    from tensorflow.python.ops import lookup_ops

    kinds = [
        ("int64", [0], [9], np.array([[7], [-5], [16], [2**40 + 3]])),
        ("int64", [0, 0], [9, 9], np.array([[1, 2], [3, 4], [-5, 6], [2**62, -1]])),
        ("string", ["E"], ["D"], np.array([["a"], ["bb"], ["hello world"]], object)),
    ]
    for kind, empty, deleted, keys in kinds:
        exported = []
        for module, make in (
            (tf, tf.lookup.experimental.DenseHashTable),
            (tensorflow, lookup_ops.DenseHashTable),
        ):
            with module.Graph().as_default(), module.Session() as session:
                dtype, values = module.as_dtype(kind), np.arange(len(keys)) + 0.5
                made = make(dtype, module.float64, 0.0, empty, deleted, initial_num_buckets=8)
                session.run(made.insert(module.constant(keys, dtype), values))
                exported.append([each.tolist() for each in session.run(made.export())])

        assert exported[0] == exported[1]


def test_keys_and_values_may_be_vectors():
    made = table(
        value_dtype=tf.float32, default_value=[0.0, 7.0], empty_key=[0, 0], deleted_key=[0, 1]
    )
    found = made.lookup(tf.constant([[3, 4], [5, 5]], tf.int64))
    with tf.Session() as session:
        session.run(made.insert(tf.constant([[1, 2], [3, 4]], tf.int64), [[1.0, 2.0], [3.0, 4.0]]))

        assert session.run(found).tolist() == [[3.0, 4.0], [0.0, 7.0]]
    assert found.shape.as_list() == [2, 2]
    assert made.lookup(tf.placeholder(tf.int64, [None, 2])).shape.as_list() == [None, 2]


@pytest.mark.parametrize(
    ("changed", "act", "message"),
    [
        ({"initial_num_buckets": 12}, None, "Number of buckets must be at least 4 and a power of"),
        ({"deleted_key": 0}, None, "Empty and deleted keys cannot be equal"),
        ({"deleted_key": [0]}, None, "Empty and deleted keys must have same shape"),
        ({}, lambda t: t.insert(numbers(0), numbers(1)), "Using the empty_key as a table key"),
        ({}, lambda t: t.lookup(numbers(-9)), "Using the deleted_key as a table key"),
        ({}, lambda t: t.remove(numbers(0)), "Using the empty_key as a table key"),
        ({}, lambda t: t.insert(numbers(1, 2), numbers(1)), r"Expected shape \[2\] for value"),
        ({}, lambda t: t.lookup(tf.constant([[1, 2], [3, 4]], tf.int64)), "Expected key shape"),
        (
            {"empty_key": [1, 2], "deleted_key": [3, 4]},
            lambda t: t.lookup(numbers(1, 2, 3)),
            "must end with the table's key shape",
        ),
    ],
)
def test_what_a_table_cannot_do_is_refused(changed, act, message):
    made = table(**changed)
    operation = made.size() if act is None else act(made)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match=message):
        session.run(operation)


def test_keys_of_another_type_are_refused():
    with pytest.raises(TypeError, match=r"Signature mismatch\. Keys must be dtype"):
        table().erase(tf.constant([1], tf.int32))


def test_a_saver_saves_the_buckets(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        made = table(name="t")
        session.run(made.insert(numbers(1, 5), numbers(10, 50)))
        session.run(made.remove(numbers(1)))
        kept = buckets(session, made)
        path = tf.train.Saver().save(session, str(tmp_path / "model"))
    with tf.Graph().as_default(), tf.Session() as session:
        again = table(name="t", initial_num_buckets=16)
        tf.train.Saver().restore(session, path)

        assert buckets(session, again) == kept
        assert session.run(again.size()) == 1
        assert session.run(again.lookup(numbers(5))).tolist() == [50]


def test_buckets_that_are_not_a_tables_are_refused():
    made = table()
    keys = tf.placeholder_with_default(np.array([[1], [2], [3]]), None)
    operation = tf.raw_ops.LookupTableImportV2(
        table_handle=made.resource_handle, keys=keys, values=keys
    )
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="a power"):
        session.run(operation)


def test_the_older_op_has_no_key_for_what_was_removed():
    handle = tf.raw_ops.MutableDenseHashTable(empty_key=numbers(0)[0], value_dtype=tf.int64)
    put = tf.raw_ops.LookupTableInsert(table_handle=handle, keys=numbers(3), values=numbers(30))
    found = tf.raw_ops.LookupTableFind(
        table_handle=handle, keys=numbers(3, 4), default_value=numbers(7)[0]
    )
    with tf.Session() as session:
        session.run(put)

        assert session.run(found).tolist() == [30, 7]


def test_a_table_of_tensors_has_a_vector_for_each_key():
    made = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, [0, 9])
    found = made.lookup(tf.constant([["b", "x"]]))
    keys, values = made.export()
    with tf.Session() as session:
        session.run(made.insert(tf.constant(["a", "b"]), tf.constant([[1, 2], [3, 4]], tf.int64)))
        session.run(made.remove(tf.constant(["a"])))

        assert session.run(found).tolist() == [[[3, 4], [0, 9]]]
        assert session.run(made.size()) == 1
        assert session.run([keys, values])[1].tolist() == [[3, 4]]
        with pytest.raises(tf.errors.InvalidArgumentError, match="Expected shape"):
            session.run(made.insert(tf.constant(["a"]), tf.constant([1], tf.int64)))
    assert found.shape.as_list() == [1, 2, 2]
    assert values.shape.as_list() == [None, 2]


def test_a_table_of_tensors_needs_the_size_of_its_vectors():
    made = tf.raw_ops.MutableHashTableOfTensorsV2(
        key_dtype=tf.string, value_dtype=tf.int64, value_shape=[2, 2]
    )
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="Default value must be a vector"),
    ):
        session.run(made.op)
