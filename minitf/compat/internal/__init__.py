"""Modules of TensorFlow's that programs import though they are not public, where we have no such.

`minitf.compat.import_paths` says which import paths lead here.
"""
