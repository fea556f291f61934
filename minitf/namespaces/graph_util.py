"""`tf.graph_util`: changing GraphDefs."""

from minitf import lazy

_NAMES = {
    "minitf.api.graph_io": "import_graph_def",
    "minitf.api.graph_util": (
        "convert_variables_to_constants extract_sub_graph must_run_on_cpu remove_training_nodes "
        "tensor_shape_from_node_def_name"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
