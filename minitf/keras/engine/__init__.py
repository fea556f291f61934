"""The machinery of models: layers, their graph, training."""
