"""Whole programs, each task a process of its own, end by themselves and have learned."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.distributed.test_training import free_ports

PROGRAM = Path(__file__).with_name("supervised_replica.py")
PATIENCE_S = 60


@pytest.mark.thorough
def test_supervised_replicas_start_in_any_order_and_end_their_parameter_servers():
    hosts = [f"localhost:{port}" for port in free_ports(4)]
    tasks = [("worker", 1), ("ps", 1), ("worker", 0), ("ps", 0)]
    processes = [
        subprocess.Popen(
            [sys.executable, PROGRAM, job, str(task), ",".join(hosts[:2]), ",".join(hosts[2:])],
            stdout=subprocess.PIPE,
            text=True,
        )
        for job, task in tasks
    ]
    try:
        said = [process.communicate(timeout=PATIENCE_S)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
    found = [re.match(r"worker \d: (\d+) of (\d+) steps, loss ([\d.]+)", said[i]) for i in (0, 2)]

    assert [process.returncode for process in processes] == [0] * 4
    assert said[1] == "ps 1 ends\n"
    assert said[3] == "ps 0 ends\n"
    assert sum(int(each[1]) for each in found) >= 2 * 20  # two gradients for each update
    assert all(float(each[3]) < 5 for each in found)  # it was 30
