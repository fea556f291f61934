"""Data sets by slim: items of examples, readers side by side, and what each refuses."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

import minitf as tf

slim = tf.contrib.slim
decoding = slim.tfexample_decoder
PIXELS = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def feature(values):
    """Return a feature of a list: of bytes, whole numbers or others."""
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], int):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def example(**features):
    named = {key.replace("__", "/"): feature(values) for key, values in features.items()}
    return tf.train.Example(features=tf.train.Features(feature=named)).SerializeToString()


def decoded(record, features, handler):
    """Return the item that a handler makes of a record."""
    decoder = decoding.TFExampleDecoder(features, {"item": handler})
    (item,) = decoder.decode(tf.constant(record))
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        return session.run(item)


VARYING = tf.VarLenFeature(tf.float32)
WHOLE = tf.VarLenFeature(tf.int64)
TEXT = tf.FixedLenFeature((), tf.string, b"")

# --- items of an example -------------------------------------------------------------------------


def test_a_tensor_takes_its_shape_from_an_argument_or_from_other_features():
    record = example(x=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], height=[2], width=[3], sizes=[3, 2])
    features = {"x": VARYING, "height": WHOLE, "width": WHOLE, "sizes": WHOLE}
    fixed = {"x": tf.FixedLenFeature([6], tf.float32)}
    tensor = decoding.Tensor
    rows = [[1, 2, 3], [4, 5, 6]]

    assert decoded(record, {"x": VARYING}, tensor("x")).tolist() == [1, 2, 3, 4, 5, 6]
    assert decoded(record, fixed, tensor("x", shape=[2, 3])).tolist() == rows
    assert decoded(record, features, tensor("x", ["height", "width"])).tolist() == rows
    assert decoded(record, features, tensor("x", "sizes")).shape == (3, 2)


def test_a_tensor_takes_its_shape_only_once():
    with pytest.raises(ValueError, match="Cannot specify both shape_keys and shape"):
        decoding.Tensor("x", shape_keys="sizes", shape=[2])


def test_a_lookup_gives_the_number_of_a_word():
    table = tf.contrib.lookup.index_table_from_tensor(["dog", "cat"])
    handler = decoding.LookupTensor("word", table)
    found = decoded(example(word=[b"cat", b"dog"]), {"word": tf.VarLenFeature(tf.string)}, handler)

    assert found.tolist() == [1, 0]


def test_boxes_have_a_row_for_each_object():
    names = ("box/ymin", "box/xmin", "box/ymax", "box/xmax")
    record = example(
        box__ymin=[0.0, 0.5], box__xmin=[0.25, 0.5], box__ymax=[0.5, 1.0], box__xmax=[0.75, 1.0]
    )
    handler = decoding.BoundingBox(prefix="box/")

    assert handler.keys == list(names)
    found = decoded(record, dict.fromkeys(names, VARYING), handler)
    assert found.tolist() == [[0, 0.25, 0.5, 0.75], [0.5, 0.5, 1, 1]]
    with pytest.raises(ValueError, match="expects 4 keys but got 2"):
        decoding.BoundingBox(["a", "b"])


def test_a_backup_is_taken_where_the_item_is_empty():
    handler = decoding.BackupHandler(decoding.Tensor("x"), decoding.Tensor("y"))
    features = {"x": VARYING, "y": VARYING}

    assert decoded(example(x=[1.0], y=[2.0]), features, handler).tolist() == [1]
    assert decoded(example(y=[2.0]), features, handler).tolist() == [2]
    with pytest.raises(ValueError, match="Backup handler is of type"):
        decoding.BackupHandler(decoding.Tensor("x"), None)


def test_a_function_makes_an_item_of_several_features():
    handler = decoding.ItemHandlerCallback(
        ["x", "y"], lambda found: found["x"].values + found["y"].values
    )

    assert decoded(example(x=[1.0], y=[2.0]), {"x": VARYING, "y": VARYING}, handler).tolist() == [3]


def test_a_sparse_tensor_has_indices_of_one_feature_and_values_of_another():
    record = example(indices=[0, 2], values=[5.0, 7.0], shape=[4])
    features = {"indices": WHOLE, "values": VARYING, "shape": WHOLE}
    dense = decoding.SparseTensor(shape_key="shape", densify=True, default_value=-1)
    sparse = decoded(record, features, decoding.SparseTensor(shape=[4]))

    assert decoded(record, features, dense).tolist() == [5, -1, 7, -1]
    assert (sparse.indices.tolist(), sparse.values.tolist()) == ([[0], [2]], [5, 7])


@pytest.mark.parametrize("form", ["png", "jpeg", "raw"])
def test_a_picture_is_decoded_by_its_first_bytes_or_taken_as_numbers(form):
    with tf.Session() as session:
        encoded = {
            "png": lambda: session.run(tf.image.encode_png(PIXELS)),
            "jpeg": lambda: session.run(tf.image.encode_jpeg(PIXELS)),
            "raw": PIXELS.tobytes,
        }[form]()
    record = example(image__encoded=[encoded], image__format=[form.encode()])
    features = {"image/encoded": TEXT, "image/format": TEXT}
    picture = decoded(record, features, decoding.Image(shape=[2, 3, 3]))

    assert picture.shape == (2, 3, 3)
    if form != "jpeg":
        assert picture.tolist() == PIXELS.tolist()


def test_several_pictures_are_stacked():
    with tf.Session() as session:
        encoded = session.run(tf.image.encode_png(PIXELS))
    record = example(image__encoded=[encoded, encoded], image__format=[b"png"])
    features = {"image/encoded": tf.FixedLenFeature([2], tf.string), "image/format": TEXT}
    found = decoded(record, features, decoding.Image(dtype=tf.float32, repeated=True))

    assert found.dtype == np.float32
    assert found.tolist() == [PIXELS.tolist()] * 2


# --- readers -------------------------------------------------------------------------------------


@pytest.fixture
def data_set(tmp_path):
    """Return a data set of two files, which have the numbers 0 to 5."""
    for i in range(2):
        with tf.python_io.TFRecordWriter(str(tmp_path / f"train-{i}")) as writer:
            for number in range(3 * i, 3 * i + 3):
                writer.write(example(number=[number]))
    features = {"number": tf.FixedLenFeature([1], tf.int64)}
    return slim.dataset.Dataset(
        data_sources=str(tmp_path / "train-*"),
        reader=tf.TFRecordReader,
        decoder=decoding.TFExampleDecoder(
            features, {"number": decoding.Tensor("number", shape=[])}
        ),
        num_samples=6,
        items_to_descriptions={"number": "a number"},
        num_classes=6,
    )


def every(item):
    """Return all values of an item until its files are at their ends."""
    found = []
    with tf.train.MonitoredSession() as session, contextlib.suppress(tf.errors.OutOfRangeError):
        while True:
            found.append(session.run(item))
    return found


def test_a_provider_gives_each_record_once_an_epoch(data_set):
    provider = slim.dataset_data_provider.DatasetDataProvider(
        data_set, num_readers=2, shuffle=True, num_epochs=2, common_queue_min=2, seed=3
    )
    key, number = provider.get(["record_key", "number"])
    found = every((key, number))

    assert provider.num_samples() == 6
    assert data_set.num_classes == 6
    assert set(provider.list_items()) == {"number", "record_key"}
    assert number.shape == ()
    assert sorted(int(each) for _, each in found) == sorted([0, 1, 2, 3, 4, 5] * 2)
    assert [int(each) for _, each in found[:6]] != [0, 1, 2, 3, 4, 5]
    assert all(b"train-" in place for place, _ in found)


def test_without_shuffling_records_come_in_order(data_set):
    provider = slim.dataset_data_provider.DatasetDataProvider(data_set, shuffle=False, num_epochs=1)
    (number,) = provider.get(["number"])

    assert [int(each) for each in every(number)] == [0, 1, 2, 3, 4, 5]


def test_a_provider_names_the_items_that_there_are(data_set):
    make = slim.dataset_data_provider.DatasetDataProvider

    with pytest.raises(ValueError, match=r"Item \[image\] is invalid.*number"):
        make(data_set).get(["image"])
    with pytest.raises(ValueError, match="items must be a list or tuple"):
        make(data_set).get("number")
    with pytest.raises(ValueError, match="cannot also be used for a dataset item"):
        make(data_set, record_key="number")


def test_a_single_pass_reads_the_files_once_in_order(data_set):
    _, record = slim.parallel_reader.single_pass_read(data_set.data_sources, tf.TFRecordReader)

    assert every(record) == [example(number=[number]) for number in range(6)]


def test_a_reader_counts_for_all_of_its_readers(data_set):
    queue = tf.FIFOQueue(10, [tf.string, tf.string], shapes=[[], []])
    reader = slim.parallel_reader.ParallelReader(tf.TFRecordReader, queue, num_readers=2)
    files = tf.train.string_input_producer(
        slim.parallel_reader.get_data_files([data_set.data_sources]), num_epochs=1
    )
    _, records = reader.read_up_to(files, 6)
    counts = reader.num_records_produced(), reader.num_work_units_completed()
    with tf.train.MonitoredSession() as session:
        assert len(session.run(records)) == 6
        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(records)
        assert session.run(counts) == (6, 2)

    assert reader.num_readers == 2
    assert reader.common_queue is queue


def test_readers_need_files_and_a_queue_of_keys_and_records(tmp_path):
    with pytest.raises(ValueError, match="No data files found in"):
        slim.parallel_reader.get_data_files(str(tmp_path / "nothing-*"))
    with pytest.raises(TypeError, match=r"must be \[tf.string, tf.string\]"):
        slim.parallel_reader.ParallelReader(tf.TFRecordReader, tf.FIFOQueue(2, [tf.int32]))


# --- summaries -----------------------------------------------------------------------------------


def test_summaries_are_called_after_what_they_show(capfd):
    x = tf.constant([0.0, 1.0], name="x")
    y = tf.constant(3.0, name="y")
    picture = tf.zeros([1, 2, 2, 1], name="picture")
    made = [
        *slim.summaries.add_histogram_summaries([x]),
        *slim.summaries.add_scalar_summaries([y], prefix="all", print_summary=True),
        *slim.summaries.add_zero_fraction_summaries([x]),
        *slim.summaries.add_image_summaries([picture]),
    ]
    with tf.Session() as session:
        shown = [tf.Summary.FromString(text).value[0] for text in session.run(made)]

    assert [each.tag for each in shown] == [
        "x_1",  # as an operation is called x already
        "all/y",
        "x/Fraction_of_Zero_Values",
        "picture_1/image/0",
    ]
    assert (shown[1].simple_value, shown[2].simple_value) == (3.0, 0.5)
    assert tf.get_collection(tf.GraphKeys.SUMMARIES) == made
    assert "all/y[3]" in capfd.readouterr().err.replace("all/y [3]", "all/y[3]")
