# `tf.contrib.eager`: what of it has a meaning for graphs.  There is no eager mode.

from minitf.api.custom_gradients import custom_gradient as custom_gradient
from minitf.api.framework import enable_eager_execution as enable_eager_execution
from minitf.api.framework import executing_eagerly as executing_eagerly
from minitf.compat.internal.context import in_eager_mode as in_eager_mode
from minitf.compat.internal.context import num_gpus as num_gpus
from minitf.compat.internal.eager import GradientTape as GradientTape
from minitf.compat.internal.eager import defun as defun
from minitf.compat.test_decorators import run_all_in_graph_and_eager_modes as run_all_tests_in_graph_and_eager_modes
from minitf.compat.test_decorators import run_in_graph_and_eager_modes as run_test_in_graph_and_eager_modes
from minitf.functional.def_function import function as function
from minitf.object_checkpoint.checkpoint import Checkpoint as Checkpoint
from minitf.variables.own_store import EagerVariableStore as EagerVariableStore
from minitf.variables.resource import ResourceVariable as Variable
from minitf.variables.template import make_template as make_template
__all__ = ['Checkpoint', 'EagerVariableStore', 'GradientTape', 'Variable', 'custom_gradient', 'defun', 'enable_eager_execution', 'executing_eagerly', 'function', 'in_eager_mode', 'make_template', 'num_gpus', 'run_all_tests_in_graph_and_eager_modes', 'run_test_in_graph_and_eager_modes']
