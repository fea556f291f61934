"""`python -m minitf` is the command `minitf`."""

import sys

from minitf.cli import main

if __name__ == "__main__":
    sys.exit(main())
