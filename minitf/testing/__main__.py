"""`python -m minitf.testing`: check the laws on the ops and report what was checked."""

from __future__ import annotations

import argparse
import sys

from minitf.errors import NotFoundError
from minitf.testing import report


def main() -> int:
    """Run the command line; return 1 if a law is broken.

    Raises:
        SystemExit: if the command line is wrong.
    """
    parser = argparse.ArgumentParser(prog="python -m minitf.testing", description=__doc__)
    parser.add_argument("ops", nargs="*", help="registry names of ops; all if none is given")
    parser.add_argument("--report", action="store_true", help="print the tables, not just failures")
    parser.add_argument(
        "--examples", type=int, default=10, help="cases per law and op (default: 10)"
    )
    parser.add_argument("--no-tensorflow", action="store_true", help="leave the second oracle out")
    options = parser.parse_args()
    try:
        made = report.make(
            options.ops or None, options.examples, with_tensorflow=not options.no_tensorflow
        )
    except NotFoundError as error:
        parser.error(error.message)
    report.show(made, tables=options.report)
    return 1 if made.failures else 0


if __name__ == "__main__":
    sys.exit(main())
