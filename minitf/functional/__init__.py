"""Functions applied along the first axis: `map_fn`, `foldl`, `foldr`, `scan`.

Each is a while loop over TensorArrays, one for each input and, where there is one, each output.

Source: OSDI §3.4; TensorFlow 1.15's functions of the same names.
"""
