"""AutoGraph: Python functions whose `if`, `while` and `for` may depend on tensors.

A function's source is read, rewritten and compiled once; what it does is decided when it runs:

    def f(x):                        def if_body(): nonlocal x; x = x * 2
        if x > 0:                    def else_body(): nonlocal x; x = -x
            x = x * 2         ->     ag__.if_stmt(x > 0, if_body, else_body, get_state, ...)
        else:                        return x
            x = -x
        return x

`ag__.if_stmt` calls one of the bodies if the condition is a Python value, and builds a `tf.cond`
of both if it is a tensor.  The bodies share the variables of the function around them, as Python's
`nonlocal` lets them, so an unbound variable is unbound in each of them.

In the order in which a function passes through them:

1. `sources`: the syntax tree of a function
2. `lists`, `jumps`: statements that become others: `append`; break, continue, return
3. `names`: which variables a statement binds, and which are needed behind it
4. `expressions`, `statements`: the rewriting; every node keeps its line, so that tracebacks and
   the sites of operations name the user's file
5. `conversion`: compiled code, once for each function's code; closures and globals stay live
6. `operators`: what the rewritten code calls, made of `conditions`, `loops`, `logic`, `builtins`
7. `calls`: which functions are converted in turn; `status`: whether anything is

Source: TensorFlow 1.15's `tf.autograph`; Moldovan et al., "AutoGraph: Imperative-style Coding with
Graph-based Performance" (2018).
"""

from minitf import lazy

_NAMES = {
    "minitf.autograph.public": "to_code to_graph",
    "minitf.autograph.verbosity": "set_verbosity trace",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "experimental")
