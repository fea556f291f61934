"""What programs of TensorFlow 1.x's years find no more in Python, NumPy and SciPy.

`minitf run` puts it back for the program that it runs; `import minitf` changes nothing.
"""
