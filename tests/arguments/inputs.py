"""Arguments of queues, input pipelines, parsing and images."""

from __future__ import annotations

import numpy as np
from arguments.told import told

PICTURE = np.random.default_rng(1).random((8, 8, 3)).astype(np.float32)
BOXES = [[[0.0, 0.0, 0.5, 0.5]]]


def attributes(tf, make, **given):
    """Make a queue; return the attributes of its operation."""
    queue = make(**given)
    node = queue.queue_ref.op.node_def
    names = ("capacity", "component_types", "shapes", "shared_name")
    return [node.attr[name].SerializeToString(deterministic=True) for name in names]


def batched(tf, make, **given):
    """Make batches; return their shape, and what their queue and its threads are like."""
    made = make([tf.constant([1.0, 2.0])], **given)
    (runner,) = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    queue = runner.queue.queue_ref.op.node_def.attr
    least = queue["min_after_dequeue"].i if "min_after_dequeue" in queue else None
    return [made.get_shape().as_list(), queue["capacity"].i, least, len(runner.enqueue_ops)]


def produced(take):
    """Return a program that takes 8 elements of a producer, or as many as it gives."""

    def run(tf, make, **given):
        following = take(make(**given))
        (runner,) = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
        capacity = runner.queue.queue_ref.op.node_def.attr["capacity"].i
        coord, taken = tf.train.Coordinator(), []
        with tf.Session() as session:
            session.run(tf.local_variables_initializer())
            threads = tf.train.start_queue_runners(session, coord)
            try:
                while len(taken) < 8:
                    taken.append(session.run(following))
            except tf.errors.OutOfRangeError:
                taken.append("the end")
            coord.request_stop()
            coord.join(threads)
        return [taken, capacity]

    return run


def threads(tf, start, sess=None, coord=None):
    """Make threads; return how many: a coordinator's stop has one too.  Or that it is refused."""
    tf.train.range_input_producer(2)
    given = {"coord": tf.train.Coordinator()} if coord else {}
    session = tf.Session()
    try:
        return len(start(session if sess else None, start=False, **given))
    except ValueError:
        return "refused"
    finally:
        session.close()


FIFO = {"capacity": 5, "dtypes": ["float32"]}
SHUFFLED = {"batch_size": 2, "capacity": 9, "min_after_dequeue": 3}

QUEUES = [
    *told(
        "tf.FIFOQueue",
        FIFO,
        attributes,
        capacity=6,
        dtypes=["int32"],
        shapes=[[2]],
        shared_name="shared",
    ),
    *told("tf.train.batch", {"batch_size": 2}, batched, batch_size=3, capacity=7, num_threads=4),
    *told(
        "tf.train.shuffle_batch",
        SHUFFLED,
        batched,
        batch_size=3,
        capacity=12,
        min_after_dequeue=1,
        num_threads=4,
    ),
    *told(
        "tf.train.range_input_producer",
        {"limit": 5, "shuffle": False},
        produced(lambda queue: queue.dequeue()),
        limit=3,
        capacity=4,
    ),
    *told(
        "tf.train.range_input_producer",
        {"limit": 5, "seed": 3},
        produced(lambda queue: queue.dequeue()),
        shuffle=False,
    ),
    *told(
        "tf.train.string_input_producer",
        {"string_tensor": ["a", "b", "c"], "seed": 3},
        produced(lambda queue: queue.dequeue()),
        shuffle=False,
    ),
    *told(
        "tf.train.string_input_producer",
        {"string_tensor": ["a", "b", "c"], "shuffle": False},
        produced(lambda queue: queue.dequeue()),
        num_epochs=2,
    ),
    *told(
        "tf.train.slice_input_producer",
        {"tensor_list": [[1, 2, 3]], "shuffle": False},
        produced(lambda slices: slices[0]),
        num_epochs=2,
    ),
    *told("tf.train.start_queue_runners", {"sess": True}, threads, coord=True),
    *told("tf.train.start_queue_runners", {}, threads, sess=True),
]


def parsed(tf, parse, features=None):
    made = tf.train.Feature(int64_list=tf.train.Int64List(value=[4, 5]))
    text = tf.train.Example(features=tf.train.Features(feature={"a": made})).SerializeToString()
    return parse(text, features=features)


def decoded(tf, decode, **given):
    """Return the channels only: decoders differ in the last bit."""
    written = tf.image.encode_jpeg(np.full((8, 8, 3), 99, np.uint8))
    image = decode(written, **given)
    return [str(image.get_shape()), tf.shape(image)]


def of_the_picture(tf, function, **given):
    return function(PICTURE, **given)


def boxed(tf, function, **given):
    return list(function([8, 8, 3], seed=3, seed2=4, min_object_covered=0.1, **given))


IMAGES = [
    *told(
        "tf.parse_single_example",
        {"features": lambda tf: {"a": tf.VarLenFeature(tf.int64)}},
        parsed,
        features=lambda tf: {"a": tf.FixedLenFeature([2], tf.int64)},
    ),
    *told("tf.image.convert_image_dtype", {"dtype": "float64"}, of_the_picture, dtype="uint8"),
    *told("tf.image.decode_jpeg", {}, decoded, channels=1),
    *told(
        "tf.image.random_brightness", {"max_delta": 0.1, "seed": 3}, of_the_picture, max_delta=0.9
    ),
    *told(
        "tf.image.random_contrast",
        {"lower": 0.1, "upper": 0.9, "seed": 3},
        of_the_picture,
        lower=0.8,
        upper=0.2,
    ),
    *told("tf.image.random_hue", {"max_delta": 0.1, "seed": 3}, of_the_picture, max_delta=0.5),
    *told(
        "tf.image.random_saturation",
        {"lower": 0.1, "upper": 0.9, "seed": 3},
        of_the_picture,
        lower=0.8,
        upper=0.2,
    ),
    *told("tf.image.resize_images", {"size": [5, 3]}, of_the_picture, method=1),
    *told(
        "tf.image.sample_distorted_bounding_box",
        {"bounding_boxes": BOXES},
        boxed,
        bounding_boxes=[[[0.5, 0.5, 1.0, 1.0]]],
    ),
]

ENTRIES = [*QUEUES, *IMAGES]
