"""The CPU: `device.py` finds kernels and runs them, the other files mirror those of `minitf/ops`.

Source: 2015 §2 (kernels), §5.4 (kernels wrap optimised libraries).
"""
