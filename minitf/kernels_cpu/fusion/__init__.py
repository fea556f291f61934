"""Clusters of operations as loops: made of the arrays at hand, compiled, kept by shape.

    cluster + shapes
      -> Program: values and their dimensions     programs.py, lowering.py, scalars.py, values.py;
                                                  calls.py, *_rules.py
      -> axes: neighbouring dimensions joined     axes.py
      -> nests of loops, passes over a row        schedule.py, passes.py
      -> the text of one function                 source.py, loops.py, words.py
      -> compiled by types, called by shapes      compiling.py, launches.py, kernel.py

A Program says what is computed; which operations it comes from is of no matter any more.  Source is
made for a pattern of shapes, never for sizes, so that a batch of another size compiles nothing.

Source: no paper; docs/kernels.md has the figures.
"""

from minitf.kernels_cpu.fusion.kernel import fused
from minitf.kernels_cpu.fusion.lowering import fuses

__all__ = ["fused", "fuses"]
