"""Clusters of servers for tests, all in this process.

Source: TensorFlow 1.15's functions of the same names in `tensorflow.python.framework.test_util`.
"""

from __future__ import annotations

import socket
from typing import Any

from minitf.distributed.server import Server
from minitf.train.cluster_spec import ClusterSpec


def pick_unused_port() -> int:
    """Return the number of a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return int(listener.getsockname()[1])


def create_local_cluster(
    num_workers: int,
    num_ps: int,
    protocol: str = "grpc",
    worker_config: Any = None,
    ps_config: Any = None,
) -> tuple[list[Server], list[Server]]:
    """Start the servers of a cluster, and return those of the workers and of the stores.

    Args:
        num_workers: how many tasks the job "worker" has.
        num_ps: how many the job "ps" has.
        protocol: of the servers.
        worker_config: the ConfigProto of the workers.
        ps_config: the ConfigProto of the stores.
    """
    counts = {"worker": num_workers, "ps": num_ps}
    cluster = ClusterSpec(
        {
            job: [f"localhost:{pick_unused_port()}" for _ in range(count)]
            for job, count in counts.items()
        }
    )

    def started(job: str, config: Any) -> list[Server]:
        return [
            Server(cluster, job_name=job, task_index=i, protocol=protocol, config=config)
            for i in range(counts[job])
        ]

    return started("worker", worker_config), started("ps", ps_config)
