"""The command line: `minitf demo`, `run script.py`, `explain Conv2D`, `warmup`, `doctor`, ...

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
    demo.add_argument(
        "--logs",
        metavar="FOLDER",
        default="minitf-demo",
        help="checkpoints, from which training goes on, and event files (default: minitf-demo)",
    )
    demo.set_defaults(command=_demo)

    run = commands.add_parser("run", help="run a script that says `import tensorflow`, unchanged")
    run.add_argument("script", help="the script")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="what it finds in sys.argv")
    run.set_defaults(command=_run)

    explain = commands.add_parser(
        "explain", help="show where an op's meaning and rules stand, or what a script ran"
    )
    explain.add_argument("op", nargs="?", help="its registry name, such as Conv2D")
    explain.add_argument("--step", metavar="SCRIPT", help="run it and show the code of its steps")
    explain.add_argument("--most", type=_positive, default=3, help="steps to show (default: 3)")
    explain.set_defaults(command=_explain, parser=explain)

    ops = commands.add_parser("ops", help="show the table of the ops")
    ops.add_argument("area", nargs="?", default="", help="of one area or family, such as nn")
    ops.set_defaults(command=_ops)

    warmup = commands.add_parser("warmup", help="compile kernels ahead, for programs to come")
    warmup.add_argument("script", nargs="?", help="what it needs; else what usual models need")
    warmup.set_defaults(command=_warmup)

    cache = commands.add_parser("cache", help="show where compiled kernels are kept, or clear it")
    what = cache.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="place, entries and size (the default)")
    what.add_argument("--clear", action="store_true", help="remove all of them")
    cache.set_defaults(command=_cache)

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
        return demo.main(epochs=options.epochs, folder=options.data, logs=options.logs)
    except OpError as error:  # the data are missing or torn: the message says what to do
        print(f"minitf demo: {error}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    from minitf.compat.run import run

    return _opened("run", options.script, lambda: run(options.script, options.arguments))


def _opened(command: str, script: str | None, run: Callable[[], int]) -> int:
    """Return the exit code of a command that runs a script, 2 if that cannot be read."""
    try:
        return run()
    except OSError as error:
        print(f"minitf {command}: can't open file {script!r}: {error}", file=sys.stderr)
        return 2


def _warmup(options: argparse.Namespace) -> int:
    from minitf import warmup

    return _opened("warmup", options.script, lambda: warmup.main(options.script))


def _cache(options: argparse.Namespace) -> int:
    from minitf import warmup

    return warmup.show_cache(clears=options.clear)


def _explain(options: argparse.Namespace) -> int:
    if (options.op is None) == (options.step is None):
        options.parser.error("give the name of an op, or --step and a script")
    if options.step is not None:
        from minitf import step_report

        return _opened(
            "explain", options.step, lambda: step_report.show(options.step, options.most)
        )
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
