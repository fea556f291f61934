"""Pages and pictures of graphs.

Source: 2015 §9.1 (TensorBoard draws graphs with their name scopes as boxes that open).
"""
