"""Arguments of training by many processes: where variables are, and how many gradients count."""

from __future__ import annotations

from arguments.told import told


def placed(tf, replica_device_setter, **given):
    """Return the devices of three variables and of an operation."""
    with tf.Graph().as_default(), tf.device(replica_device_setter(**given)):
        made = [tf.Variable(float(number)) for number in range(3)]
        return [each.device for each in [*made, tf.constant(1)]]


def synchronised(tf, optimizer, **given):
    """Return how many gradients an update takes, and how many tokens it hands out."""
    v, step = tf.Variable(1.0), tf.train.get_or_create_global_step()
    optimizer(tf.train.GradientDescentOptimizer(0.1), **given).minimize(v * v, global_step=step)
    made = tf.get_default_graph().get_operations()
    takes = [each for each in made if each.type.endswith("AccumulatorTakeGradient")]
    puts = [each for each in made if each.type.startswith("QueueEnqueueMany")]
    wanted = [each.inputs[1].op.node_def.attr["value"].tensor.int_val[0] for each in takes]
    return [wanted, [each.inputs[1].get_shape().as_list() for each in puts]]


def served(_, server, **given):
    """Return which task a server is, and how many threads its kernels may have."""
    cluster = {"one": ["localhost:0"], "other": ["localhost:0", "localhost:0"]}
    try:
        made = server(cluster, start=False, **given).server_def
    except ValueError:
        return "not told which task"
    threads = made.default_session_config.intra_op_parallelism_threads
    return [made.job_name, made.task_index, threads]


CLUSTER = {"ps": ["one:2222", "other:2222"], "worker": ["third:2222"]}

ENTRIES = [
    *told(
        "tf.train.replica_device_setter",
        {"ps_tasks": 1},
        placed,
        worker_device="/job:worker/task:3",
        ps_tasks=3,
    ),
    *told("tf.train.replica_device_setter", {}, placed, cluster=CLUSTER),
    *told(
        "tf.train.SyncReplicasOptimizer",
        {"replicas_to_aggregate": 2},
        synchronised,
        replicas_to_aggregate=3,
        total_num_replicas=5,
    ),
    *told("tf.train.Server", {"task_index": 0}, served, job_name="other"),
    *told("tf.train.Server", {"job_name": "other"}, served, task_index=1),
    *told(
        "tf.train.Server",
        {"job_name": "one"},
        served,
        config=lambda tf: tf.ConfigProto(intra_op_parallelism_threads=3),
    ),
]
