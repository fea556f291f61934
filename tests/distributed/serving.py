"""A process from which tasks of clusters are forked: what all of them import is imported once.

It reads a line of JSON for each task from its standard input and answers with the task's process;
when its input ends, so do they.  A line may ask for a client instead, with its text.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import signal
import sys
import threading
import traceback
from typing import Any

ROOMS = ("distributed", "executor", "kernels_cpu", "ops")


def serve(order: dict[str, Any], life: int) -> None:
    """Be a task until the process is killed, or the end of `life` says that nobody needs it."""
    from minitf.distributed.server import Server

    os.environ.update(order["environment"])
    for name, value in order["settings"].items():
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, value)
    Server(order["cluster"], order["job"], order["task"])
    tell(pid=os.getpid())
    os.read(life, 1)
    os._exit(0)


def tell(**message: Any) -> None:
    """Write a line for the tests."""
    os.write(1, json.dumps(message).encode() + b"\n")


def main() -> None:
    """Fork a task for each line."""
    importlib.import_module("numba")
    for room in ROOMS:
        package = importlib.import_module(f"minitf.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"minitf.{room}."):
            importlib.import_module(found.name)
    assert threading.active_count() == 1, "a process with threads is not forked"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # tasks that end leave nothing
    life, held = os.pipe()
    tell(pid=os.getpid())
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            os.close(held)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            order = json.loads(line)
            if "client" in order:
                signal.signal(signal.SIGINT, signal.default_int_handler)  # shells may ignore it
                tell(pid=os.getpid())
                with contextlib.suppress(BaseException):
                    exec(order["client"], {"target": order["target"]})
                os._exit(0)
            try:
                serve(order, life)
            except BaseException:  # noqa: BLE001 told to the tests
                tell(error=traceback.format_exc())
                os._exit(1)


if __name__ == "__main__":
    main()
