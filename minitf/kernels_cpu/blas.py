"""BLAS inside our pool: one thread a call, since the pool's threads each make calls of their own.

Parts of a product are cut by shape alone (`threads.run_parts`), and one thread adds in one order,
so the bits do not depend on the number of threads either.  The limit holds for the process; it is
set when the first kernel that multiplies matrices is loaded, never by `import minitf`.

Source: 2015 §5.4 (kernels wrap optimised libraries).
"""

from functools import cache
from typing import Any


@cache
def one_threaded() -> Any:
    """Limit BLAS to one thread a call; returns the object that keeps the limit."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, user_api="blas")
