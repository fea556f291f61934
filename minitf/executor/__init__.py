"""One step on one task: from what a run asks for to the values that it gets.

`step.py` makes a Step once and finds it again; `prune.py`, `optimize.py` and `plan.py` are its
stages; `dataflow.py` runs the plan that they make, as often as it is asked to.

Source: 2015 §3.1, §4.2, §5.1; OSDI §3.2, §3.3, §5.
"""
