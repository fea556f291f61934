"""A replica as programs of 2016 wrote it: a Supervisor, queues that end the parameter servers.

    python supervised_replica.py JOB TASK PS_HOSTS WORKER_HOSTS

Each worker says how many of the steps were its own, each parameter server that it ends.
"""

import sys

import numpy as np

import minitf as tf

STEPS = 20


def main(job, task, *hosts):
    ps_hosts, worker_hosts = (each.split(",") for each in hosts)
    workers = len(worker_hosts)
    cluster = tf.train.ClusterSpec({"ps": ps_hosts, "worker": worker_hosts})
    definition = tf.train.ServerDef(
        cluster=cluster.as_cluster_def(), job_name=job, task_index=task, protocol="grpc"
    )
    server = tf.train.Server(definition)
    if job == "ps":
        with tf.Session(server.target) as session:
            for _ in range(workers):
                session.run(ending(task, workers).dequeue())
        print(f"ps {task} ends")  # noqa: T201 read by the test
        return

    is_chief = task == 0
    setter = tf.train.replica_device_setter(
        worker_device=f"/job:worker/task:{task}", ps_device="/job:ps", cluster=cluster
    )
    with tf.device(setter):
        step = tf.Variable(0, name="global_step", trainable=False)
        weight = tf.Variable(tf.zeros([4, 1]), name="weight")
        x = tf.placeholder(tf.float32, [None, 4])
        y = tf.placeholder(tf.float32, [None, 1])
        loss = tf.reduce_mean(tf.square(tf.matmul(x, weight) - y))
        optimizer = tf.train.SyncReplicasOptimizer(
            tf.train.GradientDescentOptimizer(0.1), workers, workers
        )
        train = optimizer.minimize(loss, global_step=step)
    ends = [ending(each, workers).enqueue(1) for each in range(len(ps_hosts))]
    tokens, runner = optimizer.get_init_tokens_op(), optimizer.get_chief_queue_runner()
    supervisor = tf.train.Supervisor(
        is_chief=is_chief,
        init_op=tf.global_variables_initializer(),
        local_init_op=optimizer.chief_init_op if is_chief else optimizer.local_step_init_op,
        ready_for_local_init_op=optimizer.ready_for_local_init_op,
        global_step=step,
        recovery_wait_secs=1,
        saver=None,
        summary_op=None,
    )
    filters = ["/job:ps", f"/job:worker/task:{task}"]
    session = supervisor.prepare_or_wait_for_session(
        server.target, config=tf.ConfigProto(device_filters=filters)
    )
    if is_chief:
        session.run(tokens)
        supervisor.start_queue_runners(session, [runner])
    random, own, done = np.random.RandomState(task), 0, 0
    while done < STEPS:
        rows = random.randn(8, 4)
        target = rows @ np.array([[1], [2], [3], [4]])
        _, done, value = session.run([train, step, loss], {x: rows, y: target})
        own += 1
    for each in ends:
        session.run(each)
    print(f"worker {task}: {own} of {done} steps, loss {value:.3f}")  # noqa: T201


def ending(task, workers):
    """Return the queue by which workers end a parameter server."""
    with tf.device(f"/job:ps/task:{task}"):
        return tf.FIFOQueue(workers, tf.int32, shared_name=f"end_{task}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
