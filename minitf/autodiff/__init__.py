"""Automatic differentiation: the graph grows a backward part.

`backward` walks from ys to xs; `registry` finds each op's gradient rule; `aggregation` adds up what
reaches one tensor by several paths.

Source: 2015 §4.1; OSDI §4.1.
"""
