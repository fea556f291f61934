"""Elementary functions that a loop computes on several elements at once.

Numba's own exp, log, tanh, ... are calls of the C library, one for each element, which also keep a
loop from being vectorised.  These are arithmetic without branches or calls (`lanes.py`): where a
loop calls one, LLVM finds straight-line instructions, and makes them work on 4 or 8 elements.

    from minitf.kernels_cpu import jit
    from minitf.kernels_cpu.vector_math.exponentials import exp

    @jit.loops
    def exp_loops(x, out):
        for i in range(out.size):
            out[i] = exp(x[i])  # float32 or float64, as x is

The scalars of elementwise ops (`minitf/ops/elementwise/rows.py`) call `scalar_math.exp(x)`; whoever
compiles them binds `scalar_math` to `SCALAR_MATH` of `table.py` (`elementwise/loops.py`:
`compiled_scalar`).

NaN, infinities, signed zeros and subnormal numbers are as in NumPy.  The errors are at most 5 units
in the last place, of exp and log at most 1: docs/vector_math.md.

Source: the chapters name theirs.
"""
