"""Branches and loops as functions of Python functions: `cond`, `case`, `while_loop`.

They call the functions once, while the graph is built, inside a context (`minitf.contexts`), and
join what these made with the primitives of `minitf.ops.control_flow`.

Source: 2015 §4.4; OSDI §3.4.
"""
