"""The command line: `minitf demo`, `run script.py`, `explain Conv2D`, `ops`, `doctor`.

What a command needs is imported when it runs, so that `minitf --help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

_INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        argv: the command line without the program's name; `sys.argv[1:]` if None.

    Raises:
        SystemExit: if the command line is wrong, or the script that `run` runs raises it.
    """
    options = _parser().parse_args(argv)
    try:
        return int(options.command(options))
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    from minitf import release

    parser = argparse.ArgumentParser(
        prog="minitf", description="TensorFlow 1.x graph mode in readable Python."
    )
    parser.add_argument("--version", action="version", version=f"minitf {release}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    demo = commands.add_parser("demo", help="train two classifiers on real handwritten digits")
    demo.add_argument("--epochs", type=_positive, default=8, help="of the convnet (default: 8)")
    demo.add_argument("--data", metavar="FOLDER", help="MNIST's IDX files, instead of 5,000 digits")
    demo.set_defaults(command=_demo)

    run = commands.add_parser("run", help="run a script that says `import tensorflow`, unchanged")
    run.add_argument("script", help="the script")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="what it finds in sys.argv")
    run.set_defaults(command=_run)

    explain = commands.add_parser("explain", help="show where an op's meaning and rules stand")
    explain.add_argument("op", help="its registry name, such as Conv2D")
    explain.set_defaults(command=_explain)

    ops = commands.add_parser("ops", help="show the table of the ops")
    ops.add_argument("area", nargs="?", default="", help="of one area or family, such as nn")
    ops.set_defaults(command=_ops)

    doctor = commands.add_parser("doctor", help="show versions, devices, threads and caches")
    doctor.set_defaults(command=_doctor)
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number >= 1, not {text!r}")
    return int(text)


def _demo(options: argparse.Namespace) -> int:
    from minitf import demo
    from minitf.errors import OpError

    try:
        return demo.main(epochs=options.epochs, folder=options.data)
    except OpError as error:  # the data are missing or torn: the message says what to do
        print(f"minitf demo: {error}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    from minitf.compat.run import run

    try:
        return run(options.script, options.arguments)
    except OSError as error:
        print(f"minitf run: can't open file {options.script!r}: {error}", file=sys.stderr)
        return 2


def _explain(options: argparse.Namespace) -> int:
    from minitf import explain

    return _said("explain", lambda: explain.show(options.op))


def _ops(options: argparse.Namespace) -> int:
    from minitf import explain

    return _said("ops", lambda: explain.show_all(options.area))


def _said(command: str, show: Callable[[], None]) -> int:
    """Return the exit code of a command that shows something, or says why it cannot."""
    from minitf.errors import NotFoundError

    try:
        show()
    except NotFoundError as error:
        print(f"minitf {command}: {error.message}", file=sys.stderr)
        return 1
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from minitf import doctor

    return doctor.main()
