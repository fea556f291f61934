"""What a graph under construction knows of its branches and loops.

`base` is what both have in common, `branch` a branch of a `cond`, `loop` a while loop; `primitives`
makes the operations of control flow for values of one or several tensors.  `cond` and `while_loop`
themselves are in `minitf.control_flow`, their gradients in `minitf.autodiff`.

Source: 2015 §4.4; OSDI §3.4.
"""
