"""Handwritten digits, learned by several processes that share their weights.

Shows between-graph replication: every worker builds the same graph, whose variables are placed on
the parameter servers, and trains them with its own batches: each at its own pace, or with --sync in
step with the others.  Without --job_name the program starts the whole cluster on this machine.
Reaches 89% to 91% of the test images in 600 steps of two workers, which take about five seconds.

    minitf run distributed_mnist.py [--ps 1] [--workers 2] [--steps 600] [--sync]

One task alone, as on machines of their own:

    minitf run distributed_mnist.py --job_name ps --task_index 0 \
        --ps_hosts localhost:2222 --worker_hosts localhost:2223,localhost:2224
"""

from __future__ import absolute_import, division, print_function

import argparse
import multiprocessing
import socket
import sys

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

FLAGS = None


def run_task(job_name, task_index, ps_hosts, worker_hosts):
    """Be one task of the cluster."""
    cluster = tf.train.ClusterSpec({"ps": ps_hosts, "worker": worker_hosts})
    server = tf.train.Server(cluster, job_name=job_name, task_index=task_index)
    if job_name == "ps":
        server.join()  # until somebody ends the process
    else:
        train(cluster, server, task_index)


def train(cluster, server, task_index):
    """Be a worker."""
    workers = cluster.num_tasks("worker")
    is_chief = task_index == 0
    name = "worker %d" % task_index
    mnist = input_data.read_data_sets(FLAGS.data_dir, one_hot=True, seed=task_index)

    # Variables go to the parameter servers in turn, all else to this worker.
    with tf.device(
        tf.train.replica_device_setter(
            worker_device="/job:worker/task:%d" % task_index, cluster=cluster
        )
    ):
        x = tf.placeholder(tf.float32, [None, 784])
        y_ = tf.placeholder(tf.float32, [None, 10])
        W = tf.get_variable("W", [784, 10], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
        y = tf.matmul(x, W) + b
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=y))
        correct = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
        accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

        global_step = tf.train.get_or_create_global_step()
        optimizer = tf.train.GradientDescentOptimizer(0.5)
        hooks = [tf.train.StopAtStepHook(last_step=FLAGS.steps)]
        if FLAGS.sync:
            # One update for each round: the mean of the gradients of all workers.
            optimizer = tf.train.SyncReplicasOptimizer(
                optimizer, replicas_to_aggregate=workers, total_num_replicas=workers
            )
            hooks.append(optimizer.make_session_run_hook(is_chief))
        train_step = optimizer.minimize(loss, global_step=global_step)

    # The chief gives the variables their first values; the others wait until it has.
    own = 0
    with tf.train.MonitoredTrainingSession(
        master=server.target,
        is_chief=is_chief,
        checkpoint_dir=FLAGS.checkpoint_dir if is_chief else None,
        hooks=hooks,
        log_step_count_steps=None,
        stop_grace_period_secs=2,
    ) as sess:
        print("%s  begins" % name)
        while not sess.should_stop():
            batch_xs, batch_ys = mnist.train.next_batch(100)
            _, step, value = sess.run([train_step, global_step, loss], {x: batch_xs, y_: batch_ys})
            own += 1
            if own % 50 == 0:
                print("%s  step %4d, %3d of them its own  loss %.4f" % (name, step, own, value))
                sys.stdout.flush()
    print("%s  has done %d steps" % (name, own))

    # The weights are still where they were: with the parameter servers.
    if is_chief:
        with tf.Session(server.target) as sess:
            feeds = {x: mnist.test.images, y_: mnist.test.labels}
            print("test accuracy %.4f" % sess.run(accuracy, feeds))
    sys.stdout.flush()


def run_cluster():
    """Start all tasks on this machine; return whether the workers succeeded."""
    ports = free_ports(FLAGS.ps + FLAGS.workers)
    hosts = ["localhost:%d" % port for port in ports]
    ps_hosts, worker_hosts = hosts[: FLAGS.ps], hosts[FLAGS.ps :]
    fork = multiprocessing.get_context("fork")  # a task begins with what is imported here
    servers, workers = (
        [
            fork.Process(target=run_task, args=(job, index, ps_hosts, worker_hosts))
            for index in range(count)
        ]
        for job, count in (("ps", FLAGS.ps), ("worker", FLAGS.workers))
    )
    for process in servers + workers:
        process.start()
    print("%d parameter servers, %d workers: %s" % (FLAGS.ps, FLAGS.workers, ", ".join(hosts)))
    for process in workers:
        process.join()
    for process in servers:
        process.terminate()
        process.join()
    return all(process.exitcode == 0 for process in workers)


def free_ports(count):
    """Return ports that nobody listens at."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def main(_):
    if FLAGS.job_name:
        hosts = FLAGS.ps_hosts.split(","), FLAGS.worker_hosts.split(",")
        run_task(FLAGS.job_name, FLAGS.task_index, *hosts)
    elif not run_cluster():
        sys.exit("a worker failed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ps", type=int, default=1, help="parameter servers of the whole cluster")
    parser.add_argument("--workers", type=int, default=2, help="its workers")
    parser.add_argument("--steps", type=int, default=600, help="updates of the weights")
    parser.add_argument("--sync", action="store_true", help="update in step with the others")
    parser.add_argument("--checkpoint_dir", help="where the chief saves, if anywhere")
    parser.add_argument("--data_dir", default="MNIST_data", help="folder of the IDX files")
    parser.add_argument("--job_name", help="ps or worker: be this task only")
    parser.add_argument("--task_index", type=int, default=0)
    parser.add_argument("--ps_hosts", help="HOST:PORT,... of all parameter servers")
    parser.add_argument("--worker_hosts", help="HOST:PORT,... of all workers")
    FLAGS, unparsed = parser.parse_known_args()
    tf.app.run(main=main, argv=[sys.argv[0], *unparsed])
