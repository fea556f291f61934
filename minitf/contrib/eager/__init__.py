"""`tf.contrib.eager`: what of it has a meaning for graphs.  There is no eager mode."""

from minitf import lazy

_NAMES = {
    "minitf.api.custom_gradients": "custom_gradient",
    "minitf.api.framework": "enable_eager_execution executing_eagerly",
    "minitf.compat.internal.context": "in_eager_mode num_gpus",
    "minitf.compat.internal.eager": "GradientTape defun",
    "minitf.functional.def_function": "function",
    "minitf.compat.test_decorators": (
        "run_all_tests_in_graph_and_eager_modes=run_all_in_graph_and_eager_modes "
        "run_test_in_graph_and_eager_modes=run_in_graph_and_eager_modes"
    ),
    "minitf.object_checkpoint.checkpoint": "Checkpoint",
    "minitf.variables.own_store": "EagerVariableStore",
    "minitf.variables.resource": "Variable=ResourceVariable",
    "minitf.variables.template": "make_template",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
