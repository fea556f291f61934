"""The laws that every op satisfies, a family of laws a file."""

from minitf.testing.properties import gradients, graph_defs, kernels, shapes, tensorflow

PROPERTIES = (
    kernels.AGREES,
    shapes.KNOWN,
    shapes.HIDDEN,
    shapes.STATIC_VALUE,
    gradients.FIRST,
    gradients.SECOND,
    graph_defs.ROUND_TRIP,
    tensorflow.RESULTS,
    tensorflow.READING,
)
