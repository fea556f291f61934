"""The command line for a run that is over: `python -m minitf.tfdbg.offline --dump_dir DIR`.

    python -m minitf.tfdbg.offline --dump_dir dumps/run_1600000000000000_2

The folder is one that `DumpingDebugWrapperSession`, `DumpingDebugHook` or TensorFlow has written.

Source: TensorFlow 1.15's `tensorflow.python.debug.cli.offline_analyzer`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from minitf.tfdbg.analyzer import Analyzer
from minitf.tfdbg.commands import Commands
from minitf.tfdbg.data import has_inf_or_nan
from minitf.tfdbg.dump_dir import DebugDumpDir
from minitf.tfdbg.prompt import add_general, ask


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what a run has written, until the user leaves; return the exit code.

    Args:
        arguments: of the command line; those of the program if None.
    """
    parser = argparse.ArgumentParser(prog="minitf.tfdbg.offline", description="tfdbg, offline")
    parser.add_argument("--dump_dir", required=True, help="the folder of one run")
    parser.add_argument(
        "--validate_graph",
        choices=("true", "false"),
        default="true",
        help="whether to check that the dumps fit the graphs",
    )
    options = parser.parse_args(arguments)
    try:
        dump = DebugDumpDir(options.dump_dir, validate=options.validate_graph == "true")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return 1
    commands = Commands()
    Analyzer(dump, {"has_inf_or_nan": has_inf_or_nan}).add_to(commands)
    add_general(commands)
    lines = commands.carry_out("list_tensors")
    ask(commands, f"tfdbg offline: {options.dump_dir}", lines, dump.nodes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
