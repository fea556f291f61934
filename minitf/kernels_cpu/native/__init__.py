"""Whole steps of small models as one compiled function.

    Routine: calls in order                        minitf/devices.py
      -> text of a function that makes them        text.py, forms.py, moves.py, products.py
      -> compiled; called with the variables held  step.py

    Routine: loops and what stands between them
      -> text of one function                      blocks.py, stores.py and those above
      -> compiled; called with a watch             looping.py, watch.py

A step on few numbers spends its time between kernels: looking up, checking, allocating, locking.
Here it is one call: the variables are locked once, temporary arrays live and die in machine code.
What has no form, or works on so many numbers that the calls do not count, stays as it is; but its
products of small matrices may get other kernels (kernels.py).

Source: 2015 §10 (a just-in-time compiler for subgraphs); measured: docs/kernels.md.
"""

from minitf.kernels_cpu.native import moves as moves  # its forms
from minitf.kernels_cpu.native.blocks import treats as treats
from minitf.kernels_cpu.native.kernels import hot_kernel as hot_kernel
from minitf.kernels_cpu.native.looping import native_loops as native_loops
from minitf.kernels_cpu.native.step import native as native
